"""What the fit does not know: joint draws of all films, and from them the chance of the cut and intervals of ranks.

Films share judges, so their errors go together; draws keep that. Films and judges get their random numbers in the
order of what the fit says of them, not of their names, so that renaming changes nothing; the generator is seeded, so
that every run gives the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judging.logic.additive import Fit
from judging.logic.elimination import Counts, Weight
from judging.logic.scores import Floats, Ints

DRAWS = 1000
INTERVAL = 0.9  # of the rank intervals
CHUNK = 100
MOST_TABLE = 30_000_000  # cells of the table of counts; above this, sums are gathered look by look


@dataclass(frozen=True, slots=True)
class Chances:
    """By entry: the chance of being among the first `cut`, and the interval of its rank (first is 1)."""

    cut: int
    p_cut: Floats
    rank_low: Ints
    rank_high: Ints
    expected_hits: float  # how many of the `cut` best by the score are expected to be truly among them


def chances(fit: Fit, *, cut: int, draws: int = DRAWS, seed: int = 1) -> Chances:
    """`draws` joint draws of all entries. `cut` is how many pass; 0 or all of them is answered too."""
    entries = len(fit.scores.entries)
    ranks = np.empty((draws, entries), np.uint16 if entries < 65_536 else np.uint32)
    passed = np.zeros(entries)
    numbers = np.arange(1, entries + 1, dtype=ranks.dtype)
    row = 0
    tied = 0 in (fit.variances.entry, fit.variances.residual)  # films may be equal in a draw: the lot decides
    known = _order(fit.value, fit.sd)
    lots = np.random.Generator(np.random.PCG64([seed, 1]))
    for values in drawn(fit, draws=draws, seed=seed):
        for line in values:
            if tied:
                mixed = lots.permutation(known)
                order = mixed[np.argsort(-line[mixed], kind="stable")]
            else:
                order = np.argsort(-line)
            ranks[row, order] = numbers
            passed[order[:cut]] += 1
            row += 1
    low = int((1 - INTERVAL) / 2 * (draws - 1))
    sorted_ranks = np.partition(ranks, [low, draws - 1 - low], axis=0)
    alike = _alike(fit)
    p_cut = _mean(passed / draws, alike)
    return Chances(
        cut,
        p_cut,
        np.floor(_mean(sorted_ranks[low], alike)).astype(np.int64),
        np.ceil(_mean(sorted_ranks[draws - 1 - low], alike)).astype(np.int64),
        _hits(fit.value, p_cut, cut),
    )  # fmt: skip


def _hits(value: Floats, p_cut: Floats, cut: int) -> float:
    """How many of the `cut` best are expected to be truly among them; of those equal at the line, their mean."""
    if not cut:
        return 0.0
    shown = np.round(value, 6)
    line = -np.sort(-shown)[min(cut, len(shown)) - 1]
    inside, at = shown > line, shown == line
    left = min(cut, len(shown)) - np.count_nonzero(inside)
    return float(p_cut[inside].sum() + left * p_cut[at].mean())


def _alike(fit: Fit) -> Ints:
    """A number by entry: the same for entries of which the same is known."""
    known = np.round(np.column_stack([fit.value, fit.sd]), 6)
    result: Ints = np.unique(known, axis=0, return_inverse=True)[1].reshape(-1)
    return result


def _mean(values: Floats | Ints, group: Ints) -> Floats:
    """The mean over each entry's group: entries of which the same is known share what the draws say of them."""
    result: Floats = (np.bincount(group, values) / np.bincount(group))[group]
    return result


def drawn(fit: Fit, *, draws: int, seed: int) -> Iterator[NDArray[np.float32]]:
    """Draws of the entries' values, `CHUNK` at a time (draws × entries), as float32: ranks need no more."""
    generator = np.random.Generator(np.random.PCG64(seed))
    system, solved = fit.system, fit.solved
    layout, sigma = system.layout, np.sqrt(fit.variances.residual)
    entry_at = _order(fit.value, fit.sd)
    judge_at = _order(fit.severity, fit.severity_sd)
    level_at = judge_at if system.by_entry else entry_at
    # The root is taken in the order of what is known, so that the draws belong to levels and not to names.
    column_at = np.concatenate([level_at, layout.levels + np.arange(layout.tracks)])
    cover = solved.inverse[np.ix_(column_at, column_at)]
    root = np.linalg.cholesky(cover + 1e-14 * np.eye(len(cover)))
    back = np.argsort(column_at)
    scale = (solved.scale * sigma).astype(np.float64)
    weight = Weight(solved.gone)(system.counts.size)
    column = system.column[fit.scores.track_of]
    known = column >= 0
    column = np.where(known, column, 0)
    unknown_sd = np.where(known, 0.0, fit.sd)
    value = fit.value.astype(np.float32)
    if system.by_entry:
        own_sd = np.where(known, sigma * np.sqrt(weight), unknown_sd).astype(np.float32)
        table = system.counts.table() if layout.groups * layout.columns <= MOST_TABLE else None
    for start in range(0, draws, CHUNK):
        number = min(CHUNK, draws - start)
        effects = (root @ generator.standard_normal((layout.columns, number)))[back] * scale[:, None]
        tracks = effects[layout.levels :]
        if not system.by_entry:
            change = effects[: layout.levels] + tracks[column] * known[:, None]
            change += (
                unknown_sd[:, None] * generator.standard_normal((len(value), number))[np.argsort(entry_at)]
            )
            yield value + change.T.astype(np.float32)
            continue
        sums = table @ effects if table is not None else _sums(system.counts, effects)
        change = tracks[column] * known[:, None] - weight[:, None] * sums
        noise = generator.standard_normal((number, len(value)), np.float32)
        yield value + change.T.astype(np.float32) + own_sd * noise[:, np.argsort(entry_at)]


def _sums(counts: Counts, effects: Floats) -> Floats:
    """By group: the sum of its looks' effects."""
    starts = np.concatenate([[0], np.cumsum(counts.cells)])[:-1]
    picked = effects[counts.cell_column] * counts.cell_times[:, None]
    sums = np.add.reduceat(np.vstack([picked, np.zeros((1, effects.shape[1]))]), starts, axis=0)
    sums[counts.cells == 0] = 0
    return sums


def _order(value: Floats, sd: Floats) -> Ints:
    return np.lexsort((np.round(sd, 9), -np.round(value, 9)))
