"""The released programme for a frame on another site: what its address asks for, and what is shown of it then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from urllib.parse import urlencode

from festival.premiere.programme.document import LANGUAGES, Programme, day_of
from festival.premiere.programme_page import Page, Section

TODAY = "today"


@dataclass(frozen=True, slots=True)
class Options:
    """What the address asks for; unknown values count as not asked. `day` is a date, "today" or empty."""

    day: str = ""
    hall: str = ""
    lang: str = ""
    upcoming: bool = False
    theme: Literal["", "light", "dark"] = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Options":
        """Read from an address."""
        theme = asked.get("theme", "")
        return cls(
            day=_day(asked.get("day", "")),
            hall=asked.get("hall", "")[:20],
            lang=asked.get("lang", "") if asked.get("lang") in LANGUAGES else "",
            upcoming=asked.get("upcoming") == "1",
            theme="light" if theme == "light" else "dark" if theme == "dark" else "",
        )

    @property
    def query(self) -> str:
        """As an address carries them, with its question mark; empty without any."""
        said = {
            "day": self.day,
            "hall": self.hall,
            "lang": self.lang,
            "upcoming": "1" if self.upcoming else "",
            "theme": self.theme,
        }
        text = urlencode({name: value for name, value in said.items() if value})
        return f"?{text}" if text else ""

    def date_at(self, at: datetime, programme: Programme) -> date | None:
        """The day that is asked for; today is the festival's own, which does not end at midnight."""
        if self.day == TODAY:
            return day_of(at, programme.edition)
        return date.fromisoformat(self.day) if self.day else None


def _day(asked: str) -> str:
    if asked == TODAY:
        return asked
    try:
        return date.fromisoformat(asked).isoformat()
    except ValueError:
        return ""


def sections(programme: Programme, options: Options, at: datetime) -> Sequence[Section]:
    """The days with their halls, narrowed as asked; what is empty then is left out."""
    day, found = options.date_at(at, programme), []
    for section in Page(programme).sections("day"):
        if day and section.day != day:
            continue
        groups = []
        for group in section.groups:
            if options.hall and group.hall != options.hall:
                continue
            rows = [one for one in group.screenings if not options.upcoming or one.ends_at > at]
            if rows:
                groups.append(replace(group, screenings=rows))
        if groups:
            found.append(replace(section, groups=groups))
    return found
