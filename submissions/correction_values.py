"""What stands in a field that can be corrected, as plain values: whole in themselves, as they are kept on record.

A value can be read when the question, the file or the person it speaks of is gone.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from festival.kit.words import canonical
from submissions.correction_fields import files_of, question_of
from submissions.credit_people import people_of
from submissions.models import Answer, Attachment, Entry, Question
from submissions.statement_view import uses_of


def values_of(entry_id: int, names: Iterable[str]) -> dict[str, Any]:
    """The values by field as the database has them now. One query for the entry, one for each list that is named."""
    entry = Entry.objects.get(pk=entry_id)
    return {name: _reader(name)(entry) for name in names}


def digest_of(values: dict[str, Any]) -> str:
    """What two states of the fields are told apart by: a page says which one it showed."""
    return sha256(canonical(values)).hexdigest()[:16]


def _reader(name: str) -> Callable[[Entry], Any]:
    if name in READERS:
        return READERS[name]
    kind, answered = files_of(name)
    if kind:
        return lambda entry: _files(entry, kind, answered)
    if question := question_of(name):
        return lambda entry: _answer(entry, question)
    return lambda entry: getattr(entry, name)


def _uses(entry: Entry) -> list[dict[str, Any]]:
    return [asdict(use) for use in uses_of(entry)]


def _credits(entry: Entry) -> list[dict[str, Any]]:
    return [asdict(person) | {"roles": list(person.roles)} for person in people_of(entry)]


def _subtitles(entry: Entry) -> list[dict[str, Any]]:
    rows = entry.subtitle_files.select_related("asset").order_by("language")
    return [{"language": row.language, "filename": row.filename, "sha256": row.asset.sha256} for row in rows]


def _files(entry: Entry, kind: str, question: int | None) -> list[dict[str, Any]]:
    rows = entry.attachments.select_related("asset", "wording").filter(kind=kind).order_by("position", "pk")
    return [_file(row) for row in (rows.filter(wording__question=question) if question else rows)]


def _file(row: Attachment) -> dict[str, Any]:
    """`text` is the question it answers. `state` stands there while it does not count; no hash before it is kept."""
    said = {"filename": row.filename, "size": row.size, "sha256": row.asset.sha256 if row.asset else ""}
    return (
        said
        | ({"caption": row.caption} if row.caption else {})
        | ({"stage": row.stage} if row.stage else {})
        | ({"text": row.wording.text} if row.wording else {})
        | ({"state": row.state} if row.state != Attachment.State.READY else {})
    )


def _answer(entry: Entry, question: int) -> dict[str, Any] | None:
    """The answer with the words it was given to; of the choices only those that were chosen."""
    row = Answer.objects.filter(entry=entry, question=question).select_related("question", "wording").first()
    if row is None:
        return None
    said: dict[str, Any] = {"kind": row.question.kind, "text": row.wording.text, "value": row.value}
    if row.question.kind in (Question.Kind.CHOICE, Question.Kind.CHOICES):
        chosen = row.value if isinstance(row.value, list) else [row.value]
        said["options"] = [option for option in row.wording.options if option["key"] in chosen]
    return said


READERS: dict[str, Callable[[Entry], Any]] = {
    "uses": _uses,
    "credits": _credits,
    "subtitles": _subtitles,
}
