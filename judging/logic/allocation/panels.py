"""Judges put together into panels: those who may see the same films together, otherwise by lot."""

from collections import Counter
from collections.abc import Iterable

from judging.logic.allocation.board import fits
from judging.logic.allocation.task import Film, Judge
from judging.logic.canonical import lot


def make_panels(
    judges: Iterable[Judge], films: Iterable[Film], size: int, seed: int
) -> dict[str, list[Judge]]:
    """Panels of at least `size` judges, named "1", "2" …; all judges are used, and sizes differ by one at most.

    A panel can only be given what each of its judges may see. So each panel is built for the films (by track and
    languages, the most minutes first) that no panel can take yet, from judges who have most of the rest in common;
    among equals the lot decides. Fewer judges than `size` make one panel. ValueError when `size` is below one.
    """
    if size < 1:
        raise ValueError("A panel has at least one judge.")
    left = sorted(judges, key=lambda one: (lot(seed, "panel", one.key), one.key))
    count = max(1, len(left) // size) if left else 0
    weights: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for film in films:
        weights[film.track, tuple(sorted(film.languages))] += max(film.seconds, 1)
    kinds = sorted(weights, key=lambda kind: (-weights[kind], kind))
    may = {one.key: {kind for kind in kinds if fits(one, *kind)} for one in left}
    open_kinds = list(kinds)
    panels = {}
    for number in range(count):
        wanted = len(left) // (count - number)
        able = [[one for one in left if kind in may[one.key]] for kind in open_kinds]
        first = next((kind for kind, some in zip(open_kinds, able) if len(some) >= wanted), None)
        common = set(kinds)
        panel: list[Judge] = []
        while len(panel) < wanted:
            best = max(left, key=lambda one: _worth(common & may[one.key], first, open_kinds, weights))
            left.remove(best)
            panel.append(best)
            common &= may[best.key]
        open_kinds = [kind for kind in open_kinds if kind not in common] or list(kinds)
        panels[str(number + 1)] = sorted(panel, key=lambda one: one.key)
    return panels


def _worth(
    common: set[tuple[str, tuple[str, ...]]],
    first: tuple[str, tuple[str, ...]] | None,
    open_kinds: list[tuple[str, tuple[str, ...]]],
    weights: Counter[tuple[str, tuple[str, ...]]],
) -> tuple[bool, int, int]:
    """How good it is that a panel may see the `common` kinds: the first, then minutes nobody takes, then minutes."""
    return (
        first in common,
        sum(weights[kind] for kind in open_kinds if kind in common),
        sum(map(weights.__getitem__, common)),
    )
