"""How much one film may take of the machine, and how large a film may be."""

from dataclasses import dataclass, replace
from typing import Self

MOST_STREAMS = 32

FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,avi,mxf"
"""The demuxers allowed. None of them opens another file or an address on its own."""

COPY_VERSION = "1"
"""Changes when the same film would give another judges' copy."""

MOST_PIXELS = 4096 * 2304

OPEN_OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": FORMATS,
    "max_streams": str(MOST_STREAMS),
    "probesize": "20000000",
    "max_analyze_duration": "10000000",
}
"""For `av.open(path, container_options=OPEN_OPTIONS, options=CODEC_OPTIONS)`, always with a path: opening a file
object would drop the protocol whitelist."""

CODEC_OPTIONS = {"max_pixels": str(MOST_PIXELS)}


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one child process.

    CPU seconds are `cpu_base` until the film's header was read, then `cpu_base` + `cpu_factor` × declared seconds ×
    (pixels ÷ 1080p), at most `cpu_most`. `memory_bytes` bounds the address space, `wall_seconds` the whole run,
    `silent_seconds` the time without a sign of life, `file_bytes` each file written,
    `copy_bytes` the judges' copy.
    """

    memory_bytes: int = 3 << 30
    cpu_base: float = 60
    cpu_factor: float = 6
    cpu_most: float = 72_000
    wall_seconds: float = 4 * 3600
    silent_seconds: float = 120
    file_bytes: int = 64 << 20
    frames: int = 60_000
    copy_bytes: int = 4 << 30

    def with_copy(self) -> Self:
        """The same for work that makes a copy as well: encoding takes as much again, and the copy is a large file."""
        return replace(self, cpu_factor=self.cpu_factor * 2, file_bytes=max(self.file_bytes, self.copy_bytes))


DEFAULT_LIMITS = Limits()
