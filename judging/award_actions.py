"""Writes of the award list while it is made: proposed, places changed by the chair, confirmed.

What follows (dates, letters, public notice, announcement, withdrawal) is in award_steps.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from festival.awards.models import AwardSlot
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.kit.words import say
from festival.people.actor import Actor
from judging import award_fill, award_inputs, motion_queries
from judging import award_permissions as permissions
from judging import award_queries as queries
from judging.award_state import assert_chair, assert_state, decide, hold, log_entries, step
from judging.models import AwardList, AwardStep, AwardVersion, Standing, Verdict, Vote
from submissions.lifecycle import State
from submissions.models import Entry

Decision = Entry.Decision
WHY_MAX = 1000


@transaction.atomic
def propose(*, edition: Edition, by: Actor, at: datetime, vacancies: bool = False) -> AwardList:
    """Fill the edition's slots from frozen standings, ballots and votes. While only proposed, it may be done anew.

    `vacancies`: places that no film can have under the rules may stay vacant; else the rules that clash are named.
    """
    if not permissions.can_propose(by, edition):
        raise Refused(_("Only the jury chair and the organisers propose awards."), status=403)
    slots = list(AwardSlot.objects.filter(edition=edition, added=False))
    if not slots:
        raise Refused(_("This edition has no award slots, so there is nothing to propose."), status=400)
    Edition.objects.select_for_update().get(pk=edition.pk)
    standings = award_inputs.standings_for(edition, slots)
    if "" not in standings:
        raise Refused(_("The last round is not closed yet. Awards are proposed from its frozen standing."))
    _assert_sources(slots, standings)
    award_list = AwardList.objects.select_for_update().filter(edition=edition).first()
    if award_list and award_list.state != AwardList.State.PROPOSED:
        raise Refused(_("The award list has been confirmed already. Reload the page."))
    if award_list is None:
        award_list = AwardList(edition=edition)
    award_list.standing, award_list.proposed_at, award_list.proposed_by = standings[""], at, by.user
    award_list.save()
    mentions = _mention_pins(award_list)
    given = {pin["slot"] for pin in mentions} | {slot.slug for slot in _moved_mentions(edition)}
    slots = list(AwardSlot.objects.filter(edition=edition).select_related("track"))
    slots = [slot for slot in slots if not slot.added or slot.slug in given]
    found = award_inputs.decisions(edition, slots)
    problem = award_inputs.problem_of(edition, slots, standings, found.orders)
    moved = {pin["slot"] for pin in found.pinned}
    pinned = [*found.pinned, *(pin for pin in mentions if pin["slot"] not in moved)]
    award_fill.write(
        award_list,
        problem=problem,
        base=None,
        changes={
            "pinned": pinned,
            "excluded": _excluded(award_list),
            "vacancies": vacancies,
            "motions": _motions(edition),
        },
        by=by,
        at=at,
    )
    step(award_list, AwardStep.Kind.PROPOSED, by, at, {"vacancies": vacancies})
    return award_list


def _mention_pins(award_list: AwardList) -> list[dict[str, Any]]:
    """Special mentions that the chair has given stay given when the list is proposed anew."""
    if not award_list.number:
        return []
    added = set(
        AwardSlot.objects.filter(edition=award_list.edition, added=True).values_list("slug", flat=True)
    )
    there = set(queries.competing(award_list).values_list("code", flat=True))
    there -= motion_queries.taken_out(award_list.edition)
    pins = latest(award_list).changes.get("pinned", ())
    return [pin for pin in pins if pin["slot"] in added and pin["film"] in there and "vote" not in pin]


def _moved_mentions(edition: Edition) -> list[AwardSlot]:
    """The slots of mentions that the jury has carried and that a film can have; made where they are not there yet."""
    found = []
    out = motion_queries.taken_out(edition)
    for vote in motion_queries.carried(edition).filter(motion=Vote.Motion.MENTION):
        if not motion_queries.films_left(vote, out):
            continue
        if vote.slot is None:
            vote.slot = _mention_slot(edition, vote.name)
            vote.save(update_fields=["slot"])
        found.append(vote.slot)
    return found


def _mention_slot(edition: Edition, name: dict[str, str]) -> AwardSlot:
    slots = list(AwardSlot.objects.filter(edition=edition))
    slugs = [one.slug for one in slots]
    number = next(n for n in range(1, len(slugs) + 2) if f"mention-{n}" not in slugs)
    return AwardSlot.objects.create(
        edition=edition,
        slug=f"mention-{number}",
        name=name,
        tier=AwardSlot.Tier.SPECIAL,
        decided_by=AwardSlot.DecidedBy.BALLOT,
        combines=slugs,
        added=True,
        position=max((one.position for one in slots), default=0) + 1,
    )


def _assert_sources(slots: Iterable[AwardSlot], standings: Mapping[str, Standing]) -> None:
    for slot in slots:
        if slot.decided_by == AwardSlot.DecidedBy.STANDING and slot.source not in standings:
            raise Refused(
                _("“%(award)s” goes by the standing of the round “%(round)s”, which is not closed yet.")
                % {"award": say(slot.name), "round": slot.source}
            )


def _excluded(award_list: AwardList) -> list[dict[str, str]]:
    """Films taken out once stay out, whatever is proposed anew."""
    there = queries.competing(award_list)
    rows = award_list.withdrawals.filter(entry__in=there).select_related("entry").order_by("entry__code")
    return [{"film": row.entry.code, "reason": "withdrawn"} for row in rows]


def _motions(edition: Edition) -> list[int]:
    return sorted(motion_queries.carried(edition).values_list("pk", flat=True))


@transaction.atomic
def set_verdict(
    *,
    verdict: Verdict,
    entry: Entry | None,
    reason: str,
    by: Actor,
    at: datetime,
    citation: dict[str, str] | None = None,
) -> Verdict:
    """The chair gives a place to another film, or leaves it vacant (`entry` None), with a reason.

    The place stays as she decides; all others are filled anew around it by the same rules. Only the citation changes
    when the film stays; no reason is needed.
    """
    award_list = hold(verdict.award_list_id)
    assert_chair(by, award_list)
    assert_state(award_list, AwardList.State.PROPOSED)
    verdict = queries.verdicts_of(award_list).get(pk=verdict.pk)
    stays = verdict.entry_id == (entry.pk if entry else None) and verdict.why.get("code") != "undecided"
    if stays:
        return _cite(award_list, verdict, citation, by, at)
    reason = _reason(reason)
    if entry is not None:
        _assert_may_have(award_list, entry, verdict.slot)
    slot, place = verdict.slot.slug, verdict.place
    was = verdict.entry.code if verdict.entry else ""
    pins = [
        pin
        for pin in latest(award_list).changes.get("pinned", ())
        if (pin["slot"], pin["place"], pin["film"]) not in ((slot, place, was), (slot, place, ""))
        and not (entry and pin["film"] == entry.code and not _together(verdict.slot, pin["slot"]))
    ]
    shared = any((pin["slot"], pin["place"]) == (slot, place) for pin in pins)
    if entry is not None or not shared:  # the others who share a place keep it
        pins.append(
            {
                "slot": slot,
                "place": place,
                "film": entry.code if entry else "",
                "reason": reason,
                "by": by.id,
                "at": at.isoformat(),
            }
        )
    refill(award_list, pins=pins, by=by, at=at)
    values = {"slot": slot, "place": place, "film": entry.code if entry else "", "reason": reason}
    step(award_list, AwardStep.Kind.CHANGED, by, at, values)
    rows = queries.verdicts_of(award_list).filter(slot__slug=slot, place=place)
    fresh = rows.filter(entry=entry).first() or rows.get(share=0)
    # The words in the form were written for the film before, unless somebody has changed them with the film.
    return _cite(award_list, fresh, citation if entry and citation != verdict.citation else None, by, at)


def _cite(
    award_list: AwardList, verdict: Verdict, citation: dict[str, str] | None, by: Actor, at: datetime
) -> Verdict:
    if citation is not None and citation != verdict.citation:
        verdict.citation = citation
        verdict.save(update_fields=["citation"])
        step(award_list, AwardStep.Kind.CITATION, by, at, {"slot": verdict.slot.slug, "place": verdict.place})
    return verdict


@transaction.atomic
def release(*, verdict: Verdict, by: Actor, at: datetime) -> AwardVersion:
    """The chair takes her decision over a place back: the rules fill it again."""
    award_list = hold(verdict.award_list_id)
    assert_chair(by, award_list)
    assert_state(award_list, AwardList.State.PROPOSED)
    if verdict.slot.added:
        raise Refused(
            _("No rule fills a special mention. Give it to another film, or leave it vacant."), code="mention"
        )
    slot, place = verdict.slot.slug, verdict.place
    pins = latest(award_list).changes.get("pinned", ())
    kept = [pin for pin in pins if (pin["slot"], pin["place"]) != (slot, place)]
    if len(kept) == len(pins):
        raise Refused(_("This place is filled by the rules already."))
    version = refill(award_list, pins=kept, by=by, at=at)
    step(award_list, AwardStep.Kind.CHANGED, by, at, {"slot": slot, "place": place, "released": True})
    return version


@transaction.atomic
def add_mention(
    *, award_list: AwardList, name: dict[str, str], entry: Entry, reason: str, by: Actor, at: datetime
) -> AwardSlot:
    """The chair gives a special mention that no slot foresaw; the film may hold another award besides.

    The public learns of the slot with its laureate.
    """
    award_list = hold(award_list.pk)
    assert_chair(by, award_list)
    assert_state(award_list, AwardList.State.PROPOSED)
    reason = _reason(reason)
    if not any(text.strip() for text in name.values()):
        raise Refused(_("Give the mention a name."), status=400, code="name")
    slots = list(AwardSlot.objects.filter(edition=award_list.edition))
    slot = _mention_slot(award_list.edition, name)
    _assert_may_have(award_list, entry, slot)
    version = latest(award_list)
    problem = dict((version.base or version).problem)
    order = f"{slot.decided_by}:{slot.slug}"
    known = {row["slot"] for row in problem["slots"]}
    problem["slots"] = [*problem["slots"], award_inputs.slot_row(slot, order, known)]
    problem["orders"] = {**problem["orders"], order: []}
    for kind in ("limits", "quotas"):
        problem[kind] = [
            {**rule, "slots": rule["slots"] or [one.slug for one in slots if not one.added]}
            for rule in problem[kind]
        ]
    pins = [*version.changes.get("pinned", ())]
    pins.append(
        {
            "slot": slot.slug,
            "place": 1,
            "film": entry.code,
            "reason": reason,
            "by": by.id,
            "at": at.isoformat(),
        }
    )
    award_fill.write(
        award_list, problem=problem, base=None, changes={**version.changes, "pinned": pins}, by=by, at=at
    )
    step(
        award_list, AwardStep.Kind.MENTION, by, at, {"slot": slot.slug, "film": entry.code, "reason": reason}
    )
    return slot


@transaction.atomic
def confirm(*, award_list: AwardList, by: Actor, at: datetime, version: int | None = None) -> AwardList:
    """The chair confirms: from now on every film of the rounds has its decision, and nobody knows it yet.

    `version`: the number of the list she has looked at; refused when it has changed since.
    """
    award_list = hold(award_list.pk)
    assert_chair(by, award_list)
    assert_state(award_list, AwardList.State.PROPOSED)
    if version is not None and version != award_list.number:
        raise Refused(
            _(
                "The list has changed since you looked at it: it is now version %(number)d. Look again, then confirm."
            )
            % {"number": award_list.number},
            code="version",
        )
    if award_list.edition.four_eyes and award_list.proposed_by_id == by.id:
        raise Refused(
            _("Two people decide here: whoever proposed the list does not confirm it. Ask another chair."),
            status=403,
            code="four_eyes",
        )
    _assert_in_force(award_list)
    _assert_decided(award_list)
    _assert_votes_in_force(award_list)
    holders = set(award_list.verdicts.exclude(entry=None).values_list("entry_id", flat=True))
    competing = set(queries.competing(award_list).values_list("pk", flat=True))
    gone = Entry.objects.filter(pk__in=holders - competing).values_list("title", flat=True)
    if gone:
        raise Refused(
            _(
                "“%(title)s” has left the competition. Propose the list anew or give its place to another film."
            )
            % {"title": gone[0]}
        )
    decide(holders, Decision.LAUREATE, by, at)
    decide(competing - holders, Decision.NOT_SELECTED, by, at)
    award_list.state, award_list.confirmed_at, award_list.confirmed_by = (
        AwardList.State.CONFIRMED,
        at,
        by.user,
    )
    award_list.save()
    step(award_list, AwardStep.Kind.CONFIRMED, by, at)
    return award_list


@transaction.atomic
def reopen(*, award_list: AwardList, by: Actor, at: datetime) -> AwardList:
    """The chair takes the confirmation back; possible until the first entrant has been told."""
    award_list = hold(award_list.pk)
    assert_chair(by, award_list)
    assert_state(award_list, AwardList.State.CONFIRMED)
    films = queries.judged(award_list)
    if not queries.can_reopen(award_list):
        raise Refused(
            _("Entrants have been told already. What they were told can no longer be changed here.")
        )
    decided = set(films.exclude(decision="").values_list("pk", flat=True))
    Entry.objects.filter(pk__in=decided).update(decision=Decision.NONE)
    log_entries(decided, "undecided", by, at, {})
    award_list.state, award_list.confirmed_at, award_list.confirmed_by = AwardList.State.PROPOSED, None, None
    award_list.save()
    step(award_list, AwardStep.Kind.REOPENED, by, at)
    return award_list


def latest(award_list: AwardList) -> AwardVersion:
    """The version in force."""
    return award_list.versions.select_related("base").get(number=award_list.number)


def refill(
    award_list: AwardList,
    *,
    by: Actor,
    at: datetime,
    pins: list[dict[str, Any]] | None = None,
    excluded: list[dict[str, str]] | None = None,
    vacancies: bool = False,
) -> AwardVersion:
    """The same problem with other decisions beside it; films that have left since are taken out. The caller holds the
    list.
    """
    before = latest(award_list)
    base = before.base or before
    out = before.changes.get("excluded", []) if excluded is None else excluded
    known = {one["film"] for one in out}
    there = {row["film"] for row in base.problem["entries"]}
    left = queries.judged(award_list).exclude(state=State.ELIGIBLE).order_by("code").distinct()
    gone = [code for code in left.values_list("code", flat=True) if code in there - known]
    pinned = before.changes.get("pinned", []) if pins is None else pins
    changes = {
        "pinned": [pin for pin in pinned if pin["film"] not in gone],
        "excluded": [*out, *({"film": code, "reason": "left"} for code in gone)],
        "vacancies": vacancies or before.changes.get("vacancies", False),
        "motions": before.changes.get("motions", []),
    }
    return award_fill.write(award_list, problem=base.problem, base=base, changes=changes, by=by, at=at)


def _reason(reason: str) -> str:
    reason = reason.strip()[:WHY_MAX]
    if not reason:
        raise Refused(
            _("Say why: the reason stays beside the place, for everybody who works with the list."),
            status=400,
        )
    return reason


def _together(slot: AwardSlot, other: str) -> bool:
    """Whether a film may hold both; the other slot's own word for it is asked too."""
    rows = AwardSlot.objects.filter(edition_id=slot.edition_id, slug=other)
    return other != slot.slug and (other in slot.combines or any(slot.slug in row.combines for row in rows))


