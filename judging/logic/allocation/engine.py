"""Who sees which film: fair shares first, then looks by flow, then minutes made even. Same task, same bytes.

1. `shares`: what each judge should watch, from hours and from who may see what.
2. `strata`: looks by min-cost flow, films of like length together.
3. What is missing yet, film by film: to whoever has room, or after making room.
4. `bridges`: where tracks share a cut, judges of several tracks see several.
5. `swaps`: minutes made even.
"""

import numpy as np

from judging.logic.allocation import result as codes
from judging.logic.allocation.board import NO_LIMIT, Board, Ints, fits
from judging.logic.allocation.bridges import build_bridges
from judging.logic.allocation.result import Allocation, Assignment, Load, Unserved
from judging.logic.allocation.shares import affordable, at_level, fair_loads, kinds_of, water_level
from judging.logic.allocation.strata import give_by_flow
from judging.logic.allocation.swaps import PATIENCE, Swaps
from judging.logic.allocation.task import Task
from judging.logic.canonical import lot

METHOD = "flow_in_strata"
VERSION = 2
PASSES = 4
TOLERANCE = 50  # a load within a 50th (two per cent) of the share needs no reason


def allocate(task: Task) -> Allocation:
    """Give the missing looks. The same task gives the same allocation, whatever order it was written in."""
    board = Board(task)
    goal = board.before
    if all(board.shape):
        looks = affordable(board, kinds_of(board, board.looks), _served(task))
        planned, levels = fair_loads(board, kinds_of(board, looks))
        goal = _give(board, looks, planned, levels, False)
        if not _good(board, looks, goal):
            other = Board(task)
            instead = _give(other, looks, planned, levels, True)
            if _badness(other, instead) < _badness(board, goal):
                board, goal = other, instead
    return Allocation(_assignments(board), _unserved(board), _loads(board, goal))


def _give(board: Board, looks: Ints, planned: Ints, levels: list[int], rare_first: bool) -> Ints:
    """Give out looks, `looks` per film and what else fits; the loads that were aimed at."""
    for _pass in range(
        PASSES
    ):  # a stratum fills seats by its longest film: what that left over is tried again
        left = np.maximum(looks - board.has.sum(axis=0), 0)
        if not left.any() or not give_by_flow(board, left, planned, levels, rare_first):
            break
    swaps = Swaps(board)
    _fill(board, swaps)
    swaps.bring_experts()
    if board.task.shared_cut:
        build_bridges(board, swaps)
    goal = planned
    for _pass in range(PASSES):  # what was exchanged may have left room for one film more
        goal = _goal(board, planned)
        swaps.balance(goal)
        if not _fill(board, swaps):
            break
    return goal


