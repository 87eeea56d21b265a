"""Programs that the tools start: supervised, logged to a file, and ended with everything below them."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Self

GUARD = Path(__file__).with_name("guard.py")


class Missing(Exception):
    """A program that is needed is not on this machine; the text says in one line how to get it."""


class Failed(Exception):
    """A program did not start, ended by itself, or did not answer in time; the text shows its last lines."""


def say(line: str) -> None:
    print(line, flush=True)


class Process:
    """One program under a guard (tools/guard.py): it and all its descendants end with this process.

    `stop_signal` asks the program to end; after `grace` seconds the whole tree is killed. `user` is the
    account to run as, for programs that refuse to be root. Output goes to `log` (appended).
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stop_signal: int = signal.SIGTERM,
        grace: float = 8,
        user: str = "",
    ) -> None:
        self.name = name
        self.command = [str(word) for word in command]
        self.log = log
        self.env = dict(os.environ if env is None else env)
        self.cwd = cwd
        self.stop_signal = int(stop_signal)
        self.grace = grace
        self.user = user
        self.pid = 0  # of the program itself
        self._guard: subprocess.Popen[bytes] | None = None

    def start(self, *, quiet: bool = False) -> Self:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        read, write = os.pipe()
        guard = [sys.executable, "-I", "-S", str(GUARD), str(os.getpid()), str(write)]
        guard += [str(self.stop_signal), str(self.grace), self.user, "--", *self.command]
        try:
            with open(self.log, "ab") as output:
                self._guard = subprocess.Popen(
                    guard,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=self.env,
                    cwd=self.cwd,
                    pass_fds=[write],
                    start_new_session=True,  # Ctrl-C reaches us alone, and we end the children in order
                )
        finally:
            os.close(write)
        with open(read) as answer:
            self.pid = int(answer.readline().strip() or 0)
        if not quiet:
            say(f"Started {self.name} (process {self.pid}; log {shown(self.log)})")
        return self

    @property
    def alive(self) -> bool:
        return self._guard is not None and self._guard.poll() is None

    @property
    def exit_code(self) -> int | None:
        return None if self._guard is None else self._guard.poll()

    def stop(self) -> None:
        """End the program and everything below it; returns when they are gone. Safe to call twice."""
        if self._guard is None:
            return
        if self._guard.poll() is None:
            self._guard.terminate()
            try:
                self._guard.wait(self.grace + 10)
            except subprocess.TimeoutExpired:
                self._guard.kill()
                self._guard.wait()

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Wait until `ready()`; raises Failed with the end of the log when it ends or stays silent."""
        end = time.monotonic() + seconds
        while True:
            with contextlib.suppress(OSError):
                if ready():
                    return
            if not self.alive:
                raise Failed(self.describe("ended by itself"))
            if time.monotonic() > end:
                raise Failed(self.describe(f"did not answer within {seconds:.0f} seconds"))
            time.sleep(0.05)

    def describe(self, what: str) -> str:
        """One sentence about what happened, with where to read more and the log's last lines."""
        code = f" (exit code {self.exit_code})" if self.exit_code is not None else ""
        return f"{self.name} {what}{code}. Its log: {shown(self.log)}\n{last_lines(self.log)}"

    def __enter__(self) -> Self:
        return self.start() if self._guard is None else self

    def __exit__(self, *_: object) -> None:
        self.stop()


def shown(path: Path) -> str:
    """The path as a reader standing in the current folder would type it."""
    with contextlib.suppress(ValueError):
        return str(path.relative_to(Path.cwd()))
    return str(path)


def last_lines(path: Path, count: int = 12) -> str:
    try:
        with open(path, "rb") as file:
            file.seek(max(0, path.stat().st_size - 16_000))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join("    " + line for line in lines[-count:])


def run(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, user: str = "", **more
) -> str:
    """Run a program to its end and give its output; Failed with that output when it fails."""
    words = [str(word) for word in command]
    account: dict = {"user": user, "group": user_group(user), "extra_groups": []} if user else {}
    result = subprocess.run(
        words,
        env=None if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        **account,
        **more,
    )
    if result.returncode:
        raise Failed(
            f"{Path(words[0]).name} failed (exit code {result.returncode}):\n{result.stdout.strip()}"
        )
    return result.stdout


def user_group(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


@contextlib.contextmanager
def ends_on_signals() -> Iterator[None]:
    """Inside, SIGTERM and SIGHUP act like Ctrl-C: KeyboardInterrupt, so that every `with` unwinds."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {name: signal.signal(name, interrupt) for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Inside, a second Ctrl-C is not heard, so that ending the children is not cut short."""
    before = {
        name: signal.signal(name, signal.SIG_IGN) for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    }
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