def _assert_in_force(award_list: AwardList) -> None:
    """Read anew: a round may have been reopened at this moment."""
    slots = AwardSlot.objects.filter(edition=award_list.edition)
    standings = award_inputs.standings_for(award_list.edition, slots)
    if "" not in standings or standings[""].pk != award_list.standing_id:
        raise Refused(
            _(
                "The round was reopened, and this standing superseded. Propose the awards anew once it is closed."
            ),
            code="superseded",
        )


def _assert_decided(award_list: AwardList) -> None:
    for row in queries.verdicts_of(award_list):
        if row.why.get("code") == "undecided":
            raise Refused(
                _(
                    "“%(award)s” is not decided yet. Hold the vote and propose anew, or decide its place yourself."
                )
                % {"award": say(row.slot.name)},
                code="undecided",
            )


def _assert_votes_in_force(award_list: AwardList) -> None:
    """A vote may have been held, or the audience's counted anew, since the list was proposed."""
    edition = award_list.edition
    slots = list(AwardSlot.objects.filter(edition=edition))
    version = latest(award_list)
    problem = (version.base or version).problem
    there = set(queries.competing(award_list).values_list("code", flat=True))
    there &= {row["film"] for row in problem["entries"]}
    known = set(version.changes.get("motions", ()))
    new = next((one for one in motion_queries.carried(edition) if one.pk not in known), None)
    if new is not None:
        raise Refused(
            _("The jury has carried a motion since the list was proposed: “%(motion)s”. Propose it anew.")
            % {"motion": new.text},
            code="vote",
        )
    for slug, order in award_inputs.decisions(edition, slots).orders.items():
        slot = next(one for one in slots if one.slug == slug)
        before = problem["orders"].get(f"{slot.decided_by}:{slug}", ())
        if [row for row in order if row["film"] in there] != [row for row in before if row["film"] in there]:
            raise Refused(
                _("The vote about “%(award)s” has changed since the list was proposed. Propose it anew.")
                % {"award": say(slot.name)},
                code="vote",
            )


def _assert_may_have(award_list: AwardList, entry: Entry, slot: AwardSlot) -> None:
    """A film that was judged, still in the competition, and of the slot's track."""
    if not queries.competing(award_list).filter(pk=entry.pk).exists():
        raise Refused(_("This film is not in the standing, or has left the competition."), status=400)
    if award_list.withdrawals.filter(entry=entry).exists():
        raise Refused(_("This film was taken out of the awards."), status=400)
    if slot.track_id not in (None, entry.track_id):
        raise Refused(_("This award is for films of another track."), status=400)
