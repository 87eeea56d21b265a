"""Runs one operation on an untrusted film in a child process with limits, and tells what became of it."""

import contextlib
import json
import logging
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from submissions.inspection.limits import DEFAULT_LIMITS, Limits
from submissions.inspection.report import Cost, Problem

log = logging.getLogger(__name__)

Progress = Callable[[str, float | None], None]
"""Called with a stage ("start", "open", "glance", "measure", "copy") and the share done, None while unknown."""

LARGEST_ANSWER = 1 << 20
GRACE = 0.3  # seconds for a child that has answered; one that was called off gets none
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,80}")
"""What a file may be called that a child hands over."""

ROOT = Path(__file__).resolve().parents[2]
CHILD = ("submissions.inspection.child",)
_told_missing: set[str] = set()


class CancelledError(Exception):
    """The work was called off; nothing of it is left."""


class ChildError(Exception):
    """The child could not do the work; `problem` says why in a code, `detail` is for the log."""

    def __init__(self, problem: Problem, cost: Cost | None = None, detail: str = "") -> None:
        super().__init__(problem.code, detail)
        self.problem, self.cost, self.detail = problem, cost or Cost(), detail


@dataclass(slots=True)
class _Answer:
    result: dict[str, Any] | None = None
    problem: Problem | None = None
    detail: str = ""
    cost: dict[str, float] = field(default_factory=dict)


def run_limited(
    operation: str,
    path: Path | str,
    out_dir: Path | str,
    request: dict[str, Any],
    *,
    on_progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[dict[str, Any], Cost]:
    """Run one of the child's operations on a film; its files arrive in `out_dir` only when all went well.

    Returns the operation's result and what it cost. Raises ChildError, or CancelledError. `on_progress` is called
    at least once a second.
    """
    out_dir = Path(out_dir)
    out_dir.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".work-", dir=out_dir))
    started = time.monotonic()
    try:
        body = {
            **request,
            "operation": operation,
            "path": str(Path(path).absolute()),
            "folder": str(folder.absolute()),
            "limits": asdict(limits),
            "parent": os.getpid(),
        }
        answer = _converse(
            body, limits, on_progress or (lambda _stage, _share: None), cancelled or (lambda: False)
        )
        cost = Cost(
            cpu=float(answer.cost.get("cpu", 0)),
            wall=round(time.monotonic() - started, 2),
            memory=int(answer.cost.get("memory", 0)),
        )
        if answer.problem or answer.result is None:
            raise ChildError(answer.problem or Problem("crashed"), cost, answer.detail)
        for file in folder.iterdir():
            if _is_plain(file):
                file.replace(out_dir / file.name)
        return answer.result, cost
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_names(names: Iterable[str], out_dir: Path | str) -> None:
    """Raises ValueError unless each is the name of a file that was handed over: a child that a film has taken over
    must not name the site's own files, which would be put into the storage in the film's stead."""
    for name in names:
        if not NAME.fullmatch(name) or not _is_plain(Path(out_dir) / name):
            raise ValueError(f"the answer names a file that is not there: {name[:100]!r}")


def _is_plain(file: Path) -> bool:
    return bool(NAME.fullmatch(file.name)) and file.is_file() and not file.is_symlink()


def _converse(
    body: dict[str, Any], limits: Limits, on_progress: Progress, cancelled: Callable[[], bool]
) -> _Answer:
    """Start the child, follow its lines, and see to its end."""
    ours, theirs = os.pipe()
    try:
        child = subprocess.Popen(
            [sys.executable, "-m", *CHILD, str(theirs)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs],
            start_new_session=True,
            cwd=ROOT,
            env=_environment(),
        )
    except OSError:
        os.close(ours)
        raise
    finally:
        os.close(theirs)
    grace = 0.0
    try:
        assert child.stdin is not None
        try:
            child.stdin.write(json.dumps(body).encode())
            child.stdin.close()
        except BrokenPipeError:
            pass  # it died at once; its end says how
        answer = _follow(ours, limits, on_progress, cancelled)
        grace = GRACE
    finally:
        os.close(ours)
        _end(child, grace)
    if answer.result is None and answer.problem is None:
        answer.problem, answer.detail = _why_it_died(child.returncode)
    return answer


