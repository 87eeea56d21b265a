"""Starts what has died, as the service manager of a machine does, and knows what each service has cost."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.process import Process

RESTART_SECONDS = 1.0  # until something that died is started again
LOOK_SECONDS = 0.05
SAMPLE_SECONDS = 1.0


@dataclass
class Service:
    """One program that is kept alive. `role`: web, work, or what they stand on."""

    name: str
    role: str
    process: Process
    cpu: float = 0.0  # seconds, of all that has ended
    starts: int = 1
    resting: bool = False  # stopped on purpose; whoever stopped it starts it again


class Keeper:
    """Watches in a thread of its own from `start` to `stop`."""

    def __init__(self, services: list[Service]) -> None:
        self.services = services
        self.memory: dict[str, int] = {}  # most bytes at once, by role
        self.lock = threading.RLock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def _watch(self) -> None:
        sampled = 0.0
        died: dict[str, float] = {}
        while not self._over.wait(LOOK_SECONDS):
            for service in self.services:
                if service.resting or self.alive(service):
                    continue
                since = died.setdefault(service.name, time.monotonic())
                if time.monotonic() - since >= RESTART_SECONDS:
                    del died[service.name]
                    self.begin(service)
            if time.monotonic() - sampled > SAMPLE_SECONDS:
                sampled = time.monotonic()
                self.sample()

    def alive(self, service: Service) -> bool:
        """Whether it runs; what it cost is counted when it is found dead."""
        with self.lock:
            before = spent()
            if service.process.alive:
                return True
            service.cpu += spent() - before
            return False

    def begin(self, service: Service) -> None:
        with self.lock:
            service.process.start(quiet=True)
            service.starts += 1

    def end(self, service: Service) -> None:
        """Stop it by its own signal; it is not started again by itself."""
        service.resting = True
        with self.lock:
            before = spent()
            service.process.stop()
            service.cpu += spent() - before

    def sample(self) -> None:
        """How much memory each role takes now; shared pages are divided among those who share them."""
        sums: dict[str, int] = {}
        children = family()
        for service in self.services:
            sums[service.role] = sums.get(service.role, 0) + sum(
                map(memory, below(service.process.pid, children))
            )
        for role, size in sums.items():
            self.memory[role] = max(self.memory.get(role, 0), size)

    def stop(self) -> None:
        """Watch no longer, end all services in the order of the list."""
        self._over.set()
        self._thread.join()
        for service in self.services:
            self.end(service)

    def cpu(self, role: str) -> float:
        return sum(service.cpu for service in self.services if service.role == role)

    def call(self, action: Callable[[], Any]) -> Any:
        """An action that ends children of this process, so that their cost is nobody else's."""
        with self.lock:
            return action()


def spent() -> float:
    """CPU seconds of all children of this process that have ended, and of all below them."""
    times = os.times()
    return times.children_user + times.children_system


def family() -> dict[int, list[int]]:
    """Every process's children."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    return children


def below(pid: int, children: dict[int, list[int]]) -> Iterator[int]:
    """A process and all that came of it."""
    yield pid
    for child in children.get(pid, ()):
        yield from below(child, children)


def memory(pid: int) -> int:
    """Bytes; 0 when it has ended."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return 0
