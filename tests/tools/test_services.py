"""The services are real, keep what they must keep, and leave nothing behind."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from redis import Redis

from tests.waiting import eventually
from tools.guard import descendants
from tools.process import Failed, Process
from tools.services import Postgres, Valkey, socket_path
from tools.site import ROOT


def running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_valkey_keeps_its_data_over_kill_9(tmp_path: Path) -> None:
    with Valkey(tmp_path) as valkey, Redis(unix_socket_path=str(valkey.socket)) as line:
        line.rpush("celery", *[f"task {number}" for number in range(50)])
        line.execute_command("WAITAOF", 1, 0, 5000)
        assert valkey.process
        os.kill(valkey.process.pid, signal.SIGKILL)
        eventually(lambda: not valkey.process.alive)
    with Valkey(tmp_path) as valkey, Redis(unix_socket_path=str(valkey.socket)) as line:
        assert line.llen("celery") == 50
        assert line.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_a_second_valkey_on_the_same_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.services.TAKEOVER_SECONDS", 0.2)
    with Valkey(tmp_path) as first, pytest.raises(Failed, match="Another Valkey already answers"):
        Valkey(tmp_path).start()
    assert not first.answers()


def test_a_long_folder_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    with Valkey(deep) as valkey:
        assert len(str(valkey.socket)) < 100
        assert valkey.answers()
    assert socket_path(deep, "valkey.sock") == valkey.socket
    valkey.socket.unlink(missing_ok=True)
    valkey.socket.parent.rmdir()


PARENT = """
import json, sys, time
from pathlib import Path
from tools.process import Process
from tools.services import Valkey
folder = Path(sys.argv[1])
valkey = Valkey(folder).start()
# A program whose child leaves its session and ignores SIGTERM, as a media decoder gone astray might.
astray = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
spawn = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {astray!r}], start_new_session=True); time.sleep(600)"
other = Process("other", [sys.executable, "-c", spawn], log=folder / "other.log", grace=1).start()
print(json.dumps([valkey.process.pid, other.pid]), flush=True)
time.sleep(600)
"""  # noqa: E501


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_when_the_parent_is_ended(tmp_path: Path, how: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with parent:
        assert parent.stdout
        lines = iter(parent.stdout)
        pids = json.loads(next(line for line in lines if line.startswith("[")))
        eventually(lambda: len(descendants(pids[1])) == 1)
        everything = [*descendants(parent.pid)]
        assert len(everything) == 5  # two guards, Valkey, the program and its child
        assert set(pids) < set(everything)
        parent.send_signal(how)
        parent.wait(30)
    eventually(lambda: not [pid for pid in everything if running(pid)], seconds=20)


def test_the_program_dies_with_its_guard(tmp_path: Path) -> None:
    with Process("sleep", ["sleep", "600"], log=tmp_path / "log") as process:
        guard = int(Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(guard, signal.SIGKILL)
        eventually(lambda: not running(process.pid))


def test_a_program_that_ends_at_once_is_told_with_its_last_lines(tmp_path: Path) -> None:
    process = Process("web", ["sh", "-c", "echo no such module; exit 3"], log=tmp_path / "web.log").start()
    with pytest.raises(Failed, match=r"web ended by itself \(exit code 3\)(?s:.*)no such module"):
        process.wait_until(lambda: False, seconds=10)


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    process = Process("web", ["no-such-program"], log=tmp_path / "web.log").start()
    with pytest.raises(Failed, match=r"exit code 127(?s:.*)no-such-program cannot be started"):
        process.wait_until(lambda: False, seconds=10)


@pytest.mark.postgres
def test_postgres_starts_ends_and_knows_exclusion_constraints(tmp_path: Path) -> None:
    import psycopg

    with Postgres(log=tmp_path / "log") as postgres:
        assert postgres.process
        pid, folder = postgres.process.pid, postgres.folder
        assert postgres.create("festival") == f"postgres://postgres@/{folder}/festival"
        with psycopg.connect(host=str(folder), user="postgres", dbname="festival") as line:
            line.execute("CREATE EXTENSION btree_gist")
            line.execute(
                "CREATE TABLE s (hall int, span tstzrange, EXCLUDE USING gist (hall WITH =, span WITH &&))"
            )
            assert line.execute("SELECT upper('é')").fetchone() == ("É",)
    assert not running(pid)
    assert not folder.exists()


def test_a_program_that_has_ended_is_not_started_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = Process("once", ["echo", "once"], log=log).start()
    eventually(lambda: not process.alive)
    with process:
        assert process.exit_code == 0
    assert log.read_text() == "once\n"
