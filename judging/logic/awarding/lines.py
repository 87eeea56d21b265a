"""Who may have what, before anything is given: the line of each slot, and what rules count of each film."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from judging.logic.awarding.problem import FILM, FIXED, Cap, Entry, Problem, Quota, Ranked, Slot

Group = tuple[str, str]  # a grouping and a group of it
Barred = list[tuple[Ranked, dict[str, Any]]]


class Lines:
    """What does not change while a list is filled. Slots and quotas are bits of numbers, in the problem's order.

    `line`: films by slot in the slot's order, only those who may have it; `barred`: the others, and why. `open`: by
    film the slots in whose line it is. `counted`: by film the quotas that mean it. `groups`: by film the groups that
    limits count, but for itself. `members`: the films of such a group. `combines`: by slot those that a film may have
    besides. `caps`, `quotas`: by slot the rules that count it. `alike`: slots that no rule tells apart, by number.
    `can`: by slot the quotas that mean some film in its line.
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
        self.combines = {
            slug: sum(self.bit[other] for other in self.slot if other != slug and self.together(slug, other))
            for slug in self.slot
        }
        self.alike = self._alike()
        self.can = self._can()

    def together(self, one: str, other: str) -> bool:
        """Whether a film may have both slots."""
        return other in self.slot[one].combines or one in self.slot[other].combines

    def mask(self, slugs: Iterable[str]) -> int:
        """Slots as bits of a number; none are all."""
        return sum(self.bit[slug] for slug in (slugs or self.slot))

    def with_pins(self, problem: Problem) -> "Lines":
        """The same lines for a problem that differs in pinned places alone."""
        copy = object.__new__(Lines)
        copy.__dict__.update(self.__dict__)
        copy.problem = problem
        return copy

    def _queue(self) -> None:
        problem = self.problem
        flags = {entry.film: why for entry in problem.entries if (why := _flag(problem, entry))}
        ordered = {
            name: sorted(order, key=lambda row: (row.rank, row.settled, row.film))
            for name, order in problem.orders.items()
        }
        done: dict[str, tuple[list[Ranked], Barred, list[str]]] = {}
        self.line: dict[str, list[Ranked]] = {}
        self.barred: dict[str, Barred] = {}
        self.open: dict[str, int] = dict.fromkeys(sorted(self.entry), 0)
        self.same_line: dict[str, str] = {}  # by slot the first slot with the same line
        for slot in problem.slots:
            asked = repr((slot.by, slot.order, slot.fixed, slot.tracks, slot.require, slot.least, slot.last))
            if asked not in done:
                rows = [Ranked(film, number) for number, film in enumerate(slot.fixed, 1)]
                rows = rows if slot.by == FIXED else ordered[slot.order]
                done[asked] = (*self._line(slot, rows, flags), [])
            line, barred, slugs = done[asked]
            slugs.append(slot.slug)
            self.line[slot.slug], self.barred[slot.slug] = line, barred
            self.same_line[slot.slug] = slugs[0]
        for line, _barred, slugs in done.values():
            bits = self.mask(slugs)
            for row in line:
                self.open[row.film] |= bits

    def _line(
        self, slot: Slot, rows: list[Ranked], flags: Mapping[str, dict[str, Any]]
    ) -> tuple[list[Ranked], Barred]:
        line: list[Ranked] = []
        barred: Barred = []
        tested = bool(slot.tracks or slot.require or slot.least is not None or slot.last is not None)
        for row in rows:
            if slot.tracks and self.entry[row.film].attributes.get("track") not in slot.tracks:
                continue
            why = flags.get(row.film)
            if why is None and tested:
                why = _why_barred(slot, row, self.entry[row.film])
            if why:
                barred.append((row, why))
            else:
                line.append(row)
        return line, barred

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
        key = (type(quota.value), quota.value)
        values[key] = values.get(key, 0) | 1 << number
    found = {}
    for entry in problem.entries:
        bits = 0
        for attribute, values in asked.items():
            had = entry.attributes.get(attribute)
            bits |= values.get((type(had), had), 0)
        found[entry.film] = bits
    return found


def _flag(problem: Problem, entry: Entry) -> dict[str, Any]:
    if entry.film in problem.excluded:
        return {"code": "excluded", "reason": problem.excluded[entry.film]}
    for condition in problem.eligible:
        if not condition.holds(entry.attributes):
            return {"code": "not_eligible", "attribute": condition.attribute}
    return {}


def _why_barred(slot: Slot, row: Ranked, entry: Entry) -> dict[str, Any]:
    for condition in slot.require:
        if not condition.holds(entry.attributes):
            why = {"code": "condition", "attribute": condition.attribute, condition.test: condition.value}
            return why | {"has": entry.attributes.get(condition.attribute)}
    if slot.least is not None and (row.score is None or row.score < slot.least):
        return {"code": "below_score", "least": slot.least, "has": row.score}
    if slot.last is not None and row.rank > slot.last:
        return {"code": "below_rank", "last": slot.last, "has": row.rank}
    return {}


def all_combine(problem: Problem) -> Problem:
    """The problem without the rule that one film has one award."""
    slugs = tuple(slot.slug for slot in problem.slots)
    return replace(problem, slots=tuple(replace(slot, combines=slugs) for slot in problem.slots))
