"""An edition's calendar and funnel as pictures: lines for the timeline, shapes for the funnel. Reads nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt

from babel.dates import format_date, format_interval
from django.utils.translation import gettext as _

from festival.edition.blueprint import Blueprint
from festival.edition.models import Phase
from festival.edition.rulebook import Rulebook
from festival.kit.timeline_svg import Chart, Line, chart
from festival.kit.words import say, short_language
from judging.forecast_words import count_text, films_text, gate_text, nouns
from judging.logic.forecast import Expected, Forecast, Stage, forecast, usual_length

WIDTH = 100.0


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """A step of the funnel: its words, its number, and a path 100 wide and 10 high that narrows to the next."""

    label: str
    note: str
    count: str
    share: str
    path: str


def jury_days(plan: Blueprint) -> list[int]:
    """The days of the jury's phases, from the call's opening."""
    days: set[int] = set()
    for phase in plan.phases:
        if phase.kind == "jury":
            days |= set(range(phase.starts_day, phase.ends_day + 1))
    return sorted(days)


def forecast_of(plan: Blueprint, expected: Expected) -> Forecast:
    """What the whole plan asks of its judges."""
    length = expected.film_seconds or usual_length(Rulebook.from_toml(plan.rulebook))
    return forecast(
        plan.rounds,
        replace(expected, film_seconds=length),
        days=len(jury_days(plan)),
        places=sum(award.places for award in plan.awards),
        own=own_days(plan),
        teams={cohort.slug: (cohort.places, cohort.source) for cohort in plan.cohorts},
        films=frozenset(slug for slug, noun in nouns(plan).items() if noun == "film"),
    )


def own_days(plan: Blueprint) -> dict[str, tuple[int, int]]:
    """By the round's address which of `jury_days` are its own: the first, and how many. Nothing where all are shared.

    The rule is that of `judge_queries.own_phases`.
    """
    phases = sorted((one.starts_day, one.ends_day) for one in plan.phases if one.kind == "jury")
    apart = all(one[1] < other[0] for one, other in pairwise(phases))
    if not (apart and len(phases) == len(plan.rounds) > 1):
        return {}
    place = {day: number for number, day in enumerate(jury_days(plan))}
    return {
        round.slug: (place[first], last - first + 1)
        for round, (first, last) in zip(plan.rounds, phases, strict=True)
    }


def days_text(first: date, last: date) -> str:
    """ "2–28 March 2027"; "2027年3月2日至28日"."""
    locale = "zh_Hans" if short_language() == "zh" else "en_GB"
    if first == last:
        return str(format_date(first, format="long", locale=locale))
    return str(format_interval(first, last, "yMMMMd", locale=locale))


def timeline(plan: Blueprint, opens: date, today: date, found: Forecast | None = None) -> Chart | None:
    """Phases in their order, the rounds within the jury's days as the forecast has them, deadlines of tracks, cohorts
    with their milestones."""
    lines = list(_phase_lines(plan, opens))
    if found is not None:
        jury = next((place for place, line in enumerate(lines) if line.kind == "jury"), len(lines) - 1)
        lines[jury + 1 : jury + 1] = _round_lines(plan, opens, found)
    return chart([*lines, *_cohort_lines(plan, opens)], today)


def _phase_lines(plan: Blueprint, opens: date) -> Iterator[Line]:
    for phase in sorted(plan.phases, key=lambda one: (one.starts_day, one.ends_day)):
        first, last = (opens + timedelta(days=day) for day in (phase.starts_day, phase.ends_day))
        marks = []
        if phase.kind == "call":
            marks = [
                opens + timedelta(days=track.ends_day) for track in plan.tracks if track.ends_day is not None
            ]
        label = say(phase.name) or str(Phase.Kind(phase.kind).label)
        yield Line(label, days_text(first, last), phase.kind, [(first, last)], marks)


def _round_lines(plan: Blueprint, opens: date, found: Forecast) -> Iterator[Line]:
    days = jury_days(plan)
    names = {round.slug: round.name for round in plan.rounds}
    for stage in found.stages:
        if days and stage.days:
            begins = min(int(stage.starts), len(days) - 1)
            ends = min(max(round(stage.starts + stage.days) - 1, begins), len(days) - 1)
            first, last = opens + timedelta(days=days[begins]), opens + timedelta(days=days[ends])
            note = _("about %(days)s") % {"days": days_text(first, last)}
            yield Line(say(names[stage.slug]), note, "round", [(first, last)])


def _cohort_lines(plan: Blueprint, opens: date) -> Iterator[Line]:
    for cohort in plan.cohorts:
        first, last = (opens + timedelta(days=day) for day in (cohort.starts_day, cohort.ends_day))
        yield Line(say(cohort.name), days_text(first, last), "cohort", [(first, last)])
        for milestone in sorted(cohort.milestones, key=lambda one: one.due_day):
            due = opens + timedelta(days=milestone.due_day)
            yield Line(say(milestone.name), days_text(due, due), "milestone", marks=[due])


def funnel(plan: Blueprint, found: Forecast, entries: int) -> list[FunnelRow]:
    """Entries, what each round takes, and the awards. Widths are square roots of the numbers: of ten thousand films ten
    could not be seen otherwise."""
    names = {round.slug: round.name for round in plan.rounds}
    kinds = nouns(plan)
    steps = [(_("Entries"), "", entries, True)]
    for stage in found.stages:
        note = " · ".join(
            part for part in (gate_text(stage.gate), _cut_note(stage, kinds[stage.slug])) if part
        )
        steps.append((say(names[stage.slug]), note, stage.films, True))
    last = found.stages[-1] if found.stages else None
    if last is not None and last.goes_on is not None:
        steps.append((_("After the last round"), "", last.goes_on, last.sure))
    places = sum(award.places for award in plan.awards)
    if places:
        steps.append((_("Awards"), "", places, True))
    most = max(count for _label, _note, count, _sure in steps) or 1
    widths = [WIDTH * sqrt(count / most) for _label, _note, count, _sure in steps]
    return [
        FunnelRow(
            label,
            note,
            count_text(count),
            _share(count, steps[place - 1][2]) if place else "",
            _path(widths[place], widths[place + 1] if place + 1 < len(steps) else widths[place]),
        )
        for place, (label, note, count, _sure) in enumerate(steps)
    ]


def _cut_note(stage: Stage, noun: str) -> str:
    if stage.goes_on is None:
        return ""
    if stage.sure:
        return _("%(films)s go on") % {"films": films_text(stage.goes_on, noun)}
    return _("how many go on only the judges can tell")


def _share(count: int, before: int) -> str:
    if not before or count >= before:
        return ""
    per_cent = 100 * count / before
    text = f"{per_cent:.1f}".removesuffix(".0") if per_cent < 10 else f"{per_cent:.0f}"
    return _("%(number)s%%") % {"number": text}


def _path(top: float, bottom: float) -> str:
    top, bottom = max(top, 0.6), max(bottom, 0.6)
    left, right = (WIDTH - top) / 2, (WIDTH + top) / 2
    below, beside = (WIDTH - bottom) / 2, (WIDTH + bottom) / 2
    return f"M{left:.2f} 0H{right:.2f}V6L{beside:.2f} 10H{below:.2f}L{left:.2f} 6Z"
