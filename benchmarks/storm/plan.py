"""Who comes to the storm, with what, when, and what becomes of them: everything from one seed."""

import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from pathlib import Path

from benchmarks.storm.stream import Film

# What an entrant does, and how many of a hundred do it.
WAYS = {
    "plain": 44,
    "both": 10,  # completes twice at the same moment
    "twice": 9,  # two windows send every part
    "returns": 14,  # vanishes in the middle of a part, and comes back
    "later": 4,  # vanishes, and comes back when the storm is over
    "never": 4,  # vanishes
    "discards": 4,  # changes their mind half-way
    "anew": 4,  # discards, and begins once more with the same file
    "late": 5,  # begins after the deadline
    "same": 2,  # sends the file that somebody else sends too
}
REAL = 0.1  # this share are films that can be played
SUBMITS = 0.5
# Sizes: this share, between these bytes, evenly on a scale of powers.
SIZES = ((0.70, 1_000, 1_000_000), (0.20, 1_000_000, 6_000_000), (0.08, 6_000_000, 16_000_000),
         (0.02, 16_000_000, 64_000_000))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """One entrant with one film. `begin` and `end` are shares of the time until the deadline."""

    number: int
    way: str
    seed: int
    size: int
    film: int | None  # the number of the real film that it is; None: bytes that are none
    begin: float
    end: float
    submits: bool

    @property
    def filename(self) -> str:
        return f"film-{self.number}.mp4"

    @property
    def comes_through(self) -> bool:
        """Whether a film of theirs should have arrived in the end."""
        return self.way not in ("late", "never", "discards")


@dataclass
class Plan:
    """A storm. `heads` are files of real films; `deadline` is seconds from the beginning until the deadline."""

    seed: int
    people: list[Person]
    heads: list[str]
    deadline: float = 60.0
    longest_wait: float = 30.0  # seconds between two tries, as in the page's own client
    patience: float = 900.0  # seconds after which the storm is broken off
    line_speed: float = 0.0  # bytes a second of one connection; 0: as fast as it goes
    address: tuple[str, int] = ("127.0.0.1", 0)
    part_bytes: int = 0
    began: float = field(default=0.0)  # seconds since 1970

    def film(self, person: Person) -> Film:
        head = Path(self.heads[person.film]).read_bytes() if person.film is not None else b""
        return Film(person.seed, person.size, head)

    @property
    def due(self) -> float:
        """The deadline, in seconds since 1970."""
        return self.began + self.deadline

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, path: Path) -> "Plan":
        values = json.loads(path.read_text())
        people = [Person(**person) for person in values.pop("people")]
        values["address"] = tuple(values["address"])
        return cls(people=people, **values)


def make_people(count: int, seed: int, films: int, *, largest: int = 64_000_000) -> list[Person]:
    """So many entrants; every way of behaving is there when there are at least twenty."""
    dice = random.Random(seed)
    ways = list(shares(WAYS, count))
    dice.shuffle(ways)
    real = set(dice.sample(range(count), max(1, round(count * REAL)))) if films else set()
    sizes = list(sizes_of(count, largest, dice))
    people: list[Person] = []
    twin: Person | None = None
    for number, way in enumerate(ways):
        film = dice.randrange(films) if number in real else None
        seed_of, size = seed * 1_000_000 + number, sizes[number]
        if way == "same":
            if twin is None:
                twin = Person(number, way, seed_of, size, film, 0, 0, False)
            else:
                seed_of, size, film, twin = twin.seed, twin.size, twin.film, None
        begin = dice.triangular(0.02, 0.8, 0.6)
        end = max(begin + 0.05, dice.triangular(0.7, 1.25, 0.97))
        if way == "late":
            begin, end = dice.uniform(1.03, 1.15), 1.3
        people.append(Person(number, way, seed_of, size, film, begin, end, dice.random() < SUBMITS))
    return people


def shares(weights: dict[str, int], count: int) -> Iterator[str]:
    """Names by their weights, each at least once, the first fills up to `count`; pairs stay pairs."""
    numbers = {name: max(1, round(count * weight / 100)) for name, weight in weights.items()}
    numbers["same"] = max(2, numbers["same"] // 2 * 2)
    first = next(iter(numbers))
    numbers[first] = max(1, count - sum(numbers.values()) + numbers[first])
    yield from islice((name for name, times in numbers.items() for _ in range(times)), count)


def sizes_of(count: int, largest: int, dice: random.Random) -> list[int]:
    """Many small ones and a few large ones, in the same shares whatever the seed."""
    sizes: list[int] = []
    for share, least, most in SIZES:
        most, least = min(most, largest), min(least, largest)
        sizes += [round(least * (most / least) ** dice.random()) for _ in range(round(share * count))]
    while len(sizes) < count:
        sizes.append(round(1_000 * 1_000 ** dice.random()))
    dice.shuffle(sizes)
    return list(islice(cycle(sizes), count))
