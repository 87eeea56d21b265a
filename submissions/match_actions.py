"""Writes about films that have something in common. Found by the worker, judged by a technician."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.kit.queue import enqueue
from festival.people.actor import SYSTEM, Actor
from submissions import permissions
from submissions.actions import settle
from submissions.event_log import log_event
from submissions.models import Entry, FilmPrints, FilmVersion, Match

if TYPE_CHECKING:  # matching loads the decoder, which the web has no need of
    from submissions.inspection.matching import Likeness, Range

type Found = tuple[int, str, Likeness]  # version, Match.Kind, what both have in common

REMIND_AT_MOST = 500
WAIT_REAPS = 4  # a film is put on the queue again when nobody matched it within so many rounds of the reaper


@transaction.atomic
def keep_prints(*, version: FilmVersion, data: bytes, at: datetime) -> None:
    """Keep a film's fingerprints; other ones than before are to be matched anew. The same ones change nothing."""
    before = FilmPrints.objects.filter(version=version).first()
    if before and bytes(before.data) == data:
        return
    if before:
        before.delete()
    FilmPrints.objects.create(version=version, data=data, made_at=at, hint_at=at + _wait())


def queue_matching(version_id: int) -> None:
    """Have a film held against all others once the present transaction has committed."""
    from submissions.tasks import match

    enqueue(match, version_id)


def remind(*, at: datetime) -> int:
    """Queue films again that were not matched: a task was lost, or waits.

    Ever more rarely, so that a long queue is not multiplied.
    """
    waiting = FilmPrints.objects.filter(matched_at__isnull=True, hint_at__lt=at).order_by("hint_at")
    rows = list(waiting.only("version_id", "made_at")[:REMIND_AT_MOST])
    for row in rows:
        row.hint_at = at + max(_wait(), at - row.made_at)
        queue_matching(row.version_id)
    FilmPrints.objects.bulk_update(rows, ["hint_at"])
    return len(rows)


def pass_over(*, prints: FilmPrints, at: datetime) -> None:
    """Fingerprints of another version match nothing; the film has its own again once it is inspected anew."""
    FilmPrints.objects.filter(pk=prints.pk).update(matched_at=at)


def _wait() -> timedelta:
    return timedelta(seconds=WAIT_REAPS * settings.REAP_SECONDS)


@transaction.atomic
def record_matches(*, prints: FilmPrints, found: "list[Found]", at: datetime) -> list[Match]:
    """Write what was found for a film; gives what was not known before. Safe to run twice, and beside itself."""
    version = prints.version
    new = []
    for other_id, kind, likeness in found:
        older = other_id < version.pk
        first, second = (other_id, version.pk) if older else (version.pk, other_id)
        ranges = [_sides(each, older) for each in likeness.ranges]
        values = {"share": likeness.share, "mirrored": likeness.mirrored, "ranges": ranges}
        match, made = Match.objects.get_or_create(
            first_id=first, second_id=second, kind=kind, defaults={**values, "found_at": at}
        )
        if made:
            new.append(match)
        elif match.state == Match.State.OPEN:
            Match.objects.filter(pk=match.pk, state=Match.State.OPEN).update(**values)
    replaced = FilmVersion.objects.filter(entry=version.entry_id, number__lt=version.number)
    Match.objects.filter(Q(first__in=replaced) | Q(second__in=replaced), state=Match.State.OPEN).delete()
    if new:
        ids = {match.first_id for match in new} | {match.second_id for match in new}
        for entry in Entry.objects.filter(versions__in=ids).distinct():
            log_event(entry=entry, kind="match_found", by=SYSTEM, at=at)
    FilmPrints.objects.filter(pk=prints.pk).update(matched_at=at)
    return new


def _sides(each: "Range", older: bool) -> list[float]:
    mine, its = [each.start, each.end], [each.other_start, each.other_end]
    return its + mine if older else mine + its


@transaction.atomic
def judge_match(
    *, match: Match, entry: Entry, state: Match.State, by: Actor, at: datetime, reason: str = ""
) -> None:
    """Confirm a match, or say with a reason that it is of no concern. Compare-and-set: who comes second is told."""
    other = match.first.entry if match.second.entry_id == entry.pk else match.second.entry
    if not permissions.can_judge_match(by, entry, other):
        raise Refused(
            _("This concerns a film of your own: somebody else of the team decides over it."),
            status=403,
            code="own_film",
        )
    if state == Match.State.DISMISSED and not reason:
        raise Refused(
            _("Say why this is of no concern: the next technician will want to know."),
            status=400,
            code="reason_missing",
        )
    still_open = Match.objects.filter(pk=match.pk, state=Match.State.OPEN)
    if not still_open.update(state=state, by=by.user, at=at, reason=reason):
        raise Refused(_("Somebody was faster. Reload the page to see what was decided."), code="judged")
    log_event(entry=entry, kind=f"match_{state.value}", by=by, at=at, reason=reason)
    if state == Match.State.DISMISSED and match.kind == Match.Kind.FILE:
        for held in sorted((entry, other), key=lambda one: one.pk):
            settle(entry=held, at=at)  # what waited for this decision alone goes on by itself
