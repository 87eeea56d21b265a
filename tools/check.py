"""`./dev check`: everything about the code that can be said without running its tests."""

import argparse
import ast
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tools import messages
from tools.process import say

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("festival", "submissions", "judging", "personal")
# What imports no Django is typed strictly: engines that are used alone, and tested in milliseconds.
ENGINES = (
    "submissions/inspection",
    "judging/logic",
    "festival/edition/rulebook*.py",
    "festival/edition/tools.py",
    "submissions/statement",
    "submissions/window.py",
    "festival/edition/blueprint.py",
    "festival/premiere/solver*",
    "festival/premiere/programme",
    "festival/kit/csv_table.py",
    "judging/rehearsal/truth.py",
    "judging/rehearsal/load.py",
    "judging/rehearsal/report.py",
)


def program(*command: str, **environment: str) -> Callable[[], str]:
    """A check that is a program: it prints nothing of worth and exits 0, or says what is wrong."""

    def check() -> str:
        result = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return result.stdout.strip() or f"exit code {result.returncode}" if result.returncode else ""

    return check


def types() -> str:
    paths = [str(path.relative_to(ROOT)) for pattern in ENGINES for path in sorted(ROOT.glob(pattern))]
    absent = [pattern for pattern in ENGINES[:3] if not list(ROOT.glob(pattern))]
    if absent:
        return f"engines not found: {', '.join(absent)}"
    return program("mypy", "--no-error-summary", *paths)()


def quiet_packages() -> str:
    """Package `__init__.py` files import nothing, so that an engine starts in a fraction of a second."""
    found = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("__init__.py")):
            nodes = ast.walk(ast.parse(path.read_text()))
            if any(isinstance(node, ast.Import | ast.ImportFrom) for node in nodes):
                found.append(f"{path.relative_to(ROOT)} imports something")
    return "\n".join(found)


def translations() -> str:
    try:
        return "\n".join(messages.faults())
    except messages.BadText as error:
        return str(error)


def deployment(folder: str) -> Callable[[], str]:
    """Django's own checks, its security checks included, on production settings with an https address."""
    return program(
        "django",
        "check",
        "--deploy",
        "--fail-level=WARNING",
        DJANGO_SETTINGS_MODULE="festival.settings",
        FIRSTLIGHT_VAR=folder,
        SITE_URL="https://contest.example",
        SECRET_KEY="x-y-z-0123456789-abcdefghijklmnopqrstuvw-ABCDEFGHIJKLMNOPQRSTUVW",
        DEBUG="0",
        DEMO="0",
    )


def checks(folder: str) -> dict[str, Callable[[], str]]:
    """Every check by name, quick ones first; each gives "" or what is wrong."""
    migrations = program(
        *("django", "makemigrations", "--check", "--dry-run"),
        DJANGO_SETTINGS_MODULE="festival.settings",
        FIRSTLIGHT_VAR=folder,
        DATABASE_URL="sqlite://:memory:",
    )
    return {
        "ruff check": program("ruff", "check", "--quiet", "--output-format=concise", "."),
        "ruff format": program("ruff", "format", "--quiet", "--check", "--output-format=concise", "."),
        "packages import nothing": quiet_packages,
        "import contracts": program("importlinter.cli", "lint-imports", "--no-logo"),
        "translations": translations,
        "migrations": migrations,
        "deployment settings": deployment(folder),
        "types of the engines": types,
    }


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev check", description=__doc__)
    parser.add_argument("names", nargs="*", help="run these only; a part of the name is enough")
    options = parser.parse_args(arguments)
    failed, ran = [], 0
    with tempfile.TemporaryDirectory(prefix="flcheck-") as folder:
        for name, check in checks(folder).items():
            if options.names and not any(part in name for part in options.names):
                continue
            start, ran = time.monotonic(), ran + 1
            problem = check()
            say(f"{'FAIL' if problem else 'ok  '}  {name}  ({time.monotonic() - start:.1f} s)")
            if problem:
                failed.append(name)
                say("\n".join("      " + line for line in problem.splitlines()))
    if not ran:
        say("No check has such a name.")
        return 2
    say(f"Checks failed: {', '.join(failed)}" if failed else f"All {ran} checks passed.")
    return 1 if failed else 0
