"""The child process that opens one untrusted film and dies with it. Started by `confined`, never imported by the site.

    python -m submissions.inspection.child FD

reads one JSON request from standard input and writes JSON lines to file descriptor FD: {"progress": [stage, share]},
and at the end {"result": {…}} or {"problem": {"code", "values"}}.

An operation is a function `run(request, folder, tell, header) -> dict` in a module named in OPERATIONS: `folder` is
the only place where it may write, `tell(stage, share)` reports progress, `header` is what the film declares.
"""

import errno
import gc
import json
import os
import re
import resource
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from submissions.inspection.fence import Plot, confine
from submissions.inspection.header import Header, NotAFilmError, read_header

OPERATIONS = {
    "inspect": "submissions.inspection.one_pass",
    "glance": "submissions.inspection.glance",
    "copy": "submissions.inspection.copy",
    "subtitles": "submissions.inspection.subtitle_file",
    "attached": "submissions.inspection.attached_file",
    "origin": "submissions.inspection.origin",
    "republish": "submissions.inspection.republish",
    "trial": "submissions.inspection.trial",
}
NO_FILM = ("submissions.inspection.subtitle_file", "submissions.inspection.attached_file")
"""Modules whose file is no film: it has no header to be read, and no length that would allow more CPU."""

NO_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
"""The machine's trouble, not the file's."""

FEWEST_BYTES = 50_000
"""A second of the smallest film that is meant seriously."""


def scale_cpu(limits: dict[str, float], header: Header) -> None:
    """Allow CPU for what the film declares: its length times its size. Without a length: as long as it could last."""
    size = (header.width or 1920) * (header.height or 1080) / (1920 * 1080)
    length = header.duration or header.bytes / FEWEST_BYTES
    seconds = limits["cpu_base"] + limits["cpu_factor"] * length * max(1.0, size)
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    allowed = min(most, max(1, int(min(limits["cpu_most"], seconds))))
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, min(most, allowed + 5)))


def load(module: str) -> None:
    """Import the work's code before the fence is up: it is ours, and may be compiled and kept for the next child.

    Without a garbage collector in between, which would look at all of it again and again.
    """
    gc.disable()
    import_module(module)
    gc.freeze()
    gc.enable()


def main() -> None:
    """Read the request, confine, work, answer."""
    answers = os.fdopen(int(sys.argv[1]), "w", encoding="utf-8", buffering=1)
    request = json.load(sys.stdin)
    module = OPERATIONS[request["operation"]]
    load(module)
    path, folder = Path(request["path"]), Path(request["folder"])
    status = _status_of_itself()
    os.environ["TMPDIR"] = str(folder)
    missing = confine(Plot(path, folder, request["parent"], request["limits"]))

    def say(**line: Any) -> None:
        answers.write(json.dumps(line, ensure_ascii=True, allow_nan=False) + "\n")
        answers.flush()

    def tell(stage: str, share: float | None) -> None:
        say(progress=[stage, None if share is None else round(share, 4)])

    say(missing=missing)
    request["missing"] = missing
    say(**attempt(module, request, path, folder, tell), cost=_cost(status))
    os._exit(0)  # nothing of a decoder's tidying up is needed


def attempt(
    module: str, request: dict[str, Any], path: Path, folder: Path, tell: Callable[[str, float | None], None]
) -> dict[str, Any]:
    """Do the work of an operation's module on a file: its result, or the problem that the file or the work has."""
    try:
        if module in NO_FILM:
            header = Header("", path.stat().st_size)
        else:
            header = read_header(path)
            scale_cpu(request["limits"], header)
        run: Callable[..., dict[str, Any]] = import_module(module).run
        return {"result": run(request, folder, tell, header)}
    except NotAFilmError as problem:
        return {"problem": {"code": problem.code, "values": problem.values}}
    except MemoryError:
        return {"problem": {"code": "memory", "values": {}}}
    except BrokenPipeError:
        raise
    except FileNotFoundError:
        return {"problem": {"code": "missing", "values": {}}}
    except Exception as error:
        if getattr(error, "errno", None) in NO_DISK:
            return {"problem": {"code": "disk", "values": {}}, "detail": str(error)[:2000]}
        return {"problem": {"code": "crashed", "values": {}}, "detail": traceback.format_exc()[-2000:]}


def _cost(status: BinaryIO | None) -> dict[str, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    memory = _peak_memory(status) or used.ru_maxrss * 1024
    return {"cpu": round(used.ru_utime + used.ru_stime, 2), "memory": memory}


def _status_of_itself() -> BinaryIO | None:
    """Opened before the fence is up, behind which nothing about processes can be opened."""
    try:
        return open("/proc/self/status", "rb")
    except OSError:
        return None


def _peak_memory(status: BinaryIO | None) -> int:
    """Bytes; 0 where the system does not tell. (The maximum of getrusage begins with the parent's.)"""
    found = re.search(rb"VmHWM:\s*(\d+) kB", status.read()) if status else None
    return int(found[1]) * 1024 if found else 0


if __name__ == "__main__":
    main()
