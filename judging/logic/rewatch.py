"""A second look below the line: a random part of the films that the rule let go, and an estimate of what was missed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from judging.logic.canonical import lot
from judging.logic.scores import Floats

SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Missed:
    """Films below the line, how many of them were looked at again, and how many of all are expected to belong above.

    low and high bound the estimate (90 %), from how much the films of the sample differ.
    """

    below: int
    sample: int
    estimate: float
    low: float
    high: float


def draw(films: Sequence[str], *, seed: int, share: float = SHARE) -> list[str]:
    """So large a part of `films`, at least one, drawn by lot; the same seed draws the same."""
    count = min(len(films), max(1, round(len(films) * share))) if films else 0
    return sorted(sorted(films, key=lambda film: (lot(seed, "rewatch", film), film))[:count])


def missed(chances: Floats, below: int) -> Missed:
    """From the chances of the cut that the films of the sample have after the new looks.

    The sample is drawn at random from `below` films, so their mean chance times `below` is an unbiased estimate of
    how many were missed, by the model's own chances (Horvitz and Thompson). The interval is normal, with the
    correction for a finite number of films, and never below zero.
    """
    sample = len(chances)
    if not sample or not below:
        return Missed(below, sample, 0.0, 0.0, 0.0)
    mean = float(chances.mean())
    spread = float(chances.std(ddof=1)) if sample > 1 else mean
    error = 1.645 * below * spread / np.sqrt(sample) * np.sqrt(max(1 - sample / below, 0.0))
    estimate = below * mean
    return Missed(below, sample, estimate, max(0.0, estimate - float(error)), estimate + float(error))
