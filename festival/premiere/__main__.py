"""`python -m festival.premiere solve|verify|check …`: timetables and copies from the shell. See docs/timetable.md and
docs/premiere.md.

Ends with 0; with 1 when there is no timetable, it breaks rules, or a copy is not as it should be; with 2 for a fault in
a document, named by its place.
"""

import argparse
import io
import json
import signal
import sys
from pathlib import Path
from threading import Event
from typing import Any

from festival.premiere.timetable.document import read_plan, read_problem
from festival.premiere.timetable.problem import cost, goals
from festival.premiere.timetable.reading import Fault, read_json
from festival.premiere.timetable.verify import verify
from festival.premiere.timetable.words import sentence


def main(arguments: list[str]) -> int:
    """Run a command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m festival.premiere")
    commands = parser.add_subparsers(dest="command", required=True)
    solving = commands.add_parser("solve", help="make a timetable, or mend one")
    solving.add_argument("problem", type=Path, metavar="PROBLEM.json")
    solving.add_argument("--previous", type=Path, metavar="PLAN.json", help="stay close to this one")
    solving.add_argument("--seconds", type=int, default=None, help="at most so many (usually 15, or 45)")
    solving.add_argument("--seed", type=int, default=0)
    verifying = commands.add_parser("verify", help="name every rule that a timetable breaks")
    verifying.add_argument("problem", type=Path, metavar="PROBLEM.json")
    verifying.add_argument("plan", type=Path, metavar="PLAN.json")
    checking = commands.add_parser("check", help="see whether a file or a DCP folder is whole")
    checking.add_argument("copy", type=Path, metavar="FILE_OR_FOLDER", nargs="+")
    checking.add_argument("--sums", type=Path, metavar="SHA256SUMS", help="the list of the screening")
    asked = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # names in any language, whatever the terminal is set to
            stream.reconfigure(encoding="utf-8")
    if asked.command == "check":
        from festival.premiere.copies.command import run

        return run(asked.copy, asked.sums)
    try:
        answer, status = _verify(asked) if asked.command == "verify" else _solve(asked)
    except Fault as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(answer, ensure_ascii=False, indent=1))
    return status


def _read(path: Path, read: Any, *more: Any) -> Any:
    try:
        return read(read_json(path), *more)
    except Fault as error:
        text = str(error)
        raise Fault(text if text.startswith(str(path)) else f"{path}: {text}") from None


def _verify(asked: argparse.Namespace) -> tuple[Any, int]:
    problem = _read(asked.problem, read_problem)
    plan = _read(asked.plan, read_plan, problem)
    broken = verify(problem, plan)
    rows = [
        {"code": one.code, "blocks": list(one.blocks), "values": one.values, "text": sentence(problem, one)}
        for one in broken
    ]
    known = not any(one.code.startswith("unknown") for one in broken)
    measured = {"goals": goals(problem, plan), "cost": cost(problem, plan)} if known else {}
    return {"ok": not broken, "broken": rows} | measured, int(bool(broken))


def _solve(asked: argparse.Namespace) -> tuple[Any, int]:
    # They load the solver, which verifying does without.
    from festival.premiere.timetable import engine
    from festival.premiere.timetable.answers import answer_json

    problem = _read(asked.problem, read_problem)
    previous = _read(asked.previous, read_plan, problem) if asked.previous else None
    stop = Event()
    usual = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        answer = engine.make(
            problem,
            previous=previous,
            seconds=asked.seconds,
            seed=asked.seed,
            watch=lambda progress: _tell(progress, stop),
        )
    finally:
        signal.signal(signal.SIGINT, usual)
    return answer_json(problem, answer, seed=asked.seed), int(answer.plan is None)


def _tell(progress: Any, stop: Event) -> bool:
    if not sys.stderr.isatty():
        return not stop.is_set()
    best = "nothing yet" if progress.cost is None else f"cost {progress.cost}, every rule kept"
    print(f"\r{progress.seconds:6.1f} s  {progress.stage:<8} {best:<40}", end="", file=sys.stderr)
    return not stop.is_set()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
