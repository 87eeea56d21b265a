"""Minutes made even by moving looks and exchanging them two by two, and room made where hours are short.

Nothing here breaks a rule: a look goes only to a seat that may see the film and does not have it, no seat passes its
limit, and the only look by somebody who knows a film's form stays with one who does.
"""

import numpy as np

from judging.logic.allocation.board import Board, Ints

CLOSE = 2_000  # a load within a 2000th of its goal is left alone
PATIENCE = 30  # pairs of seats that are tried to make room, for each seat
TRIES = 60  # pairs of seats that are tried, for each seat


class Swaps:
    """Exchanges of looks on a board. `experts`: how many looks of a film are by seats that know its form."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.asks = np.array([want.expert for want in board.task.wants], np.bool_)
        self.experts: Ints = (board.has & board.knows).sum(axis=0)
        self.lists: dict[int, Ints] = {}
        self.patience = 0  # pairs of seats that `make_room` may still try

    def films_for(self, source: int, target: int) -> Ints:
        """Films that could go from one seat to another."""
        board = self.board
        if source not in self.lists:
            self.lists[source] = np.flatnonzero(board.has[source])
        films = self.lists[source]
        fits = board.may[target, films] & ~board.has[target, films]
        if self.asks.any():
            last = self.asks[films] & board.knows[source, films] & (self.experts[films] == 1)
            fits &= ~last | board.knows[target, films]
        return np.asarray(films[fits])

    def move(self, film: int, source: int, target: int) -> None:
        board = self.board
        board.move(film, source, target)
        self.experts[film] += int(board.knows[target, film]) - int(board.knows[source, film])
        self.lists.pop(source, None)
        self.lists.pop(target, None)

    def noted(self, seat: int, film: int) -> None:
        """Say that the board gave a new look to a seat."""
        self.experts[film] += int(self.board.knows[seat, film])
        self.lists.pop(seat, None)

    def transfer(
        self, source: int, target: int, least: int, best: int, most: int, *, stays: int = -1
    ) -> bool:
        """Bring between `least` and `most` seconds from one seat to another, as near to `best` as can be.

        One film moves, or two are exchanged. The film `stays` does not come back in exchange. False, and nothing
        changed, when no film or pair does it.
        """
        seconds = self.board.seconds
        away = self.films_for(source, target)
        if not len(away):
            return False
        back = self.films_for(target, source)
        back = back[back != stays]
        gain = seconds[away]
        choice = _nearest(gain, least, best, most)
        found = (abs(int(gain[choice]) - best), int(away[choice]), -1) if choice >= 0 else None
        if len(back):
            back = back[np.argsort(seconds[back], kind="stable")]
            lengths = seconds[back]
            near = np.searchsorted(lengths, gain - best)
            for shift in (-1, 0):
                at = np.clip(near + shift, 0, len(back) - 1)
                net = gain - lengths[at]
                choice = _nearest(net, least, best, most)
                if choice >= 0:
                    miss = abs(int(net[choice]) - best)
                    if found is None or miss < found[0]:
                        found = (miss, int(away[choice]), int(back[at[choice]]))
        if found is None:
            return False
        _miss, film, other = found
        self.move(film, source, target)
        if other >= 0:
            self.move(other, target, source)
        return True

    def bring_experts(self) -> None:
        """Exchange looks so that a film that nobody sees who knows its form is seen by one who can take it."""
        board = self.board
        films = np.flatnonzero(self.asks & (self.experts == 0) & board.has.any(axis=0))
        patience = PATIENCE * board.shape[0]
        for film in films[np.argsort(board.film_lots[films], kind="stable")]:
            experts = np.flatnonzero(board.knows[:, film] & board.may[:, film])
            for expert in experts[np.argsort(board.seat_lots[experts], kind="stable")]:
                if patience <= 0:
                    return
                holders = np.flatnonzero(board.has[:, film])
                patience -= len(holders)
                if any(self._exchange_for(int(film), int(one), int(expert)) for one in holders):
                    break

    def _exchange_for(self, film: int, holder: int, expert: int) -> bool:
        """Give the film to the expert for the film of hers that is most alike in length."""
        board = self.board
        back = self.films_for(expert, holder)
        if not len(back):
            return False
        gap = board.seconds[back] - board.seconds[film]
        best = int(np.argmin(np.abs(gap)))
        if -gap[best] > board.room[expert] or gap[best] > board.room[holder]:
            return False
        self.move(int(back[best]), expert, holder)
        self.move(film, holder, expert)
        return True

    def balance(self, goal: Ints) -> None:
        """Bring every seat's load to its goal, as near as films and rules allow.

        Each step takes the seat that is furthest off, relative to its goal, and the partners furthest off the other
        way; a step is made only when it lessens the sum of squares of what is off, each over its goal.
        """
        board = self.board
        seats = board.shape[0]
        aim = np.maximum(goal, 1)
        reach = board.may.astype(np.float32)
        common = reach @ reach.T > 0  # counts far below 2**24: exact
        tired: set[int] = set()
        tries = 0
        while tries < TRIES * seats:
            off = board.load - goal
            relative = off * 1_000_000 // aim
            order = [int(seat) for seat in np.argsort(-np.abs(relative), kind="stable") if seat not in tired]
            if not order or abs(int(off[order[0]])) * CLOSE <= int(aim[order[0]]):
                return
            seat = order[0]
            over = int(off[seat]) > 0
            partners = np.argsort(relative if over else -relative, kind="stable")
            partners = partners[common[seat, partners]]
            changed = False
            for partner in (int(one) for one in partners):
                source, target = (seat, partner) if over else (partner, seat)
                if partner == seat or relative[source] <= relative[target]:
                    continue
                tries += 1
                if tries > TRIES * seats:
                    break
                if self._even(source, target, off, aim):
                    changed = True
                    tired.clear()
                    break
            if not changed:
                tired.add(seat)

    def _even(self, source: int, target: int, off: Ints, aim: Ints) -> bool:
        """Bring two seats nearer to their goals; False when no exchange does."""
        here, there = int(off[source]), int(off[target])
        size, other = int(aim[source]), int(aim[target])
        best = (here * other - there * size) // (size + other)
        if best < 1:
            return False
        room = int(self.board.limit[target] - self.board.load[target])
        # A parabola in the seconds brought across: below zero between nought and twice the best.
        return self.transfer(source, target, 1, best, min(2 * best - 1, room))

    def make_room(self, seat: int, film: int) -> bool:
        """Free a seat's limit for a film that it shall have, by passing others on to seats with room; False when nobody
        can. The film itself is not taken in exchange: it would come without being one look more.
        """
        board = self.board
        short = int(board.seconds[film] - board.room[seat])
        if short <= 0:
            return True
        room = board.room
        for other in np.argsort(-room, kind="stable"):
            if other == seat or room[other] <= 0:
                continue
            most = int(room[other])
            if most < short or self.patience <= 0:
                return False
            self.patience -= 1
            if self.transfer(seat, int(other), short, short, most, stays=film):
                return True
        return False


def _nearest(values: Ints, least: int, best: int, most: int) -> int:
    """Index of the value nearest to `best` among those from `least` to `most`; -1 when there is none."""
    inside = np.flatnonzero((values >= least) & (values <= most))
    if not len(inside):
        return -1
    return int(inside[np.argmin(np.abs(values[inside] - best))])
