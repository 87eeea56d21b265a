"""How fast a film is looked up among ten thousand, and which altered copies are found again.

    python -m benchmarks.fingerprints [--films 10000] [--seconds 300] [--queries 20] [--no-remakes]

The archive is made of random hashes in the shape of films: shots of some seconds whose hashes wander by a few bits.
Some of the films asked about are altered copies of films of the archive, some share one shot with one, the others
are strangers. The second table holds real encodes of films made by `submissions.inspection.synthetic`.
"""

import argparse
import itertools
import re
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.remakes import REMAKES, remake, take_prints
from submissions.inspection.fingerprint import PICTURE_STEP, SOUND_STEP, ZOOMS, Hashes, Prints
from submissions.inspection.matching import Archive, archived, compare, shortlist
from submissions.inspection.synthetic import LOOKS, make_film


def flipped(hashes: Hashes, chance: float, rng: np.random.Generator) -> Hashes:
    """The same hashes, each bit turned with this chance."""
    turned = rng.random((hashes.size, 64)) < chance
    weights = np.uint64(1) << np.arange(64, dtype=np.uint64)
    return hashes ^ (turned * weights).sum(axis=1, dtype=np.uint64).reshape(hashes.shape)


def film_of(number: int, seconds: float) -> Prints:
    """Fingerprints in the shape of a film's, the same for the same number."""
    rng = np.random.default_rng([number, 77])
    times = np.arange(0, seconds, PICTURE_STEP)
    shots = np.cumsum(rng.random(len(times)) < PICTURE_STEP / 3)
    bases = rng.integers(0, 2**64, int(shots[-1]) + 1, dtype=np.uint64)
    whole = flipped(bases[shots], 0.06, rng)
    pictures = np.stack([flipped(whole, 0.0 if zoom == 1 else 0.2, rng) for zoom in ZOOMS], axis=1)
    sounds = rng.integers(1, 2**64, int((seconds - 4) / SOUND_STEP), dtype=np.uint64)
    return Prints(times, pictures, sounds)


def altered(film: Prints, rng: np.random.Generator) -> Prints:
    """A copy that lost as much as a bad encode loses: one bit in fifteen."""
    return Prints(film.times, flipped(film.pictures, 0.066, rng), flipped(film.sounds, 0.066, rng))


def with_shot_of(film: Prints, other: Prints, rng: np.random.Generator) -> Prints:
    """A film into which six seconds of another were cut, at another place."""
    pictures = film.pictures.copy()
    pictures[100:112] = flipped(other.pictures[220:232], 0.03, rng)
    return Prints(film.times, pictures, film.sounds)


def memory(line: str = "VmHWM") -> float:
    """Megabytes of this process, now (VmRSS) or at the most (VmHWM)."""
    found = re.search(rf"{line}:\s*(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1000 if found else 0.0


def build(films: int, seconds: float, folder: Path) -> tuple[Archive, Archive]:
    """The archive as two files that are mapped, not read."""
    ends: list[list[int]] = [[], []]
    paths = [folder / "pictures", folder / "sounds"]
    with paths[0].open("wb") as pictures, paths[1].open("wb") as sounds:
        for number in range(films):
            for file, hashes, column in zip((pictures, sounds), archived(film_of(number, seconds)), ends):
                file.write(hashes.tobytes())
                column.append((column[-1] if column else 0) + len(hashes))
    first, second = (
        Archive(np.memmap(path, np.uint64, "r"), np.array(column, np.int64))
        for path, column in zip(paths, ends)
    )
    return first, second


def look_up(films: int, seconds: float, queries: int, folder: Path) -> None:
    """The first table."""
    started = time.process_time()
    pictures, sounds = build(films, seconds, folder)
    print(f"archive: {films} films of {seconds:.0f} s, {len(pictures.hashes) / 1e6:.1f} M hashes of picture, "
          f"{len(sounds.hashes) / 1e6:.1f} M of sound; made in {time.process_time() - started:.0f} s\n")  # fmt: skip
    print("| asked about | films | found | wrongly matched | CPU s, mean | CPU s, most |")
    print("|---|---|---|---|---|---|")
    for kind in ("altered copy", "one shot of 6 s shared", "stranger"):
        costs, found, wrong = [], 0, 0
        for number in range(queries):
            rng = np.random.default_rng([number, 5])
            theirs = int(rng.integers(films))
            original, stranger = film_of(theirs, seconds), film_of(films + 1 + number, seconds)
            asked = {
                "altered copy": lambda original=original, rng=rng: altered(original, rng),
                "stranger": lambda stranger=stranger: stranger,
            }.get(kind, lambda a=stranger, b=original, rng=rng: with_shot_of(a, b, rng))()
            began = time.process_time()
            places = shortlist(asked, pictures, sounds)
            cost = time.process_time() - began
            others = [film_of(place, seconds) for place in places]  # the site reads them from its database
            began = time.process_time()
            matched = [place for place, other in zip(places, others) if compare(asked, other)]
            costs.append(cost + time.process_time() - began)
            found += theirs in matched
            wrong += len([place for place in matched if place != theirs or kind == "stranger"])
        told = "–" if kind == "stranger" else f"{found}"
        print(f"| {kind} | {queries} | {told} | {wrong} | {np.mean(costs):.2f} | {max(costs):.2f} |")
    print(f"\nmost memory of the process: {memory():.0f} MB, the mapped archive included")


def remade(folder: Path, seconds: float) -> None:
    """The second table."""
    originals = {}
    for seed, look in enumerate(LOOKS, 60):
        path = folder / f"{look}.mp4"
        make_film(path, look=look, seed=seed, seconds=seconds, width=854, height=480)
        originals[look] = (path, take_prints(path))
    wrong = sum(
        bool(compare(one, other)) for (_, one), (_, other) in itertools.permutations(originals.values(), 2)
    )
    print(
        f"\n{len(originals)} films of {seconds:.0f} s, 854 × 480, every look; unrelated pairs matched: {wrong}\n"
    )
    print("| what was done | found | share of pictures, least | mean | sound found |")
    print("|---|---|---|---|---|")
    for how in REMAKES:
        shares, heard = [], 0
        for look, (path, original) in originals.items():
            copy = take_prints(remake(path, folder / f"{look}-copy.mp4", how))
            likenesses = {each.kind: each for each in compare(copy, original)}
            shares.append(likenesses["picture"].share if "picture" in likenesses else 0.0)
            heard += "sound" in likenesses
        count = len(shares)
        found = sum(share > 0 for share in shares)
        print(
            f"| {how.name} | {found}/{count} | {min(shares):.2f} | {np.mean(shares):.2f} | {heard}/{count} |",
            flush=True,
        )


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fingerprints", description=main.__doc__)
    parser.add_argument("--films", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--queries", type=int, default=20)
    parser.add_argument("--no-remakes", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fingerprints-") as folder:
        look_up(options.films, options.seconds, options.queries, Path(folder))
        if not options.no_remakes:
            remade(Path(folder), 12)


if __name__ == "__main__":
    main()
