"""The rules of place and time, added to those of the blocks."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from festival.premiere.timetable.model import BlockModel, Frame, Literal, Number
from festival.premiere.timetable.problem import PREMIERE, REPEAT, Film, Pin, Problem, Window

NIGHT = 360  # minutes after midnight up to which a hall could be open


@dataclass(frozen=True)
class Option:
    """Opening hours, or a part between forbidden slots, in which a screening may lie."""

    hall: str
    day: int
    window: Window
    group: int  # options of one hall and group share its time


class Model(BlockModel):
    """Blocks in halls and times."""

    def __init__(self, problem: Problem, frame: Frame, *, gated: bool = False) -> None:
        super().__init__(problem, frame, gated=gated)
        self.start: dict[tuple[int, str], Number] = {}  # in units of the grid
        self.where: dict[tuple[int, str], dict[Option, Literal]] = {}
        self.practice: dict[int, tuple[Number, dict[Option, Literal]]] = {}
        self.apart: dict[tuple[int, int], Literal] = {}
        self.venues: dict[tuple[int, str, str], Literal | None] = {}
        self.options = options(problem, gated)
        self._screenings()
        self._rehearsals()
        self._halls_free()
        self._needs()
        self._ages()
        self._guests()
        for pin in problem.pins:
            self._pin(pin)

    def _screenings(self) -> None:
        problem, cp, grid = self.problem, self.cp, self.problem.grid
        last = max((option.window.end for option in self.options), default=0) // grid
        for block in range(self.frame.count):
            for showing in problem.showings:
                seconds = self.seconds(block, showing)
                fixed = self.frame.fixed.get((block, showing))
                start: Number
                start = cp.new_int_var(0, last, f"start {block} {showing}")
                if fixed is not None:
                    start = cp.new_constant(fixed.start // grid)
                where: dict[Option, Literal] = {}
                for option in self.options:
                    if fixed is not None and not (
                        option.hall == fixed.hall and option.window.start <= fixed.start < option.window.end
                    ):
                        continue
                    if isinstance(seconds, int) and seconds > 60 * (option.window.end - option.window.start):
                        continue
                    here = cp.new_bool_var("")
                    where[option] = here
                    self.add(start >= -(-option.window.start // grid), here)
                    self.add(60 * grid * start + seconds <= 60 * option.window.end, here)
                    if option.group < 0:  # outside the opening hours
                        cp.add_implication(here, ~self.gate("open", option.hall)[0])
                self.add(sum(where.values()) == 1, self.used[block])
                if self.used[block] is not self.true:
                    for here in where.values():
                        cp.add_implication(here, self.used[block])
                self.start[block, showing], self.where[block, showing] = start, where
            if problem.repeat:
                first, again = (
                    sum(option.day * here for option, here in self.where[block, showing].items())
                    for showing in (PREMIERE, REPEAT)
                )
                self.add(again >= first + 1, self.used[block], *self.gate("repeat"))

    def _rehearsals(self) -> None:
        problem, cp, grid = self.problem, self.cp, self.problem.grid
        if not problem.rehearsal:
            return
        gate = self.gate("rehearsal")
        last = max((option.window.end for option in self.options), default=0) // grid
        for block in range(self.frame.count):
            premiere = self.start[block, PREMIERE]
            shown = self.where[block, PREMIERE]
            fixed = self.frame.fixed.get((block, PREMIERE))
            keep = fixed.rehearsal if fixed is not None else None
            begin: Number = cp.new_int_var(0, last, f"rehearsal {block}")
            if keep is not None:
                begin = cp.new_constant(keep // grid)
            where: dict[Option, Literal] = {}
            for option in self.options:
                late = [
                    here for one, here in shown.items() if one.hall == option.hall and one.day >= option.day
                ]
                if not late:
                    continue
                here = cp.new_bool_var("")
                if option.group < 0:
                    cp.add_implication(here, ~self.gate("open", option.hall)[0])
                where[option] = here
                self.add(grid * begin >= option.window.start, here)
                self.add(grid * begin + problem.rehearsal <= option.window.end, here)
            for hall in problem.hall:
                in_hall = [here for option, here in shown.items() if option.hall == hall]
                self.add(
                    sum(here for option, here in where.items() if option.hall == hall) == sum(in_hall), *gate
                )
            self.add(sum(where.values()) <= 1)
            if problem.rehearsal_day_before:
                for day in range(len(problem.day_starts) - 1):
                    self.add(
                        sum(here for option, here in shown.items() if option.day == day)
                        == sum(here for option, here in where.items() if option.day == day - 1),
                        *gate,
                    )
            some = self.either(list(where.values())) if where else None
            if some is not None:
                self.add(grid * begin + problem.rehearsal <= grid * premiere, some)
                self.add(grid * begin >= grid * premiere - problem.rehearsal_within, some)
            self.practice[block] = begin, where

    def _halls_free(self) -> None:
        problem, cp, grid = self.problem, self.cp, self.problem.grid
        busy: dict[tuple[str, int], list[Any]] = defaultdict(list)
        last = 2 * max((option.window.end for option in self.options), default=0) // grid + 1
        for (block, showing), where in self.where.items():
            seconds = self.seconds(block, showing)
            start = self.start[block, showing]
            ends: dict[int, tuple[Number, Number]] = {}
            for option, here in where.items():
                turnaround = problem.hall[option.hall].turnaround
                key = (option.hall, 0 if self.gated else option.group)
                if isinstance(seconds, int) and not self.gated:
                    size = -(-(seconds + 60 * turnaround) // (60 * grid))
                    busy[key].append(cp.new_optional_fixed_size_interval_var(start, size, here, ""))
                    continue
                if turnaround not in ends:
                    units, end = cp.new_int_var(0, last, ""), cp.new_int_var(0, last, "")
                    cp.add(60 * grid * units >= seconds)
                    self.add(
                        60 * grid * units >= seconds + 60 * turnaround * self.used[block],
                        *self.gate("turnaround"),
                    )
                    cp.add(end == start + units)
                    ends[turnaround] = units, end
                units, end = ends[turnaround]
                busy[key].append(cp.new_optional_interval_var(start, units, end, here, ""))
        length = -(-problem.rehearsal // grid)
        for begin, where in self.practice.values():
            for option, here in where.items():
                key = (option.hall, 0 if self.gated else option.group)
                busy[key].append(cp.new_optional_fixed_size_interval_var(begin, length, here, ""))
        for rows in busy.values():
            cp.add_no_overlap(rows)
        if self.gated:
            self._forbidden_gates()

    def _forbidden_gates(self) -> None:
        grid = self.problem.grid
        for slot in self.problem.forbidden:
            gate = self.gate("forbidden", slot.code)
            runs = [
                (self.start[key], 60 * grid * self.start[key] + self.seconds(*key), where)
                for key, where in self.where.items()
            ] + [
                (begin, 60 * (grid * begin + self.problem.rehearsal), where)
                for begin, where in self.practice.values()
            ]
            for start, end, where in runs:
                here = [one for option, one in where.items() if slot.hall in ("", option.hall)]
                if here:
                    before = self.cp.new_bool_var("")
                    inside = self.either(here)
                    self.add(end <= 60 * slot.window.start, inside, before, *gate)
                    self.add(grid * start >= slot.window.end, inside, ~before, *gate)

    def _needs(self) -> None:
        """Films that lack the same halls share one literal in each block."""
        alike: dict[frozenset[str], list[Film]] = defaultdict(list)
        for film in self.problem.films:
            alike[frozenset(hall.code for hall in self.problem.halls if film.lacks(hall))].append(film)
        for bad, films in alike.items():
            for block in range(self.frame.count) if bad else ():
                homes = {film.code: self.homes.get((film.code, block)) for film in films}
                inside = {code: home for code, home in homes.items() if home is not None}
                if not inside:
                    continue
                lacking = self.true
                if self.gated or not any(home is self.true for home in inside.values()):
                    lacking = self.cp.new_bool_var("")
                    for code, home in inside.items():
                        self.cp.add_implication(home, lacking).only_enforce_if(*self.gate("needs", code))
                for showing in self.problem.showings:
                    for option, here in self.where[block, showing].items():
                        if option.hall in bad:
                            self.cp.add_bool_or(~lacking, ~here)

    def minute(self, block: int, showing: str) -> Number:
        """The minute of the day at which it begins."""
        midnights = self.problem.day_starts
        where = self.where[block, showing].items()
        day = sum(midnights[option.day] * here for option, here in where)
        return self.problem.grid * self.start[block, showing] - day

    def _ages(self) -> None:
        for slot in self.problem.age_slots:
            for block in range(self.frame.count):
                rated = self.holding(block, lambda film, slot=slot: slot.least <= film.age <= slot.most)
                for showing in self.problem.showings if rated is not None else ():
                    gate = self.gate("age", slot.code)
                    self.add(self.minute(block, showing) >= slot.start, rated, *gate)
                    self.add(self.minute(block, showing) <= slot.end, rated, *gate)

    def _guests(self) -> None:
        grid = self.problem.grid
        for guest in self.problem.guests:
            there: list[tuple[int, Literal]] = []
            for block in range(self.frame.count):
                literal = self.holding(block, lambda film, code=guest.code: code in film.guests)
                if literal is not None:
                    there.append((block, literal))
            for block, literal in there if guest.available is not None else ():
                stays = [(window, self.cp.new_bool_var("")) for window in guest.available or ()]
                gate = self.gate("guest", guest.code)
                self.cp.add_bool_or([stay for _window, stay in stays]).only_enforce_if(literal, *gate)
                for window, stay in stays:
                    start = self.start[block, PREMIERE]
                    self.add(grid * start >= window.start, stay, literal, *gate)
                    self.add(
                        60 * grid * start + self.seconds(block, PREMIERE) <= 60 * window.end,
                        stay,
                        literal,
                        *gate,
                    )
            films = sum(guest.code in film.guests for film in self.problem.films)
            for (one, at_one), (other, at_other) in combinations(there, 2) if films > 1 else ():
                if not {(one, PREMIERE), (other, PREMIERE)} <= set(self.frame.fixed):
                    self.cp.add_bool_or(~at_one, ~at_other, self.one_after_other(one, other)).only_enforce_if(
                        *self.gate("guest_twice", guest.code)
                    )

    def one_after_other(self, one: int, other: int) -> Literal:
        """A literal: if it is true, one can be at both premieres, with the way between them."""
        if (one, other) in self.apart:
            return self.apart[one, other]
        cp, grid, travel = self.cp, self.problem.grid, self.problem.travel
        apart, order = cp.new_bool_var(""), cp.new_bool_var("")
        way = cp.new_int_var(0, max(travel.values(), default=0), "")
        for (start, goal), minutes in travel.items():
            places = (self.venue(one, PREMIERE, start), self.venue(other, PREMIERE, goal))
            if start != goal and minutes and all(place is not None for place in places):
                self.add(way >= minutes, *places, *self.gate("travel"))
        for first, second, before in ((one, other, order), (other, one, ~order)):
            end = 60 * grid * self.start[first, PREMIERE] + self.seconds(first, PREMIERE)
            self.add(end + 60 * way <= 60 * grid * self.start[second, PREMIERE], before, apart)
        self.apart[one, other] = apart
        return apart

    def venue(self, block: int, showing: str, code: str) -> Literal | None:
        """A literal: this screening is in this venue. None if it never can be."""
        if (block, showing, code) not in self.venues:
            halls, where = self.problem.hall, self.where[block, showing]
            here = [one for option, one in where.items() if halls[option.hall].venue == code]
            self.venues[block, showing, code] = self.either(here) if here else None
        return self.venues[block, showing, code]

    def _pin(self, pin: Pin) -> None:
        gate = self.gate("pin", pin.code)
        for block in self.frame.homes[pin.films[0]]:
            home = self.homes[pin.films[0], block]
            for option, here in self.where[block, pin.showing].items():
                wrong = (pin.hall and option.hall != pin.hall) or (
                    pin.day is not None and option.day != pin.day
                )
                if wrong:
                    self.cp.add_bool_or(~home, ~here).only_enforce_if(*gate)
            if pin.start is not None:
                self.add(self.problem.grid * self.start[block, pin.showing] == pin.start, home, *gate)


def options(problem: Problem, gated: bool) -> list[Option]:
    """Where screenings may lie: opening hours without what is forbidden. Gated: whole days too, group -1."""
    found = []
    for hall in problem.halls:
        for group, window in enumerate(hall.open):
            day = problem.day_of(window.start)
            parts = [window] if gated else _without(problem, hall.code, window)
            found += [Option(hall.code, day, part, group) for part in parts]
        if gated:
            days = problem.day_starts
            found += [
                Option(hall.code, day, Window(days[day], days[day + 1] + NIGHT), -1)
                for day in range(len(days) - 1)
            ]
    return found


def _without(problem: Problem, hall: str, window: Window) -> list[Window]:
    parts = [window]
    for slot in problem.forbidden:
        if slot.hall in ("", hall):
            parts = [
                piece
                for part in parts
                for piece in (
                    Window(part.start, min(part.end, slot.window.start)),
                    Window(max(part.start, slot.window.end), part.end),
                )
                if piece.start < piece.end
            ]
    return parts
