"""Formats and two-language texts."""

import pytest
from django.utils import translation

from festival.kit import codes, words


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (59.4, "0:59"), (59.6, "1:00"), (754, "12:34"), (3600, "1:00:00"), (None, "–")],
)
def test_clock_time(seconds: float | None, text: str) -> None:
    assert words.clock_time(seconds) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_600, "1.0 MB"),
        (6_200_000_000, "6.2 GB"),
        (5e13, "50 TB"),
    ],
)
def test_file_size(size: int, text: str) -> None:
    assert words.file_size(size) == text


def test_say_takes_the_readers_language_and_falls_back() -> None:
    with translation.override("zh-hans"):
        assert words.say({"en": "Night", "zh": "夜"}) == "夜"
        assert words.say({"en": "Night"}) == "Night"
    with translation.override("en"):
        assert words.say({"zh": "夜"}) == "夜"
        assert words.say({}) == words.say(None) == ""


def test_canonical_bytes_do_not_depend_on_order() -> None:
    assert (
        words.canonical({"b": 1, "a": "夜"})
        == words.canonical({"a": "夜", "b": 1})
        == '{"a":"夜","b":1}'.encode()
    )


def test_codes_have_no_letters_that_are_misread() -> None:
    drawn = "".join(codes.new_code() for _ in range(300))
    assert not set(drawn) & set("0O1ILU")
    assert set(drawn) <= set(codes.ALPHABET)
