"""What marks of an audience's vote find, and what they cost:
`python -m benchmarks.audience [--votes 20000] [--polls 20]`.

An honest poll is made with films of very different fame, the rhythm of a day, friends who vote together, networks that
many share, a screening with printed codes; into every second one votes of one hand are planted, in five ways. Printed
is, by way, which part of the planted votes is marked, and how many honest polls had a mark at all. With `--cost` one
poll is counted and marked, with seconds and memory.
"""

import argparse
import math
import random
import resource
import time
from collections import Counter, defaultdict

from festival.awards.audience.marks import marks_of
from festival.awards.audience.votes import Vote, count, digest, document

START, DAYS = 1_800_000_000, 7
PLANTED = {"burst": 60, "network": 20, "domain": 25, "new": 25, "sequence": 10}


def honest(size: int, films: int, seed: int) -> list[Vote]:
    """Votes of people of their own mind, and their friends: a tenth of the choices is made by 2 to 5 within minutes."""
    draw = random.Random(seed)
    names = [f"F{number:03}" for number in range(films)]
    fame = [1 / (rank + 2) for rank in range(films)]
    votes: list[Vote] = []
    while len(votes) < size * 0.95:
        film = draw.choices(names, fame)[0]
        friends = draw.randint(2, 5) if draw.random() < 0.1 else 1
        at = _moment(draw)
        network = draw.randint(1, 400) if draw.random() < 0.3 else draw.randint(401, 400 + size)
        for _friend in range(friends):
            age = int(draw.expovariate(1 / 900)) if draw.random() < 0.6 else draw.randint(86_400, 30_000_000)
            domain = min(int(draw.paretovariate(0.7)), size)
            votes.append(Vote(at + draw.randint(0, 240), (film,), network, domain, age))
    printed = size - len(votes)
    serials = draw.sample(range(1, printed + 1), printed)
    evening = START + 3 * 86_400 + 20 * 3600
    for serial in serials:
        film = draw.choices(names, fame)[0]
        votes.append(Vote(evening + int(draw.expovariate(1 / 300)), (film,), 1, batch=1, serial=serial))
    return votes


def _moment(draw: random.Random) -> int:
    """Most vote in the evening, and most of those on the first and the last day."""
    day = draw.choices(range(DAYS), [3, 1, 1, 1, 1, 1, 3])[0]
    hour = min(23.99, max(0.0, draw.gauss(20, 3) if draw.random() < 0.7 else draw.uniform(0, 24)))
    return START + int((day + hour / 24) * 86_400)


def plant(votes: list[Vote], films: int, seed: int) -> dict[str, set[int]]:
    """Votes of one hand for a film of middling fame, by each way its own; gives their places."""
    draw = random.Random(seed)
    placed: dict[str, set[int]] = defaultdict(set)
    size = len(votes)
    for way, number in PLANTED.items():
        film = f"F{draw.randint(films // 4, films - 1):03}"
        start = _moment(draw)
        network, domain, born = size * 3 + len(way), size * 3 + len(way), start // 3600 * 3600
        for turn in range(number):
            at = _moment(draw)
            age: int | None = draw.randint(86_400, 30_000_000)
            net, dom = draw.randint(401, 400 + size), min(int(draw.paretovariate(0.7)), size)
            batch = serial = None
            match way:
                case "burst":
                    at = start + draw.randint(0, 480)
                case "network":
                    net = network
                case "domain":
                    dom = domain
                case "new":
                    at = born + draw.randint(3600, 70_000)
                    age = at - born - draw.randint(0, 3500)
                case "sequence":
                    batch, serial, at, age = 2, turn + 1, start + turn * 20, None
            placed[way].add(len(votes))
            votes.append(Vote(at, (film,), net, dom, age, batch, serial))
    # The batch of which a part was taken home was used by others too.
    for serial in draw.sample(range(50, 150), 60):
        film = f"F{min(films - 1, int(draw.expovariate(1 / 6))):03}"
        votes.append(Vote(_moment(draw), (film,), 1, batch=2, serial=serial))
    return placed


def finds(size: int, films: int, polls: int) -> None:
    found: dict[str, list[float]] = defaultdict(list)
    marked, false_marks, honest_votes = 0, 0, Counter[str]()
    for seed in range(polls):
        votes = honest(size, films, seed)
        clean = marks_of(votes)
        marked += bool(clean)
        false_marks += len(clean)
        placed = plant(votes, films, seed + 10_000)
        marks = marks_of(votes)
        seen: dict[str, set[int]] = defaultdict(set)
        for mark in marks:
            seen[mark.kind] |= set(mark.votes)
        every = set().union(*placed.values())
        for way, places in placed.items():
            found[way].append(len(places & seen[way]) / len(places))
        honest_votes["marked"] += len(set().union(*seen.values()) - every)
        honest_votes["all"] += len(votes) - len(every)
    print(
        f"{polls} honest polls of {size} votes, {films} films: {marked} have a mark, {false_marks} marks in all"
    )
    for way, parts in found.items():
        whole = sum(part >= 0.9 for part in parts)
        print(
            f"  {way:9} {PLANTED[way]:3} votes planted: {math.fsum(parts) / len(parts):5.1%} marked, whole in {whole}"
        )
    share = honest_votes["marked"] / honest_votes["all"]
    print(f"  honest votes inside marked groups: {share:.3%}")


def cost(size: int, films: int) -> None:
    votes = honest(size, films, 1)
    plant(votes, films, 2)
    names = {f"F{number:03}": "" for number in range(films)}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    rows = count(names, votes)
    counted = time.perf_counter()
    mark = digest(document(names, 1, votes))
    written = time.perf_counter()
    marks = marks_of(votes)
    end = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{len(votes)} votes, {len(rows)} films: counted {counted - start:.2f} s, digest {written - counted:.2f} s "
        f"({mark[:8]}), {len(marks)} marks {end - written:.2f} s; "
        f"{(peak - before) / 1024:.0f} MB more than the votes themselves"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--votes", type=int, default=20_000)
    parser.add_argument("--films", type=int, default=30)
    parser.add_argument("--polls", type=int, default=20)
    parser.add_argument("--cost", action="store_true")
    given = parser.parse_args()
    if given.cost:
        cost(given.votes, given.films)
    else:
        finds(given.votes, given.films, given.polls)
