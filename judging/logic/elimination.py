"""The normal equations of a two-way model with one factor eliminated.

score = track + (eliminated factor) + (dense factor) + noise, both factors random. A level of the eliminated factor
touches only the looks it has, so it is taken out exactly, level by level, and a dense symmetric system is left over
the other factor and the tracks (Henderson's mixed model equations, Schur complement). Films are eliminated when there
are fewer judges than films, judges otherwise: a hundred judges leave a hundred equations, whatever the number of
films.
"""

from dataclasses import dataclass

import numpy as np

from judging.logic.scores import Floats, Ints

MOST_CELLS = 2_000_000  # gathered at once
MOST_PAIRS = 6_000_000  # above this the counts are held as a dense table instead of as pairs


@dataclass(frozen=True, slots=True)
class Layout:
    """Looks seen from the eliminated factor.

    group: eliminated level of each look; level: dense level; track: its track's column. `groups` and `levels` are
    numbers of levels, `tracks` that of tracks which have looks. Columns: first the dense levels, then the tracks.
    """

    group: Ints
    level: Ints
    track: Ints
    groups: int
    levels: int
    tracks: int

    @property
    def columns(self) -> int:
        return self.levels + self.tracks


class Counts:
    """How often each column occurs in each group, and weighted sums of their outer products."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        columns = layout.columns
        both = np.concatenate([layout.level, layout.levels + layout.track])
        key = np.concatenate([layout.group, layout.group]) * columns + both
        cells, times = np.unique(key, return_counts=True)
        self.cell_group, self.cell_column = cells // columns, cells % columns
        self.cell_times = times.astype(np.float64)
        self.size = np.bincount(layout.group, minlength=layout.groups).astype(np.float64)
        self.plain = self._plain()
        self.cells = np.bincount(self.cell_group, minlength=layout.groups)  # different columns a group has
        self.dense: Floats | None = None
        if int((self.cells**2).sum()) > MOST_PAIRS:
            self.dense = self.table()
        else:
            self._pair()

    def table(self) -> Floats:
        """Groups by columns, all zeros included."""
        table = np.zeros((self.layout.groups, self.layout.columns))
        table[self.cell_group, self.cell_column] = self.cell_times
        return table

    def _plain(self) -> Floats:
        """Columns by columns: in how many looks two occur together."""
        layout, columns = self.layout, self.layout.columns
        result = np.zeros((columns, columns))
        level = np.bincount(layout.level, minlength=layout.levels)
        track = np.bincount(layout.track, minlength=layout.tracks)
        np.fill_diagonal(result, np.concatenate([level, track]))
        cross = np.bincount(
            layout.level * layout.tracks + layout.track, minlength=layout.levels * layout.tracks
        )
        result[: layout.levels, layout.levels :] = cross.reshape(layout.levels, layout.tracks)
        result[layout.levels :, : layout.levels] = result[: layout.levels, layout.levels :].T
        return result

    def _pair(self) -> None:
        """All pairs of cells of one group, half of them: the other half is the same."""
        starts = np.concatenate([[0], np.cumsum(self.cells)])[:-1]
        keys, values, groups_of = [], [], []
        for cells in np.unique(self.cells[self.cells > 0]):
            groups = np.flatnonzero(self.cells == cells)
            at = starts[groups][:, None] + np.arange(cells)
            one, other = np.triu_indices(cells)
            left, right = at[:, one], at[:, other]
            keys.append((self.cell_column[left] * self.layout.columns + self.cell_column[right]).ravel())
            values.append((self.cell_times[left] * self.cell_times[right]).ravel())
            groups_of.append(np.repeat(groups, len(one)))
        self.pair_key = np.concatenate(keys) if keys else np.zeros(0, np.int64)
        self.pair_value = np.concatenate(values) if keys else np.zeros(0)
        self.pair_group = np.concatenate(groups_of) if keys else np.zeros(0, np.int64)

    def outer(self, weight_of_size: "Weight") -> Floats:
        """Sum over groups of weight(size) · k k', where k counts the columns in the group."""
        columns = self.layout.columns
        if self.dense is not None:
            result: Floats = self.dense.T @ (self.dense * weight_of_size(self.size)[:, None])
            return result
        weights = weight_of_size(self.size)[self.pair_group] * self.pair_value
        upper = np.bincount(self.pair_key, weights, columns * columns).reshape(columns, columns)
        return _both(upper)

    def spread(self, cover: Floats, weight: Floats, own: Ints | None) -> Floats:
        """c' cover c for every group, where c is minus `weight` times the group's counts, and one more at column
        `own`.

        `own` is -1 where there is none. With the weight of its size this is the part of a level's uncertainty that
        comes from what is not known of the columns.
        """
        layout = self.layout
        result = np.zeros(layout.groups)
        starts = np.concatenate([[0], np.cumsum(self.cells)])[:-1]
        for cells in np.unique(self.cells):
            groups = np.flatnonzero(self.cells == cells)
            most = max(1, MOST_CELLS // max(int(cells) ** 2, 1))
            for part in np.array_split(groups, -(-len(groups) // most)):
                at = starts[part][:, None] + np.arange(cells)
                column, times = self.cell_column[at], self.cell_times[at] * -weight[part][:, None]
                within = cover[column[:, :, None], column[:, None, :]]
                result[part] = np.einsum("gi,gij,gj->g", times, within, times)
                if own is not None:
                    on = np.maximum(own[part], 0)
                    mixed = 2 * (cover[on[:, None], column] * times).sum(axis=1) + cover[on, on]
                    result[part] += np.where(own[part] < 0, 0, mixed)
        return result


def _both(half: Floats) -> Floats:
    """The symmetric matrix of which every pair was counted once, in either triangle."""
    result = half + half.T
    np.fill_diagonal(result, half.diagonal())
    return result


class Weight:
    """w = a / (1 + a·n) for a group of n looks at variance ratio `a`, or its derivative by a."""

    def __init__(self, ratio: float, derivative: bool = False) -> None:
        self.ratio, self.derivative = ratio, derivative

    def __call__(self, size: Floats) -> Floats:
        grown = 1 + self.ratio * size
        return 1 / grown**2 if self.derivative else self.ratio / grown
