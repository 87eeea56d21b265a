"""What a correction changed, for reading: old and new of each field, long texts and lists line by line."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from festival.edition.models import Edition
from festival.edition.role_words import role_name
from festival.edition.tools import stage_title
from festival.kit.names import country_text
from festival.kit.words import file_size, say, short_language
from submissions.correction_fields import files_of, in_form_order, labels_of
from submissions.fields import BY_NAME
from submissions.inspection.subtitle_words import language_label
from submissions.models import Attachment, CorrectionChange, Entry, Question, Wording
from submissions.question_forms import answer_text
from submissions.statement.facts import Use
from submissions.statement_view import rulebook_of, use_text

SAME, OUT, IN = "same", "out", "in"
Lines = list[str]
Parts = dict[str, Lines]  # label ("" for the field as a whole) → lines


@dataclass(frozen=True, slots=True)
class DiffLine:
    """`mark` is SAME, OUT (it stood there before) or IN (it stands there now)."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class PartView:
    """One text of a field before and after: each on a line (`before` and `after`), or as `lines` of both."""

    label: str
    before: str = ""
    after: str = ""
    lines: tuple[DiffLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A field that was changed. `note` says what is not shown to this reader."""

    label: str
    parts: tuple[PartView, ...]
    note: str = ""


def change_views(
    changes: Iterable[CorrectionChange], edition: Edition, *, addresses: bool
) -> list[ChangeView]:
    """What was changed in one or several saves, a field once: as it was before the first and after the last.

    `addresses`: whether the reader may see the e-mail addresses of people in the credits. A field that was put back
    is left out. Asks nothing of the database where the edition came with its questions.
    """
    first: dict[str, Any] = {}
    last: dict[str, Any] = {}
    for change in sorted(changes, key=lambda one: one.pk):
        first.setdefault(change.field, change.before)
        last[change.field] = change.after
    names = in_form_order(edition, [name for name in last if first[name] != last[name]])
    views = (_view(name, first[name], last[name], edition, addresses) for name in names)
    return [view for view in views if view.parts or view.note]


def _view(name: str, before: Any, after: Any, edition: Edition, addresses: bool) -> ChangeView:
    old, new = (parts_of(name, value, edition, addresses=addresses) for value in (before, after))
    parts = tuple(
        diff(label, old.get(label, []), new.get(label, []))
        for label in dict.fromkeys([*old, *new])
        if old.get(label, []) != new.get(label, [])
    )
    unseen = name == "credits" and not parts and not addresses
    note = _("Only an e-mail address was changed, which the organisers see.") if unseen else ""
    return ChangeView(_label(name, before, after, edition), parts, note)


def _label(name: str, before: Any, after: Any, edition: Edition) -> str:
    for value in (after, before):
        said = value[0] if isinstance(value, list) and value else value
        if isinstance(said, dict) and "text" in said:  # an answer keeps the words of its question
            return say(said["text"])
    return labels_of(edition, [name])[0]


def diff(label: str, before: Sequence[str], after: Sequence[str]) -> PartView:
    """Two texts against each other. Equal lines between the changes stay, so that one sees where they are."""
    if len(before) <= 1 and len(after) <= 1:
        return PartView(label, before="".join(before), after="".join(after))
    lines = []
    for kind, here, to, there, until in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += [DiffLine(SAME, text) for text in before[here:to]]
        else:
            lines += [DiffLine(OUT, text) for text in before[here:to]]
            lines += [DiffLine(IN, text) for text in after[there:until]]
    return PartView(label, lines=tuple(lines))


def parts_of(name: str, value: Any, edition: Edition, *, addresses: bool) -> Parts:
    """A value on record in the reader's language, in lines."""
    if value in (None, "", [], {}):
        return {}
    if name in READERS:
        return READERS[name](value, edition, addresses)
    if files_of(name)[0]:
        return {"": [_file(one) for one in value]}
    if name in BY_NAME:
        return {"": BY_NAME[name].said(Entry(**{name: value})).splitlines()}
    if isinstance(value, dict):
        return {"": _answer(value).splitlines()}
    return {"": str(value).splitlines()}


def _synopsis(value: dict[str, str], edition: Edition, addresses: bool) -> Parts:
    labels = {"en": _("English"), "zh": _("Chinese")}
    return {str(labels.get(key, key)): text.splitlines() for key, text in value.items() if text}


def _uses(value: list[dict[str, Any]], edition: Edition, addresses: bool) -> Parts:
    catalogue = rulebook_of(edition).tools
    lines = []
    for one in value:
        use = Use(**one)
        said = use_text(use, catalogue)
        lines.append(f"{said} – {' '.join(use.human.split())}" if use.human else said)
    return {"": lines}


def _credits(value: list[dict[str, Any]], edition: Edition, addresses: bool) -> Parts:
    return {"": [_person(one, addresses) for one in value]}


def _person(one: dict[str, Any], addresses: bool) -> str:
    left, right = ("（", "）") if short_language() == "zh" else (" (", ")")
    roles = _roles(one)
    said = [
        f"{one['name']}{left}{roles}{right}" if roles else one["name"],
        one["name_other"],
        country_text(one["country"]),
        one["email"] if addresses else "",
        _("represents the team") if one["is_representative"] else "",
        _("the account’s own person") if one["is_self"] else "",
    ]
    return " · ".join(str(part) for part in said if part)


def _roles(one: dict[str, Any]) -> str:
    between = "、" if short_language() == "zh" else ", "
    return between.join(role_name(role, one["role_other"]) for role in one["roles"])


def _subtitles(value: list[dict[str, Any]], edition: Edition, addresses: bool) -> Parts:
    language = short_language()
    return {
        "": [
            f"{language_label(one['language'], language)} · {one['filename']} · {_hash(one)}" for one in value
        ]
    }


def _file(one: dict[str, Any]) -> str:
    said = [one["filename"], file_size(one["size"]), _hash(one)]
    if one.get("stage"):
        said.append(stage_title(one["stage"], short_language()))
    caption: dict[str, str] = one.get("caption", {})
    said += [text for text in caption.values() if text]
    if one.get("state"):
        said.append(str(Attachment.State(one["state"]).label))
    return " · ".join(part for part in said if part)


def _hash(one: dict[str, Any]) -> str:
    return f"SHA-256 {one['sha256'][:12]}" if one["sha256"] else ""


def _answer(value: dict[str, Any]) -> str:
    question = Question(kind=value["kind"])
    return answer_text(question, Wording(options=value.get("options", [])), value["value"])


READERS: dict[str, Callable[[Any, Edition, bool], Parts]] = {
    "synopsis": _synopsis,
    "uses": _uses,
    "credits": _credits,
    "subtitles": _subtitles,
}
