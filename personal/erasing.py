"""Carrying out the deletion of an account, from the table of decisions. Every step may be done twice.

Each entry is one transaction; the account's own rows, by which everything is found, are the last. What was in the
storage is removed after that.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import batched
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet

from festival.people.actor import SYSTEM, Actor
from festival.people.models import User
from festival.post.models import Notice
from personal import remnants
from personal.fates import OUT, addresses_of, entries_of, fate_of
from personal.holding import Act, End, Fate
from personal.models import DataExport, Erasure
from personal.scrubbing import Needles, containing, scrub
from personal.table import HOLDINGS, SWEPT
from personal.table_account import ACCOUNT
from personal.table_entry import ENTRY
from submissions import actions
from submissions.intake.actions import abort_upload
from submissions.lifecycle import State
from submissions.models import (
    Attachment,
    CorrectionChange,
    Credit,
    CreditInvitation,
    Entry,
    Event,
    Inspection,
    Upload,
)

BATCH = 500
MARK = "erased"  # the line in an entry's log that says so, and by which a second run knows
Step = Callable[[], None]


def needles_of(user: User) -> Needles:
    """The account's addresses, and its name."""
    return Needles(addresses_of(user), (user.name,) if user.name else ())


def carry_out(erasure: Erasure, step: Step) -> None:
    """Everything but the end (`erase_actions.finish`); `step` is called between the pieces, and may stop it."""
    user = erasure.user
    assert user is not None
    needles = needles_of(user)
    for pk in entries_of(user.pk).order_by("pk").values_list("pk", flat=True):
        step()
        empty_entry(erasure, user, pk, needles)
    for pk in foreign_entries(user, needles):
        step()
        leave_entry(erasure, user, pk, needles)
    step()
    end_deeds(erasure, user, needles)
    step()
    sweep(needles)
    step()
    end_account(erasure, user, needles)
    for remnant in list(erasure.remnants.order_by("-kind", "pk")):  # originals before what was made from them
        step()
        if remnants.remove(remnant):
            count(erasure, "files", "", 1)


def stop_work(user: User, at: datetime) -> bool:
    """Cancel what workers do with the account's entries; True when one was at it and must be given time to notice."""
    ids = [entry.pk for entry in entries_of(user.pk) if fate_of(entry) != Fate.SHOWN]
    inspections = Inspection.objects.filter(
        version__entry__in=ids, state__in=(Inspection.State.QUEUED, Inspection.State.RUNNING)
    )
    files = Attachment.objects.filter(entry__in=ids, state=Attachment.State.WAITING)
    copies = DataExport.objects.filter(user=user, state=DataExport.State.RUNNING)
    busy = (
        inspections.filter(state=Inspection.State.RUNNING, lease_until__gte=at).exists()
        or files.filter(lease_until__gte=at).exists()
        or copies.filter(lease_until__gte=at).exists()
    )
    inspections.update(state=Inspection.State.FAILED, lease_token=None, lease_until=None, finished_at=at)
    files.update(state=Attachment.State.REFUSED, problem="crashed", lease_until=None)
    copies.update(state=DataExport.State.FAILED, lease_token=None, lease_until=None)
    return busy


def end_sessions(user: User) -> int:
    """Log the account out everywhere; gives how many devices. What a session holds is not indexed: all are read."""
    gone = []
    for session in Session.objects.iterator(chunk_size=BATCH):
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            gone.append(session.pk)
    return Session.objects.filter(pk__in=gone).delete()[0]


@transaction.atomic
def empty_entry(erasure: Erasure, user: User, pk: int, needles: Needles) -> None:
    """One of the account's own entries, as its fate says. Uploads are held before it, as everywhere."""
    list(Upload.objects.select_for_update().filter(entry=pk).order_by("pk").values_list("pk", flat=True))
    if not Entry.objects.select_for_update(of=("self",)).filter(pk=pk).exists():
        return
    if Event.objects.filter(entry=pk, kind=MARK).exists():
        return
    entry = entries_of(user.pk).filter(pk=pk).first()
    if entry is None:  # went to another account meanwhile
        return
    fate = _settle(entry, user, erasure)
    at = erasure.started_at
    assert at is not None
    for upload in entry.uploads.filter(state=Upload.State.OPEN):
        abort_upload(upload=upload, at=at)
    known = Needles(needles.addresses, tuple(sorted({*needles.names, *_self_names(entry)})))
    before = remnants.refs_of(entry) | remnants.folders_of(entry)
    _forget_in_notices(user, entry.code, known)
    rows_of = Entry.objects.filter(pk=pk)
    for holding in HOLDINGS:
        for end in holding.ends.get(fate, ()):
            _apply(erasure, holding.key, end, holding.of_entries(rows_of), known)
    if fate == Fate.DRAFT:
        remnants.note(erasure, before)
    else:
        remnants.note(erasure, before - remnants.refs_of(entry))
        actions.log_event(entry=entry, kind=MARK, by=SYSTEM, at=at, fate=fate.value)


def _settle(entry: Entry, user: User, erasure: Erasure) -> Fate:
    """The entry's fate; one that must go out of the competition for it is withdrawn first."""
    fate = fate_of(entry)
    draft = fate == Fate.CLOSED and entry.state == State.DRAFT
    if not draft and fate != Fate.RUNNING:
        return fate
    if entry.public:  # was announced in the very moment: it stays as it was published
        return Fate.SHOWN
    assert erasure.started_at is not None
    actions.move(entry=entry, name="withdraw", by=Actor(user=user), at=erasure.started_at)
    assert entry.state in OUT
    return Fate.SHOWN if entry.in_use else Fate.CLOSED


