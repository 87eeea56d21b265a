"""The implicit label of a published copy: the producer's part as it came, the propagator's part filled in.

GB 45438-2025 has who publishes AI-made content add its own name or code (ContentPropagator) and its own number of it
(PropagateID) to the label. Article 10 of the Measures of 14 March 2025 forbids changing what a producer wrote, so the
label's text is edited in place and not written anew: every byte outside the two values stays.
"""

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Literal

from submissions.inspection.aigc import KEY, NAMES

PROPAGATOR, NUMBER = "ContentPropagator", "PropagateID"
DECLARED: Literal["2"] = "2"  # nothing in the file, but its makers say so
SUSPECTED: Literal["3"] = "3"  # neither, but there are traces
_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


def fill(text: str, propagator: str, number: str) -> str:
    """A readable label with the propagator's two values; all else byte for byte. One in a wrapping comes out of it.

    Raises ValueError for what is no label.
    """
    text = _unwrapped(text)
    spans = _members(text)
    last = {PROPAGATOR: propagator, NUMBER: number}
    places = [(start, end, last[name]) for name in last for key, start, end in spans if _same(key, name)]
    lacking = [name for name in last if not any(_same(key, name) for key, _start, _end in spans)]
    for start, end, value in sorted(places, reverse=True):
        text = text[:start] + _quoted(value) + text[end:]
    if lacking:
        at = text.rindex("}")
        more = ",".join(f"{_quoted(name)}:{_quoted(last[name])}" for name in lacking)
        text = f"{text[:at]}{',' if spans else ''}{more}{text[at:]}"
    return text


def new(kind: Literal["2", "3"], propagator: str, number: str) -> str:
    """The label of a film that came without one: nothing is said of a producer, as nothing is known."""
    values = dict.fromkeys(NAMES, "") | {"Label": kind, PROPAGATOR: propagator, NUMBER: number}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def producer_part(text: str) -> list[tuple[str, str]]:
    """Everything of a label but the propagator's two values: names as written, and values as the very text of them."""
    text = _unwrapped(text)
    return [
        (key, text[start:end])
        for key, start, end in _members(text)
        if not _same(key, PROPAGATOR) and not _same(key, NUMBER)
    ]


def _same(key: str, name: str) -> bool:
    return key.lower() == name.lower()


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _unwrapped(text: str) -> str:
    """The object with the label's fields: some write it as a value of "AIGC", or as a text inside of JSON."""
    for _depth in range(3):
        value = json.loads(text)
        if isinstance(value, str):
            text = value
            continue
        if not isinstance(value, dict):
            break
        inner = next(
            (text[start:end] for key, start, end in _members(text) if key.upper() == KEY), None
        )  # fmt: skip
        if inner is None:
            return text.strip()
        text = inner
    raise ValueError("this is no label")


def _members(text: str) -> list[tuple[str, int, int]]:
    """The members of the JSON object that `text` is: key, and where the text of its value begins and ends."""
    found = []
    at = _skip(text, _skip(text, 0) + 1)
    while text[at] != "}":
        key, at = scanstring(text, at + 1)
        start = _skip(text, _skip(text, at) + 1)  # over the colon
        _value, end = _DECODER.raw_decode(text, start)
        found.append((key, start, end))
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)
    return found


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
