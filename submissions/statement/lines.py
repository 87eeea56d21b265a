"""A statement as plain values, for pages and for the catalogue, which knows no entries."""

from collections.abc import Iterable
from typing import Any

from festival.edition.tools import STAGES, Catalogue
from submissions.statement.facts import Use


def lines_of(uses: Iterable[Use], catalogue: Catalogue) -> list[dict[str, Any]]:
    """The lines in the order of the work, with tools by name in both languages. Values of JSON."""
    order = {stage: place for place, stage in enumerate(STAGES)}
    return [
        {
            "stage": use.stage,
            "tool": {language: use.tool_name(catalogue, language) for language in ("en", "zh")},
            "version": use.version,
            "share": use.share,
            "human": use.human,
            "no_ai": use.no_ai,
        }
        for use in sorted(uses, key=lambda use: order.get(use.stage, len(order)))
    ]
