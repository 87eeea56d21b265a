"""The sound of the judges' copy: any track as stereo AAC, 48 kHz, aligned with the picture."""

from fractions import Fraction
from typing import Any

import av
import av.error
import av.filter

from submissions.inspection.header import NotAFilmError

RATE = 48_000
BITS = 128_000


class Resound:
    """Takes decoded sound and encodes it into `copy`.

    Sound from before `zero` (seconds on the film's clock) is cut off; gaps, also at the beginning, become silence.
    A gap longer than `longest_gap` seconds is refused as a broken clock: NotAFilmError.
    """

    def __init__(self, copy: Any, zero: float, longest_gap: float) -> None:
        self.copy, self.zero, self.longest_gap = copy, zero, longest_gap
        self.errors = self.samples = 0
        self._stream = copy.add_stream("aac", rate=RATE, layout="stereo")
        self._stream.bit_rate = BITS
        self._graph: av.filter.Graph | None = None
        self._form: tuple[str, str, int] | None = None
        self._end = 0.0

    def hear(self, frame: av.AudioFrame) -> None:
        """Take in one decoded frame."""
        start = self._end if frame.pts is None or frame.time is None else float(frame.time) - self.zero
        if start - self._end > self.longest_gap:
            raise NotAFilmError("damaged")
        self._end = max(self._end, start + frame.samples / frame.sample_rate)
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        try:
            if form != self._form:
                self._drain()
                self._graph, self._form = self._chain(frame), form
            assert self._graph is not None
            frame.time_base = Fraction(1, frame.sample_rate)
            frame.pts = round(start * frame.sample_rate)
            self._graph.push(frame)
            self._pull()
        except MemoryError:
            raise
        except (av.error.FFmpegError, ValueError):
            self.errors += 1

    def finish(self) -> None:
        """Encode what is left. A track without a single decoded sample becomes a moment of silence."""
        self._drain()
        if self.samples == 0:
            silence = av.AudioFrame(format="fltp", layout="stereo", samples=1024)
            for plane in silence.planes:
                plane.update(bytes(plane.buffer_size))
            silence.sample_rate = RATE
            self._encode(silence)
            self.samples = 0
        self.copy.mux(self._stream.encode(None))

    def _chain(self, frame: av.AudioFrame) -> av.filter.Graph:
        graph = av.filter.Graph()
        layout = frame.layout.name
        nodes = [
            graph.add_abuffer(
                sample_rate=frame.sample_rate,
                format=frame.format.name,
                layout=layout,
                time_base=Fraction(1, frame.sample_rate),
            )
        ]
        if layout == "mono":  # as loud from both sides as it was from the middle
            nodes.append(graph.add("pan", "stereo|c0=c0|c1=c0"))
        nodes.append(graph.add("aresample", f"{RATE}:async=1:min_hard_comp=0.1:first_pts={self.samples}"))
        nodes.append(graph.add("aformat", f"sample_fmts=fltp:sample_rates={RATE}:channel_layouts=stereo"))
        nodes.append(graph.add("abuffersink"))
        graph.link_nodes(*nodes).configure()
        return graph

    def _drain(self) -> None:
        if self._graph is not None:
            self._graph.push(None)
            self._pull()
            self._graph = None

    def _pull(self) -> None:
        assert self._graph is not None
        while True:
            try:
                frame = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            assert isinstance(frame, av.AudioFrame)
            self._encode(frame)

    def _encode(self, frame: av.AudioFrame) -> None:
        frame.pts, frame.time_base = self.samples, Fraction(1, RATE)
        self.samples += frame.samples
        self.copy.mux(self._stream.encode(frame))
