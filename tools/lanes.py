"""`./dev test`: the suite in lanes, each on the real thing it is about.

unit      everything that needs no server, on SQLite, two processes
postgres  every test that uses the database once more on PostgreSQL, and those with real worker processes
browser   journeys in Chromium
s3        uploads and storage on Ceph's S3 gateway

A lane whose program is not on this machine is left out and says so in one line; FIRSTLIGHT_REQUIRE_ALL=1
(continuous integration) makes that a failure. With a path or a pytest option only the unit lane runs.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools import databases, messages
from tools.process import Failed, Missing, ends_on_signals, say, undisturbed
from tools.services import CephRGW, Postgres, Valkey, find_chromium

ROOT = Path(__file__).resolve().parent.parent
NO_TEST = 5  # pytest's exit code when it selected nothing


@contextmanager
def nothing(folder: Path) -> Iterator[Mapping[str, str]]:
    yield {}


@contextmanager
def database_and_queue(folder: Path) -> Iterator[Mapping[str, str]]:
    """PostgreSQL and Valkey for the postgres lane. The tests' databases are copies of the one named here."""
    with (
        Postgres(log=folder / "postgres.log") as postgres,
        Valkey(folder, log=folder / "valkey.log") as valkey,
    ):
        url = postgres.create("firstlight")
        yield {"DATABASE_URL": url, "BROKER_URL": valkey.url, "FIRSTLIGHT_TEMPLATE": url}


@contextmanager
def browser(folder: Path) -> Iterator[Mapping[str, str]]:
    yield {"FIRSTLIGHT_CHROMIUM": find_chromium()}


@dataclass(frozen=True)
class Lane:
    """Which tests (`marks`), what must be there (`require` raises Missing), and what is started for them."""

    name: str
    marks: str
    require: Callable[[], object] = lambda: None
    serve: Callable[[Path], object] = nothing
    processes: int = 1


LANES = (
    Lane("unit", "not postgres and not worker and not browser and not s3", processes=2),
    Lane(
        "postgres",
        "(database or postgres or worker) and not browser and not s3",
        require=Postgres.binaries,
        serve=database_and_queue,
        processes=2,
    ),
    Lane("browser", "browser", require=find_chromium, serve=browser, processes=2),
    Lane("s3", "s3", require=CephRGW.require),
)


@dataclass
class Outcome:
    """How a lane ended; `note` says why it is red or was left out."""

    lane: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0
    note: str = ""
    left_out: bool = False

    @property
    def red(self) -> bool:
        return not self.left_out and bool(self.note or self.failed)

    def __str__(self) -> str:
        if self.left_out:
            return f"{self.lane:9} left out: {self.note}"
        counts = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
        return f"{self.lane:9} {'FAILED' if self.red else 'ok'}: {counts} in {self.seconds:.0f} s {self.note}".rstrip()


def environment(folder: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """What a test run's processes get: their own data folder, and nothing that points at another site."""
    ours = ("DATABASE_URL", "BROKER_URL", "STORAGE", "EMAIL_URL", "SITE_URL", "ALLOWED_HOSTS", "SECRET_KEY")
    kept = {name: value for name, value in os.environ.items() if name not in (*ours, "DEMO", "DEBUG")}
    return {**kept, "FIRSTLIGHT_TEST": "1", "FIRSTLIGHT_VAR": str(folder / "var"), **extra}


def run_lane(lane: Lane, arguments: list[str], *, require_all: bool) -> Outcome:
    """Run one lane to its end, its output straight to the terminal; never raises for a red lane."""
    outcome, start = Outcome(lane.name), time.monotonic()
    say(f"\n--- {lane.name} ---")
    try:
        lane.require()
    except Missing as missing:
        outcome.note, outcome.left_out = str(missing), not require_all
        return outcome
    with tempfile.TemporaryDirectory(prefix=f"fl-{lane.name}-", dir="/tmp") as name:
        folder = Path(name)
        report = folder / "report.xml"
        command = [sys.executable, "-m", "pytest", "-m", lane.marks, f"--junit-xml={report}"]
        if lane.processes > 1 and not any(word.startswith(("-n", "--pdb", "-p")) for word in arguments):
            command += ["-n", str(lane.processes), "--dist=loadfile", "--no-loadscope-reorder"]
        try:
            with lane.serve(folder) as extra:
                code = subprocess.call([*command, *arguments], cwd=ROOT, env=environment(folder, extra))
            count(report, outcome)
        except (Failed, Missing) as error:
            outcome.note = str(error)
            return outcome
    if code == NO_TEST or not (outcome.passed or outcome.failed):
        outcome.note = "no test ran"
    elif code:
        outcome.note = f"pytest ended with exit code {code}"
    outcome.seconds = time.monotonic() - start
    return outcome


def count(report: Path, outcome: Outcome) -> None:
    """Read pytest's own report: errors count as failed; an expected failure counts as skipped there."""
    if not report.exists():
        return
    for suite in ET.parse(report).getroot().iter("testsuite"):  # noqa: S314  (written by our own pytest)
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        outcome.failed += failed
        outcome.skipped += skipped
        outcome.passed += int(suite.get("tests", 0)) - failed - skipped


def choose(arguments: list[str]) -> tuple[list[Lane], list[str]]:
    """The lanes to run and what goes to pytest. Raises Failed for a lane that does not exist."""
    parser = argparse.ArgumentParser(prog="./dev test", add_help=False)
    parser.add_argument("--lane", action="append", default=[])
    options, rest = parser.parse_known_args(arguments)
    unknown = [name for name in options.lane if name not in {lane.name for lane in LANES}]
    if unknown:
        raise Failed(f"There is no lane {unknown[0]}; there are {', '.join(lane.name for lane in LANES)}.")
    names = options.lane or (["unit"] if rest else [lane.name for lane in LANES])
    return [lane for lane in LANES if lane.name in names], rest


def summary(outcomes: list[Outcome]) -> str:
    """One line per lane, then the sum over all of them on a plain line of its own."""
    passed, failed = sum(one.passed for one in outcomes), sum(one.failed for one in outcomes)
    # A lane that could not run at all is a failure too, and the last line must not hide it.
    failed += sum(1 for one in outcomes if one.red and not one.failed)
    return "\n".join(["", *map(str, outcomes), f"{passed} passed, {failed} failed"])


def main(arguments: list[str]) -> int:
    if arguments[:1] in (["-h"], ["--help"]):
        say(__doc__ or "")
        return 0
    lanes, rest = choose(arguments)
    require_all = os.environ.get("FIRSTLIGHT_REQUIRE_ALL", "") not in ("", "0")
    messages.compile_catalogues()
    outcomes: list[Outcome] = []
    with ends_on_signals(), tempfile.TemporaryDirectory(prefix="fl-migrated-", dir="/tmp") as migrated:
        os.environ[databases.VARIABLE] = migrated
        try:
            for lane in lanes:
                outcomes.append(run_lane(lane, rest, require_all=require_all))
        except KeyboardInterrupt:
            with undisturbed():
                say("\nStopped.")
            return 130
    say(summary(outcomes))
    return 1 if any(one.red for one in outcomes) or not any(one.passed for one in outcomes) else 0
