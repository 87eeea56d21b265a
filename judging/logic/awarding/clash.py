"""Which rules clash, and which of them a film would break: sets of which none can be spared."""

from collections.abc import Callable, Collection, Sequence

from ortools.sat.python import cp_model

from judging.logic.awarding.board import ONE, Board, Rule, rules, upper
from judging.logic.awarding.completion import Question
from judging.logic.awarding.kinds import Kinds
from judging.logic.awarding.lines import all_combine


def in_the_way(question: Question, films: Sequence[str] | None, before: list[Rule]) -> list[Rule]:
    """Of the rules that ask for awards to come, those that cannot be kept with what is asked; none can be spared.

    `before`: those found for another film. They are looked at first, for often they are the same.
    """
    owed = question.kinds.board.owed()
    known = upper(question.kinds.board.problem)
    likely = [rule for rule in owed if rule in before]
    rows = likely + [rule for rule in owed if rule not in before]

    def kept(some: Collection[Rule]) -> bool:
        return question.answer([*known, *some], films) is not None

    if likely and not kept(likely):
        rows = likely
    found = irreducible(rows, kept)
    return [rule for rule in owed if rule in found]


def irreducible(rows: Sequence[Rule], kept: Callable[[Collection[Rule]], bool]) -> list[Rule]:
    """Of rules that cannot be kept together, some that cannot either, and none of which can be spared.

    Which ones depends on the order of the rules alone: found first is the last of the shortest row from the head that
    cannot be kept; and so on, with what is found, among those before it.
    """
    needed: list[Rule] = []
    left = list(rows)
    while left and (not needed or kept(needed)):
        step, high = 1, len(left)  # the rules up to high cannot be kept, those up to low can
        while (low := max(0, high - step)) and not kept([*needed, *left[:low]]):
            step, high = step * 2, low
        while high - low > 1:
            middle = (low + high) // 2
            if kept([*needed, *left[:middle]]):
                low = middle
            else:
                high = middle
        needed.append(left[high - 1])
        left = left[: high - 1]
    return needed


class Keeping:
    """Whether rules can be kept together, whatever becomes of all others."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.asked: dict[bool, Question] = {}

    def __call__(self, some: Collection[Rule]) -> bool:
        return self._question((ONE, "") in some).answer(some) is not None

    def grown(self, some: Collection[Rule]) -> set[Rule]:
        """Rules that can be kept together with these, as many as can be, and these."""
        found = self._question(True).answer({*some, (ONE, "")}, most=True)
        found = found or self._question(False).answer(some, most=True)
        if found is None:
            raise AssertionError("They cannot be kept themselves.")
        return set(found.kept)

    def _question(self, one: bool) -> Question:
        """With the rule that one film has one award, or without."""
        if one not in self.asked:
            board = self.board if one else Board(all_combine(self.board.problem))
            self.asked[one] = Question(Kinds(board, strict=False))
        return self.asked[one]


def smallest_clash(board: Board) -> list[Rule]:
    """The smallest set of rules that no completion keeps, verified again; there must be none that keeps them all.

    Source: A. Ignatiev and others, Smallest MUS extraction with minimal hitting set dualization (2015).
    """
    every = rules(board.problem)
    kept = Keeping(board)
    freeing: list[set[Rule]] = []  # sets of rules: a clash has at least one of each
    while kept(found := _hitting(every, freeing)):
        freeing.append(set(every) - kept.grown(found))
    if any(not kept([one for one in found if one != left]) for left in found):
        raise AssertionError("The clash is not the smallest.")
    return found


def _hitting(every: list[Rule], sets: list[set[Rule]]) -> list[Rule]:
    """As few rules as have one of each set; of several such choices one of rules that stand before."""
    model = cp_model.CpModel()
    taken = {rule: model.new_bool_var("") for rule in every}
    for one in sets:
        model.add_bool_or([taken[rule] for rule in every if rule in one])
    costs = [len(every) ** 2 + place for place in range(len(every))]
    model.minimize(cp_model.LinearExpr.weighted_sum(list(taken.values()), costs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.catch_sigint_signal = False  # as in completion
    solver.solve(model)
    return [rule for rule in every if solver.boolean_value(taken[rule])]
