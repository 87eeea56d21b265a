"""The time plan of a round, before it opens and while it is open."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, QuerySet

from festival.edition.models import Track
from festival.edition.rulebook import Rulebook
from festival.kit import remembered
from judging import cut_queries, judge_queries, progress_queries, queries
from judging.logic.forecast import ONLY_JUDGES_TELL, usual_length
from judging.models import Round
from judging.reading import judging_time, to_read
from judging.time_plan import TimePlan, needed_seconds, plan
from submissions.cohorts.delivery_queries import asks_for_films
from submissions.models import Entry


@dataclass(frozen=True, slots=True)
class Intake:
    """The films a round takes, or will take. `sure` False: as many at most, or as the plan of the round before says.
    `reckoned`: none are there yet, and they are as many as the plan expects, of a usual length.
    """

    films: int
    seconds: int
    sure: bool
    reckoned: bool = False


def intake_of(round: Round) -> Intake:
    """Real running times (of projects the reading time) where the films are known; of a cut that is not made yet, the
    mean of what it is made from, and of one where only the judges can tell as many as are expected. While none are
    there, what the plan expects. The time of a thousand films or more is remembered for a minute.
    """
    if round.cohort is not None:
        return _teams(round, round.cohort.places)
    if round.after_id is None:
        films = queries.admitted(round.edition)
        count = films.count()
        if not count and round.expects:
            return Intake(round.expects, round.expects * usual_seconds(round), sure=False, reckoned=True)
        seconds = remembered.figures(
            f"admitted-seconds:{round.pk}", lambda: judging_time(round, films), rows=lambda _seconds: count
        )
        return Intake(count, seconds, sure=True)
    earlier = round.after
    cut = cut_queries.current_cut(earlier)
    if cut is not None:
        return _sure(round, cut_queries.films_through(cut))
    before = intake_of(earlier)
    if not before.films and round.expects:
        return Intake(round.expects, round.expects * usual_seconds(round), sure=False, reckoned=True)
    films = expected(before.films, earlier.cut_kind, earlier.cut_value)
    if round.expects and earlier.cut_kind in ONLY_JUDGES_TELL:
        films = min(films, round.expects)
    seconds = before.seconds * films // before.films if before.films else 0
    return Intake(films, seconds, sure=False, reckoned=before.reckoned)


def usual_seconds(round: Round) -> int:
    """What a film costs of which nothing is known: of a contest of projects the reading time, else the middle of what
    the rulebook takes."""
    kinds = set(round.edition.tracks.values_list("enters", flat=True))
    if kinds == {Track.Enters.PROJECT}:
        return 60 * round.reading_minutes
    return usual_length(Rulebook.from_toml(round.edition.rulebook))


def _teams(round: Round, places: int) -> Intake:
    """Of a cohort whose places are not all taken: as many as it has, each as long as those that are there."""
    entries = queries.teams_of(round)
    there, reading = _sure(round, entries), 60 * round.reading_minutes
    if asks_for_films(round.cohort):  # who has none yet will have made one by then
        coming = to_read(round.edition_id, set(entries.values_list("pk", flat=True)))
        usual = usual_length(Rulebook.from_toml(round.edition.rulebook))
        there = replace(there, seconds=there.seconds + (usual - reading) * len(coming))
        reading = usual
    if there.films >= places:
        return there
    mean = there.seconds // there.films if there.films else reading
    return Intake(places, mean * places, sure=False)


def _sure(round: Round, films: QuerySet[Entry]) -> Intake:
    return Intake(films.count(), judging_time(round, films), sure=True)


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
        return Decimal(len(queries.jury_of(round)))
    if round.gate == Round.Gate.PANEL:
        sizes = list(round.panels.annotate(n=Count("judges")).values_list("n", flat=True))
        return Decimal(sum(sizes)) / len(sizes) if sizes else Decimal(0)
    return Decimal(round.looks_per_film)


def before_opening(round: Round, at: datetime) -> tuple[Intake, TimePlan]:
    """From the films the round takes, over those of its days that are not over."""
    intake = intake_of(round)
    looks = looks_of(round)
    whole = needed_seconds(intake.seconds, intake.films, 1, round.overhead_seconds)
    return intake, _plan(round, int(whole * looks), int(intake.films * looks), at)


def while_open(round: Round, progress: Iterable[progress_queries.JudgeProgress], at: datetime) -> TimePlan:
    """From the looks that are still to be done, over the days that remain, today included. `progress`: the lines of
    `progress_queries.judges_progress`.
    """
    left = [(line.films - line.done, line.seconds_left) for line in progress]
    looks = sum(films for films, _seconds in left)
    needed = needed_seconds(sum(seconds for _films, seconds in left), looks, 1, round.overhead_seconds)
    return _plan(round, needed, looks, at)


def _plan(round: Round, needed: int, looks: int, at: datetime) -> TimePlan:
    now = judge_queries.today(round.edition, at)
    days = [day for day in judge_queries.days_of(round) if day >= now]
    only = queries.named_for(round) or None
    if round.gate == Round.Gate.PANEL:
        only = set(round.panels.filter(judges__isnull=False).values_list("judges", flat=True))
    judges = judge_queries.judge_times(round.edition, days, only)
    return plan(needed=needed, looks=looks, judges=judges, days=days)
