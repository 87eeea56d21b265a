"""What a film's packets tell before any is decoded: the pace of its pictures, its keyframes, its bit rate."""

import time as clock
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import av
import av.error

from submissions.inspection.header import NotAFilmError
from submissions.inspection.measure import pace

HIGHEST_RATE = 60

Progress = Callable[[float], None]


class CopyCancelledError(Exception):
    """The work was called off; nothing of it is left."""


class Watch:
    """Tells the progress and asks whether to go on, both not too often."""

    def __init__(self, on_progress: Progress, cancelled: Callable[[], bool]) -> None:
        self.tell, self._cancelled, self._last = on_progress, cancelled, 0.0

    def look(self, share: float) -> None:
        """Called at every packet; raises CopyCancelledError."""
        now = clock.monotonic()
        if now - self._last < 0.3:
            return
        self._last = now
        if self._cancelled():
            raise CopyCancelledError
        self.tell(min(1.0, max(0.0, share)))


@dataclass(slots=True)
class Survey:
    """What the packets tell before any is decoded. Times in seconds from the film's zero."""

    zero: float
    times: list[float]
    keyframes: list[float]
    video_bytes: int
    rate: Fraction
    step: float
    constant: bool
    whole: bool  # every packet is to be shown, and the decoder's set-up never changes

    @property
    def duration(self) -> float:
        return self.times[-1] + self.step

    @property
    def longest_group(self) -> float:
        """The longest time without a keyframe."""
        marks = [*self.keyframes, self.duration]
        return max((after - before for before, after in pairwise(marks)), default=self.duration)


def survey_packets(film: Any, video: Any, most_frames: int, watch: Watch) -> Survey:
    """Reads all packets of the picture without decoding one."""
    zero = (film.start_time or 0) / av.time_base
    times: list[float] = []
    keyframes: list[float] = []
    size, whole = 0, True
    for packet in packets_of(film, [video]):
        moment = packet.pts if packet.pts is not None else packet.dts
        if packet.size == 0:
            continue
        watch.look(0.0)
        if len(times) >= most_frames:
            raise NotAFilmError("too_many_frames", most=most_frames)
        size += packet.size
        whole = whole and not packet.is_discard and not packet.is_corrupt and packet.pts is not None
        whole = whole and not packet.has_sidedata("new_extradata")
        if moment is None:
            continue
        times.append(float(moment * packet.time_base) - zero)
        if packet.is_keyframe:
            keyframes.append(times[-1])
    times = sorted(set(times))
    if not times:
        times = [0.0]
    declared = [rate and Fraction(rate) for rate in (video.average_rate, video.guessed_rate)]
    rate, step, constant = pace(times, declared)
    if not constant and len(times) > 2:
        steps = sorted(after - before for before, after in pairwise(times))
        usual = 1 / steps[len(steps) // 2]
        common = (24, 25, 30, 50, 60)
        rate = common[min(bisect_left(common, usual * 0.98), 4)]
    while rate > HIGHEST_RATE * 1.01:
        rate /= 2
    return Survey(
        zero=zero,
        times=times,
        keyframes=sorted(keyframes),
        video_bytes=size,
        rate=Fraction(max(1.0, rate)).limit_denominator(1001),
        step=step,
        constant=constant,
        whole=whole,
    )


def packets_of(film: Any, streams: list[Any]) -> Iterator[Any]:
    """The streams' packets; a container that breaks off ends them."""
    packets = film.demux(*streams)
    while True:
        try:
            packet = next(packets, None)
        except MemoryError:
            raise
        except av.error.FFmpegError:
            return
        if packet is None:
            return
        yield packet
