"""What the pages of a plan show, of a new edition and of a running one: pictures, hours, warnings. Asks nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from festival.edition.blueprint import Blueprint
from festival.edition.templatetags.places import weekday
from festival.kit.words import deadline_text, moment_text, say
from judging import forecast_words as words
from judging.logic.forecast import Expected
from judging.plan_chart import forecast_of, funnel, timeline
from submissions.cohorts.follow_actions import Follower
from submissions.cohorts.models import Milestone


def plan_context(
    plan: Blueprint, expected: Expected, *, opens: date, today: date, made: bool
) -> dict[str, Any]:
    """Calendar, funnel, hours of each round, and what does not add up. `made`: the edition is there already."""
    names = {round.slug: round.name for round in plan.rounds}
    found = forecast_of(plan, expected)
    nouns = words.nouns(plan)
    rows = [
        {
            "name": names[stage.slug],
            "gate": words.gate_text(stage.gate),
            "cost": words.cost_text(stage, nouns[stage.slug]),
            "text": words.stage_text(stage),
            "stage": stage,
        }
        for stage in found.stages
    ]
    return {
        "chart": timeline(plan, opens, today, found),
        "funnel": funnel(plan, found, expected.entries),
        "entries": expected.entries,
        "hour_rows": rows,
        "hours": found,
        "pace": words.pace_summary(found),
        "plan_warnings": [*words.warned(found, names), *_calendar(plan, opens, today, made)],
    }


def _calendar(plan: Blueprint, opens: date, today: date, made: bool) -> list[str]:
    """What speaks against the days of the call."""
    call = next(phase for phase in plan.phases if phase.kind == "call")
    first, last = (opens + timedelta(days=day) for day in (call.starts_day, call.ends_day))
    said = []
    if made and first <= today:
        return []
    if last < today:
        said.append(_("The call would be over already. Choose a later day for its opening."))
    elif first < today:
        said.append(_("The call would be open since a day that is over. Choose today or a later day."))
    if last.weekday() >= 5:
        text = _(
            "The deadline falls on %(day)s: nobody answers questions on a weekend. A working day is kinder."
        )
        said.append(text % {"day": weekday(last)})
    return said


@dataclass(frozen=True, slots=True)
class FollowerLine:
    """What would follow a phase. `key` is "" where it cannot: `note` says why."""

    key: str
    label: str
    before: str
    after: str
    note: str


def follower_lines(found: Iterable[Follower], zone: str) -> list[FollowerLine]:
    """In words, in the order in which they were found: tracks first, then each team's time with its milestones."""
    notes = {
        "": "",
        "over": _("Over, or begun: it stays."),
        "promised": _("It stays: teams have planned by what was announced, and it is never moved earlier."),
    }
    return [
        FollowerLine(
            "" if one.stays else one.key,
            _follower_label(one),
            *(
                moment_text(moment, zone) if one.kind == "begins" else deadline_text(moment, zone)
                for moment in (one.before, one.after)
            ),
            notes[one.stays],
        )
        for one in found
    ]


def _follower_label(one: Follower) -> str:
    if isinstance(one.row, Milestone):
        text = _("%(team)s: milestone “%(milestone)s”")
        return text % {"team": say(one.row.cohort.name), "milestone": say(one.row.name)}
    texts = {
        "track": _("Deadline of “%(name)s”"),
        "begins": _("Beginning of “%(name)s”"),
        "ends": _("End of “%(name)s”"),
    }
    return texts[one.kind] % {"name": say(one.row.name)}
