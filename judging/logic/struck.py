"""A text with words struck out: held against its original, and shown beside it."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

# A word of letters and digits; a Han or kana character by itself; anything else that is no space.
TOKEN = re.compile(r"[぀-ヿ㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]|[^\W_぀-ヿ㐀-䶿一-鿿豈-﫿]+|\S")


def words_of(text: str) -> list[str]:
    """The words of a text in small letters; marks between them do not count."""
    return [token.lower() for token in TOKEN.findall(text) if token[0].isalnum()]


def added_word(original: str, edited: str) -> str:
    """The first word of `edited` that does not stand in `original` there; "" when words were only struck out.

    Capitals, spaces and punctuation may differ: they are mended where words are gone.
    """
    left = iter(words_of(original))
    return next((word for word in words_of(edited) if word not in left), "")


def pieces(original: str, edited: str) -> Iterator[tuple[bool, str]]:
    """The original in pieces, each with whether it still stands in the edited text."""
    spans = [match.span() for match in TOKEN.finditer(original)]
    before = [original[start:end].lower() for start, end in spans]
    after = [token.lower() for token in TOKEN.findall(edited)]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    kept = [False] * len(before)
    for block in matcher.get_matching_blocks():
        kept[block.a : block.a + block.size] = [True] * block.size
    at, run, state = 0, "", True
    for (_start, end), stays in zip(spans, kept, strict=True):
        if run and stays != state:
            yield state, run
            run = ""
        state = stays
        run += original[at:end]
        at = end
    if run or original[at:]:
        yield state, run + original[at:]
