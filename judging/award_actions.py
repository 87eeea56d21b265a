"""Writes of the award list: proposed from a frozen standing, confirmed by the chair, told, announced."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.awards import actions as awards
from festival.awards.models import AwardSlot
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.post.actions import notify_many
from festival.post.models import Notice
from judging import award_permissions as permissions
from judging import award_queries as queries
from judging import tie_actions
from judging.logic import laurels
from judging.models import AwardList, Round, Standing, Verdict
from submissions.catalogue import write_films
from submissions.lifecycle import State
from submissions.models import Entry, Event
from submissions.queries import co_authors_of

BATCH = 1000
Decision = Entry.Decision


@transaction.atomic
def propose(*, standing: Standing, by: Actor, at: datetime) -> AwardList:
    """Fill the edition's slots from a closed round's standing. While only proposed, a list may be proposed anew."""
    edition = standing.round.edition
    if not permissions.can_propose(by, edition):
        raise Refused(_("Only the jury chair and the organisers propose awards."), status=403)
    if standing.round.state != Round.State.CLOSED:
        raise Refused(_("The round is not closed yet. Awards are proposed from its frozen standing."))
    _assert_in_force(standing)
    slots = list(AwardSlot.objects.filter(edition=edition).select_related("track"))
    if not slots:
        raise Refused(_("This edition has no award slots, so there is nothing to propose."), status=400)
    Edition.objects.select_for_update().get(pk=edition.pk)
    # Held: the chair may be confirming it at this moment.
    old = AwardList.objects.select_for_update().filter(edition=edition).first()
    if old and old.state != AwardList.State.PROPOSED:
        raise Refused(_("The award list has been confirmed already. Reload the page."))
    if old:
        old.delete()
    rows = list(queries.standing_rows(standing))
    entries = {row.entry.code: row.entry_id for row in rows}
    settled = tie_actions.places_among_equals(standing, {row.entry.code: row.place for row in rows})
    places = laurels.propose(
        [laurels.Slot(slot.slug, slot.places, slot.track.slug if slot.track else "") for slot in slots],
        [
            laurels.Ranked(row.entry.code, row.entry.track.slug, row.place, settled.get(row.entry.code, 0))
            for row in rows
        ],
    )
    award_list = AwardList.objects.create(
        edition=edition, standing=standing, proposed_at=at, proposed_by=by.user
    )
    by_slug = {slot.slug: slot for slot in slots}
    Verdict.objects.bulk_create(
        Verdict(
            award_list=award_list,
            slot=by_slug[place.slot],
            place=place.place,
            entry_id=entries.get(place.film),
            why=place.why,
        )
        for place in places
    )
    return award_list


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

    A film holds one award: one that stands elsewhere on the list changes places with the film here, or leaves its
    place vacant where the other may not have it. Only the citation changes when the film stays; no reason is needed.
    """
    award_list = _lock(verdict.award_list_id)
    _assert_chair(by, award_list)
    _assert_state(award_list, AwardList.State.PROPOSED)
    verdict = award_list.verdicts.select_related("slot", "entry").get(pk=verdict.pk)
    if citation is not None:
        verdict.citation = citation
        verdict.save(update_fields=["citation"])
    if verdict.entry_id == (entry.pk if entry else None):
        return verdict
    if not reason.strip():
        raise Refused(
            _("Say why: the reason stays beside the place, for everybody who works with the list."),
            status=400,
        )
    if entry is not None:
        _assert_may_have(award_list, entry, verdict.slot)
    why = {"code": "chair", "reason": reason.strip(), "by": by.id, "at": at.isoformat()}
    before = verdict.entry
    held = award_list.verdicts.select_related("slot").filter(entry=entry).first() if entry else None
    if held:
        fits = before is not None and held.slot.track_id in (None, before.track_id)
        Verdict.objects.filter(pk__in=[held.pk, verdict.pk]).update(entry=None)
        Verdict.objects.filter(pk=held.pk).update(entry=before if fits else None, why=why)
    Verdict.objects.filter(pk=verdict.pk).update(entry=entry, why=why)
    verdict.refresh_from_db()
    return verdict


