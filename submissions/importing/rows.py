"""A row of a manifest as the values of an entry, with what is wrong with it and what was left out, in sentences."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import validate_email
from django.utils.dateparse import parse_date, parse_datetime

from festival.edition.models import Edition, Track
from festival.kit.incoming import one_line, plain_text
from festival.kit.words import canonical
from submissions.fields import BY_NAME
from submissions.importing.columns import columns_of, custom_answers
from submissions.importing.sheet import Line
from submissions.models import Entry, Question
from submissions.question_forms import as_stored, field_of
from submissions.question_queries import with_words

LONGEST_TITLE = 200
CHINESE = re.compile(r"[\u3400-\u9fff]")
GONE = ("withdrawn", "disqualified", "incomplete")  # FilmFreeway's "Submission Status": not in the running
YES_NO = {
    **dict.fromkeys(("yes", "true", "1", "y", "是", "有"), "yes"),
    **dict.fromkeys(("no", "false", "0", "n", "否", "无"), "no"),
}
GENRES = (  # words of FilmFreeway's "Project Type" and of others, in the order in which they are looked for
    ("music", Entry.Genre.MUSIC),
    ("documentary", Entry.Genre.DOCUMENTARY),
    ("animat", Entry.Genre.ANIMATION),
    ("experimental", Entry.Genre.EXPERIMENTAL),
    ("essay", Entry.Genre.ESSAY),
    ("commercial", Entry.Genre.PROMOTION),
    ("television", Entry.Genre.EPISODE),
    ("web", Entry.Genre.EPISODE),
    ("narrative", Entry.Genre.FICTION),
    ("fiction", Entry.Genre.FICTION),
    ("short", Entry.Genre.FICTION),
    ("feature", Entry.Genre.FICTION),
    ("other", Entry.Genre.OTHER),
)


@dataclass(slots=True)
class Row:
    """What one line says. With `problems` it is not imported; `notes` name what was left out of it.

    `film` are the names to look for, in that order; `wants_film`: the manifest names one, so it must be there.
    """

    line: int
    key: str = ""
    email: str = ""
    name: str = ""
    track: Track | None = None
    values: dict[str, Any] = field(default_factory=dict)
    answers: dict[int, Any] = field(default_factory=dict)
    submitted_at: datetime | None = None
    film: tuple[str, ...] = ()
    wants_film: bool = False
    gone: str = ""  # why it is not in the running any more
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    digest: str = ""

    @property
    def title(self) -> str:
        return str(self.values.get("title", ""))


class RowReader:
    """Reads rows for one edition: its tracks and questions are fetched once."""

    def __init__(
        self,
        edition: Edition,
        headings: tuple[str, ...],
        *,
        owner: str = "",
        track: str = "",
        tracks: Mapping[str, str] | None = None,
        at: datetime,
    ) -> None:
        self.edition, self.owner, self.at = edition, owner, at
        self.zone = ZoneInfo(edition.time_zone)
        self.tracks: dict[str, Track] = {}
        for one in edition.tracks.all():
            names = [one.slug, *one.name.values()]
            self.tracks |= {name.casefold(): one for name in names if name}
        self.track = self._known_track(track) if track else None
        self.track_names = {name.casefold(): self._known_track(slug) for name, slug in (tracks or {}).items()}
        live = with_words(edition.questions.filter(retired_at=None).exclude(kind=Question.Kind.FILE))
        self.questions: dict[str, Question] = {}
        for question in live:
            self.questions |= {text.casefold(): question for text in question.wording.text.values() if text}
        more = {text: f"question {question.pk}" for text, question in self.questions.items()}
        self.columns, self.unknown = columns_of(headings, more)
        self.keys: set[str] = set()

    def _known_track(self, name: str) -> Track:
        found = self.tracks.get(name.casefold())
        if found is None:
            slugs = ", ".join(sorted({track.slug for track in self.tracks.values()}))
            raise ValueError(f"There is no track {name!r}; there are {slugs}.")
        return found

    def read(self, line: Line) -> Row:
        """The row; whatever is wrong with it stands in it."""
        given = {
            known: plain_text(line.cells[heading])
            for heading, known in self.columns.items()
            if heading in line.cells
        }
        row = Row(line.number, problems=[line.problem] if line.problem else [])
        self._who(row, given)
        self._film(row, given)
        row.track = self._track(row, given.get("track", ""))
        self._texts(row, given)
        for name in ("country", "language", "subtitle_languages", "running_time", "showings", "premiere"):
            self._common(row, name, given.get(name, ""))
        self._year(row, given.get("year", ""))
        self._genre(row, given.get("genre", ""))
        self._questions(row, given, custom_answers(line.cells))
        row.submitted_at = self._moment(given.get("submitted", ""))
        status = given.get("status", "")
        row.gone = status if status.casefold() in GONE else ""
        row.digest = hashlib.sha256(canonical([sorted(line.cells.items()), self.edition.pk])).hexdigest()
        return row

    def _who(self, row: Row, given: Mapping[str, str]) -> None:
        row.key = one_line(given.get("key") or given.get("key2", ""))[:100]
        if not row.key:
            row.problems.append(
                "The row has no number. Add a column “Tracking Number” with a different number in each row: "
                "by it a row is recognised when the import is run again."
            )
        elif row.key in self.keys:
            row.problems.append(f"The number {row.key} is there twice.")
        self.keys.add(row.key)
        row.email = (given.get("email") or self.owner).strip().lower()
        try:
            validate_email(row.email)
        except forms.ValidationError:
            row.problems.append(
                f"“{row.email}” is no e-mail address."
                if row.email
                else "The row has no e-mail address. Add a column “Email”, or name one account with --owner."
            )
        first, last = given.get("first_name", ""), given.get("last_name", "")
        joined = f"{last}{first}" if CHINESE.search(first + last) else f"{first} {last}"
        row.name = one_line(given.get("name") or joined)[:120]

    def _film(self, row: Row, given: Mapping[str, str]) -> None:
        named = given.get("file", "").replace("\\", "/")
        row.wants_film = bool(named)
        title = given.get("title", "")
        row.film = tuple(
            filter(
                None,
                (named, named.rpartition("/")[2], row.key, given.get("key2", ""), "" if named else title),
            )
        )

    def _track(self, row: Row, written: str) -> Track | None:
        names = [part.strip().casefold() for part in re.split(r"[,;，；]", written) if part.strip()]
        for name in [written.strip().casefold(), *names]:
            found = self.track_names.get(name) or self.tracks.get(name)
            if found:
                return found
        if self.track:
            return self.track
        if len({track.pk for track in self.tracks.values()}) == 1:
            return next(iter(self.tracks.values()))
        slugs = ", ".join(sorted({track.slug for track in self.tracks.values()}))
        row.problems.append(
            f"The track “{written}” is not one of this edition's ({slugs}). Say which it is with "
            f'--tracks "{written}=SLUG", or give one for all with --track.'
        )
        return None

    def _texts(self, row: Row, given: Mapping[str, str]) -> None:
        title, original = one_line(given.get("title", "")), one_line(given.get("original_title", ""))
        english = one_line(given.get("title_en", "")) or (title if original and original != title else "")
        row.values["title"] = (original or title or english)[:LONGEST_TITLE]
        row.values["title_en"] = english[:LONGEST_TITLE]
        if not row.title:
            row.problems.append("The row has no title.")
        if max(len(title), len(original), len(english)) > LONGEST_TITLE:
            row.notes.append(f"The title was cut to {LONGEST_TITLE} letters.")
        row.values["director"] = one_line(given.get("director", ""))[:200]
        row.values["ai_statement"] = given.get("ai_statement", "")[:5000]
        synopsis = {"en": given.get("synopsis_en", ""), "zh": given.get("synopsis_zh", "")}
        for text in filter(None, (given.get("synopsis", ""), given.get("original_synopsis", ""))):
            language = "zh" if CHINESE.search(text) else "en"
            if not synopsis[language]:
                synopsis[language] = text
            elif synopsis[language] != text:
                row.notes.append("A second synopsis, neither in English nor in Chinese, was left out.")
        row.values["synopsis"] = {language: text[:2000] for language, text in synopsis.items() if text}

    def _common(self, row: Row, name: str, written: str) -> None:
        if not written:
            return
        if name == "premiere":
            known = {str(label).casefold(): value for value, label in Entry.Premiere.choices}
            written = known.get(written.casefold(), written)
        try:
            row.values[name] = BY_NAME[name].field(self.at).clean(written)
        except forms.ValidationError:
            row.notes.append(
                f"{name.replace('_', ' ').capitalize()} “{written[:60]}” was left out: not understood."
            )

    def _year(self, row: Row, written: str) -> None:
        found = re.search(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)", written)
        self._common(row, "year", found[1] if found else written)

    def _genre(self, row: Row, written: str) -> None:
        plain = written.casefold()
        labels = {str(label).casefold(): value for value, label in Entry.Genre.choices}
        found = labels.get(plain) or next((genre for word, genre in GENRES if word in plain), None)
        if found:
            row.values["genre"] = str(found)
        elif written:
            row.notes.append(f"The form “{written[:60]}” was left out: not understood.")

    def _questions(self, row: Row, given: Mapping[str, str], custom: Mapping[str, str]) -> None:
        asked = {f"question {question.pk}": question for question in self.questions.values()}
        answered = [(asked[known], text) for known, text in given.items() if known in asked]
        for words, text in custom.items():
            question = self.questions.get(words.casefold())
            if question:
                answered.append((question, text))
            else:
                row.notes.append(f"The answer to “{words[:60]}” was left out: no such question here.")
        for question, text in answered:
            if row.track and not question.is_for(row.track.pk):
                continue
            try:
                row.answers[question.pk] = as_stored(question, self._answer(question, text))
            except forms.ValidationError as error:
                row.notes.append(
                    f"The answer “{text[:60]}” to “{question.wording.text.get('en', '')[:60]}” was left out: "
                    f"{' '.join(error.messages)}"
                )

    def _answer(self, question: Question, text: str) -> Any:
        options = {
            label.casefold(): option["key"]
            for option in question.wording.options
            for label in (option["en"], option["zh"], option["key"])
        }
        value: Any = text
        if question.kind == Question.Kind.CHOICE:
            value = options.get(text.casefold(), text)
        elif question.kind == Question.Kind.CHOICES:
            parts = [part.strip() for part in re.split(r"[;,、，；\n]", text) if part.strip()]
            value = [options.get(part.casefold(), part) for part in parts]
        elif question.kind == Question.Kind.YES_NO:
            value = YES_NO.get(text.casefold(), text)
        return field_of(question, question.wording).clean(value)

    def _moment(self, written: str) -> datetime | None:
        """When it was submitted there; nothing where that is no date, or lies ahead."""
        text = written.replace("/", "-")
        try:
            moment = parse_datetime(text)
            day = parse_date(text[:10]) if moment is None else None
        except ValueError:
            return None
        if day is not None:
            moment = datetime(day.year, day.month, day.day)
        if moment is None:
            return None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
        return aware.astimezone(UTC) if aware < self.at else None
