"""Feeds cases to batch children, restarts them when they die, and judges every outcome."""

import contextlib
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

from festival.edition.rulebook_default import DEFAULT
from submissions.inspection.confined import ROOT, _environment
from submissions.inspection.limits import Limits
from submissions.inspection.report import CopyInfo, Measurements, Report, Still, read
from submissions.inspection.rules import judge, judge_glance
from submissions.inspection.runner import inspect_film
from submissions.inspection.texts import PROBLEMS
from submissions.inspection.words import describe, describe_problem
from tests.fuzz.corpus import make_corpus
from tests.fuzz.mutate import mutant

LIMITS = Limits(memory_bytes=2 << 30, cpu_base=900, cpu_factor=0, cpu_most=900, file_bytes=64 << 20)
ALONE = Limits(memory_bytes=2 << 30, cpu_base=20, cpu_factor=0, cpu_most=20, wall_seconds=90)
PER_CHILD = 1000
SLOW_SECONDS = 12.0
EVERY = 20
INSTEAD = {1: "copy", 3: "glance", 5: "both"}  # of twenty cases; "both" measures and copies in one decode
ALONE_EVERY = 500


@dataclass
class Tally:
    """What came out. `faults` are cases that did what no film may do: number, what was done to it, what went wrong."""

    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    died: list[tuple[int, str, str]] = field(default_factory=list)
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    seconds: float = 0
    slowest: tuple[float, int] = (0, -1)

    def add(self, other: "Tally") -> None:
        self.cases += other.cases
        self.outcomes += other.outcomes
        self.died += other.died
        self.faults += other.faults
        self.slowest = max(self.slowest, other.slowest)


class Batch:
    """One batch child."""

    def __init__(self, cases: Path, work: Path) -> None:
        ours, theirs = os.pipe()
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.batch", str(theirs)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs],
            start_new_session=True,
            cwd=ROOT,
            env=_environment(),
        )
        os.close(theirs)
        self.answers, self.waiting, self.done = ours, b"", 0
        body = {"cases": str(cases), "work": str(work), "parent": os.getpid(), "limits": asdict(LIMITS)}
        self.send(body)
        first = self.receive(60)
        if first is None:
            raise RuntimeError("the batch child does not start")

    def send(self, body: dict[str, Any]) -> None:
        assert self.child.stdin is not None
        self.child.stdin.write(json.dumps(body).encode() + b"\n")
        self.child.stdin.flush()

    def receive(self, seconds: float) -> dict[str, Any] | None:
        """The next line; None when the child died or took too long, and is dead now."""
        end = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self.answers, selectors.EVENT_READ)
            while b"\n" not in self.waiting:
                if not selector.select(max(0, end - time.monotonic())):
                    self.end()
                    return None
                chunk = os.read(self.answers, 1 << 16)
                if not chunk:
                    self.end()
                    return None
                self.waiting += chunk
        line, self.waiting = self.waiting.split(b"\n", 1)
        said: dict[str, Any] = json.loads(line)
        return said

    def end(self) -> None:
        if self.child.poll() is None:
            os.killpg(self.child.pid, signal.SIGKILL)
        assert self.child.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.child.stdin.close()
        self.child.wait()
        os.close(self.answers)


def run_cases(
    corpus: Path, seed: int, numbers: Sequence[int], keep: Path | None = None, until: float = 0
) -> Tally:
    """Run these cases in one batch child after another. Files of faults are kept in `keep`.

    `until` is a time of `time.monotonic` after which no case is begun; 0 for none.
    """
    films = [path.read_bytes() for path in make_corpus(corpus)]
    tally, started = Tally(), time.monotonic()
    place = Path(tempfile.mkdtemp(prefix="fuzz-"))
    batch: Batch | None = None
    try:
        (place / "cases").mkdir()
        (place / "work").mkdir()
        film = place / "cases" / "film"
        for number in numbers:
            if until and time.monotonic() > until:
                break
            data, done = mutant(films, seed, number)
            film.write_bytes(data)
            tally.cases += 1
            fault = ""
            if number % ALONE_EVERY == 0:
                fault = _alone(film, place / "alone", tally)
            else:
                if batch is None or batch.done >= PER_CHILD:
                    if batch:
                        batch.end()
                    batch = Batch(place / "cases", place / "work")
                operation = INSTEAD.get(number % EVERY, "inspect")
                began = time.monotonic()
                batch.send(_request(operation, film))
                said = batch.receive(SLOW_SECONDS)
                batch.done += 1
                tally.slowest = max(tally.slowest, (time.monotonic() - began, number))
                if said is None:
                    status, batch = batch.child.returncode, None
                    shutil.rmtree(place / "work")
                    (place / "work").mkdir()
                    how = "slow" if time.monotonic() - began >= SLOW_SECONDS else f"status {status}"
                    tally.died.append((number, done, how))
                    fault = _alone(film, place / "alone", tally)
                else:
                    fault = _judge(operation, said, place, tally)
            if fault:
                tally.faults.append((number, done, fault))
                if keep:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{seed}-{number}").write_bytes(data)
    finally:
        if batch:
            batch.end()
        shutil.rmtree(place)
    left = psutil.Process().children(recursive=True)
    left = [process for process in left if "tests.fuzz.batch" in " ".join(process.cmdline())]
    if left:
        tally.faults.append((-1, "", f"processes left: {left}"))
    tally.seconds = time.monotonic() - started
    return tally


