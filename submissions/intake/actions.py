"""Writes of uploads: create, put a part, complete, abort, expire. Shaped like S3 multipart."""

import errno
import hashlib
import shutil
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.signing import SignatureExpired
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from festival.edition.rulebook import Rulebook
from festival.kit.errors import Refused
from festival.kit.incoming import one_line
from festival.kit.words import file_size
from festival.people.actor import Actor
from festival.post import actions as post
from submissions import attachment_actions, permissions
from submissions.actions import log_event
from submissions.correction_queries import granted_of
from submissions.in_time import assert_may_upload as assert_window_open
from submissions.inspect_actions import queue_inspection
from submissions.intake.drivers import Closed, CutOff, Part, Source, driver, part_length
from submissions.lifecycle import State
from submissions.models import Attachment, Entry, FilmVersion, Upload
from submissions.window import Window

MIB = 1 << 20
KEPT = timedelta(days=7)  # how long an unfinished upload waits to be continued
MOST_PARTS = 9000


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
    assert_awaited(entry=entry, by=by, at=at, purpose=purpose)
    key = hashlib.sha256(f"{purpose} {size} {fingerprint}".strip().encode()).hexdigest()
    upload = _open_upload(entry, key, at)  # may be continued after the deadline: its time is `expires_at`
    if upload is None:
        window = assert_may_upload(entry=entry, by=by, at=at, purpose=purpose)
        if purpose:
            attachment_actions.assert_fits(
                entry=entry, purpose=attachment_actions.purpose_of(purpose), size=size
            )
        else:
            _assert_not_too_large(entry, size)
        expire_uploads(at=at)  # the same file may still wait here, its time over
        _assert_room(by, size)
        try:
            with transaction.atomic():
                upload = Upload.objects.create(
                    entry=entry,
                    user=by.user,
                    purpose=purpose,
                    filename=clean_name(filename),
                    size=size,
                    part_size=part_size_for(size),
                    fingerprint=key,
                    created_at=at,
                    expires_at=window.upload_until(at, KEPT),
                )
        except IntegrityError:  # another tab was faster
            upload = _open_upload(entry, key, at)
            if upload is None:
                raise Refused(_("This file is being uploaded in another window. Reload the page.")) from None
    driver.start(upload)
    return upload


def _open_upload(entry: Entry, key: str, at: datetime) -> Upload | None:
    return entry.uploads.filter(fingerprint=key, state=Upload.State.OPEN, expires_at__gt=at).first()


def assert_awaited(*, entry: Entry, by: Actor, at: datetime, purpose: str = "") -> None:
    """Refuses when no film, or no other file, is awaited from this account in the entry's state."""
    if purpose:
        kind = attachment_actions.purpose_of(purpose).kind.key
        attachment_actions.assert_awaited(entry=entry, by=by, kind=kind, at=at)
        return
    if permissions.can_upload(by, entry):
        return
    if not permissions.is_entrant(by, entry):
        raise Refused(_("Only the entrant can upload the film."), status=403, code="not_allowed")
    raise Refused(
        _("No film is awaited for this entry now: it is “%(state)s”.") % {"state": entry.get_state_display()},
        code="not_awaited",
    )


def assert_may_upload(*, entry: Entry, by: Actor, at: datetime, purpose: str = "") -> Window:
    """Refuses when no film, or no such file, is taken for this entry now; gives the window in which it is.

    A file that may be corrected is taken as long as the correction is open, without grace.
    """
    assert_awaited(entry=entry, by=by, at=at, purpose=purpose)
    correction = granted_of(entry, at) if purpose and entry.state != State.DRAFT else None
    if correction is not None and correction.until is not None:
        return Window((correction.until,))
    return assert_window_open(entry, at)


