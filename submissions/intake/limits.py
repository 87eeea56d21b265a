"""What is said before the first byte: may a film come now, is it too large, is there room for it."""

from datetime import datetime

from django.conf import settings
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from festival.edition.rulebook import Rulebook
from festival.kit.errors import Refused
from festival.kit.words import file_size
from festival.people.actor import Actor
from festival.people.models import User
from submissions import attachment_actions, permissions
from submissions.cohorts import awaiting
from submissions.correction_queries import granted_of
from submissions.in_time import assert_may_upload as assert_window_open
from submissions.intake.parts import Driver
from submissions.lifecycle import State
from submissions.models import Entry, Upload
from submissions.window import Window

MIB = 1 << 20
MOST_PARTS = 9000  # a bucket takes 10,000
LARGEST_PART = 5 << 30  # bytes; what a bucket takes


def assert_awaited(*, entry: Entry, by: Actor, at: datetime, purpose: str = "") -> None:
    """Refuses when no film, or no other file, is awaited from this account in the entry's state."""
    if purpose:
        attachment_actions.purpose_of(purpose)
        attachment_actions.assert_awaited(entry=entry, by=by, purpose=purpose, at=at)
        return
    if permissions.can_upload(by, entry):
        return
    if not permissions.is_entrant(by, entry):
        raise Refused(_("Only the entrant can upload the film."), status=403, code="not_allowed")
    if awaiting.cut_until(entry, at) is not None:
        return
    raise Refused(
        _("No film is awaited for this entry now: it is “%(state)s”.") % {"state": entry.get_state_display()},
        code="not_awaited",
    )


def assert_may_upload(*, entry: Entry, by: Actor, at: datetime, purpose: str = "") -> Window:
    """Refuses when no film, or no other file, is taken for this entry now; gives the window in which it is.

    What a milestone of a cohort waits for is taken until the cohort's end, whatever the call's dates are.
    A file that may be corrected is taken as long as the correction is open, without grace.
    """
    assert_awaited(entry=entry, by=by, at=at, purpose=purpose)
    until = awaiting.purpose_until(entry, purpose, at)
    if until is not None:
        return Window((until,))
    correction = granted_of(entry, at) if purpose and entry.state != State.DRAFT else None
    if correction is not None and correction.until is not None:
        return Window((correction.until,))
    return assert_window_open(entry, at)


def assert_not_too_large(entry: Entry, size: int, part_size: int) -> None:
    """Refuses what the rulebook, or any bucket, takes no film of."""
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
    if part_size > LARGEST_PART:
        raise Refused(_("Files of this size cannot be taken."), status=413, code="too_large")


def assert_quota(*, by: Actor, size: int, at: datetime) -> None:
    """Refuses when the account has too many unfinished uploads, or too many bytes in them.

    Inside the transaction that begins the upload: the account is locked, so that many windows are counted one by one.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.id)
    mine = Upload.objects.filter(user=by.user, state=Upload.State.OPEN, expires_at__gt=at)
    begun = mine.aggregate(count=Count("pk"), size=Sum("size", default=0))
    if begun["count"] >= settings.UPLOADS_PER_ACCOUNT:
        raise Refused(
            _("You have %(count)d unfinished uploads. Finish or discard one before you start another.")
            % {"count": begun["count"]},
            status=429,
            code="too_many_uploads",
        )
    if begun["size"] + size > settings.UPLOAD_BYTES_PER_ACCOUNT and begun["size"]:
        raise Refused(
            _(
                "Your unfinished uploads have %(size)s; with this file they would pass the %(limit)s that one account "
                "may have on the way. Finish or discard one before you start another."
            )
            % {"size": file_size(begun["size"]), "limit": file_size(settings.UPLOAD_BYTES_PER_ACCOUNT)},
            status=429,
            code="too_much_unfinished",
        )


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


def part_size_for(size: int, driver: Driver) -> int:
    """Bytes per part: 16 MiB or as set, never less than the driver takes; more where there would be over 9,000."""
    wanted = settings.UPLOAD_PART_BYTES or 16 * MIB
    return max(
        int(wanted),
        driver.least_part,
        -(-size // (MOST_PARTS * MIB)) * MIB if size > MOST_PARTS * wanted else 0,
    )
