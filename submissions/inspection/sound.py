"""What the sound does: loudness and true peak after EBU R 128, and silence. One chain of filters, read as it goes."""

import math

import av
import av.error
import av.filter

from submissions.inspection.report import AudioFacts, Event

SILENCE = "-60dB"
SHORTEST_SILENCE = 0.5
_GATED_OUT = -69.9  # ebur128 says −70 when nothing was loud enough to be counted


class Sound:
    """Listens to one sound track. `zero` is the film's first moment, in seconds of the track's own clock."""

    def __init__(self, stream: av.AudioStream, zero: float) -> None:
        self.errors = 0
        self.silent_since: float | None = None
        self._context = stream.codec_context
        self._zero = zero
        self._graph: av.filter.Graph | None = None
        self._form: tuple[str, str, int] | None = None
        self._silences: list[Event] = []
        self._levels: dict[str, float] = {}
        self._first: float | None = None
        self._end = 0.0
        self._samples = 0

    def hear(self, frame: av.AudioFrame) -> None:
        """Take in one decoded frame."""
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._form is None:
            self._form, self._graph = form, _chain(frame)
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
        if self._graph is None or self._form is None:
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
            codec=self._context.name,
            channels=layout.nb_channels,
            sample_rate=self._form[2],
            duration=round(self._samples / self._form[2], 3),
            integrated_lufs=round(loudness, 2) if measured else None,
            loudness_range=round(self._levels.get("LRA", 0.0), 1) if measured else None,
            true_peak_dbtp=round(20 * math.log10(peak), 2) if peak > 0 and math.isfinite(peak) else None,
            errors=self.errors,
        )
        return facts, self._silences

    def _read(self) -> None:
        assert self._graph is not None
        while True:
            try:
                frame = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
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

    def _close(self, end: float) -> None:
        start, self.silent_since = self.silent_since, None
        if start is not None and end - start >= SHORTEST_SILENCE - 1e-6:
            self._silences.append(Event("silence", round(start, 3), round(end, 3)))


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
