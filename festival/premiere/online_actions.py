"""Seats of an online premiere. A seat is a random number that one browser keeps; nothing says whose it is."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.kit.names import country_codes, country_text
from festival.premiere.booking import lock
from festival.premiere.models import OnlineSeat, Screening
from festival.premiere.online import Hours
from festival.premiere.publishing import as_released


def hours_of(screening: Screening) -> Hours:
    """When doors open, and until when somebody may still come in."""
    start = screening.starts_at
    return Hours(
        doors_at=start - timedelta(minutes=screening.doors_minutes),
        starts_at=start,
        late_until=start + timedelta(minutes=screening.late_minutes),
        ends_at=screening.ends_at,
    )


def has_seat(*, screening: Screening, key: str) -> bool:
    return bool(key) and OnlineSeat.objects.filter(screening=screening, key_hash=_hash(key)).exists()


@transaction.atomic
def take_seat(*, screening: Screening, key: str, region: str, at: datetime) -> str:
    """Take a seat; gives the key that keeps it. Whoever has one keeps it, also when doors are closed.

    `region` is the country's code as the proxy tells it; empty: not known. Refused out of hours, from a region in
    which it is not shown, and when every seat is taken: counted under the screening's lock, so that two who come at
    the same moment never share the last one.
    """
    fresh = as_released(lock(screening))
    if has_seat(screening=fresh, key=key):
        return key
    if fresh.cancelled_at or fresh.released_at is None:
        raise Refused(_("This screening does not take place."), code="cancelled")
    hours = hours_of(fresh)
    if not hours.open(at):
        early = at < hours.doors_at
        text = _("The doors are not open yet.") if early else _("The doors are closed: it has begun.")
        raise Refused(text, code="doors")
    allowed = country_codes(fresh.regions)
    if allowed and region not in allowed:
        text = _("This premiere can be watched only in: %(places)s.")
        raise Refused(text % {"places": country_text(fresh.regions)}, status=403, code="region")
    if OnlineSeat.objects.filter(screening=fresh).count() >= fresh.hall.seats:
        raise Refused(_("Every seat is taken."), code="full")
    key = secrets.token_urlsafe(24)
    OnlineSeat.objects.create(screening=fresh, key_hash=_hash(key), taken_at=at)
    return key


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
