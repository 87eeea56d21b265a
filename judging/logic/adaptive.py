"""Where the next look does most good, and when a film needs no more.

A look is worth what it is expected to change: the value of knowing a film better is how far its estimate may move
across the line, E[(move − distance)+] for a normal move (the knowledge gradient of Frazier, Powell and Dayanik,
2008). A single look can rarely carry a film across, so its worth is reckoned as a part of `AHEAD` looks at the same
film: on the synthetic contest this finds some five of a hundred more of the true best than looking one step ahead
(`python -m benchmarks.adaptive`). Looks are given in small batches, since each batch is chosen by what the one before
it showed: with a quarter of the films at once most of the gain is lost.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from judging.logic.normal import density, distribution
from judging.logic.scores import Floats, Ints

METHOD = "knowledge_gradient"
VERSION = 1
AHEAD = 3.0  # looks reckoned together
BATCH = 0.025  # of the films; above MOST_BATCH most of the gain is lost
MOST_BATCH = 0.05
OUT, THROUGH = 0.01, 0.99  # chances of the cut at which a film gets no more looks
UNDECIDED = (0.1, 0.9)  # between them the scores do not decide (facts: some 150 of 10,000 films)


class Stop(StrEnum):
    """Why a film gets no further look; `OPEN` when it may."""

    OPEN = "open"
    BASE = "base"  # it has not had its first looks yet: those come in any case
    THROUGH = "through"  # over 99 % sure to pass
    OUT = "out"  # under 1 %
    CAP = "cap"  # the most looks a film may have
    SERVED = "served"  # nobody is left who may see it


@dataclass(frozen=True, slots=True)
class Rules:
    """cut: films that pass. first: looks every film has. most: cap a film. out, through: see `Stop`."""

    cut: int
    first: int = 2
    most: int = 30
    out: float = OUT
    through: float = THROUGH


@dataclass(frozen=True, slots=True)
class Choice:
    """`films`: indices, the most useful first; `worth` of each, in units of the score; `stops` by film."""

    films: Ints
    worth: Floats
    stops: NDArray[np.str_]
    line: float


def line_of(value: Floats, cut: int) -> float:
    """Half-way between the last that passes and the first that does not. Infinite when all or none pass."""
    if cut <= 0:
        return float("inf")
    if cut >= len(value):
        return float("-inf")
    best = np.partition(-value, [cut - 1, cut])
    return float(-(best[cut - 1] + best[cut]) / 2)


def chance_above(value: Floats, sd: Floats, line: float) -> Floats:
    """Chance that a film is truly above the line, taken as known. 1/2 for a film of which nothing is uncertain and
    that stands on it.
    """
    if not np.isfinite(line):
        return np.full(len(value), 1.0 if line < 0 else 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(sd > 0, (value - line) / sd, np.sign(value - line) * np.inf)
    return distribution(np.where(np.isnan(z), 0.0, z))


def worth_of(value: Floats, sd: Floats, noise: float, line: float, ahead: float = AHEAD) -> Floats:
    """What a look at each film is worth. `noise`: variance of one look about the film's value."""
    if not np.isfinite(line):
        return np.zeros(len(value))
    known = sd**2
    move = np.sqrt(np.maximum(known**2 / np.maximum(known + noise / ahead, 1e-300), 1e-300))
    z = -np.abs(value - line) / move
    return move * (density(z) + z * distribution(z))


def choose(
    *,
    value: Floats,
    sd: Floats,
    looks: Ints,
    noise: float,
    rules: Rules,
    batch: int,
    barred: NDArray[np.bool_] | None = None,
) -> Choice:
    """The next batch: films that miss their first looks first, then those where a look is worth most.

    `barred`: films that nobody is left to see. Films that are through, out or at their cap are left alone; between
    equal worth the film with fewer looks comes first, then the order given.
    """
    line = line_of(value, rules.cut)
    chance = chance_above(value, sd, line)
    worth = worth_of(value, sd, noise, line)
    stops = np.full(len(value), Stop.OPEN.value, dtype="<U8")
    stops[chance <= rules.out] = Stop.OUT
    stops[chance >= rules.through] = Stop.THROUGH
    stops[looks >= rules.most] = Stop.CAP
    missing = looks < rules.first
    stops[missing] = Stop.BASE
    if barred is not None:
        stops[barred] = Stop.SERVED
    may = (stops == Stop.OPEN) | (stops == Stop.BASE)
    order = np.lexsort((np.arange(len(value)), looks, -worth, ~missing))
    films = order[may[order]][:batch].astype(np.int64)
    return Choice(films, worth[films], stops, line)
