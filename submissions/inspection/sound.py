"""What the sound does: loudness and true peak after EBU R 128, silence, and what the samples tell.

One chain of filters, read as it goes; what comes out at its end is looked at by `soundcheck`.
"""

import math
from collections.abc import Callable

import av
import av.error
import av.filter
import numpy as np
from numpy.typing import NDArray

from submissions.inspection.facts import Curve
from submissions.inspection.file_facts import codec_name
from submissions.inspection.report import AudioFacts, Event
from submissions.inspection.soundcheck import SoundCheck

SILENCE = "-60dB"
SHORTEST_SILENCE = 0.5
LONGEST_CURVE = 200_000  # seconds
MOST_POINTS = 3600  # of the loudness curve
WAVE_STEP, MOST_WAVES = 0.1, 1000  # seconds between the waveform's points, and how many are kept
QUIETEST = -70.0
_GATED_OUT = -69.9  # ebur128 says −70 when nothing was loud enough to be counted


Ear = Callable[[NDArray[np.float64], int, float], None]
"""Hears stretches of a tenth of a second as they leave the chain: the mean of all channels, the samples a second, and
the time in seconds."""


class Sound:
    """Listens to one sound track. `zero` is the film's first moment, in seconds of the track's own clock."""

    def __init__(self, stream: av.AudioStream, zero: float, ear: Ear) -> None:
        self.errors = 0
        self._ear = ear
        self.silent_since: float | None = None
        self._context = stream.codec_context
        self._codec = codec_name(self._context)  # one that fails to start has no name any more
        self._zero = zero
        self._graph: av.filter.Graph | None = None
        self._form: tuple[str, str, int] | None = None
        self._silences: list[Event] = []
        self._levels: dict[str, float] = {}
        self._curve: list[float] = []
        self._waves: list[float] = []
        self._check: SoundCheck | None = None
        self._first: float | None = None
        self._end = 0.0
        self._samples = 0

    def hear(self, frame: av.AudioFrame) -> None:
        """Take in one decoded frame."""
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._form is None:
            self._form, self._graph = form, _chain(frame)
            self._check = SoundCheck([channel.name for channel in frame.layout.channels], frame.sample_rate)
        if form != self._form or self._graph is None:
            self.errors += 1  # a track that changes its kind on the way: nothing measured would hold for both
            return
        start = self._end if frame.time is None else frame.time - self._zero
        if self._first is None:
            self._first = start
        self._samples += frame.samples
        self._end = max(self._end, start + frame.samples / frame.sample_rate)
        self._graph.push(frame)
        self._read()

    def finish(self) -> tuple[AudioFacts | None, list[Event]]:
        """The track's facts and its silences; None for a track without one decoded sample."""
        check = self._check
        if self._graph is None or self._form is None or check is None:
            return None, []
        self._graph.push(None)
        self._read()
        if self.silent_since is not None:
            self._close(self._end)
        loudness = self._levels.get("I", _GATED_OUT)
        peak = self._levels.get("true_peak", 0.0)
        measured = loudness > _GATED_OUT and math.isfinite(loudness)
        layout = self._context.layout
        facts = AudioFacts(
            codec=self._codec,
            channels=layout.nb_channels,
            sample_rate=self._form[2],
            duration=round(self._samples / self._form[2], 3),
            integrated_lufs=round(loudness, 2) if measured else None,
            loudness_range=round(self._levels.get("LRA", 0.0), 1) if measured else None,
            true_peak_dbtp=round(20 * math.log10(peak), 2) if peak > 0 and math.isfinite(peak) else None,
            errors=self.errors,
            start=round(self._first or 0.0, 3),
            layout=self._form[1],
            momentary_max=self._highest("M"),
            short_term_max=self._highest("S"),
            loudness_curve=_thinned(self._curve, 1.0, MOST_POINTS, 1),
            waveform=_thinned(self._waves, WAVE_STEP, MOST_WAVES, 3),
            clippings=check.clippings,
            channel_levels=check.channel_levels(),
            mono_as_stereo=check.mono_as_stereo(),
            phase=check.phase(),
            balance=check.balance(),
            hum=check.hum(),
        )
        return facts, sorted([*self._silences, *check.events], key=lambda event: event.start)

    def _read(self) -> None:
        assert self._graph is not None
        while True:
            try:
                frame = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            assert isinstance(frame, av.AudioFrame)
            self._look(frame)
            said = frame.metadata
            for name in ("I", "LRA", "true_peak"):
                if (value := said.get(f"lavfi.r128.{name}")) is not None:
                    self._levels[name] = float(value)
            started, ended = said.get("lavfi.silence_start"), said.get("lavfi.silence_end")
            if started is not None and ended is not None and float(started) >= float(ended):
                self._close(float(ended) - self._zero)
                ended = None
            if started is not None:
                self.silent_since = max(0.0, float(started) - self._zero)
            if ended is not None:
                self._close(float(ended) - self._zero)

    def _look(self, frame: av.AudioFrame) -> None:
        """A stretch as it leaves the chain: its samples, and the loudness at its end."""
        assert self._check is not None
        time = 0.0 if frame.time is None else max(0.0, frame.time - self._zero)
        samples = np.asarray(frame.to_ndarray(), np.float64)
        if not frame.format.is_planar:
            samples = np.ascontiguousarray(samples.reshape(-1, frame.layout.nb_channels).T)
        if not samples.size:
            return
        if not np.isfinite(samples).all():
            samples = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
        mono: NDArray[np.float64] = samples.mean(0)
        highest = self._check.hear(samples, mono, time)
        self._ear(mono, frame.sample_rate, time)
        if time < LONGEST_CURVE:
            _raise(self._waves, int(time / WAVE_STEP + 0.01), highest, 0.0)
        said = frame.metadata
        for name in ("M", "S"):
            if (value := said.get(f"lavfi.r128.{name}")) is not None and math.isfinite(level := float(value)):
                self._levels[name] = max(self._levels.get(name, QUIETEST), level)
                if name == "M" and time < LONGEST_CURVE:
                    _raise(self._curve, int(time), level, QUIETEST)

    def _highest(self, name: str) -> float | None:
        level = self._levels.get(name, QUIETEST)
        return round(level, 1) if level > QUIETEST else None

    def _close(self, end: float) -> None:
        start, self.silent_since = self.silent_since, None
        if start is not None and end - start >= SHORTEST_SILENCE - 1e-6:
            self._silences.append(Event("silence", round(start, 3), round(end, 3)))


