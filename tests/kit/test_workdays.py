"""Deadlines in working days, on the calendar of a place: weekends, holidays, days moved to weekends, clocks moved."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from festival.kit.workdays import end_after_workdays, is_workday

# What China's State Council announced for 2026's Spring Festival: free from Sunday 15 to Monday
# 23 February; Saturdays 14 and 28 are worked on.
SPRING = tuple(date(2026, 2, 15) + timedelta(days=n) for n in range(9))
MOVED = (date(2026, 2, 14), date(2026, 2, 28))


def end(start, days, zone="Asia/Shanghai", **calendar):
    return end_after_workdays(start, days, zone, **calendar).astimezone(ZoneInfo(zone)).isoformat()


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        # 2027-03-01 is a Monday.
        (datetime(2027, 3, 1, 12, tzinfo=UTC), 1, "2027-03-03T00:00:00+08:00"),
        (datetime(2027, 3, 1, 12, tzinfo=UTC), 4, "2027-03-06T00:00:00+08:00"),
        (datetime(2027, 3, 1, 12, tzinfo=UTC), 5, "2027-03-09T00:00:00+08:00"),  # over a weekend
        (datetime(2027, 3, 5, 12, tzinfo=UTC), 1, "2027-03-09T00:00:00+08:00"),  # of a Friday
        (datetime(2027, 3, 5, 16, 30, tzinfo=UTC), 1, "2027-03-09T00:00:00+08:00"),  # Saturday in Shanghai
        (datetime(2027, 3, 7, 12, tzinfo=UTC), 1, "2027-03-09T00:00:00+08:00"),  # of a Sunday
        (datetime(2027, 3, 7, 16, 30, tzinfo=UTC), 1, "2027-03-10T00:00:00+08:00"),  # Monday in Shanghai
    ],
)
def test_weekends_do_not_count_and_the_day_of_arrival_neither(start, days, expected):
    assert end(start, days) == expected


def test_holidays_are_left_out_and_days_moved_to_weekends_counted():
    friday = datetime(2026, 2, 13, 10, tzinfo=UTC)
    assert end(friday, 1, holidays=SPRING) == "2026-02-25T00:00:00+08:00"
    assert end(friday, 1, holidays=SPRING, workdays=MOVED) == "2026-02-15T00:00:00+08:00"
    # Saturday 14; Tuesday 24 to Friday 27 after the festival.
    assert end(friday, 5, holidays=SPRING, workdays=MOVED) == "2026-02-28T00:00:00+08:00"
    assert end(friday, 6, holidays=SPRING, workdays=MOVED) == "2026-03-01T00:00:00+08:00"
    assert is_workday(date(2026, 2, 28), workdays=MOVED) and not is_workday(date(2026, 2, 28))
    assert not is_workday(date(2026, 2, 23), holidays=SPRING, workdays=MOVED)


def test_a_day_of_23_or_25_hours_is_a_day():
    """Berlin puts its clocks forward on Sunday 28 March 2027, back on Sunday 31 October."""
    friday = datetime(2027, 3, 26, 12, tzinfo=UTC)
    assert end(friday, 1, "Europe/Berlin") == "2027-03-30T00:00:00+02:00"
    assert end_after_workdays(friday, 1, "Europe/Berlin") == datetime(2027, 3, 29, 22, tzinfo=UTC)
    autumn = datetime(2027, 10, 29, 12, tzinfo=UTC)
    assert end(autumn, 1, "Europe/Berlin") == "2027-11-02T00:00:00+01:00"


def test_a_midnight_that_the_clocks_skip_is_the_moment_they_skip_it():
    """Beirut goes from 23:59 to 1:00 in the night to Sunday 29 March 2026: the worked Saturday ends there."""
    friday = datetime(2026, 3, 27, 12, tzinfo=UTC)
    found = end_after_workdays(friday, 1, "Asia/Beirut", workdays=[date(2026, 3, 28)])
    assert found.astimezone(UTC) == datetime(2026, 3, 28, 22, tzinfo=UTC)
