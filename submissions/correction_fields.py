"""Which fields of a submitted entry can be corrected, by name: one registry for asking, granting, saving and reading.

Not among them: the track and the film itself (which has its fix window), and what was declared about rights, people
and ages: what was agreed to stays as it was agreed to.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from festival.edition.form_rules import FormRules, read_form
from festival.edition.models import Edition
from festival.edition.track_words import only_projects
from festival.kit.words import say, short_language
from submissions.attachment_kinds import KINDS
from submissions.fields import BY_NAME, asked_fields
from submissions.lifecycle import State
from submissions.models import Entry, Question
from submissions.question_queries import asked_of

FILE = "file_"
GROUPS: dict[str, str | Promise] = {  # as on the form
    "film": gettext_lazy("The film"),
    "facts": gettext_lazy("Who, where, when"),
    "shown": gettext_lazy("Before this contest"),
    "questions": gettext_lazy("More about this film"),
    "statement": gettext_lazy("AI statement"),
    "people": gettext_lazy("Credits"),
    "files": gettext_lazy("Other files"),
}
OF_PROJECTS: dict[str, str | Promise] = {
    "film": gettext_lazy("The project"),
    "questions": gettext_lazy("More about this project"),
}
LABELS: dict[str, tuple[str, str | Promise]] = {
    "title": ("film", gettext_lazy("Title of the film")),
    "uses": ("statement", gettext_lazy("Tools of the AI statement")),
    "ai_statement": ("statement", gettext_lazy("How it was made, in words")),
    "credits": ("people", gettext_lazy("Credits")),
    "subtitles": ("files", gettext_lazy("Subtitle files")),
}
ELSEWHERE = ("credits", "subtitles")  # and the files: changed on pages of their own
# What the catalogue copies of an entry (`submissions.catalogue`).
IN_CATALOGUE = (
    "title",
    "title_en",
    "synopsis",
    "director",
    "country",
    "language",
    "year",
    "ai_statement",
    "uses",
    "credits",
    "file_poster_wide",
    "file_still",
)


@dataclass(frozen=True, slots=True)
class Field:
    """`name`: a column of `Entry`, "uses", "credits", "subtitles", "q12" for a question, "file_still" for a kind."""

    name: str
    label: str
    group: str


def file_part(kind: str, question: int | str = "") -> str:
    """The name of the files of a kind (`attachment_kinds.KINDS`), or of those that answer a question ("file_q12").

    Documents about rights have none that is granted.
    """
    return f"{FILE}q{question}" if kind == "answer" else FILE + kind


def files_of(name: str) -> tuple[str, int | None]:
    """The kind of files that a name stands for, and the question that they answer; no kind for any other name."""
    if not name.startswith(FILE):
        return "", None
    rest = name.removeprefix(FILE)
    question = question_of(rest)
    return ("answer", question) if question else (rest, None)


def question_of(name: str) -> int | None:
    """The id of the question that a name stands for ("q12"); None for any other."""
    number = name.removeprefix("q")
    return int(number) if name.startswith("q") and number.isdecimal() else None


def is_elsewhere(name: str) -> bool:
    """Whether it is changed on a page of its own, not in the form of the correction."""
    return name in ELSEWHERE or name.startswith(FILE)


def correctable(entry: Entry, at: datetime) -> list[Field]:
    """What can be corrected in this entry, in the order of the form.

    Asks nothing of the database for an entry that was fetched with its edition's questions.
    """
    rules = read_form(entry.edition.form)
    names = ["title", *(common.name for common in asked_fields(rules))]
    names += [f"q{row.pk}" for row in correctable_questions(entry, at)]
    names += ["uses", "ai_statement", "credits", "subtitles"]
    names += [file_part(kind) for kind in KINDS if _takes(kind, rules)]
    names += [file_part("answer", row.pk) for row in asked_of(entry) if row.kind == Question.Kind.FILE]
    questions = {row.pk: row for row in entry.edition.questions.all()}
    fields = [Field(name, _label(name, questions, _title(entry.is_project)), _group(name)) for name in names]
    order = list(GROUPS)
    return sorted(fields, key=lambda field: order.index(field.group))


def correctable_questions(entry: Entry, at: datetime) -> list[Question]:
    """The questions that this entry was asked and whose time for answering is over; not those answered with files."""
    return [
        row
        for row in entry.edition.questions.all()
        if row.retired_at is None
        and row.kind != Question.Kind.FILE
        and row.is_for(entry.track_id)
        and (row.asked == Question.Asked.ENTRY or _is_past(row, entry, at))
    ]


def _is_past(question: Question, entry: Entry, at: datetime) -> bool:
    """Whether it was asked after admission and can no longer be answered there."""
    return entry.state == State.ELIGIBLE and question.due_at is not None and question.due_at <= at


def _takes(kind: str, rules: FormRules) -> bool:
    return kind not in ("rights", "answer", "delivery") and (kind != "still" or rules.files.stills_most > 0)


def in_groups(fields: Iterable[Field], *, project: bool = False) -> list[tuple[str, list[Field]]]:
    """Headings, each with its fields; empty ones are left out."""
    fields, headings = list(fields), GROUPS | OF_PROJECTS if project else GROUPS
    groups = (
        (heading, [field for field in fields if field.group == key]) for key, heading in headings.items()
    )
    return [(str(heading), inside) for heading, inside in groups if inside]


def labels_of(edition: Edition, names: Collection[str]) -> list[str]:
    """What these fields are called, in the order of the form; also those that cannot be corrected any more."""
    questions = _questions(edition, names)
    title = _title(only_projects(edition)) if "title" in names else ""
    return [_label(name, questions, title) for name in in_form_order(edition, names)]


def _title(project: bool) -> str:
    return _("Title of the project") if project else str(LABELS["title"][1])


def in_form_order(edition: Edition, names: Collection[str]) -> list[str]:
    """These names as the form has them; unknown ones last."""
    questions = _questions(edition, names)
    known = ["title", *BY_NAME, *(f"q{pk}" for pk in questions), *LABELS]
    known += [*map(file_part, KINDS), *(file_part("answer", pk) for pk in questions)]
    order, groups = {name: place for place, name in reversed(list(enumerate(known)))}, list(GROUPS)
    return sorted(names, key=lambda name: (groups.index(_group(name)), order.get(name, len(order)), name))


def _questions(edition: Edition, names: Collection[str]) -> dict[int, Question]:
    return {row.pk: row for row in edition.questions.all()} if any(map(_question, names)) else {}


def _question(name: str) -> int | None:
    return question_of(name) or files_of(name)[1]


def listed(labels: Iterable[str]) -> str:
    """Labels in one line."""
    return ("、" if short_language() == "zh" else ", ").join(labels)


def _group(name: str) -> str:
    if name in BY_NAME:
        return BY_NAME[name].group
    if name in LABELS:
        return LABELS[name][0]
    return "files" if name.startswith(FILE) else "questions"


def _label(name: str, questions: dict[int, Question], title: str) -> str:
    if name == "title":
        return title
    if name in BY_NAME:
        return str(BY_NAME[name].label)
    if name in LABELS:
        return str(LABELS[name][1])
    kind, _answered = files_of(name)
    if kind in KINDS and kind != "answer":
        return str(KINDS[kind].label)
    question = questions.get(_question(name) or 0)
    return say(question.wording.text) if question else _("A question that is no longer asked")
