"""A round's scale as it is offered: which values there are, and how they are best shown."""

from dataclasses import dataclass
from decimal import Decimal

from judging.logic.standing import plain
from judging.models import Round

MOST_KEYS = 21  # more values than this are typed, not chosen


@dataclass(frozen=True, slots=True)
class Scale:
    """`kind`: "row" of whole values, "ruler" with halves between them, "number" to type.

    `values` is empty for "number".
    """

    kind: str
    low: str
    high: str
    step: str
    values: tuple[str, ...]


def scale_of(round: Round) -> Scale:
    """The scale of a round, lowest value first."""
    low, high, step = round.scale_min, round.scale_max, round.scale_step
    count = int((high - low) / step) + 1
    if count > MOST_KEYS:
        return Scale("number", plain(low), plain(high), plain(step), ())
    kind = "ruler" if step == Decimal("0.5") and count > 11 else "row"
    values = tuple(plain(low + step * place) for place in range(count))
    return Scale(kind, plain(low), plain(high), plain(step), values)


def shown(value: Decimal | None) -> str:
    """A score as a form holds it; nothing is no score."""
    return "" if value is None else plain(value)
