"""Texts and numbers from outside."""

import pytest

from festival.kit.fields import BilingualField
from festival.kit.incoming import LineField, one_line, plain_text, whole_number


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Snow\r\nBcc: x@example.org", "Snow  Bcc: x@example.org"),
        ("\u202egpj.exe\u2066", "gpj.exe"),
        ("a\x00b\x07", "ab"),
        ("👨\u200d👩\u200d👧 家", "👨\u200d👩\u200d👧 家"),
        ("one\u2028two", "one two"),
    ],
)
def test_one_line(given: str, kept: str) -> None:
    assert one_line(given) == kept
    assert LineField().clean(given) == kept


def test_short_texts_in_two_languages_are_lines_and_long_ones_are_not() -> None:
    assert BilingualField().clean(["a\nb", ""]) == {"en": "a b"}
    assert BilingualField(long=True).clean(["a\nb", ""]) == {"en": "a\nb"}


def test_plain_text() -> None:
    assert plain_text("a\x00b\ud800c\n") == "abc\n"
    assert plain_text(["a"]) == plain_text(None) == ""


@pytest.mark.parametrize(
    ("given", "number"),
    [("7", 7), (7, 7), (-1, 0), ("9" * 5000, 0), ("9" * 20, 2**31 - 1), ("NaN", 0), (None, 0), ([], 0)],
)
def test_whole_number(given: object, number: int) -> None:
    assert whole_number(given) == number
