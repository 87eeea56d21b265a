"""Places of a report that lead into the film: links that a script turns into moves of the player on the page.

Without a script a link opens the copy at that moment (a media fragment, `#t=12.5`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from submissions.film_chart import WIDTH, marks
from submissions.inspection.words import MOST_TIMES, stretch_text

BEFORE = 1.0  # seconds that one sees before what was found
MOST_STRETCHES = 60

type Times = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Moment:
    """Where to: an address, and the second for the script."""

    url: str
    at: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence; `moment` where it is a time that leads into the film."""

    text: str
    moment: Moment | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch on the film's chart, in units of its width."""

    x: int
    width: int
    moment: Moment | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """The judges' copy by its address; empty while there is none, and then nothing leads anywhere."""

    url: str

    def before(self, seconds: float) -> Moment | None:
        """A little before this second."""
        at = f"{max(seconds - BEFORE, 0):.2f}".rstrip("0").rstrip(".")
        return Moment(f"{self.url}#t={at}", at) if self.url else None

    def pieces(self, text: str, times: Times) -> list[Piece]:
        """A text in which the first stretches may be named, in their order, cut so that each of them is a piece."""
        found, rest = [], text
        for start, end in times[:MOST_TIMES]:
            before, named, after = rest.partition(stretch_text(start, end))
            if not named:
                continue
            found += [Piece(before), Piece(named, self.before(start))]
            rest = after
        return [piece for piece in [*found, Piece(rest)] if piece.text]

    def stretches(self, times: Times) -> list[Piece]:
        """All stretches, where there are more than a sentence names; the first MOST_STRETCHES of very many."""
        if not self.url or len(times) <= MOST_TIMES:
            return []
        return [Piece(stretch_text(start, end), self.before(start)) for start, end in times[:MOST_STRETCHES]]

    def marks(self, times: Times, seconds: float) -> tuple[Mark, ...]:
        """The stretches as `film_chart.marks` draws them."""
        return tuple(Mark(x, width, self.before(x / WIDTH * seconds)) for x, width in marks(times, seconds))
