"""`python -m tests.fuzz --cases 100000 --seed 1 [--jobs 2] [--minutes M] [--keep DIR] [--only N]`

Mutates small real films and inspects each mutant. Ends with 0 when every case gave a report or a problem with a name,
else with 1 and the numbers of the cases; `--only N` runs one again, `--keep DIR` keeps their files.
"""

import argparse
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.fuzz.corpus import make_corpus
from tests.fuzz.run import Tally, run_cases


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.split("\n")[2])
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=0, help="begin no case after this time")
    parser.add_argument("--keep", type=Path, help="keep the files of faults here")
    parser.add_argument("--only", type=int, help="run this case alone")
    asked = parser.parse_args()
    until = time.monotonic() + asked.minutes * 60 if asked.minutes else 0.0
    numbers = [asked.only] if asked.only is not None else range(asked.cases)
    total, began = Tally(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fuzz-corpus-") as name:
        corpus = Path(name)
        make_corpus(corpus)
        with ProcessPoolExecutor(asked.jobs, mp_context=get_context("spawn")) as pool:
            shares = [
                pool.submit(run_cases, corpus, asked.seed, numbers[job :: asked.jobs], asked.keep, until)
                for job in range(asked.jobs)
            ]
            for share in shares:
                total.add(share.result())
    seconds = time.monotonic() - began
    print(
        f"{total.cases} cases, seed {asked.seed}, in {seconds:.0f} s ({total.cases / seconds:.0f} a second)"
    )
    for outcome, count in sorted(total.outcomes.items(), key=lambda pair: -pair[1]):
        print(f"{count:8} {outcome}")
    print(f"slowest: {total.slowest[0]:.1f} s (case {total.slowest[1]})")
    print(f"children that died or hung: {len(total.died)}")
    for number, done, how in total.died[:50]:
        print(f"  case {number} ({done}): {how}")
    print(f"faults: {len(total.faults)}")
    kinds: dict[str, list[tuple[int, str, str]]] = {}
    for fault in total.faults:
        lines = [line.strip() for line in fault[2].strip().splitlines()]
        places = [line for line in lines if line.startswith("File ")][-1:]
        kinds.setdefault(" ".join([lines[-1], *places]), []).append(fault)
    for kind, faults in sorted(kinds.items(), key=lambda pair: -len(pair[1])):
        print(f"{len(faults):6} × {kind[:400]}")
        print("         " + ", ".join(f"{number} ({done})" for number, done, _ in faults[:3]))
    return 1 if total.faults else 0


if __name__ == "__main__":
    sys.exit(main())
