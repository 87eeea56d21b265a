"""What looks find where they decide something: `python -m benchmarks.adaptive [--seeds 8] [--films 10000]`.

A synthetic contest (`benchmarks/contest.py`) is judged twice with the same number of looks: evenly, and by
`judging.logic.adaptive` after two looks each, in batches of five of a hundred films. Printed is how many of the true
best are among the best by each model, and what the batches cost.
"""

import argparse
import time

import numpy as np

from benchmarks.contest import CONFERENCE, FILM, Contest, World, mean_over
from judging.logic import adaptive, additive, own_scale
from judging.logic.scores import Floats

WORLDS = {"film": FILM, "conference": CONFERENCE}


def adaptively(
    world: World,
    *,
    films: int,
    judges: int,
    looks: int,
    cut: int,
    seed: int,
    batch: float = adaptive.BATCH,
    most: int = 30,
    first: int = 2,
) -> Contest:
    """A contest with `looks` looks in all: `first` each, then batch by batch where they are worth most."""
    contest = Contest(world, films=films, judges=judges, seed=seed)
    contest.look_at_all(first)
    rules = adaptive.Rules(cut=cut, first=first, most=most, out=0.0, through=1.0)
    while (left := looks - len(contest.entry)) > 0:
        scores = contest.scores()
        known = own_scale.fit(scores, additive.fit(scores), rounds=30)
        noise = float(np.mean((known.noise / known.scale) ** 2))
        size = min(left, max(1, round(batch * films)))
        choice = adaptive.choose(
            value=known.value, sd=known.sd, looks=scores.looks, noise=noise, rules=rules, batch=size
        )
        if not len(choice.films):
            break
        contest.look_at(choice.films)
    return contest


def precisions(contest: Contest, cut: int) -> list[float]:
    """By plain means, the additive model, and own scales."""
    scores = contest.scores()
    fit = additive.fit(scores)
    values = (np.nan_to_num(scores.raw_means(), nan=-np.inf), fit.value, own_scale.fit(scores, fit).value)
    return [contest.precision(value, cut) for value in values]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--films", type=int, default=10_000)
    options = parser.parse_args()
    films = options.films
    cut, judges = max(5, round(films * 0.0055)), 150
    print(
        f"{films} films, {judges} judges, first {cut}; share of the true best found (plain / additive / own scale)"
    )
    for name, world in WORLDS.items():
        for plan, batch in (
            ("even", 0.0),
            ("batches of 5 %", 0.05),
            ("batches of 2.5 %", 0.025),
            ("of 25 %", 0.25),
        ):

            def figure(seed: int, world: World = world, batch: float = batch) -> Floats:
                if batch:
                    size = {"films": films, "judges": judges, "looks": 3 * films, "cut": cut}
                    return np.array(precisions(adaptively(world, **size, seed=seed, batch=batch), cut))
                contest = Contest(world, films=films, judges=judges, seed=seed)
                contest.look_at_all(3)
                return np.array(precisions(contest, cut))

            begun = time.process_time()
            mean, error = mean_over(range(options.seeds), figure)
            spent = (time.process_time() - begun) / options.seeds
            shown = " / ".join(f"{one:.2f}" for one in mean)
            print(
                f"{name:>10} {plan:>17}: {shown}  (± {error.max():.3f}; {spent:.1f} s CPU a contest)",
                flush=True,
            )


if __name__ == "__main__":
    main()
