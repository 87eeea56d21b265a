"""Words struck out of a judge's comment, and nothing put into her mouth."""

import pytest

from judging.logic.struck import added_word, pieces

TEXT = "A brave film, but the sound is weak. Zhang Wei should cut it."


@pytest.mark.parametrize(
    "edited",
    [TEXT, "A brave film.", "The sound is weak!", "a BRAVE film … the sound is weak", "", "film"],
)
def test_words_may_be_struck_out_and_what_is_left_mended(edited: str) -> None:
    assert added_word(TEXT, edited) == ""


@pytest.mark.parametrize(
    ("edited", "word"),
    [
        ("A very brave film", "very"),
        ("The sound is strong", "strong"),
        ("weak sound", "sound"),  # in another order
        ("film film", "film"),  # more often
        ("bra film", "bra"),  # a part of a word is another word
    ],
)
def test_words_cannot_be_added_moved_or_repeated(edited: str, word: str) -> None:
    assert added_word(TEXT, edited) == word


def test_chinese_goes_character_by_character() -> None:
    text = "影像很好，但是张伟导演的声音太弱。"
    assert added_word(text, "影像很好，声音太弱。") == ""
    assert added_word(text, "影像不好") == "不"


def test_pieces_are_the_original_and_say_what_stands() -> None:
    edited = "A brave film. Cut it."
    found = list(pieces(TEXT, edited))
    assert "".join(piece for _stays, piece in found) == TEXT
    kept = "".join(piece for stays, piece in found if stays)
    assert "brave" in kept and "sound" not in kept and "Zhang" not in kept
    assert list(pieces(TEXT, TEXT)) == [(True, TEXT)]
