"""The table of entries as its page shows it: what can be chosen, what is chosen, and the addresses of both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import QueryDict
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from festival.edition import permissions as edition_permissions
from festival.edition.models import Edition
from festival.edition.track_words import takes_projects
from festival.kit.csv_table import Cell
from festival.kit.keyset import KeysetPage
from festival.kit.names import country_text, language_text
from festival.kit.words import clock_time, file_size, say, short_language
from festival.people.actor import Actor
from submissions import desk_queries, export, permissions, statement_queries
from submissions.desk_filters import NOT_YET, Filters
from submissions.finding_words import rule_title
from submissions.lifecycle import State
from submissions.list_registry import FilmList
from submissions.models import Entry, Inspection, SavedFilter, TableColumns
from submissions.report_view import TONES
from submissions.status import BADGES

IN_FILM = ("code", "title", "title_en")  # these stand in the first cell of every row
USUAL = ("director", "track", "state", "verdict", "seconds", "submitted")
SORTED_BY = {"submitted": "submitted", "director": "director"}  # column of the table → name of an order
MOST_OFFERED = 60
LONGEST = 160  # characters of a cell

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the filters with what can be chosen in it."""

    name: str
    label: str
    options: list[Option]

    @property
    def chosen(self) -> int:
        return sum(option.chosen for option in self.options)

    @property
    def boxes(self) -> SafeString:
        """A box to tick for each option: there are some two hundred on the page."""
        return _written(
            f'<label class="check"><input type="checkbox" name="{self.name}" value="{escape(one.value)}"'
            f"{' checked' if one.chosen else ''}> <span>{escape(one.label)}"
            f"{_quiet(one.count)}</span></label>"
            for one in self.options
        )


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, and the address without it."""

    label: str
    query: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table; `cells`: its cells after the first, written."""

    entry: Entry
    cells: SafeString
    has_match: bool
    has_double: bool


def lines_of(page: KeysetPage, columns: Sequence[export.Column], zone: str) -> list[Line]:
    """The lines of a page that `desk_queries.entries_page` gave. Their cells are written here: of a table with every
    column a template would take most of what the page costs.
    """
    labels = [escape(_("Length") if column.name == "seconds" else str(column.title)) for column in columns]
    place = ZoneInfo(zone)
    return [
        Line(
            row.entry,
            _written(
                f'<td data-label="{label}"{_inside(row, column.name, cell, place)}</span></td>'
                for label, (column, cell) in zip(labels, row.cells, strict=True)
            ),
            row.has_match,
            row.has_double,
        )
        for row in page
    ]


def _written(parts: Iterable[str]) -> SafeString:
    """Every text in the parts is escaped where they are made."""
    return mark_safe("".join(parts))


def _inside(row: desk_queries.TableRow, name: str, cell: Cell, place: ZoneInfo) -> str:
    """A cell from its class to its text."""
    match name:
        case "state":
            return _badge(cell, BADGES[State(row.entry.state)])
        case "verdict" if row.newest is not None:
            waits = "block" if row.newest.state == Inspection.State.FAILED else "wait"
            return _badge(cell, TONES.get(row.newest.verdict, waits))
        case "seconds":
            return _number(clock_time(row.newest.seconds) if row.newest else "–")
        case "bytes":
            return _number(file_size(cell) if isinstance(cell, int) else "–")
        case "sha256":
            return f"><span>{escape(str(cell or '–')[:12])}"
    if isinstance(cell, datetime):
        text = date_format(cell.astimezone(place), "SHORT_DATETIME_FORMAT")
        return f' class="nowrap"><span>{escape(text)}'
    text = str(cell) if cell not in (None, "") else "–"
    return f"><span>{escape(Truncator(text).chars(LONGEST) if len(text) > LONGEST else text)}"


def _quiet(count: int | None) -> str:
    return "" if count is None else f' <span class="quiet num">{number_format(count)}</span>'


def _badge(text: Cell, look: str) -> str:
    return f'><span class="badge badge--{look}">{escape(str(text))}'


def _number(text: str) -> str:
    return f' class="num"><span>{escape(text)}'