def _environment() -> dict[str, str]:
    """No secrets of the site; one thread for numpy's linear algebra, which is not used; few memory arenas."""
    kept = {
        name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LD_LIBRARY_PATH", "TZ")
    }
    return kept | {
        "PYTHONPATH": str(ROOT),
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        **{name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_CORE")},
    }


def _follow(pipe: int, limits: Limits, on_progress: Progress, cancelled: Callable[[], bool]) -> _Answer:
    """Read the child's lines until it closes its end; raises CancelledError."""
    answer, waiting = _Answer(), b""
    started = heard = told = time.monotonic()
    stage: str = "start"
    share: float | None = None
    on_progress(stage, share)
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            if cancelled():
                raise CancelledError
            ready = selector.select(0.2)
            now = time.monotonic()
            if ready:
                chunk = os.read(pipe, 1 << 16)
                if not chunk:
                    return answer
                heard = now
                waiting += chunk
                *lines, waiting = waiting.split(b"\n")
                for line in lines:
                    said = _read_line(line, answer)
                    if said:
                        stage, share = said
                        on_progress(stage, share)
                        told = now
            if len(waiting) > LARGEST_ANSWER:
                answer.problem, answer.detail = Problem("crashed"), "an answer beyond all measure"
            elif now - started > limits.wall_seconds:
                answer.problem = Problem("too_slow", {"seconds": limits.wall_seconds})
            elif now - heard > limits.silent_seconds:
                answer.problem = Problem("stalled", {"seconds": limits.silent_seconds})
            if answer.problem:
                return answer
            if now - told > 0.8:
                on_progress(stage, share)
                told = now


def _read_line(line: bytes, answer: _Answer) -> tuple[str, float | None] | None:
    try:
        said = _cleaned(json.loads(line, parse_constant=_refuse))
        if "progress" in said:
            stage, share = said["progress"]
            return str(stage)[:40], None if share is None else min(1.0, max(0.0, float(share)))
        if "missing" in said:
            for guard in set(map(str, said["missing"])) - _told_missing:
                _told_missing.add(guard)
                log.warning(
                    "The inspector lacks a guard here: %s. See `python -m submissions.inspection --fence`",
                    guard,
                )
        if "cost" in said:
            answer.cost = {str(name): float(value) for name, value in said["cost"].items()}
        if "problem" in said:
            answer.problem = Problem(str(said["problem"]["code"]), dict(said["problem"]["values"]))
            answer.detail = str(said.get("detail", ""))[:4000]
        if "result" in said:
            answer.result = dict(said["result"])
    except (ValueError, TypeError, KeyError, AttributeError):
        answer.problem, answer.detail = Problem("crashed"), "a line that is no answer"
    return None


def _refuse(constant: str) -> None:
    """No JSON, though Python writes and reads it; databases refuse it."""
    raise ValueError(constant)


def _cleaned(value: Any) -> Any:
    """Without what no database and no page can hold in its texts: NUL, and halves of characters."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(each) for key, each in value.items()}
    return value


def _end(child: subprocess.Popen[bytes], grace: float) -> None:
    """Give it `grace` seconds for an orderly end, then kill the whole group, then bury it.

    It is looked at without being buried first: its number stays taken, so the kill cannot meet a stranger.
    """
    until = time.monotonic() + grace
    while time.monotonic() < until:
        if os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            break
        time.sleep(0.01)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _why_it_died(status: int | None) -> tuple[Problem, str]:
    if status is not None and status < 0:
        if -status == signal.SIGXCPU:
            return Problem("cpu"), "the CPU limit"
        if -status == signal.SIGKILL:
            return Problem("killed"), "killed from outside, perhaps for want of memory"
        return Problem("crashed"), signal.Signals(-status).name
    return Problem("crashed"), f"ended with status {status} and without an answer"
