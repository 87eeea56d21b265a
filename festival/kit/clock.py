"""What time it is, and how it is said."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone


def now() -> datetime:
    """The present, aware, in UTC. Actions take `at=` instead, so that a calendar can be rehearsed."""
    return timezone.now()


def in_zone(moment: datetime, zone: str) -> datetime:
    """`moment` on the wall clock of `zone` (an IANA name)."""
    return moment.astimezone(ZoneInfo(zone))


class SkippedTime(ValueError):
    """On this day the clocks are put forward, and never show this time."""


def moment_of(wall: datetime, zone: str, *, second: bool = False) -> datetime:
    """The moment, in UTC, at which clocks in `zone` show the naive `wall`; of a time that comes twice, the first.

    Raises SkippedTime for one that they never show.
    """
    moment = wall.replace(tzinfo=ZoneInfo(zone), fold=int(second)).astimezone(UTC)
    if in_zone(moment, zone).replace(tzinfo=None) != wall:
        raise SkippedTime(wall.isoformat())
    return moment


def last_minute(end: datetime) -> datetime:
    """The last minute before `end`: a phase that ends at midnight of the 2nd is open until the 1st, 23:59."""
    return end - timedelta(minutes=1)


def after_last_minute(minute: datetime) -> datetime:
    """The end of a phase whose last minute is `minute`: what `last_minute` takes away."""
    return minute + timedelta(minutes=1)