def _assert_not_too_large(entry: Entry, size: int) -> None:
    limit = Rulebook.from_toml(entry.edition.rulebook).max_bytes
    if limit is not None and size > limit:
        raise Refused(
            _(
                "The file has %(size)s; this contest takes films of up to %(limit)s. Export it with a lower "
                "data rate and choose the new file."
            )
            % {"size": file_size(size), "limit": file_size(limit)},
            status=413,
            code="too_large",
        )
    if -(-size // part_size_for(size)) > 99_999:
        raise Refused(_("Files of this size cannot be taken."), status=413, code="too_large")


def _assert_room(by: Actor, size: int) -> None:
    if Upload.objects.filter(user=by.user, state=Upload.State.OPEN).count() >= settings.UPLOADS_PER_ACCOUNT:
        raise Refused(
            _("You have %(count)d unfinished uploads. Finish or discard one before you start another.")
            % {"count": settings.UPLOADS_PER_ACCOUNT},
            status=429,
            code="too_many_uploads",
        )
    spool = Path(settings.SPOOL)
    spool.mkdir(parents=True, exist_ok=True)
    # The parts and the joined film stand side by side for a moment.
    if shutil.disk_usage(spool).free < 2 * size + settings.UPLOAD_RESERVE_BYTES:
        raise disk_full()


def disk_full() -> Refused:
    """The sentence for a film that the server's disk has no room for."""
    return Refused(
        _(
            "The contest's server has no room for this film at the moment. Write to the organisers, and try "
            "again later: nothing that has arrived is lost."
        ),
        status=507,
        code="disk_full",
    )


def part_size_for(size: int) -> int:
    """Bytes per part: 16 MiB, more only where that would make over 9,000 parts (a bucket takes 10,000)."""
    if settings.UPLOAD_PART_BYTES:
        return int(settings.UPLOAD_PART_BYTES)
    return max(16, -(-size // (MOST_PARTS * MIB))) * MIB


def clean_name(name: str) -> str:
    """A file name to show: without folders, control characters and marks that turn the reading direction."""
    last = str(name).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    shown = one_line(last)
    if len(shown) > 255:
        stem, dot, ending = shown.rpartition(".")
        keep = dot + ending if dot and len(ending) <= 10 else ""
        shown = (stem if keep else shown)[: 255 - len(keep)] + keep
    return shown or "film"


def put_part(
    *, upload: Upload, number: int, signature: str, length: int, source: Source, at: datetime
) -> Part:
    """Keep one part from a signed address. `length` is what the client announced; sending it again is allowed."""
    try:
        signed = driver.is_signed(upload, number, signature)
    except ValueError:
        raise Refused(_("There is no such part of this film."), status=400, code="no_such_part") from None
    except SignatureExpired:
        raise Refused(
            _("The address of this part has expired. Ask for a new one."), status=400, code="address_expired"
        ) from None
    if not signed:
        raise Refused(_("The address of this part is not valid."), status=400, code="bad_address")
    return keep_part(upload=upload, number=number, length=length, source=source, at=at)


def keep_part(*, upload: Upload, number: int, length: int, source: Source, at: datetime) -> Part:
    """Keep one part of an open upload: its exact length, or nothing."""
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
        return driver.put(upload, number, source)
    except CutOff:
        raise Refused(
            _("The connection broke off. This part is sent again."), status=400, code="cut_off"
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
    there = {part.number for part in driver.list(upload) if part.size == part_length(upload, part.number)}
    return [number for number in range(1, upload.part_count + 1) if number not in there]


@transaction.atomic
def complete_upload(*, upload: Upload, by: Actor, at: datetime) -> FilmVersion | Attachment | None:
    """All parts are there: make the film version and queue its inspection. Twice is once.

    A file beside the film becomes an attachment; None when it was completed and has been removed since.

    Accepted until `expires_at`, which lies up to the grace minutes after the deadline: a film on its way arrives.
    Whether the entry can still be submitted is another question.
    """
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state == Upload.State.COMPLETE:
        return Attachment.objects.filter(upload=upload).first() if upload.purpose else upload.version
    assert_open(upload, at)
    entry = Entry.objects.select_for_update(of=("self",)).select_related("edition").get(pk=upload.entry_id)
    assert_awaited(entry=entry, by=by, at=at, purpose=upload.purpose)
    missing = missing_parts(upload)
    if missing:
        raise MissingParts(missing)
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
    _close(upload.pk, Upload.State.ABORTED)


@transaction.atomic
def expire_uploads(*, at: datetime) -> int:
    """Close every unfinished upload whose time is over, and free its disk."""
    late = Upload.objects.filter(state=Upload.State.OPEN, expires_at__lte=at).values_list("pk", flat=True)
    return sum(_close(pk, Upload.State.EXPIRED) for pk in list(late))


def _close(pk: uuid.UUID, state: Upload.State) -> int:
    closed = Upload.objects.filter(pk=pk, state=Upload.State.OPEN).update(state=state)
    if closed:
        transaction.on_commit(lambda: driver.abort(pk))
    return closed


def sweep_spool(*, at: datetime) -> int:
    """Remove parts that nobody needs any more: of stored films, and of uploads that are closed or unknown."""
    old = [pk for pk, written in driver.kept() if written < (at - timedelta(minutes=10)).timestamp()]
    needed = set(Upload.objects.filter(pk__in=old, state=Upload.State.OPEN).values_list("pk", flat=True))
    not_stored = Q(version__isnull=False, version__asset__isnull=True)
    not_stored |= Q(attachment__isnull=False, attachment__asset__isnull=True)
    complete = Upload.objects.filter(not_stored, pk__in=old, state=Upload.State.COMPLETE)
    needed |= set(complete.values_list("pk", flat=True))
    gone = [pk for pk in old if pk not in needed]
    for pk in gone:
        driver.abort(pk)
    return len(gone)


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
