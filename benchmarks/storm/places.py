"""The two set-ups on which the storm breaks: everything on one machine's disk, and with servers for each purpose."""

import sqlite3
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any, Self

from benchmarks.storm.keeper import Keeper, Service
from tools.process import Process
from tools.services import CephRGW, Postgres, free_port
from tools.site import PYTHON, Site

CELERY = [PYTHON, "-m", "celery", "-A", "festival.celery"]


class Place:
    """A site made of real programs. Subclasses say which; `killable` names what may be killed (see `killer`)."""

    name = ""
    said = ""  # what it is made of, for the table
    part_bytes = 0
    killable: tuple[str, ...] = ()

    def __init__(self, folder: Path, *, quick: bool = False, port: int = 0, threads: int = 8) -> None:
        self.folder, self.threads = folder, threads
        extra = {"UPLOAD_PART_BYTES": str(self.part_bytes), "UPLOAD_RESERVE_BYTES": "1000000"}
        if quick:  # a dead worker is noticed within seconds, so that a test need not wait
            extra |= {"LEASE_SECONDS": "4", "REAP_SECONDS": "1"}
        self.site = Site(folder / "site", port=port or free_port(), extra=extra)
        self.keeper = Keeper([])
        self.bucket = 0  # the process of the bucket's gateway
        self.stack = ExitStack()

    def __enter__(self) -> Self:
        self.site.logs.mkdir(parents=True, exist_ok=True)
        with self.stack as stack:
            self.begin(stack)
            web = self.service("web")
            web.process.wait_until(self.site.answers, seconds=180)
            self.keeper.start()
            stack.callback(self.keeper.stop)
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def begin(self, stack: ExitStack) -> None:
        raise NotImplementedError

    def add(self, name: str, role: str, process: Process) -> None:
        self.keeper.services.append(Service(name, role, process))

    def service(self, name: str) -> Service:
        return next(service for service in self.keeper.services if service.name == name)

    def run(self, name: str, command: list[str], stack: ExitStack) -> Process:
        return self.site._child(name, f"{name}.log", command, stack)

    def connect(self) -> Any:
        """A connection to the site's database, of the database's own kind."""
        return sqlite3.connect(self.site.var / "firstlight.sqlite3", timeout=30)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows, where there are any. What was written is kept."""
        with closing(self.connect()) as line, line:
            answer = line.execute(sql)
            return list(answer.fetchall()) if answer.description else []

    def is_whole(self) -> bool:
        """Whether everything runs and answers."""
        with suppress(OSError):
            return all(map(self.keeper.alive, self.keeper.services)) and self.site.answers()
        return False


class Embedded(Place):
    """As `./dev demo` runs it."""

    name = "embedded"
    said = "SQLite, Valkey, films in a folder; gunicorn with two workers, two Celery workers with three hands, a clock"
    part_bytes = 1 << 20
    killable = ("web worker", "web", "arrivals", "hand", "worker", "clock", "queue")

    def begin(self, stack: ExitStack) -> None:
        self.site.prepare()
        stack.enter_context(self.site.valkey)
        self.add("web", "web", self.site.start_web(stack, threads=self.threads))
        before = len(self.site.processes)
        self.site.start_worker(stack)
        for process in self.site.processes[before:]:
            self.add(process.name.partition(" ")[0], "work", process)
        assert self.site.valkey.process
        self.add("queue", "queue", self.site.valkey.process)


class Full(Place):
    """With a database server and a bucket."""

    name = "full"
    said = (
        "PostgreSQL, Valkey, films in a bucket of Ceph RGW; gunicorn with four workers, three Celery workers with "
        "three hands, a clock"
    )
    part_bytes = 5 << 20  # the least that a bucket takes
    killable = (
        "web worker", "web", "arrivals", "hand", "worker", "clock", "queue", "database", "bucket",
    )  # fmt: skip

    def __init__(self, folder: Path, *, rgw: CephRGW | None = None, **options: Any) -> None:
        """`rgw`: a gateway that runs already, and goes on afterwards."""
        super().__init__(folder, **options)
        self.running = rgw
        self.postgres = Postgres(log=self.site.logs / "postgres.log", durable=True)
        self.rgw = rgw or CephRGW(logs=self.site.logs)

    def begin(self, stack: ExitStack) -> None:
        stack.enter_context(self.postgres)
        if self.running is None:
            stack.enter_context(self.rgw)
        database = self.postgres.create("storm")
        self.site.extra |= {"DATABASE_URL": database, **self.rgw.environment("storm")}
        self.site.prepare()
        self.site.manage("prepare_bucket", "--create")
        stack.enter_context(self.site.valkey)
        self.add("web", "web", self.site.start_web(stack, workers=4, threads=self.threads))
        worker = [*CELERY, "worker", "--prefetch-multiplier=1", "--concurrency=1", "--loglevel=INFO"]
        arrivals = [
            *CELERY,
            "worker",
            "--queues=arrivals",
            "--pool=solo",
            "--hostname=arrivals@%h",
            "--loglevel=INFO",
        ]
        self.add("arrivals", "work", self.run("arrivals", arrivals, stack))
        for number in (1, 2):
            command = [*worker, f"--hostname=worker{number}@%h"]
            self.add(f"worker{number}", "work", self.run(f"worker{number}", command, stack))
        self.add("clock", "work", self.run("clock", [*CELERY, "beat", "--loglevel=INFO"], stack))
        assert self.site.valkey.process and self.postgres.process and self.rgw.gateway
        self.postgres.process.grace = 30
        self.bucket = self.rgw.gateway.pid
        self.add("queue", "queue", self.site.valkey.process)
        self.add("database", "database", self.postgres.process)
        if self.running is None:
            self.add("bucket", "bucket", self.rgw.gateway)

    def connect(self) -> Any:
        import psycopg

        return psycopg.connect(host=str(self.postgres.folder), dbname="storm", user="postgres")
