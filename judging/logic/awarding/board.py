"""The state of a list that is being filled: what is given, and which counts forbid a film."""

from collections import Counter
from typing import Any

from judging.logic.awarding.lines import Group, Lines, concerns
from judging.logic.awarding.problem import FILM, Cap, Pin, Problem

Rule = tuple[str, str]  # what kind of rule, and its name
FILL, CAP, LEAST, MOST, ONE = "fill", "cap", "least", "most", "one_award"


def rules(problem: Problem) -> list[Rule]:
    """Every rule that can clash with others."""
    found = [(FILL, slot.slug) for slot in problem.slots if not slot.vacant]
    found += [(CAP, cap.name) for cap in problem.caps]
    found += [(LEAST, quota.name) for quota in problem.quotas if quota.least]
    found += [(MOST, quota.name) for quota in problem.quotas if quota.most is not None]
    return [*found, (ONE, "")]


def upper(problem: Problem) -> list[Rule]:
    """Those rules that ask for no award to be given."""
    return [rule for rule in rules(problem) if rule[0] not in (FILL, LEAST)]


class Board:
    """What is given so far; the places that were decided beforehand are from the start.

    `given`: films by slot; `shared`: those who share; `holds`: slots by film. `in_group`, `in_quota`: awards counted by
    each limit and quota; `by_place`: in_quota without those who share. `breaks`: by place decided beforehand the rule
    that it breaks.
    """

    def __init__(self, problem: Problem, lines: Lines | None = None) -> None:
        self.problem = problem
        self.lines = lines.with_pins(problem) if lines else Lines(problem)
        self.given: dict[str, list[str]] = {slug: [] for slug in self.lines.slot}
        self.shared: dict[str, list[str]] = {slug: [] for slug in self.lines.slot}
        self.holds: dict[str, list[str]] = {}
        self.in_group: Counter[tuple[str, str]] = Counter()
        self.in_quota: Counter[str] = Counter()
        self.by_place: Counter[str] = Counter()
        self.closed: set[str] = set()
        self.vacated = Counter(pin.slot for pin in problem.pins if not pin.film)
        self.breaks: dict[Pin, dict[str, Any]] = {}
        self._blocked: dict[tuple[str, bool], list[tuple[int, dict[str, Any], bool]]] = {}
        first: set[tuple[str, int]] = set()
        for pin in problem.pins:
            if pin.film:
                self._pin(pin, share=(pin.slot, pin.place) in first)
                first.add((pin.slot, pin.place))

    def _pin(self, pin: Pin, *, share: bool) -> None:
        barred = {row.film: why for row, why in self.lines.barred(pin.slot)}
        why = barred.get(pin.film) or self.forbids(pin.slot, pin.film, share=share)
        if why:
            self.breaks[pin] = why
        self.give(pin.slot, pin.film, share=share)

    def give(self, slug: str, film: str, *, share: bool = False) -> list[Group]:
        """Enter an award. Gives the groups that have all a limit allows since."""
        (self.shared if share else self.given)[slug].append(film)
        self.holds.setdefault(film, []).append(slug)
        full = []
        for cap in self.lines.caps[slug]:
            for group in self.groups(cap, film):
                self.in_group[cap.name, group] += 1
                if self.in_group[cap.name, group] == cap.most:
                    full.append((cap.grouping, group))
        self._count(slug, film, 1, share)
        return full

    def take_back(self, slug: str, film: str) -> None:
        """Undo the last award, one of a film that shares."""
        self.shared[slug].remove(film)
        self.holds[film].remove(slug)
        for cap in self.lines.caps[slug]:
            for group in self.groups(cap, film):
                self.in_group[cap.name, group] -= 1
        self._count(slug, film, -1, True)

    def _count(self, slug: str, film: str, by: int, share: bool) -> None:
        for bit, quota in self.lines.quotas[slug]:
            if self.lines.counted[film] & bit:
                self.in_quota[quota.name] += by
                self.by_place[quota.name] += 0 if share else by
        self._blocked.clear()

    def close(self, slug: str) -> None:
        """Leave what is not given of a slot vacant."""
        self.closed.add(slug)
        self._blocked.clear()

    def groups(self, cap: Cap, film: str) -> tuple[str, ...]:
        """The groups of the film that the cap counts."""
        if cap.grouping == FILM:
            return (film,)
        return tuple(group for grouping, group in self.lines.groups[film] if grouping == cap.grouping)

    def free(self, slug: str) -> int:
        """Places that can still be given."""
        if slug in self.closed:
            return 0
        return max(0, self.lines.slot[slug].places - len(self.given[slug]) - self.vacated[slug])

    def owed(self) -> list[Rule]:
        """The rules that still ask for awards to come: if none does, leaving all the rest vacant is allowed."""
        found = [
            (FILL, slug) for slug, slot in self.lines.slot.items() if not slot.vacant and self.free(slug)
        ]
        return found + [(LEAST, q.name) for q in self.problem.quotas if q.least > self.by_place[q.name]]

    def forbids(self, slug: str, film: str, *, share: bool = False) -> dict[str, Any]:
        """Why a count alone refuses this film here; empty when none does."""
        for held in self.holds.get(film, ()):
            if not self.lines.together(slug, held):
                return {"code": "holds", "slot": held}
        for cap in self.lines.caps[slug]:
            for group in self.groups(cap, film):
                if self.in_group[cap.name, group] >= cap.most:
                    why = {"code": "cap", "rule": cap.name, "grouping": cap.grouping, "group": group}
                    return why | {"most": cap.most, "held": self._held(cap, group)}
        counted = self.lines.counted[film]
        for bit, why, meant in self._blocks(slug, share):
            if bool(counted & bit) == meant:
                return dict(why)
        return {}

    def _blocks(self, slug: str, share: bool) -> list[tuple[int, dict[str, Any], bool]]:
        """Quotas that refuse films here now: all that they mean, or all that they do not mean."""
        if (slug, share) not in self._blocked:
            found: list[tuple[int, dict[str, Any], bool]] = []
            for bit, quota in self.lines.quotas[slug]:
                if quota.most is not None and self.in_quota[quota.name] >= quota.most:
                    found.append((bit, {"code": "quota_full", "rule": quota.name, "most": quota.most}, True))
                missing = quota.least - self.by_place[quota.name]
                if share or missing <= 0:
                    continue
                places = sum(
                    self.free(other)
                    for other in self.lines.slot
                    if concerns(quota, other) and self.lines.can[other] & bit
                )
                places -= bool(self.lines.can[slug] & bit)  # the place asked for is one of them
                if places < missing:
                    why = {"code": "kept_for", "rule": quota.name, "least": quota.least, "missing": missing}
                    found.append((bit, why, False))
            self._blocked[slug, share] = found
        return self._blocked[slug, share]

    def _held(self, cap: Cap, group: str) -> list[list[str]]:
        return sorted(
            [slug, film]
            for film, slugs in self.holds.items()
            if group in self.groups(cap, film)
            for slug in slugs
            if concerns(cap, slug)
        )
