"""Films into blocks by simulated annealing: quick, and the same for the same seed.

It knows the rules of blocks, and of places only this: whether there is a start, in some hall, that suits all films of a
block. Whether the blocks fit beside each other is for the solver to say.
"""

import math
import random
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from festival.premiere.timetable.problem import PREMIERE, Problem
from festival.premiere.timetable.search import Run
from festival.premiere.timetable.timed import options

BROKEN = 2000  # what a broken rule costs here, against goals of a few units
STEP = 15  # minutes between the starts that are looked at
HOT, COLD = 12.0, 0.4  # units of cost
FIELD = 12  # bits of a count
LOOK = 2000  # moves between two looks at the clock


@dataclass(frozen=True)
class Atom:
    """Films that pins hold together: they move as one."""

    films: tuple[str, ...]
    whole: bool
    seconds: int
    count: int
    track: int  # bit sets
    mood: int
    age: int
    language: int
    tempo: int  # how many films of each tempo, in fields of FIELD bits
    starts: tuple[int, ...]  # for each showing: the starts that suit it
    ends: tuple[int, int]  # films pinned to open, to close


class Composer:
    """The films of a problem, and the cost of blocks made of them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.bits: dict[tuple[str, str], int] = {}
        self.seen: dict[Any, int] = {}  # starts by what they depend on
        self.slots = [
            (option, start)
            for option in options(problem, False)
            for start in range(
                -(-option.window.start // problem.grid) * problem.grid,
                option.window.end - problem.rules.least + 1,
                max(problem.grid, STEP - STEP % problem.grid),
            )
        ]
        self.slots += [
            (option, pin.start)
            for pin in problem.pins
            for option in options(problem, False)
            if pin.start is not None and option.window.start <= pin.start < option.window.end
        ]
        self.atoms = [self._atom(films, whole) for films, whole in self._joined()]
        rules = problem.rules
        self.base = rules.intro + rules.qa
        self.tempos = [FIELD * tempo for tempo in sorted({film.tempo for film in problem.films})]

    def _joined(self) -> list[tuple[tuple[str, ...], bool]]:
        """Films by the pins that hold them together."""
        leader = {film.code: film.code for film in self.problem.films}

        def find(code: str) -> str:
            while leader[code] != code:
                code = leader[code]
            return code

        for pin in self.problem.pins:
            for other in pin.films[1:]:
                leader[find(other)] = find(pin.films[0])
        groups: dict[str, list[str]] = defaultdict(list)
        for film in self.problem.films:
            groups[find(film.code)].append(film.code)
        whole = {find(pin.films[0]) for pin in self.problem.pins if pin.whole}
        return [(tuple(films), root in whole) for root, films in groups.items()]

    def _bit(self, name: str, value: str) -> int:
        found = self.bits.setdefault((name, value), sum(one == name for one, _value in self.bits))
        return 1 << found

    def _atom(self, codes: tuple[str, ...], whole: bool) -> Atom:
        films = [self.problem.film[code] for code in codes]
        masks = {
            name: sum({self._bit(name, value) for film in films for value in film.values(name)})
            for name in ("track", "mood", "age")
        }
        language = -1
        for film in films:
            if film.languages:
                language &= sum(self._bit("language", value) for value in film.languages)
        pinned = [{pin.films[0] for pin in self.problem.pins if pin.place == at} for at in ("first", "last")]
        return Atom(
            films=codes,
            whole=whole,
            seconds=sum(self.problem.length(film) for film in films),
            count=len(films),
            language=language,
            tempo=sum(1 << FIELD * film.tempo for film in films),
            starts=tuple(self._starts(codes, showing) for showing in self.problem.showings),
            ends=(len(pinned[0] & set(codes)), len(pinned[1] & set(codes))),
            **masks,
        )

    def _starts(self, codes: tuple[str, ...], showing: str) -> int:
        problem = self.problem
        films = [problem.film[code] for code in codes]
        pins = [pin for pin in problem.pins if pin.films[0] in codes and pin.showing == showing]
        bad = {hall.code for hall in problem.halls if any(film.lacks(hall) for film in films)}
        bad |= {hall for pin in pins if pin.hall for hall in problem.hall if hall != pin.hall}
        ages = [
            slot for slot in problem.age_slots if any(slot.least <= film.age <= slot.most for film in films)
        ]
        guests = {guest for film in films for guest in film.guests} if showing == PREMIERE else set()
        windows = [problem.guest[guest].available for guest in sorted(guests)]
        key = (frozenset(bad), tuple(ages), tuple(sorted(guests)), tuple(pins))
        if key not in self.seen:
            self.seen[key] = sum(
                1 << number
                for number, (option, start) in enumerate(self.slots)
                if option.hall not in bad
                and all(slot.start <= start - problem.day_starts[option.day] <= slot.end for slot in ages)
                and all(pin.day in (None, option.day) and pin.start in (None, start) for pin in pins)
                and all(
                    some is None or any(one.holds(start, start + problem.rules.least) for one in some)
                    for some in windows
                )
            )
        return self.seen[key]

    def cost(self, block: list[Atom]) -> float:
        """Goals missed and, far dearer, rules broken by these films in one block."""
        problem = self.problem
        rules, weights = problem.rules, problem.weights
        seconds = count = track = mood = age = tempo = firsts = lasts = 0
        language = -1
        starts = [-1] * len(problem.showings)
        whole = 0
        for atom in block:
            seconds += atom.seconds
            count += atom.count
            track |= atom.track
            mood |= atom.mood
            age |= atom.age
            language &= atom.language
            tempo += atom.tempo
            whole += atom.whole
            firsts += atom.ends[0]
            lasts += atom.ends[1]
            starts = [one & other for one, other in zip(starts, atom.starts)]
        seconds += self.base
        minutes = -(-seconds // 60)
        more = {
            "track": max(0, track.bit_count() - 1),
            "mood": max(0, mood.bit_count() - 1),
            "age": max(0, age.bit_count() - 1),
            "language": int(language == 0),
        }
        total: float = weights.length * abs(minutes - rules.target)
        for name, units in more.items():
            total += units * (BROKEN if name in rules.same else getattr(weights, name))
        most_alike = max(tempo >> shift & (1 << FIELD) - 1 for shift in self.tempos)
        total += weights.tempo * max(0, 2 * most_alike - count - 1)  # so many must follow their like
        over = max(0.0, seconds / 60 - rules.most) + max(0.0, rules.least - seconds / 60)
        if over:
            total += BROKEN * (1 + over / 10)
        total += BROKEN * (max(0, count - rules.most_films) + max(0, rules.least_films - count))
        total += BROKEN * (max(0, firsts - 1) + max(0, lasts - 1) + starts.count(0))
        if whole and len(block) > 1:
            total += BROKEN * (len(block) - 1)
        return total

    def compose(self, count: int, moves: int, run: Run, again: int = 0) -> list[list[str]]:
        """The best `count` blocks after so many moves, from blocks of like length; other ones for other `again`."""
        draw = random.Random(f"{run.seed} {count} {again}")
        blocks: list[list[Atom]] = [[] for _ in range(count)]
        for atom in sorted(self.atoms, key=lambda atom: (-atom.seconds, atom.films)):
            min(blocks, key=lambda block: sum(one.seconds for one in block)).append(atom)
        costs = [self.cost(block) for block in blocks]
        total = sum(costs)
        best, best_total = [list(block) for block in blocks], total
        for move in range(moves if count > 1 else 0):
            if move % LOOK == 0 and not run.go_on():
                break
            heat = HOT * (COLD / HOT) ** (move / moves)
            one, other = draw.sample(range(count), 2)
            left, right = blocks[one], blocks[other]
            if not left:
                continue
            atom = left[draw.randrange(len(left))]
            swap = right[draw.randrange(len(right))] if right and draw.random() < 0.6 else None
            new_left = [mine for mine in left if mine is not atom]
            new_right = [mine for mine in right if mine is not swap] + [atom]
            if swap is not None:
                new_left.append(swap)
            now = self.cost(new_left), self.cost(new_right)
            delta = sum(now) - costs[one] - costs[other]
            if delta <= 0 or draw.random() < math.exp(-delta / heat):
                blocks[one], blocks[other] = new_left, new_right
                costs[one], costs[other] = now
                total += delta
                if total < best_total - 1e-9:
                    best, best_total = [list(block) for block in blocks], total
        return [[film for atom in block for film in atom.films] for block in best]

    def counts(self) -> list[int]:
        """Numbers of blocks that the lengths allow, the likeliest first."""
        rules = self.problem.rules
        total = sum(atom.seconds for atom in self.atoms)
        net = [max(1, 60 * minutes - self.base) for minutes in (rules.least, rules.target, rules.most)]
        films = sum(atom.count for atom in self.atoms)
        least = max(1, math.ceil(total / net[2]), math.ceil(films / rules.most_films))
        most = max(least, min(math.floor(total / net[0]), films // rules.least_films))
        return sorted(range(least, most + 1), key=lambda count: (abs(total / count - net[1]), count))