def _good(board: Board, looks: Ints, goal: Ints) -> bool:
    """Whether what hours allow was given, and every load is within a per cent of its goal (or a short film of it)."""
    short = int(np.maximum(looks - board.has.sum(axis=0), 0).sum())
    close = np.maximum(goal // 100, int(board.seconds.min()))
    return short * 200 <= int(looks.sum()) and not (np.abs(board.load - goal) > close).any()


def _badness(board: Board, goal: Ints) -> tuple[int, int]:
    """Looks that are missing, then seconds that are off."""
    return int(board.missing.sum()), int(np.abs(board.load - goal).sum())


def _served(task: Task) -> Ints:
    return np.array([want.served for want in task.wants], np.int64)


def _fill(board: Board, swaps: Swaps) -> int:
    """Give what is still missing to whoever has room, first looks first; else make room. Gives the number of looks."""
    given, swaps.patience = 0, PATIENCE * board.shape[0]
    missing = board.missing
    served = _served(board.task) + board.has.sum(axis=0)
    short = np.flatnonzero(missing > 0)
    short = short[np.argsort(board.film_lots[short], kind="stable")]
    last = int((served + missing)[short].max(initial=0))
    for turn in range(int(served[short].min(initial=last)), last):
        for film in short[(served[short] == turn) & (missing[short] > 0)]:
            seat = _seat_with_room(board, swaps, int(film))
            if seat is not None:
                board.give(np.array([seat]), np.array([film]))
                swaps.noted(seat, int(film))
                served[film] += 1
                missing[film] -= 1
                given += 1
    return given


def _seat_with_room(board: Board, swaps: Swaps, film: int) -> int | None:
    """The seat with most room among those that may take the film; room is made where there is too little."""
    seconds = int(board.seconds[film])
    seats = np.flatnonzero(board.may[:, film] & ~board.has[:, film] & (board.limit > 0))
    room = board.room
    if not len(seats) or int(room.sum()) < seconds:
        return None
    seats = seats[np.argsort(-room[seats], kind="stable")]
    if room[seats[0]] >= seconds:
        # Without limits everybody has room: the one with the least to watch for her weight.
        relative = board.load[seats] * 1_000_000 // np.maximum(board.weight[seats], 1)
        relative[room[seats] < seconds] = 1 << 62
        return int(seats[np.argmin(relative)])
    top = np.partition(room, -2)[-2:] if len(room) > 1 else np.array([0, 0])
    for seat in seats:
        others = int(top[0] if room[seat] == top[1] else top[1])
        if int(room[seat]) + others < seconds or swaps.patience <= 0:
            break  # seats come in the order of their room
        if swaps.make_room(int(seat), film):
            return int(seat)
    return None


def _goal(board: Board, goal: Ints) -> Ints:
    """The goals, in proportion to what was really given out."""
    given, planned = int((board.load - board.before).sum()), int((goal - board.before).sum())
    if given == planned or planned <= 0:
        return goal
    ends = zip(board.before.tolist(), goal.tolist())
    return np.array([start + (end - start) * given // planned for start, end in ends], np.int64)


def _assignments(board: Board) -> tuple[Assignment, ...]:
    task = board.task
    rows = [
        Assignment(one.key, film, lot(task.seed, "order", one.key, film))
        for seat, column in zip(*np.nonzero(board.has))
        for film in [task.wants[column].film.key]
        for one in task.seats[seat].members
    ]
    return tuple(sorted(rows, key=lambda row: (row.judge, row.order, row.film)))


def _unserved(board: Board) -> tuple[Unserved, ...]:
    missing = board.missing
    rows = []
    for column in np.flatnonzero(missing > 0):
        want = board.task.wants[column]
        free = int(board.may[:, column].sum())
        reason = _reason(board, int(column), free, want.looks)
        rows.append(Unserved(want.film.key, int(missing[column]), free, reason))
    return tuple(rows)


def _reason(board: Board, film: int, free: int, looks: int) -> str:
    """Why a film misses looks: the first thing, in the order of the codes, after which nobody is left."""
    if not board.shape[0]:
        return codes.NO_JUDGES
    if free:
        return codes.TOO_FEW if free < looks else codes.NO_HOURS
    want = board.task.wants[film]
    left = [one for seat in board.task.seats for one in seat.members if one.key not in want.barred]
    if not left:
        return codes.ALL_BARRED
    left = [one for one in left if fits(one, want.film.track, ())]
    if not left:
        return codes.TRACK
    return codes.NO_PANEL if any(fits(one, "", want.film.languages) for one in left) else codes.LANGUAGE


def _loads(board: Board, goal: Ints) -> tuple[Load, ...]:
    given = int((board.load - board.before).sum())
    level = water_level(board.weight, board.before, board.limit, given)
    share = at_level(level, board.weight, np.zeros_like(board.before), board.limit)
    rows = []
    for row, seat in enumerate(board.task.seats):
        seconds, fair = int(board.load[row]), int(share[row])
        reason = ""
        if abs(seconds - fair) * TOLERANCE > fair:
            planned = int(goal[row])
            off = abs(planned - fair) * TOLERANCE > fair and (planned > fair) == (seconds > fair)
            if seconds > fair:
                had_more = board.before[row] >= seconds
                reason = codes.HAD_MORE if had_more else codes.SCARCE if off else codes.WHOLE_FILMS
            else:
                reason = codes.FEW_FILMS if off else codes.WHOLE_FILMS
        limit = int(board.limit[row])
        rows.append(
            Load(
                seat.key,
                int(board.has[row].sum()),
                seconds,
                fair,
                None if limit == NO_LIMIT else limit,
                reason,
            )
        )
    return tuple(rows)
