"""Reads what a blueprint says of forms: of the entry its rules, questions and declarations; of objections theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from festival.edition.blueprint_reader import Known, Path, Reader
from festival.edition.declarations import DOCUMENTS, MOST, DeclarationPlan
from festival.edition.form_rules import FormRules, FormRulesError, read_form
from festival.edition.objection_rules import ObjectionRules, ObjectionRulesError, read_objections

Text = dict[str, str]
KINDS = ("line", "text", "number", "date", "yes_no", "choice", "choices", "url", "file")
ASKED = ("entry", "admitted")
MOST_NUMBER = 10**12  # that an answer can be limited by; what is no number, or without end, is none
WITH_OPTIONS = ("choice", "choices")
_QUESTION: Known = {
    "text": (dict, ...),
    "help": (dict, {}),
    "kind": (str, "line"),
    "asked": (str, "entry"),
    "required": (bool, False),
    "for_judges": (bool, False),
    "tracks": (object, []),
    "options": (object, []),
    "least": (object, None),
    "most": (object, None),
}
_DECLARATION: Known = {
    "slug": (str, ...),
    "title": (dict, ...),
    "text": (dict, ...),
    "required": (bool, True),
    "if_applicable": (bool, False),
    "document": (str, "none"),
    "track": (str, ""),
}


@dataclass(frozen=True, slots=True)
class QuestionPlan:
    """`options` are labels in both languages, `tracks` slugs; `limits` as in submissions' `Wording`."""

    text: Text
    help: Text
    kind: str
    asked: str
    required: bool
    for_judges: bool
    tracks: tuple[str, ...]
    options: tuple[Text, ...]
    limits: dict[str, Any]


def read_rules(read: Reader, values: Any) -> FormRules:
    """The table `[form]`."""
    if not isinstance(values, Mapping):
        read.bad(("form",), f"'form' must be a table, not {values!r}.")
        return FormRules()
    try:
        return read_form(values)
    except FormRulesError as error:
        for key, sentence in error.faults:
            read.bad(("form", *key.split(".")), sentence)
        return FormRules()


def read_objection_rules(read: Reader, values: Any) -> ObjectionRules:
    """The table `[objections]`."""
    if not isinstance(values, Mapping):
        read.bad(("objections",), f"'objections' must be a table, not {values!r}.")
        return ObjectionRules()
    try:
        return read_objections(values)
    except ObjectionRulesError as error:
        for key, sentence in error.faults:
            read.bad(("objections", key), sentence)
        return ObjectionRules()


def read_question(read: Reader, path: Path, row: Mapping[str, Any], tracks: set[str]) -> QuestionPlan:
    """One table of `[[questions]]`."""
    values = read.take(row, path, "A question", _QUESTION)
    kind, asked = values["kind"], values["asked"]
    if kind not in KINDS:
        read.bad((*path, "kind"), f"There is no kind of question {kind!r}; there are {', '.join(KINDS)}.")
    if asked not in ASKED:
        read.bad((*path, "asked"), f"A question is asked in one of {', '.join(ASKED)}, not {asked!r}.")
    if kind == "file" and asked == "admitted":
        read.bad((*path, "asked"), "Files are asked for in the entry form, not after admission.")
    if kind == "file" and values["for_judges"]:
        read.bad(
            (*path, "for_judges"),
            "An answer that judges read is no file: they read documents and stills anyway.",
        )
    only = values["tracks"] if isinstance(values["tracks"], list) else [values["tracks"]]
    for slug in only:
        if slug not in tracks:
            read.bad((*path, "tracks"), f"A question names the track {slug!r}, which does not exist.")
    options = tuple(_options(read, path, values["options"]))
    if kind in WITH_OPTIONS and len(options) < 2:
        read.bad((*path, "options"), "A question with choices needs at least two options.")
    limits = {key: _limit(read, (*path, key), kind, values[key]) for key in ("least", "most")}
    return QuestionPlan(
        text=values["text"],
        help=values["help"],
        kind=kind,
        asked=asked,
        required=values["required"],
        for_judges=values["for_judges"],
        tracks=tuple(map(str, only)),
        options=options if kind in WITH_OPTIONS else (),
        limits={key: value for key, value in limits.items() if value is not None},
    )


def _options(read: Reader, path: Path, given: Any) -> list[Text]:
    options = []
    for option in given if isinstance(given, list) else [given]:
        if isinstance(option, str) and option.strip():
            options.append({"en": option, "zh": option})
        elif (
            isinstance(option, Mapping) and option and all(isinstance(text, str) for text in option.values())
        ):
            first = next(iter(option.values()))
            options.append({"en": option.get("en", first), "zh": option.get("zh", first)})
        else:
            read.bad((*path, "options"), "An option is a text, or { en = …, zh = … }.")
    return options


def _limit(read: Reader, path: Path, kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "date" and isinstance(value, date):
        return value.isoformat()
    number = not isinstance(value, bool) and isinstance(value, int | float) and abs(value) < MOST_NUMBER
    if kind == "number" and number:
        return value
    if kind in ("line", "text", "choices") and number and value == int(value) and 1 <= value <= 5000:
        return int(value)
    read.bad(path, f"{value!r} cannot limit a question of the kind {kind!r}.")
    return None


def read_declarations(read: Reader, top: Mapping[str, Any], tracks: set[str]) -> tuple[DeclarationPlan, ...]:
    """The tables of `[[declarations]]`."""
    plans: list[DeclarationPlan] = []
    for path, row in read.rows(top, (), "declarations"):
        values = read.take(row, path, "A declaration", _DECLARATION)
        key = values.pop("slug")
        if key in [plan.key for plan in plans]:
            read.bad((*path, "slug"), f"The declaration {key!r} is there twice.")
        if values["document"] not in DOCUMENTS:
            kinds = ", ".join(DOCUMENTS)
            read.bad((*path, "document"), f"'document' is one of {kinds}, not {values['document']!r}.")
        if values["track"] and values["track"] not in tracks:
            read.bad(
                (*path, "track"),
                f"The declaration {key!r} names the track {values['track']!r}, which does not exist.",
            )
        plans.append(DeclarationPlan(key=key, **values))
    if len(plans) > MOST:
        read.bad(("declarations",), f"There can be {MOST} declarations at most.")
    return tuple(plans)