def _request(operation: str, film: Path) -> dict[str, Any]:
    request = {
        "copy": operation == "both",
        "path": str(film),
        "limits": asdict(LIMITS),
        "frames": 2000,
        "still_after": {"black": 0.1, "freeze": 0.1, "silence": 0.1},
    }
    return {"path": str(film), "operation": operation.replace("both", "inspect"), "request": request}


def _alone(film: Path, out: Path, tally: Tally) -> str:
    """The whole way of one film: runner, child, report, files. Gives what went wrong, or nothing."""
    report = inspect_film(film, DEFAULT, out, limits=ALONE)
    named = json.dumps(report.as_dict())
    left = [file.name for file in out.iterdir() if not _is_named(file.name, named)]
    shutil.rmtree(out)
    if left:
        return f"files left: {left}"
    code = report.problem.code if report.problem else ""
    tally.outcomes[f"alone: {code or report.verdict}"] += 1
    return _tell(report)


def _is_named(name: str, report: str) -> bool:
    """A file that came out stands in the report, or is what the report speaks of."""
    spoken = {"prints.bin": '"prints": {', "copy.mp4": '"copy": {'}
    return f'"{name}"' in report or (name in spoken and spoken[name] in report)


def _judge(operation: str, said: dict[str, Any], place: Path, tally: Tally) -> str:
    """What is wrong with an answer; nothing when it is a report, a copy, or a problem with a name."""
    if "unsayable" in said:
        return f"an answer that is no JSON: {said['unsayable']}"
    if "problem" in said:
        code = said["problem"]["code"]
        tally.outcomes[f"{operation}: {code}"] += 1
        if code == "crashed":
            return str(said.get("detail", "crashed"))
        if code not in PROBLEMS:
            return f"a problem without words: {code}"
        if said["left"] and operation == "copy":
            return f"half a copy is left: {said['left']}"
        for language in ("en", "zh"):
            describe_problem(code, said["problem"]["values"], language)
        return _leak(json.dumps(said["problem"]))
    try:
        if operation == "copy":
            read(CopyInfo, said["result"])
            tally.outcomes["copy: made"] += 1
            return "" if said["left"] == ["copy.mp4"] else f"files of a copy: {said['left']}"
        measurements = read(Measurements, said["result"]["measurements"])
        stills = tuple(read(Still, still) for still in said["result"]["stills"])
    except ValueError as error:
        return f"not the agreed shape: {error}"
    named = json.dumps(said["result"])
    if unknown := [name for name in said["left"] if not _is_named(name, named)]:
        return f"files that no report names: {unknown}"
    try:
        verdict, findings = (judge_glance if operation == "glance" else judge)(measurements, DEFAULT, stills)
    except Exception:
        return f"the judging of a report fails\n{traceback.format_exc()}"
    tally.outcomes[f"{operation}: report, {verdict}"] += 1
    report = Report(
        verdict,
        rulebook=DEFAULT.digest,
        file=measurements.file,
        video=measurements.video,
        audio=measurements.audio,
        events=measurements.events,
        findings=findings,
        stills=stills,
    )
    return _tell(report)


def _tell(report: Report) -> str:
    """A report must be JSON and have words in both languages, without a trace of the program in them."""
    try:
        text = json.dumps(report.as_dict(), allow_nan=False)
        for language in ("en", "zh"):
            for finding in report.findings:
                text += " ".join(map(str, asdict(describe(finding, language)).values()))
            if report.problem:
                describe_problem(report.problem.code, report.problem.values, language)
    except Exception as error:  # any at all is a fault of ours
        return f"a report that cannot be told: {type(error).__name__}: {error}"
    if report.problem and report.problem.code not in PROBLEMS:
        return f"a problem without words: {report.problem.code}"
    return _leak(text)


def _leak(text: str) -> str:
    for trace in ("Traceback", "site-packages", "Error:", "Errno", str(ROOT), "/fuzz-"):
        if trace in text:
            return f"the report shows {trace!r}"
    return ""
