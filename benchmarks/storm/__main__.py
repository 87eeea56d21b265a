"""A storm at the deadline: hundreds of uploads at once while the site's programs are killed and started again.

    python -m benchmarks.storm [--uploads 500] [--setup embedded|full] [--kill-every 12] [--seed 1] [--minutes 15]

Real programs on loopback alone. Ends with 1, and says what broke, unless every byte that was acknowledged is there,
once, under the right hash. The work is in a temporary folder, or in FIRSTLIGHT_BENCH; --keep leaves it there.
"""

import argparse
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.storm import figures
from benchmarks.storm.places import Embedded, Full
from benchmarks.storm.run import Weather, storm, tell
from tools.process import Failed, Missing, ends_on_signals
from tools.site import ROOT

PLACES = {"embedded": Embedded, "full": Full}
NEEDED_BYTES = 8 << 30


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--uploads", type=int, default=500)
    parser.add_argument("--setup", choices=PLACES, action="append", help="both when not given")
    parser.add_argument("--kill-every", type=float, default=12, help="seconds; 0 kills nothing")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=15, help="after which the storm is broken off")
    parser.add_argument("--threads", type=int, default=8, help="of each worker of gunicorn")
    parser.add_argument(
        "--line-speed", type=float, default=0, help="kB/s of each connection; 0: as fast as it goes"
    )
    parser.add_argument("--largest", type=float, default=64, help="MB of a film at most")
    parser.add_argument("--port", type=int, default=0, help="of the site; any free one when not given")
    parser.add_argument("--keep", type=Path, help="the folder to work in, left as it is at the end")
    options = parser.parse_args()
    if shutil.disk_usage("/tmp").free < NEEDED_BYTES:
        print("There is too little room in /tmp for this.", file=sys.stderr)
        return 2
    weather = Weather(
        options.uploads,
        options.seed,
        options.kill_every,
        minutes=options.minutes,
        line_speed=options.line_speed * 1000,
        largest=round(options.largest * 1_000_000),
    )
    storms = []
    with ExitStack() as stack, ends_on_signals():
        base = options.keep or Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(
                    prefix="fl-storm-", dir=os.environ.get("FIRSTLIGHT_BENCH", "/tmp")
                )
            )
        )
        for name in options.setup or PLACES:
            folder = base / name
            folder.mkdir(parents=True)
            try:
                storms.append(
                    (
                        name,
                        storm(
                            PLACES[name](folder, port=options.port, threads=options.threads), weather, tell
                        ),
                    )
                )
            except (Failed, Missing) as error:
                print(f"{name}: {error}", file=sys.stderr)
                return 2
    print(figures.table(storms))
    broken = [f"{name}: {said}" for name, one in storms for said in one.verdict["broken"]]
    print(f"\n{len(broken)} broken" if broken else "\nNothing broken.")
    print("\n".join(broken[:100]))
    return 1 if broken else 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
