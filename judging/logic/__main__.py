"""`python -m judging.logic COMMAND …`: the engines of judging for tables from anywhere.

Each command is a module of `judging.logic.commands` with `main(arguments)`, which gives the exit status.
"""

import io
import os
import sys
from importlib import import_module

COMMANDS = {
    "allocate": "give films to judges",
    "ballots": "count a jury's ballots",
    "calibrate": "the adjusted standing of scores",
    "laurels": "fill award slots under rules",
}

# Sums are taken in one order, so that the digits are the same everywhere. Must be set before numpy is loaded.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")


def main(arguments: list[str]) -> int:
    """Run a command; 2 when there is no such command."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_usage(), file=sys.stdout if arguments else sys.stderr)
        return 0 if arguments else 2
    name, *rest = arguments
    if name not in COMMANDS:
        print(f"There is no command {name!r}.\n{_usage()}", file=sys.stderr)
        return 2
    for stream, errors in ((sys.stdout, "strict"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):  # names in any language, whatever the terminal is set to
            stream.reconfigure(encoding="utf-8", errors=errors)
    try:
        status = int(import_module(f"judging.logic.commands.{name}").main(rest))
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _usage() -> str:
    lines = ["usage: python -m judging.logic COMMAND …    (COMMAND --help tells more)"]
    return "\n".join(lines + [f"  {name:<12}{about}" for name, about in COMMANDS.items()])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
