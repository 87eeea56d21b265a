"""Who may have what, before anything is given: the line of each slot, and what rules count of each film."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import takewhile
from typing import Any

from judging.logic.awarding.problem import FILM, FIXED, Cap, Condition, Entry, Problem, Quota, Ranked, Slot

Group = tuple[str, str]  # a grouping and a group of it
Barred = list[tuple[Ranked, dict[str, Any]]]


class Lines:
    """What does not change while a list is filled. Slots and quotas are bits of numbers, in the problem's order.

    `line`: films by slot in the slot's order, only those who may have it. `open`: by film the slots in whose line it
    is. `counted`: by film the quotas that mean it. `groups`: by film the groups that limits count, but for itself.
    `members`: the films of such a group. `combines`: by slot those that a film may have besides. `caps`, `quotas`: by
    slot the rules that count it. `alike`: slots that no rule tells apart, by number. `can`: by slot the quotas that
    mean some film in its line.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.entry = {entry.film: entry for entry in problem.entries}
        self.slot = {slot.slug: slot for slot in problem.slots}
        self.bit = {slug: 1 << number for number, slug in enumerate(self.slot)}
        self.caps = {slug: [cap for cap in problem.caps if concerns(cap, slug)] for slug in self.slot}
        self.quotas = {
            slug: [(1 << n, quota) for n, quota in enumerate(problem.quotas) if concerns(quota, slug)]
            for slug in self.slot
        }
        self.counted = _counted(problem)
        self._queue()
        self._group()
        self.combines = {slug: self._besides(slug) for slug in self.slot}
        self.alike = self._alike()
        self.can = self._can()

    def together(self, one: str, other: str) -> bool:
        """Whether a film may have both slots."""
        return other in self.slot[one].combines or one in self.slot[other].combines

    def _besides(self, slug: str) -> int:
        others = [other for other in self.slot if other != slug and self.together(slug, other)]
        return self.mask(others) if others else 0

    def mask(self, slugs: Iterable[str]) -> int:
        """Slots as bits of a number; none are all."""
        bits = 0
        for slug in slugs or self.slot:
            bits |= self.bit[slug]
        return bits

    def with_pins(self, problem: Problem) -> "Lines":
        """The same lines for a problem that differs in pinned places alone."""
        copy = object.__new__(Lines)
        copy.__dict__.update(self.__dict__)
        copy.problem = problem
        return copy

    def barred(self, slug: str, last: Ranked | None = None) -> Barred:
        """Films of the slot's order, in its order and before the last, that cannot have it, and why.

        Those of other tracks are left out.
        """
        slot, rows = self.slot[slug], self._order(self.slot[slug])
        line = {row.film for row in self.line[slug]}
        return [
            (row, self._why_barred(slot, row))
            for row in takewhile(lambda row: last is None or row.key < last.key, rows)
            if row.film not in line and self._in_track(slot, row.film)
        ]

    def _queue(self) -> None:
        problem = self.problem
        self.orders = {name: sorted(order, key=lambda row: row.key) for name, order in problem.orders.items()}
        passing = _Passing(problem)
        fit = passing.all_of(problem.eligible) - set(problem.excluded)
        done: dict[str, tuple[list[Ranked], list[str]]] = {}
        self.line: dict[str, list[Ranked]] = {}
        self.open: dict[str, int] = dict.fromkeys(sorted(self.entry), 0)
        self.same_line: dict[str, str] = {}  # by slot the first slot with the same line
        for slot in problem.slots:
            asked = repr((slot.by, slot.order, slot.fixed, slot.tracks, slot.require, slot.least, slot.last))
            if asked not in done:
                conditions = list(slot.require)
                if slot.tracks:
                    conditions.append(Condition("track", "one_of", slot.tracks))
                films = fit & passing.all_of(conditions)
                line = [row for row in self._order(slot) if row.film in films and not _below(slot, row)]
                done[asked] = (line, [])
            line, slugs = done[asked]
            slugs.append(slot.slug)
            self.line[slot.slug] = line
            self.same_line[slot.slug] = slugs[0]
        for line, slugs in done.values():
            bits = self.mask(slugs)
            for row in line:
                self.open[row.film] |= bits

    def _order(self, slot: Slot) -> list[Ranked]:
        if slot.by == FIXED:
            return [Ranked(film, number) for number, film in enumerate(slot.fixed, 1)]
        return self.orders[slot.order]

    def _in_track(self, slot: Slot, film: str) -> bool:
        return not slot.tracks or self.entry[film].attributes.get("track") in slot.tracks

    def _why_barred(self, slot: Slot, row: Ranked) -> dict[str, Any]:
        had = self.entry[row.film].attributes
        if row.film in self.problem.excluded:
            return {"code": "excluded", "reason": self.problem.excluded[row.film]}
        for condition in self.problem.eligible:
            if not condition.holds(had):
                return {"code": "not_eligible", "attribute": condition.attribute}
        for condition in slot.require:
            if not condition.holds(had):
                why = {"code": "condition", "attribute": condition.attribute, condition.test: condition.value}
                return why | {"has": had.get(condition.attribute)}
        return _below(slot, row)

    def _group(self) -> None:
        groupings = sorted({cap.grouping for cap in self.problem.caps} - {FILM})
        found: dict[Group, list[str]] = defaultdict(list)
        self.groups: dict[str, tuple[Group, ...]] = {}
        for film in self.open:
            had = self.entry[film].groups
            names = tuple((name, group) for name in groupings for group in dict.fromkeys(had.get(name, ())))
            self.groups[film] = names
            for name in names:
                found[name].append(film)
        self.members = dict(found)

    def _alike(self) -> dict[str, int]:
        numbers: dict[Any, int] = {}
        found = {}
        for slug, slot in self.slot.items():
            what: Any = slug
            if not self.combines[slug]:
                caps = tuple(cap.name for cap in self.caps[slug])
                what = (self.same_line[slug], caps, tuple(bit for bit, _q in self.quotas[slug]), slot.vacant)
            found[slug] = numbers.setdefault(what, len(numbers))
        return found

    def _can(self) -> dict[str, int]:
        """By slot the quotas that mean some film in its line."""
        found: dict[str, int] = {}
        for slug, first in self.same_line.items():
            bits = 0
            for row in self.line[slug] if slug == first else ():
                bits |= self.counted[row.film]
            found[slug] = found[first] if slug != first else bits
        return found


