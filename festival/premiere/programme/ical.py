"""The programme as a calendar (RFC 5545), one event for each screening, in the edition's own zone.

A UID is made of the screening's code and the host of the programme page and never changes; SEQUENCE grows with every
released change; DTSTAMP is the last change, so that the same programme gives the same bytes. Times carry the edition's
TZID, and the VTIMEZONE that explains it comes along. A cancelled screening stays, with STATUS:CANCELLED.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from icalendar.enums import STATUS

from festival.premiere.programme.document import Programme, Screening
from festival.premiere.programme.groupings import Lookup, in_time
from festival.premiere.programme.words import (
    age_words,
    item_words,
    languages,
    length_words,
    one_line,
    plain,
    premiere_words,
    word,
)

MIME = "text/calendar; charset=utf-8"
AROUND = timedelta(days=366)  # the VTIMEZONE covers the programme and a year to either side


def calendar(
    programme: Programme, language: str, *, hall: str = "", codes: Collection[str] | None = None
) -> bytes:
    """The whole programme, or what one `hall` shows, or the screenings of `codes`; an unknown code is nothing."""
    edition = programme.edition
    look = Lookup(programme)
    chosen = [
        one
        for one in in_time(programme.screenings)
        if (not hall or one.hall == hall) and (codes is None or one.code in codes)
    ]
    name = one_line(edition.name.said(language))
    if hall and hall in look.halls:
        name = f"{name} · {one_line(look.halls[hall].name.said(language))}"
    made = Calendar.new(
        uid=f"{edition.slug}@{host(edition.url)}",
        name=name,
        prodid="-//Firstlight//Programme//EN",
        method="PUBLISH",
        refresh_interval=timedelta(hours=1),
        url=edition.url,
    )
    made["REFRESH-INTERVAL"].params["VALUE"] = "DURATION"  # RFC 7986: it has no default type
    for screening in chosen:
        made.add_component(_event(screening, look, language))
    if chosen:
        days = [one.starts_at.date() for one in chosen]
        made.add_missing_timezones(min(days) - AROUND, max(days) + AROUND)
    return bytes(made.to_ical())


def host(url: str) -> str:
    """The host of an address, without its port."""
    return urlsplit(url).hostname or "localhost"


def uid(screening: Screening, url: str) -> str:
    """The name of a screening that no other in the world has."""
    return f"{screening.code}@{host(url)}"


def _event(screening: Screening, look: Lookup, language: str) -> Event:
    edition, hall, venue = look.programme.edition, look.hall(screening), look.venue(screening)
    place = [
        venue.name.said(language),
        hall.name.said(language),
        "" if hall.online else venue.address.said(language),
    ]
    title = f"{one_line(screening.title.said(language))} · {one_line(edition.name.said(language))}"
    if screening.cancelled:
        title = f"{word('cancelled', language)}{'：' if language == 'zh' else ': '}{title}"
    return Event.new(
        uid=uid(screening, edition.url),
        sequence=screening.sequence,
        stamp=screening.changed_at,
        last_modified=screening.changed_at,
        start=_local(screening.starts_at, edition.zone),
        end=_local(screening.ends_at, edition.zone),
        summary=title,
        description="\n".join(_lines(screening, look, language)) or None,
        location=", ".join(filter(None, map(one_line, place))),
        status=STATUS.CANCELLED if screening.cancelled else STATUS.CONFIRMED,
        url=screening.url,
    )


def _local(moment: datetime, zone: str) -> datetime:
    """On the wall clock of `zone`. In the hour that comes twice a wall clock means the first: the second is UTC."""
    local = moment.astimezone(ZoneInfo(zone))
    return moment.astimezone(UTC) if local.fold else local


def _lines(screening: Screening, look: Lookup, language: str) -> list[str]:
    """The reason of a cancellation, the note, the running order with lengths, what a visitor has to know."""
    brackets = "（{}）" if language == "zh" else " ({})"
    colon = "：" if language == "zh" else ": "
    lines = [plain(screening.reason.said(language)), plain(screening.note.said(language))]
    lines += [
        one_line(item_words(item, look, language)) + brackets.format(length_words(item.seconds))
        for item in screening.items
    ]
    known = [
        premiere_words(screening.premiere, language),
        age_words(screening.min_age, language),
        _with(word("spoken", language), colon, languages(screening.spoken, language)),
        _with(word("subtitles", language), colon, languages(screening.subtitles, language)),
        _with(word("host", language), colon, one_line(screening.host.said(language))),
        plain(screening.ticket_note.said(language)),
    ]
    return [line for line in lines + known if line]


def _with(name: str, colon: str, words: str) -> str:
    return f"{name}{colon}{words}" if words else ""
