"""Writes a blueprint as TOML text, so that it can be read back, kept and changed. Without Django."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, time
from decimal import Decimal
from typing import Any

from festival.edition.blueprint import Blueprint, TrackPlan
from festival.edition.blueprint_awards import AwardPlan, AwardRulePlan
from festival.edition.blueprint_cohorts import CohortPlan, MilestonePlan
from festival.edition.blueprint_form import QuestionPlan
from festival.edition.blueprint_rounds import RoundPlan
from festival.edition.blueprint_venues import HallPlan, VenuePlan
from festival.edition.declarations import usual_declarations
from festival.edition.form_rules import FormRules
from festival.edition.objection_rules import ObjectionRules

Table = dict[str, Any]


def write(plan: Blueprint, rulebook: str) -> str:
    """The TOML of a plan; `rulebook` is the name of the file beside it that holds the plan's rulebook.

    `parse` gives the same plan back. What is as usual is left out.
    """
    top: Table = {"name": plan.name, "tagline": plan.tagline, "time_zone": plan.time_zone}
    top |= {"blind": plan.blind, "fix_days": plan.fix_days, "four_eyes": plan.four_eyes, "rulebook": rulebook}
    if plan.contact:
        top["contact"] = plan.contact
    if plan.prize_pool:
        top["prize_pool"] = asdict(plan.prize_pool)
    parts = [_lines(top), *_single("about", plan.about), *_form(plan.form)]
    usual = ObjectionRules().as_data()
    kept = {key: value for key, value in plan.objections.as_data().items() if value != usual[key]}
    parts += _single("objections", kept)
    if plan.declarations != usual_declarations():
        parts += _each(
            "declarations", [{"slug": row.pop("key"), **row} for row in map(asdict, plan.declarations)]
        )
    parts += _each("tracks", [_track(track) for track in plan.tracks])
    parts += _each("questions", [_question(question) for question in plan.questions])
    parts += _each(
        "phases", [_without(asdict(phase), keep=("starts_day", "ends_day")) for phase in plan.phases]
    )
    for round in plan.rounds:
        parts += _round(round)
    parts += _each("awards", [award_table(award) for award in plan.awards])
    parts += _each("award_rules", [rule_table(rule) for rule in plan.award_rules])
    for cohort in plan.cohorts:
        parts += _cohort(cohort)
    for venue in plan.venues:
        parts += _venue(venue)
    parts += _each("travel", [asdict(way) for way in plan.travel])
    parts += _single("checks", plan.checks)
    return "\n".join(parts)


def _form(form: FormRules) -> Iterator[str]:
    yield from _single("form.fields", form.fields)
    usual = FormRules()
    for part in fields(FormRules):
        if part.name != "fields":
            now, before = asdict(getattr(form, part.name)), asdict(getattr(usual, part.name))
            yield from _single(
                f"form.{part.name}", {key: value for key, value in now.items() if value != before[key]}
            )


def _track(track: TrackPlan) -> Table:
    row = asdict(track)
    if track.enters == "film":
        del row["enters"]
    return _without(row, keep=("ends_day",))


def _question(question: QuestionPlan) -> Table:
    row = asdict(question)
    limits = row.pop("limits")
    if question.kind == "date":
        limits = {key: date.fromisoformat(value) for key, value in limits.items()}
    return _without(row) | limits


def _round(plan: RoundPlan) -> Iterator[str]:
    row: Table = {"slug": plan.slug, "name": plan.name, "gate": plan.gate, "after": plan.after}
    row["cohort"] = plan.cohort
    row |= {"looks": plan.looks, "overhead": plan.overhead}
    if plan.gate == "score":
        row |= {"scale": list(plan.scale), "official": plan.official, "decides": plan.decides}
        row |= {"adaptive": plan.adaptive, "most_looks": plan.most_looks, "budget": plan.budget}
        row["second_look"] = plan.second_look
    elif plan.gate == "pass_fail":
        row["pass"] = plan.pass_least if plan.pass_rule == "at_least" else plan.pass_rule  # noqa: S105  (no password)
    elif plan.gate == "panel":
        row["nominations"] = plan.nominations
    else:
        row |= {"ballot": plan.ballot, "ballot_points": plan.ballot_points, "quorum": plan.quorum}
    row = _without(row, keep=("adaptive", "second_look", "overhead"))
    if plan.reading_minutes != RoundPlan.reading_minutes:
        row["reading_minutes"] = plan.reading_minutes
    if plan.blind is not None:
        row["blind"] = plan.blind
    if plan.cut:
        row["cut"] = _without({"kind": plan.cut.kind, "value": plan.cut.value}, keep=("value",))
    row |= _without({"wild_cards": plan.wild_cards, "expects": plan.expects, "judges": plan.judges})
    row["ties"] = _without({"criterion": plan.tie_criterion, "last": plan.tie_last})
    yield from _each("rounds", [row])
    yield from _each("rounds.criteria", [_without(asdict(one)) for one in plan.criteria])
    yield from _each("rounds.panels", [_without(asdict(one)) for one in plan.panels])


def award_table(award: AwardPlan) -> Table:
    """An award as a table of [[awards]]."""
    row = asdict(award)
    row["prizes"] = [
        {**prize, "amount": Decimal(prize["amount"])} if "amount" in prize else prize
        for prize in row["prizes"]
    ]
    row["require"], row["combines_with"] = list(award.require), list(award.combines_with)
    return _without(row, keep=("least_score",))


def rule_table(rule: AwardRulePlan) -> Table:
    """A rule as a table of [[award_rules]]."""
    row = {"slug": rule.slug, "name": rule.name, "kind": rule.kind, "slots": list(rule.slots)}
    return _without(row) | _without(
        dict(rule.data), keep=("most", "least", "value", "is", "at_least", "at_most")
    )


def cohort_table(cohort: CohortPlan) -> Table:
    """A cohort as a table of [[cohorts]], with the tables of its milestones and of its support as lists."""
    row = asdict(cohort)
    row["milestones"] = [_milestone(one) for one in cohort.milestones]
    row["support"] = [
        asdict(one) | {"amount": "unlimited" if one.amount is None else one.amount} for one in cohort.support
    ]
    return _without(row, keep=("starts_day", "ends_day"))


def _milestone(milestone: MilestonePlan) -> Table:
    row = asdict(milestone)
    row["deliverables"] = [_without(asdict(one), keep=("required",)) for one in milestone.deliverables]
    return _without(row, keep=("due_day",))


def _cohort(cohort: CohortPlan) -> Iterator[str]:
    row = cohort_table(cohort)
    milestones, support = row.pop("milestones", []), row.pop("support", [])
    yield from _each("cohorts", [row])
    for milestone in milestones:
        deliverables = milestone.pop("deliverables", [])
        yield from _each("cohorts.milestones", [milestone])
        yield from _each("cohorts.milestones.deliverables", deliverables)
    yield from _each("cohorts.support", support)


def _venue(venue: VenuePlan) -> Iterator[str]:
    yield from _each("venues", [_without({"slug": venue.slug, "name": venue.name, "address": venue.address})])
    yield from _each("venues.halls", [_hall(hall) for hall in venue.halls])


def _hall(hall: HallPlan) -> Table:
    return _without(asdict(hall), keep=("seats", "turnaround_minutes")) | {
        "hours": [asdict(hours) for hours in hall.hours]
    }


def _without(row: Mapping[str, Any], keep: Sequence[str] = ()) -> Table:
    """Without what says nothing: none, nothing, an empty list or text."""
    return {key: value for key, value in row.items() if value or (key in keep and value is not None)}


def _single(name: str, table: Mapping[str, Any]) -> Iterator[str]:
    if table:
        yield f"[{name}]\n{_lines(table)}"


def _each(name: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield f"[[{name}]]\n{_lines(row)}"


def _lines(table: Mapping[str, Any]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in table.items())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f'"{value:%H:%M}"'
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
