"""Fingerprints of picture and sound, taken while a film is decoded, by which copies of it are found again.

A picture is 64 signs of its lowest cosine coefficients, within its black bars, twice a second; flat pictures have
none. Each is kept whole and for the inner 90 and 80 % of its sides, so that a cropped copy meets one of them. A
stretch of sound is 64 signs too: how the energy of 32 bands moves over four seconds, four times a second.
`matching` compares them. What was taken is kept in one small file, about 80 bytes for each second of film.
"""

import struct
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import av
import numpy as np
from numpy.typing import NDArray

from submissions.inspection.report import PrintFacts
from submissions.inspection.sample import is_full, plane_view

VERSION = 2
FILE = "prints.bin"
PICTURE_STEP = 0.5  # seconds
SOUND_STEP = 0.25
SOUND_SPAN = 4.0  # seconds that one hash of sound looks over
FLAT = 6.0  # levels of 255: the deviation under which a picture says nothing
BRIGHTEST = 95  # per cent of the picture; what is brighter counts as bright as that
DARK = 12  # levels of 255 above black: no bar is brighter
WAVE, LEAST_WAVES = 0.1, 20  # levels of 255; fewer waves than that tell a picture from no other
SILENT = 1e-6  # mean power under which a slot is silent: −60 dB of full scale
ZOOMS = (1.0, 0.9, 0.8)

Hashes = NDArray[np.uint64]

_MAGIC = b"FLPRINT"
_HEAD = struct.Struct("<7sBII")
_ACROSS, _DOWN = (
    9,
    8,
)  # cosines; the first of all is left out, and of the ninth column only the first is taken
_WINDOW = 11  # readings of the bars of which the middle one counts
_SLOT = 0.125  # seconds
_SLOTS, _BANDS = round(SOUND_SPAN / _SLOT), 32
_LOWEST, _HIGHEST = 200.0, 5000.0  # Hz
_WEIGHTS = np.uint64(1) << np.arange(64, dtype=np.uint64)


def _mirror_mask() -> np.uint64:
    """The bits that change their sign when a picture is mirrored: cosines of an odd number of half waves across."""
    odd = np.zeros((_DOWN, _ACROSS), bool)
    odd[:, 1::2] = True
    return np.uint64(_WEIGHTS[_chosen(odd)].sum(dtype=np.uint64))


def _chosen(block: NDArray[np.generic]) -> NDArray[np.bool_]:
    """The 64 of a block of coefficients: the first eight columns without the mean, and one of the ninth."""
    square = block[:, :8].reshape(-1)
    return np.concatenate([square[1:], block[0, 8:9]]).astype(bool)


MIRROR = _mirror_mask()


