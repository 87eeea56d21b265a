"""What a fairness report is laid out from, on a page and on paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from judging import plots


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, a table whose columns from `numbers` on are figures, or bars.

    `spans`: of each row of a table an interval to be drawn in a column of its own, under `span_head`. `bars`: what
    stands below each, its number, and its height from 0 to 1.
    """

    kind: str  # heading, text, table, bars
    text: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    numbers: int = 99
    span_head: str = ""
    spans: tuple[plots.Span | None, ...] = ()
    bars: tuple[tuple[str, str, float], ...] = ()

    @property
    def lines(self) -> list[tuple[list[tuple[str, str]], plots.Span | None]]:
        """The rows with the name of its column beside each cell, and the interval of the row."""
        spans: Sequence[plots.Span | None] = self.spans or [None] * len(self.rows)
        return [
            (list(zip(self.head, row, strict=True)), span) for row, span in zip(self.rows, spans, strict=True)
        ]

    @property
    def columns(self) -> list[plots.Bar]:
        """The bars as drawn on a page."""
        return plots.bars([height for _label, _number, height in self.bars])
