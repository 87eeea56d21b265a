"""How many judge-hours a plan asks for, and at what pace: known before anybody has entered.

The rule. A round takes what the round before lets through, or the teams of a cohort; the first ones take everything. A
look costs the film's length (of a project the time to read it) and what the round adds to every look; where films and
projects are judged together, their mean. A film gets the round's looks; on panels the judges of one panel; at a ballot
everybody's. So

    judge-hours = films × looks of a film × cost of a look,     each judge = judge-hours / judges.

Rounds that follow one another share the days of the jury. All go at one pace, hours a judge and day, with which the
longest chain of rounds is through on the last day; a round lasts as many days as its judges need at that pace. Where
every round has a phase of its own it has those days alone, and the pace is that of the busiest round. 1,500 judge-hours
and 30 screeners are 50 hours each; in 12 days 4.2 hours a day. Further looks of an adaptive round are not foreseen.
Without Django; times in seconds.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil
from types import MappingProxyType

from festival.edition.blueprint_rounds import RoundPlan, let_through
from festival.edition.rulebook import Rulebook

HOUR = 3600
ONLY_JUDGES_TELL = ("passed", "score", "probability", "nominated")  # cuts of which no number is planned
LONGEST_USUAL = 600  # seconds, where a rulebook has no limit
LONG_DAY = 3 * HOUR
"""From this pace on a plan is warned of: judges have a working day besides. Assumed, not measured."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected, or known. `film_seconds`: the mean length of a film. By the round's address: `judges`;
    `goes_on`, how many films go on where only the judges can tell; `intakes`, how many a round really has."""

    films: int
    film_seconds: int
    projects: int = 0
    judges: Mapping[str, int] = field(default_factory=dict)
    goes_on: Mapping[str, int] = field(default_factory=dict)
    intakes: Mapping[str, int] = field(default_factory=dict)

    @property
    def entries(self) -> int:
        return self.films + self.projects


@dataclass(frozen=True, slots=True)
class Stage:
    """A round. `goes_on` None: it has no cut. `sure` False: `goes_on` is the most there can be, as only the judges can
    tell. `starts` and `days`: when it begins, from the first day of the jury, and how long it lasts."""

    slug: str
    gate: str
    films: int
    goes_on: int | None
    sure: bool
    judges: int
    looks: Fraction
    look_seconds: int
    seconds: int
    starts: float
    days: float

    @property
    def each(self) -> int:
        """Seconds of one judge; 0 where nobody judges."""
        return ceil(self.seconds / self.judges) if self.judges else 0


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that does not add up: a code for the words, the round it is about, and numbers."""

    code: str
    slug: str = ""
    values: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Forecast:
    """`pace`: seconds a judge and day; 0 without days or judges. `longest`: seconds of a judge in every round of the
    longest chain, or in the busiest round where each has its own `days`."""

    stages: tuple[Stage, ...]
    days: int
    pace: int
    longest: int
    warnings: tuple[Warned, ...]
    apart: bool = False  # whether every round has days of its own

    @property
    def seconds(self) -> int:
        """Of all judges in all rounds."""
        return sum(stage.seconds for stage in self.stages)


def usual_length(rulebook: Rulebook) -> int:
    """Seconds of a film of which nothing is known: the middle of what the rulebook takes."""
    length = rulebook.duration
    return round(((length.min or 0) + (length.max or LONGEST_USUAL)) / 2)


def entries_expected(rounds: Sequence[RoundPlan]) -> int:
    """How many entries a plan reckons with: the most that a round expects which takes them all; 0 where none says."""
    return max((one.expects for one in rounds if not one.after and not one.cohort), default=0)


def judges_expected(rounds: Sequence[RoundPlan]) -> int:
    """How many judges a plan reckons with: the most of any round; 0 where none says."""
    return max((one.judges for one in rounds), default=0)


def going_on_expected(rounds: Sequence[RoundPlan], slug: str) -> int:
    """How many films a plan reckons with after a round of which only the judges can tell; 0 where it is not said."""
    return max((one.expects for one in rounds if one.after == slug), default=0)


def forecast(
    rounds: Sequence[RoundPlan],
    expected: Expected,
    *,
    days: int,
    places: int = 0,
    own: Mapping[str, tuple[int, int]] = MappingProxyType({}),
    teams: Mapping[str, tuple[int, str]] = MappingProxyType({}),
    films: Collection[str] = (),
) -> Forecast:
    """The rounds in their order, over `days` of the jury; `places`: how many awards there are to be given. `own`: where
    every round has days of its own, the number of the first one and how many they are, by the round's address. `teams`:
    by a cohort's address its places, and the round from which they are filled.
    `films`: the rounds in which finished films are judged, whatever was entered.
    """
    stages: dict[str, Stage] = {}
    ends: dict[str, int] = {}  # seconds of one judge until the round is over
    for plan in rounds:
        places_there, source = teams.get(plan.cohort, (None, plan.after))
        stage = _stage(plan, stages.get(plan.after), expected, places_there, plan.slug in films)
        stages[plan.slug] = stage
        ends[plan.slug] = ends.get(source, 0) + stage.each
    if own:
        dated = tuple(_in_own_days(stage, *own[slug]) for slug, stage in stages.items())
        busiest = max(dated, key=lambda stage: Fraction(stage.each, own[stage.slug][1]))
        longest, days = busiest.each, own[busiest.slug][1]
    else:
        longest = max(ends.values(), default=0)
        dated = tuple(_dated(stage, ends[slug], longest, days) for slug, stage in stages.items())
    pace = ceil(longest / days) if days else 0
    slow = [busiest] if own else dated
    warnings = (*_amiss(rounds, dated, days, places), *_too_fast(slow, days, longest, pace, apart=bool(own)))
    return Forecast(dated, days, pace, longest, warnings, apart=bool(own))