@dataclass(frozen=True, slots=True, eq=False)
class Prints:
    """All fingerprints of a film.

    `times`: seconds of each picture. `pictures`: their hashes, one column for each of ZOOMS. `sounds`: hashes of the
    stretches that begin every SOUND_STEP from `sound_start` on; 0 where there was nothing to hear.
    """

    times: NDArray[np.float64]
    pictures: Hashes
    sounds: Hashes
    sound_start: float = 0.0

    def to_bytes(self) -> bytes:
        """The small file's content; numbers are little-endian."""
        return b"".join(
            (
                _HEAD.pack(_MAGIC, VERSION, len(self.times), len(self.sounds)),
                struct.pack("<d", self.sound_start),
                np.round(self.times * 1000).astype("<u4").tobytes(),
                self.pictures.astype("<u8").tobytes(),
                self.sounds.astype("<u8").tobytes(),
            )
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read it back; ValueError when it is something else, or of another version."""
        start = _HEAD.size + 8
        if len(data) < start:
            raise ValueError("these are no fingerprints")
        magic, version, pictures, sounds = _HEAD.unpack_from(data)
        if magic != _MAGIC or version != VERSION:
            raise ValueError("these are no fingerprints of this version")
        if len(data) != start + pictures * (4 + 8 * len(ZOOMS)) + 8 * sounds:
            raise ValueError("these fingerprints are not whole")
        (sound_start,) = struct.unpack_from("<d", data, _HEAD.size)
        times = np.frombuffer(data, "<u4", pictures, start) / 1000
        start += 4 * pictures
        hashes = np.frombuffer(data, "<u8", pictures * len(ZOOMS), start).reshape(-1, len(ZOOMS))
        start += hashes.nbytes
        heard = np.frombuffer(data, "<u8", sounds, start)
        return cls(times, hashes.astype(np.uint64), heard.astype(np.uint64), sound_start)


class Printer:
    """Takes the fingerprints of a film while it is decoded; memory grows by a kilobyte for a second of sound."""

    def __init__(self) -> None:
        self._next = 0.0
        self._waiting: deque[tuple[float, NDArray[np.float32]]] = deque()
        self._read: deque[tuple[float, ...] | None] = deque(maxlen=_WINDOW)
        self._times: list[float] = []
        self._pictures: list[list[int]] = []
        self._ear = _Ear()

    def look(self, frame: av.VideoFrame, time: float) -> None:
        """Take in one frame; most are passed over. `time` in seconds, rising."""
        if time < self._next:
            return
        self._next = (time // PICTURE_STEP + 1) * PICTURE_STEP - 1e-6
        grey = np.rot90(_small_grey(frame), frame.rotation // 90)
        self._read.append(_bars(grey, DARK if is_full(frame) else DARK + 16))
        self._waiting.append((time, grey))
        if len(self._waiting) > _WINDOW // 2:
            self._take()

    def hear(self, mono: NDArray[np.floating[Any]], rate: int, time: float) -> None:
        """Take in a stretch of sound: the mean of its channels, −1 to 1, at `rate` samples a second."""
        self._ear.hear(mono, rate, time)

    def finish(self) -> Prints:
        """Hand over what was taken."""
        while self._waiting:
            self._read.append(None)
            self._take()
        start, sounds = self._ear.finish()
        pictures = np.array(self._pictures, np.uint64).reshape(-1, len(ZOOMS))
        return Prints(np.array(self._times, np.float64), pictures, sounds, start)

    def write(self, folder: Path) -> PrintFacts:
        """Write the small file into `folder` and say what is in it."""
        prints = self.finish()
        (folder / FILE).write_bytes(prints.to_bytes())
        return PrintFacts(VERSION, len(prints.times), int(np.count_nonzero(prints.sounds)))

    def _take(self) -> None:
        """Hash the longest waiting picture within the bars that its neighbours have too."""
        time, grey = self._waiting.popleft()
        read = [shares for shares in self._read if shares is not None]
        top, bottom, left, right = np.median(read, axis=0).tolist() if read else (0.0, 0.0, 0.0, 0.0)
        high, wide = grey.shape
        rows = top * high, (1 - bottom) * high
        columns = left * wide, (1 - right) * wide
        inner = grey[round(rows[0]) : round(rows[1]), round(columns[0]) : round(columns[1])]
        if inner.size and float(inner.std()) >= FLAT:
            # A plate in a corner of a dark film would outweigh all the rest.
            grey = np.minimum(grey, np.percentile(inner[::2, ::2], BRIGHTEST))
            told = [hash_picture(grey, rows, columns, zoom) for zoom in ZOOMS]
            if told[0].waves >= LEAST_WAVES:
                self._times.append(time)
                self._pictures.append([each.bits for each in told])


@dataclass(frozen=True, slots=True)
class Hashed:
    """A picture's hash, and how many of its 64 waves are strong enough for their sign to mean something."""

    bits: int
    waves: int


def hash_picture(
    grey: NDArray[np.float32], rows: tuple[float, float], columns: tuple[float, float], zoom: float = 1.0
) -> Hashed:
    """Hash the picture between these edges, in pixels, narrowed to the inner `zoom` of its sides."""
    down = _cosines(grey.shape[0], *_narrowed(rows, zoom), _DOWN)
    across = _cosines(grey.shape[1], *_narrowed(columns, zoom), _ACROSS)
    waves = down @ grey @ across.T
    size = (rows[1] - rows[0]) * (columns[1] - columns[0]) * zoom**2
    strong = _chosen(np.abs(waves) > WAVE * size)
    return Hashed(int(_WEIGHTS[_chosen(waves > 0)].sum(dtype=np.uint64)), int(np.count_nonzero(strong)))


def _narrowed(edges: tuple[float, float], zoom: float) -> tuple[float, float]:
    margin = (edges[1] - edges[0]) * (1 - zoom) / 2
    return round(edges[0] + margin, 2), round(edges[1] - margin, 2)


@lru_cache(maxsize=64)
def _cosines(length: int, start: float, end: float, count: int) -> NDArray[np.float32]:
    """`count` cosines between two places on a line of `length` pixels; a pixel that is cut counts in part."""
    pixels = np.arange(length)
    inside = np.clip(np.minimum(pixels + 1, end) - np.maximum(pixels, start), 0, 1)
    place = np.clip((pixels + 0.5 - start) / (end - start), 0, 1)
    waves = np.cos(np.pi * np.outer(np.arange(count), place)) * inside
    means = waves.sum(axis=1, keepdims=True) / inside.sum()
    waves[1:] -= means[1:] * inside  # no cosine hears the mean, however the edges fall
    return np.asarray(waves, np.float32)


def _small_grey(frame: av.VideoFrame) -> NDArray[np.float32]:
    """Luma of about 320 × 180 samples."""
    step = max(1, min(frame.width, frame.height) // 180)
    plain = plane_view(frame, step)
    if plain is not None:
        return plain.astype(np.float32)
    wide, high = max(8, frame.width // step), max(8, frame.height // step)
    return np.asarray(frame.reformat(width=wide, height=high, format="gray").to_ndarray(), np.float32)


def _bars(grey: NDArray[np.float32], limit: float) -> tuple[float, ...] | None:
    """Bars at top, bottom, left and right as shares of the side; None where it is too dark to tell."""
    high = len(grey)
    if float(np.percentile(grey[high // 3 : high - high // 3], 90)) < limit + 24:
        return None
    ends = [_bar(lines, limit) for lines in (grey, grey[::-1], grey.T, grey.T[::-1])]
    return None if None in ends else tuple(end for end in ends if end is not None)


def _bar(lines: NDArray[np.float32], limit: float) -> float | None:
    """The share of the first lines that are dark and end in an edge; None for a dark that ends softly."""
    dark = lines.max(axis=1) <= limit
    count = int(np.argmin(dark)) if not dark.all() else len(dark)
    if count < max(2, 0.015 * len(dark)):
        return 0.0
    edge = (
        float(lines[count + 1 : count + 4].mean()) - float(lines[:count].mean())
        if count < 0.45 * len(dark)
        else 0
    )
    return count / len(dark) if edge >= 10 else None


class _Ear:
    """Cuts the sound into slots, and keeps the energy of their bands."""

    def __init__(self) -> None:
        self._rate = 0
        self._size = 0
        self._bands: list[tuple[int, int]] = []
        self._window: NDArray[np.float32] = np.zeros(0, np.float32)
        self._held: list[NDArray[np.float32]] = []
        self._count = 0
        self._start = 0.0
        self._energies: list[NDArray[np.float32]] = []

    def hear(self, mono: NDArray[np.floating[Any]], rate: int, time: float) -> None:
        if not self._rate:
            self._tune(rate)
            self._start = max(0.0, time)
        if rate != self._rate:
            return
        self._held.append(mono.astype(np.float32))
        self._count += len(self._held[-1])
        if self._count < self._size:
            return
        sound = np.concatenate(self._held)
        for at in range(0, len(sound) - self._size + 1, self._size):
            self._energies.append(self._measure(sound[at : at + self._size]))
        rest = sound[len(sound) - len(sound) % self._size :]
        self._held, self._count = [rest], len(rest)

    def finish(self) -> tuple[float, Hashes]:
        """When the sound begins, and the hashes of its stretches."""
        if len(self._energies) < _SLOTS:
            return self._start, np.zeros(0, np.uint64)
        energies = np.stack(self._energies)
        loud = energies.sum(axis=1) > SILENT
        levels = np.log(energies + SILENT / _BANDS)
        every = round(SOUND_STEP / _SLOT)
        hashes = np.concatenate(list(_stretches(levels, every)))
        heard = np.lib.stride_tricks.sliding_window_view(loud, _SLOTS)[::every].mean(axis=1) >= 0.5
        return self._start, np.where(heard, hashes, 0).astype(np.uint64)

    def _tune(self, rate: int) -> None:
        self._rate, self._size = rate, round(rate * _SLOT)
        self._window = np.hanning(self._size).astype(np.float32)
        edges = np.geomspace(_LOWEST, min(_HIGHEST, 0.45 * rate), _BANDS + 1) * self._size / rate
        self._bands = [(int(low), max(int(low) + 1, int(high))) for low, high in pairwise(edges)]

    def _measure(self, slot: NDArray[np.float32]) -> NDArray[np.float32]:
        power = np.abs(np.fft.rfft(slot * self._window)) ** 2 * (2 / self._size**2)
        return np.array([power[low:high].sum() for low, high in self._bands], np.float32)


def _stretches(levels: NDArray[np.float32], every: int) -> Iterator[Hashes]:
    """Hashes of all stretches, some hundreds at a time: movement in time first, its shape over the bands second."""
    slots = (np.arange(_SLOTS) + 0.5) / _SLOTS
    bands = (np.arange(_BANDS) + 0.5) / _BANDS
    over_time = np.cos(np.pi * np.outer(np.arange(1, 9), slots)).astype(np.float32)
    over_bands = np.cos(np.pi * np.outer(np.arange(8), bands)).astype(np.float32)
    views = np.lib.stride_tricks.sliding_window_view(levels, _SLOTS, axis=0)[::every]  # stretch, band, slot
    for at in range(0, len(views), 512):
        shape = over_bands @ views[at : at + 512] @ over_time.T
        yield ((shape.reshape(-1, 64) > 0) * _WEIGHTS).sum(axis=1, dtype=np.uint64)
