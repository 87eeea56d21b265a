"""Everything that an edition's results follow from, as one document that can be checked without the site.

Films are named by their codes, judges and the team by the numbers of their accounts; there are no names in it but
those of rounds, criteria and awards, and what was written as reasons.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Case, F, IntegerField, Prefetch, When
from django.utils.translation import override

from festival.awards import audience_queries
from festival.awards.audience import votes as audience_votes
from festival.awards.models import AudiencePoll
from festival.edition.models import Edition, Membership
from judging import award_rules
from judging.fairness.document import report_of
from judging.logic.canonical import canonical
from judging.models import (
    Allocation,
    AwardList,
    AwardVersion,
    Cut,
    CutRow,
    Look,
    Round,
    Standing,
    TieBreak,
    Vote,
)
from judging.queries import RANK_BY
from judging.setup_actions import CriterionGiven, panel_json, settings_of, stored
from submissions.lifecycle import State
from submissions.models import Event

FORMAT, VERSION = "firstlight-results", 2
Step = Callable[[int, int], None]  # hears how many rounds of how many are read


def export(edition: Edition) -> bytes:
    """The document with the fairness report that follows from it, in its one byte form (judging.logic.canonical)."""
    return canonical(with_report(document(edition)))


def with_report(results: dict[str, Any]) -> dict[str, Any]:
    """The document of results with its report as the last part."""
    return {**results, "report": report_of(results)}


def document(
    edition: Edition, step: Step = lambda _done, _of: None, made: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Rounds with their plans, changes, looks, drawings, standings and cuts; votes; versions of the award list.

    `made`: the number of the report that follows from it, and when it was made.
    """
    found = edition.rounds.prefetch_related("criteria", "panels__judges").exclude(state=Round.State.PLANNED)
    rounds = list(found.select_related("after", "cohort", "edition").order_by("position", "pk"))
    shown = []
    for number, round in enumerate(rounds):
        step(number, len(rounds))
        shown.append(_round(round))
    step(len(rounds), len(rounds))
    votes = Vote.objects.filter(meeting__edition=edition, state=Vote.State.CLOSED)
    return {
        "format": FORMAT,
        "version": VERSION,
        "made": made,
        "edition": {"edition": edition.slug, "name": edition.name, "time_zone": edition.time_zone},
        "team": _team(edition),
        "rounds": shown,
        "votes": [
            {
                "vote": vote.pk,
                "slot": vote.slot.slug if vote.slot else "",
                "closed_at": _moment(vote.closed_at),
                **_motion(vote),
                "inputs": vote.inputs,
                "result": vote.result,
                "result_digest": vote.result_digest,
            }
            for vote in votes.select_related("slot").prefetch_related("films").order_by("closed_at", "pk")
        ],
        "audience": [_audience(poll) for poll in audience_queries.polls_of(edition) if poll.results.exists()],
        "awards": _awards(edition),
    }


def _motion(vote: Vote) -> dict[str, Any]:
    if not vote.motion:
        return {}
    films = sorted(film.code for film in vote.films.all())
    return {"motion": vote.motion, "films": films, "places": vote.seats}


def _audience(poll: AudiencePoll) -> dict[str, Any]:
    """The audience's votes without anything of who voted, and every count of them."""
    values = audience_queries.as_values(poll)
    return {
        "slot": poll.slot.slug,
        "inputs": audience_votes.document(values.films, values.choices, values.votes),
        "results": [
            {
                "number": row.number,
                "method_version": row.method_version,
                "aside": row.aside,
                "rows": row.rows,
                "inputs_digest": row.inputs_digest,
                "result_digest": row.result_digest,
            }
            for row in poll.results.order_by("number")
        ],
    }


def _team(edition: Edition) -> dict[str, list[str]]:
    """By account number the roles that it has in the edition."""
    found: dict[str, list[str]] = {}
    rows = Membership.objects.filter(edition=edition).order_by("user_id", "role")
    for user, role in rows.values_list("user_id", "role"):
        found.setdefault(str(user), []).append(role)
    return found


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _round(round: Round) -> dict[str, Any]:
    return {
        "round": round.slug,
        "state": round.state,
        "gate": round.gate,
        "seed": round.seed,
        "opened_at": _moment(round.opened_at),
        "closed_at": _moment(round.closed_at),
        "reopened_at": _moment(round.reopened_at),
        "settings": {name: stored(value) for name, value in settings_of(round).items()},
        "criteria": [
            {
                "criterion": row.slug,
                **CriterionGiven(row.slug, row.name, row.about, row.weight, row.anchors).as_json(),
            }
            for row in round.criteria.all()
        ],
        "panels": {str(panel.pk): panel_json(panel) for panel in round.panels.all()},
        "changes": [
            {
                "what": row.what,
                "before": row.before,
                "after": row.after,
                "reason": row.reason,
                "by": row.by_id,
                "at": row.at.isoformat(),
            }
            for row in round.changes.order_by("at", "pk")
        ],
        "films": round.films.count(),
        "left": _left(round),
        "looks": _looks(round),
        "allocations": [
            _kept(row)
            | {
                "purpose": row.purpose,
                "choice": row.choice,
                "looks_made": row.looks_made,
                "made_at": row.made_at.isoformat(),
            }
            for row in Allocation.objects.filter(round=round).order_by("pk")
        ],
        "standings": [
            _standing(row, round) for row in Standing.objects.filter(round=round).order_by("number")
        ],
        "cuts": _cuts(round),
    }


