"""A synthetic contest whose truth is known: what models and plans of looks are measured on.

Worlds: `film` has judges who differ in severity, in scale and in noise as film juries may (placed between ratings of
films by the public and reviews of a conference); `conference` differs in severity alone, with the variances that
Lawrence found at NIPS 2014; `plain` has equal judges.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from judging.logic.scores import Floats, Ints, Scores


@dataclass(frozen=True, slots=True)
class World:
    """Standard deviations, of films 1. scale and spread: of the logarithms of a judge's scale and noise."""

    severity: float
    scale: float
    noise: float
    spread: float


FILM = World(severity=0.7, scale=0.3, noise=1.3, spread=0.35)
CONFERENCE = World(severity=0.46, scale=0.0, noise=1.0, spread=0.0)
PLAIN = World(severity=0.0, scale=0.0, noise=1.0, spread=0.0)


@dataclass
class Contest:
    """Films with a true value, judges with their ways, and the looks given so far."""

    world: World
    films: int
    judges: int
    seed: int = 0
    low: float = 1.0
    high: float = 10.0
    step: float = 0.5  # 0: scores are not rounded
    truth: Floats = field(init=False)
    entry: Ints = field(init=False)
    judge: Ints = field(init=False)
    score: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.draw = np.random.default_rng(self.seed)
        world = self.world
        self.truth = self.draw.normal(0, 1, self.films)
        self.severity = self.draw.normal(0, 1, self.judges) * world.severity
        self.scale = np.exp(self.draw.normal(0, 1, self.judges) * world.scale)
        self.noise = world.noise * np.exp(self.draw.normal(0, 1, self.judges) * world.spread)
        self.entry, self.judge, self.score = np.zeros(0, int), np.zeros(0, int), np.zeros(0)
        self.seen = np.zeros((self.films, self.judges), bool)

    def look(self, entry: Ints, judge: Ints) -> None:
        """The judges see the films and give scores."""
        chance = self.draw.normal(size=len(entry))
        value = (
            5.5 + self.severity[judge] + self.scale[judge] * self.truth[entry] + self.noise[judge] * chance
        )
        if self.step:
            value = np.clip(np.round(value / self.step) * self.step, self.low, self.high)
        self.entry = np.concatenate([self.entry, entry])
        self.judge = np.concatenate([self.judge, judge])
        self.score = np.concatenate([self.score, value])
        self.seen[entry, judge] = True

    def look_at_all(self, looks: int) -> None:
        """So many looks at every film, by different judges, films spread evenly."""
        for _look in range(looks):
            self.look_at(self.draw.permutation(self.films))

    def look_at(self, films: Ints) -> None:
        """One look at each of `films`, by the judge with the least to do among those who have not seen it."""
        load = np.bincount(self.judge, minlength=self.judges).astype(float)
        chosen = np.empty(len(films), int)
        for place, film in enumerate(films):
            load_here = load + self.draw.random(self.judges) * 3
            load_here[self.seen[film]] = np.inf
            chosen[place] = judge = int(load_here.argmin())
            load[judge] += 1
        self.look(films, chosen)

    def scores(self) -> Scores:
        """What has been given, as columns."""
        at = np.lexsort((self.judge, self.entry))
        names = tuple(f"f{number:05}" for number in range(self.films))
        people = tuple(f"j{number:04}" for number in range(self.judges))
        track = np.zeros(self.films, int)
        order = np.zeros(len(at), int)
        return Scores(names, people, ("",), track, self.entry[at], self.judge[at], self.score[at], order)

    def precision(self, value: Floats, cut: int) -> float:
        """How many of the `cut` best by `value` are truly among the `cut` best, as a share."""
        return len(set(np.argsort(-self.truth)[:cut]) & set(np.argsort(-value)[:cut])) / cut


def mean_over(seeds: range, figure: Callable[[int], Floats]) -> tuple[Floats, Floats]:
    """Mean of `figure(seed)` and its standard error."""
    rows = np.array([figure(seed) for seed in seeds])
    return rows.mean(axis=0), rows.std(axis=0, ddof=1) / np.sqrt(len(rows))


