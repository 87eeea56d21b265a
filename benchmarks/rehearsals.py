"""The contests of this world at full size: `python -m benchmarks.rehearsals [--only WORD] [--postgres] [--share 0.1]`.

Rehearses each blueprint from its call to its premiere with as many entries as the contest it stands for had
(`SIZES`, with its source), each in a database of its own, with nine small films really inspected, and prints what the
reports say side by side: what came through, judge-hours, how many of the truly best films each gate found, machines,
and the slowest pages. `--share` rehearses a part of each size; `--keep FOLDER` keeps the reports as Markdown and JSON.
The database is a SQLite file, or with `--postgres` a PostgreSQL of its own. Needs requirements-dev.txt.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SEED = 7


@dataclass(frozen=True)
class Size:
    """How large a rehearsal is, and which contest had so many."""

    entries: int
    judges: int
    stands_for: str


SIZES = {
    "open-call": Size(10_000, 120, "iQiyi and Tencent Video, more than 10,000 entries"),
    "tool-makers": Size(4_600, 40, "Kling NEXTGEN, 4,600 entries"),
    "festival-unit": Size(2_500, 90, "Pingtan, about 2,500 entries"),
    "short-film": Size(500, 10, "a festival’s open programme"),
    "incubator": Size(300, 12, "Peter Pau × iQiyi, 30 teams"),
    "invited-premiere": Size(7, 3, "Jimeng, seven directors"),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="blueprints whose names contain one of these words")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--share", type=float, default=1.0, help="of the full size")
    parser.add_argument("--keep", type=Path, help="a folder in which the reports stay")
    asked = parser.parse_args()
    words = [word for word in asked.only.split(",") if word]
    names = [name for name in SIZES if not words or any(word in name for word in words)]
    for number, name in enumerate(names):
        print("\n".join(lines(name, rehearse(name, asked), first=not number)), flush=True)


def rehearse(name: str, asked: argparse.Namespace) -> dict[str, Any]:
    """The report of one rehearsal, with `clock` and `cpu` in seconds and `peak` in MB of its process."""
    from tools.services import Postgres

    size = SIZES[name]
    # A programme by invitation is as large as it is.
    share = 1.0 if name == "invited-premiere" else asked.share
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder}/rehearsal.sqlite3"
        if asked.postgres:
            url = stack.enter_context(Postgres(log=folder / "postgres.log")).create("rehearsal")
        environment = os.environ | {"FIRSTLIGHT_VAR": str(folder), "DATABASE_URL": url}
        manage = [sys.executable, "manage.py"]
        for step in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
            subprocess.run([*manage, *step], env=environment, check=True)
        report = folder / "report.json"
        line = [*manage, "rehearse", name, "--seed", str(SEED), "--films", str(folder / "films"), "-v0"]
        line += ["--entries", str(max(1, round(size.entries * share))), "--report", str(report)]
        line += ["--judges", str(max(3, round(size.judges * share)))]
        before = time.monotonic()
        process = subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, text=True)
        said = process.communicate()[0]
        clock = time.monotonic() - before
        if process.returncode:
            raise SystemExit(f"{name} did not come to its end:\n{said}")
        found = json.loads(report.read_text()) | {"clock": clock}
        if asked.keep:
            asked.keep.mkdir(parents=True, exist_ok=True)
            (asked.keep / f"{name}.json").write_text(report.read_text())
            (asked.keep / f"{name}.txt").write_text(said)
        return found


def lines(name: str, found: dict[str, Any], *, first: bool) -> list[str]:
    """The row of one rehearsal in the table of all, and with the first its head."""
    head = [
        "blueprint",
        "entries, judges",
        "admitted",
        "gates: films → through (best found, by chance)",
        "awards",
    ]
    head += ["judge-hours (each, most)", "worker hours", "GB", "slowest pages, ms", "minutes, CPU minutes"]
    gates = [
        f"{one['films']:,} → "
        # The last round may lead to the awards without a cut of its own.
        + ("awards" if one["through"] is None else f"{one['through']:,}{share_of(one.get('found'))}")
        for one in found["rounds"]
        if not one["refused"]
    ]
    awards, hours, cost = found["awards"] or {}, found["judges_hours"], found["cost"]
    pages = {one["page"]: min(one["ms"], one["cpu_ms"]) for one in found["pages"]}
    slow = sorted(pages.items(), key=lambda one: -one[1])[:2]
    row = [
        name,
        f"{found['entries']:,}, {found['judges']}",
        f"{found['admitted']:,}",
        "; ".join(gates) or "–",
        f"{awards.get('laureates', 0)}{share_of(awards.get('found'))}",
        f"{found['judge_hours']:,.0f} ({hours['mean']}, {hours['most']})" if hours else "–",
        f"{cost['worker_hours']:,.0f}",
        f"{cost['gigabytes']:,.0f}",
        ", ".join(f"{page} {ms:.0f}" for page, ms in slow) or "–",
        f"{found['clock'] / 60:.1f}, {sum(one['cpu'] for one in found['stages']) / 60:.1f}",
    ]
    table = [" | ".join(["", *cells, ""]).strip() for cells in (head, ["---"] * len(head), row)]
    return table if first else table[-1:]


def share_of(found: dict[str, Any] | None) -> str:
    """Of the truly best, as many as came through: the share found, with what chance would find."""
    return f" ({found['share']:.0%}, {found['by_chance']:.0%})" if found else ""


if __name__ == "__main__":
    main()
