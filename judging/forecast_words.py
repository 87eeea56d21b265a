"""The forecast of a plan in sentences: what it asks of the judges, what does not add up, and what to change."""

from collections.abc import Mapping
from functools import reduce
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.blueprint import Blueprint
from festival.kit.words import joined, say
from judging.logic.forecast import HOUR, LONG_DAY, Forecast, Stage, Warned
from judging.models import Round
from judging.plan_words import hours


def count_text(number: int) -> str:
    """A count as one reads it: 10,000."""
    return f"{number:,}"


def films_text(number: int, noun: str = "film") -> str:
    """ "1 film", "10,000 films"; by `noun` (NOUNS of a plan) projects or entries."""
    if noun == "project":
        text = ngettext("%(count)s project", "%(count)s projects", number)
    elif noun == "entry":
        text = ngettext("%(count)s entry", "%(count)s entries", number)
    else:
        text = ngettext("%(count)s film", "%(count)s films", number)
    return text % {"count": count_text(number)}


def nouns(plan: Blueprint) -> dict[str, str]:
    """What each round of a plan judges, by its address: "film", "project", or "entry" where it may be both.

    Teams have their films once a milestone of their cohort, or of one before it, asks for a film.
    """
    kinds = {track.enters for track in plan.tracks}
    entered = kinds.pop() if len(kinds) == 1 else "entry"
    cohorts = {cohort.slug: cohort for cohort in plan.cohorts}
    found: dict[str, str] = {}
    for round in plan.rounds:
        cohort = cohorts.get(round.cohort)
        if cohort is None:
            found[round.slug] = found.get(round.after, entered)
            continue
        asked = {part.kind for stone in cohort.milestones for part in stone.deliverables}
        before = found.get(cohort.source, entered)
        found[round.slug] = "film" if "film" in asked or not cohort.milestones else before
    return found


def judges_text(number: int) -> str:
    """ "30 judges"."""
    return ngettext("%(count)s judge", "%(count)s judges", number) % {"count": count_text(number)}


def days_count(number: int) -> str:
    """ "12 days"."""
    return ngettext("%(count)s day", "%(count)s days", number) % {"count": count_text(number)}


def gate_text(gate: str) -> str:
    """What a gate is called."""
    return str(Round.Gate(gate).label)


def shape(plan: Blueprint) -> str:
    """A blueprint in a sentence: tracks, rounds with their gates, awards, teams, and how long it takes."""
    parts = [ngettext("%(count)d track", "%(count)d tracks", len(plan.tracks)) % {"count": len(plan.tracks)}]
    for cohort in plan.cohorts:
        teams = ngettext("%(count)s team", "%(count)s teams", cohort.places)
        teams %= {"count": count_text(cohort.places)}
        stones = len(cohort.milestones)
        milestones = ngettext("%(count)d milestone", "%(count)d milestones", stones) % {"count": stones}
        parts.append(_("%(teams)s with %(milestones)s") % {"teams": teams, "milestones": milestones})
    if plan.rounds:
        text = ngettext("%(count)d round", "%(count)d rounds", len(plan.rounds)) % {"count": len(plan.rounds)}
        parts.append(text)
    else:
        parts.append(_("nothing is scored"))
    places = sum(award.places for award in plan.awards)
    if places:
        awards = ngettext("%(count)s award", "%(count)s awards", places)
        parts.append(awards % {"count": count_text(places)})
    days = max(phase.ends_day for phase in plan.phases) - min(phase.starts_day for phase in plan.phases) + 1
    parts.append(days_count(days))
    return " · ".join(parts)


def chain(plan: Blueprint) -> str:
    """The rounds one after the other, with the numbers that are planned: "Screening → Longlist (142) → Jury"."""
    steps = []
    for round in plan.rounds:
        counted = round.cut is not None and round.cut.kind in ("count", "ballot")
        name = say(round.name)
        steps.append(
            _("%(name)s (%(count)s)") % {"name": name, "count": count_text(int(round.cut.value or 0))}
            if counted and round.cut
            else name
        )
    return " → ".join(steps)


def pace_text(seconds: float) -> str:
    """Time of a judge on a day: hours with one place, minutes below one hour."""
    if seconds < HOUR:
        return hours(seconds)
    text = f"{seconds / HOUR:.1f}".removesuffix(".0")
    return ngettext("%(hours)s hour", "%(hours)s hours", 1 if text == "1" else 2) % {"hours": text}


def stage_text(stage: Stage) -> str:
    """ "1,500 judge-hours, 30 judges: 50 hours each in 12 days."."""
    if not stage.judges:
        return _("Nobody judges here yet, so the hours cannot be said.")
    work = hours(stage.seconds)
    values = {"work": work, "judges": judges_text(stage.judges), "each": hours(stage.each)}
    days = round(stage.days)
    if not stage.days:
        return _("%(work)s of judging, %(judges)s: %(each)s each.") % values
    if not days:
        return _("%(work)s of judging, %(judges)s: %(each)s each, within a day.") % values
    values["days"] = days_count(days)
    return _("%(work)s of judging, %(judges)s: %(each)s each in %(days)s.") % values


