"""The state of a list that is being filled: who may have what, what is given, and which counts forbid a film."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from judging.logic.awarding.problem import FILM, FIXED, Cap, Entry, Pin, Problem, Quota, Ranked, Slot

Rule = tuple[str, str]  # what kind of rule, and its name
FILL, CAP, LEAST, MOST, ONE = "fill", "cap", "least", "most", "one_award"


def rules(problem: Problem) -> list[Rule]:
    """Every rule that can clash with others."""
    found = [(FILL, slot.slug) for slot in problem.slots if not slot.vacant]
    found += [(CAP, cap.name) for cap in problem.caps]
    found += [(LEAST, quota.name) for quota in problem.quotas if quota.least]
    found += [(MOST, quota.name) for quota in problem.quotas if quota.most is not None]
    return [*found, (ONE, "")]


@dataclass(slots=True)
class Board:
    """`line`: films by slot in the slot's order, only those who may have it. `barred`: the others, and why.

    `at`: the place in the line from which films are still open. `given`: films by slot; `shared`: those who share.
    """

    problem: Problem
    entry: dict[str, Entry] = field(init=False)
    slot: dict[str, Slot] = field(init=False)
    line: dict[str, list[Ranked]] = field(init=False)
    barred: dict[str, list[tuple[Ranked, dict[str, Any]]]] = field(init=False)
    can: set[tuple[str, str]] = field(init=False)  # quota and slot that has a film of it in its line
    at: dict[str, int] = field(init=False)
    given: dict[str, list[str]] = field(init=False)
    shared: dict[str, list[str]] = field(init=False)
    holds: dict[str, list[str]] = field(default_factory=dict)
    in_group: Counter[tuple[str, str]] = field(default_factory=Counter)
    in_quota: Counter[str] = field(default_factory=Counter)
    by_place: Counter[str] = field(default_factory=Counter)  # in_quota without those who share
    closed: set[str] = field(default_factory=set)
    vacated: Counter[str] = field(default_factory=Counter)  # places left vacant by a pin
    breaks: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)  # the rule that a pin breaks

    def __post_init__(self) -> None:
        problem = self.problem
        self.entry = {entry.film: entry for entry in problem.entries}
        self.slot = {slot.slug: slot for slot in problem.slots}
        self.line, self.barred = {}, {}
        whole = {entry.film: self._flag(entry) for entry in problem.entries}
        sorted_orders = {
            name: sorted(order, key=lambda row: (row.rank, row.settled, row.film))
            for name, order in problem.orders.items()
        }
        for slot in problem.slots:
            rows = [Ranked(film, number) for number, film in enumerate(slot.fixed, 1)]
            line: list[Ranked] = []
            barred: list[tuple[Ranked, dict[str, Any]]] = []
            for row in rows if slot.by == FIXED else sorted_orders[slot.order]:
                entry = self.entry[row.film]
                if slot.tracks and entry.attributes.get("track") not in slot.tracks:
                    continue
                why = whole[row.film] or self._why_barred(slot, row, entry)
                if why:
                    barred.append((row, why))
                else:
                    line.append(row)
            self.line[slot.slug], self.barred[slot.slug] = line, barred
        self.can = {
            (quota.name, slug)
            for quota in problem.quotas
            for slug, line in self.line.items()
            if any(quota.counts(self.entry[row.film]) for row in line)
        }
        self.at = dict.fromkeys(self.slot, 0)
        self.given = {slug: [] for slug in self.slot}
        self.shared = {slug: [] for slug in self.slot}
        for pin in problem.pins:
            if not pin.film:
                self.vacated[pin.slot] += 1
        first: set[tuple[str, int]] = set()
        for pin in problem.pins:
            if pin.film:
                self._pin(pin, share=(pin.slot, pin.place) in first)
                first.add((pin.slot, pin.place))

    def _pin(self, pin: Pin, *, share: bool) -> None:
        barred = {row.film: why for row, why in self.barred[pin.slot]}
        why = barred.get(pin.film) or self.forbids(pin.slot, pin.film, share=share)
        if why:
            self.breaks[pin.slot, pin.film] = why
        self.give(pin.slot, pin.film, share=share)

    def _flag(self, entry: Entry) -> dict[str, Any]:
        if entry.film in self.problem.excluded:
            return {"code": "excluded", "reason": self.problem.excluded[entry.film]}
        for condition in self.problem.eligible:
            if not condition.holds(entry.attributes):
                return {"code": "not_eligible", "attribute": condition.attribute}
        return {}

    def _why_barred(self, slot: Slot, row: Ranked, entry: Entry) -> dict[str, Any]:
        for condition in slot.require:
            if not condition.holds(entry.attributes):
                why = {"code": "condition", "attribute": condition.attribute, condition.test: condition.value}
                return why | {"has": entry.attributes.get(condition.attribute)}
        if slot.least is not None and (row.score is None or row.score < slot.least):
            return {"code": "below_score", "least": slot.least, "has": row.score}
        if slot.last is not None and row.rank > slot.last:
            return {"code": "below_rank", "last": slot.last, "has": row.rank}
        return {}

    def groups(self, cap: Cap, film: str) -> tuple[str, ...]:
        """The groups of the film that the cap counts."""
        return (film,) if cap.grouping == FILM else self.entry[film].groups.get(cap.grouping, ())

    def give(self, slug: str, film: str, *, share: bool = False) -> None:
        """Enter an award."""
        (self.shared if share else self.given)[slug].append(film)
        self.holds.setdefault(film, []).append(slug)
        for cap in self.problem.caps:
            if concerns(cap, slug):
                self.in_group.update((cap.name, group) for group in self.groups(cap, film))
        for quota in self.problem.quotas:
            if concerns(quota, slug) and quota.counts(self.entry[film]):
                self.in_quota[quota.name] += 1
                self.by_place[quota.name] += not share

    def together(self, one: str, other: str) -> bool:
        """Whether a film may have both slots."""
        return other in self.slot[one].combines or one in self.slot[other].combines

    def free(self, slug: str) -> int:
        """Places that can still be given."""
        if slug in self.closed:
            return 0
        return self.slot[slug].places - len(self.given[slug]) - self.vacated[slug]

    def owed(self) -> bool:
        """Whether some rule still asks for awards to come: if none does, leaving all the rest vacant is allowed."""
        filling = any(self.free(slug) and not slot.vacant for slug, slot in self.slot.items())
        return filling or any(quota.least > self.by_place[quota.name] for quota in self.problem.quotas)

    def forbids(self, slug: str, film: str, *, share: bool = False) -> dict[str, Any]:
        """Why a count alone refuses this film here; empty when none does."""
        for held in self.holds.get(film, ()):
            if not self.together(slug, held):
                return {"code": "holds", "slot": held}
        for cap in self.problem.caps:
            for group in self.groups(cap, film) if concerns(cap, slug) else ():
                if self.in_group[cap.name, group] >= cap.most:
                    why = {"code": "cap", "rule": cap.name, "grouping": cap.grouping, "group": group}
                    return why | {"most": cap.most, "held": self._held(cap, group)}
        entry = self.entry[film]
        for quota in self.problem.quotas:
            counted = concerns(quota, slug) and quota.counts(entry)
            if counted and quota.most is not None and self.in_quota[quota.name] >= quota.most:
                return {"code": "quota_full", "rule": quota.name, "most": quota.most}
            if not share and concerns(quota, slug) and not counted:
                missing = quota.least - self.by_place[quota.name]
                places = sum(
                    self.free(other)
                    for other in self.slot
                    if concerns(quota, other) and (quota.name, other) in self.can
                )
                places += (quota.name, slug) not in self.can  # the place asked for is none of them
                if missing > 0 and places - 1 < missing:
                    return {"code": "kept_for", "rule": quota.name, "least": quota.least, "missing": missing}
        return {}

    def _held(self, cap: Cap, group: str) -> list[list[str]]:
        return sorted(
            [slug, film]
            for film, slugs in self.holds.items()
            if group in self.groups(cap, film)
            for slug in slugs
            if concerns(cap, slug)
        )


def concerns(rule: Cap | Quota, slug: str) -> bool:
    """Whether the rule counts awards of this slot."""
    return not rule.slots or slug in rule.slots
