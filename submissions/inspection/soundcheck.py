"""What the samples themselves tell, read from the end of the filter chain: clipping, channels, phase, mains hum."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from submissions.inspection.facts import Channel, Hum
from submissions.inspection.report import Event

Samples = NDArray[np.float64]

FULL_SCALE = 0.9999  # 32767 of 32768 and above
CLIPPED_RUN = 3  # samples; two may be chance
CLIPPING_GAP = 1.0  # seconds between runs that are told as one stretch
MOST_EVENTS = 200
SILENT = 1e-3  # −60 dBFS
MONO_SIDE_DB = -50.0  # AAC and AC-3 leave up to −55 dB of noise where there was nothing

HUM_BLOCK = 4096  # of about a thousand samples a second: four seconds, a quarter of a hertz apart
HUM_OVER_DB = 20.0  # above its neighbours
HUM_SHARE = 0.8
HUM_STEADY_DB = 6.0
HUM_LEAST_DBFS = -72.0
_FILTER_SPAN = 6


class SoundCheck:
    """Takes in the sound as (channels, samples) between −1 and 1. `channels` are their names in order."""

    def __init__(self, channels: Sequence[str], rate: int) -> None:
        self.clippings = 0
        self.events: list[Event] = []
        self._names, self._rate = list(channels), rate
        self._peak: Samples = np.zeros(len(self._names))
        self._power: Samples = np.zeros(len(self._names))
        self._cross = 0.0
        self._samples = 0
        self._open = [0] * len(self._names)  # how long the run at full scale is that each channel is in
        self._hum = _HumFinder(rate)

    def hear(self, block: Samples, mono: Samples, time: float) -> float:
        """One stretch of sound that begins at `time`, seconds, and the mean of its channels. Returns its peak."""
        highest = np.maximum(block.max(1), -block.min(1))
        np.maximum(self._peak, highest, out=self._peak)
        self._power += np.einsum("ij,ij->i", block, block)
        if len(self._names) > 1:
            self._cross += float(block[0] @ block[1])
        self._samples += block.shape[1]
        peak = float(highest.max())
        if peak >= FULL_SCALE or any(self._open):
            for channel in range(len(self._names)):
                self._clip(channel, np.abs(block[channel]) >= FULL_SCALE, time)
        self._hum.hear(mono)
        return peak

    def channel_levels(self) -> tuple[Channel, ...]:
        """Peak and mean level of every channel."""
        return tuple(
            Channel(name, decibels(float(peak)), decibels(math.sqrt(power / max(1, self._samples))))
            for name, peak, power in zip(self._names, self._peak, self._power)
        )

    def mono_as_stereo(self) -> bool:
        """Two channels that carry the same: what differs lies 50 dB below what they share."""
        left, right, cross = self._pair()
        middle, side = (left + right + 2 * cross) / 4, max(0.0, (left + right - 2 * cross) / 4)
        return len(self._names) == 2 and middle > 0 and side <= middle * 10 ** (MONO_SIDE_DB / 10)

    def phase(self) -> float | None:
        """Correlation of left and right over the whole film; None when one of them is silent."""
        left, right, cross = self._pair()
        if len(self._names) < 2 or min(self._peak[:2]) < SILENT:
            return None
        return round(cross / math.sqrt(left * right), 3)

    def balance(self) -> float | None:
        """By how many decibels the left is louder than the right, −99 to 99; None when nothing is heard."""
        left, right, _ = self._pair()
        if len(self._names) < 2 or max(self._peak[:2]) < SILENT:
            return None
        ratio = 10 * math.log10(max(left, 1e-12 * right) / max(right, 1e-12 * left))
        return round(min(99.0, max(-99.0, ratio)), 1)

    def hum(self) -> Hum | None:
        """Mains hum, where it stands out through nearly the whole film."""
        return self._hum.result()

    def _pair(self) -> tuple[float, float, float]:
        if len(self._names) < 2:
            return 0.0, 0.0, 0.0
        return float(self._power[0]), float(self._power[1]), self._cross

    def _clip(self, channel: int, full: NDArray[np.bool_], time: float) -> None:
        """Count the runs that reach the length here; one that goes on from before is counted once."""
        marks = np.flatnonzero(np.diff(np.concatenate(([False], full, [False])).astype(np.int8)))
        carried = self._open[channel]
        self._open[channel] = 0
        for start, end in zip(marks[::2].tolist(), marks[1::2].tolist()):
            before = carried if start == 0 else 0
            length = before + end - start
            if length >= CLIPPED_RUN:
                self.clippings += before < CLIPPED_RUN
                self._mark(time + (start - before) / self._rate, time + end / self._rate)
            if end == len(full):
                self._open[channel] = length

    def _mark(self, start: float, end: float) -> None:
        last = self.events[-1] if self.events else None
        start, end = round(max(0.0, start), 3), round(end, 3)
        if last and start - last.end <= CLIPPING_GAP:
            self.events[-1] = Event("clipping", min(last.start, start), max(last.end, end))
        elif len(self.events) < MOST_EVENTS:
            self.events.append(Event("clipping", start, max(end, start + 0.001)))


LOWEST_HUM_RATE = 500
"""Samples a second below which the third line of 60 Hz and its neighbours are not there to be seen."""


class _HumFinder:
    """Looks at four seconds at a time, thinned to about a thousand samples a second, for lines that stand and stay."""

    def __init__(self, rate: int) -> None:
        self._factor = max(1, rate // 1000)
        self._rate = rate / self._factor
        taps = np.hanning(self._factor * _FILTER_SPAN + 2)[1:-1]
        self._taps: Samples = taps / taps.sum()
        self._window: Samples = np.hanning(HUM_BLOCK)
        at = np.arange(len(taps)) / rate
        self._passes = {  # how much of a line's power is left after the thinning
            base * line: float(np.abs(self._taps @ np.exp(-2j * np.pi * base * line * at)) ** 2)
            for base in (50, 60)
            for line in (1, 2, 3)
        }
        self._raw: Samples = np.zeros(0)
        self._thin: list[Samples] = []
        self._waiting = 0
        self._heard: list[
            list[tuple[float, float]]
        ] = []  # per block: (dB over its neighbours, power) of each line

    def hear(self, mono: Samples) -> None:
        if self._rate < LOWEST_HUM_RATE:
            return
        raw = np.concatenate((self._raw, mono))
        steps = (len(raw) - len(self._taps)) // self._factor + 1
        if steps < 1:
            self._raw = raw
            return
        thin = sliding_window_view(raw, len(self._taps))[:: self._factor][:steps] @ self._taps
        self._raw = raw[steps * self._factor :]
        self._thin.append(thin)
        self._waiting += len(thin)
        if self._waiting >= HUM_BLOCK:
            whole = np.concatenate(self._thin)
            self._look(whole[:HUM_BLOCK])
            self._thin, self._waiting = [whole[HUM_BLOCK:]], len(whole) - HUM_BLOCK

    def _look(self, block: Samples) -> None:
        spectrum = np.abs(np.fft.rfft(block * self._window)) ** 2 / self._window.sum() ** 2 * 4
        if spectrum.sum() < 1e-12:
            return
        step = self._rate / HUM_BLOCK
        found = []
        for hertz in self._passes:
            at = hertz / step
            peak = float(spectrum[round(at - 0.6 / step) : round(at + 0.6 / step) + 1].max())
            beside, aside, near = (round(width / step) for width in (2.5, 1.5, 8))
            mine = peak >= float(spectrum[round(at) - beside : round(at) + beside + 1].max())
            around = np.concatenate(
                (
                    spectrum[round(at) - near : round(at) - aside],
                    spectrum[round(at) + aside : round(at) + near],
                )
            )
            over = 10 * math.log10((peak + 1e-20) / (float(np.median(around)) + 1e-20)) if mine else 0.0
            found.append((over, peak / 2 / self._passes[hertz]))
        self._heard.append(found)

    def result(self) -> Hum | None:
        if len(self._heard) < 2:
            return None
        heard = np.array(self._heard)  # blocks × (50, 100, 150, 60, 120, 180) × (over, power)
        best: Hum | None = None
        for n, base in enumerate((50, 60)):
            lines = heard[:, n * 3 : n * 3 + 3]
            standing = lines[:, :, 0] >= HUM_OVER_DB
            levels = 10 * np.log10(lines[:, :, 1] + 1e-20)
            steady = np.ptp(np.quantile(levels, (0.1, 0.9), axis=0), axis=0) <= HUM_STEADY_DB
            held = (standing.mean(0) >= HUM_SHARE) & steady
            if not held.any():
                continue
            level = 10 * math.log10(float(np.median(lines[:, held, 1].sum(1))) + 1e-20)
            share = float(standing[:, held].any(1).mean())
            if level >= HUM_LEAST_DBFS and (best is None or level > best.level):
                best = Hum(base, round(level, 1), round(share, 2))
        return best


def decibels(level: float) -> float | None:
    """A level between 0 and 1 in dBFS; None for nothing at all."""
    return round(20 * math.log10(level), 1) if level > 1e-7 else None
