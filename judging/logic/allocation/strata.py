"""Looks by min-cost flow, one stratum of films of like length after the other, the longest first.

In a stratum a look costs what it adds to the judge's relative load (convex, so that loads stay even), a fine when the
judge is on a higher level than the film needs, and a little by lot. A film with a form has a way of its own: at most
all looks but one go to judges who do not know it. So that these looks do not pile up, a look beyond a judge's quota,
which grows with what is given out, then costs more. What cannot be served leaves by a slack arc, so there is always a
solution. Counts stand for minutes inside a stratum; `swaps` does the rest.
"""

import numpy as np
from ortools.graph.python import min_cost_flow

from judging.logic.allocation.board import NO_LIMIT, Board, Ints

LOAD = 10_000  # cost of a load that equals the seat's goal
LUCK = 24  # most that the lot adds to a look's cost
HIGHER = 8_000  # most that a judge of a higher level costs
EXPERT = 100_000  # cost of a film whose forms nobody knows
BEYOND = 150_000  # cost of each step beyond what a seat should have at this point
BEYOND_STEPS = (0, 2, 5, 20)  # per cent of its goal
UNSERVED = 10_000_000  # cost of a missing look; more for the second and third of a film
STRATA = 8
RARITIES = 5
ARCS = 200_000  # most in a stratum
STEP = 32  # least cost between a judge's looks of a stratum where all last equally long


