"""Local times of an edition as minutes, and back. Days on which summer time begins or ends are right."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from festival.premiere.timetable.reading import fault

LONGEST = 366  # days of a festival


class Clock:
    """Minutes from local midnight of the first day."""

    def __init__(self, first_day: date, zone: str) -> None:
        self.first_day, self.zone = first_day, ZoneInfo(zone)
        self.origin = self._instant(datetime.combine(first_day, time()))

    def _instant(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.zone).astimezone(UTC)

    def midnight(self, day: int) -> int:
        """The minute at which a day, counted from 0, begins."""
        return self._minutes(datetime.combine(self.first_day + timedelta(days=day), time()))

    def _minutes(self, local: datetime) -> int:
        return int((self._instant(local) - self.origin) / timedelta(minutes=1))

    def minute(self, text: str, place: str) -> int:
        """The minute of a local time like 2027-04-16T19:30. Raises Fault."""
        try:
            local = datetime.strptime(text, "%Y-%m-%dT%H:%M")
        except ValueError:
            raise fault(place, f"{text!r} is not a local time like 2027-04-16T19:30.") from None
        if self._instant(local).astimezone(self.zone).replace(tzinfo=None) != local:
            raise fault(place, f"{text} does not exist in {self.zone}: the clocks are put forward.")
        return self._minutes(local)

    def text(self, minute: int) -> str:
        """The local time of a minute."""
        at = self.origin + timedelta(minutes=minute)
        return at.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")


def minute_of_day(text: str, place: str) -> int:
    """Minutes of a clock time like 21:00; up to 30:00 for what begins after midnight. Raises Fault."""
    match = re.fullmatch(r"(\d\d):([0-5]\d)", text)
    if match is None or (minute := int(match[1]) * 60 + int(match[2])) > 30 * 60:
        raise fault(place, f"{text!r} is not a time of day like 21:00 (00:30 of the next day is 24:30).")
    return minute


def read_day(text: str, place: str) -> date:
    """A date like 2027-04-16. Raises Fault."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise fault(place, f"{text!r} is not a date like 2027-04-16.") from None
