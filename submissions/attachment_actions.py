"""Writes of the files beside a film: the entrant's, and those of the worker that reads them.

What has arrived waits until a worker has put it away under its hash and looked at it in the limited child. Only then
it counts, and takes the place of the one before where a kind holds one file. A worker holds a row by a lease that it
renews; when it dies the reaper queues the row again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from festival.edition.models import Declaration
from festival.edition.tools import STAGES
from festival.kit.errors import Refused
from festival.kit.queue import enqueue
from festival.kit.words import file_size
from festival.people.actor import SYSTEM, Actor
from submissions import actions, permissions, storing
from submissions.attachment_kinds import Kind, Purpose, read_purpose
from submissions.cohorts import awaiting
from submissions.cohorts.models import DeliveryPart
from submissions.completeness import form_of
from submissions.correcting import followed, recorded
from submissions.correction_fields import file_part
from submissions.correction_queries import open_of
from submissions.drafts import hold_draft, not_open
from submissions.lifecycle import State
from submissions.models import Asset, Attachment, Entry, Question, Upload
from submissions.question_queries import asked_of

ATTEMPTS = 3
WAIT_REAPS = 4  # a file is put on the queue again when nobody read it within so many rounds of the reaper
REMIND_AT_MOST = 500
CAPTION_MOST = 500


def step_of(purpose: str) -> str:
    """The key of the entry's page (`steps.STEPS`) that a kind or purpose belongs to."""
    return "rights" if purpose.partition("/")[0] == "rights" else "files"


def part_of(purpose: str) -> str:
    """What a correction calls files of a purpose ("still", "answer/12"); documents about rights have no name there."""
    kind, _slash, of = purpose.partition("/")
    return "rights" if kind == "rights" else file_part(kind, of)


def part_of_file(row: Attachment | None) -> str:
    """The same for a file that is there; for none it is the name of nothing."""
    if row is None:
        return part_of("")
    return part_of(f"{row.kind}/{row.wording.question_id}" if row.wording else row.kind)


def assert_awaited(*, entry: Entry, by: Actor, purpose: str, at: datetime) -> None:
    """Refuses when this account cannot change the files of this purpose beside this film now."""
    if not permissions.is_entrant(by, entry):
        raise Refused(_("Only the entrant can add files."), status=403, code="not_allowed")
    if purpose.startswith("delivery/"):
        if awaiting.purpose_until(entry, purpose, at) is None:
            raise Refused(
                _("No file is awaited for this milestone now. Look at it again."), code="not_awaited"
            )
        return
    if not permissions.can_change(by, entry, part_of(purpose), at):
        if entry.submitted_at is not None and open_of(entry) is not None:
            raise not_open(entry, by, at)
        text = _("Files cannot be changed now: the entry is “%(state)s”.")
        raise Refused(text % {"state": entry.get_state_display()}, code="not_awaited")


def purpose_of(text: str) -> Purpose:
    """What an upload is for; refused where it is nothing that is taken."""
    purpose = read_purpose(text)
    if purpose is None:
        text = _("It is not said what this file is. Reload the page and choose the file again.")
        raise Refused(text, status=400, code="bad_purpose")
    return purpose


def assert_fits(*, entry: Entry, purpose: Purpose, size: int) -> None:
    """Refuses what is too large for its kind, too many of it, or asked for by nothing. Before the first byte."""
    kind = purpose.kind
    if size > kind.most_bytes:
        text = _(
            "The file has %(size)s; at most %(limit)s are taken here. Make it smaller and send it again."
        )
        values = {"size": file_size(size), "limit": file_size(kind.most_bytes)}
        raise Refused(text % values, status=413, code="too_large")
    if kind.key == "rights" and _declaration(entry, purpose) is None:
        text = _("No document is asked for with this declaration. Reload the page.")
        raise Refused(text, status=400, code="bad_purpose")
    if kind.key == "answer" and _question(entry, purpose) is None:
        text = _("This question is not asked of this film any more. Reload the page.")
        raise Refused(text, status=400, code="bad_purpose")
    if kind.single:
        return
    most = form_of(entry.edition).files.stills_most if kind.key == "still" else kind.most
    there = Attachment.objects.filter(entry=entry, kind=kind.key)
    if kind.key == "rights":
        there = there.filter(declaration__key=purpose.of)
    if kind.key == "answer":
        there = there.filter(wording__question=int(purpose.of))
    if there.count() >= most:
        text = _("There are %(count)s files of this kind already. Remove one before you add another.")
        raise Refused(text % {"count": most}, code="too_many")


def _declaration(entry: Entry, purpose: Purpose) -> Declaration | None:
    asked = Declaration.objects.filter(edition=entry.edition_id, key=purpose.of, retired_at__isnull=True)
    return asked.exclude(document=Declaration.Document.NONE).first()


def _question(entry: Entry, purpose: Purpose) -> Question | None:
    asked = asked_of(entry) if purpose.kind.key == "answer" else []
    return next((row for row in asked if row.kind == Question.Kind.FILE and row.pk == int(purpose.of)), None)


