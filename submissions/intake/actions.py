"""Writes of uploads: create, put a part, complete, abort, expire. Shaped like S3 multipart."""

import errno
import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.core.signing import SignatureExpired
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import one_line
from festival.people.actor import Actor
from festival.post import actions as post
from submissions import attachment_actions
from submissions.actions import log_event
from submissions.bucket import Unreachable
from submissions.inspect_actions import queue_inspection
from submissions.intake import limits
from submissions.intake.drivers import DRIVERS, driver_of, drivers_here, place_of_new
from submissions.intake.limits import disk_full
from submissions.intake.local_parts import LocalParts
from submissions.intake.parts import Closed, CutOff, Damaged, Part, Source, part_length
from submissions.models import Attachment, Entry, FilmVersion, Upload

KEPT = timedelta(days=7)  # how long an unfinished upload waits to be continued
JOINING = timedelta(minutes=15)  # how long a bucket may take to make one film of the parts
YOUNG = timedelta(minutes=10)  # what is younger may belong to a row that is just being written
SWEPT_AT_ONCE = 500


class MissingParts(Refused):
    """Completed too early; `details` names the parts that are not there."""

    def __init__(self, numbers: list[int]) -> None:
        super().__init__(
            _(
                "Parts of the film have not arrived yet. Choose the same file again: only these parts are sent."
            ),
            code="missing_parts",
        )
        self.details = {"missing": numbers}


def create_upload(
    *,
    entry: Entry,
    filename: str,
    size: Any,
    fingerprint: str,
    by: Actor,
    at: datetime,
    purpose: str = "",
) -> Upload:
    """Start an upload, or continue the open one of the same file. Refused before the first byte where that is known.

    `fingerprint` is whatever the client recognises the file by; it is only compared. `purpose` is empty for the film
    (see `attachment_kinds.Purpose`).
    """
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise Refused(
            _("The size of the file is missing. Choose the file again."), status=400, code="bad_size"
        )
    if size == 0:
        raise Refused(
            _("This file is empty (0 bytes). Export the film again and choose the new file."),
            status=400,
            code="empty",
        )
    limits.assert_awaited(entry=entry, by=by, at=at, purpose=purpose)
    key = hashlib.sha256(f"{purpose} {size} {fingerprint}".strip().encode()).hexdigest()
    upload = _open_upload(entry, key, at)  # may be continued after the deadline: its time is `expires_at`
    if upload is None:
        upload = _begin(entry, purpose, filename, size, key, by, at)
    _start(upload)
    return upload


def _begin(entry: Entry, purpose: str, filename: str, size: int, key: str, by: Actor, at: datetime) -> Upload:
    window = limits.assert_may_upload(entry=entry, by=by, at=at, purpose=purpose)
    place = place_of_new()
    part_size = limits.part_size_for(size, DRIVERS[place])
    if purpose:
        attachment_actions.assert_fits(entry=entry, purpose=attachment_actions.purpose_of(purpose), size=size)
    else:
        limits.assert_not_too_large(entry, size, part_size)
    expire_uploads(at=at, entry=entry)  # the same file may still wait here, its time over
    if not DRIVERS[place].has_room(size):
        raise disk_full()
    try:
        with transaction.atomic():
            limits.assert_quota(by=by, size=size, at=at)
            return Upload.objects.create(
                entry=entry,
                user=by.user,
                place=place,
                purpose=purpose,
                filename=clean_name(filename),
                size=size,
                part_size=part_size,
                fingerprint=key,
                created_at=at,
                expires_at=window.upload_until(at, KEPT),
            )
    except IntegrityError:  # another tab was faster
        upload = _open_upload(entry, key, at)
        if upload is None:
            raise Refused(_("This file is being uploaded in another window. Reload the page.")) from None
        return upload


def _start(upload: Upload) -> None:
    """Make room for the parts, anew where the bucket has forgotten them; of two windows the first one's counts."""
    multipart = driver_of(upload).start(upload)
    if multipart == upload.multipart:
        return
    same = Upload.objects.filter(pk=upload.pk, state=Upload.State.OPEN, multipart=upload.multipart)
    if not same.update(multipart=multipart):
        upload.refresh_from_db()  # ours is swept away
    else:
        upload.multipart = multipart


def _open_upload(entry: Entry, key: str, at: datetime) -> Upload | None:
    return entry.uploads.filter(fingerprint=key, state=Upload.State.OPEN, expires_at__gt=at).first()


