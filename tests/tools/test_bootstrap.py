"""./dev finds an interpreter by running candidates; a name on PATH proves nothing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.site import ROOT

WORKS = f'#!/bin/sh\nexec {sys.executable} "$@"\n'
SHIM = "#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n"
OLD = "#!/bin/sh\nexit 1\n"  # what the version check of an older Python answers


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with a few programs in bin/, no Python, and an empty pyenv."""
    (tmp_path / "bin").mkdir()
    for name in ("ls", "sort", "dirname", "cat", "rm", "sh"):
        path = shutil.which(name)
        assert path
        (tmp_path / "bin" / name).symlink_to(path)
    script = (ROOT / "dev").read_text().replace(" /opt/pyenv /usr/local/pyenv", "")
    (tmp_path / "dev").write_text(script)
    (tmp_path / "find").write_text(script.split("make_venv()")[0] + "find_python\n")
    return tmp_path


def put(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script)
    path.chmod(0o755)
    return path


def ask(machine: Path, script: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": str(machine / "bin"),
        "HOME": str(machine),
        "PYENV_ROOT": str(machine / "pyenv"),
        **more,
    }
    command = [str(machine / "bin/sh"), str(machine / script), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_shim_that_cannot_start_is_passed_over(machine: Path) -> None:
    put(machine / "bin/python3.13", SHIM)
    fitting = put(machine / "bin/python3.12", WORKS)
    assert ask(machine, "find").stdout.strip() == str(fitting)


def test_pyenv_is_searched_when_path_has_only_an_old_one(machine: Path) -> None:
    put(machine / "bin/python3", OLD)
    put(machine / "pyenv/versions/3.9.1/bin/python", WORKS)
    put(machine / "pyenv/versions/3.14.2/bin/python", SHIM)
    fitting = put(machine / "pyenv/versions/3.12.10/bin/python", WORKS)
    put(machine / "pyenv/versions/3.12.9/bin/python", WORKS)
    assert ask(machine, "find").stdout.strip() == str(fitting)


def test_a_named_interpreter_comes_first(machine: Path) -> None:
    put(machine / "bin/python3.13", WORKS)
    named = put(machine / "elsewhere/python", WORKS)
    assert ask(machine, "find", FIRSTLIGHT_PYTHON=str(named)).stdout.strip() == str(named)


def test_without_any_it_says_what_to_do(machine: Path) -> None:
    put(machine / "bin/python3", OLD)
    result = ask(machine, "dev", "demo")
    assert result.returncode == 1
    assert "needs Python 3.12 or newer" in result.stderr
    assert "FIRSTLIGHT_PYTHON=/path/to/python ./dev demo" in result.stderr
    assert not (machine / ".venv").exists()
