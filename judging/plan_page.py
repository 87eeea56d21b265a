"""What the pages of a plan show, of a new edition and of a running one: pictures, hours, warnings. Asks nothing."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from festival.edition.blueprint import Blueprint
from festival.edition.templatetags.places import weekday
from judging import forecast_words as words
from judging.logic.forecast import Expected
from judging.plan_chart import forecast_of, funnel, timeline


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
    chart = timeline(plan, opens, today, found)
    return {
        "chart": chart,
        "rounds_drawn": chart is not None and any(lane.kind == "round" for lane in chart.lanes),
        "funnel": funnel(plan, found, expected.entries),
        "entries": expected.entries,
        "hour_rows": rows,
        "hours": found,
        "pace": words.pace_summary(found),
        "plan_warnings": [*words.warned(found, names, nouns), *_calendar(plan, opens, today, made)],
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
