"""What award slots, rules and films are; values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

STANDING, BALLOT, AUDIENCE, FIXED = "standing", "ballot", "audience", "fixed"
SOURCES = (STANDING, BALLOT, AUDIENCE)
FILM = "film"  # the grouping in which every film is a group of its own


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of one attribute. A film that does not have the attribute fails it."""

    attribute: str
    test: str  # is, one_of, at_least, at_most
    value: Any

    def holds(self, attributes: Mapping[str, Any]) -> bool:
        """Whether a film with these attributes passes."""
        if self.attribute not in attributes:
            return False
        had = attributes[self.attribute]
        if self.test == "is":
            return type(had) is type(self.value) and bool(had == self.value)
        if self.test == "one_of":
            return any(type(had) is type(one) and had == one for one in self.value)
        if isinstance(had, bool) or not isinstance(had, int | float):
            return False
        return bool(had >= self.value if self.test == "at_least" else had <= self.value)


@dataclass(frozen=True, slots=True)
class Entry:
    """A film with plain attributes, and the groups (entrant, team …) it belongs to by grouping."""

    film: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A film's line in an order. `settled`: its place by the tie rule among those of its rank."""

    film: str
    rank: int
    settled: int = 0
    score: float | None = None

    @property
    def key(self) -> tuple[int, int, str]:
        """Orders are sorted by it."""
        return self.rank, self.settled, self.film


@dataclass(frozen=True, slots=True)
class Slot:
    """A prize with its places. `by` is a source of SOURCES or FIXED, `order` the name of the order it goes by.

    `fixed`: the films of the organiser's choice. `tracks` empty: every track. `least` and `last`: the lowest score and
    the last rank with which a film may have it. `combines`: slots that the same film may have besides.
    """

    slug: str
    places: int
    tier: str = ""
    by: str = STANDING
    order: str = ""
    fixed: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    require: tuple[Condition, ...] = ()
    vacant: bool = False
    least: float | None = None
    last: int | None = None
    shared: bool = False
    combines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `most` awards of `slots` (empty: all) for each group of a grouping."""

    name: str
    grouping: str
    most: int
    slots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quota:
    """At least `least` and at most `most` awards of `slots` (empty: all) for films whose attribute has this value.

    A tuple of values means films that have one of them: the countries of a region.
    """

    name: str
    attribute: str
    value: Any
    least: int = 0
    most: int | None = None
    slots: tuple[str, ...] = ()

    def counts(self, entry: Entry) -> bool:
        """Whether the film is one of those meant."""
        return any(Condition(self.attribute, "is", value).holds(entry.attributes) for value in self.values)

    @property
    def values(self) -> tuple[Any, ...]:
        """The values that are meant."""
        return self.value if isinstance(self.value, tuple) else (self.value,)


@dataclass(frozen=True, slots=True)
class Pin:
    """A place decided beforehand, by somebody who may: this film has it, or (empty) it stays vacant.

    It stands above the rules; those that it breaks are said. What it gives counts for the rules of all others.
    """

    slot: str
    place: int
    film: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Slots in order of precedence, films, orders by name, rules. `eligible`: what every laureate must fulfil.

    `excluded`: films that were taken out, with a word that says why; they can have nothing.
    """

    slots: tuple[Slot, ...]
    entries: tuple[Entry, ...]
    orders: Mapping[str, tuple[Ranked, ...]]
    caps: tuple[Cap, ...] = ()
    quotas: tuple[Quota, ...] = ()
    eligible: tuple[Condition, ...] = ()
    pins: tuple[Pin, ...] = ()
    excluded: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passed:
    """A film that stands before a laureate of the slot and was passed over, and why (code with values)."""

    film: str
    rank: int
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a slot; `film` empty: vacant. A film that shares has the number of the place that it shares."""

    slot: str
    place: int
    film: str
    rank: int | None
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Awards:
    """The list. `clash`: the smallest set of rules that no list fulfils together; there are no places then.

    `proved`: how many refusals followed from a count, and how many from the solver.
    """

    places: tuple[Place, ...] = ()
    passed: Mapping[str, tuple[Passed, ...]] = field(default_factory=dict)
    clash: tuple[dict[str, Any], ...] = ()
    proved: Mapping[str, int] = field(default_factory=dict)