def clean_name(name: str) -> str:
    """A file name to show: without folders, control characters and marks that turn the reading direction."""
    last = str(name).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    shown = one_line(last)
    if len(shown) > 255:
        stem, dot, ending = shown.rpartition(".")
        keep = dot + ending if dot and len(ending) <= 10 else ""
        shown = (stem if keep else shown)[: 255 - len(keep)] + keep
    return shown or "film"


def sign_part(*, upload: Upload, number: int) -> str:
    """A short-lived address for one part of an open upload."""
    try:
        return driver_of(upload).sign(upload, number)
    except Closed:
        raise _over() from None


def assert_signed(*, upload: Upload, number: int, signature: str) -> None:
    """Refuses unless `signature` is ours, for this part of this upload, and still good."""
    driver = driver_of(upload)
    try:
        signed = isinstance(driver, LocalParts) and driver.is_signed(upload, number, signature)
    except ValueError:
        raise Refused(_("There is no such part of this film."), status=400, code="no_such_part") from None
    except SignatureExpired:
        raise Refused(
            _("The address of this part has expired. Ask for a new one."), status=400, code="address_expired"
        ) from None
    if not signed:
        raise bad_address()


def bad_address() -> Refused:
    """The same for a forged signature and for an upload that is not there."""
    return Refused(_("The address of this part is not valid."), status=403, code="bad_address")


def keep_part(
    *, upload: Upload, number: int, length: int, source: Source, at: datetime, md5: str = ""
) -> Part:
    """Keep one part of an open upload: its exact length, or nothing. Sending a part again is allowed.

    `length` is what the client announced, and `md5` in hex if it did.
    """
    assert_open(upload, at)
    wanted = part_length(upload, number)
    if length != wanted:
        raise Refused(
            _("Part %(number)d must have %(wanted)d bytes, but %(length)d were announced.")
            % {"number": number, "wanted": wanted, "length": length},
            status=400,
            code="wrong_length",
        )
    try:
        return driver_of(upload).put(upload, number, source, md5)
    except CutOff:
        raise Refused(
            _("The connection broke off. This part is sent again."), status=400, code="cut_off"
        ) from None
    except Damaged:
        raise Refused(
            _("This part was damaged on its way. It is sent again."), status=400, code="wrong_checksum"
        ) from None
    except Closed:
        raise _over() from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full() from error
        raise


def assert_open(upload: Upload, at: datetime) -> None:
    """Refuses when nothing more is taken for this upload."""
    if upload.state != Upload.State.OPEN or at >= upload.expires_at:
        raise _over()


def _over() -> Refused:
    return Refused(
        _(
            "This upload is over: it was completed, discarded or has expired. Choose the file again to start anew."
        ),
        status=410,
        code="upload_over",
    )


def missing_parts(upload: Upload) -> list[int]:
    """Numbers of the parts that are not there in their right size."""
    there = {
        part.number
        for part in driver_of(upload).list(upload)
        if part.size == part_length(upload, part.number)
    }
    return [number for number in range(1, upload.part_count + 1) if number not in there]


def complete_upload(*, upload: Upload, by: Actor, at: datetime) -> FilmVersion | Attachment | None:
    """All parts are there: make the film version and queue its inspection. Twice is once.

    A file beside the film becomes an attachment; None when it was completed and has been removed since.

    Accepted until `expires_at`, which lies up to the grace minutes after the deadline: a film on its way arrives.
    Whether the entry can still be submitted is another question.

    The parts are made one film before the row says so, and outside of the transaction: a bucket may take minutes. Who
    dies in between finds the film whole when it asks again.
    """
    upload.refresh_from_db()
    if upload.state == Upload.State.COMPLETE:
        return _made_of(upload)
    assert_open(upload, at)
    limits.assert_awaited(entry=upload.entry, by=by, at=at, purpose=upload.purpose)
    missing = missing_parts(upload)
    if missing:
        raise MissingParts(missing)
    Upload.objects.filter(pk=upload.pk, state=Upload.State.OPEN, expires_at__lt=at + JOINING).update(
        expires_at=at + JOINING  # all of it came in time: nobody closes it while it is joined
    )
    begun = clock.now()
    try:
        driver_of(upload).complete(upload)
    except Closed:
        raise _over() from None
    # It arrives now: whoever could not submit meanwhile has the grace.
    return _take_over(upload, by, at + (clock.now() - begun))


def _made_of(upload: Upload) -> FilmVersion | Attachment | None:
    return Attachment.objects.filter(upload=upload).first() if upload.purpose else upload.version


