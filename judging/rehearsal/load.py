"""What a contest asks of machines and people over time: arrivals, the queue of the inspection, hours. No Django."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from typing import Any

import numpy as np

DAY, HOUR = 86_400.0, 3600.0
SOON = 6.0  # hours within which nearly every film should be inspected
NEARLY = 95  # per cent of the films
MOST_WORKERS = 256
DRAWS = 1000
INTERVAL = (2.5, 97.5)  # per cent: where 95 of 100 draws lie

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Weight:
    """What a second of film weighs: CPU seconds of a worker, and bytes kept. `source` says where that is from, `films`
    on how many it was measured.
    """

    worker_seconds: float
    bytes: float
    source: str
    films: int = 0


BENCHMARKS = Weight(0.76, 2_835_000, "benchmarks")
"""Where nothing was measured here: the mix of `python -m benchmarks.weights`, CPU with judges' copy, bytes of film and
copy (benchmarks/README.md, "What a second of film weighs").
"""


def per_day(moments: Sequence[float]) -> list[int]:
    """How many come on each day from the first to the last; `moments` in seconds from the beginning."""
    if not len(moments):
        return []
    days = np.floor(np.array(moments) / DAY).astype(int)
    return [int(count) for count in np.bincount(days)]


def queue(arrivals: Sequence[float], work: Sequence[float], workers: int) -> Row:
    """Films wait for `workers` that each inspect one at a time, first come, first served; everything in seconds.

    Gives hours of waiting until a film's report is there: the median, what NEARLY all stay below, the longest; how
    many films wait at the end of each day; and with how many workers NEARLY all films would have it within SOON.
    """
    if not len(arrivals):
        return {
            "workers": workers,
            "median": 0.0,
            "nearly_all": 0.0,
            "longest": 0.0,
            "waiting": [],
            "enough": 1,
        }
    order = np.argsort(np.array(arrivals), kind="stable")
    at, needs = np.array(arrivals, float)[order], np.array(work, float)[order]
    done = _done(at, needs, workers)
    hours = (done - at) / HOUR
    days = range(int(at[0] // DAY), int(done.max() // DAY) + 1)
    ends = [(day + 1) * DAY for day in days]
    waiting = [int((at < end).sum() - (done < end).sum()) for end in ends]
    enough = workers
    while enough > 1 and _soon(at, needs, enough - 1):
        enough -= 1
    while enough < MOST_WORKERS and not _soon(at, needs, enough):
        enough += 1
    return {
        "workers": workers,
        "median": round(float(np.median(hours)), 2),
        "nearly_all": round(float(np.percentile(hours, NEARLY)), 2),
        "longest": round(float(hours.max()), 2),
        "waiting": waiting,
        "enough": enough,
    }


def _done(at: Any, needs: Any, workers: int) -> Any:
    free = [0.0] * workers
    heapify(free)
    done = np.empty(len(at))
    for number, (come, need) in enumerate(zip(at.tolist(), needs.tolist(), strict=True)):
        done[number] = max(come, free[0]) + need
        heapreplace(free, done[number])
    return done


def _soon(at: Any, needs: Any, workers: int) -> bool:
    return bool(np.percentile(_done(at, needs, workers) - at, NEARLY) <= SOON * HOUR)


def hours_of(judges: Sequence[float], seed: int = 0) -> Row | None:
    """Hours for each judge: the mean with an interval (a bootstrap over judges: with other judges like these), the
    busiest, and all from the busiest down. None without judges.
    """
    if not len(judges):
        return None
    hours = np.sort(np.array(judges, float))[::-1]
    draw = np.random.default_rng([seed, 5])
    means = hours[draw.integers(0, len(hours), (DRAWS, len(hours)))].mean(axis=1)
    low, high = np.percentile(means, INTERVAL)
    return {
        "judges": len(hours),
        "mean": round(float(hours.mean()), 2),
        "low": round(float(low), 2),
        "high": round(float(high), 2),
        "most": round(float(hours[0]), 2),
        "all": [round(float(one), 2) for one in hours],
    }
