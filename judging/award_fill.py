"""Filling the award list: the problem with the chair's decisions goes to the engine, what comes back becomes a version.

The caller holds the list's row. `python -m judging.logic laurels` on a version's document gives the same places.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from festival.awards.models import AwardSlot
from festival.kit.errors import Refused
from festival.people.actor import Actor
from judging import award_words
from judging.logic.awarding.engine import METHOD, VERSION, fill
from judging.logic.canonical import digest
from judging.logic.commands import laurels
from judging.models import AwardList, AwardVersion, Verdict
from submissions.models import Entry


def document(version: AwardVersion) -> dict[str, Any]:
    """The whole problem of a version, as the engine read it."""
    base = version.base or version
    return merged(base.problem, version.changes)


def merged(problem: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A problem with the places that were decided and the films that were taken out."""
    pins = [
        {"slot": pin["slot"], "place": pin["place"], "film": pin["film"] or None}
        for pin in changes.get("pinned", ())
    ]
    slots = problem["slots"]
    if changes.get("vacancies"):
        slots = [{**slot, "may_be_vacant": True} for slot in slots]
    excluded = [{"film": one["film"], "reason": one["reason"]} for one in changes.get("excluded", ())]
    return {**problem, "slots": slots, "pinned": pins, "excluded": excluded}


def solve(problem: Mapping[str, Any]) -> dict[str, Any]:
    """The engine's answer, under documented names."""
    return laurels.as_json(fill(laurels.read(problem)))


def replays(version: AwardVersion) -> bool:
    """Whether the kept document gives the kept result again, to the byte."""
    problem = document(version)
    return digest(problem) == version.problem_digest and digest(solve(problem)) == version.result_digest


def write(
    award_list: AwardList,
    *,
    problem: Mapping[str, Any],
    base: AwardVersion | None,
    changes: Mapping[str, Any],
    by: Actor,
    at: datetime,
) -> AwardVersion:
    """Fill the slots, keep the version, and put its places in place of those before.

    Citations stay with their films. Refused, with the rules named, when no list keeps them all.
    """
    whole = merged(problem, changes)
    result = solve(whole)
    if result["clash"]:
        films = [row["film"] for row in result["clash"] if row.get("film")]
        names = award_words.names_for(award_list.edition, [], films)
        raise Refused(
            _("No list keeps these rules together: %(rules)s. Change one of them, or leave places vacant.")
            % {"rules": award_words.rules_text(result["clash"], names)},
            code="clash",
        )
    award_list.number += 1
    award_list.save(update_fields=["number"])
    version = AwardVersion.objects.create(
        award_list=award_list,
        number=award_list.number,
        base=base,
        problem={} if base else dict(problem),
        changes=dict(changes),
        result=result,
        problem_digest=digest(whole),
        result_digest=digest(result),
        method=METHOD,
        method_version=VERSION,
        made_at=at,
        made_by=by.user,
    )
    _write_places(award_list, whole, result, changes)
    return version


def _write_places(
    award_list: AwardList, problem: Mapping[str, Any], result: Mapping[str, Any], changes: Mapping[str, Any]
) -> None:
    slots = {slot.slug: slot for slot in AwardSlot.objects.filter(edition=award_list.edition)}
    codes = [row["film"] for row in result["places"] if row["film"]]
    entries = dict(Entry.objects.filter(edition=award_list.edition, code__in=codes).values_list("code", "pk"))
    held = [row for row in award_list.verdicts.select_related("slot") if row.entry_id]
    there = {(entries.get(row["film"]), row["slot"]) for row in result["places"] if row["film"]}
    stayed = {(row.entry_id, row.slot.slug): row for row in held}
    # A film that has lost one award and has another takes the words of the lost one along.
    lost = {row.entry_id: row for row in held if (row.entry_id, row.slot.slug) not in there}
    pins = {(pin["slot"], pin["place"], pin["film"]): pin for pin in changes.get("pinned", ())}
    whys = explained(problem, result, slots)
    award_list.verdicts.all().delete()
    rows = []
    shares: dict[tuple[str, int], int] = defaultdict(int)
    for row, why in zip(result["places"], whys, strict=True):
        key = (row["slot"], row["place"])
        entry = entries.get(row["film"]) if row["film"] else None
        old = stayed.get((entry, row["slot"])) or lost.get(entry) if entry else None
        pin = pins.get((*key, row["film"] or ""), {}) if why["code"] in ("pinned", "vacated") else {}
        same = old is not None and (old.slot.slug, old.place) == key
        rows.append(
            Verdict(
                award_list=award_list,
                slot=slots[row["slot"]],
                place=row["place"],
                share=shares[key],
                entry_id=entry,
                citation=old.citation if old else {},
                why=why | {name: pin[name] for name in ("reason", "vote") if name in pin},
                pin=pin,
                told_at=old.told_at if old is not None and same else None,
            )
        )
        shares[key] += 1
    Verdict.objects.bulk_create(rows)


def explained(
    problem: Mapping[str, Any], result: Mapping[str, Any], slots: Mapping[str, AwardSlot]
) -> list[dict[str, Any]]:
    """The engine's reasons with what a reader asks next: who decides the slot, and which films are exactly as good.

    `equal`: films of the same rank in the slot's order that could have had the place; `tied`: nothing told them apart.
    """
    orders = {row["slot"]: problem["orders"][row["order"]] for row in problem["slots"]}
    turn = {row["slot"]: number for number, row in enumerate(problem["slots"])}
    given = {(row["slot"], row["film"]) for row in result["places"] if row["film"]}
    first: dict[str, int] = {}  # the slot that a film was given first, in order of precedence
    for slug, film in given:
        first[film] = min(first.get(film, turn[slug]), turn[slug])
    tied: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in result["passed_over"]:
        if row["why"]["code"] == "tied":
            tied[row["slot"], row["why"]["with"]].append(row["film"])
    by_rank: dict[tuple[str, int], list[str]] = defaultdict(list)
    for slug, order in orders.items():
        for line in sorted(order, key=lambda line: (line["rank"], line.get("settled", 0), line["film"])):
            by_rank[slug, line["rank"]].append(line["film"])
    whys = []
    for row in result["places"]:
        slug, film, why = row["slot"], row["film"], dict(row["why"])
        slot = slots[slug]
        if why["code"] == "vacant" and slot.decided_by != AwardSlot.DecidedBy.STANDING and not orders[slug]:
            why = {"code": "undecided", "by": str(slot.decided_by)}
        elif why["code"] == "best":
            why["by"] = str(slot.decided_by)
            if tied[slug, film]:
                why |= {"equal": tied[slug, film], "tied": True}
            elif equal := [
                one for one in by_rank[slug, row["rank"]] if first.get(one, len(turn)) > turn[slug]
            ]:
                why["equal"] = equal[:5]
        elif why["code"] == "shared":
            why["equal"] = [one for one in by_rank[slug, row["rank"]] if (slug, one) in given and one != film]
        whys.append(why)
    return whys