@transaction.atomic
def _take_over(upload: Upload, by: Actor, at: datetime) -> FilmVersion | Attachment | None:
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state == Upload.State.COMPLETE:  # another window was faster
        return _made_of(upload)
    assert_open(upload, at)
    entry = Entry.objects.select_for_update(of=("self",)).select_related("edition").get(pk=upload.entry_id)
    limits.assert_awaited(entry=entry, by=by, at=at, purpose=upload.purpose)
    if upload.purpose:
        Upload.objects.filter(pk=upload.pk).update(state=Upload.State.COMPLETE, completed_at=at)
        return attachment_actions.take_upload(upload=upload, entry=entry, by=by, at=at)
    newest = entry.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = FilmVersion.objects.create(
        entry=entry,
        number=newest + 1,
        upload=upload,
        filename=upload.filename,
        size=upload.size,
        created_at=at,
    )
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.COMPLETE, completed_at=at)
    queue_inspection(version=version, at=at)
    log_event(
        entry=entry, kind="film_arrived", by=by, at=at, version=version.number, filename=version.filename
    )
    post.notify(
        user=entry.entrant,
        edition=entry.edition,
        kind="film_arrived",
        path=f"/entries/{entry.code}/",
        at=at,
        title=entry.title,
        code=entry.code,
        filename=version.filename,
    )
    return version


@transaction.atomic
def abort_upload(*, upload: Upload, at: datetime) -> None:
    """Discard an unfinished upload. A completed one stays; discarding twice is discarding once."""
    _close(upload, Upload.State.ABORTED)


@transaction.atomic
def expire_uploads(*, at: datetime, entry: Entry | None = None) -> int:
    """Close every unfinished upload (of one entry) whose time is over, and free its room."""
    late = Upload.objects.filter(state=Upload.State.OPEN, expires_at__lte=at)
    if entry is not None:
        late = late.filter(entry=entry)
    return sum(_close(upload, Upload.State.EXPIRED) for upload in late.only("place"))


def _close(upload: Upload, state: Upload.State) -> int:
    closed = Upload.objects.filter(pk=upload.pk, state=Upload.State.OPEN).update(state=state)
    if closed:  # a bucket that is away does not undo it: the sweep comes round
        transaction.on_commit(lambda: driver_of(upload).abort(upload.pk), robust=True)
    return closed


def sweep_parts(*, at: datetime) -> int:
    """Remove what nobody needs any more: of stored films, of uploads that are closed or unknown, forgotten beginnings.

    Everything under `uploads/` in the bucket, and every folder in SPOOL that is named like an upload, is ours.
    """
    count = 0
    for place, driver in drivers_here().items():
        try:
            old = [kept for kept in driver.kept() if kept.written < (at - YOUNG).timestamp()]
            for first in range(0, len(old), SWEPT_AT_ONCE):
                some = old[first : first + SWEPT_AT_ONCE]
                needed = _needed({kept.upload_id for kept in some}, place)
                for kept in some:
                    if needed.get(kept.upload_id) is None or kept.multipart not in (
                        "",
                        needed[kept.upload_id],
                    ):
                        driver.remove(kept)
                        count += 1
        except Unreachable:  # it was logged; the next round comes
            continue
    return count


def _needed(ids: set[uuid.UUID], place: str) -> dict[uuid.UUID, str]:
    """Of these uploads those whose parts are needed, with the bucket's name of them: open, or not yet stored."""
    rows = Upload.objects.filter(pk__in=ids, place=place)
    wanted = rows.filter(state=Upload.State.OPEN).values_list("pk", "multipart")
    not_stored = Q(version__isnull=False, version__asset__isnull=True)
    not_stored |= Q(attachment__isnull=False, attachment__asset__isnull=True)
    waiting = rows.filter(not_stored, state=Upload.State.COMPLETE)
    return {**dict(wanted), **dict(waiting.values_list("pk", "multipart"))}


def receive_form_file(
    *, entry: Entry, filename: str, size: int, source: Source, by: Actor, at: datetime, purpose: str = ""
) -> FilmVersion | Attachment | None:
    """A film or another file that came in one plain form, without JavaScript: the same way, part by part."""
    upload = create_upload(
        entry=entry,
        filename=filename,
        size=size,
        fingerprint=f"form {filename}",
        by=by,
        at=at,
        purpose=purpose,
    )
    for number in range(1, upload.part_count + 1):
        keep_part(upload=upload, number=number, length=part_length(upload, number), source=source, at=at)
    return complete_upload(upload=upload, by=by, at=at)
