"""The programme on paper, set by Typst: a booklet, sheets for a day, and the projectionist's run of show.

Words are handed over as data and never as markup. The same values give the same bytes: no date of making is written.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typst

from festival.awards.papers.glyphs import FONTS, characters_without_glyph
from festival.premiere.programme.document import (
    EMPTY,
    Film,
    Hall,
    Kind,
    Programme,
    Screening,
    Text,
    Venue,
    day_of,
)
from festival.premiere.programme.groupings import Day, FilmShowings, HallRows, Lookup, by_day, by_film, timed
from festival.premiere.programme.words import (
    age_words,
    day_words,
    facts,
    item_words,
    joined,
    languages,
    length_words,
    one_line,
    plain,
    premiere_words,
    version_words,
    word,
)

MIME = "application/pdf"
VERSION = 2  # of the designs: what was made by another is made anew
FOLDER = Path(__file__).parent
HALLS_BESIDE = 8  # in the overview of a day


@dataclass(frozen=True, slots=True)
class Projection:
    """What the projectionist has to know of a line: of the copy that runs (`checksum` is its SHA-256), and the cue."""

    aspect: str = ""  # "1.85", "2.39"
    audio: str = ""  # "5.1", "stereo, −23 LUFS"
    copy: str = ""  # "DCP, 24 fps, SNOW3_V2"
    checksum: str = ""
    cue: Text = EMPTY


def booklet(programme: Programme, language: str) -> bytes:
    """The programme to carry along, A5: by day and hall, then every film with its showings."""
    look = Lookup(programme)
    first, last = (programme.days[0], programme.days[-1]) if programme.days else (None, None)
    dates = [day_words(day, language, weekday=False) for day in (first, last) if day]
    data = _frame(programme, language, "programme") | {
        "dates": " – ".join(dict.fromkeys(dates)),
        "changes": plain(programme.changes.said(language)),
        "venues": [_venue(venue, programme, language) for venue in programme.venues],
        "days": [
            _day(day, look, language) | {"glances": _glances(day, look, language)}
            for day in by_day(programme)
        ],
        "films": [
            _film(row, look, language)
            for row in sorted(by_film(programme), key=lambda row: _order(row.film, language))
        ],
    }
    return _set("booklet.typ", data)


def day_sheets(
    programme: Programme, language: str, *, days: Iterable[date] | None = None, hall: str = ""
) -> bytes:
    """What is shown on a day, A4, hall by hall, a page or more for each day; all days and halls, or those named."""
    look = Lookup(programme)
    wanted = None if days is None else set(days)
    chosen = [
        _day(day, look, language, only=hall)
        for day in by_day(programme)
        if wanted is None or day.date in wanted
    ]
    return _set("day_sheets.typ", _frame(programme, language, "day sheet") | {"days": chosen})


def run_of_show(
    programme: Programme,
    code: str,
    language: str,
    *,
    lines: Mapping[int, Projection],
    clear_at: datetime | None = None,
) -> bytes:
    """A page for the projectionist, A4 across: one screening line by line, by the clock.

    `lines` are by position in the running order, from 1; `clear_at` is when the hall has to be empty. KeyError for a
    screening that is not in the programme.
    """
    look = Lookup(programme)
    screening = {one.code: one for one in programme.screenings}[code]
    zone = ZoneInfo(programme.edition.zone)
    rows = []
    for number, (item, at) in enumerate(timed(screening), 1):
        line = lines.get(number, Projection())
        rows.append(
            {
                "number": str(number),
                "clock": f"{at.astimezone(zone):%H:%M:%S}",
                "length": length_words(item.seconds),
                "what": one_line(item_words(item, look, language)),
                "kind": word(item.kind.value, language),
                "film": item.kind is Kind.FILM,
                "aspect": one_line(line.aspect),
                "audio": one_line(line.audio),
                "copy": one_line(line.copy),
                "checksum": one_line(line.checksum),
                "cue": plain(line.cue.said(language)),
            }
        )
    films = sum(item.seconds for item in screening.items if item.kind is Kind.FILM)
    data = _frame(programme, language, "run of show") | {
        "screening": _screening(screening, look, language),
        "hall": _hall_name(look.hall(screening), look.venue(screening), language),
        "day": day_words(day_of(screening.starts_at, programme.edition), language),
        "rows": rows,
        "ends": f"{screening.ends_at.astimezone(zone):%H:%M:%S}",
        "running": length_words(int(screening.length.total_seconds())),
        "films": length_words(films),
        "clear": f"{clear_at.astimezone(zone):%H:%M}" if clear_at else "",
    }
    return _set("run_of_show.typ", data)


def unset(programme: Programme) -> str:
    """The characters in its words that the fonts here do not promise: on paper they may come out as a box."""
    return characters_without_glyph("".join(_texts(programme)))


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, Text):
        yield plain(value.en + value.zh)
    elif isinstance(value, Film):
        yield plain(
            "".join((value.title.en, value.title.zh, value.synopsis.en, value.synopsis.zh, *value.makers))
        )
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)


def _set(template: str, data: dict[str, Any]) -> bytes:
    made = typst.compile(
        FOLDER / template,
        root=FOLDER,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    return bytes(made)


_LABELS = (
    "cancelled", "contents", "films", "no screenings", "clock", "length", "what", "aspect", "audio", "copy", "cue",
    "checked", "end", "running time", "films in all", "empty until",
)  # fmt: skip


def _frame(programme: Programme, language: str, title: str) -> dict[str, Any]:
    edition = programme.edition
    return {
        "lang": language,
        "edition": one_line(edition.name.said(language)),
        "title": word(title, language),
        "version": version_words(programme.version, programme.released_at, edition.zone, language),
        "address": edition.url,
        "words": {name.replace(" ", "-"): word(name, language) for name in _LABELS},
    }


def _venue(venue: Venue, programme: Programme, language: str) -> dict[str, Any]:
    halls = [_hall_about(hall, language) for hall in programme.halls if hall.venue == venue.code]
    return {
        "name": one_line(venue.name.said(language)),
        "address": plain(venue.address.said(language)),
        "halls": halls,
    }


def _hall_about(hall: Hall, language: str) -> str:
    """A hall with its seats and how one gets in and hears, in a line."""
    colon = "：" if language == "zh" else ": "
    rows = [
        one_line(hall.name.said(language)),
        word("online", language) if hall.online else f"{word('seats', language)}{colon}{hall.seats}",
        f"{word('wheelchairs', language)}{colon}{hall.wheelchair_places}" if hall.wheelchair_places else "",
        word("hearing loop", language) if hall.hearing_loop else "",
        one_line(hall.access_note.said(language)),
    ]
    return " · ".join(row for row in rows if row)


def _hall_name(hall: Hall, venue: Venue, language: str) -> str:
    return f"{one_line(venue.name.said(language))} · {one_line(hall.name.said(language))}"


def _day(day: Day, look: Lookup, language: str, *, only: str = "") -> dict[str, Any]:
    return {
        "name": day_words(day.date, language),
        "halls": [_rows(row, look, language) for row in day.halls if not only or row.hall.code == only],
    }


def _rows(row: HallRows, look: Lookup, language: str) -> dict[str, Any]:
    return {
        "name": _hall_name(row.hall, row.venue, language),
        "screenings": [_screening(one, look, language) for one in row.screenings],
    }


def _glances(day: Day, look: Lookup, language: str) -> list[dict[str, Any]]:
    """The day at a glance: halls beside each other along one clock, as many as a page takes; none for a single hall."""
    if len(day.halls) < 2:
        return []
    zone = ZoneInfo(look.programme.edition.zone)
    shown = day.screenings
    first = min(one.starts_at for one in shown).astimezone(zone).replace(minute=0, second=0)
    last = max(one.ends_at for one in shown)
    hours = max(1, -(-int((last - first).total_seconds()) // 3600))
    clock = [
        f"{(first.astimezone(UTC) + timedelta(hours=number)).astimezone(zone):%H:%M}"
        for number in range(hours + 1)
    ]
    pages = -(-len(day.halls) // HALLS_BESIDE)
    each = -(-len(day.halls) // pages)
    return [
        {
            "clock": clock,
            "halls": [
                {
                    "venue": one_line(row.venue.name.said(language)),
                    "name": one_line(row.hall.name.said(language)),
                    "blocks": [
                        {
                            "top": (one.starts_at - first).total_seconds() / 3600,
                            "tall": one.length.total_seconds() / 3600,
                            "starts": f"{one.starts_at.astimezone(zone):%H:%M}",
                            "title": one_line(one.title.said(language)),
                            "cancelled": one.cancelled,
                        }
                        for one in row.screenings
                    ],
                }
                for row in day.halls[at : at + each]
            ],
        }
        for at in range(0, len(day.halls), each)
    ]


def _screening(screening: Screening, look: Lookup, language: str) -> dict[str, Any]:
    edition = look.programme.edition
    zone, colon = ZoneInfo(edition.zone), "：" if language == "zh" else ": "
    starts = screening.starts_at.astimezone(zone)
    named = (
        ("spoken", languages(screening.spoken, language)),
        ("subtitles", languages(screening.subtitles, language)),
        ("host", one_line(screening.host.said(language))),
    )
    return {
        "code": screening.code,
        "starts": f"{starts:%H:%M}",
        "late": word("after midnight", language) if starts.hour < edition.day_starts else "",
        "ends": f"{screening.ends_at.astimezone(zone):%H:%M}",
        "title": one_line(screening.title.said(language)),
        "cancelled": screening.cancelled,
        "reason": plain(screening.reason.said(language)),
        "note": plain(screening.note.said(language)),
        "tickets": plain(screening.ticket_note.said(language)),
        "facts": [
            *filter(
                None, (premiere_words(screening.premiere, language), age_words(screening.min_age, language))
            ),
            *(f"{word(name, language)}{colon}{value}" for name, value in named if value),
        ],
        "items": [
            {
                "what": one_line(item_words(item, look, language)),
                "film": item.film,
                "who": one_line(joined(look.films[item.film].makers, language)) if item.film else "",
                "length": length_words(item.seconds),
            }
            for item in screening.items
            if item.kind is not Kind.LABEL  # the projectionist's, not the audience's
        ],
    }


def _film(row: FilmShowings, look: Lookup, language: str) -> dict[str, Any]:
    film, edition = row.film, look.programme.edition
    title = one_line(film.title.said(language))
    other = one_line(film.title.en if title == one_line(film.title.zh) else film.title.zh)
    return {
        "code": film.code,
        "title": title,
        "other": other if other != title else "",
        "who": one_line(joined(film.makers, language)),
        "facts": one_line(
            " · ".join(
                filter(
                    None, [film.section.said(language), facts(film, language), film.ai_label.said(language)]
                )
            )
        ),
        "synopsis": plain(film.synopsis.said(language)),
        "shown": [
            {
                "when": _when(showing.starts_at, edition.zone, language),
                "where": _hall_name(look.hall(showing.screening), look.venue(showing.screening), language),
                "cancelled": showing.screening.cancelled,
            }
            for showing in row.showings
        ],
    }


def _when(moment: datetime, zone: str, language: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    rounded = local - timedelta(seconds=local.second)  # nobody comes to the second
    day = day_words(rounded.date(), language)
    return f"{day} {rounded:%H:%M}" if language == "zh" else f"{day}, {rounded:%H:%M}"


def _order(film: Film, language: str) -> tuple[Any, ...]:
    """By title. GB 18030 keeps the order of GB 2312, whose common characters stand by their sound in pinyin."""
    title = one_line(film.title.said(language))
    return (title.encode("gb18030", "replace") if language == "zh" else title.casefold(), film.code)
