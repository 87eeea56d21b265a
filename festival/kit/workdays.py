"""Deadlines in working days: Monday to Friday, less holidays, and the days worked instead of them."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from festival.kit.clock import in_zone

WEEKEND = (5, 6)  # Saturday, Sunday


def is_workday(day: date, *, holidays: Collection[date] = (), workdays: Collection[date] = ()) -> bool:
    """Whether the day is worked on. `workdays` come first: a Saturday that is worked for a holiday (调休) counts."""
    return day in workdays or (day.weekday() not in WEEKEND and day not in holidays)


def end_after_workdays(
    start: datetime,
    days: int,
    zone: str,
    *,
    holidays: Collection[date] = (),
    workdays: Collection[date] = (),
) -> datetime:
    """The end of the `days`-th working day after the day of `start`, on the calendar of `zone`: the midnight after it.

    The day of `start` itself does not count, whether it is worked on or not. `days` is at least 1.
    """
    day = in_zone(start, zone).date()
    left = days
    while left > 0:
        day += timedelta(days=1)
        left -= is_workday(day, holidays=holidays, workdays=workdays)
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
