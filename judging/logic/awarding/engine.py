"""Laurels: fills award slots under rules, exactly, by one order of precedence.

Two lists are compared slot by slot in order of precedence, place by place; at the first difference the list whose film
stands before the other's in that slot's order is better, and any film is better than a vacant place. The films of a
slot stand in its order. So there is one best list, and it is found by asking for each place in turn for the first film
with which there is a list that keeps all rules and has what is given so far. That the films before it have none is
proved, by a count or by the solver. Where a slot is shared, the films of the same rank as its last laureate are asked
after its places and before the next slot; they count for every upper limit, and for no minimum. Places that were
decided beforehand (pins) are given before all others.
"""

from collections import Counter
from dataclasses import replace
from typing import Any

from judging.logic.awarding.board import Board, Rule, rules, upper
from judging.logic.awarding.clash import Keeping, in_the_way, smallest_clash
from judging.logic.awarding.completion import Asked, Question, Witness
from judging.logic.awarding.kinds import Kinds
from judging.logic.awarding.problem import FIXED, Awards, Passed, Place, Problem, Ranked

METHOD = "laurels"
VERSION = 3
PINNED = "pinned"
AT_ONCE = 16  # films that are asked for together at first; then eight times as many

Over = list[tuple[Ranked, dict[str, Any]]]


def fill(problem: Problem) -> Awards:
    """The best list, or the rules that clash. The same problem gives the same list, in whatever order it is given."""
    board = Board(problem)
    kinds = Kinds(board)
    found = Question(kinds).answer(rules(problem))
    if found is None:
        return Awards(clash=_clash(board))
    run = _Run(kinds, found.witness)
    for slot in problem.slots:
        run.slot(slot.slug)
    return Awards(
        tuple(run.places), run.passed, (), {"count": run.proved["count"], "solver": run.proved["solver"]}
    )


def _clash(board: Board) -> tuple[dict[str, Any], ...]:
    """The smallest set of rules for the places as they were decided, and of those decisions as few as make it one."""
    named = smallest_clash(board)
    pins = list(board.problem.pins)
    for pin in board.problem.pins:
        left = tuple(one for one in pins if one != pin)
        if not Keeping(Board(replace(board.problem, pins=left), board.lines))(named):
            pins.remove(pin)
    return tuple(_as_data(kind, name) for kind, name in named) + tuple(
        {
            "rule": PINNED,
            "name": f"{pin.slot}/{pin.place}",
            "slot": pin.slot,
            "place": pin.place,
            "film": pin.film,
        }
        for pin in pins
    )


def _as_data(kind: str, name: str) -> dict[str, Any]:
    return {"rule": kind, "name": name}


