"""The public programme as its page shows it, said in the reader's language: by day, by hall or by film. No query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from festival.kit.names import country_text, language_text
from festival.kit.words import short_language
from festival.premiere.models import Item, Screening
from festival.premiere.programme import document as doc
from festival.premiere.programme import groupings

By = Literal["day", "hall", "film"]
ITEMS = Item.Kind
PREMIERES = Screening.Premiere


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a running order. `film` is a film's code; `title` what stands there."""

    film: str
    title: str
    makers: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A screening as the page shows it."""

    code: str
    title: str
    starts_at: datetime
    ends_at: datetime
    venue: str
    hall: str
    lines: Sequence[Line]
    note: str
    host: str
    tickets: str
    premiere: str
    languages: str
    subtitles: str
    min_age: int | None
    cancelled: bool
    reason: str
    online: bool
    words: str  # what a search on the page looks through, in small letters


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with what stands under it: a day's hall, a hall's day, or a film."""

    title: str
    screenings: Sequence[Shown]
    day: date | None = None
    film: str = ""
    hall: str = ""  # its code, for a calendar of its own


@dataclass(frozen=True, slots=True)
class Section:
    """A day with its halls, a hall with its days, or all films."""

    title: str
    groups: Sequence[Group]
    day: date | None = None
    hall: str = ""


@dataclass(frozen=True, slots=True)
class NowNext:
    """What runs in a hall and what comes next there today."""

    place: str
    now: Shown | None
    next: Shown | None


class Page:
    """Says a programme in the active language."""

    def __init__(self, programme: doc.Programme) -> None:
        self.programme = programme
        self.language = short_language()
        self.look = groupings.Lookup(programme)
        self.shown = {one.code: self._shown(one) for one in programme.screenings}

    def sections(self, by: By) -> list[Section]:
        """The whole programme, ordered so."""
        match by:
            case "hall":
                return [
                    Section(
                        self._place(row.hall, row.venue),
                        [Group("", self._all(rows), day=day) for day, rows in row.days],
                        hall=row.hall.code,
                    )
                    for row in groupings.by_hall(self.programme)
                ]
            case "film":
                films = [row for row in groupings.by_film(self.programme) if row.showings]
                films.sort(key=lambda row: row.film.title.said(self.language).casefold())
                return [Section("", [self._film(row) for row in films])] if films else []
            case _:
                return [
                    Section(
                        "",
                        [
                            Group(
                                self._place(row.hall, row.venue),
                                self._all(row.screenings),
                                hall=row.hall.code,
                            )
                            for row in day.halls
                        ],
                        day=day.date,
                    )
                    for day in groupings.by_day(self.programme)
                    if day.halls
                ]

    def now_next(self, at: datetime) -> list[NowNext]:
        """Hall by hall, what runs now and what comes next today; nothing on days without a screening."""
        return [
            NowNext(
                self._place(row.hall, row.venue),
                self.shown[row.now.code] if row.now else None,
                self.shown[row.next.code] if row.next else None,
            )
            for row in groupings.now_next(self.programme, at)
        ]

    def halls(self) -> list[tuple[str, str]]:
        """Codes and names of the halls in which something is shown."""
        return [
            (row.hall.code, self._place(row.hall, row.venue)) for row in groupings.by_hall(self.programme)
        ]

    def changes(self) -> list[str]:
        """What is new in this version, a line each."""
        return self.programme.changes.said(self.language).splitlines()

    def _all(self, screenings: Sequence[doc.Screening]) -> list[Shown]:
        return [self.shown[one.code] for one in screenings]

    def _film(self, row: groupings.FilmShowings) -> Group:
        title = row.film.title.said(self.language)
        return Group(title, [self.shown[one.screening.code] for one in row.showings], film=row.film.code)

    def _place(self, hall: doc.Hall, venue: doc.Venue) -> str:
        return f"{venue.name.said(self.language)} · {hall.name.said(self.language)}"

    def _shown(self, one: doc.Screening) -> Shown:
        hall, venue = self.look.hall(one), self.look.venue(one)
        lines = [self._line(item) for item in one.items if item.kind is not doc.Kind.LABEL]
        title = one.title.said(self.language)
        return Shown(
            code=one.code,
            title=title,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            venue=venue.name.said(self.language),
            hall=hall.name.said(self.language),
            lines=lines,
            note=one.note.said(self.language),
            host=one.host.said(self.language),
            tickets=one.ticket_note.said(self.language),
            premiere=str(PREMIERES(one.premiere).label) if one.premiere else "",
            languages=language_text(", ".join(one.spoken)),
            subtitles=language_text(", ".join(one.subtitles)),
            min_age=one.min_age,
            cancelled=one.cancelled,
            reason=one.reason.said(self.language),
            online=hall.online,
            words=self._words(one),
        )

    def _words(self, one: doc.Screening) -> str:
        films = self.look.films_of(one)
        texts = [one.title, one.note, *(film.title for film in films), *(film.section for film in films)]
        said = [text for both in texts for text in (both.en, both.zh) if text]
        said += [maker for film in films for maker in film.makers]
        said += [country_text(code) for film in films for code in film.countries]
        return " ".join(dict.fromkeys(said)).casefold()

    def _line(self, item: doc.Item) -> Line:
        if not item.film:
            title = item.title.said(self.language) or str(ITEMS(item.kind.value).label)
            return Line("", title, "", item.seconds)
        film = self.look.films[item.film]
        between = "、" if self.language == "zh" else ", "
        return Line(film.code, film.title.said(self.language), between.join(film.makers), item.seconds)
