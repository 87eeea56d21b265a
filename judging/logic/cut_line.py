"""The cut: how likely it is right, and what more looks at some films would change."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judging.logic.additive import Fit
from judging.logic.posterior import DRAWS, drawn
from judging.logic.scores import Floats, Ints


@dataclass(frozen=True, slots=True)
class Change:
    """Of the films that pass, how many are expected to be truly among the best: now, and after one more look at each
    of `films`. `moved` is how many films are expected to change sides by it.
    """

    films: int
    hits: float
    hits_then: float
    moved: float


def one_more_look(fit: Fit, *, films: Ints, cut: int, draws: int = DRAWS, seed: int = 2) -> Change:
    """Imagine the truth as the fit sees it, many times; each time add a look at every one of `films`, by a judge
    whose severity is known as well as the others', and cut again.
    """
    noise = fit.variances.residual + float(np.mean(fit.severity_sd**2))
    known = fit.sd[films] ** 2
    gain = np.divide(known, known + noise, out=np.zeros_like(known), where=known + noise > 0)
    generator = np.random.Generator(np.random.PCG64(seed + 1))
    value = fit.value
    before = _first(value, cut)
    hits = then = moved = 0.0
    for lines in drawn(fit, draws=draws, seed=seed):
        for truth in lines:
            best = np.argpartition(-truth, cut - 1)[:cut] if cut < len(value) else np.arange(len(value))
            look = truth[films] + generator.standard_normal(len(films)) * np.sqrt(noise)
            after_value = value.copy()
            after_value[films] += gain * (look - value[films])
            after = _first(after_value, cut)
            hits += np.count_nonzero(before[best])
            then += np.count_nonzero(after[best])
            moved += np.count_nonzero(after & ~before)
    return Change(len(films), hits / draws, then / draws, 2 * moved / draws)


def _first(value: Floats, cut: int) -> NDArray[np.bool_]:
    chosen = np.zeros(len(value), np.bool_)
    chosen[np.argsort(-value, kind="stable")[:cut]] = True
    return chosen
