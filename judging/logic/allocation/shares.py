"""How much each seat should watch: in proportion to its weight, as far as hours and the films allow.

Seats of equal relative load are on one **level**. Where only a few judges may see certain films, those judges have to
be on a higher level than the rest; the fairest division is found by splitting along minimum cuts (Fujishige 1980,
lexicographically optimal base): first all on one level, and where the films do not allow it, those who must watch more
apart from those who cannot. Films that the same seats may see count as one kind, in seconds.
"""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import max_flow, min_cost_flow

from judging.logic.allocation.board import NO_LIMIT, Board, Flags, Ints

ONE = 1 << 20  # a level is a number of seconds for a weight of one, times this
SEGMENTS = 8  # steps in which kinds of films lose looks, so that no kind loses all


@dataclass(frozen=True, slots=True)
class Kinds:
    """Films by who may see them at all. `pairs[seat, kind]`: seconds of the kind that the seat may see."""

    of: Ints  # kind of each film
    pairs: Ints
    demand: Ints  # seconds of looks wanted


def kinds_of(board: Board, looks: Ints) -> Kinds:
    """The kinds of `board`, with the demand of `looks` per film. A film of no seconds counts one."""
    seconds = np.maximum(board.seconds, 1)
    base = np.packbits(board.in_track & board.in_language, axis=0).T
    _unique, of = np.unique(base, axis=0, return_inverse=True)
    of = of.reshape(-1).astype(np.int64)
    count = int(of.max()) + 1 if len(of) else 0
    pairs = np.zeros((board.shape[0], count), np.int64)
    for row in range(board.shape[0]):
        columns = np.flatnonzero(board.may[row])
        np.add.at(pairs[row], of[columns], seconds[columns])
    demand = np.zeros(count, np.int64)
    np.add.at(demand, of, seconds * looks)
    return Kinds(of, pairs, demand)


