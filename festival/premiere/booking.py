"""Booking a hall. Whether it is free is decided by the database alone; here its refusal gets words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from festival.kit.clock import in_zone
from festival.kit.errors import Refused
from festival.kit.words import say
from festival.premiere import queries
from festival.premiere.models import Screening

NO_CLASH = "screening_no_clash"  # the constraint's name on PostgreSQL, the trigger's message on SQLite
SHORTEST = timedelta(minutes=1)


def is_clash(error: IntegrityError) -> bool:
    return NO_CLASH in str(error)


def lock(screening: Screening) -> Screening:
    """The row as it is now, held until the transaction ends: changes to one screening come one after the other."""
    rows = Screening.objects.select_for_update(of=("self",)).select_related("hall", "edition")
    try:
        return rows.get(pk=screening.pk)
    except Screening.DoesNotExist:
        raise gone() from None


def gone() -> Refused:
    return Refused(_("Somebody deleted this meanwhile. Go back and load the timetable anew."), code="gone")


@contextmanager
def clash_in_words(booking: Screening) -> Iterator[None]:
    """Turns the database's refusal of an overlap into a sentence that names the other and the first free time."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if not is_clash(error):
            raise
        raise Refused(clash_text(booking), code="clash") from None


@contextmanager
def taken_in_words() -> Iterator[None]:
    """The database's refusal of an overlap as a sentence, where it is not known which booking it was."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if not is_clash(error):
            raise
        raise Refused(_("The hall has been given to something else since."), code="clash") from None


def clash_text(booking: Screening) -> str:
    """Who holds the hall, from when to when, and when it is first free for as long as this booking needs."""
    hall, zone = booking.hall, booking.edition.time_zone
    length = booking.busy_until - booking.starts_at
    other = queries.clashing(hall, booking.starts_at, booking.busy_until, without=booking.pk)
    if other is None:  # it has moved away since
        return _("Somebody changed the timetable at the same moment. Try again.")
    free = queries.first_free(hall, booking.starts_at, length, without=booking.pk)

    def clock(moment: datetime) -> str:
        return date_format(in_zone(moment, zone), "H:i")

    day = date_format(in_zone(free, zone), "DATE_FORMAT")
    return _(
        "The hall “%(hall)s” is taken by “%(other)s” from %(start)s until %(end)s, turnaround included. "
        "This programme needs it until %(needed)s; the first time that fits is %(day)s, %(free)s."
    ) % {
        "hall": say(hall.name),
        "other": other.heading,
        "start": clock(other.starts_at),
        "end": clock(other.busy_until),
        "needed": clock(booking.busy_until),
        "day": day,
        "free": clock(free),
    }
