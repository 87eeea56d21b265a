"""The demo's guards: one per folder, a free port, space on the disk, and a reset that takes only its own."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import eventually
from tools import demo
from tools.process import Failed
from tools.site import ROOT, Site

HOLDER = """
import sys, time
from pathlib import Path
from tools.demo import lock
from tools.process import ends_on_signals
from tools.site import Site
with ends_on_signals(), lock(Site(Path(sys.argv[1]), port=8123), end_other=False):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def other_demo(tmp_path: Path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_a_second_demo_on_one_folder_is_refused(tmp_path: Path, other_demo: subprocess.Popen) -> None:
    told = f"process {other_demo.pid}, http://127.0.0.1:8123. End it with Ctrl-C"
    with pytest.raises(Failed, match=told), demo.lock(Site(tmp_path), end_other=False):
        pass


def test_reset_ends_the_running_demo(tmp_path: Path, other_demo: subprocess.Popen) -> None:
    with demo.lock(Site(tmp_path), end_other=True):
        assert other_demo.wait(10) is not None
        assert (tmp_path / "demo.pid").read_text().split()[0] == str(os.getpid())


def test_a_killed_demo_holds_no_lock(tmp_path: Path, other_demo: subprocess.Popen) -> None:
    other_demo.kill()
    other_demo.wait()
    with demo.lock(Site(tmp_path), end_other=False):
        pass


def test_reset_deletes_what_the_demo_made_and_nothing_else(tmp_path: Path) -> None:
    for name in (*demo.FOLDERS, "mine"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("x")
    for name in ("firstlight.sqlite3", "firstlight.sqlite3-wal", "demo.json", "notes.txt"):
        (tmp_path / name).write_text("x")
    demo.reset(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "notes.txt"]


def test_a_taken_port_is_told_with_another_to_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Failed, match=rf"Port {port} on 127.0.0.1 cannot be used.*--port {port + 1}"):
            demo.check_port("127.0.0.1", port, patience=0)
    eventually(lambda: demo.check_port("127.0.0.1", port) is None)


@pytest.mark.parametrize("port", [0, -1, 70000])
def test_a_port_that_is_none_is_told(port: int) -> None:
    with pytest.raises(Failed, match="is no port"):
        demo.check_port("127.0.0.1", port)


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(100, 90, 10 << 20))
    with pytest.raises(Failed, match="has 10 MiB left; the demo needs 1024"):
        demo.check_disk(tmp_path)


def test_log_ins_are_shown_in_columns(tmp_path: Path) -> None:
    path = tmp_path / "demo.json"
    path.write_text('{"accounts": [{"role": "Jury chair", "email": "chair@example.org", "password": "p"}]}')
    assert demo.log_ins(path) == "  Jury chair  chair@example.org  p"
    path.write_text("{")
    with pytest.raises(Failed, match="--reset starts over"):
        demo.log_ins(path)
