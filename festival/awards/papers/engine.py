"""Certificates and laurels from plain values, set by Typst. Knows no Django.

Words are handed over as data and never as markup. The same values give the same bytes: no date of making is written.
"""

import json
from dataclasses import asdict, dataclass, field
from math import cos, pi, sin
from pathlib import Path

import qrcode
import typst

from festival.awards.papers.glyphs import FONTS, characters_without_glyph

FOLDER = Path(__file__).parent
VERSION = 1  # of the design: what was made by another is made anew
FORMS = {"certificate.pdf": "application/pdf", "laurel-dark.svg": "image/svg+xml", "laurel-light.svg": "image/svg+xml",
         "laurel-dark.png": "image/png", "laurel-light.png": "image/png"}  # fmt: skip


class Unset(ValueError):
    """Characters that no font here has."""

    def __init__(self, characters: str) -> None:
        super().__init__(characters)
        self.characters = characters


@dataclass(frozen=True, slots=True)
class Signer:
    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on a certificate; texts in both languages, equal where there is one. `address` is of its proof."""

    award_en: str
    award_zh: str
    title: str
    title_en: str
    makers: str
    edition_en: str
    edition_zh: str
    year: str
    date: str
    address: str
    citation_en: str = ""
    citation_zh: str = ""
    signers: tuple[Signer, ...] = field(default=())


def make(paper: Paper, form: str) -> bytes:
    """The file of one of FORMS. Raises Unset where a character would vanish."""
    if form not in FORMS:
        raise ValueError(f"There is no form {form!r}.")
    if missing := without_glyph(paper):
        raise Unset(missing)
    dark = form != "laurel-light.png" and form != "laurel-light.svg"
    ink = "#9c7a3c" if form == "certificate.pdf" else "#111111" if dark else "#ffffff"
    data = asdict(paper) | {"wreath": wreath(ink), "dark": dark}
    if form == "certificate.pdf":
        data["qr"] = qr(paper.address)
    template, ending = ("certificate.typ", "pdf") if form.endswith("pdf") else ("laurel.typ", form[-3:])
    made = typst.compile(
        FOLDER / template,
        root=FOLDER,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format=ending,
        ppi=300.0,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    return bytes(made)


def without_glyph(paper: Paper) -> str:
    """The characters of its words that would not be seen, each once."""
    words = "".join(str(value) for name, value in asdict(paper).items() if name not in ("signers", "address"))
    return characters_without_glyph(words + "".join(signer.name + signer.role for signer in paper.signers))


def qr(text: str) -> str:
    """A QR code as SVG, with the quiet zone of four modules that ISO/IEC 18004 asks for."""
    code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    cells = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path d="M0 0h{size}v{size}h-{size}z" fill="#fff"/><path d="{cells}" fill="#000"/></svg>'
    )


def wreath(ink: str, leaves: int = 13) -> str:
    """Two branches of laurel, open at the top, as SVG."""
    parts = []
    for side in (-1, 1):
        points = [
            (100 + side * 82 * sin(turn), 100 + 82 * cos(turn))
            for turn in (pi * (0.04 + 0.80 * number / 40) for number in range(41))
        ]
        path = "L".join(f"{x:.2f} {y:.2f}" for x, y in points)
        parts.append(
            f'<path d="M{path}" fill="none" stroke="{ink}" stroke-width="1.6" stroke-linecap="round"/>'
        )
        for number in range(leaves):
            turn = pi * (0.08 + 0.78 * number / (leaves - 1))
            size = 15 - 6 * number / leaves
            for outward in (-1, 1):
                x, y = 100 + side * 82 * sin(turn), 100 + 82 * cos(turn)
                if side == 1:
                    lean = -turn * 180 / pi - outward * 38
                else:
                    lean = 180 + turn * 180 / pi + outward * 38
                parts.append(
                    f'<path transform="translate({x:.2f} {y:.2f}) rotate({lean:.2f})" '
                    f'd="M0 0C{size * 0.3:.2f} {-size * 0.34:.2f} {size * 0.75:.2f} {-size * 0.3:.2f} {size:.2f} 0'
                    f'C{size * 0.75:.2f} {size * 0.3:.2f} {size * 0.3:.2f} {size * 0.34:.2f} 0 0z" fill="{ink}"/>'
                )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200">{"".join(parts)}</svg>'