class _Run:
    def __init__(self, kinds: Kinds, witness: Witness) -> None:
        self.kinds, self.board = kinds, kinds.board
        self.rules = rules(self.board.problem)
        self.witness = witness  # what completes the list so far to one that keeps all rules
        self.needed: list[Rule] = []  # rules that were in the way of the film refused last
        self.places: list[Place] = []
        self.passed: dict[str, tuple[Passed, ...]] = {}
        self.proved: Counter[str] = Counter()

    def slot(self, slug: str) -> None:
        """Fill the places of a slot, then let those share who may."""
        board, slot = self.board, self.board.lines.slot[slug]
        pinned = self._pinned(slug)
        films = {film for _place, film in pinned}
        taken = {place for place, _film in pinned}
        line = [row for row in board.lines.line[slug] if row.film not in films]
        over: Over = []
        last: Ranked | None = None
        numbers = iter([n for n in range(1, slot.places + 1) if n not in taken])
        at = number = 0
        while board.free(slug) and at < len(line):
            at, row = self._first(slug, line, at, over)
            if row is not None:
                last, number = row, next(numbers)
                self._give(slug, row)
                self._place(slug, number, row, "chosen" if slot.by == FIXED else "best")
        full = not board.free(slug)
        board.close(slug)
        if last and full:
            self._ties(slug, number, last, line[at:], over)
        for left in numbers:
            self.places.append(Place(slug, left, "", None, {"code": "vacant", "asked": len(line)}))
        missed = over + board.lines.barred(slug, last if full else None)
        missed.sort(key=lambda pair: pair[0].key)
        self.passed[slug] = tuple(Passed(row.film, row.rank, why) for row, why in missed)

    def _first(self, slug: str, line: list[Ranked], at: int, over: Over) -> tuple[int, Ranked | None]:
        """The first film of the line that can have the next place, and where the line goes on after it."""
        board, owed, sure = self.board, bool(self.board.owed()), self.witness.get(slug, set())
        refused: list[Ranked] = []
        winner: Ranked | None = None
        question: Question | None = None
        rows: list[Ranked] = []
        size = AT_ONCE
        while winner is None and at < len(line):
            rows = []
            counted: Over = []
            end = at
            while end < len(line) and len(rows) < size and winner is None:
                row = line[end]
                why = board.forbids(slug, row.film)
                if why:
                    counted.append((row, why))
                elif owed and row.film not in sure:
                    rows.append(row)
                else:
                    winner = row
                end += 1
            question = self._question(slug, rows) if rows else None
            found = question.answer(self.rules) if question else None
            if found:
                self.witness = found.witness
                end = next(place for place in range(at, end) if line[place].film == found.film) + 1
                winner = line[end - 1]
            past = winner.key if winner else None
            said = [(row, why) for row, why in counted if past is None or row.key < past]
            self.proved["count"] += len(said)
            over += said
            refused += [row for row in rows if past is None or row.key < past]
            at, size = end, size * 8
        if refused:
            self.proved["solver"] += len(refused)
            if question is None or len(refused) > len(rows):  # it was not about all of them
                question = self._question(slug, refused)
            over += self._explained(question, refused)
        return at, winner

    def _question(self, slug: str, rows: list[Ranked]) -> Question:
        return Question(self.kinds, Asked(slug, [row.film for row in rows]))

    def _give(self, slug: str, row: Ranked) -> None:
        self.kinds.give(slug, row.film)
        self.witness.get(slug, set()).discard(row.film)

    def _explained(self, question: Question, rows: list[Ranked]) -> Over:
        """Films that no allowed list has here, each with the rules that would be broken.

        They are looked for for the first film, then said of all others of which they hold as well, and so on.
        """
        said: Over = []
        while rows:
            first, others = rows[0], rows[1:]
            needed = self.needed = in_the_way(question, [first.film], self.needed)
            asked = upper(self.board.problem) + needed
            free: list[Ranked] = []
            while others and (found := question.answer(asked, [row.film for row in others])):
                free += [row for row in others if question.alike(row.film, found.film)]
                others = [row for row in others if not question.alike(row.film, found.film)]
            said += [(row, _needed_later(needed)) for row in (first, *others)]
            rows = sorted(free, key=lambda row: row.key)
        return said

    def _place(self, slug: str, number: int, row: Ranked, code: str) -> None:
        self.places.append(Place(slug, number, row.film, row.rank, {"code": code, "rank": row.rank}))

    def _pinned(self, slug: str) -> list[tuple[int, str]]:
        """Enter the places of the slot that were decided beforehand; gives them with their films."""
        ranks = {row.film: row.rank for row in self.board.lines.line[slug]}
        found: list[tuple[int, str]] = []
        for pin in self.board.problem.pins:
            if pin.slot != slug:
                continue
            found.append((pin.place, pin.film))
            why: dict[str, Any] = {"code": "pinned" if pin.film else "vacated"}
            if broken := self.board.breaks.get(pin):
                why["breaks"] = broken
            self.places.append(Place(slug, pin.place, pin.film, ranks.get(pin.film), why))
        return found

    def _ties(self, slug: str, number: int, last: Ranked, rest: list[Ranked], over: Over) -> None:
        for row in rest:
            if (row.rank, row.settled) != (last.rank, last.settled):
                break
            if not self.board.lines.slot[slug].shared:
                over.append((row, {"code": "tied", "with": last.film}))
                continue
            if why := self._share(slug, row.film):
                over.append((row, why | {"share": last.film}))
                continue
            self._place(slug, number, row, "shared")

    def _share(self, slug: str, film: str) -> dict[str, Any]:
        """Let the film share, or say why no allowed list has it so."""
        why = self.board.forbids(slug, film, share=True)
        if why:
            self.proved["count"] += 1
            return why
        self.kinds.give(slug, film, share=True)
        if not self.board.owed():
            return {}
        question = Question(self.kinds)
        found = question.answer(self.rules)
        if found is None:
            why = _needed_later(in_the_way(question, None, self.needed))
            self.kinds.take_back(slug, film)
            self.proved["solver"] += 1
            return why
        self.witness = found.witness
        return {}


def _needed_later(rules: list[Rule]) -> dict[str, Any]:
    return {"code": "needed_later", "for": [_as_data(kind, name) for kind, name in rules]}
