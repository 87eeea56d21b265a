"""Writes of a confirmed award list: dates, letters, public notice, announcement, withdrawal with promotion.

Nobody learns it from the press: neither the notice nor the announcement happens before every entrant was told. The
clock (`take_due_steps`) carries out what an organiser has dated, to the minute.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.awards import actions as awards
from festival.awards import notice_actions
from festival.awards.models import Objection
from festival.edition.models import Phase
from festival.kit.errors import Refused
from festival.people.actor import SYSTEM, Actor
from festival.post.actions import notify_many
from festival.post.models import Notice
from judging import award_permissions as permissions
from judging import award_queries as queries
from judging.award_actions import latest, refill
from judging.award_state import assert_organiser, assert_state, decide, hold, log_entries, step
from judging.models import AwardList, AwardStep, Verdict, Withdrawal
from submissions.catalogue import write_films
from submissions.lifecycle import State
from submissions.models import Entry
from submissions.queries import co_authors_of

Decision = Entry.Decision
States = AwardList.State
PROMOTED = {"en": "Moved up in the frozen order.", "zh": "按既定排序依次递补。"}
REASON_MAX = 1000


@transaction.atomic
def set_dates(
    *,
    award_list: AwardList,
    notice_from: datetime | None,
    notice_until: datetime | None,
    announce_at: datetime | None,
    by: Actor,
    at: datetime,
) -> AwardList:
    """Say when the public notice begins and ends, and the minute of the announcement; the clock takes these steps.

    Refused for moments that have passed, for a notice without an end, for an announcement before the notice is over.
    """
    award_list = hold(award_list.pk)
    assert_organiser(by, award_list)
    assert_state(award_list, States.PROPOSED, States.CONFIRMED, States.NOTICE)
    over = award_list.state == States.NOTICE and notice_actions.is_closed(award_list.edition)
    if award_list.state == States.NOTICE:
        notice_from = award_list.notice_from
    if over:
        notice_until = award_list.notice_until  # what was is not dated anew; the announcement may be
    if (notice_from is None) != (notice_until is None):
        raise Refused(
            _("A public notice needs both its first and its last moment."), status=400, code="notice"
        )
    if notice_from and notice_until and notice_until <= notice_from:
        raise Refused(_("The public notice must end after it begins."), status=400, code="notice")
    fresh = [announce_at] + ([] if over else [notice_until])
    fresh += [notice_from] if award_list.state != States.NOTICE else []
    if any(moment is not None and moment <= at for moment in fresh):
        raise Refused(_("Choose moments in the future."), status=400, code="past")
    if announce_at and notice_until and announce_at < notice_until:
        raise Refused(
            _("The announcement cannot come before the public notice is over."), status=400, code="announce"
        )
    award_list.notice_from, award_list.notice_until = notice_from, notice_until
    award_list.announce_at, award_list.held_back = announce_at, {}
    award_list.save()
    moments = {"notice_from": notice_from, "notice_until": notice_until, "announce_at": announce_at}
    step(
        award_list,
        AwardStep.Kind.DATED,
        by,
        at,
        {name: moment.isoformat() if moment else "" for name, moment in moments.items()},
    )
    if award_list.state == States.NOTICE and notice_until and not over:
        notice_actions.extend_notice(edition=award_list.edition, ends_at=notice_until, by=by, at=at)
    return award_list


@transaction.atomic
def tell_entrants(*, award_list: AwardList, by: Actor, at: datetime) -> int:
    """Tell every entrant of the rounds, and the co-authors who agreed, what was decided; gives how many entries.

    Again tells only who was not told yet, or has another award since.
    """
    award_list = hold(award_list.pk)
    if not permissions.can_tell(by, award_list.edition):
        raise Refused(_("Only an organiser writes to the entrants."), status=403)
    if award_list.state == States.PROPOSED:
        raise Refused(_("The chair has not confirmed the list yet. Nobody can be told before."))
    return _tell(award_list, by, at)


def _tell(award_list: AwardList, by: Actor, at: datetime) -> int:
    untold = queries.competing(award_list).exclude(told=F("decision")).exclude(decision="")
    untold = untold.select_for_update()
    entries = list(untold.only("pk", "code", "title", "entrant_id", "decision"))
    fresh = {entry.pk for entry in entries}
    for decision in (Decision.LAUREATE, Decision.NOT_SELECTED):
        Entry.objects.filter(pk__in=fresh, decision=decision).update(told=decision, told_at=at)
    held = list(queries.verdicts_of(award_list).exclude(entry=None))
    moved = {row.entry_id for row in held if row.told_at is None} - fresh
    entries += list(Entry.objects.filter(pk__in=moved, state=State.ELIGIBLE))
    award_list.verdicts.filter(entry_id__in=fresh | moved).update(told_at=at)
    out = {row.entry_id: row.reason for row in award_list.withdrawals.all()}
    makers = co_authors_of(entry.pk for entry in entries)
    names = _award_names(held)
    notify_many(
        notices=[
            Notice(
                user_id=user,
                edition=award_list.edition,
                kind=_letter(entry, moved, out),
                path=f"/entries/{entry.code}/",
                created_at=at,
                values={
                    "title": entry.title,
                    "code": entry.code,
                    "award": names.get(entry.pk, {}),
                    "reason": out.get(entry.pk, {}),
                },
            )
            for entry in entries
            for user in (entry.entrant_id, *makers.get(entry.pk, ()))
        ]
    )
    log_entries(fresh | moved, "result_told", by, at, {})
    if entries:
        step(award_list, AwardStep.Kind.TOLD, by, at, {"count": len(entries)})
    return len(entries)


def _letter(entry: Entry, moved: set[int], out: Mapping[int, Any]) -> str:
    if entry.pk in out:
        return "award_withdrawn"
    return "result_moved" if entry.pk in moved else f"result_{entry.decision}"


def _award_names(held: Iterable[Verdict]) -> dict[int, dict[str, str]]:
    """By entry the names of its awards in both languages."""
    slots = defaultdict(list)
    for row in held:
        slots[row.entry_id].append(row.slot.name)
    return {
        entry: {
            "en": ", ".join(name.get("en") or name.get("zh", "") for name in names),
            "zh": "、".join(name.get("zh") or name.get("en", "") for name in names),
        }
        for entry, names in slots.items()
    }


@transaction.atomic
def start_notice(
    *, award_list: AwardList, by: Actor, at: datetime, until: datetime | None = None
) -> AwardList:
    """Put the list on public notice; everybody may object until `until` (as dated, when left out)."""
    award_list = hold(award_list.pk)
    assert_organiser(by, award_list)
    assert_state(award_list, States.CONFIRMED)
    until = until or award_list.notice_until
    if until is None or until <= at:
        raise Refused(_("Say until when objections are taken."), status=400, code="notice")
    _assert_upheld_are_out(award_list)
    _assert_everybody_told(award_list)
    award_list.state, award_list.notice_from, award_list.notice_until = States.NOTICE, at, until
    award_list.held_back = {}
    award_list.save()
    notice_actions.post_notice(
        edition=award_list.edition,
        version=award_list.number,
        rows=printed(award_list),
        ends_at=until,
        by=by,
        at=at,
    )
    step(award_list, AwardStep.Kind.NOTICE, by, at, {"until": until.isoformat()})
    return award_list


def printed(award_list: AwardList) -> list[dict[str, Any]]:
    """The list as the notice prints it: awards, titles and makers, nothing else. Vacant places are not in it."""
    rows = list(
        queries.verdicts_of(award_list)
        .filter(entry__state=State.ELIGIBLE)
        .order_by("slot__position", "place", "share")
    )
    makers = queries.makers_of([row.entry_id for row in rows])
    return [
        {
            "slot": row.slot.slug,
            "award": row.slot.name,
            "tier": row.slot.tier,
            "place": row.place,
            "share": row.share,
            "film": row.entry.code,
            "title": row.entry.title,
            "title_en": row.entry.title_en,
            "makers": makers.get(row.entry_id, ""),
        }
        for row in rows
    ]


@transaction.atomic
def end_notice(*, award_list: AwardList, by: Actor, at: datetime) -> AwardList:
    """The time for objections is over and each is decided; from now on the list can be announced."""
    award_list = hold(award_list.pk)
    assert_organiser(by, award_list)
    assert_state(award_list, States.NOTICE)
    if award_list.notice_until and at < award_list.notice_until:
        raise Refused(_("The public notice is not over yet."), code="notice")
    _assert_upheld_are_out(award_list)
    notice_actions.close_notice(edition=award_list.edition, by=by, at=at)
    award_list.held_back = {}
    award_list.save()
    step(award_list, AwardStep.Kind.NOTICE_CLOSED, by, at)
    return award_list


@transaction.atomic
def announce(*, award_list: AwardList, by: Actor, at: datetime) -> AwardList:
    """Show the world: films into the catalogue, laureates onto the wall, all at one moment.

    Refused until every entrant of the rounds has been told of what holds now, before the minute that was set, and
    while the public notice that the calendar foresees is to come or not over. The place of a film that was withdrawn
    meanwhile stays vacant. An announced list is brought up to date: places withdrawn and given to others since.
    """
    award_list = hold(award_list.pk)
    if by is not SYSTEM and not permissions.can_tell(by, award_list.edition):
        raise Refused(_("Only an organiser announces the laureates."), status=403)
    assert_state(award_list, States.CONFIRMED, States.NOTICE, States.ANNOUNCED)
    first = award_list.state != States.ANNOUNCED
    if first:
        _assert_notice_over(award_list, at)
        if award_list.announce_at and at < award_list.announce_at:
            raise Refused(
                _("The announcement is set for a later minute. Change the date first, or wait for it."),
                code="embargo",
            )
    elif not queries.unpublished(award_list):
        raise Refused(_("The laureates have been announced already, and nothing has changed since."))
    _assert_upheld_are_out(award_list)
    _assert_everybody_told(award_list)
    held = award_list.verdicts.exclude(entry=None)
    held.exclude(entry__state=State.ELIGIBLE).update(entry=None, why={"code": "withdrawn"}, pin={})
    # A correction that is being saved comes before or after, and the log says which.
    named = Entry.objects.select_for_update(of=("self",)).filter(pk__in=held.values("entry_id"))
    list(named.order_by("pk").values_list("pk", flat=True))
    verdicts = list(held.select_related("slot", "entry__track", "entry__edition"))
    films = write_films(entries={verdict.entry_id: verdict.entry for verdict in verdicts}.values())
    awards.announce(
        edition=award_list.edition,
        laureates=[
            awards.Winner(
                verdict.slot, verdict.place, films[verdict.entry_id], verdict.citation, verdict.share
            )
            for verdict in verdicts
        ],
        reasons=_reasons(award_list),
        at=at,
        again=not first,
    )
    log_entries({verdict.entry_id for verdict in verdicts} if first else (), "announced", by, at, {})
    if first:
        award_list.state, award_list.announced_at = States.ANNOUNCED, at
        award_list.announced_by, award_list.held_back = by.user, {}
        award_list.save()
    step(award_list, AwardStep.Kind.ANNOUNCED, by, at)
    return award_list


def _reasons(award_list: AwardList) -> dict[str, dict[str, str]]:
    return {row.entry.code: row.reason for row in award_list.withdrawals.select_related("entry")}


@transaction.atomic
def withdraw(
    *,
    award_list: AwardList,
    entry: Entry,
    reason: dict[str, str],
    by: Actor,
    at: datetime,
    objection: str = "",
) -> Withdrawal:
    """Take a film's awards away and promote by the frozen order: the same problem without it, filled again.

    Who moves up, and why, is published where the list is public already, and whoever has another award now, or none, is
    told at that moment; where it is not public yet, before it becomes so. Places that no film can have stay vacant.
    """
    award_list = hold(award_list.pk)
    if not permissions.can_follow(by, award_list.edition):
        raise Refused(_("Only the jury chair and the organisers withdraw an award."), status=403)
    assert_state(award_list, States.CONFIRMED, States.NOTICE, States.ANNOUNCED)
    reason = {language: text.strip()[:REASON_MAX] for language, text in reason.items() if text.strip()}
    if not {"en", "zh"} <= set(reason):
        raise Refused(_("Give the reason in both languages: it is published."), status=400, code="reason")
    before = list(queries.verdicts_of(award_list).exclude(entry=None))
    if not any(row.entry_id == entry.pk for row in before):
        raise Refused(_("This film holds no award."), code="none")
    kept = Withdrawal.objects.create(
        award_list=award_list, entry=entry, reason=reason, objection=objection, at=at, by=by.user
    )
    changes = latest(award_list).changes
    refill(
        award_list,
        pins=[pin for pin in changes.get("pinned", ()) if pin["film"] != entry.code],
        excluded=[*changes.get("excluded", ()), {"film": entry.code, "reason": "withdrawn"}],
        vacancies=True,
        by=by,
        at=at,
    )
    after = list(queries.verdicts_of(award_list).exclude(entry=None))
    holders = {row.entry_id for row in after}
    decide(holders, Decision.LAUREATE, by, at)
    decide({row.entry_id for row in before} - holders, Decision.NOT_SELECTED, by, at)
    step(
        award_list,
        AwardStep.Kind.WITHDRAWN,
        by,
        at,
        {"film": entry.code, "objection": objection, "reason": reason},
    )
    if award_list.state in (States.NOTICE, States.ANNOUNCED):
        _tell(award_list, by, at)
    if award_list.state == States.NOTICE:
        notice_actions.amend_notice(
            edition=award_list.edition,
            version=award_list.number,
            rows=printed(award_list),
            changes=moves(before, after, entry, reason),
            by=by,
            at=at,
        )
    if award_list.state == States.ANNOUNCED:
        awards.withdraw(edition=award_list.edition, source=entry.code, reason=reason, at=at)
    return kept


def moves(
    before: Iterable[Verdict], after: Iterable[Verdict], out: Entry, reason: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Each place that another film has now, from which to which, with the reason.

    Films that share a place are compared as a set: whoever stays beside a film that goes has not moved.
    """
    old, new = list(before), list(after)
    stays = {(row.slot_id, row.place, row.entry_id) for row in old} & {
        (row.slot_id, row.place, row.entry_id) for row in new
    }
    places: dict[tuple[int, int, int], tuple[list[Verdict], list[Verdict]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((old, new)):
        for row in rows:
            if (row.slot_id, row.place, row.entry_id) not in stays:
                places[row.slot.position, row.slot_id, row.place][side].append(row)
    found = []
    for _place, (gone, come) in sorted(places.items(), key=lambda item: item[0]):
        gone.sort(key=lambda row: (row.entry_id != out.pk, row.share))
        for was, now in zip_longest(gone, sorted(come, key=lambda row: row.share)):
            row = was or now
            found.append(
                {
                    "slot": row.slot.slug,
                    "place": row.place,
                    "from": _film(was),
                    "to": _film(now),
                    "reason": dict(reason) if was and was.entry_id == out.pk else PROMOTED,
                }
            )
    return found


def _film(row: Verdict | None) -> dict[str, str] | None:
    if row is None or row.entry is None:
        return None
    return {"code": row.entry.code, "title": row.entry.title, "title_en": row.entry.title_en}


def needs_notice(award_list: AwardList) -> bool:
    """Whether the list must stand on public notice before it is announced: dated so, foreseen in the calendar, or
    because an earlier one was taken down from there.
    """
    if award_list.notice_from or notice_actions.was_taken_down(award_list.edition):
        return True
    return Phase.objects.filter(edition=award_list.edition, kind=Phase.Kind.NOTICE).exists()


def _assert_notice_over(award_list: AwardList, at: datetime) -> None:
    if not needs_notice(award_list):
        return
    if award_list.state == States.CONFIRMED:
        raise Refused(
            _("The list must stand on public notice first. Begin the notice, then announce."), code="notice"
        )
    if not notice_actions.is_closed(award_list.edition):
        raise Refused(
            _("The public notice is not over yet, or objections are still undecided."), code="notice"
        )


def _assert_upheld_are_out(award_list: AwardList) -> None:
    """A film that an upheld objection is about holds no award any more."""
    upheld = Objection.objects.filter(
        notice__edition=award_list.edition, state=Objection.State.UPHELD
    ).exclude(film="")
    held = award_list.verdicts.filter(entry__code__in=upheld.values("film")).select_related("entry").first()
    if held:
        raise Refused(
            _("An objection to “%(title)s” was upheld. Withdraw its award first.")
            % {"title": held.entry.title},
            code="upheld",
        )


def _assert_everybody_told(award_list: AwardList) -> None:
    untold = queries.telling(award_list).untold
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


def take_due_steps(*, at: datetime) -> int:
    """What organisers have dated, once its time has come. Run by the clock every few seconds; safe to run twice.

    A step that cannot be taken is kept with its reason, shown on the desk, and tried again.
    """
    due = AwardList.objects.filter(
        Q(state=States.CONFIRMED, notice_from__lte=at)
        | Q(state=States.NOTICE, notice_until__lte=at)
        | Q(state__in=[States.CONFIRMED, States.NOTICE], announce_at__lte=at)
    )
    taken = 0
    for award_list in due:
        for name, act in _due(award_list, at):
            try:
                act(award_list=award_list, by=SYSTEM, at=at)
                taken += 1
            except Refused as refusal:
                kept = {"step": name, "code": refusal.code}
                AwardList.objects.filter(pk=award_list.pk).exclude(held_back=kept).update(held_back=kept)
                break
    return taken


def _due(award_list: AwardList, at: datetime) -> Iterable[tuple[str, Any]]:
    if award_list.state == States.CONFIRMED and award_list.notice_from and award_list.notice_from <= at:
        yield "notice", start_notice
    if (
        award_list.notice_until
        and award_list.notice_until <= at
        and award_list.state == States.NOTICE
        and not notice_actions.is_closed(award_list.edition)
    ):
        yield "notice_over", end_notice
    if award_list.announce_at and award_list.announce_at <= at:
        yield "announce", announce
