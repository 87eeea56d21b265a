"""The running order inside a block: the best of all orders, by what opens, what closes and what follows what."""

from itertools import pairwise

from festival.premiere.timetable.problem import FIRST, LAST, Block, Film, Plan, Problem

EXACT = 11  # films; above it, films change places as long as that helps


def order(problem: Problem, plan: Plan, only: frozenset[str] | None = None) -> Plan:
    """The plan with the films of its blocks (of those in `only`) in their best order."""
    return Plan(
        tuple(
            block
            if only is not None and block.code not in only
            else Block(block.code, best_order(problem, block.films), block.screenings)
            for block in plan.blocks
        )
    )


def best_order(problem: Problem, codes: tuple[str, ...]) -> tuple[str, ...]:
    """The order of least cost; of equal ones the first by the films' order in the problem."""
    place = {film.code: number for number, film in enumerate(problem.films)}
    films = [problem.film[code] for code in sorted(codes, key=place.__getitem__)]
    first, last = (
        next((pin.films[0] for pin in problem.pins if pin.place == where and pin.films[0] in codes), None)
        for where in (FIRST, LAST)
    )
    best = _exact(problem, films, first, last) if len(films) <= EXACT else _local(problem, films, first, last)
    return tuple(film.code for film in best)


def _ends(problem: Problem, films: list[Film]) -> tuple[list[int], list[int]]:
    """What it costs that each film opens, and that each closes."""
    strengths = sorted((film.strength for film in films), reverse=True)
    second = strengths[1] if len(films) > 1 else strengths[0]
    weights = problem.weights
    opens = [weights.opening * (strengths[0] - film.strength) for film in films]
    return opens, [weights.closing * max(0, second - film.strength) for film in films]


def _exact(problem: Problem, films: list[Film], first: str | None, last: str | None) -> list[Film]:
    """Over all sets of films already placed and the film placed last (Held and Karp)."""
    count = len(films)
    if count < 2:
        return films
    opens, closes = _ends(problem, films)
    tempo = problem.weights.tempo
    best: dict[tuple[int, int], tuple[int, tuple[int, ...]]] = {
        (1 << at, at): (opens[at], (at,))
        for at, film in enumerate(films)
        if first in (None, film.code) and not (last == film.code != first)
    }
    for size in range(2, count + 1):
        longer: dict[tuple[int, int], tuple[int, tuple[int, ...]]] = {}
        for (done, at), (cost, path) in best.items():
            for new, film in enumerate(films):
                if (
                    done >> new & 1
                    or film.code == first
                    or (film.code == last) != (size == count and last is not None)
                ):
                    continue
                key = (done | 1 << new, new)
                row = (cost + tempo * (film.tempo == films[at].tempo), (*path, new))
                if key not in longer or row < longer[key]:
                    longer[key] = row
        best = longer
    _cost, path = min((cost + closes[at], path) for (_done, at), (cost, path) in best.items())
    return [films[at] for at in path]


def _local(problem: Problem, films: list[Film], first: str | None, last: str | None) -> list[Film]:
    opens, closes = _ends(problem, films)
    opening = {film.code: cost for film, cost in zip(films, opens)}
    closing = {film.code: cost for film, cost in zip(films, closes)}
    tempo = problem.weights.tempo

    def price(row: list[Film]) -> int:
        wrong = (first is not None and row[0].code != first) + (last is not None and row[-1].code != last)
        same = sum(one.tempo == other.tempo for one, other in pairwise(row))
        return 1_000_000 * wrong + opening[row[0].code] + closing[row[-1].code] + tempo * same

    row, cost = list(films), price(films)
    better = True
    while better:
        better = False
        for one in range(len(row)):
            for other in range(one + 1, len(row)):
                row[one], row[other] = row[other], row[one]
                now = price(row)
                if now < cost:
                    cost, better = now, True
                else:
                    row[one], row[other] = row[other], row[one]
    return row
