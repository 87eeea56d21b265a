"""Laurels: fills award slots under rules, exactly, by one order of precedence.

Two lists are compared slot by slot in order of precedence, place by place; at the first difference the list whose film
stands before the other's in that slot's order is better, and any film is better than a vacant place. The films of a
slot stand in its order. So there is one best list, and it is found by asking for each place in turn, for each film in
turn: is there a list that keeps all rules, has what is given so far, and this film here? The first yes has the place.
A no is proved, by a count or by the solver. Where a slot is shared, the films of the same rank as its last laureate
are asked after its places and before the next slot; they count for every upper limit, and for no minimum. Places that
were decided beforehand (pins) are given before all others.
"""

from collections import Counter
from typing import Any

from judging.logic.awarding.board import Board
from judging.logic.awarding.completion import Witness, complete, in_the_way, smallest_clash
from judging.logic.awarding.problem import FIXED, Awards, Passed, Place, Problem, Ranked

METHOD = "laurels"
VERSION = 2


def fill(problem: Problem) -> Awards:
    """The best list, or the rules that clash. The same problem gives the same list, in whatever order it is given."""
    board = Board(problem)
    witness: Witness | None = complete(board) if board.owed() else {}
    if witness is None:
        return Awards(clash=tuple(_as_data(kind, name) for kind, name in smallest_clash(board)))
    run = _Run(board, witness)
    for slot in problem.slots:
        run.slot(slot.slug)
    return Awards(
        tuple(run.places), run.passed, (), {"count": run.proved["count"], "solver": run.proved["solver"]}
    )


def _as_data(kind: str, name: str) -> dict[str, Any]:
    return {"rule": kind, "name": name}


class _Run:
    def __init__(self, board: Board, witness: Witness) -> None:
        self.board = board
        self.witness = witness  # a list that keeps all rules and has what is given
        self.places: list[Place] = []
        self.passed: dict[str, tuple[Passed, ...]] = {}
        self.proved: Counter[str] = Counter()

    def slot(self, slug: str) -> None:
        """Fill the places of a slot, then let those share who may."""
        board, line = self.board, self.board.line[slug]
        over: list[tuple[Ranked, dict[str, Any]]] = []
        last: Ranked | None = None
        pinned = self._pinned(slug)
        films = {film for _place, film in pinned}
        taken = {place for place, _film in pinned}
        numbers = iter([n for n in range(1, board.slot[slug].places + 1) if n not in taken])
        number = 0
        while board.free(slug) and board.at[slug] < len(line):
            row = line[board.at[slug]]
            board.at[slug] += 1
            if row.film in films:
                continue
            why = self._refused(slug, row.film)
            if why:
                over.append((row, why))
                continue
            last = row
            board.give(slug, row.film)
            number = next(numbers)
            self._place(slug, number, row, "chosen" if board.slot[slug].by == FIXED else "best")
        full = not board.free(slug)
        board.closed.add(slug)
        if last and full:
            self._ties(slug, number, last, over)
        for left in numbers:
            self.places.append(Place(slug, left, "", None, {"code": "vacant", "asked": len(line)}))
        end = (last.rank, last.settled, last.film) if last and full else None
        missed = [
            (row, why)
            for row, why in over + board.barred[slug]
            if end is None or (row.rank, row.settled, row.film) < end or why["code"] in ("tied", "share")
        ]
        missed.sort(key=lambda pair: (pair[0].rank, pair[0].settled, pair[0].film))
        self.passed[slug] = tuple(Passed(row.film, row.rank, why) for row, why in missed)

    def _place(self, slug: str, number: int, row: Ranked, code: str) -> None:
        self.places.append(Place(slug, number, row.film, row.rank, {"code": code, "rank": row.rank}))

    def _pinned(self, slug: str) -> list[tuple[int, str]]:
        """Enter the places of the slot that were decided beforehand; gives them with their films."""
        ranks = {row.film: row.rank for row in self.board.line[slug]}
        found: list[tuple[int, str]] = []
        for pin in self.board.problem.pins:
            if pin.slot != slug:
                continue
            found.append((pin.place, pin.film))
            why: dict[str, Any] = {"code": "pinned" if pin.film else "vacated"}
            if broken := self.board.breaks.get((slug, pin.film)):
                why["breaks"] = broken
            self.places.append(Place(slug, pin.place, pin.film, ranks.get(pin.film), why))
        return found

    def _ties(self, slug: str, number: int, last: Ranked, over: list[tuple[Ranked, dict[str, Any]]]) -> None:
        board = self.board
        for row in board.line[slug][board.at[slug] :]:
            if (row.rank, row.settled) != (last.rank, last.settled):
                break
            if row.film in board.given[slug] or row.film in board.shared[slug]:
                continue
            if not board.slot[slug].shared:
                over.append((row, {"code": "tied", "with": last.film}))
                continue
            why = self._refused(slug, row.film, share=True)
            if why:
                over.append((row, why | {"share": last.film}))
                continue
            board.give(slug, row.film, share=True)
            self._place(slug, number, row, "shared")

    def _refused(self, slug: str, film: str, *, share: bool = False) -> dict[str, Any]:
        """Why no allowed list has this film here; empty when one does, which is then the witness."""
        board = self.board
        why = board.forbids(slug, film, share=share)
        if why:
            self.proved["count"] += 1
            return why
        if not board.owed() or (not share and film in self.witness.get(slug, ())):
            return {}
        trial = _with(board, slug, film, share)
        found = complete(trial) if trial.owed() else {}
        if found is None:
            self.proved["solver"] += 1
            return {"code": "needed_later", "for": [_as_data(kind, name) for kind, name in in_the_way(trial)]}
        self.witness = {**found, slug: found.get(slug, frozenset()) | {film}}
        return {}


def _with(board: Board, slug: str, film: str, share: bool) -> Board:
    """A copy in which the film has the slot; the lines, which do not change, are the same."""
    copy = object.__new__(Board)
    for name in ("problem", "entry", "slot", "line", "barred", "can"):
        setattr(copy, name, getattr(board, name))
    copy.at, copy.closed = dict(board.at), set(board.closed)
    copy.breaks, copy.vacated = board.breaks, board.vacated
    for name in ("given", "shared", "holds"):
        setattr(copy, name, {key: list(value) for key, value in getattr(board, name).items()})
    for name in ("in_group", "in_quota", "by_place"):
        setattr(copy, name, Counter(getattr(board, name)))
    copy.give(slug, film, share=share)
    return copy
