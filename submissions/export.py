"""Submitted entries as rows of a table, with the columns that somebody chose."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import F, Prefetch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from festival.edition import permissions as edition_permissions
from festival.edition.models import Edition
from festival.edition.tools import Catalogue
from festival.kit.names import country_text, language_text
from festival.kit.sheets import Cell
from festival.kit.words import say, short_language
from festival.people.actor import Actor
from submissions import queries
from submissions.credit_people import representative_of
from submissions.credit_view import credits_in_one
from submissions.desk_queries import Filters, filtered
from submissions.fields import BY_NAME
from submissions.finding_words import rule_title
from submissions.models import Answer, Entry, FilmVersion, FindingRow, Inspection, Question, StatementFinding
from submissions.question_forms import answer_text
from submissions.question_queries import with_words
from submissions.statement_view import rulebook_of, use_text, uses_of

BATCH = 500
MEASURED = {
    "width": "report__video__width",
    "height": "report__video__height",
    "rate": "report__video__frame_rate",
    "loudness": "report__audio__integrated_lufs",
}
"""What is taken out of a report; the rest of it stays in the database: a batch of whole ones would be large."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one line is made of."""

    entry: Entry
    inspection: Inspection | None
    film: FilmVersion | None
    rules: tuple[str, ...]
    tools: Catalogue

    def measured(self, name: str) -> Any:
        """One of MEASURED from the newest report; None without one."""
        return getattr(self.inspection, name, None)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that can be chosen. `personal`: only for organisers; `usual`: chosen unless somebody says otherwise."""

    name: str
    title: str | Promise
    value: Callable[[Row], Cell]
    usual: bool = True
    personal: bool = False


def _size(row: Row) -> str:
    wide, high = row.measured("width"), row.measured("height")
    return f"{wide} × {high}" if wide and high else ""


def _tools(row: Row) -> str:
    return "; ".join(use_text(use, row.tools) for use in uses_of(row.entry))


def _representative(row: Row) -> tuple[str, str]:
    """Name and address of who speaks for the team; the account's own person has the account's address."""
    person = representative_of(row.entry)
    if person is None:
        return "", ""
    return person.name, person.email or (row.entry.entrant.email if person.is_self else "")


def _verdict(row: Row) -> str:
    found = row.inspection
    if found is None:
        return ""
    return str(found.get_verdict_display() if found.verdict else found.get_state_display())


COLUMNS = (
    Column("code", _("Code"), lambda row: row.entry.code),
    Column("title", _("Title of the film"), lambda row: row.entry.title),
    Column("title_en", _("English title"), lambda row: row.entry.title_en),
    Column("director", _("Direction"), lambda row: row.entry.director),
    Column("credits", _("Credits"), lambda row: credits_in_one(row.entry.credits.all())),
    Column("representative", _("Representative"), lambda row: _representative(row)[0], usual=False),
    Column("country", _("Country or region"), lambda row: country_text(row.entry.country)),
    Column("language", _("Spoken language"), lambda row: language_text(row.entry.language), usual=False),
    Column("subtitle_languages", _("Subtitles"), lambda row: language_text(row.entry.subtitle_languages), usual=False),
    Column("year", _("Year of completion"), lambda row: row.entry.year, usual=False),
    Column("genre", _("Form"), lambda row: BY_NAME["genre"].said(row.entry), usual=False),
    Column("premiere", _("Premiere status"), lambda row: BY_NAME["premiere"].said(row.entry), usual=False),
    Column("showings", _("Shown and awarded before"), lambda row: row.entry.showings, usual=False),
    Column("track", _("Track"), lambda row: say(row.entry.track.name)),
    Column("state", _("State"), lambda row: str(row.entry.get_state_display())),
    Column("submitted", _("Submitted"), lambda row: row.entry.submitted_at),
    Column("running_time", _("Length in seconds, as declared"), lambda row: row.entry.running_time, usual=False),
    Column("seconds", _("Length in seconds"), lambda row: row.inspection and row.inspection.seconds),
    Column("verdict", _("Inspection"), _verdict),
    Column("findings", _("Findings"), lambda row: "; ".join(rule_title(rule, short_language()) for rule in row.rules)),
    Column("tools", _("AI tools"), _tools),
    Column("statement", _("AI statement"), lambda row: row.entry.ai_statement, usual=False),
    Column("synopsis_en", _("Synopsis in English"), lambda row: row.entry.synopsis.get("en"), usual=False),
    Column("synopsis_zh", _("Synopsis in Chinese"), lambda row: row.entry.synopsis.get("zh"), usual=False),
    Column("size", _("Picture size"), _size, usual=False),
    Column("rate", _("Frames a second"), lambda row: row.measured("rate"), usual=False),
    Column("loudness", _("Loudness in LUFS"), lambda row: row.measured("loudness"), usual=False),
    Column("file", _("File"), lambda row: row.film and row.film.filename, usual=False),
    Column("bytes", _("Bytes"), lambda row: row.film and row.film.size, usual=False),
    Column("sha256", _("SHA-256"), lambda row: row.film and row.film.asset and row.film.asset.sha256, usual=False),
    Column("entrant", _("Entrant"), lambda row: str(row.entry.entrant.name), usual=False, personal=True),
    Column("email", _("E-mail address"), lambda row: row.entry.entrant.email, usual=False, personal=True),
    Column("representative_email", _("E-mail address of the representative"), lambda row: _representative(row)[1],
           usual=False, personal=True),
)  # fmt: skip


def columns_for(actor: Actor, edition: Edition) -> tuple[Column, ...]:
    """The columns that this person may take away: who entered, and how to reach them, is for organisers alone."""
    organises = edition_permissions.can_organise(actor, edition)
    known = (*COLUMNS, *_question_columns(edition))
    return tuple(column for column in known if organises or not column.personal)


def _question_columns(edition: Edition) -> list[Column]:
    """A column for each question that the edition asks or has asked. Three queries."""
    questions = with_words(edition.questions.exclude(kind=Question.Kind.FILE))
    return [
        Column(f"q{row.pk}", say(row.wording.text), partial(_answer, row.pk), usual=False)
        for row in questions
    ]


def _answer(question: int, row: Row) -> Cell:
    """In the words that it was answered in; a number as a number."""
    answer = next((one for one in row.entry.answers.all() if one.question_id == question), None)
    if answer is None:
        return ""
    if answer.question.kind == Question.Kind.NUMBER:
        return answer.value
    return answer_text(answer.question, answer.wording, answer.value)


def rows_of(edition: Edition, filters: Filters, columns: Sequence[Column]) -> Iterator[list[Cell]]:
    """The filtered entries, first submitted first; seven queries for each five hundred, whatever is chosen."""
    ids = list(filtered(edition, filters).order_by("submitted_at", "pk").values_list("pk", flat=True))
    tools = rulebook_of(edition).tools
    for at in range(0, len(ids), BATCH):
        for row in _batch(ids[at : at + BATCH], tools):
            yield [column.value(row) for column in columns]


def _batch(ids: list[int], tools: Catalogue) -> Iterator[Row]:
    entries = (
        Entry.objects.filter(pk__in=ids)
        .select_related("track", "entrant")
        .prefetch_related(
            "tool_uses", "credits", Prefetch("answers", Answer.objects.select_related("question", "wording"))
        )
    )
    found = list(queries.with_inspection(entries).order_by("submitted_at", "pk"))
    newest = Inspection.objects.filter(pk__in=[entry.inspection_id for entry in found if entry.inspection_id])
    taken = {name: F(path) for name, path in MEASURED.items()}
    inspections = {row.pk: row for row in queries.without_reports(newest).annotate(**taken)}
    films = {
        film.entry_id: film
        for film in FilmVersion.objects.filter(entry__in=ids).select_related("asset").order_by("number")
    }
    rules: dict[int, list[str]] = {}
    of_films = FindingRow.objects.filter(inspection__in=inspections).order_by("pk")
    of_statements = StatementFinding.objects.filter(entry__in=ids).order_by("pk")
    for owner, rule in [
        *of_films.values_list("inspection__version__entry_id", "rule"),
        *of_statements.values_list("entry_id", "rule"),
    ]:
        rules.setdefault(owner, []).append(rule)
    for entry in found:
        inspection = inspections.get(entry.inspection_id)
        yield Row(entry, inspection, films.get(entry.pk), tuple(rules.get(entry.pk, ())), tools)
