"""One film of the planted corpus: what is put into it, what is done to its file, and what must be found."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from submissions.inspection.synthetic import Fault, Planted, make_film

CODECS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("film.mp4", {"codec": "libx264"}),
    ("film.mp4", {"codec": "libx265"}),
    ("film.webm", {"codec": "libvpx-vp9", "audio_codec": "libopus",
                   "video_options": {"deadline": "realtime", "cpu-used": "6", "crf": "24", "b": "0"}}),
    ("film.mp4", {"codec": "libsvtav1", "video_options": {"preset": "10", "crf": "26", "svtav1-params": "lp=2"}}),
    ("film.mov", {"codec": "prores_ks", "pix_fmt": "yuv422p10le", "audio_codec": "pcm_s24le"}),
    ("film.mkv", {"codec": "mpeg4", "audio_codec": "ac3", "video_options": {"qmin": "2", "qmax": "4"}}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """`rules` must be found and `also` may be. `times` (start, end) must be met within `slack` seconds, two frames
    unless said; None for rules that tell no time. `after` spoils the finished file and gives the one to inspect."""

    rules: frozenset[str]
    faults: tuple[Fault, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    also: frozenset[str] = frozenset()
    timed: bool = True
    slack: float | None = None
    name: str = "film.mp4"
    after: Callable[[Path, Path], Path] | None = None
    levels: tuple[float | None, float | None] = (None, None)  # integrated LUFS and dBTP as made, where known

    @property
    def clean(self) -> bool:
        """Whether nothing at all is wrong with it."""
        return not self.rules and not self.faults and self.after is None

    def make(self, folder: Path) -> tuple[Path, Planted]:
        """Make the film in `folder` and say where it is and what is in it."""
        planted = make_film(folder / self.name, faults=self.faults, **self.options)
        if self.after is None:
            return planted.path, planted
        return self.after(planted.path, folder / f"spoiled{planted.path.suffix}"), planted

    def times(self, planted: Planted) -> tuple[float, float | None] | None:
        """When the first fault is there, as it came out on frame bounds."""
        fault: Any = planted.faults[0] if planted.faults and self.timed else None
        return (fault.start, fault.end) if hasattr(fault, "start") and hasattr(fault, "end") else None

    def grain(self, planted: Planted) -> float:
        """Seconds by which a found time may lie off: two frames, of repeated pictures two of the slow ones."""
        if self.slack is not None:
            return self.slack
        rate = float(planted.fps)
        if "repeated_frames" in self.rules:
            rate = min(rate, *(float(getattr(fault, "rate", rate)) for fault in planted.faults))
        return 2 / rate + 1e-3

    def __str__(self) -> str:
        drawn = {key: value for key, value in self.options.items() if key != "video_options"}
        return f"{', '.join(sorted(self.rules)) or 'clean'}: {self.faults} {drawn} {self.name}"
