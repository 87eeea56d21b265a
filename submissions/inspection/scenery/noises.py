"""Plants faults of the sound into a finished mix of two channels at 48 kHz."""

import numpy as np

from .faults import (
    Clipped,
    DeadChannel,
    FalseStereo,
    Fault,
    Hum,
    OneSided,
    OutOfPhase,
    Peak,
    Silence,
    SoundLength,
)
from .score import RATE, Sound

PEAK_SECONDS = 0.25


def spoiled(mix: Sound, faults: tuple[Fault, ...]) -> Sound:
    """The mix with all its faults, in their order."""
    left, right = mix[0].copy(), mix[1].copy()
    for fault in faults:
        if isinstance(fault, Silence | Clipped):
            part = slice(round(fault.start * RATE), round(fault.end * RATE))
            highest = max(np.abs(left[part]).max(), np.abs(right[part]).max())
            gain = 0 if isinstance(fault, Silence) else 10 ** (fault.over / 20) / max(highest, 1e-9)
            left[part], right[part] = (np.clip(side[part] * gain, -1, 1) for side in (left, right))
        elif isinstance(fault, FalseStereo | OutOfPhase):
            middle, side = (left + right) / 2, (left - right) / 2
            share = fault.width if isinstance(fault, OutOfPhase) else _below(side, middle, fault.apart)
            turn = -1 if isinstance(fault, OutOfPhase) else 1
            left, right = middle + share * side, turn * (middle - share * side)
        elif isinstance(fault, OneSided):
            if fault.decibels > 0:
                right = right * _below(right, left, fault.decibels)
            else:
                left = left * _below(left, right, -fault.decibels)
        elif isinstance(fault, Hum):
            hum = _waves(len(left), [fault.hertz * line for line in fault.lines])
            hum *= 10 ** (fault.level / 20) / np.sqrt((hum**2).mean())
            left, right = left + hum, right + hum
        elif isinstance(fault, Peak):
            first = round(fault.start * RATE)
            tone = np.sin(np.pi / 2 * np.arange(round(PEAK_SECONDS * RATE)) + np.pi / 4)
            fade = np.minimum(1, np.minimum(np.arange(len(tone)), np.arange(len(tone))[::-1]) / (0.05 * RATE))
            left[first : first + len(tone)] = right[first : first + len(tone)] = (
                tone * fade * 10 ** (fault.dbtp / 20)
            )
    return np.stack([left, right]).astype(np.float32)


def sound_seconds(length: float, faults: tuple[Fault, ...]) -> float:
    """How long the sound of a film of `length` seconds is."""
    return length + sum(fault.seconds for fault in faults if isinstance(fault, SoundLength))


def dead_channels(faults: tuple[Fault, ...]) -> list[int]:
    """The channels that carry nothing."""
    return [fault.channel for fault in faults if isinstance(fault, DeadChannel)]


def _below(quiet: Sound, loud: Sound, decibels: float) -> float:
    """The factor that brings the power of `quiet` so far below that of `loud`."""
    return float(
        10 ** (-decibels / 20)
        * np.sqrt((loud.astype(float) ** 2).sum() / ((quiet.astype(float) ** 2).sum() + 1e-12))
    )


def _waves(samples: int, hertz: list[float]) -> Sound:
    at = np.arange(samples) / RATE
    waves: Sound = sum(
        (np.sin(2 * np.pi * each * at) / (n + 1) for n, each in enumerate(hertz)), np.zeros(samples)
    )
    return waves
