"""Submitted entries as rows of a table, with the columns that somebody chose."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from itertools import batched
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from festival.edition import permissions as edition_permissions
from festival.edition.models import Edition
from festival.edition.track_words import only_projects, takes_projects
from festival.kit.among import Among
from festival.kit.names import country_text, language_text
from festival.kit.sheets import Cell
from festival.kit.words import say
from festival.people.actor import Actor
from submissions import queries
from submissions.desk_filters import Filters, filtered
from submissions.export_facts import NOTHING, Gatherer
from submissions.lifecycle import State
from submissions.models import Entry, Inspection, Question
from submissions.question_queries import with_words

CHUNK = 1000  # entries that the database hands over at a time


@dataclass(frozen=True, slots=True)
class Row:
    """What one line of the desk's table is made of; `gathered`: the facts that `export_facts` reads."""

    entry: Entry
    inspection: Inspection | None
    gathered: Mapping[str, Any] = field(default_factory=dict)

    def fact(self, name: str) -> Any:
        """A column of the entry, a gathered fact, or with INSPECTION before it a column of the newest inspection;
        None without one.
        """
        if name in NOTHING:
            return self.gathered[name]
        if name.startswith(INSPECTION):
            return getattr(self.inspection, name.removeprefix(INSPECTION), None)
        found: Any = self.entry
        for part in name.split("__"):
            found = getattr(found, part)
        return found


@dataclass(frozen=True, slots=True)
class Column:
    """A column that can be chosen. `personal`: only for organisers; `usual`: chosen unless somebody says otherwise.

    `of`: the facts that `value` is given: columns of the entry, with INSPECTION before it of its newest inspection, or
    one that `export_facts` gathers. Only what the chosen columns need is fetched. `few`: the cells of a long table
    have few different values, which are put into words once.
    """

    name: str
    title: str | Promise
    value: Callable[..., Cell]
    of: tuple[str, ...]
    usual: bool = True
    personal: bool = False
    few: bool = False

    def cell(self, row: Row) -> Cell:
        """What stands in this column of a row."""
        return self.value(*map(row.fact, self.of))


INSPECTION = "inspection__"


def _same(value: Cell) -> Cell:
    return value


def _plain(
    name: str, title: str | Promise, *, usual: bool = True, of: str = "", personal: bool = False
) -> Column:
    return Column(name, title, _same, (of or name,), usual, personal)


def _part(place: Any) -> Callable[[Any], Cell]:
    """One of the parts of a fact; None where it lacks that."""
    return lambda fact: fact[place] if isinstance(fact, tuple) else fact.get(place)


def _worded(
    name: str, title: str | Promise, say_it: Callable[..., str], *of: str, usual: bool = True
) -> Column:
    return Column(name, title, say_it, of or (name,), usual, few=True)


def _answer(question: int, answers: Mapping[int, Cell]) -> Cell:
    return answers.get(question, "")


def _size(wide: int | None, high: int | None) -> str:
    return f"{wide} × {high}" if wide and high else ""


def _chosen(choices: type[Entry.Genre] | type[Entry.Premiere]) -> Callable[[str], str]:
    return lambda value: str(dict(choices.choices).get(value, value))


def _verdict(verdict: str | None, state: str | None) -> str:
    if verdict is None or state is None:
        return ""
    return str(Inspection.Verdict(verdict).label if verdict else Inspection.State(state).label)


COLUMNS = (
    _plain("code", _("Code")),
    _plain("title", _("Title of the film")),
    _plain("title_en", _("English title")),
    _plain("director", _("Direction")),
    _plain("credits", _("Credits")),
    Column("representative", _("Representative"), _part(0), ("representative",), usual=False),
    _worded("country", _("Country or region"), country_text),
    _worded("language", _("Spoken language"), language_text, usual=False),
    _worded("subtitle_languages", _("Subtitles"), language_text, usual=False),
    _plain("year", _("Year of completion"), usual=False),
    _worded("residence", _("Country or region of residence"), country_text, usual=False),
    _worded("genre", _("Form"), _chosen(Entry.Genre), usual=False),
    _worded("premiere", _("Premiere status"), _chosen(Entry.Premiere), usual=False),
    _plain("showings", _("Shown and awarded before"), usual=False),
    Column("track", _("Track"), say, ("track__name",)),
    _worded("state", _("State"), lambda state: str(State(state).label)),
    _plain("submitted", _("Submitted"), of="submitted_at"),
    _plain("running_time", _("Length in seconds, as declared"), usual=False),
    _plain("seconds", _("Length in seconds"), of=f"{INSPECTION}length"),
    _worded("verdict", _("Inspection"), _verdict, f"{INSPECTION}verdict", f"{INSPECTION}state"),
    _plain("findings", _("Findings"), of="rules"),
    _plain("tools", _("AI tools")),
    _plain("statement", _("AI statement"), of="ai_statement", usual=False),
    Column("synopsis_en", _("Synopsis in English"), _part("en"), ("synopsis",), usual=False),
    Column("synopsis_zh", _("Synopsis in Chinese"), _part("zh"), ("synopsis",), usual=False),
    _worded("size", _("Picture size"), _size, f"{INSPECTION}width", f"{INSPECTION}height", usual=False),
    _plain("rate", _("Frames a second"), of=f"{INSPECTION}rate", usual=False),
    _plain("loudness", _("Loudness in LUFS"), of=f"{INSPECTION}loudness", usual=False),
    Column("file", _("File"), _part(0), ("film",), usual=False),
    Column("bytes", _("Bytes"), _part(1), ("film",), usual=False),
    Column("sha256", _("SHA-256"), _part(2), ("film",), usual=False),
    _plain("entrant", _("Entrant"), of="entrant__name", usual=False, personal=True),
    _plain("email", _("E-mail address"), of="entrant__email", usual=False, personal=True),
    Column("representative_email", _("E-mail address of the representative"), _part(1), ("representative",),
           usual=False, personal=True),
)  # fmt: skip