def _left(round: Round) -> dict[str, str]:
    """When films of the round were withdrawn: no later cut counts them."""
    rows = Event.objects.filter(entry__rounds=round, kind="withdraw", target=State.WITHDRAWN)
    return {code: at.isoformat() for code, at in rows.order_by("at").values_list("entry__code", "at")}


def _looks(round: Round) -> list[list[Any]]:
    """Film, judge, state, why it was taken, running time, seconds played, whether only said to be, when finished.

    Where a project was read there is no running time: 0, as for a film whose length is not known.
    """
    columns = (
        "entry__code", "judge_id", "state", "taken", "length", "watched_seconds", "watched_declared", "scored_at",
    )  # fmt: skip
    length = Case(When(to_read=True, then=0), default=F("seconds"), output_field=IntegerField())
    rows = Look.objects.filter(round=round).order_by("pk").annotate(length=length).values_list(*columns)
    return [[*row[:-1], _moment(row[-1])] for row in rows.iterator(chunk_size=2000)]


def _cuts(round: Round) -> list[dict[str, Any]]:
    rows = Prefetch("rows", CutRow.objects.select_related("entry").order_by("entry__code"))
    found = Cut.objects.filter(round=round).select_related("standing", "tie_break").prefetch_related(rows)
    return [
        {
            "standing": cut.standing.number,
            "standing_digest": cut.standing_digest,
            "kind": cut.kind,
            "value": stored(cut.value),
            "decided_by": cut.decided_by,
            "made_at": cut.made_at.isoformat(),
            "by": cut.made_by_id,
            "set_aside_at": _moment(cut.set_aside_at),
            "frozen_at": _moment(cut.frozen_at),
            "rows": [
                {
                    "film": row.entry.code,
                    "reason": row.reason,
                    "rank": row.rank,
                    "tie_place": row.tie_place,
                    "between": row.between,
                    "why": row.why,
                    "by": row.by_id,
                    "at": _moment(row.at),
                }
                for row in cut.rows.all()
            ],
            "tie": _tie(cut),
        }
        for cut in found.order_by("made_at", "pk")
    ]


def _tie(cut: Cut) -> dict[str, Any] | None:
    row: TieBreak | None = getattr(cut, "tie_break", None)
    if row is None:
        return None
    told = {"open_step": row.open_step, "why": row.why, "by": row.made_by_id, "at": row.made_at.isoformat()}
    return _kept(row) | {"places": row.places} | told


def _kept(row: Allocation | TieBreak | Standing) -> dict[str, Any]:
    return {
        "method": row.method,
        "method_version": row.method_version,
        "inputs": row.inputs,
        "inputs_digest": row.inputs_digest,
        "result_digest": row.result_digest,
    }


def _standing(row: Standing, round: Round) -> dict[str, Any]:
    by = RANK_BY[Round.Decides(row.decides)]
    lines = row.rows.order_by("entry__code").annotate(place=F(by))
    names = ("entry__code", "rank", "mean", "looks", "spread", "place")
    return _kept(row) | {
        "number": row.number,
        "in_force": row.superseded_at is None,
        "made_at": row.made_at.isoformat(),
        "decides": row.decides,
        "rows": [
            {
                "film": code,
                "rank": rank,
                "mean": None if mean is None else str(mean),
                "looks": looks,
                "spread": None if spread is None else str(spread),
                "place": place,
            }
            for code, rank, mean, looks, spread, place in lines.values_list(*names)
        ],
        "figures": row.figures,
        "adjusted": {
            "method": row.adjusted_method,
            "method_version": row.adjusted_version,
            "cut": row.cut,
            "seed": round.seed,
            "digest": row.adjusted_digest,
        }
        if row.adjusted_method
        else None,
    }


def _awards(edition: Edition) -> dict[str, Any] | None:
    """The versions of the list: the problem is written once for each proposal, as the site keeps it."""
    award_list = AwardList.objects.filter(edition=edition).first()
    if award_list is None:
        return None
    rules = {}
    for key, language in (("en", "en"), ("zh", "zh-hans")):
        with override(language):
            rules[key] = award_rules.rules_in_words(edition)
    versions = AwardVersion.objects.filter(award_list=award_list).select_related("base").order_by("number")
    return {
        "state": award_list.state,
        "rules": rules,
        "versions": [
            {
                "number": row.number,
                "base": row.base.number if row.base else None,
                "problem": row.problem,
                "changes": row.changes,
                "method": row.method,
                "method_version": row.method_version,
                "problem_digest": row.problem_digest,
                "result": row.result,
                "result_digest": row.result_digest,
            }
            for row in versions
        ],
        "steps": [
            {
                "kind": step.kind,
                "version": step.version,
                "at": step.at.isoformat(),
                "by": step.by_id,
                "reason": step.values.get("reason") or "",
            }
            for step in award_list.steps.order_by("at", "pk")
        ],
    }