@transaction.atomic
def confirm(*, award_list: AwardList, by: Actor, at: datetime) -> AwardList:
    """The chair confirms: from now on every film of the round has its decision, and nobody knows it yet."""
    award_list = _lock(award_list.pk)
    _assert_chair(by, award_list)
    _assert_state(award_list, AwardList.State.PROPOSED)
    _assert_in_force(award_list.standing)
    holders = set(award_list.verdicts.exclude(entry=None).values_list("entry_id", flat=True))
    competing = set(queries.competing(award_list).values_list("pk", flat=True))
    gone = Entry.objects.filter(pk__in=holders - competing).values_list("title", flat=True)
    if gone:
        raise Refused(
            _(
                "“%(title)s” has left the competition. Give its place to another film or leave it vacant, then confirm."
            )
            % {"title": gone[0]}
        )
    _decide(holders, Decision.LAUREATE, by, at)
    _decide(competing - holders, Decision.NOT_SELECTED, by, at)
    award_list.state, award_list.confirmed_at, award_list.confirmed_by = (
        AwardList.State.CONFIRMED,
        at,
        by.user,
    )
    award_list.save()
    return award_list


def _decide(entry_ids: set[int], decision: str, by: Actor, at: datetime) -> None:
    Entry.objects.filter(pk__in=entry_ids).update(decision=decision)
    _log(entry_ids, "decided", by, at, {"decision": str(decision)})


@transaction.atomic
def reopen(*, award_list: AwardList, by: Actor, at: datetime) -> AwardList:
    """The chair takes the confirmation back; possible until the first entrant has been told."""
    award_list = _lock(award_list.pk)
    _assert_chair(by, award_list)
    _assert_state(award_list, AwardList.State.CONFIRMED)
    films = queries.judged(award_list)
    if films.exclude(told="").exists():
        raise Refused(
            _("Entrants have been told already. What they were told can no longer be changed here.")
        )
    decided = set(films.exclude(decision="").values_list("pk", flat=True))
    Entry.objects.filter(pk__in=decided).update(decision=Decision.NONE)
    _log(decided, "undecided", by, at, {})
    award_list.state, award_list.confirmed_at, award_list.confirmed_by = AwardList.State.PROPOSED, None, None
    award_list.save()
    return award_list


@transaction.atomic
def tell_entrants(*, award_list: AwardList, by: Actor, at: datetime) -> int:
    """Tell every entrant of the round, and the co-authors who agreed, laureates or not; gives how many entries.

    Again tells only who was not told yet.
    """
    award_list = _lock(award_list.pk)
    if not permissions.can_tell(by, award_list.edition):
        raise Refused(_("Only an organiser writes to the entrants."), status=403)
    if award_list.state == AwardList.State.PROPOSED:
        raise Refused(_("The chair has not confirmed the list yet. Nobody can be told before."))
    untold = queries.competing(award_list).filter(told="").exclude(decision="").select_for_update()
    entries = list(untold.only("pk", "code", "title", "entrant_id", "decision"))
    ids = {entry.pk for entry in entries}
    for decision in (Decision.LAUREATE, Decision.NOT_SELECTED):
        Entry.objects.filter(pk__in=ids, decision=decision).update(told=decision, told_at=at)
    makers = co_authors_of(ids)
    notify_many(
        notices=[
            Notice(
                user_id=user,
                edition=award_list.edition,
                kind=f"result_{entry.decision}",
                path=f"/entries/{entry.code}/",
                created_at=at,
                values={"title": entry.title, "code": entry.code},
            )
            for entry in entries
            for user in (entry.entrant_id, *makers.get(entry.pk, ()))
        ]
    )
    _log(ids, "result_told", by, at, {})
    return len(entries)


