"""The fairness report as PDF: set by a template from the same blocks as the page."""

import json
from collections.abc import Sequence
from pathlib import Path

import typst
from django.utils.translation import gettext as _

from festival.awards.papers.engine import FOLDER as PAPERS
from festival.kit.words import say, short_language
from judging.fairness.blocks import Block
from judging.models import FairnessReport

TEMPLATE = Path(__file__).parent / "report.typ"


def as_pdf(report: FairnessReport, blocks: Sequence[Block], under: str) -> bytes:
    """The report on paper: A4, both scripts, the same bytes for the same words. `under`: the line below its title."""
    data = {
        "title": _("Fairness report"),
        "edition": say(report.document["edition"]["name"]),
        "under": under,
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
            for block in blocks
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
