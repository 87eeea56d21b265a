"""Which characters the fonts of papers have. Knows no Django."""

from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
# What Typst's own Libertinus Serif has, by blocks: Latin, Greek, Cyrillic, punctuation.
WESTERN = (
    (0x20, 0x24F),
    (0x300, 0x3FF),
    (0x400, 0x52F),
    (0x1E00, 0x1FFF),
    (0x2010, 0x205E),
    (0x20A0, 0x20BF),
)


def characters_without_glyph(words: str) -> str:
    """Those that neither font here has, each once, sorted."""
    known = (*WESTERN, *coverage())
    shown = {char for char in words if not char.isspace()}
    return "".join(sorted(char for char in shown if not any(low <= ord(char) <= high for low, high in known)))


@cache
def coverage() -> tuple[tuple[int, int], ...]:
    """The characters of the Chinese font, as ranges; tests hold the list against the font."""
    rows = (FONTS / "coverage.txt").read_text(encoding="ascii").split()
    return tuple((int(row.split("-")[0], 16), int(row.split("-")[-1], 16)) for row in rows)