def _raise(curve: list[float], at: int, level: float, nothing: float) -> None:
    """Keep the highest level of each place; places that were skipped hold `nothing`."""
    curve += [nothing] * (at + 1 - len(curve))
    curve[at] = max(curve[at], float(level))


def _thinned(values: list[float], step: float, most: int, digits: int) -> Curve | None:
    """The curve with one value every `step` seconds, or the highest of several where there would be too many."""
    every = -(-len(values) // most)
    if not every:
        return None
    highest = [max(values[at : at + every]) for at in range(0, len(values), every)]
    return Curve(round(every * step, 3), tuple(round(level, digits) for level in highest))


def _chain(frame: av.AudioFrame) -> av.filter.Graph:
    """Loudness, then silence: ebur128 cuts the sound anew and would lose the marks of a filter before it."""
    graph = av.filter.Graph()
    graph.link_nodes(
        graph.add_abuffer(
            sample_rate=frame.sample_rate,
            format=frame.format.name,
            layout=frame.layout.name,
            time_base=frame.time_base,
        ),
        graph.add("ebur128", "metadata=1:peak=true"),
        graph.add("silencedetect", f"noise={SILENCE}:d={SHORTEST_SILENCE}"),
        graph.add("abuffersink"),
    ).configure()
    return graph
