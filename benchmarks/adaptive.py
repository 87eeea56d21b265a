"""What looks find where they decide something: `python -m benchmarks.adaptive [--seeds 8] [--films 10000]`, and with
`--replay SCORES.csv [--cut 30]` over real scores.

A synthetic contest (`judging/rehearsal/truth.py`) is judged twice with the same number of looks: evenly, and by
`judging.logic.adaptive` after two looks each, in batches of five of a hundred films. Printed is how many of the true
best are among the best by each model, and what the batches cost.

A replay takes scores that many judges have given (columns judge, entry, score), calls the mean of them all the truth,
and deals them out again: evenly, or where they are worth most. Printed is how many are needed for the same precision.
"""

import argparse
import time

import numpy as np

from judging.logic import adaptive, additive, own_scale
from judging.logic.commands import calibrate
from judging.logic.scores import Floats, Ints, Scores
from judging.rehearsal.truth import CONFERENCE, FILM, Contest, World, mean_over

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


class Replay:
    """Real scores dealt out again; a film's looks come in an order drawn by lot."""

    def __init__(self, scores: Scores, cut: int, seed: int) -> None:
        draw = np.random.default_rng(seed)
        self.whole, self.cut = scores, cut
        mixed = draw.permutation(len(scores.value))
        self.queue = mixed[np.argsort(scores.entry[mixed], kind="stable")]
        self.start = np.concatenate([[0], np.cumsum(scores.looks)])[:-1]
        means = scores.raw_means()
        self.best = set(np.argsort(-means)[:cut])

    def dealt(self, looks: Ints) -> Scores:
        """The first so many looks of each film."""
        place = np.arange(len(self.queue)) - np.repeat(self.start, self.whole.looks)
        return self.whole.some(np.sort(self.queue[place < np.repeat(looks, self.whole.looks)]))

    def hits(self, looks: Ints) -> float:
        """Share of the best that is found."""
        value = additive.fit(self.dealt(looks)).value
        return len(self.best & set(np.argsort(-value)[: self.cut])) / self.cut

    def evenly(self) -> list[tuple[float, float]]:
        """(looks a film, share found) for every number of looks."""
        whole = self.whole.looks
        found = []
        for number in range(2, int(whole.max()) + 1):
            looks = np.minimum(whole, number)
            found.append((float(looks.mean()), self.hits(looks)))
        return found

    def where_it_counts(self, batch: float = adaptive.BATCH) -> list[tuple[float, float]]:
        """The same after every batch."""
        whole = self.whole.looks
        looks = np.minimum(whole, 2)
        found = [(float(looks.mean()), self.hits(looks))]
        rules = adaptive.Rules(cut=self.cut, first=2, most=int(whole.max()), out=0.0, through=1.0)
        while True:
            fit = additive.fit(self.dealt(looks))
            choice = adaptive.choose(
                value=fit.value, sd=fit.sd, looks=looks, noise=fit.variances.residual, rules=rules,
                batch=max(1, round(batch * len(looks))), barred=looks >= whole,
            )  # fmt: skip
            if not len(choice.films) or looks.mean() > 0.8 * whole.mean():
                return found
            looks = looks.copy()
            looks[choice.films] += 1
            found.append((float(looks.mean()), self.hits(looks)))


def replay(path: str, cut: int, seeds: int) -> None:
    """Print how many looks a film each plan needs for the precision that even looks reach at 3, 4, 5 …"""
    scores = calibrate.columns(calibrate.read(path))
    even = np.mean(
        [[share for _mean, share in Replay(scores, cut, seed).evenly()] for seed in range(seeds)], axis=0
    )
    plans = [Replay(scores, cut, seed).where_it_counts() for seed in range(seeds)]
    length = min(len(plan) for plan in plans)
    there = np.mean([[share for _mean, share in plan[:length]] for plan in plans], axis=0)
    means = np.array([mean for mean, _share in plans[0][:length]])
    for place, share in enumerate(even[1:-1], 3):
        reached = np.flatnonzero(there >= share)
        if len(reached):
            needed = means[reached[0]]
            saved = 1 - needed / place
            print(
                f"evenly {place} looks a film: {share:.2f}; where they count {needed:.2f} ({saved:.0%} fewer)"
            )
        else:
            print(
                f"evenly {place} looks a film: {share:.2f}; not reached ({there[-1]:.2f} at {means[-1]:.2f})"
            )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--films", type=int, default=10_000)
    parser.add_argument("--most", type=int, default=30, help="looks a film at most")
    parser.add_argument("--replay", metavar="SCORES.csv")
    parser.add_argument("--cut", type=int, default=30)
    options = parser.parse_args()
    if options.replay:
        replay(options.replay, options.cut, options.seeds)
    else:
        compare(options.films, options.seeds, options.most)


def compare(films: int, seeds: int, most: int) -> None:
    """Print what each plan finds in each world."""
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
                    size = {"films": films, "judges": judges, "looks": 3 * films, "cut": cut, "most": most}
                    return np.array(precisions(adaptively(world, **size, seed=seed, batch=batch), cut))
                contest = Contest(world, films=films, judges=judges, seed=seed)
                contest.look_at_all(3)
                return np.array(precisions(contest, cut))

            begun = time.process_time()
            mean, error = mean_over(range(seeds), figure)
            spent = (time.process_time() - begun) / seeds
            shown = " / ".join(f"{one:.2f}" for one in mean)
            print(
                f"{name:>10} {plan:>17}: {shown}  (± {error.max():.3f}; {spent:.1f} s CPU a contest)",
                flush=True,
            )


if __name__ == "__main__":
    main()
