"""What an allocation of looks costs: `python -m benchmarks.allocation [--films 10000] [--judges 150] [--looks 3]`.

Each instance runs in a process of its own, start-up and reading included: an easy one (four fifths of the pairs of
judge and film are possible), a hard one (every judge has two of five tracks, a quarter of the films can be followed
in one language alone), one where judges state very different hours; and a judge who drops out when two fifths are
done. Printed are CPU seconds, microseconds a look, the peak of memory, and how far the minutes are from the judges'
shares.
"""

import argparse
import multiprocessing
import resource
import time
from random import Random

from judging.logic.allocation.comparability import Seen, assess
from judging.logic.allocation.engine import allocate
from judging.logic.allocation.result import Allocation
from judging.logic.allocation.task import Film, Given, Judge, task

TRACKS = tuple(f"t{number}" for number in range(5))
KINDS = ("easy", "hard", "hours")


def instance(kind: str, films: int, judges: int) -> tuple[list[Film], list[Judge], set[tuple[str, str]]]:
    """Films of half a minute to twenty, judges, and a third as many conflicts as films."""
    draw = Random(1)
    single = 0.25 if kind == "hard" else 0.18
    rows = [
        Film(
            f"f{number:05}", int(min(1200, max(30, draw.lognormvariate(5.1, 0.5)))), draw.choice(TRACKS),
            (draw.choice(("zh", "en")),) if draw.random() < single else ("zh", "en"),
        )
        for number in range(films)
    ]  # fmt: skip
    jury = [
        Judge(
            f"j{number:04}",
            draw.choice((5, 10, 20, 40)) * 3600 if kind == "hours" else None,
            tuple(draw.sample(TRACKS, 2)) if kind == "hard" else (),
            draw.choice((("zh",), ("en",), ("en", "zh"))),
        )
        for number in range(judges)
    ]
    pairs = {
        (jury[draw.randrange(judges)].key, rows[draw.randrange(films)].key) for _pair in range(films // 3)
    }
    return rows, jury, pairs


def run(
    kind: str, films: int, judges: int, looks: int, pipe: "multiprocessing.connection.Connection"
) -> None:
    """One instance, then the drop-out; sends a line."""
    rows, jury, pairs = instance(kind, films, judges)
    begun = time.process_time()
    drawn = allocate(task(films=rows, judges=jury, conflicts=pairs, looks=looks, seed=1))
    spent = time.process_time() - begun
    conflicts = sum((row.judge, row.film) in pairs for row in drawn.assignments)
    gate = assess([Seen(row.judge, row.film) for row in drawn.assignments], shared_cut=True)
    mended, moved = drop_out(rows, jury, pairs, looks, drawn)
    number = max(len(drawn.assignments), 1)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    off = max((abs(load.off) for load in drawn.loads), default=0.0)
    pipe.send(
        f"{kind:>6}: {spent:.2f} s CPU, {1e6 * spent / number:.0f} µs a look, {memory:.0f} MB; conflicts {conflicts}, "
        f"unserved {sum(row.looks for row in drawn.unserved)}, minutes within {off:.2%} of each share, severities to "
        f"{gate.worst:.2f}; drop-out {mended:.2f} s CPU, {moved} looks"
    )


def drop_out(
    rows: list[Film], jury: list[Judge], pairs: set[tuple[str, str]], looks: int, drawn: Allocation
) -> tuple[float, int]:
    """The first judge leaves when two fifths of her looks are done: CPU, and how many looks are given anew."""
    seconds = {film.key: film.seconds for film in rows}
    mine = [row for row in drawn.assignments if row.judge == jury[0].key]
    gone = {row.film for row in mine[2 * len(mine) // 5 :]}
    given = [
        Given(row.judge, row.film, seconds[row.film], counts=row.judge != jury[0].key or row.film not in gone)
        for row in drawn.assignments
    ]
    begun = time.process_time()
    again = allocate(task(films=rows, judges=jury[1:], conflicts=pairs, looks=looks, seed=1, given=given))
    return time.process_time() - begun, len(again.assignments)


def main() -> None:
    """Print a line for each instance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=10_000)
    parser.add_argument("--judges", type=int, default=150)
    parser.add_argument("--looks", type=int, default=3)
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    for kind in KINDS:
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=run, args=(kind, options.films, options.judges, options.looks, theirs))
        child.start()
        print(ours.recv(), flush=True)
        child.join()


if __name__ == "__main__":
    main()
