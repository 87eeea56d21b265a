"""What filling award slots costs: `python -m benchmarks.laurels [SHAPE …]`.

Each shape runs in a process of its own: iqiyi (10,000 entries, tiers of 1, 3, 5 and 2), tencent (35 awards), combined
(55 awards over 10,000 entries, with quotas and a sponsor's condition), kling (10 of 4,600), festival (a unit with a
vacant award). Printed are CPU seconds with the reading of nothing but the standing, and the peak of memory.
"""

import argparse
import multiprocessing
import resource
import time
from random import Random

from judging.logic.awarding.engine import fill
from judging.logic.awarding.problem import Cap, Condition, Entry, Problem, Quota, Ranked, Slot

TIERS = {
    "iqiyi": (10_000, (1, 3, 5, 2)),
    "tencent": (6_000, (1, 2, 4, 8, 20)),
    "combined": (10_000, (1, 3, 5, 2, 2, 4, 8, 10, 20)),
    "kling": (4_600, (1, 2, 3, 4)),
    "festival": (800, (1, 1, 1, 1)),
}
TRACKS = ("drama", "animation", "documentary", "music", "open")
REGIONS = ("cn", "asia", "europe", "americas", "africa")


def instance(shape: str) -> Problem:
    """Films whose entrants often have several, some of them not eligible, with a standing."""
    number, tiers = TIERS[shape]
    draw = Random(1)
    entries = tuple(
        Entry(
            f"f{film:05}",
            {
                "track": draw.choice(TRACKS),
                "region": draw.choices(REGIONS, (60, 20, 10, 8, 2))[0],
                "share": draw.randrange(101),
                "rights": draw.random() > 0.05,
            },
            {
                "entrant": (f"e{draw.randrange(number)}",),
                "team": (f"t{draw.randrange(number // 2)}",),
            },
        )
        for film in range(number)
    )
    scores = {entry.film: round(draw.gauss(6, 1), 2) for entry in entries}
    order = sorted(scores, key=lambda film: -scores[film])
    rows: list[Ranked] = []
    for place, film in enumerate(order, 1):
        tied = rows and rows[-1].score == scores[film]
        rows.append(Ranked(film, rows[-1].rank if tied else place, 0, scores[film]))
    slots = [
        Slot(
            f"s{tier}",
            places,
            order="all",
            tracks=(TRACKS[tier % 5],) if shape == "combined" and tier > 4 else (),
        )
        for tier, places in enumerate(tiers)
    ]
    quotas: tuple[Quota, ...] = ()
    if shape == "combined":
        quotas = (Quota("africa", "region", "africa", 3), Quota("cn", "region", "cn", 0, 30))
    if shape in ("combined", "iqiyi"):  # the sponsor's own prize
        last = slots[3]
        slots[3] = Slot(last.slug, last.places, order="all", require=(Condition("share", "at_least", 70),))
    if shape == "festival":
        slots[3] = Slot("s3", 1, order="all", vacant=True, least=11.0)
    return Problem(
        tuple(slots), entries, {"all": tuple(rows)}, (Cap("entrant", "entrant", 1), Cap("team", "team", 2)), quotas,
        (Condition("rights", "is", True),),
    )  # fmt: skip


def _run(shape: str) -> None:
    problem = instance(shape)
    start = time.process_time()
    result = fill(problem)
    cpu = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    given = sum(bool(place.film) for place in result.places)
    over = sum(len(rows) for rows in result.passed.values())
    print(
        f"{shape:<10}{len(problem.entries):>7} entries {given:>3} awards {over:>6} passed over"
        f" {result.proved.get('solver', 0):>4} by solver {cpu:>7.2f} s CPU {peak:>6.0f} MiB",
        flush=True,
    )


def main() -> None:
    """Run the shapes asked for, all by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.laurels")
    parser.add_argument("shapes", nargs="*", metavar="SHAPE", help=", ".join(TIERS))
    asked = parser.parse_args()
    for shape in asked.shapes or TIERS:
        if shape not in TIERS:
            parser.error(f"there is no shape {shape!r}")
        child = multiprocessing.get_context("spawn").Process(target=_run, args=(shape,))
        child.start()
        child.join()


if __name__ == "__main__":
    main()