def fields_of(edition: Edition, filters: Filters, lists: Sequence[FilmList]) -> list[Field]:
    """Every field with its values, those first that are met most. Seven queries."""
    countries, languages = desk_queries.origin_counts(edition)
    findings = [(rule, label, count) for rule, label, count in desk_queries.finding_counts(edition)]
    tools = [(key, name or _("Others"), count) for key, name, count in statement_queries.tool_counts(edition)]
    verdicts = [(verdict, str(label), None) for verdict, label in Inspection.Verdict.choices]
    given = (
        ("state", _("State"), [(str(one), str(one.label), None) for one in State if one != State.DRAFT]),
        ("track", _("Track"), [(track.slug, say(track.name), None) for track in edition.tracks.all()]),
        ("verdict", _("Inspection"), [*verdicts, (NOT_YET, _("Not inspected yet"), None)]),
        ("finding", _("Finding"), findings),
        ("tool", _("AI tool"), tools),
        ("country", _("Country or region"), [(code, country_text(code), n) for code, n in countries.items()]),
        ("language", _("Language"), [(tag, language_text(tag), n) for tag, n in languages.items()]),
        (
            "match",
            _("Like another entry") if takes_projects(edition) else _("Like another film"),
            [
                ("open", _("To be looked at"), None),
                ("account", _("The same file under another account"), None),
            ],
        ),
        ("list", _("List of the jury"), [(each.key, each.label, None) for each in lists]),
    )
    return [
        Field(name, label, _options(values, filters.chosen(name))) for name, label, values in given if values
    ]


def _options(values: Sequence[tuple[str, str, int | None]], chosen: Sequence[str]) -> list[Option]:
    """What is offered; what is chosen is always among it, also where nothing has it any more."""
    known = {value for value, _label, _count in values}
    found = [Option(value, label, value in chosen, count) for value, label, count in values]
    first = [option for at, option in enumerate(found) if at < MOST_OFFERED or option.chosen]
    return [*first, *(Option(value, value, True, 0) for value in chosen if value not in known)]


def chips_of(filters: Filters, fields: Sequence[Field], rest: Pairs) -> list[Chip]:
    """What is set, each with the address in which it is not; `rest` is what stays in the address beside filters."""
    names = {
        (field.name, one.value): f"{field.label}: {one.label}" for field in fields for one in field.options
    }
    names |= {("q", filters.search): f"“{filters.search}”", ("late", "yes"): _("Late")}
    pairs = filters.pairs
    ticked = [pair for pair in pairs if pair[0] == "code"]
    found = [
        Chip(names.get(pair, pair[1]), urlencode([one for one in pairs if one != pair] + rest))
        for pair in pairs
        if pair not in ticked
    ]
    if ticked:
        text = _("Ticked: %(count)d") % {"count": len(ticked)}
        found.append(Chip(text, urlencode([one for one in pairs if one not in ticked] + rest)))
    return found


def columns_shown(
    asked: QueryDict, actor: Actor, edition: Edition
) -> tuple[list[export.Column], list[export.Column]]:
    """The columns that the table has, and all that it could have: those in the address, else the reader's own choice,
    else the usual ones. Five queries.
    """
    known = [column for column in export.columns_for(actor, edition) if column.name not in IN_FILM]
    names = set(asked.getlist("column"))
    if not names & {column.name for column in known}:
        kept = TableColumns.objects.filter(user_id=actor.id).first()
        names = set(kept.columns) if kept else set(USUAL)
    shown = [column for column in known if column.name in names]
    return shown or [column for column in known if column.name in USUAL], known


def saved_for(actor: Actor, edition: Edition) -> list[SavedFilter]:
    """One's own filters and those shared with the team, each with `may_change`. One query.

    One that narrows by a list of the jury is nothing for those who may not see these lists.
    """
    rows = SavedFilter.objects.filter(Q(owner_id=actor.id) | Q(shared=True), edition=edition)
    organises = edition_permissions.can_organise(actor, edition)
    found = []
    for row in rows.select_related("owner", "edition").order_by("name", "pk"):
        if organises or "list" not in QueryDict(row.query):
            row.may_change = permissions.can_change_filter(actor, row)
            found.append(row)
    return found


def described(saved: SavedFilter, fields: Sequence[Field]) -> str:
    """What a saved filter shows, in words."""
    names = {(field.name, one.value): one.label for field in fields for one in field.options}
    labels = {field.name: field.label for field in fields}
    said = []
    for name, values in QueryDict(saved.query).lists():
        if name == "q":
            said.append(f"“{values[0]}”")
        elif name == "late":
            said.append(_("Late"))
        elif name in labels:
            words = [names.get((name, value)) or _known(name, value) for value in values]
            said.append(f"{labels[name]}: {', '.join(words)}")
    return " · ".join(said)


def _known(name: str, value: str) -> str:
    return rule_title(value, short_language()) if name == "finding" else value
