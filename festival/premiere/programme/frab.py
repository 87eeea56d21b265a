"""frab's schedule.xml and schedule.json: what conference apps, info screens and recording tools read.

Both come from the same rows and follow the schemas that c3voc publishes (https://c3voc.de/wiki/schedule). The format
knows neither cancelled events nor running orders: a cancelled screening says so in its title and subtitle, the running
order is its description. It needs at least one day, so an empty programme has no such file.
"""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from festival.premiere.programme.document import Edition, Hall, Programme, Screening
from festival.premiere.programme.groupings import Day, Lookup, by_day
from festival.premiere.programme.ical import host
from festival.premiere.programme.words import (
    age_words,
    item_words,
    languages,
    length_words,
    one_line,
    plain,
    premiere_words,
    section_of,
    word,
)

MIME_XML = "application/xml; charset=utf-8"
MIME_JSON = "application/json; charset=utf-8"
SLOT = "00:05"  # what the format calls the raster of times
LARGEST_ID = 2**31 - 1  # readers keep it in 32 bits


@dataclass(frozen=True, slots=True)
class _Event:
    """A screening in the format's words."""

    id: int
    guid: str
    date: str
    start: str
    end: str
    duration: str
    room: str
    slug: str
    url: str
    title: str
    subtitle: str
    track: str
    language: str
    abstract: str
    description: str
    people: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


class _Rows:
    """Everything that both formats say."""

    def __init__(self, programme: Programme, language: str) -> None:
        if not programme.days:
            raise ValueError("the format asks for at least one day")
        self.programme, self.language, self.look = programme, language, Lookup(programme)
        self.zone = ZoneInfo(programme.edition.zone)
        self.acronym = acronym(programme.edition)
        self.rooms = self._rooms()
        self.ids = event_ids(programme)

    def _rooms(self) -> dict[str, str]:
        """Names of halls, each once: readers take the name for the hall."""
        names: dict[str, str] = {}
        for hall in self.programme.halls:
            venue = one_line(self.look.venues[hall.venue].name.said(self.language))
            own = " · ".join(filter(None, [venue, one_line(hall.name.said(self.language))])) or hall.code
            names[hall.code] = own if own not in names.values() else f"{own} ({hall.code})"
        return names

    def room_guid(self, hall: Hall) -> str:
        return str(uuid5(NAMESPACE_URL, f"https://{host(self.programme.edition.url)}/hall/{hall.code}"))

    def local(self, moment: datetime) -> str:
        return moment.astimezone(self.zone).isoformat()

    def event(self, screening: Screening) -> _Event:
        look, language = self.look, self.language
        local = screening.starts_at.astimezone(self.zone)
        films = look.films_of(screening)
        title = one_line(screening.title.said(language))
        subtitle = premiere_words(screening.premiere, language)
        if screening.cancelled:
            title = f"{word('cancelled', language)}{'：' if language == 'zh' else ': '}{title}"
            subtitle = one_line(screening.reason.said(language))
        people = [one_line(screening.host.said(language))] + [
            one_line(name) for film in films for name in film.makers
        ]
        lines = [
            f"{one_line(item_words(item, look, language))} ({length_words(item.seconds)})"
            for item in screening.items
        ]
        lines += [
            age_words(screening.min_age, language),
            languages(screening.subtitles, language)
            and f"{word('subtitles', language)}: {languages(screening.subtitles, language)}",
            plain(screening.ticket_note.said(language)),
        ]
        return _Event(
            id=self.ids[screening.code],
            guid=str(
                uuid5(NAMESPACE_URL, f"https://{host(self.programme.edition.url)}/screening/{screening.code}")
            ),
            date=local.isoformat(),
            start=f"{local:%H:%M}",
            end=self.local(screening.ends_at),
            duration=_hours(screening.length),
            room=self.rooms[screening.hall],
            slug=f"{self.acronym}-screening-{screening.code.lower()}",
            url=screening.url,
            title=title,
            subtitle=subtitle,
            track=one_line(section_of(screening, look, language)),
            language=one_line(screening.spoken[0]) if screening.spoken else "",
            abstract=plain(screening.note.said(language)),
            description="\n".join(line for line in lines if line),
            people=tuple(dict.fromkeys(name for name in people if name)),
            links=tuple(dict.fromkeys((film.url, one_line(film.title.said(language))) for film in films)),
        )

    def tracks(self) -> list[str]:
        names = (one_line(film.section.said(self.language)) for film in self.programme.films)
        return list(dict.fromkeys(name for name in names if name))


def acronym(edition: Edition) -> str:
    """The edition's slug as the schemas allow it: at least four of a to z, 0 to 9 and _."""
    return re.sub(r"[^a-z0-9_]", "_", edition.slug.lower()).ljust(4, "_")


