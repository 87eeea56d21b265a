"""Brightness that wavers four to twelve times a second over the whole picture, as generated films often do."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from submissions.inspection.report import Event
from submissions.inspection.sample import Sample

ZONES = (3, 4)
SLOW = 0.25  # seconds; what changes more slowly than over this is no flicker
WINDOW = 0.5  # seconds over which its strength is taken
VISIBLE = 1.2  # RMS, levels of 255
SHORTEST = 0.75  # seconds
TURNS = 6.0  # changes of sign a second, at least
TOGETHER = 0.6  # correlation of most zones with what they share; less is lettering that rolls past, or leaves

Series = NDArray[np.float64]


class FlickerFinder:
    """Keeps the brightness of twelve zones for every frame."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._black: list[bool] = []
        self._zones: list[NDArray[np.float32]] = []

    def look(self, sample: Sample, light: NDArray[np.float32]) -> None:
        """Take in one frame. `light`: luminance in cd/m² of 16 × 9 cells."""
        levels = np.maximum(light, 0) ** np.float32(1 / 2.4) * np.float32(255 / 200 ** (1 / 2.4))
        down, across = ZONES
        self._times.append(sample.time)
        self._black.append(sample.black)
        self._zones.append(levels.reshape(down, 3, across, 4).mean(axis=(1, 3), dtype=np.float32).ravel())

    def finish(
        self, end: float, cuts: tuple[float, ...], flashes: list[tuple[float, float]]
    ) -> tuple[float, list[Event]]:
        """The film's flicker (0.95 quantile of its strength, levels) and where it is seen, outside `flashes`."""
        count = len(self._times)
        if count < 12:
            return 0.0, []
        times = np.array([*self._times, end])
        zones = np.array(self._zones)
        rate = count / (end - times[0])
        black = np.array(self._black)
        fades = (np.flatnonzero(np.diff(black)) + 1).tolist()
        bounds = sorted({0, count, *fades, *np.searchsorted(times[:-1], np.array(cuts) - 1e-3).tolist()})
        strength = np.zeros(count)
        events: list[Event] = []
        for first, last in pairwise(bounds):
            if last - first < max(8, SHORTEST * rate / 2):
                continue
            fast = _fast(zones[first:last], rate)
            wave = np.median(fast, axis=1)
            strength[first:last] = np.sqrt(_mean(wave**2, max(3, round(WINDOW * rate))))
            for event in _stretches(fast, wave, strength[first:last], times[first : last + 1]):
                if events and event.start - events[-1].end < 4 / rate:  # goes on over a cut
                    event = Event("flicker", events.pop().start, event.end)
                events.append(event)
        calm = ~black
        for since, until in flashes:
            calm &= (times[:-1] < since) | (times[:-1] > until)
        events = [
            event
            for event in events
            if not any(event.start < until and since < event.end for since, until in flashes)
        ]
        return (round(float(np.quantile(strength[calm], 0.95)), 2) if calm.any() else 0.0), events


def _fast(zones: NDArray[np.float32], rate: float) -> Series:
    """What is left of each zone's course when its slow changes are taken out."""
    width = max(3, round(SLOW * rate) | 1)
    smooth = np.stack([_mean(zone, width) for zone in zones.T.astype(np.float64)])
    return zones.astype(np.float64) - smooth.T


def _mean(series: Series, width: int) -> Series:
    """A moving mean that keeps the length; at the ends over what there is."""
    kernel = np.ones(min(width, len(series)))
    counted: Series = np.convolve(series, kernel, "same") / np.convolve(np.ones(len(series)), kernel, "same")
    return counted


def _stretches(zones: Series, wave: Series, strength: Series, times: Series) -> list[Event]:
    """Where the strength stays visible, the wave turns often enough and the zones waver together, from the first to
    the last large wave."""
    events = []
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (strength > VISIBLE / 2).astype(np.int8), [0]])))
    for first, last in edges.reshape(-1, 2):
        size = np.abs(wave[first:last])
        large = np.flatnonzero(size > max(VISIBLE / 2, 0.35 * float(np.quantile(size, 0.9))))
        if not len(large):
            continue
        first, last = first + int(large[0]), first + int(large[-1]) + 1
        part = wave[first:last]
        seconds = float(times[last] - times[first])
        turns = int(np.count_nonzero(np.diff(np.sign(part))))
        strong = float(np.sqrt((part**2).mean())) > VISIBLE
        if seconds >= SHORTEST and turns >= TURNS * seconds and strong and _together(zones[first:last], part):
            events.append(Event("flicker", round(float(times[first]), 3), round(float(times[last]), 3)))
    return events


def _together(zones: Series, wave: Series) -> bool:
    """Whether most zones waver as their median does."""
    lengths = np.sqrt((zones**2).sum(axis=0) * (wave**2).sum())
    return float(np.median(wave @ zones / np.maximum(lengths, 1e-9))) >= TOGETHER