def _stage(
    plan: RoundPlan, before: Stage | None, expected: Expected, teams: int | None, watched: bool
) -> Stage:
    films = expected.entries if teams is None else teams
    if before is not None:
        films = before.films if before.goes_on is None else before.goes_on
    films = expected.intakes.get(plan.slug, films)
    goes_on, sure = _going_on(plan, films, expected.goes_on.get(plan.slug))
    judges = expected.judges.get(plan.slug, 0)
    looks = looks_of(plan, judges)
    cost = expected.film_seconds + plan.overhead if watched else look_seconds(plan, expected)
    seconds = ceil(films * looks * cost)
    return Stage(plan.slug, plan.gate, films, goes_on, sure, judges, looks, cost, seconds, 0, 0)


def _going_on(plan: RoundPlan, films: int, told: int | None) -> tuple[int | None, bool]:
    if plan.cut is None and told is None:
        return None, True
    if told is not None:
        return min(told, films), True
    if plan.cut is not None and plan.cut.kind in ("count", "ballot", "share"):
        most = let_through(plan.cut, Decimal(films))
        return min(films, int(most if most is not None else films)), True
    return films, False


def looks_of(plan: RoundPlan, judges: int) -> Fraction:
    """How many judges see each film."""
    if plan.gate == "ballot":
        return Fraction(judges)
    if plan.gate == "panel":
        return Fraction(judges, len(plan.panels) or 1)
    return Fraction(plan.looks)


def look_seconds(plan: RoundPlan, expected: Expected) -> int:
    """What a look costs, what the round adds to it included."""
    reading = 60 * plan.reading_minutes
    if not expected.entries:
        return expected.film_seconds + plan.overhead
    together = expected.films * expected.film_seconds + expected.projects * reading
    return ceil(together / expected.entries) + plan.overhead


def _in_own_days(stage: Stage, first: int, count: int) -> Stage:
    return replace(stage, starts=first, days=count) if stage.each else stage


def _dated(stage: Stage, end: int, longest: int, days: int) -> Stage:
    if not longest:
        return stage
    share = days / longest
    return replace(stage, starts=(end - stage.each) * share, days=stage.each * share)


def _amiss(rounds: Sequence[RoundPlan], stages: Sequence[Stage], days: int, places: int) -> list[Warned]:
    """What no pace mends."""
    found = [Warned("no_days")] if stages and not days else []
    for plan, stage in zip(rounds, stages, strict=True):
        if not stage.judges:
            found.append(Warned("no_judges", stage.slug))
        elif plan.gate == "panel" and stage.judges < len(plan.panels):
            values = {"panels": len(plan.panels), "judges": stage.judges}
            found.append(Warned("panels_without_judges", stage.slug, values))
        elif plan.gate in ("score", "pass_fail") and stage.judges < plan.looks:
            values = {"looks": plan.looks, "judges": stage.judges}
            found.append(Warned("more_looks_than_judges", stage.slug, values))
        elif plan.gate == "ballot" and stage.judges < plan.quorum:
            values = {"quorum": plan.quorum, "judges": stage.judges}
            found.append(Warned("quorum_out_of_reach", stage.slug, values))
        if 0 < plan.expects < stage.films:
            values = {"expects": plan.expects, "films": stage.films}
            found.append(Warned("more_than_expected", stage.slug, values))
        cut = plan.cut
        if cut and cut.kind in ("count", "ballot") and (cut.value or 0) >= stage.films > 0:
            values = {"places": int(cut.value or 0), "films": stage.films}
            found.append(Warned("cut_cuts_nothing", stage.slug, values))
    if stages:
        left = stages[-1].films if stages[-1].goes_on is None else stages[-1].goes_on
        if places > left:
            found.append(Warned("more_awards_than_films", stages[-1].slug, {"places": places, "films": left}))
    return found


def _too_fast(stages: Sequence[Stage], days: int, longest: int, pace: int, *, apart: bool) -> list[Warned]:
    """A pace beyond LONG_DAY, with what would bring it down: days for all, or judges or looks of the heaviest round
    alone. A way that is no way has no number."""
    if not days or pace <= LONG_DAY:
        return []
    heaviest = max(stages, key=lambda stage: stage.each)
    values = {
        "seconds": heaviest.seconds, "judges": heaviest.judges, "each": heaviest.each, "days": days, "pace": pace,
        "days_needed": ceil(longest / LONG_DAY),
    }  # fmt: skip
    room = LONG_DAY * days - (longest - heaviest.each)  # what a judge of this round could take on
    if room > 0 and heaviest.gate in ("score", "pass_fail"):
        values["judges_needed"] = ceil(heaviest.seconds / room)
        looks = int(heaviest.looks * room / heaviest.each)
        if looks:
            values["looks_possible"] = looks
    return [Warned("pace_apart" if apart else "pace", heaviest.slug, values)]