@dataclass(frozen=True, slots=True)
class Habits:
    """What judges do beyond a world's severity, scale and noise; shares from 0 to 1."""

    drift: float = (
        0.2  # standard deviation of how much a judge's severity changes from her first look to her last
    )
    dropping_out: float = 0.05  # of the judges: who stop on the way
    asides: float = 0.01  # of the looks: the judge stands aside
    conflicted: float = 0.3  # of the judges: who declare that they know somebody
    absent: float = 0.1  # of those who have not stopped: do not come to a meeting
    common: float = 0.7  # of a judge's chance at a film: what all criteria share


OF_PAGES = 0.7
"""Correlation of a project's quality, as its pages show it, with that of the film which is made of it."""


class Jury:
    """Films with a true quality (mean 0, standard deviation 1) and judges with their ways, by number from 0.

    Every opinion has a stream of chance of its own, named by seed, round, film and judge: what a judge thinks of a
    film does not depend on the order in which looks are given. `pages`: the quality of each as a project, before there
    is a film; pages are read as papers of a conference are (CONFERENCE), films seen as films are.
    """

    def __init__(
        self, films: int, judges: int, *, seed: int = 0, world: World = FILM, habits: Habits | None = None
    ) -> None:
        self.habits = habits or Habits()
        self.seed = seed
        drawn = Contest(world, films, judges, seed)
        self.quality, self.severity = drawn.truth, drawn.severity
        self.scale, self.noise = drawn.scale, drawn.noise
        draw = np.random.default_rng([seed, 1])
        self.drift = draw.normal(0, 1, judges) * self.habits.drift
        stops = draw.random(judges) < self.habits.dropping_out
        self.reading = CONFERENCE.severity / world.severity if world.severity else 0.0
        other = np.random.default_rng([seed, 6]).normal(0, 1, films)
        self.pages: Floats = OF_PAGES * self.quality + np.sqrt(1 - OF_PAGES**2) * other
        self.stops_after: Floats = np.where(stops, draw.uniform(0.2, 0.8, judges), 1.0)  # share of her looks
        self.conflicted = draw.random(judges) < self.habits.conflicted

    def opinions(
        self, stage: int, film: int, judge: int, *, done: float, count: int = 1, reads: bool = False
    ) -> Floats:
        """What a judge thinks of a film by so many criteria; `done`: the share of her looks that she has behind her;
        `reads`: there is no film yet, and she judges the pages.
        """
        draw = np.random.default_rng([self.seed, 2, stage, film, judge])
        common = self.habits.common
        chance = np.sqrt(common) * draw.normal() + np.sqrt(1 - common) * draw.normal(size=count)
        severity, value, noise = (
            self.severity[judge],
            self.scale[judge] * self.quality[film],
            self.noise[judge],
        )
        if reads:
            severity, value, noise = self.reading * severity, self.pages[film], CONFERENCE.noise
        opinions: Floats = severity + self.drift[judge] * done + value + noise * chance
        return opinions

    def absent(self, stage: int, judge: int) -> bool:
        """Whether the judge stays away from the meeting after a round: also whoever has stopped on the way."""
        chance = np.random.default_rng([self.seed, 7, stage, judge]).random()
        return bool(self.stops_after[judge] < 1 or chance < self.habits.absent)

    def stands_aside(self, stage: int, film: int, judge: int) -> bool:
        """Whether the judge gives this look away."""
        return bool(np.random.default_rng([self.seed, 3, stage, film, judge]).random() < self.habits.asides)


def mark(opinion: float, low: float, high: float, step: float) -> float:
    """An opinion on a scale: its middle for 0, a ninth of it for a standard deviation of films, rounded to a step."""
    value = (low + high) / 2 + opinion * (high - low) / 9
    return min(max(low + round((value - low) / step) * step, low), high)
