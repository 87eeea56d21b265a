"""Which parts of a film were really played: pairs of seconds, merged, so that a minute seen ten times is one minute.

What a browser reports is a claim. Nothing outside the film is taken, and no more than the clock allows.
"""

from collections.abc import Iterable, Sequence
from math import ceil, floor, isfinite

Span = tuple[float, float]

MOST = 200  # parts kept of one film
JOIN = 0.3  # seconds: a player's reports leave seams of a few frames between what was played without a break
TOLERANCE = 3.0  # seconds by which a claim may run ahead of the clock
TO_THE_END = 90  # per cent: who left during the credits has seen the film
SLACK = (
    2.0  # seconds of a film that its least may miss: lengths are rounded up, and players stop a little early
)


def spans(raw: object, length: float) -> list[Span]:
    """The pairs in a report, tidy: numbers only, in order, within the film. What is no such pair is left out."""
    if not isinstance(raw, list):
        return []
    return union(span for one in raw[: 2 * MOST] if (span := _span(one, length)) is not None)


def _span(one: object, length: float) -> Span | None:
    if not isinstance(one, list | tuple) or len(one) != 2:
        return None
    numbers = [float(number) for number in one if type(number) in (int, float) and abs(number) < 1e9]
    if len(numbers) != 2 or not all(map(isfinite, numbers)):
        return None
    start, end = max(numbers[0], 0.0), min(numbers[1], float(length))
    return (round(start, 1), round(end, 1)) if end - start >= 0.1 else None


def union(parts: Iterable[Sequence[float]]) -> list[Span]:
    """The parts without overlap, in order; beyond MOST the shortest are dropped."""
    merged: list[Span] = []
    for start, end in sorted((float(part[0]), float(part[1])) for part in parts):
        if merged and start <= merged[-1][1] + JOIN:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    if len(merged) > MOST:
        longest = sorted(merged, key=lambda span: (span[0] - span[1], span))[:MOST]
        merged = sorted(longest)
    return merged


def total(parts: Iterable[Sequence[float]]) -> float:
    """Seconds in all, of parts that do not overlap."""
    return sum(part[1] - part[0] for part in parts)


def whole_seconds(parts: Iterable[Sequence[float]]) -> int:
    return floor(total(parts) + 1e-6)


def admit(
    kept: Iterable[Sequence[float]], claimed: Iterable[Sequence[float]], allowance: float
) -> list[Span]:
    """What is kept with as much of the claim as `allowance` seconds of new film let in, the earliest first.

    An honest player claims the rest again a moment later, when the clock allows it.
    """
    now = union(kept)
    left = max(allowance, 0.0)
    taken: list[Span] = []
    for start, end in _without(union(claimed), now):
        part = min(end - start, left)
        if part < 0.1:
            break
        taken.append((start, round(start + part, 1)))
        left -= part
    return union([*now, *taken]) if taken else now


def _without(parts: list[Span], known: list[Span]) -> list[Span]:
    """The parts where nothing is known yet."""
    rest: list[Span] = []
    for start, end in parts:
        at = start
        for low, high in known:
            if high <= at or low >= end:
                continue
            if low > at:
                rest.append((at, low))
            at = max(at, high)
        if at < end:
            rest.append((at, end))
    return rest


def least(length: int, *, seconds: int, per_cent: int) -> int:
    """Seconds of a film to be seen before it may be scored: the greater of both, never more than the film has.

    A film of unknown length (0) needs to have been begun.
    """
    if length <= 0:
        return 1
    wanted = max(seconds, ceil(length * per_cent / 100), 1)
    return min(wanted, max(floor(length - SLACK), 1))


def share(seconds: int, length: int) -> int:
    """Per cent of the film, 100 at the most; 0 for a film of unknown length."""
    return min(100, round(100 * seconds / length)) if length > 0 else 0