def give_by_flow(board: Board, looks: Ints, goal: Ints, levels: list[int], rare_first: bool = False) -> bool:
    """Give `looks` more per film, loads in proportion to `goal` as they grow; whether any could be given.

    With `rare_first` films that few may see come before the others, so that a judge whom they need is not full of
    others when their turn comes; else only length decides, which leaves loads more even.
    """
    films = np.flatnonzero(looks > 0)
    if not len(films) or not board.shape[0]:
        return False
    before = int(board.has.sum())
    tie = board.film_lots[films]
    films = films[np.lexsort((tie, -board.seconds[films]))]
    fine = _fines(levels)
    total, done = int((looks * board.seconds).sum()), 0
    ends = list(
        zip(board.load.tolist(), goal.tolist())
    )  # numbers without bounds: products of seconds are large
    for part in _strata(board, films, looks, goal, RARITIES if rare_first else 1):
        done += int((looks[part] * board.seconds[part]).sum())
        quota = np.array([a + (b - a) * done // max(total, 1) for a, b in ends], np.int64)
        _give_stratum(board, part, looks[part], goal, quota, fine)
    return int(board.has.sum()) > before


def _strata(board: Board, films: Ints, looks: Ints, goal: Ints, rarities: int) -> list[Ints]:
    """Films cut into strata, in their order: first those that few may see, by halves of the jury's time."""
    seats = board.shape[0]
    breadth = np.maximum(goal @ (board.in_track & board.in_language)[:, films], 1)
    whole = max(int(goal.sum()), 1)
    rarity = np.zeros(len(films), np.int64)
    for halving in range(1, rarities):
        rarity += breadth * 2**halving <= whole
    wanted = int(looks.sum())
    strata = max(min(STRATA, wanted // (2 * seats)), len(films) * seats // ARCS, 1)
    parts = []
    for rare in range(rarities - 1, -1, -1):
        some = films[rarity == rare]
        if len(some):
            count = -(-strata * len(some) // len(films))
            parts += np.array_split(some, min(count, len(some)))
    return parts


def _fines(levels: list[int]) -> Ints:
    """What each seat's level costs; only differences count."""
    mean = max(sum(levels) // len(levels), 1)
    return np.array([min(level * HIGHER // mean, 4 * HIGHER) for level in levels], np.int64)


def _give_stratum(board: Board, films: Ints, looks: Ints, goal: Ints, quota: Ints, fine: Ints) -> None:
    seats, count = board.shape[0], len(films)
    mean = max(int(board.seconds[films].sum()) // count, 1)
    longest = int(board.seconds[films].max())
    room = board.room if longest == 0 else board.room // longest
    room = np.where((board.limit < NO_LIMIT) & (board.limit == 0), 0, room)
    may = board.may[:, films] & ~board.has[:, films] & (room > 0)[:, None]
    seat, film = np.nonzero(may)
    lowest = np.where(may, fine[:, None], np.int64(1 << 40)).min(axis=0)
    cost = np.minimum(fine[seat] - lowest[film], HIGHER)
    cost += (board.chance(films)[seat, film] % np.uint64(LUCK + 1)).astype(np.int64)
    # Nodes: films, a second one for each (looks by judges who know no form of it), seats, sink.
    asks = board.knows[:, films].any(axis=0) & np.array([board.task.wants[f].expert for f in films])
    others, first_seat, sink = count, 2 * count, 2 * count + seats
    tail = np.where(asks[film] & ~board.knows[:, films][seat, film], others + film, film)
    gates = np.flatnonzero(asks)
    slot_seat, slot_size, slot_cost = _slots(
        board, goal, quota, int(looks.sum()), mean, np.minimum(room, count), bool(len(gates))
    )
    missed = np.arange(int(looks.max()))
    miss_film, miss_rank = np.nonzero(missed[None, :] < looks[:, None])
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([tail, gates, gates, first_seat + slot_seat, miss_film]).astype(np.int32),
        np.concatenate([
            first_seat + seat,
            others + gates,
            others + gates,
            np.full(len(slot_seat), sink),
            np.full(len(miss_film), sink),
        ]).astype(np.int32),
        np.concatenate([
            np.ones(len(seat)),
            looks[gates] - 1,
            np.ones(len(gates)),
            slot_size,
            np.ones(len(miss_film)),
        ]).astype(np.int64),
        np.concatenate([
            cost,
            np.zeros(len(gates)),
            np.full(len(gates), EXPERT),
            slot_cost,
            UNSERVED + UNSERVED // 4 * miss_rank,
        ]).astype(np.int64),
    )  # fmt: skip
    supply = np.zeros(sink + 1, np.int64)
    supply[:count] = looks
    supply[sink] = -int(looks.sum())
    solver.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supply)
    if solver.solve() != solver.OPTIMAL:  # cannot be: every film has its slack arcs
        raise RuntimeError("The flow of an allocation has no solution.")
    chosen = solver.flows(arcs[: len(seat)]) > 0
    board.give(seat[chosen], films[film[chosen]])


def _slots(
    board: Board, goal: Ints, quota: Ints, looks: int, mean: int, room: Ints, asked: bool
) -> tuple[Ints, Ints, Ints]:
    """Arcs from seats to the sink: one for each look that a seat is likely to take, then ever wider ones.

    Gives the seat, the number of looks and the cost of each arc; costs of a seat never fall. `asked`: experts are.
    """
    seats = board.shape[0]
    aim = np.maximum(goal, 1)
    expected = int(np.ceil(looks * 3 / seats)) + 4
    starts = list(range(expected))
    while starts[-1] < int(room.max(initial=0)):
        starts.append(starts[-1] + max(1, starts[-1] // 8))
    begin = np.array(starts, np.int64)
    width = np.diff(begin, append=begin[-1] + 1)
    size = np.clip(room[:, None] - begin[None, :], 0, width[None, :])
    usual = max(int(aim.sum()) // seats, 1)
    step = np.maximum(LOAD * mean // aim, np.minimum(STEP * usual // aim, LOAD))
    step = np.minimum(step, 4 * LOAD)
    start = np.minimum(LOAD * board.load // aim, 20 * LOAD)
    middle = 2 * begin + width  # twice the middle of an arc's looks
    cost = np.minimum(start[:, None] + step[:, None] * middle[None, :] // 2, 60 * LOAD)
    load = board.load[:, None] + mean * middle[None, :] // 2
    for percent in BEYOND_STEPS if asked else ():
        cost += BEYOND * (load > (quota + aim * percent // 100)[:, None])
    seat, slot = np.nonzero(size)
    return seat.astype(np.int64), size[seat, slot], cost[seat, slot]