def event_ids(programme: Programme) -> dict[str, int]:
    """A number for each screening that follows from its code alone, so that it stays over versions.

    Of two codes that meet in one number (one programme of 300 in 50,000) the later code gets the next free one.
    """
    found: dict[str, int] = {}
    taken: set[int] = set()
    for code in sorted(one.code for one in programme.screenings):
        number = int.from_bytes(sha256(code.encode()).digest()[:8]) % LARGEST_ID + 1
        while number in taken:
            number = number % LARGEST_ID + 1
        found[code] = number
        taken.add(number)
    return found


def _hours(length: timedelta) -> str:
    """hh:mm, rounded up to a minute."""
    minutes = -(-int(length.total_seconds()) // 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def schedule_xml(programme: Programme, language: str, *, url: str) -> bytes:
    """schedule.xml; `url` is where this file is found."""
    rows = _Rows(programme, language)
    edition, days = programme.edition, by_day(programme)
    root = ET.Element("schedule")
    ET.SubElement(root, "generator", name="Firstlight", system=host(edition.url))
    _put(root, "url", url)
    _put(root, "version", str(programme.version))
    conference = ET.SubElement(root, "conference")
    for name, value in (
        ("title", one_line(edition.name.said(language))),
        ("acronym", rows.acronym),
        ("start", days[0].date.isoformat()),
        ("end", days[-1].date.isoformat()),
        ("days", str(len(days))),
        ("timeslot_duration", SLOT),
        ("base_url", edition.url),
        ("url", edition.url),
        ("time_zone_name", edition.zone),
    ):
        _put(conference, name, value)
    for name in rows.tracks():
        ET.SubElement(conference, "track", name=name)
    for day in days:
        root.append(_day_xml(rows, day))
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _day_xml(rows: _Rows, day: Day) -> ET.Element:
    made = ET.Element(
        "day",
        index=str(day.index),
        date=day.date.isoformat(),
        start=rows.local(day.starts_at),
        end=rows.local(day.ends_at),
    )
    for row in day.halls:
        room = ET.SubElement(made, "room", name=rows.rooms[row.hall.code], guid=rows.room_guid(row.hall))
        for screening in row.screenings:
            room.append(_event_xml(rows.event(screening)))
    return made


def _event_xml(event: _Event) -> ET.Element:
    made = ET.Element("event", id=str(event.id), guid=event.guid)
    for name in ("room", "title", "subtitle"):
        _put(made, name, getattr(event, name))
    _put(made, "type", "screening")
    for name in ("date", "start", "duration", "abstract", "slug", "track"):
        _put(made, name, getattr(event, name))
    persons = ET.SubElement(made, "persons")
    for name in event.people:
        _put(persons, "person", name)
    for name in ("language", "description"):
        _put(made, name, getattr(event, name))
    recording = ET.SubElement(made, "recording")
    _put(recording, "license", "")
    _put(recording, "optout", "true")  # films are never recorded off a screen
    links = ET.SubElement(made, "links")
    for url, title in event.links:
        ET.SubElement(links, "link", href=url).text = title
    _put(made, "url", event.url)
    return made


def _put(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def schedule_json(programme: Programme, language: str, *, url: str) -> bytes:
    """schedule.json, UTF-8; `url` is where this file is found."""
    rows = _Rows(programme, language)
    edition, days = programme.edition, by_day(programme)
    made = {
        "$schema": "https://c3voc.de/schedule/schema.json",
        "generator": {"name": "Firstlight"},
        "schedule": {
            "version": str(programme.version),
            "base_url": edition.url,
            "url": url,
            "conference": {
                "acronym": rows.acronym,
                "title": one_line(edition.name.said(language)),
                "start": days[0].date.isoformat(),
                "end": days[-1].date.isoformat(),
                "daysCount": len(days),
                "timeslot_duration": SLOT,
                "time_zone_name": edition.zone,
                "url": edition.url,
                "tracks": [{"name": name} for name in rows.tracks()],
                "rooms": [
                    {"name": rows.rooms[hall.code], "guid": rows.room_guid(hall), "capacity": hall.seats}
                    for hall in programme.halls
                ],
                "days": [_day_json(rows, day) for day in days],
            },
        },
    }
    return json.dumps(made, ensure_ascii=False).encode()


def _day_json(rows: _Rows, day: Day) -> dict[str, Any]:
    return {
        "index": day.index,
        "date": day.date.isoformat(),
        "day_start": rows.local(day.starts_at),
        "day_end": rows.local(day.ends_at),
        "rooms": {
            rows.rooms[row.hall.code]: [_event_json(rows.event(one)) for one in row.screenings]
            for row in day.halls
        },
    }


def _event_json(event: _Event) -> dict[str, Any]:
    names = (
        "id", "guid", "date", "start", "end", "duration", "room", "slug", "url", "title", "subtitle", "track",
        "language", "abstract", "description",
    )  # fmt: skip
    return {name: getattr(event, name) for name in names} | {
        "type": "screening",
        "do_not_record": True,
        "persons": [{"name": name} for name in event.people],
        "links": [{"url": url, "title": title} for url, title in event.links],
        "attachments": [],
    }
