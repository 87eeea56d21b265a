"""One inspected film drawn along its time: where it is loud, where it is cut, where something was found.

Pure numbers for an SVG that is WIDTH units wide and is stretched to the page; words stand beside it in HTML.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from submissions.inspection.facts import Curve
from submissions.inspection.report import Report

WIDTH = 1000
LOUD_HEIGHT = WAVE_HEIGHT = 48
QUIETEST, LOUDEST = -60.0, 0.0  # LUFS at the foot and the top of the curve; speech lies around −23
NARROWEST = 4  # units: a fault of one frame must still be seen on a phone
QUARTERS_FROM = 8.0  # seconds: a shorter film's quarters would read as the same second


@dataclass(frozen=True, slots=True)
class Chart:
    """`loudness`, `waves` and `cuts` are SVG paths, empty where there is nothing to draw; `ticks` are seconds."""

    seconds: float
    ticks: tuple[float, ...]
    loudness: str
    cuts: str
    waves: str = ""


def chart_of(report: Report) -> Chart | None:
    """What a report draws; None without a picture that lasts. Older reports lack curves: they draw what they have."""
    if report.video is None or report.video.duration <= 0:
        return None
    seconds = report.video.duration
    parts = 4 if seconds >= QUARTERS_FROM else 1
    return Chart(
        seconds=seconds,
        ticks=tuple(seconds * part / parts for part in range(parts + 1)),
        loudness=loudness_path(report.audio.loudness_curve if report.audio else None, seconds),
        cuts=cuts_path(report.shots.cuts if report.shots else (), seconds),
        waves=wave_path(report.audio.waveform if report.audio else None, seconds),
    )


def loudness_path(curve: Curve | None, seconds: float) -> str:
    """The filled curve, from the foot and back to it; sound beyond the picture's end is left out."""
    if curve is None or not curve.values or curve.every <= 0:
        return ""
    steps = [f"M0 {LOUD_HEIGHT}"]
    end = 0
    for at, level in enumerate(curve.values):
        if at * curve.every >= seconds:
            break
        share = (min(max(level, QUIETEST), LOUDEST) - QUIETEST) / (LOUDEST - QUIETEST)
        end = _across((at + 1) * curve.every, seconds)
        steps.append(f"V{round(LOUD_HEIGHT * (1 - share), 1):g}H{end}")
    return "".join([*steps, f"V{LOUD_HEIGHT}Z"])


def wave_path(curve: Curve | None, seconds: float) -> str:
    """The waveform as editing programmes draw it: the highest samples above and below a middle line, linear."""
    if curve is None or not curve.values or curve.every <= 0:
        return ""
    middle = WAVE_HEIGHT / 2
    edges = []
    for at, level in enumerate(curve.values):
        if at * curve.every >= seconds:
            break
        high = max(0.5, min(level, 1.0) * middle)  # silence is a line, not nothing
        edges.append((_across(at * curve.every, seconds), _across((at + 1) * curve.every, seconds), high))
    above = "".join(f"V{round(middle - high, 1):g}H{end}" for _start, end, high in edges)
    below = "".join(f"V{round(middle + high, 1):g}H{start}" for start, _end, high in reversed(edges))
    return f"M{edges[0][0]} {middle:g}{above}{below}Z"


def cuts_path(cuts: Iterable[float], seconds: float) -> str:
    """A stroke for each cut; cuts that fall on the same unit are one stroke, so the path never grows past WIDTH."""
    places = sorted({_across(cut, seconds) for cut in cuts if 0 <= cut <= seconds})
    return "".join(f"M{place} 0V1" for place in places)


def marks(times: Sequence[Sequence[float]], seconds: float) -> tuple[tuple[int, int], ...]:
    """Stretches (start, end) in seconds as (x, width): never narrower than NARROWEST, never past the end.

    Stretches that touch once drawn are joined, so that a thousand short ones stay a few.
    """
    drawn: list[tuple[int, int]] = []
    for start, end in sorted((stretch[0], stretch[1]) for stretch in times):
        x = min(_across(start, seconds), WIDTH - NARROWEST)
        till = max(_across(end, seconds), x + NARROWEST)
        if drawn and x <= drawn[-1][1]:
            drawn[-1] = (drawn[-1][0], max(drawn[-1][1], till))
        else:
            drawn.append((x, till))
    return tuple((x, till - x) for x, till in drawn)


def _across(time: float, seconds: float) -> int:
    return round(WIDTH * min(max(time / seconds, 0.0), 1.0))
