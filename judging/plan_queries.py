"""The time plan of a round, before it opens and while it is open."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Sum

from judging import cut_queries, judge_queries, queries
from judging.models import Look, Round
from judging.time_plan import TimePlan, needed_seconds, plan


@dataclass(frozen=True, slots=True)
class Intake:
    """The films a round takes, or will take. `sure` False: as many at most, or as the plan of the round before says."""

    films: int
    seconds: int
    sure: bool


def intake_of(round: Round) -> Intake:
    """Real running times where the films are known; of a cut that is not made yet, the mean of what it is made from."""
    if round.after_id is None:
        return Intake(*queries.admitted(round.edition), sure=True)
    earlier = round.after
    cut = cut_queries.current_cut(earlier)
    if cut is not None:
        ids = [row.entry_id for row in cut_queries.rows_of(cut) if row.goes_on]
        return Intake(len(ids), sum(queries.running_times(ids).values()), sure=True)
    before = intake_of(earlier)
    films = expected(before.films, earlier.cut_kind, earlier.cut_value)
    seconds = before.seconds * films // before.films if before.films else 0
    return Intake(films, seconds, sure=False)


def expected(films: int, kind: str, value: Decimal | None) -> int:
    """How many of `films` a planned cut lets through; all of them where only the judges can tell."""
    if kind in ("count", "ballot") and value is not None:
        return min(films, int(value))
    if kind == "share" and value is not None:
        return min(films, -(-films * int(value * 1000) // 100_000))
    return films


def looks_of(round: Round) -> Decimal:
    """How many judges see each film: on panels the judges of one, on the mean; at a ballot everybody."""
    if round.gate == Round.Gate.BALLOT:
        return Decimal(len(queries.judges_of(round.edition)))
    if round.gate == Round.Gate.PANEL:
        sizes = list(round.panels.annotate(n=Count("judges")).values_list("n", flat=True))
        return Decimal(sum(sizes)) / len(sizes) if sizes else Decimal(0)
    return Decimal(round.looks_per_film)


def before_opening(round: Round, at: datetime) -> tuple[Intake, TimePlan]:
    """From the films the round takes, over the days of the jury's phases that are not over."""
    intake = intake_of(round)
    looks = looks_of(round)
    whole = needed_seconds(intake.seconds, intake.films, 1, round.overhead_seconds)
    return intake, _plan(round, int(whole * looks), int(intake.films * looks), at)


def while_open(round: Round, at: datetime) -> TimePlan:
    """From the looks that are still to be done, over the days that remain, today included."""
    rows = Look.objects.filter(queries.LIVE, round=round, state=Look.State.PENDING)
    left = rows.aggregate(films=Count("pk"), seconds=Sum("seconds"))
    needed = needed_seconds(left["seconds"] or 0, left["films"], 1, round.overhead_seconds)
    return _plan(round, needed, left["films"], at)


def _plan(round: Round, needed: int, looks: int, at: datetime) -> TimePlan:
    now = judge_queries.today(round.edition, at)
    days = [day for day in judge_queries.jury_days(round.edition) if day >= now]
    only = None
    if round.gate == Round.Gate.PANEL:
        only = set(round.panels.filter(judges__isnull=False).values_list("judges", flat=True))
    judges = judge_queries.judge_times(round.edition, days, only)
    return plan(needed=needed, looks=looks, judges=judges, days=days)