def cost_text(stage: Stage, noun: str = "film") -> str:
    """How the hours come about: "10,000 films × 3 looks × 3 min."."""
    looks = f"{float(stage.looks):.1f}".removesuffix(".0")
    minutes = f"{stage.look_seconds / 60:.1f}".removesuffix(".0")
    seen = ngettext("%(count)s look", "%(count)s looks", 1 if looks == "1" else 2) % {"count": looks}
    return _("%(films)s × %(looks)s × %(minutes)s min") % {
        "films": films_text(stage.films, noun),
        "looks": seen,
        "minutes": minutes,
    }


def pace_summary(found: Forecast) -> str:
    """At which pace all rounds are through on the last day of the jury."""
    if not found.pace:
        return ""
    if found.apart:
        return _(
            "Every round has days of its own. In the busiest of them each judge watches %(pace)s a day for %(days)s."
        ) % {"days": days_count(found.days), "pace": pace_text(found.pace)}
    return _(
        "One round after the other in %(days)s of jury: each judge of a round watches %(pace)s a day while it lasts."
    ) % {"days": days_count(found.days), "pace": pace_text(found.pace)}


def warned(
    found: Forecast, names: Mapping[str, Mapping[str, str]], nouns: Mapping[str, str] = MappingProxyType({})
) -> list[str]:
    """What does not add up, each in a sentence that says what to change. By address: `names` of rounds, and what they
    judge (`nouns`)."""
    return [_sentence(one, say(names.get(one.slug)), nouns.get(one.slug, "film")) for one in found.warnings]


def _sentence(one: Warned, name: str, noun: str) -> str:
    values = {"round": name, **{key: count_text(number) for key, number in one.values.items()}}
    if one.code == "no_days":
        return _("There are rounds, but the calendar has no days of the jury. Add a phase for the jury.")
    if one.code == "no_judges":
        return _("“%(round)s” has no judges yet. Say how many there will be.") % values
    if one.code == "panels_without_judges":
        text = ngettext(
            "“%(round)s” has %(panels)s panels, but only %(judges)s judge: some panel has nobody. Name more judges, or "
            "fewer panels.",
            "“%(round)s” has %(panels)s panels, but only %(judges)s judges: some panel has nobody. Name more judges, "
            "or fewer panels.",
            one.values["judges"],
        )
        return text % values
    if one.code == "more_looks_than_judges":
        text = _(
            "“%(round)s” gives each film %(looks)s looks, each by another judge, but has only %(judges)s. Name more "
            "judges, or give fewer looks."
        )
        if noun == "project":
            text = _(
                "“%(round)s” gives each project %(looks)s looks, each by another judge, but has only %(judges)s. Name "
                "more judges, or give fewer looks."
            )
        return text % values
    if one.code == "quorum_out_of_reach":
        text = ngettext(
            "“%(round)s” counts from %(quorum)s ballots on, but only %(judges)s judge votes. Name more, or lower the "
            "number.",
            "“%(round)s” counts from %(quorum)s ballots on, but only %(judges)s judges vote. Name more, or lower the "
            "number.",
            one.values["judges"],
        )
        return text % values
    if one.code == "more_than_expected":
        text = _(
            "“%(round)s” was reckoned with %(expects)s, but %(films)s come into it. Name more judges or days, or "
            "correct the number on its page."
        )
        return text % {**values, "expects": films_text(one.values["expects"], noun)}
    if one.code == "cut_cuts_nothing":
        text = ngettext(
            "“%(round)s” lets %(places)s through, but only %(films)s comes into it: nothing is decided there. Lower "
            "the number, or leave the round out.",
            "“%(round)s” lets %(places)s through, but only %(films)s come into it: nothing is decided there. Lower "
            "the number, or leave the round out.",
            one.values["films"],
        )
        return text % {**values, "places": films_text(one.values["places"], noun)}
    if one.code == "more_awards_than_films":
        text = ngettext(
            "There is %(places)s award, and %(films)s to win it. Let more through, or give fewer awards.",
            "There are %(places)s awards, and %(films)s to win them. Let more through, or give fewer awards.",
            one.values["places"],
        )
        return text % {**values, "films": films_text(one.values["films"], noun)}
    return _pace_sentence(one.values, name, apart=one.code == "pace_apart")


def _pace_sentence(values: Mapping[str, int], name: str, *, apart: bool) -> str:
    within_its_own = _(
        "%(work)s of judging in “%(round)s”, %(judges)s: %(each)s each. In its %(days)s that is %(pace)s a day, beside "
        "a working day."
    )
    with_the_others = _(
        "%(work)s of judging in “%(round)s”, %(judges)s: %(each)s each. With all rounds in %(days)s that is %(pace)s a "
        "day, beside a working day."
    )
    first = (within_its_own if apart else with_the_others) % {
        "work": hours(values["seconds"]),
        "round": name,
        "judges": judges_text(values["judges"]),
        "each": hours(values["each"]),
        "days": days_count(values["days"]),
        "pace": pace_text(values["pace"]),
    }
    ways = [_("%(days)s of jury") % {"days": days_count(values["days_needed"])}]
    if "judges_needed" in values:
        ways.append(judges_text(values["judges_needed"]))
    if "looks_possible" in values:
        looks = values["looks_possible"]
        ways.append(
            ngettext("%(count)d look of each film", "%(count)d looks of each film", looks) % {"count": looks}
        )
    choice = reduce(
        lambda first, second: _("%(first)s or %(second)s") % {"first": first, "second": second}, ways
    )
    second = _("At %(limit)s a day it would take %(ways)s.") % {"limit": pace_text(LONG_DAY), "ways": choice}
    return joined(first, second)
