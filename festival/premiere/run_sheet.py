"""What the projectionist has: what runs when, and what each file is."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import override

from festival.catalogue.models import Film
from festival.premiere import copy_queries, publishing
from festival.premiere.copy_choice import copy_for
from festival.premiere.models import Copy, Item, Screening
from festival.premiere.programme import document, papers
from festival.premiere.programme.document import Programme, Text
from festival.premiere.programme.groupings import timed
from festival.premiere.programme.papers import Projection

SOUND = {1: "1.0", 2: "2.0", 6: "5.1", 8: "7.1"}  # channels as a cinema calls them


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the running order at its moment, with the film's copy and what is to be done."""

    at: datetime
    item: document.Item
    film: Film | None = None
    copy: Copy | None = None
    cue: Text = document.EMPTY


@dataclass(frozen=True, slots=True)
class Sheet:
    """A screening as the public knows it, or as it lies on the table while nobody does."""

    programme: Programme
    shown: document.Screening
    lines: Sequence[Line]


def sheet_of(screening: Screening) -> Sheet:
    """Copies and cues are those of the table, line by line: of a film its own, of another line the next of its kind."""
    edition = screening.edition
    programme = publishing.in_force(edition)
    if programme is None or all(one.code != screening.code for one in programme.screenings):
        rows = publishing.screenings_of(edition).filter(pk=screening.pk)
        programme = publishing.programme_of(edition, rows, number=0, at=screening.updated_at, changes={})
    shown = next(one for one in programme.screenings if one.code == screening.code)
    table: dict[str, list[Item]] = defaultdict(list)
    for row in copy_queries.lines_of(screening):
        table[row.film.code if row.film else row.kind].append(row)
    lines = []
    for item, at in timed(shown):
        same = table[item.film or item.kind.value]
        lines.append(_line(screening, item, at, same.pop(0) if same else None))
    return Sheet(programme, shown, lines)


def _line(screening: Screening, item: document.Item, at: datetime, row: Item | None) -> Line:
    if row is None:
        return Line(at, item)
    copy = copy_for(row.film.copies.all(), screening.hall, row.copy_id) if row.film else None
    return Line(at, item, row.film, copy, Text(row.cue.get("en", ""), row.cue.get("zh", "")))


def run_sheet(screening: Screening, language: str) -> bytes:
    """A PDF for the projectionist."""
    sheet = sheet_of(screening)
    with override("zh-hans" if language == "zh" else "en"):
        lines = {number: projection_of(line) for number, line in enumerate(sheet.lines, start=1)}
    return papers.run_of_show(
        sheet.programme, screening.code, language, lines=lines, clear_at=screening.busy_until
    )


def projection_of(line: Line) -> Projection:
    """What is known of the file that plays, in the active language; what is not known stays empty."""
    played = line.copy or line.film
    if played is None:
        return Projection(cue=line.cue)
    aspect = f"{played.width / played.height:.2f}" if played.width and played.height else ""
    known = [file_words(played), line.copy.name if line.copy else ""]
    return Projection(
        aspect=aspect,
        audio=SOUND.get(played.channels, str(played.channels)) if played.channels else "",
        copy=", ".join(part for part in known if part),
        checksum=line.copy.sha256 if line.copy else "",
        cue=line.cue,
    )


def file_words(played: Film | Copy) -> str:
    """Format and frame rate of a file, as far as they are known."""
    rate = f"{played.frame_rate.normalize():f} fps" if played.frame_rate else ""
    known = [played.get_file_format_display() if played.file_format else "", rate]
    return ", ".join(part for part in known if part)
