"""Reads of judges: what they can judge, and how much time they have on which day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from festival.edition.models import Edition, Phase
from festival.kit.clock import in_zone, last_minute
from judging import queries
from judging.models import Conflict, JudgeProfile, Round
from judging.time_plan import JudgeTime

MOST_DAYS = 92  # of the jury's phases, planned one by one


def jury_days(edition: Edition) -> list[date]:
    """The days of the jury's phases, on the edition's calendar. One query."""
    return _days(edition, Phase.objects.filter(edition=edition, kind=Phase.Kind.JURY))


def _days(edition: Edition, phases: Iterable[Phase]) -> list[date]:
    days: set[date] = set()
    for phase in phases:
        first, last = _day(phase.starts_at, edition), _day(last_minute(phase.ends_at), edition)
        days |= {first + timedelta(days=number) for number in range((last - first).days + 1)}
    return sorted(days)[:MOST_DAYS]


def own_phases(edition: Edition) -> dict[int, Phase]:
    """By round the phase of the jury that is its own, in their order: where there are as many phases as rounds, two at
    least, and none begins before the one before it has ended. Empty where rounds share the jury's days. Two queries.
    """
    return _own(edition, _phases(edition))


def days_of(round: Round) -> list[date]:
    """The days in which a round is judged: those of its own phase, else all days of the jury. Two queries."""
    phases = _phases(round.edition)
    own = _own(round.edition, phases).get(round.pk)
    return _days(round.edition, phases if own is None else [own])


def _phases(edition: Edition) -> list[Phase]:
    phases = Phase.objects.filter(edition=edition, kind=Phase.Kind.JURY)
    return list(phases.order_by("starts_at", "ends_at", "pk"))


def _own(edition: Edition, phases: list[Phase]) -> dict[int, Phase]:
    rounds = list(Round.objects.filter(edition=edition).values_list("pk", flat=True))
    apart = all(one.ends_at <= other.starts_at for one, other in pairwise(phases))
    return dict(zip(rounds, phases, strict=True)) if apart and len(phases) == len(rounds) > 1 else {}


def _day(moment: datetime, edition: Edition) -> date:
    return in_zone(moment, edition.time_zone).date()


def today(edition: Edition, at: datetime) -> date:
    """The day it is, on the edition's calendar."""
    return _day(at, edition)


def profile_of(edition: Edition, user_id: int) -> JudgeProfile | None:
    """A judge's profile with tracks and days."""
    return (
        JudgeProfile.objects.filter(edition=edition, user_id=user_id)
        .prefetch_related("tracks", "days")
        .first()
    )


@dataclass(frozen=True, slots=True)
class JudgeRow:
    """A judge as the desk lists her. `profile` None: she has said nothing yet."""

    id: int
    name: str
    profile: JudgeProfile | None
    conflicts: int
    open_conflicts: int
    hours: float | None  # in all days of the jury's phases


def judges_for_desk(edition: Edition) -> list[JudgeRow]:
    """The jury with profiles, hours and counts of conflicts. As many queries, however many there are."""
    profiles = {
        row.user_id: row
        for row in JudgeProfile.objects.filter(edition=edition).prefetch_related("tracks", "days")
    }
    counts: dict[int, list[str]] = {}
    for judge, state in Conflict.objects.filter(edition=edition).values_list("judge_id", "state"):
        counts.setdefault(judge, []).append(state)
    days = jury_days(edition)
    return [
        JudgeRow(
            id=pk,
            name=name,
            profile=profiles.get(pk),
            conflicts=sum(state != Conflict.State.DISMISSED for state in counts.get(pk, ())),
            open_conflicts=counts.get(pk, []).count(Conflict.State.OPEN.value),
            hours=_hours(profiles.get(pk), days),
        )
        for pk, name in queries.judges_of(edition).items()
    ]


def _hours(profile: JudgeProfile | None, days: list[date]) -> float | None:
    if profile is None or profile.minutes_per_day is None:
        return None
    return sum(minutes_by_day(profile, days).values()) / 60


def minutes_by_day(profile: JudgeProfile, days: list[date]) -> dict[date, int]:
    """Minutes on each day. Days and profile must be loaded: no query."""
    otherwise = {row.day: row.minutes for row in profile.days.all()}
    return {day: otherwise.get(day, profile.minutes_per_day or 0) for day in days}


def judge_times(edition: Edition, days: list[date], only: set[int] | None = None) -> list[JudgeTime]:
    """Every judge's minutes on `days`, or those of `only`; `stated` is False where she has said nothing. Three
    queries."""
    profiles = {
        row.user_id: row for row in JudgeProfile.objects.filter(edition=edition).prefetch_related("days")
    }
    return [
        JudgeTime(
            name,
            minutes_by_day(profiles[pk], days) if pk in profiles else {},
            stated=pk in profiles and profiles[pk].minutes_per_day is not None,
        )
        for pk, name in queries.judges_of(edition).items()
        if only is None or pk in only
    ]
