"""A whole site on this machine: database, queue, web server and worker, from one data folder.

The demo is one; browser tests start their own with `with Site(folder, port=free_port()) as site:`.
"""

import hashlib
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

from tools import databases, messages
from tools.process import Failed, Process, run, say
from tools.services import Valkey

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
EVERY_ADDRESS = ("0.0.0.0", "::")


class Site:
    """Where a site keeps its data, the environment its processes get, and the processes themselves."""

    def __init__(
        self,
        var: Path | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 8000,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        self.var = (var or Path(os.environ.get("FIRSTLIGHT_VAR") or ROOT / "var")).absolute()
        self.host = host
        self.port = port
        self.extra = dict(extra or {})
        self.logs = self.var / "log"
        self.valkey = Valkey(self.var, log=self.logs / "valkey.log")
        self.processes: list[Process] = []
        self._stack = ExitStack()

    @property
    def url(self) -> str:
        """The address to type into a browser on this machine."""
        host = "127.0.0.1" if self.host in EVERY_ADDRESS else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def environment(self) -> dict[str, str]:
        """The variables that festival/settings.py reads, set for this site; nothing of a test run."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("FIRSTLIGHT_TEST", "TASKS_EAGER")
        }
        hosts = ["localhost", "127.0.0.1", "[::1]", self.host]
        if self.host in EVERY_ADDRESS:
            hosts = ["*"]
        return {
            **kept,
            "FIRSTLIGHT_VAR": str(self.var),
            "DEMO": "1",
            "DATABASE_URL": f"sqlite:///{self.var / 'firstlight.sqlite3'}",
            "BROKER_URL": self.valkey.url,
            "SITE_URL": self.url,
            "ALLOWED_HOSTS": ",".join(hosts),
            "PYTHONUNBUFFERED": "1",
            **self.extra,
        }

    def manage(self, *arguments: str) -> str:
        """Run one management command to its end; gives what it printed."""
        return run([PYTHON, ROOT / "manage.py", *arguments], env=self.environment(), cwd=ROOT)

    def prepare(self) -> None:
        """Compile texts, migrate, collect static files: what changed since the last time, nothing else."""
        self.logs.mkdir(parents=True, exist_ok=True)
        messages.compile_catalogues()
        stamp = self.var / "prepared"
        if stamp.exists() and stamp.read_text() == self._sources() != "":
            return
        say("Preparing the database and static files")
        database = self.var / "firstlight.sqlite3"
        if databases.shared() and not database.exists() and "DATABASE_URL" not in self.extra:
            databases.copy_sqlite(database)
        else:
            self.manage("migrate", "--verbosity=0")
        self.manage("createcachetable")
        self.manage("collectstatic", "--noinput", "--verbosity=0")
        stamp.write_text(self._sources())

    def _sources(self) -> str:
        """A digest of what `prepare` works from: requirements, migrations, static files, the database file."""
        digest = hashlib.sha256()
        paths = [ROOT / "requirements.txt", ROOT / "festival/settings.py"]
        paths += sorted(
            path
            for top in ("festival", "submissions", "judging", "personal")
            for path in ROOT.glob(f"{top}/**/migrations/*.py")
        )
        paths += sorted(path for path in ROOT.glob("static/**/*") if path.is_file())
        for path in paths:
            digest.update(
                f"{path.relative_to(ROOT)} {path.stat().st_size} {path.stat().st_mtime_ns}\n".encode()
            )
        database = self.environment()["DATABASE_URL"].removeprefix("sqlite:///")
        with suppress(OSError):
            digest.update(str(Path(database).stat().st_ino).encode())
            return digest.hexdigest()
        return ""

    def start(self, *, worker: bool = True) -> Self:
        """Prepare, then start queue, web server and worker; returns when the site answers."""
        with self._stack as stack:
            self.prepare()
            stack.enter_context(self.valkey)
            web = self.start_web(stack)
            if worker:
                self.start_worker(stack)
            web.wait_until(self.answers, seconds=180)
            self._stack = stack.pop_all()
        return self

    def start_web(self, stack: ExitStack | None = None, *, workers: int = 2, threads: int = 8) -> Process:
        """gunicorn with threads: a WSGI server hands an upload to the view while it still arrives.

        Loaded before it forks (`--preload`): who takes a dead worker's place answers at once.
        """
        host = f"[{self.host}]" if ":" in self.host else self.host
        command = [
            PYTHON,
            "-m",
            "gunicorn",
            "festival.wsgi",
            f"--bind={host}:{self.port}",
            "--worker-class=gthread",
            "--preload",
        ]
        command += [
            f"--workers={workers}",
            f"--threads={threads}",
            "--timeout=60",
            "--graceful-timeout=5",
            "--access-logfile=-",
        ]
        command += ["--no-control-socket"]
        if os.access("/dev/shm", os.W_OK):
            command += ["--worker-tmp-dir=/dev/shm"]
        return self._child("web server", "web.log", command, stack)

    def start_worker(self, stack: ExitStack | None = None) -> Process:
        """Celery: two films at a time, each fetched when a hand is free, and one hand for arrivals; and its clock.

        The clock is a program of its own: inside a worker (`-B`) it is a child that nobody starts again when it dies.
        """
        receiver = [PYTHON, "-m", "celery", "-A", "festival.celery", "worker", "--queues=arrivals"]
        receiver += ["--pool=solo", "--hostname=arrivals@%h", "--loglevel=INFO"]
        self._child("arrivals worker", "arrivals.log", receiver, stack)
        clock = [PYTHON, "-m", "celery", "-A", "festival.celery", "beat", "--loglevel=INFO"]
        self._child("clock", "clock.log", clock, stack)
        command = [PYTHON, "-m", "celery", "-A", "festival.celery", "worker", "--concurrency=2"]
        command += ["--prefetch-multiplier=1", "--loglevel=INFO"]
        return self._child("worker", "worker.log", command, stack)

    def _child(self, name: str, log: str, command: list[str], stack: ExitStack | None) -> Process:
        process = Process(name, command, log=self.logs / log, env=self.environment(), cwd=ROOT).start()
        (stack or self._stack).callback(process.stop)
        self.processes.append(process)
        return process

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as response:
                return bool(response.status == 200)
        except urllib.error.HTTPError as error:
            raise Failed(
                f"The web server answers {error.code} on /healthz. Its log: {self.logs / 'web.log'}"
            ) from error

    def watch(self) -> None:
        """Raises Failed when a process of this site has ended by itself."""
        for process in [*self.processes, *filter(None, [self.valkey.process])]:
            if not process.alive:
                raise Failed(process.describe("ended by itself"))

    def stop(self) -> None:
        """End the worker, the web server and the queue, in this order."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
