"""A small piece of music for a film: pads, a bass and plucked strings, with a room around them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

type Sound = NDArray[np.floating[Any]]

RATE = 48_000

# Scales as semitones above the root, and chords as steps in them: each look has its own mood.
_SCALES = {
    "mountains": (0, 2, 4, 7, 9),
    "terraces": (0, 2, 5, 7, 9),
    "ocean": (0, 2, 3, 7, 8),
    "ink": (0, 3, 5, 7, 10),
    "rain": (0, 3, 5, 7, 10),
    "lanterns": (0, 2, 4, 7, 11),
    "strokes": (0, 2, 4, 7, 9),
}
_CHORDS = ((0, 2, 4), (3, 5, 7), (1, 3, 6), (4, 6, 8))


def compose(look: str, *, seed: int, seconds: float) -> Sound:
    """Stereo sound (2, samples) at 48 kHz, not yet levelled; never quieter than its pad."""
    rng = np.random.default_rng([seed, 7717])
    samples = round(seconds * RATE)
    scale = _SCALES.get(look, _SCALES["mountains"])
    root = 110.0 * 2 ** (int(rng.integers(-3, 5)) / 12)
    beat = float(rng.uniform(0.38, 0.52))
    bar = beat * 4
    order = rng.permutation(len(_CHORDS))
    dry = np.zeros((2, samples + RATE), np.float32)

    def pitch(step: int, octave: int = 0) -> float:
        up, degree = divmod(step, len(scale))
        return float(root * 2 ** ((scale[degree] + 12 * (up + octave)) / 12))

    for number in range(int(np.ceil(seconds / bar))):
        chord = _CHORDS[int(order[number % len(order)])]
        start = number * bar
        for i, step in enumerate(chord):
            _add(dry, _pad(pitch(step, 1), bar + 1.2, float(rng.random())), start - 0.3, 0.3 + 0.2 * i, 0.16)
        _add(dry, _pad(pitch(chord[0]), bar + 0.6, 0.5), start - 0.1, 0.5, 0.3)
        for half in range(8):
            if half == 0 or rng.random() < 0.62:
                step = chord[int(rng.integers(3))] + (len(scale) if rng.random() < 0.4 else 0)
                level = 0.22 if half % 4 == 0 else 0.14
                _add(
                    dry,
                    _pluck(pitch(step, 2)),
                    start + half * beat / 2,
                    float(rng.uniform(0.15, 0.85)),
                    level,
                )
    dry += _air(rng, look, dry.shape[1])
    wet = _room(rng, dry)[:, :samples]
    fade = np.ones(samples, np.float32)
    rise, fall = min(samples, RATE // 8), min(samples, RATE // 3)
    fade[:rise] *= np.linspace(0.05, 1, rise, dtype=np.float32)
    fade[-fall:] *= np.linspace(1, 0.05, fall, dtype=np.float32)
    return wet * fade


def level(sound: Sound, target: float, ceiling: float | None = -4.0) -> Sound:
    """The sound brought to `target` LUFS.

    With a `ceiling` (dBFS) its peaks are bent softly below that; without one they are cut off at full
    scale, as a mix is that somebody made far too loud.
    """
    result = sound
    for _ in range(3):  # Bending peaks takes a little loudness away; twice corrected is within 0.1 LU.
        result = result * np.float32(10 ** ((target - integrated_loudness(result)) / 20))
        if ceiling is None:
            result = np.clip(result, -1, 1)
        else:
            limit = np.float32(10 ** (ceiling / 20))
            knee = limit * np.float32(0.6)
            high = np.abs(result) > knee
            bent = knee + (limit - knee) * np.tanh((np.abs(result) - knee) / (limit - knee))
            result = np.where(high, np.sign(result) * bent, result)
    return result.astype(np.float32)


def integrated_loudness(sound: Sound) -> float:
    """Integrated loudness in LUFS of stereo at 48 kHz, gated (ITU-R BS.1770-4)."""
    frequency = np.fft.rfftfreq(sound.shape[1] + RATE, 1 / RATE)
    z = np.exp(-2j * np.pi * frequency / RATE)
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z * z) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z * z
    )
    highpass = (1 - 2 * z + z * z) / (1 - 1.99004745483398 * z + 0.99007225036621 * z * z)
    spectrum = np.fft.rfft(sound, len(frequency) * 2 - 2) * (shelf * highpass)
    heard = np.fft.irfft(spectrum)[:, : sound.shape[1]]
    power = np.concatenate([[0.0], np.cumsum((heard**2).sum(0))])
    block, hop = RATE * 4 // 10, RATE // 10
    starts = np.arange(0, max(1, sound.shape[1] - block + 1), hop)
    blocks = (power[np.minimum(starts + block, len(power) - 1)] - power[starts]) / block
    blocks = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    if not blocks.size:
        return -70.0
    loud = blocks[blocks > blocks.mean() / 10]
    return float(-0.691 + 10 * np.log10(loud.mean()))


def _pad(frequency: float, seconds: float, phase: float) -> Sound:
    """A soft chord voice of three detuned sines, swelling and falling."""
    t = np.arange(int(seconds * RATE), dtype=np.float32) / RATE
    turn = np.float32(2 * np.pi * frequency) * t
    voice = np.sin(turn + phase) + 0.7 * np.sin(turn * 1.004 + 1) + 0.22 * np.sin(turn * 2.001)
    shape = np.sin(np.pi * np.clip(t / seconds, 0, 1)) ** 0.6
    return (voice * shape).astype(np.float32)


def _pluck(frequency: float) -> Sound:
    """A plucked string: harmonics that die away, the higher the sooner."""
    t = np.arange(int(1.4 * RATE), dtype=np.float32) / RATE
    voice = np.zeros_like(t)
    for harmonic, strength in ((1, 1.0), (2, 0.5), (3, 0.28), (5, 0.1)):
        turn = np.float32(2 * np.pi * frequency * harmonic) * t
        voice += strength * np.exp(-t * (2.6 + 2.2 * harmonic)) * np.sin(turn)
    return voice * np.clip(t * 400, 0, 1)


def _add(mix: Sound, voice: Sound, start: float, pan: float, gain: float) -> None:
    """Mixes a voice in at `start` seconds; `pan` 0 is left, 1 is right."""
    at = round(start * RATE)
    if at < 0:
        voice, at = voice[-at:], 0
    room = mix.shape[1] - at
    if room <= 0:
        return
    voice = voice[:room]
    mix[0, at : at + len(voice)] += voice * np.float32(gain * np.cos(pan * np.pi / 2))
    mix[1, at : at + len(voice)] += voice * np.float32(gain * np.sin(pan * np.pi / 2))


def _air(rng: np.random.Generator, look: str, samples: int) -> Sound:
    """What is heard around the music: rain, surf, or the faint breath of a room."""
    strength, slope = {"rain": (0.05, 0.3), "ocean": (0.06, 0.9)}.get(look, (0.008, 0.6))
    white = np.fft.rfft(rng.standard_normal((2, samples)).astype(np.float32))
    frequency = np.maximum(np.fft.rfftfreq(samples, 1 / RATE), 60)
    noise = np.fft.irfft(white * frequency**-slope, samples)
    noise /= noise.std()
    swell = 0.65 + 0.35 * np.sin(np.arange(samples) / RATE * (1.5 if look == "ocean" else 0.4))
    return (noise * swell * strength).astype(np.float32)


def _room(rng: np.random.Generator, dry: Sound) -> Sound:
    """The sound with a reverberation of about a second."""
    tail = rng.standard_normal((2, RATE)) * np.exp(-np.arange(RATE) / RATE * 5.5)
    tail /= np.sqrt((tail**2).sum(1, keepdims=True))
    size = dry.shape[1] + RATE
    wet = np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(tail, size), size)[:, : dry.shape[1]]
    return (dry + 0.35 * wet).astype(np.float32)
