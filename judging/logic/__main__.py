"""The jury's arithmetic from a shell: `python -m judging.logic COMMAND …`. Documented in docs/judging-logic.md."""

import argparse
import os
import signal
import sys

# The same digits on every machine: sums are taken in one order. Must be set before numpy is loaded.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from judging.logic import calibrate  # noqa: E402

COMMANDS = {"calibrate": calibrate}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m judging.logic", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        about = (module.__doc__ or "").partition(": ")[2]
        module.add_arguments(commands.add_parser(name, help=about, description=about))
    options = parser.parse_args(arguments)
    code: int = COMMANDS[options.command].run(options)
    return code


if __name__ == "__main__":
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `… | head` ends the command without a word
    sys.exit(main())
