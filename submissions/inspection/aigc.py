"""The implicit label of AI-made content: finds it and grades it.

GB 45438-2025 (in force since 1 September 2025) asks for a metadata entry with the key "AIGC" whose value is a JSON
object of seven texts; TC260-PG-20258A says where each container keeps it. In the wild labels depart from both, so the
answer is a grade and not a yes or no. A producer's code is 27 characters in what was seen (a prefix, an 18-character
social credit code, a suffix); a plain name is therefore readable, not conformant.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from submissions.inspection.container import Label
from submissions.inspection.facts import Aigc

KEY = "AIGC"
NAMES = (
    "Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2",
)  # fmt: skip
LABELS = ("1", "2", "3")  # is made by AI, may be, is suspected to be
LONGEST = 300

# Where the guide wants the label to stand.
_PROPER = ("mdta", "tag", "info", "script", "xmp")
_ORDER = {"conformant": 0, "readable": 1, "broken": 2, "absent": 3}


def grade(labels: Sequence[Label]) -> Aigc:
    """The best of all labels found, graded; `absent` when nothing looks like one."""
    return best(labels)[0]


def best(labels: Sequence[Label]) -> tuple[Aigc, Label | None]:
    """The same, with the label as it stands in the file."""
    grade, where = Aigc(), None
    for label in labels:
        found = _grade(label)
        if found and _ORDER[found.grade] < _ORDER[grade.grade]:
            grade, where = found, label
    return grade, where


def _grade(label: Label) -> Aigc | None:
    """One text of the container; None when it is no label at all."""
    key = label.key.rsplit(".", 1)[-1].rsplit(":", 1)[-1]  # com.example.AIGC, TC260:AIGC
    if key.upper() == KEY:
        return _judge(label, key)
    if re.search(r'"AIGC"\s*:|"ContentProducer"\s*:', label.value):
        found = _judge(label, key)
        return None if found.grade == "broken" else _less(found, "wrong_key", label.key)
    return None


def _judge(label: Label, key: str) -> Aigc:
    values, wrapped = _parse(label.value)
    if values is None:
        reason = "empty" if not label.value.strip() else "not_json" if wrapped is None else "not_object"
        return Aigc("broken", reason, place=label.place)
    if not any(name in values for name in ("Label", "ContentProducer", "ProduceID")):
        lowered = {str(name).lower(): value for name, value in values.items()}
        if "label" not in lowered and "contentproducer" not in lowered:
            return Aigc("broken", "no_fields", place=label.place)
        values = {name: lowered[name.lower()] for name in NAMES if name.lower() in lowered}
        return _less(_read(values, label.place), "field_case")
    found = _read(values, label.place)
    if label.key != KEY and label.place != "xmp":
        return _less(found, "wrong_key", label.key)
    if label.place not in _PROPER:
        return _less(found, "wrong_place")
    return _less(found, "wrapped") if wrapped else found


def _parse(text: str) -> tuple[dict[str, Any] | None, bool | None]:
    """The label's object, and whether it was wrapped in another; (None, None) for what is no JSON."""
    value: Any = text
    for depth in range(3):
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                return None, None
        if not isinstance(value, dict):
            continue
        inner = next((value[name] for name in value if str(name).upper() == KEY), None)
        if inner is None:
            return value, depth > 0
        value = inner
    return None, True


def _read(values: dict[str, Any], place: str) -> Aigc:
    """Grade the fields themselves; the first departure is the reason."""
    said = {name: values.get(name) for name in NAMES}
    texts = {name: value for name, value in said.items() if isinstance(value, str)}
    plain = {name: str(said[name])[:LONGEST] for name in NAMES if said[name] is not None}

    def graded(how: Any, reason: str = "", field: str = "") -> Aigc:
        kept = ("Label", "ContentProducer", "ProduceID", "ContentPropagator", "PropagateID")
        return Aigc(how, reason, field, place, *(plain.get(name, "") for name in kept))

    if not plain.get("Label", "").strip():
        return graded("broken", "no_label", "Label")
    producer = bool(plain.get("ContentProducer", "").strip() and plain.get("ProduceID", "").strip())
    propagator = bool(plain.get("ContentPropagator", "").strip() and plain.get("PropagateID", "").strip())
    if plain["Label"] not in LABELS:
        return graded("readable", "label_value", "Label")
    for name in NAMES:
        if name not in values:
            return graded("readable", "missing_field", name)
        if name not in texts:
            return graded("readable", "not_text", name)
    if not producer and not (propagator and plain["Label"] != "1"):
        missing = "ProduceID" if plain["ContentProducer"].strip() else "ContentProducer"
        return graded("readable", "no_producer", missing)
    for name in ("ContentProducer", "ContentPropagator"):
        if plain[name].strip() and not re.fullmatch(r"[0-9A-Za-z]{18,40}", plain[name]):
            return graded("readable", "producer_form", name)
    return graded("conformant")


def _less(found: Aigc, reason: str, field: str = "") -> Aigc:
    """The same label, readable at best."""
    if found.grade != "conformant":
        return found
    return replace(found, grade="readable", reason=reason, field=field[:60])
