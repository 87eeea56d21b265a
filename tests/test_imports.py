"""Every module can be the first one imported: which comes first depends on a hash, so a cycle breaks some starts."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOUSES = ("festival", "submissions", "judging", "personal")

# Runs in a process of its own: modules are imported in forks, each from the state after django.setup().
TRY_EACH = """
import importlib, os, sys, traceback
import av, babel, numpy, PIL.Image  # what is large is loaded once
import django
django.setup()
for name in sys.argv[1:]:
    if (child := os.fork()) == 0:
        try:
            importlib.import_module(name)
        except BaseException:
            print(name, traceback.format_exc(limit=-3), flush=True)
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:  # one that a signal ended says nothing itself
        print(name, "cannot be imported first", flush=True)
"""


def modules() -> list[str]:
    found = [
        path.relative_to(ROOT).with_suffix("")
        for house in HOUSES
        for path in (ROOT / house).rglob("*.py")
        if path.name not in ("__main__.py", "__init__.py") and "migrations" not in path.parts
    ]
    return sorted(".".join(path.parts) for path in found)


def test_every_module_can_be_imported_first() -> None:
    names = modules()
    assert len(names) > 150
    asked = subprocess.run(
        [sys.executable, "-c", TRY_EACH, *names],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "festival.settings"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout == ""