def concerns(rule: Cap | Quota, slug: str) -> bool:
    """Whether the rule counts awards of this slot."""
    return not rule.slots or slug in rule.slots


def _counted(problem: Problem) -> dict[str, int]:
    asked: dict[str, dict[tuple[type, Any], int]] = defaultdict(dict)
    for number, quota in enumerate(problem.quotas):
        values = asked[quota.attribute]
        for value in quota.values:
            key = (type(value), value)
            values[key] = values.get(key, 0) | 1 << number
    found = {}
    for entry in problem.entries:
        bits = 0
        for attribute, values in asked.items():
            had = entry.attributes.get(attribute)
            bits |= values.get((type(had), had), 0)
        found[entry.film] = bits
    return found


def _below(slot: Slot, row: Ranked) -> dict[str, Any]:
    if slot.least is not None and (row.score is None or row.score < slot.least):
        return {"code": "below_score", "least": slot.least, "has": row.score}
    if slot.last is not None and row.rank > slot.last:
        return {"code": "below_rank", "last": slot.last, "has": row.rank}
    return {}


class _Passing:
    """Films by the conditions that they fulfil; only those that have the attribute are looked at."""

    def __init__(self, problem: Problem) -> None:
        self.all = {entry.film for entry in problem.entries}
        self.having: dict[str, list[Entry]] = defaultdict(list)
        for entry in problem.entries:
            for attribute in entry.attributes:
                self.having[attribute].append(entry)

    def all_of(self, conditions: Iterable[Condition]) -> set[str]:
        films = self.all
        for one in conditions:
            having = self.having.get(one.attribute, ())
            films = films & {entry.film for entry in having if one.holds(entry.attributes)}
        return films


def all_combine(problem: Problem) -> Problem:
    """The problem without the rule that one film has one award."""
    slugs = tuple(slot.slug for slot in problem.slots)
    return replace(problem, slots=tuple(replace(slot, combines=slugs) for slot in problem.slots))