def _self_names(entry: Entry) -> Iterator[str]:
    for name, other in Credit.objects.filter(entry=entry, is_self=True).values_list("name", "name_other"):
        yield from (text for text in (name, other) if text)


def foreign_entries(user: User, needles: Needles) -> list[int]:
    """Ids of other people's entries in which the account is named, or which went through its hands."""
    found: set[int] = set()
    for holding in ENTRY:
        for way in holding.ways:
            if way.others:
                rows = holding.of_account(way, user.pk, needles.addresses)
                found |= set(rows.order_by().values_list("entry_id", flat=True))
    passed = Event.objects.filter(kind="transferred")
    passed = passed.filter(Q(values__before_id=user.pk) | Q(values__after_id=user.pk))
    found |= set(passed.exclude(entry__entrant=user).order_by().values_list("entry_id", flat=True))
    return sorted(found)


@transaction.atomic
def leave_entry(erasure: Erasure, user: User, pk: int, needles: Needles) -> None:
    """Address and account go out of somebody else's entry; the film's billing stays."""
    entry = Entry.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if entry is None:
        return
    mine = Q(user=user) | Q(email__in=needles.addresses)
    said = CreditInvitation.objects.filter(mine, entry=entry)
    names = set(said.values_list("agreed_name", flat=True))
    names |= set(Credit.objects.filter(entry=entry, invitation__in=said).values_list("name", flat=True))
    known = Needles(needles.addresses, tuple(sorted({*needles.names, *names} - {""})))
    _forget_in_notices(user, entry.code, known)
    scrub(Event.objects.filter(entry=entry), ("values",), known)
    _forget_in_corrections(entry, known)
    for holding in ENTRY:
        for way in holding.ways:
            if way.others:
                for end in way.ends:
                    rows = holding.of_account(way, user.pk, needles.addresses).filter(entry=entry)
                    _apply(erasure, holding.key, end, rows, known)


def _forget_in_corrections(entry: Entry, needles: Needles) -> None:
    """Address and country of a co-author go out of the credits as they were corrected; the name is the film's."""
    for change in CorrectionChange.objects.filter(correction__entry=entry, field="credits"):
        found = False
        for people in (change.before, change.after):
            for person in people or ():
                if person.get("email") in needles.addresses:
                    person["email"] = person["country"] = ""
                    found = True
        if found:
            change.save(update_fields=["before", "after"])


def _forget_in_notices(user: User, code: str, needles: Needles) -> None:
    """In what others were told about an entry, this person's name is struck out."""
    about = Notice.objects.filter(values__code=code).exclude(user=user)
    scrub(containing(about, "values", needles.all), ("values",), needles)


@transaction.atomic
def end_deeds(erasure: Erasure, user: User, needles: Needles) -> None:
    """What the account did as a judge stays under its number; its own name goes out of what it wrote."""
    for holding in HOLDINGS:
        if holding in ACCOUNT:
            continue
        for way in holding.ways:
            if not way.others:
                for end in way.ends:
                    rows = holding.of_account(way, user.pk, needles.addresses)
                    _apply(erasure, holding.key, end, rows, needles)


def sweep(needles: Needles) -> None:
    """Strike the addresses out of whatever a team or the site wrote."""
    only = Needles(needles.addresses)
    for model, column in SWEPT:
        rows = containing(model._default_manager.order_by("pk"), column, only.all)
        scrub(rows, (column,), only)


@transaction.atomic
def end_account(erasure: Erasure, user: User, needles: Needles) -> None:
    """The account's own rows, and the account: what is left of it is a number."""
    copies = DataExport.objects.filter(user=user).exclude(key="").values_list("key", flat=True)
    remnants.note(erasure, {(remnants.MADE, key) for key in copies})
    if sessions := end_sessions(user):
        count(erasure, "deleted", "sessions", sessions)
    for holding in ACCOUNT:
        for way in holding.ways:
            for end in way.ends:
                rows = holding.of_account(way, user.pk, needles.addresses)
                _apply(erasure, holding.key, end, rows, needles)


def _apply(erasure: Erasure, key: str, end: End, rows: QuerySet[Any], needles: Needles) -> None:
    """One end, in batches."""
    ids = list(rows.filter(end.only).order_by().values_list("pk", flat=True).distinct())
    done = 0
    for batch in batched(ids, BATCH):
        held = rows.model._default_manager.filter(pk__in=batch)
        if end.act == Act.DELETE:
            done += held.delete()[1].get(rows.model._meta.label, 0)
            continue
        if end.scrub:
            scrub(held, end.scrub, needles, end.forget)
        if end.values:
            done += held.update(**end.values)
    if done:
        count(erasure, "deleted" if end.act == Act.DELETE else "blanked", key, done)


def count(erasure: Erasure, what: str, key: str, number: int) -> None:
    """Add to what the row of the deletion tells afterwards; numbers, no names."""
    if key:
        rows = erasure.counts.setdefault(what, {})
        rows[key] = rows.get(key, 0) + number
    else:
        erasure.counts[what] = erasure.counts.get(what, 0) + number
    Erasure.objects.filter(pk=erasure.pk).update(counts=erasure.counts)
