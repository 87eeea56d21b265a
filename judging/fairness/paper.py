"""The fairness report as PDF: set by a template from the same blocks as the page."""

import json
from pathlib import Path

import typst
from django.utils.translation import gettext as _

from festival.awards.papers.engine import FOLDER as PAPERS
from festival.kit.words import say, short_language
from judging.fairness.words import Said

TEMPLATE = Path(__file__).parent / "report.typ"


def as_pdf(said: Said) -> bytes:
    """The report on paper: A4, both scripts, in the reader's language; the same bytes for the same report."""
    data = {
        "title": _("Fairness report"),
        "edition": say(said.document["edition"]["name"]),
        "under": said.made(),
        "lang": short_language(),
        "blocks": [
            {
                "kind": block.kind,
                "text": block.text,
                "head": [*block.head, *([block.span_head] if block.span_head else [])],
                "rows": block.rows,
                "numbers": block.numbers,
                "spans": [span and [span.start, span.width, span.middle, span.mark] for span in block.spans],
                "bars": block.bars,
            }
            for block in said.blocks()
        ],
    }
    made = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=[PAPERS / "fonts"],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    return bytes(made)
