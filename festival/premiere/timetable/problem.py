"""What a timetable is made from, and the timetable itself. docs/timetable.md has every field.

A time is a whole minute counted from local midnight of the first day, as a clock would run: a day on which summer
time begins has 1,380 of them. `day_starts` holds the minute of each day's midnight.
"""

from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from itertools import combinations, pairwise

PREMIERE, REPEAT = "premiere", "repeat"
SHOWINGS = (PREMIERE, REPEAT)
FORMATS = ("DCP", "ProRes", "H.264")
STATUSES = ("world", "national", "city")
ATTRIBUTES = ("track", "mood", "language", "age")
FIRST, LAST = "first", "last"


@dataclass(frozen=True)
class Window:
    """From `start` up to `end`."""

    start: int
    end: int

    def holds(self, start: int, end: int) -> bool:
        """Whether all from start up to end lies in it."""
        return self.start <= start and end <= self.end

    def meets(self, start: int, end: int) -> bool:
        """Whether it has time in common with start up to end."""
        return self.start < end and start < self.end


@dataclass(frozen=True)
class Hall:
    code: str
    venue: str
    open: tuple[Window, ...]
    turnaround: int  # minutes from the end of a screening to the next
    seats: int = 0
    formats: frozenset[str] = frozenset(FORMATS)
    rates: frozenset[str] = frozenset()  # frames a second; empty: any
    aspects: frozenset[str] = frozenset()  # width to height; empty: any
    surround: bool = True  # 5.1
    accessible: bool = True


@dataclass(frozen=True)
class Film:
    code: str
    seconds: int
    intro: int = 0  # seconds for who introduces it, at its premiere
    track: str = ""
    mood: str = ""
    languages: frozenset[str] = frozenset()  # empty: no dialogue, goes with any
    age: int = 0
    tempo: int = 0
    strength: int = 0
    formats: frozenset[str] = frozenset()  # the copies there are; empty: any
    rate: str = ""
    aspect: str = ""
    surround: bool = False
    accessible: bool = False
    seats: int = 0
    status: str = ""
    guests: tuple[str, ...] = ()

    def lacks(self, hall: Hall) -> tuple[str, ...]:
        """What this film needs and the hall has not."""
        missing = {
            "format": bool(self.formats) and not self.formats & hall.formats,
            "rate": bool(self.rate and hall.rates) and self.rate not in hall.rates,
            "aspect": bool(self.aspect and hall.aspects) and self.aspect not in hall.aspects,
            "surround": self.surround and not hall.surround,
            "accessible": self.accessible and not hall.accessible,
            "seats": self.seats > hall.seats,
        }
        return tuple(name for name, lacking in missing.items() if lacking)

    def values(self, attribute: str) -> frozenset[str]:
        """Its values of a track, mood, language or age."""
        if attribute == "language":
            return self.languages
        value = getattr(self, attribute)
        return frozenset((str(value),)) if value != "" else frozenset()


@dataclass(frozen=True)
class Guest:
    code: str
    available: tuple[Window, ...] | None = None  # None: the whole time


@dataclass(frozen=True)
class BlockRules:
    """`least`, `target`, `most`: minutes of a premiere with everything in it; the others are seconds, or films."""

    target: int
    least: int
    most: int
    least_films: int = 1
    most_films: int = 1000
    intro: int = 0
    label: int = 0  # before each film
    qa: int = 0
    repeat_qa: int = 0
    same: frozenset[str] = frozenset()  # attributes that all films of a block must share


@dataclass(frozen=True)
class AgeSlot:
    """Films rated from `least` to `most` begin between two minutes of the day."""

    code: str
    least: int
    most: int
    start: int
    end: int


@dataclass(frozen=True)
class Forbidden:
    """No screening and no rehearsal in this time; in one hall, or in all when `hall` is empty."""

    code: str
    hall: str
    window: Window


@dataclass(frozen=True)
class Pin:
    """What must stay: these films in one block (`whole`: and no others); where `films` is in it; where and when."""

    code: str
    films: tuple[str, ...]
    whole: bool = False
    place: str = ""  # first, last: of the first of `films`
    showing: str = PREMIERE
    day: int | None = None
    hall: str = ""
    start: int | None = None


@dataclass(frozen=True)
class Weights:
    """What one unit of each goal missed costs; docs/timetable.md says what a unit is."""

    length: int = 1
    track: int = 10
    mood: int = 6
    language: int = 10
    age: int = 4
    tempo: int = 3
    opening: int = 2
    closing: int = 2
    other_venue: int = 5
    prime: int = 5
    together: int = 0  # in a large programme much must run side by side
    smaller_hall: int = 0


