"""Waiting for what other processes do."""

import time
from collections.abc import Callable


def eventually[Value](look: Callable[[], Value], *, seconds: float = 30, every: float = 0.1) -> Value:
    """The first true answer of `look`; AssertionError with the last one when it stays untrue for so long."""
    end = time.monotonic() + seconds
    while not (answer := look()):
        assert time.monotonic() < end, f"still {answer!r} after {seconds} seconds"
        time.sleep(every)
    return answer