def take_upload(*, upload: Upload, entry: Entry, by: Actor, at: datetime) -> Attachment:
    """All parts of a file are there: it waits to be read. Called inside the upload's transaction, the entry locked."""
    purpose = purpose_of(upload.purpose)
    assert_awaited(entry=entry, by=by, purpose=upload.purpose, at=at)
    assert_fits(entry=entry, purpose=purpose, size=upload.size)
    with recorded(entry=entry, parts=(part_of(upload.purpose),), by=by, at=at):
        row = _take(upload=upload, entry=entry, purpose=purpose, at=at)
    _log(row, "file_added", by, at)
    _queue(row.pk)
    return row


def _take(*, upload: Upload, entry: Entry, purpose: Purpose, at: datetime) -> Attachment:
    same = Attachment.objects.filter(entry=entry, kind=purpose.kind.key)
    if purpose.kind.single:
        same.exclude(state=Attachment.State.READY).delete()
    rights, question = purpose.kind.key == "rights", _question(entry, purpose)
    last = same.aggregate(last=Max("position"))["last"]
    return Attachment.objects.create(
        entry=entry,
        kind=purpose.kind.key,
        upload=upload,
        filename=upload.filename,
        size=upload.size,
        position=0 if last is None else last + 1,
        stage=purpose.of if purpose.kind.key == "evidence" else "",
        declaration=_declaration(entry, purpose) if rights else None,
        wording=question.wording if question else None,
        created_at=at,
        hinted_at=at,
    )


def _log(row: Attachment, kind: str, by: Actor, at: datetime, **values: Any) -> None:
    actions.log_event(
        entry=row.entry, kind=kind, by=by, at=at, file=row.kind, filename=row.filename, **values
    )


def _queue(pk: int) -> None:
    from submissions.tasks import read_attachment

    enqueue(read_attachment, pk)


def _hold(entry: Entry, by: Actor, at: datetime, part: str) -> Entry:
    if not permissions.is_entrant(by, entry):
        raise Refused(_("Only the entrant can add files."), status=403, code="not_allowed")
    fresh = hold_draft(entry=entry, by=by, part=part, at=at)
    if fresh.state == State.DRAFT:
        actions.assert_in_time(fresh, at)
    return fresh


@transaction.atomic
def remove_attachment(*, entry: Entry, pk: int, by: Actor, at: datetime) -> None:
    """Take a file away. Its name and hash stay in the log. Removing it twice is removing it once."""
    row = Attachment.objects.filter(entry=entry, pk=pk).select_related("asset", "entry").first()
    held = _hold(entry, by, at, part_of_file(row))
    if row is None:
        return
    if DeliveryPart.objects.filter(attachment=row).exists():
        text = _("This file belongs to a delivery for a milestone and stays with it.")
        raise Refused(text, code="delivered")
    with recorded(entry=held, parts=(part_of_file(row),), by=by, at=at):
        gone = Attachment.objects.filter(pk=pk).delete()[0]
    if not gone:
        return
    _log(row, "file_removed", by, at, sha256=row.asset.sha256 if row.asset else "")


@transaction.atomic
def describe_attachment(
    *, entry: Entry, pk: int, caption: Mapping[str, str], by: Actor, at: datetime, stage: str = ""
) -> None:
    """Say what is to be seen, in one language or both, and of evidence which stage it is about."""
    row = Attachment.objects.filter(entry=entry, pk=pk).first()
    held = _hold(entry, by, at, part_of_file(row))
    if row is None:
        raise Refused(_("This file is no longer there."), status=404, code="gone")
    if stage and (row.kind != "evidence" or stage not in STAGES):
        raise Refused(_("Choose a stage from the list."), status=400, code="bad_stage")
    kept = {language: text.strip()[:CAPTION_MOST] for language, text in caption.items() if text.strip()}
    with recorded(entry=held, parts=(part_of_file(row),), by=by, at=at):
        Attachment.objects.filter(pk=pk).update(caption=kept, stage=stage)


@transaction.atomic
def order_attachments(*, entry: Entry, kind: Kind, order: Sequence[int], by: Actor, at: datetime) -> None:
    """Put files of a kind into an order; those that are not named follow as they stood."""
    held = _hold(entry, by, at, part_of(kind.key))
    rows = list(Attachment.objects.filter(entry=entry, kind=kind.key))
    place = {pk: number for number, pk in enumerate(order)}
    rows.sort(key=lambda row: place.get(row.pk, len(place)))
    with recorded(entry=held, parts=(part_of(kind.key),), by=by, at=at):
        _number(rows)


