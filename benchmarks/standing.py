"""What the adjusted standing costs: `python -m benchmarks.standing [--films 10000] [--judges 200]`.

A synthetic round in which every film has three looks, then ten. Prints CPU seconds (one thread) of the fit, of a
refit at known variances, of 1,000 joint draws and of the model with judges' own scales, and the peak of memory; and
each per 1,000 looks, the figure that carries over to other sizes.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse  # noqa: E402
import resource  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from typing import Any  # noqa: E402

from judging.logic import additive, own_scale, posterior  # noqa: E402
from judging.logic.scores import Scores  # noqa: E402
from judging.rehearsal.truth import CONFERENCE, Contest  # noqa: E402

ROUNDS = 5  # the quickest counts: what others do on the machine only adds


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=10_000)
    parser.add_argument("--judges", type=int, default=200)
    options = parser.parse_args()
    for looks in (3, 10):
        contest = Contest(CONFERENCE, films=options.films, judges=options.judges, seed=1)
        contest.look_at_all(looks)
        measure(contest.scores())
    print(f"peak of memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def measure(scores: Scores) -> None:
    """All figures of one table of scores."""
    looks = len(scores.value)
    print(f"{len(scores.entries)} films, {len(scores.judges)} judges, {looks} looks")
    fit = quickest("fit (REML)", looks, lambda: additive.fit(scores))
    quickest("refit, variances known", looks, lambda: additive.fit(scores, fit.variances))
    quickest("1,000 joint draws", looks, lambda: posterior.chances(fit, cut=55), rounds=2)
    quickest("judges' own scales", looks, lambda: own_scale.fit(scores, fit))


def quickest(name: str, looks: int, work: Callable[[], Any], rounds: int = ROUNDS) -> Any:
    """Run it a few times and print the least CPU it took."""
    spent, result = [], None
    for _round in range(rounds):
        begun = time.process_time()
        result = work()
        spent.append(time.process_time() - begun)
    print(
        f"  {name:<24} {min(spent):7.3f} s CPU  {1e6 * min(spent) / looks:7.2f} ms per 1,000 looks",
        flush=True,
    )
    return result


if __name__ == "__main__":
    main()
