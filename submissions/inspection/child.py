"""The child process that opens one untrusted film and dies with it. Started by `runner`, never imported by the site.

    python -m submissions.inspection.child FD

reads one JSON request from standard input and writes JSON lines to file descriptor FD: {"progress": [stage, share]},
and at the end {"result": {…}} or {"problem": {"code", "values"}}.

An operation is a function `run(request, folder, tell, header) -> dict` in a module named in OPERATIONS: `folder` is
the only place where it may write, `tell(stage, share)` reports progress, `header` is what the film declares.
"""

import ctypes
import json
import os
import re
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from submissions.inspection.header import Header, NotAFilmError, read_header

OPERATIONS = {"inspect": "submissions.inspection.measure", "copy": "submissions.inspection.copy"}

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38


def confine(limits: dict[str, float], parent: int) -> list[str]:
    """Give up what the work does not need. Returns what this kernel would not do, as codes.

    Network and privileges go first, then memory, CPU, files; the process ends when its parent does.
    """
    missing = []
    try:
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
    except OSError:
        try:
            os.unshare(os.CLONE_NEWNET)
        except OSError:
            missing.append("network_namespace")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        missing.append("no_new_privileges")
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0):
        missing.append("death_with_parent")
    if os.getppid() != parent:
        os._exit(1)  # the parent was gone before the kernel was asked
    os.nice(5)
    memory, most_cpu = int(limits["memory_bytes"]), int(limits["cpu_most"]) + 5
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limits["file_bytes"]),) * 2)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (min(most_cpu, max(1, int(limits["cpu_base"]))), most_cpu))
    return missing


def scale_cpu(limits: dict[str, float], header: Header) -> None:
    """Allow CPU for what the film declares: its length times its size."""
    size = (header.width or 1920) * (header.height or 1080) / (1920 * 1080)
    seconds = limits["cpu_base"] + limits["cpu_factor"] * (header.duration or 0) * max(1.0, size)
    allowed = max(1, int(min(limits["cpu_most"], seconds)))
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def main() -> None:
    """Read the request, confine, work, answer."""
    answers = os.fdopen(int(sys.argv[1]), "w", encoding="utf-8", buffering=1)
    request = json.load(sys.stdin)
    operation = OPERATIONS[request["operation"]]
    missing = confine(request["limits"], request["parent"])

    def say(**line: Any) -> None:
        answers.write(json.dumps(line, ensure_ascii=True, allow_nan=False) + "\n")
        answers.flush()

    def tell(stage: str, share: float | None) -> None:
        say(progress=[stage, None if share is None else round(share, 4)])

    say(missing=missing)
    try:
        header = read_header(Path(request["path"]))
        scale_cpu(request["limits"], header)
        run: Callable[..., dict[str, Any]] = import_module(operation).run
        result = run(request, Path(request["folder"]), tell, header)
    except NotAFilmError as problem:
        say(problem={"code": problem.code, "values": problem.values}, cost=_cost())
    except MemoryError:
        say(problem={"code": "memory", "values": {}}, cost=_cost())
    except BrokenPipeError:
        raise
    except FileNotFoundError:
        say(problem={"code": "missing", "values": {}}, cost=_cost())
    except Exception:
        detail = traceback.format_exc()[-2000:]
        say(problem={"code": "crashed", "values": {}}, detail=detail, cost=_cost())
    else:
        say(result=result, cost=_cost())
    answers.flush()
    os._exit(0)  # nothing of a decoder's tidying up is needed


def _cost() -> dict[str, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu": round(used.ru_utime + used.ru_stime, 2), "memory": _peak_memory() or used.ru_maxrss * 1024}


def _peak_memory() -> int:
    """Bytes; 0 where the system does not tell. (The maximum of getrusage begins with the parent's.)"""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


if __name__ == "__main__":
    main()
