"""The programme for spreadsheets: a table of screenings, and one of their running orders, line by line."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from festival.kit.csv_table import Cell, csv_lines
from festival.premiere.programme.document import Programme
from festival.premiere.programme.groupings import Lookup, in_time, timed
from festival.premiere.programme.words import (
    countries,
    item_words,
    joined,
    languages,
    length_words,
    plain,
    premiere_words,
    word,
)

_SCREENING = (
    "code", "day", "start", "end", "length", "venue", "hall", "seats", "title", "premiere", "age", "spoken",
    "subtitles", "host", "tickets", "note", "status", "reason", "address on the web",
)  # fmt: skip
_LINE = (
    "code", "screening", "day", "position", "start", "length", "kind", "title", "directors", "countries", "year",
    "section", "address on the web",
)  # fmt: skip


def screenings_csv(programme: Programme, language: str) -> Iterator[str]:
    """A line for each screening, in the order of time. Days and times are those of the festival's clock."""
    look, zone = Lookup(programme), ZoneInfo(programme.edition.zone)

    def rows() -> Iterator[list[Cell]]:
        for one in in_time(programme.screenings):
            starts, hall = one.starts_at.astimezone(zone), look.hall(one)
            yield [
                one.code,
                f"{starts:%Y-%m-%d}",
                f"{starts:%H:%M}",
                f"{one.ends_at.astimezone(zone):%H:%M}",
                length_words(int(one.length.total_seconds())),
                plain(look.venue(one).name.said(language)),
                plain(hall.name.said(language)),
                hall.seats,
                plain(one.title.said(language)),
                premiere_words(one.premiere, language),
                one.min_age,
                plain(languages(one.spoken, language)),
                plain(languages(one.subtitles, language)),
                plain(one.host.said(language)),
                plain(one.ticket_note.said(language)),
                plain(one.note.said(language)),
                word(one.status.value, language),
                plain(one.reason.said(language)),
                one.url,
            ]

    return csv_lines([word(key, language) for key in _SCREENING], rows(), programme.edition.zone)


def running_orders_csv(programme: Programme, language: str) -> Iterator[str]:
    """A line for each line of every running order; times to the second, as each begins."""
    look, zone = Lookup(programme), ZoneInfo(programme.edition.zone)

    def rows() -> Iterator[list[Cell]]:
        for one in in_time(programme.screenings):
            for number, (item, at) in enumerate(timed(one), 1):
                film = look.films.get(item.film)
                local = at.astimezone(zone)
                yield [
                    one.code,
                    plain(one.title.said(language)),
                    f"{local:%Y-%m-%d}",
                    number,
                    f"{local:%H:%M:%S}",
                    str(timedelta(seconds=item.seconds)),
                    word(item.kind.value, language),
                    plain(item_words(item, look, language)),
                    plain(joined(film.makers, language)) if film else "",
                    plain(countries(film.countries, language)) if film else "",
                    film.year if film else None,
                    plain(film.section.said(language)) if film else "",
                    film.url if film else "",
                ]

    return csv_lines([word(key, language) for key in _LINE], rows(), programme.edition.zone)