def water_level(weight: Ints, base: Ints, limit: Ints, demand: int) -> int:
    """The lowest level at which the seats take `demand` seconds on top of `base`; the highest there is if they cannot.

    A seat takes what its level allows (at most its limit) less its base.
    """
    rows = [(int(w), int(b), int(top)) for w, b, top in zip(weight, base, limit)]

    def taken(level: int) -> int:
        return sum(max(0, min(top, -(-level * w // ONE)) - b) for w, b, top in rows)

    low, high = 0, ONE
    while taken(high) < demand and high < NO_LIMIT * ONE:
        high *= 2
    while low < high:
        middle = (low + high) // 2
        if taken(middle) < demand:
            low = middle + 1
        else:
            high = middle
    return low


def at_level(level: int, weight: Ints, base: Ints, limit: Ints) -> Ints:
    """Seconds each seat has at a level; never less than its base."""
    rows = zip(weight, base, limit)
    return np.array([max(int(b), min(int(top), -(-level * int(w) // ONE))) for w, b, top in rows], np.int64)


def fair_loads(board: Board, kinds: Kinds) -> tuple[Ints, list[int]]:
    """Seconds that each seat should have in the end, and its level: as even as the films and hours allow."""
    seats = board.shape[0]
    goal, levels = board.before.copy(), [0] * seats
    stack: list[tuple[Ints, Ints, Ints, Ints]] = []
    if seats:
        stack.append(
            (np.arange(seats), np.arange(len(kinds.demand)), kinds.demand.copy(), board.before.copy())
        )
    while stack:
        rows, columns, demand, base = stack.pop()
        weight, limit = board.weight[rows], board.limit[rows]
        level = water_level(weight, base, limit, int(demand.sum()))
        aim = at_level(level, weight, base, limit)
        pairs = kinds.pairs[np.ix_(rows, columns)]
        high_rows, high_columns = _cut(demand, pairs, aim - base)
        if high_rows is None or high_columns is None:
            goal[rows] = aim
            for row in rows:
                levels[row] = level
            continue
        # The films of the higher part fill what the lower judges may see of them, and nothing goes the other way.
        across = pairs[np.ix_(~high_rows, high_columns)]
        stack.append((
            rows[high_rows],
            columns[high_columns],
            np.maximum(demand[high_columns] - across.sum(axis=0), 0),
            base[high_rows],
        ))  # fmt: skip
        stack.append((
            rows[~high_rows],
            columns[~high_columns],
            demand[~high_columns],
            base[~high_rows] + across.sum(axis=1),
        ))  # fmt: skip
    return goal, levels


def _cut(demand: Ints, pairs: Ints, most: Ints) -> tuple[Flags | None, Flags | None]:
    """Seats and kinds on the crowded side of a minimum cut; (None, None) when all is served or nothing can be split."""
    seats, count = pairs.shape
    if not count or not seats:
        return None, None
    flow = _filled(demand, pairs, most)
    if flow.optimal_flow() >= int(demand.sum()):
        return None, None
    side = np.zeros(seats + count + 2, np.bool_)
    side[flow.get_source_side_min_cut()] = True
    high_rows, high_columns = side[:seats], side[seats : seats + count]
    if not high_rows.any() or high_rows.all():
        return None, None
    return high_rows, high_columns


def _filled(demand: Ints, pairs: Ints, most: Ints) -> max_flow.SimpleMaxFlow:
    """The largest flow of seconds from kinds to seats."""
    seats, count = pairs.shape
    row, column = np.nonzero(pairs)
    source, sink = seats + count, seats + count + 1
    flow = max_flow.SimpleMaxFlow()
    flow.add_arcs_with_capacity(
        np.concatenate([np.full(count, source), seats + column, np.arange(seats)]).astype(np.int32),
        np.concatenate([seats + np.arange(count), row, np.full(seats, sink)]).astype(np.int32),
        np.concatenate([demand, pairs[row, column], most]).astype(np.int64),
    )
    flow.solve(source, sink)
    return flow


def affordable(board: Board, kinds: Kinds, served: Ints) -> Ints:
    """Looks per film that the stated hours allow, spread so that first looks come before second ones.

    Where hours do not suffice, every kind of film loses looks alike as far as its judges allow; within a kind the
    lot decides. Only a plan: what fits in the end is tried film by film.
    """
    looks = np.minimum(board.looks, board.may.sum(axis=0))
    seats, films = board.shape
    if not seats or not films or not (board.limit < NO_LIMIT).any():
        return looks
    seconds = np.maximum(board.seconds, 1)
    layers = int((served + looks).max(initial=0))
    count = len(kinds.demand)
    layered = np.zeros((layers, count), np.int64)
    for layer in range(layers):
        inside = (served <= layer) & (layer < served + looks)
        np.add.at(layered[layer], kinds.of[inside], seconds[inside])
    total = layered.sum(axis=0)
    most = np.minimum(board.room, int(total.sum()))
    if _filled(total, kinds.pairs, most).optimal_flow() >= int(total.sum()):
        return looks
    kept = _kept_seconds(layered, kinds.pairs, most)
    # Films of a kind in the order of the lot, first looks before second ones.
    rank = np.argsort(np.argsort(board.film_lots, kind="stable"), kind="stable")
    result = np.zeros(films, np.int64)
    left = kept.copy()
    for layer in range(layers):
        due = np.flatnonzero((served <= layer) & (layer < served + looks))
        for film in due[np.argsort(rank[due], kind="stable")].tolist():
            kind = int(kinds.of[film])
            if left[kind] > 0:
                left[kind] -= seconds[film]
                result[film] += 1
    return result


def _kept_seconds(layered: Ints, pairs: Ints, most: Ints) -> Ints:
    """Seconds of each kind that can be served, by a flow that pays for what it leaves out, first looks dearest."""
    layers, count = layered.shape
    seats = len(most)
    row, column = np.nonzero(pairs)
    # Nodes: seats, kinds, sink (where looks end, given or left out).
    sink = seats + count
    parts, cost, kinds = [], [], []
    for layer in range(layers):
        edges = layered[layer] * np.arange(SEGMENTS + 1)[:, None] // SEGMENTS
        for segment in range(SEGMENTS):
            parts.append(edges[segment + 1] - edges[segment])
            cost.append(np.full(count, (layers - layer) * 1000 - (SEGMENTS - segment) * 10))
            kinds.append(np.arange(count))
    slack, price, kind = np.concatenate(parts), np.concatenate(cost), np.concatenate(kinds)
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([seats + column, np.arange(seats), seats + kind]).astype(np.int32),
        np.concatenate([row, np.full(seats, sink), np.full(len(kind), sink)]).astype(np.int32),
        np.concatenate([pairs[row, column], most, slack]).astype(np.int64),
        np.concatenate([np.zeros(len(row) + seats), price]).astype(np.int64),
    )
    supply = np.concatenate([np.zeros(seats, np.int64), layered.sum(axis=0), [-int(layered.sum())]])
    flow.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supply.astype(np.int64))
    if flow.solve() != flow.OPTIMAL:  # cannot be: everything may be left out
        return layered.sum(axis=0)
    given = np.zeros(count, np.int64)
    np.add.at(given, column, flow.flows(arcs[: len(row)]))
    return given