def columns_for(actor: Actor, edition: Edition) -> tuple[Column, ...]:
    """The columns that this person may take away: who entered, and how to reach them, is for organisers alone."""
    organises = edition_permissions.can_organise(actor, edition)
    known = (*_worded_for(edition), *_question_columns(edition))
    return tuple(column for column in known if organises or not column.personal)


def _worded_for(edition: Edition) -> list[Column]:
    if not takes_projects(edition):
        return list(COLUMNS)
    title = _("Title of the project") if only_projects(edition) else _("Title")
    return [replace(column, title=title) if column.name == "title" else column for column in COLUMNS]


def _question_columns(edition: Edition) -> list[Column]:
    """A column for each question that the edition asks or has asked. Three queries."""
    questions = with_words(edition.questions.exclude(kind=Question.Kind.FILE))
    return [
        Column(f"q{row.pk}", say(row.wording.text), partial(_answer, row.pk), ("answers",), usual=False)
        for row in questions
    ]


def rows_of(edition: Edition, filters: Filters, columns: Sequence[Column]) -> Iterator[list[Cell]]:
    """The filtered entries, first submitted first. Two queries for all, and for each thousand one for each kind of fact
    that does not stand in the entry's own row; no objects are made of them. A thousand are made column by column.
    """
    rows = filtered(edition, filters).order_by("submitted_at", "pk")
    asked = dict.fromkeys(name for column in columns for name in column.of)
    gatherer = Gatherer(edition, asked)
    inspected = [name for name in asked if name.startswith(INSPECTION)]
    own = [name for name in asked if name not in inspected and name not in NOTHING]
    # There are few tracks: their names are read and put into words once, not with every entry.
    columns_read = ["track_id" if name == "track__name" else name for name in own]
    named = edition.tracks.values_list("pk", "name") if "track__name" in own else []
    tracks = {pk: say(name) for pk, name in named}
    # Kept for this table alone: words are those of its reader's language.
    makers = [lru_cache(2000)(column.value) if column.few else column.value for column in columns]
    with_newest = bool(inspected or "rules" in gatherer.names)
    if with_newest:
        rows = queries.with_inspection(rows)
    values = rows.values_list("pk", *(["inspection_id"] if with_newest else []), *columns_read)
    for chunk in batched(values.iterator(chunk_size=CHUNK), CHUNK):
        ids, *facts = zip(*chunk, strict=True)
        newest = facts.pop(0) if with_newest else (None,) * len(ids)
        known = dict(zip(own, facts, strict=True))
        if tracks:
            known["track__name"] = list(map(tracks.__getitem__, known["track__name"]))
        known |= zip(inspected, _inspected(newest, inspected), strict=True)
        gathered = gatherer.of(dict(zip(ids, newest, strict=True)))
        for name, found in zip(gatherer.names, gathered, strict=True):
            known[name] = [found.get(pk, NOTHING[name]) for pk in ids]
        table = [
            known[column.of[0]] if make is _same else map(make, *(known[name] for name in column.of))
            for column, make in zip(columns, makers, strict=True)
        ]
        yield from map(list, zip(*table, strict=True))


def _inspected(newest: Sequence[int | None], names: Sequence[str]) -> Iterable[Sequence[Any]]:
    """Columns of inspections with these ids, None where there is none. One query, or none."""
    if not names:
        return []
    rows = Inspection.objects.filter(Among("pk", [pk for pk in newest if pk])).order_by()
    sources = [name.removeprefix(INSPECTION) for name in names]
    found = {pk: facts for pk, *facts in rows.values_list("pk", *sources)}
    nothing = [None] * len(names)
    return zip(*(found.get(pk, nothing) for pk in newest), strict=True)


def table_rows(edition: Edition, ids: Sequence[int], columns: Sequence[Column]) -> list[Row]:
    """The rows of one page of the desk's table, in the order of the ids. At most nine queries."""
    asked = {name for column in columns for name in column.of}
    tracks = {track.pk: track for track in edition.tracks.all()}
    entries = Entry.objects.filter(pk__in=ids)
    if any(name.startswith("entrant__") for name in asked):
        entries = entries.select_related("entrant")
    found = {entry.pk: entry for entry in queries.with_inspection(entries)}
    newest = {pk: entry.inspection_id for pk, entry in found.items()}
    made = Inspection.objects.filter(pk__in=[pk for pk in newest.values() if pk])
    inspections = {row.pk: row for row in queries.without_reports(made)}
    gatherer = Gatherer(edition, asked)
    facts = dict(zip(gatherer.names, gatherer.of(newest), strict=True))
    rows = []
    for pk in ids:
        if pk in found:
            found[pk].track = tracks[found[pk].track_id]
            gathered = {name: known.get(pk, NOTHING[name]) for name, known in facts.items()}
            rows.append(Row(found[pk], inspections.get(newest[pk]), gathered))
    return rows