@transaction.atomic
def move_attachment(*, entry: Entry, pk: int, up: bool, by: Actor, at: datetime) -> None:
    """Let a file change places with the one before it or after it; at the end nothing happens."""
    row = Attachment.objects.filter(entry=entry, pk=pk).first()
    held = _hold(entry, by, at, part_of_file(row))
    if row is None:
        return
    rows = list(Attachment.objects.filter(entry=entry, kind=row.kind))
    here = next(place for place, each in enumerate(rows) if each.pk == pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
    with recorded(entry=held, parts=(part_of_file(row),), by=by, at=at):
        _number(rows)


def _number(rows: list[Attachment]) -> None:
    for number, row in enumerate(rows):
        row.position = number
    Attachment.objects.bulk_update(rows, ["position"])


# The worker's writes


def claim(*, pk: int, at: datetime) -> Attachment | None:
    """Take a waiting file. None when another worker has it, or it is read: of two workers one wins.

    A file over which worker after worker died is refused.
    """
    waiting = Attachment.objects.filter(pk=pk, state=Attachment.State.WAITING)
    free = waiting.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at))
    if free.filter(attempts__gte=ATTEMPTS).exists():
        record_refusal(pk=pk, code="crashed", at=at)
        return None
    until = at + timedelta(seconds=settings.LEASE_SECONDS)
    if not free.update(lease_until=until, attempts=F("attempts") + 1):
        return None
    return Attachment.objects.select_related("asset", "upload").filter(pk=pk).first()


def renew(*, pk: int, at: datetime) -> None:
    """Say that the work goes on."""
    until = at + timedelta(seconds=settings.LEASE_SECONDS)
    Attachment.objects.filter(pk=pk, state=Attachment.State.WAITING).update(lease_until=until)


@transaction.atomic
def record_original(*, row: Attachment, sha256: str, size: int, key: str, at: datetime) -> Asset:
    """The original is in the storage. The same bytes are one asset, however often they are sent in."""
    asset, _made = Asset.objects.get_or_create(
        sha256=sha256, defaults={"size": size, "key": key, "created_at": at}
    )
    storing.assert_kept(asset.key)
    Attachment.objects.filter(pk=row.pk).update(asset=asset)
    row.asset = asset
    return asset


@transaction.atomic
def record_ready(*, row: Attachment, facts: Mapping[str, Any], folder: str, at: datetime) -> bool:
    """The file counts from now on, in place of the one before. False when it was removed or recorded meanwhile."""
    held = _waiting(row.pk)
    if held is None:
        return False
    purpose = read_purpose(held.kind)
    with followed(entry=held.entry, part=part_of_file(held), sent_at=held.created_at, at=at):
        if purpose and purpose.kind.single:
            ready = Attachment.objects.filter(entry=held.entry, kind=held.kind, state=Attachment.State.READY)
            ready.delete()
        Attachment.objects.filter(pk=held.pk).update(
            state=Attachment.State.READY, facts=dict(facts), folder=folder, problem="", lease_until=None
        )
    assert held.asset is not None
    _log(held, "file_kept", SYSTEM, at, sha256=held.asset.sha256, size=held.size)
    return True


@transaction.atomic
def record_refusal(*, pk: int, code: str, at: datetime, facts: Mapping[str, Any] | None = None) -> bool:
    """The file cannot be used; `facts` hold what the sentence names."""
    held = _waiting(pk)
    if held is None:
        return False
    with followed(entry=held.entry, part=part_of_file(held), sent_at=held.created_at, at=at):
        Attachment.objects.filter(pk=pk).update(
            state=Attachment.State.REFUSED, problem=code[:40], facts=dict(facts or {}), lease_until=None
        )
    return True


def _waiting(pk: int) -> Attachment | None:
    """A waiting row with its entry locked, so that no entrant changes the entry's files meanwhile."""
    row = Attachment.objects.filter(pk=pk, state=Attachment.State.WAITING).only("entry_id").first()
    if row is None:
        return None
    Entry.objects.select_for_update(of=("self",)).get(pk=row.entry_id)
    held = Attachment.objects.filter(pk=pk, state=Attachment.State.WAITING)
    return held.select_related("entry", "asset", "wording").first()


def give_back(*, row: Attachment, at: datetime) -> None:
    """The work came to grief: it is tried again a little later, and refused after three attempts."""
    waiting = Attachment.objects.filter(pk=row.pk, state=Attachment.State.WAITING)
    waiting.update(lease_until=None, hinted_at=at)
    if waiting.filter(attempts__gte=ATTEMPTS).exists():
        record_refusal(pk=row.pk, code="crashed", at=at)


def remind(*, at: datetime) -> int:
    """Queue files again that nobody reads: a task was lost, or its worker."""
    late = at - timedelta(seconds=WAIT_REAPS * settings.REAP_SECONDS)
    waiting = Attachment.objects.filter(state=Attachment.State.WAITING).filter(
        Q(lease_until__isnull=True, hinted_at__lt=late) | Q(lease_until__lt=at)
    )
    ids = list(waiting.order_by("hinted_at").values_list("pk", flat=True)[:REMIND_AT_MOST])
    with transaction.atomic():
        Attachment.objects.filter(pk__in=ids).update(hinted_at=at, lease_until=None)
        for pk in ids:
            _queue(pk)
    return len(ids)
