"""Kills parts of a site without warning, one after the other, in an order that follows from the seed."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from benchmarks.storm.keeper import family
from benchmarks.storm.places import Place

FROZEN_SECONDS = (3.0, 6.0)  # how long a bucket does not answer


@dataclass(frozen=True, slots=True)
class Kill:
    """What was killed, and when (seconds since 1970)."""

    what: str
    at: float


class Killer:
    """Kills in a thread of its own whenever `due` says so, until `stop`."""

    def __init__(
        self, place: Place, seed: int, due: Callable[[int], bool], victims: tuple[str, ...] = ()
    ) -> None:
        self.place, self.due, self.victims = place, due, victims
        self.dice = random.Random(seed)
        self.kills: list[Kill] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        for what in self._victims():
            while not self.due(len(self.kills)):
                if self._over.wait(0.1):
                    return
            self.kills.append(Kill(what, time.time()))
            self._kill(what)
            if self._over.is_set():
                return

    def _victims(self) -> Iterator[str]:
        """Those that were named, else all there are, in a new order each time round."""
        yield from self.victims
        while not self.victims:
            yield from self.dice.sample(self.place.killable, len(self.place.killable))

    def _kill(self, what: str) -> None:
        keeper = self.place.keeper
        if what == "bucket":
            pid = self.place.bucket  # never killed: its memory is all it has
            os.kill(pid, signal.SIGSTOP)
            self._over.wait(self.dice.uniform(*FROZEN_SECONDS))
            os.kill(pid, signal.SIGCONT)
        elif what == "database":  # a quick restart, as after an update
            service = self.place.service("database")
            keeper.end(service)
            keeper.begin(service)
            service.resting = False
        elif what in ("web worker", "hand"):
            self._kill_child("web" if what == "web worker" else self._worker())
        else:
            service = self.place.service(self._worker() if what == "worker" else what)
            if keeper.alive(service):  # else the number may be somebody else's already
                strike(service.process.pid)

    def _worker(self) -> str:
        names = [service.name for service in self.place.keeper.services if service.name.startswith("worker")]
        return self.dice.choice(names)

    def _kill_child(self, name: str) -> None:
        """One of the processes that do the work below their master, where one is there just now."""
        service = self.place.service(name)
        children = sorted(family().get(service.process.pid, ()))
        if children and self.place.keeper.alive(service):
            strike(self.dice.choice(children))


def strike(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