@dataclass(frozen=True)
class Problem:
    first_day: date
    zone: str
    day_starts: tuple[int, ...]  # one more than there are days
    halls: tuple[Hall, ...]
    films: tuple[Film, ...]
    rules: BlockRules
    guests: tuple[Guest, ...] = ()
    travel: dict[tuple[str, str], int] = field(default_factory=dict)  # minutes, both ways
    repeat: bool = False
    rehearsal: int = 0  # minutes; 0: none
    rehearsal_within: int = 1440  # a rehearsal begins at most so many minutes before its premiere
    rehearsal_day_before: bool = False  # and on the day before the premiere's
    age_slots: tuple[AgeSlot, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    pins: tuple[Pin, ...] = ()
    prime: Window = Window(18 * 60, 22 * 60)  # minutes of the day
    weights: Weights = Weights()
    grid: int = 5  # screenings begin at multiples of it

    @cached_property
    def film(self) -> dict[str, Film]:
        """Films by code."""
        return {film.code: film for film in self.films}

    @cached_property
    def hall(self) -> dict[str, Hall]:
        """Halls by code."""
        return {hall.code: hall for hall in self.halls}

    @cached_property
    def below(self) -> dict[str, int]:
        """By hall: how many sizes of larger halls there are."""
        sizes = {hall.seats for hall in self.halls}
        return {hall.code: sum(size > hall.seats for size in sizes) for hall in self.halls}

    @cached_property
    def guest(self) -> dict[str, Guest]:
        """Guests by code."""
        return {guest.code: guest for guest in self.guests}

    @property
    def showings(self) -> tuple[str, ...]:
        """The premiere alone, or with the repeat."""
        return SHOWINGS if self.repeat else SHOWINGS[:1]

    def day_of(self, minute: int) -> int:
        """The day, from 0, in which a minute lies; what runs after midnight has the day of its opening hours."""
        return max(day for day, start in enumerate(self.day_starts[:-1]) if start <= max(minute, 0))

    def way(self, one: str, other: str) -> int:
        """Minutes from one venue to another."""
        return 0 if one == other else self.travel.get((one, other), 0)

    def length(self, film: Film, showing: str = PREMIERE) -> int:
        """Seconds of a film with its label and, at its premiere, its introduction."""
        return film.seconds + self.rules.label + (film.intro if showing == PREMIERE else 0)

    def seconds(self, films: tuple[str, ...], showing: str = PREMIERE) -> int:
        """How long a block runs, with its introduction, labels and Q&A."""
        rules = self.rules
        return (
            rules.intro
            + sum(self.length(self.film[code], showing) for code in films)
            + (rules.qa if showing == PREMIERE else rules.repeat_qa)
        )

    def minutes(self, films: tuple[str, ...], showing: str = PREMIERE) -> int:
        """The same in minutes, rounded up."""
        return -(-self.seconds(films, showing) // 60)

    def opening(self, hall: str, start: int) -> Window | None:
        """The opening hours of a hall in which a minute lies."""
        return next((window for window in self.hall[hall].open if window.start <= start < window.end), None)

    def day_at(self, hall: str, start: int) -> int:
        """The day of a screening: that on which the opening hours that it lies in began."""
        window = self.opening(hall, start)
        return self.day_of(window.start if window else start)


@dataclass(frozen=True)
class Screening:
    showing: str
    hall: str
    start: int
    rehearsal: int | None = None


@dataclass(frozen=True)
class Block:
    """Films in the order in which they run, and the screenings of them."""

    code: str
    films: tuple[str, ...]
    screenings: tuple[Screening, ...] = ()

    def shown(self, showing: str) -> Screening | None:
        """Its premiere or its repeat."""
        return next((one for one in self.screenings if one.showing == showing), None)


@dataclass(frozen=True)
class Plan:
    blocks: tuple[Block, ...]


GOALS = tuple(one.name for one in fields(Weights))


def goals(problem: Problem, plan: Plan) -> dict[str, int]:
    """By how many units each goal is missed; 0 is perfect. Blocks, films and halls must be known ones."""
    missed = dict.fromkeys(GOALS, 0)
    for block in plan.blocks:
        films = [problem.film[code] for code in block.films]
        missed["length"] += abs(problem.minutes(block.films) - problem.rules.target)
        for name in ("track", "mood", "age"):
            missed[name] += max(0, len({value for film in films for value in film.values(name)}) - 1)
        missed["language"] += not common([film.languages for film in films])
        missed["tempo"] += sum(one.tempo == other.tempo for one, other in pairwise(films))
        strengths = sorted((film.strength for film in films), reverse=True)
        if films:
            missed["opening"] += strengths[0] - films[0].strength
        if len(films) > 1:
            missed["closing"] += max(0, strengths[1] - films[-1].strength)
        first, again = block.shown(PREMIERE), block.shown(REPEAT)
        if first and again:
            missed["other_venue"] += problem.hall[first.hall].venue == problem.hall[again.hall].venue
        if first:
            missed["smaller_hall"] += problem.below[first.hall]
            minute = first.start - problem.day_starts[problem.day_at(first.hall, first.start)]
            if not problem.prime.start <= minute <= problem.prime.end:
                missed["prime"] += sum(bool(film.status) for film in films)
    missed["together"] = _together(problem, plan)
    return missed


def _together(problem: Problem, plan: Plan) -> int:
    """Pairs of premieres of which nobody can see both from beginning to end, the way between venues counted."""
    shown = [
        (one.start, one.start + problem.minutes(block.films), problem.hall[one.hall].venue)
        for block in plan.blocks
        if (one := block.shown(PREMIERE))
    ]
    return sum(
        later[0] < earlier[1] + problem.way(earlier[2], later[2])
        for earlier, later in combinations(sorted(shown), 2)
    )


def common(languages: list[frozenset[str]]) -> bool:
    """Whether one language is in all films that have any."""
    spoken = [one for one in languages if one]
    return not spoken or bool(frozenset.intersection(*spoken))


def cost(problem: Problem, plan: Plan) -> int:
    """The goals missed, weighed and added up: lower is better."""
    return sum(getattr(problem.weights, name) * units for name, units in goals(problem, plan).items())