@transaction.atomic
def announce(*, award_list: AwardList, by: Actor, at: datetime) -> AwardList:
    """Show the world: films into the catalogue, laureates onto the wall, all at one moment.

    Refused until every entrant of the round has been told: nobody learns it from the press. The place of a film
    that was withdrawn meanwhile stays vacant.
    """
    award_list = _lock(award_list.pk)
    if not permissions.can_tell(by, award_list.edition):
        raise Refused(_("Only an organiser announces the laureates."), status=403)
    _assert_state(award_list, AwardList.State.CONFIRMED)
    untold = queries.competing(award_list).filter(told="").count()
    if untold:
        raise Refused(
            ngettext(
                "%(count)d entrant has not been told yet. Tell everybody first, then announce.",
                "%(count)d entrants have not been told yet. Tell everybody first, then announce.",
                untold,
            )
            % {"count": untold},
            code="untold",
        )
    held = queries.verdicts_of(award_list).exclude(entry=None)
    held.exclude(entry__state=State.ELIGIBLE).update(entry=None, why={"code": "withdrawn"})
    # A correction that is being saved comes before or after, and the log says which.
    named = Entry.objects.select_for_update(of=("self",)).filter(pk__in=held.values("entry_id"))
    list(named.order_by("pk").values_list("pk", flat=True))
    verdicts = list(held.select_related("slot", "entry__track", "entry__edition"))
    films = write_films(entries=[verdict.entry for verdict in verdicts])
    awards.announce(
        edition=award_list.edition,
        laureates=[
            awards.Winner(verdict.slot, verdict.place, films[verdict.entry_id], verdict.citation)
            for verdict in verdicts
        ],
        at=at,
    )
    _log({verdict.entry_id for verdict in verdicts}, "announced", by, at, {})
    award_list.state, award_list.announced_at, award_list.announced_by = (
        AwardList.State.ANNOUNCED,
        at,
        by.user,
    )
    award_list.save()
    return award_list


def _lock(pk: int) -> AwardList:
    """The list as it is now, held until the transaction ends: its steps come one after the other."""
    try:
        return (
            AwardList.objects.select_for_update(of=("self",))
            .select_related("edition", "standing__round")
            .get(pk=pk)
        )
    except AwardList.DoesNotExist:
        raise Refused(_("The awards have been proposed anew meanwhile. Reload the page.")) from None


def _assert_chair(by: Actor, award_list: AwardList) -> None:
    if not permissions.can_decide(by, award_list.edition):
        raise Refused(_("Only the jury chair decides over the awards."), status=403)


def _assert_in_force(standing: Standing) -> None:
    """Read anew: the round may have been reopened at this moment."""
    if Standing.objects.filter(pk=standing.pk, superseded_at__isnull=False).exists():
        raise Refused(
            _(
                "The round was reopened, and this standing superseded. Propose the awards anew once it is closed."
            ),
            code="superseded",
        )


def _assert_state(award_list: AwardList, state: AwardList.State) -> None:
    if award_list.state != state:
        raise Refused(
            _("Somebody was faster: the award list is now “%(state)s”. Reload the page and look again.")
            % {"state": award_list.get_state_display()}
        )


def _assert_may_have(award_list: AwardList, entry: Entry, slot: AwardSlot) -> None:
    """A film of the standing, still in the competition, and of the slot's track."""
    if not queries.standing_rows(award_list.standing).filter(entry=entry).exists():
        raise Refused(_("This film is not in the standing, or has left the competition."), status=400)
    if slot.track_id not in (None, entry.track_id):
        raise Refused(_("This award is for films of another track."), status=400)


def _log(entry_ids: set[int], kind: str, by: Actor, at: datetime, values: dict[str, str]) -> None:
    """A line in the log of each entry, in one go."""
    Event.objects.bulk_create(
        (Event(entry_id=pk, kind=kind, actor=by.user, at=at, values=values) for pk in sorted(entry_ids)),
        batch_size=BATCH,
    )
