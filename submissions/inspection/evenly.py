"""Keeping a bounded number of things that come along in time, evenly spaced, when nobody knows how many will come."""

from bisect import bisect_right


class Evenly[T]:
    """Keeps one thing every `every` seconds from `first` on, never more than `most`.

    When there is no room, every second one is dropped and the spacing doubled.
    """

    def __init__(self, every: float, most: int, first: float = 0.0) -> None:
        self.every = every
        self._most = most
        self._next = first
        self._times: list[float] = []
        self._things: list[T] = []

    def __len__(self) -> int:
        return len(self._things)

    def due(self, time: float) -> bool:
        """Whether one is wanted at `time`, seconds, rising."""
        return time + 1e-6 >= self._next

    def keep(self, time: float, thing: T) -> None:
        """Take one that was due. After a gap the spacing goes on from there."""
        self._times.append(time)
        self._things.append(thing)
        if len(self._things) == self._most:
            came = (self._times[-1] - self._times[0]) / (self._most - 1)  # more rarely than wanted, perhaps
            self._times, self._things = self._times[::2], self._things[::2]
            self.every = 2 * max(self.every, came)
        self._next += self.every
        if self._next < time:
            self._next = time - time % self.every + self.every

    def at(self, time: float) -> T:
        """What was kept last at or before `time`; the first one for what lies before it. IndexError when empty."""
        return self._things[max(0, bisect_right(self._times, time + 1e-6) - 1)]

    def all(self) -> list[T]:
        """Everything kept, in order."""
        return list(self._things)

    def spread(self, count: int) -> list[T]:
        """At most `count` of them, evenly chosen, in order."""
        step = len(self._things) / max(1, min(count, len(self._things)))
        return [self._things[int(step * n)] for n in range(min(count, len(self._things)))]
