"""The rules as a CP-SAT model: films in blocks, blocks in halls and times. One builder for every step.

A `Frame` says what is free: a film with one home stays there, a fixed screening stays. In a gated model each rule that
could be relaxed hangs on an assumption literal of its own, for the search of what clashes.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from ortools.sat.python import cp_model

from festival.premiere.timetable.problem import PREMIERE, Film, Problem, Screening

Rule = tuple[str, str]  # kind, code
Literal = Any  # a Boolean of the model, or its negation: ortools has no types
Number = Any  # a linear expression


@dataclass(frozen=True)
class Frame:
    count: int  # of blocks
    homes: dict[str, tuple[int, ...]]  # film → blocks that it may be in
    fixed: dict[tuple[int, str], Screening] = field(default_factory=dict)  # block, showing
    all_used: bool = False
    alike: bool = False  # blocks may change their numbers: those in use come first
    filled: bool = False  # films that are not in the model may lengthen every block


class BlockModel:
    """Films in blocks. `cp` is the model."""

    def __init__(self, problem: Problem, frame: Frame, *, gated: bool = False) -> None:
        self.problem, self.frame, self.gated = problem, frame, gated
        self.cp = cp_model.CpModel()
        self.true = self.cp.new_constant(1)
        self.gates: dict[Rule, Literal] = {}
        self.homes: dict[tuple[str, int], Literal] = {}
        self.members: list[list[Film]] = [[] for _ in range(frame.count)]
        self.used: list[Literal] = []
        self._blocks()
        self._same()
        self._pinned_films()

    def gate(self, kind: str, code: str = "") -> tuple[Literal, ...]:
        """The literal on which a rule hangs; nothing in a model without gates."""
        if not self.gated:
            return ()
        if (kind, code) not in self.gates:
            self.gates[kind, code] = self.cp.new_bool_var(f"{kind} {code}")
        return (self.gates[kind, code],)

    def add(self, constraint: Any, *when: Literal) -> None:
        """A constraint, enforced when all of these hold."""
        added = self.cp.add(constraint)
        if conditions := [one for one in when if one is not self.true]:
            added.only_enforce_if(conditions)

    def either(self, literals: list[Literal]) -> Literal:
        """A literal that is true exactly if one of these is."""
        if any(one is self.true for one in literals):
            return self.true
        if len(literals) == 1:
            return literals[0]
        found = self.cp.new_bool_var("")
        self.cp.add_bool_or(literals).only_enforce_if(found)
        for one in literals:
            self.cp.add_implication(one, found)
        return found

    def holding(self, block: int, chosen: Any) -> Literal | None:
        """A literal: this block has one of the films for which `chosen(film)` holds. None if it never can."""
        found = [self.homes[film.code, block] for film in self.members[block] if chosen(film)]
        return self.either(found) if found else None

    def seconds(self, block: int, showing: str) -> Number:
        """Length of a block as an expression, or a number when all of it is fixed."""
        rules = self.problem.rules
        base = rules.intro + (rules.qa if showing == PREMIERE else rules.repeat_qa)
        total: Number = base if self.used[block] is self.true else base * self.used[block]
        for film in self.members[block]:
            home = self.homes[film.code, block]
            total = total + self.problem.length(film, showing) * (1 if home is self.true else home)
        return total + self.filling[block] if self.frame.filled else total

    def _blocks(self) -> None:
        rules, cp = self.problem.rules, self.cp
        for film in self.problem.films:
            blocks = self.frame.homes[film.code]
            for block in blocks:
                home = self.true if len(blocks) == 1 else cp.new_bool_var(f"{film.code} in {block}")
                self.homes[film.code, block] = home
                self.members[block].append(film)
            if len(blocks) > 1:
                cp.add_exactly_one(self.homes[film.code, block] for block in blocks)
        self.filling = [cp.new_int_var(0, 60 * rules.least, "") for _ in range(self.frame.count)]
        for block in range(self.frame.count):
            inside = [self.homes[film.code, block] for film in self.members[block]]
            used = self.true if self.frame.all_used or not inside else self.either(inside)
            self.used.append(used)
            count = sum(1 if one is self.true else one for one in inside)
            seconds = self.seconds(block, PREMIERE)
            if not self.frame.filled:
                self.add(count >= rules.least_films, used, *self.gate("least_films"))
            self.add(count <= rules.most_films, *self.gate("most_films"))
            self.add(seconds >= rules.least * 60, used, *self.gate("least"))
            self.add(seconds <= rules.most * 60, *self.gate("most"))
            if block and self.frame.alike:
                cp.add_implication(used, self.used[block - 1])

    def kinds(self, block: int, name: str) -> dict[str, Literal]:
        """For each value of an attribute: a literal that some film of the block has it."""
        values = sorted({value for film in self.members[block] for value in film.values(name)})
        return {
            value: self.holding(block, lambda film, value=value: value in film.values(name))
            for value in values
        }

    def shared(self, block: int) -> list[Literal]:
        """For each language: a literal that may be true only if all films of the block have it or are silent."""
        found = []
        for language in sorted({one for film in self.members[block] for one in film.languages}):
            spoken = self.cp.new_bool_var("")
            for film in self.members[block]:
                if film.languages and language not in film.languages:
                    self.cp.add_bool_or(~self.homes[film.code, block], ~spoken)
            found.append(spoken)
        return found

    def _same(self) -> None:
        for name in sorted(self.problem.rules.same):
            for block in range(self.frame.count):
                if name == "language":
                    talking = self.holding(block, lambda film: bool(film.languages))
                    if talking is not None:
                        self.cp.add_bool_or(self.shared(block)).only_enforce_if(
                            talking, *self.gate("same", name)
                        )
                elif kinds := self.kinds(block, name):
                    self.add(sum(kinds.values()) <= 1, *self.gate("same", name))

    def _pinned_films(self) -> None:
        firsts: dict[str, list[tuple[str, tuple[Literal, ...]]]] = defaultdict(list)
        for pin in self.problem.pins:
            gate = self.gate("pin", pin.code)
            first = pin.films[0]
            for block in range(self.frame.count):
                home = self.homes.get((first, block), 0)
                for other in pin.films[1:]:
                    self.add(self.homes.get((other, block), 0) == home, *gate)
                if pin.whole and (first, block) in self.homes:
                    for film in self.members[block]:
                        if film.code not in pin.films:
                            self.cp.add_bool_or(~self.homes[film.code, block], ~home).only_enforce_if(*gate)
            if pin.place:
                firsts[pin.place].append((first, gate))
        for rows in firsts.values():  # two films cannot both open a block
            for (one, gate), (other, also) in combinations(rows, 2):
                if one != other:
                    for block in self.frame.homes[one]:
                        if (other, block) in self.homes:
                            self.cp.add_bool_or(
                                ~self.homes[one, block], ~self.homes[other, block]
                            ).only_enforce_if(*gate, *also)
        for one, gate in firsts["first"]:  # who opens and closes is alone
            for other, also in firsts["last"]:
                for block in self.frame.homes[one] if one == other else ():
                    for film in self.members[block]:
                        if film.code != one:
                            self.cp.add_bool_or(
                                ~self.homes[one, block], ~self.homes[film.code, block]
                            ).only_enforce_if(*gate, *also)
