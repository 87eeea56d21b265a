"""Everything that an edition's results follow from, as one document that can be checked without the site.

Films are named by their codes, judges by the numbers of their accounts; there are no names in it.
"""

from typing import Any

from django.db.models import F

from festival.edition.models import Edition
from judging import award_fill
from judging.logic.canonical import canonical
from judging.models import Allocation, AwardVersion, Round, Standing, TieBreak, Vote
from judging.queries import RANK_BY

FORMAT, VERSION = "firstlight-results", 1


def export(edition: Edition) -> bytes:
    """The document in its one byte form (judging.logic.canonical)."""
    return canonical(document(edition))


def document(edition: Edition) -> dict[str, Any]:
    """Rounds with drawings of looks, standings, ties settled and changes after the freeze; votes; award lists."""
    rounds = edition.rounds.prefetch_related("criteria").order_by("position", "pk")
    versions = AwardVersion.objects.filter(award_list__edition=edition).select_related("base")
    votes = Vote.objects.filter(meeting__edition=edition, state=Vote.State.CLOSED)
    return {
        "format": FORMAT,
        "version": VERSION,
        "edition": edition.slug,
        "rounds": [_round(round) for round in rounds if round.state != Round.State.PLANNED],
        "votes": [
            {
                "vote": vote.pk,
                "slot": vote.slot.slug if vote.slot else "",
                "inputs": vote.inputs,
                "result": vote.result,
                "result_digest": vote.result_digest,
            }
            for vote in votes.select_related("slot").order_by("closed_at", "pk")
        ],
        "awards": [
            {
                "number": version.number,
                "method": version.method,
                "method_version": version.method_version,
                "problem": award_fill.document(version),
                "problem_digest": version.problem_digest,
                "result": version.result,
                "result_digest": version.result_digest,
            }
            for version in versions.order_by("number")
        ],
    }


def _round(round: Round) -> dict[str, Any]:
    return {
        "round": round.slug,
        "gate": round.gate,
        "seed": round.seed,
        "criteria": [
            {"criterion": row.slug, "weight": str(row.weight)}
            for row in round.criteria.order_by("position", "pk")
        ],
        "changes": [
            {
                "what": row.what,
                "before": row.before,
                "after": row.after,
                "reason": row.reason,
                "at": row.at.isoformat(),
            }
            for row in round.changes.order_by("at", "pk")
        ],
        "allocations": [
            _kept(row) | {"purpose": row.purpose}
            for row in Allocation.objects.filter(round=round).order_by("pk")
        ],
        "standings": [
            _standing(row, round) for row in Standing.objects.filter(round=round).order_by("number")
        ],
        "ties": [
            _kept(row) | {"places": row.places}
            for row in TieBreak.objects.filter(cut__round=round).order_by("pk")
        ],
    }


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
