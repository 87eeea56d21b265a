"""`./dev demo`: a small festival on this machine; its films go through the real upload and inspection."""

import argparse
import fcntl
import json
import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from tools.process import Failed, Process, ends_on_signals, say, shown, undisturbed
from tools.site import EVERY_ADDRESS, PYTHON, ROOT, Site

# What the demo makes in its data folder; --reset removes these and nothing else.
FOLDERS = ("log", "mail", "media", "spool", "static", "valkey")
FILES = (
    "celerybeat-schedule*",
    "demo.done",
    "demo.json",
    "firstlight.sqlite3*",
    "prepared",
    "secret",
    "valkey.sock",
)
NEEDED_BYTES = 1 << 30
END_SECONDS = 45


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 shows the demo to your network")
    parser.add_argument(
        "--reset", action="store_true", help="end a running demo, delete its data, start over"
    )
    options = parser.parse_args(arguments)
    site = Site(host=options.host, port=options.port)
    with ends_on_signals():
        try:
            site.var.mkdir(parents=True, exist_ok=True)
            with lock(site, end_other=options.reset):
                if options.reset:
                    reset(site.var)
                return live(site)
        except KeyboardInterrupt:
            say("\nEnded.")
            return 0


def live(site: Site) -> int:
    """Start everything, fill a new festival, stay until Ctrl-C; every child is gone when this returns."""
    check_disk(site.var)
    check_port(site.host, site.port)
    try:
        site.start()
        fill(site)
        say("Ctrl-C ends the demo.")
        while True:
            site.watch()
            time.sleep(0.5)
    except KeyboardInterrupt:
        with undisturbed():
            say("\nEnding the worker, the web server and the queue")
            site.stop()
        say(f"Ended. The data stays in {shown(site.var)}; ./dev demo --reset starts over.")
        return 0
    finally:
        with undisturbed():
            site.stop()


def fill(site: Site) -> None:
    """Show the address and the log-ins; put the demo's films in when this data folder has none yet.

    The films go in while web and worker run, so that they can be watched being inspected.
    """
    say(f"\nFirstlight is at {site.url}")
    if site.host in EVERY_ADDRESS:
        say("Everybody on your network can reach it and log in as below: show nothing private here.")
    done, accounts = site.var / "demo.done", site.var / "demo.json"
    if done.exists():
        say(log_ins(accounts))
        return
    command = [PYTHON, ROOT / "manage.py", "demo_setup"]
    log = site.logs / "demo.log"
    with Process("filling", command, log=log, env=site.environment(), cwd=ROOT).start(quiet=True) as filling:
        told = False
        while filling.alive:
            site.watch()
            told = told or tell(accounts, log)
            time.sleep(0.3)
        if filling.exit_code:
            raise Failed(filling.describe("the demo failed"))
        if not told and not tell(accounts, log):
            raise Failed(filling.describe(f"the demo wrote no log-ins to {shown(accounts)}"))
    done.write_text("")
    say("The demo's films are in.")


def tell(accounts: Path, log: Path) -> bool:
    """Print the log-ins once they are known."""
    if not accounts.exists():
        return False
    say(log_ins(accounts))
    say(f"Films are being made, uploaded and inspected: watch them on the pages (log {shown(log)}).")
    return True


def log_ins(path: Path) -> str:
    """The accounts of demo.json as aligned lines."""
    try:
        accounts = json.loads(path.read_text())["accounts"]
    except (OSError, ValueError, KeyError) as error:
        raise Failed(f"{shown(path)} cannot be read. ./dev demo --reset starts over.") from error
    rows = [(account["role"], account["email"], account["password"]) for account in accounts]
    widths = [max(len(row[column]) for row in rows) for column in range(3)] if rows else []
    return "\n".join(
        "  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in rows
    )


@contextmanager
def lock(site: Site, *, end_other: bool) -> Iterator[None]:
    """One demo per data folder: raises Failed while another runs, or ends that one first (`end_other`).

    The lock ends with its process, whatever ends that.
    """
    with open(site.var / "demo.pid", "a+") as file:
        if not taken(file):
            file.seek(0)
            pid, address = [*file.read().split(), "", ""][:2]
            if not end_other:
                raise Failed(
                    f"A demo already runs on {shown(site.var)}: process {pid}, {address}. End it with Ctrl-C where "
                    "it runs, or start over with ./dev demo --reset."
                )
            end_demo(int(pid or 0), file)
        file.truncate(0)
        file.write(f"{os.getpid()} {site.url}\n")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def taken(file: IO[str]) -> bool:
    """Take the lock if nobody holds it."""
    with suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def end_demo(pid: int, file: IO[str]) -> None:
    """End the demo that holds the lock: as long as it is held, its process number is right."""
    say(f"Ending the running demo (process {pid})")
    if pid > 1:
        os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + END_SECONDS
    while not taken(file):
        if time.monotonic() > end:
            raise Failed(f"The running demo (process {pid}) does not end. Kill it, then try again.")
        time.sleep(0.2)


def reset(var: Path) -> None:
    """Delete what the demo made in `var`; anything else there stays."""
    for name in FOLDERS:
        shutil.rmtree(var / name, ignore_errors=True)
    for pattern in FILES:
        for path in var.glob(pattern):
            path.unlink(missing_ok=True)
    say(f"Deleted the demo's data in {shown(var)}")


def check_disk(var: Path) -> None:
    free = shutil.disk_usage(var).free
    if free < NEEDED_BYTES:
        raise Failed(
            f"The disk that holds {shown(var)} has {free >> 20} MiB left; the demo needs "
            f"{NEEDED_BYTES >> 20}. Free some space, or choose another folder: FIRSTLIGHT_VAR=/path ./dev demo"
        )


def check_port(host: str, port: int, *, patience: float = 3) -> None:
    """Refuse, in a sentence, an address that the web server could not listen on."""
    if not 0 < port < 65536:
        raise Failed(f"{port} is no port: choose one from 1024 to 65535.")
    end = time.monotonic() + patience
    while True:
        try:
            family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
            return
        except PermissionError as error:
            raise Failed(
                f"This account may not use port {port}. Choose one above 1023: --port 8000"
            ) from error
        except socket.gaierror as error:
            raise Failed(f"“{host}” is no address of this machine. Try --host 127.0.0.1") from error
        except OSError as error:
            if time.monotonic() > end:
                raise Failed(
                    f"Port {port} on {host} cannot be used ({error.strerror}): another program listens there, or "
                    f"the address is not this machine's. Choose another: ./dev demo --port {port + 1}"
                ) from error
        time.sleep(0.2)
