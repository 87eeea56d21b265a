"""What the picture does, seen on every frame through a small view of it: black and standing still here, all else in
the detectors that it asks."""

from collections.abc import Callable

import av
import numpy as np

from submissions.inspection.bars import BarFinder
from submissions.inspection.cadence import RepeatFinder
from submissions.inspection.detail import DetailFinder
from submissions.inspection.flash import Flash
from submissions.inspection.flicker import FlickerFinder
from submissions.inspection.levels import RangeFinder
from submissions.inspection.marks import MarkFinder
from submissions.inspection.report import Event, PictureFacts, Shots
from submissions.inspection.sample import SAMPLE_WIDTH, Luma, Sample, chroma_view, luma_view, mean_of
from submissions.inspection.scan import CombFinder
from submissions.inspection.shots import ShotFinder
from submissions.inspection.slides import SlideFinder

__all__ = ["SAMPLE_WIDTH", "Luma", "Picture", "luma_view"]

BLACK_LEVEL = 0.10  # of the range from black to white
BLACK_SHARE = 0.98  # of the picture
SAME_MEAN = 0.5  # levels of 255 between two frames that show the same
SAME_DRIFT = 2.0  # levels of 255 over the whole time of standing still
REDRAWN_DRIFT, ANEW = 4.0, 24  # an encoder may draw all of it a little otherwise by and by, but nothing anew
MOVED_LEVEL, MOVED_SHARE = 8, 0.0005  # a small thing that moves in a still room
REFRESH_SECONDS = 0.1  # a key frame may redraw a standing picture for so long


class Picture:
    """Gathers what the picture does. `seen(kind, since, time)` is called at each frame inside an event.

    `finish` hands over the events; `facts` and `shots` stand afterwards.
    """

    def __init__(self, seen: Callable[[str, float, float], None], shortest: dict[str, float]) -> None:
        self.events: list[Event] = []
        self._seen, self._shortest = seen, shortest
        self.facts, self.shots = PictureFacts(), Shots(1, 0.0, 0.0, 0.0)
        self._last: Luma | None = None
        self._last_time = self._first_time = 0.0
        self._number = 0
        self._flash, self._flicker = Flash(), FlickerFinder()
        self._shots, self._repeats, self._levels = ShotFinder(), RepeatFinder(), RangeFinder()
        self._bars, self._slides, self._combs = BarFinder(), SlideFinder(), CombFinder()
        self._detail, self._marks = DetailFinder(), MarkFinder()
        self._detectors = (
            self._flash, self._shots, self._repeats, self._levels, self._bars, self._slides, self._combs,
            self._detail, self._marks,
        )  # fmt: skip
        self._black_since: float | None = None
        self._still_since: float | None = None
        self._anchor: Luma | None = None  # the standing picture as it was at first
        self._stirred: float | None = None  # when a standing picture first differed again

    def look(self, frame: av.VideoFrame, time: float) -> None:
        """Take in one frame; `time` in seconds, rising."""
        luma, full = luma_view(frame)
        sample = Sample(frame, self._number, time, luma, full, chroma_view(frame))
        if self._last is not None and self._last.shape == luma.shape:
            sample.change = _apart(luma, self._last)
            sample.moved = mean_of(sample.change)
        if not self._number:
            self._first_time = time
        self._number += 1
        floor, white = (0, 255) if full else (16, 235)
        dark = int(floor + BLACK_LEVEL * (white - floor))
        black = int(np.count_nonzero(luma <= dark)) >= BLACK_SHARE * luma.size
        if black and self._black_since is None:
            self._black_since = time
        elif not black:
            self._end_black(time)
        sample.black = black
        self._stand(sample)
        for detector in self._detectors:
            detector.look(sample)
        self._flicker.look(sample, self._flash.light)
        if self._black_since is not None:
            self._seen("black", self._black_since, time)
        elif self._still_since is not None and self._stirred is None:
            self._seen("freeze", self._still_since, time)
        if self._flash.since is not None:
            self._seen("flash", self._flash.since, time)
        self._last, self._last_time = luma, time

    @property
    def luma(self) -> Luma:
        """The sample of the frame looked at last."""
        assert self._last is not None
        return self._last

    def finish(self, end: float, rotation: int = 0) -> list[Event]:
        """Close what is open at the film's end and hand over all events. `rotation`: degrees to turn it by."""
        self._end_black(end)
        self._end_still(end)
        start = self._first_time
        length = max(end - start, 1e-6)
        still = sum(event.seconds for event in self.events if event.kind == "freeze") / length
        flashes, flashing = self._flash.finish()
        unsteady = self._flash.unsteady
        self.shots = self._shots.finish(start, end, unsteady)
        cuts = self.shots.cuts
        cadence, repeats = self._repeats.finish(start, end, cuts, unsteady)
        scan, woven = self._combs.finish(end)
        flicker, wavering = self._flicker.finish(end, cuts, unsteady)
        cutoff, falloff, blur, blockiness = self._detail.finish()
        marks, text = self._marks.finish(start, end, cuts, self._bars.usual, rotation)
        self.events += [*flashing, *repeats, *woven, *wavering]
        self.facts = PictureFacts(
            flashes=flashes,
            bars=self._bars.finish(rotation),
            levels=self._levels.finish(),
            cadence=cadence,
            scan=scan,
            still_share=round(still, 4),
            slide_share=round(max(still, min(1.0, self._slides.finish(unsteady) / length)), 4),
            flicker=flicker,
            cutoff=cutoff,
            falloff=falloff,
            blur=blur,
            blockiness=blockiness,
            marks=marks,
            opening_text=text,
        )
        return sorted(self.events, key=lambda event: (event.start, event.kind))

    def _stand(self, sample: Sample) -> None:
        luma, time, last = sample.luma, sample.time, self._last
        if last is None or sample.change is None or sample.black:
            self._end_still(time)
            return
        same = (
            sample.moved < SAME_MEAN
            and np.count_nonzero(sample.change > MOVED_LEVEL) <= MOVED_SHARE * luma.size
        )
        if self._still_since is None or self._anchor is None:
            if same:
                self._still_since, self._anchor, self._stirred = self._last_time, last, None
            return
        change = _apart(luma, self._anchor)
        drift = mean_of(change)
        redrawn = drift < REDRAWN_DRIFT and np.count_nonzero(change > ANEW) <= MOVED_SHARE * luma.size
        if drift >= SAME_DRIFT and not redrawn:
            self._end_still(time)
        elif same:
            self._stirred = None
        elif self._stirred is None:
            self._stirred = time
        elif time - self._stirred > REFRESH_SECONDS:
            self._end_still(time)

    def _end_black(self, time: float) -> None:
        self._add("black", self._black_since, time)
        self._black_since = None

    def _end_still(self, time: float) -> None:
        self._add("freeze", self._still_since, time if self._stirred is None else self._stirred)
        self._still_since = self._anchor = self._stirred = None

    def _add(self, kind: str, start: float | None, end: float) -> None:
        if start is not None and end - start >= self._shortest[kind] - 1e-6:
            self.events.append(Event(kind, round(start, 3), round(end, 3)))


def _apart(one: Luma, other: Luma) -> Luma:
    """By how much each sample differs, without a detour over wider numbers."""
    return np.maximum(one, other) - np.minimum(one, other)
