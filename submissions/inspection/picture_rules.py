"""Judges what the picture does: flashes, bars, cadence and the rest of what a rulebook asks under flash and image."""

from collections.abc import Iterable
from typing import Any

from festival.edition.rulebook import Rulebook
from submissions.inspection.report import Finding, Measurements, PictureFacts, Still

SAFE_FLASHES = 3
LEVELS_SHARE = 0.01
REPEATED_SHARE = 0.05
ENLARGED = 17.5  # dB
BLOCKY, BLURRED = 2.1, 0.2

Times = tuple[tuple[float, float], ...]


def judge_picture(film: Measurements, rulebook: Rulebook, stills: Iterable[Still] = ()) -> list[Finding]:
    """The broken rules; none for a film that was measured before these were."""
    facts = film.picture
    if facts is None:
        return []
    found = _flashes(film, facts, rulebook, list(stills)) if rulebook.flash.safe else []
    asked = set(rulebook.image.free_of)
    found += [
        Finding(rule, rulebook.severity(rule), measured, limit, times)
        for rule, measured, limit, times in _faults(film, facts)
        if rule in asked
    ]
    most = rulebook.image.max_still
    if most is not None and facts.slide_share > most:
        found.append(Finding("slideshow", rulebook.severity("slideshow"), facts.slide_share, most))
    if rulebook.image.opening_label and facts.opening_text is None:
        found.append(Finding("opening_label", rulebook.severity("opening_label")))
    return found


def _flashes(
    film: Measurements, facts: PictureFacts, rulebook: Rulebook, stills: list[Still]
) -> list[Finding]:
    found = []
    for rule, measured, limit in (
        ("flash", facts.flashes.most, SAFE_FLASHES),
        ("red_flash", facts.flashes.red_most, SAFE_FLASHES),
        ("flash_extended", facts.flashes.extended, None),
    ):
        times = _times(film, rule)
        if times:
            shown = tuple(
                still.file
                for still in stills
                if still.about == "flash"
                and any(start <= (still.time or 0) <= end + 0.1 for start, end in times)
            )
            found.append(Finding(rule, rulebook.severity(rule), measured, limit, times, shown))
    return found


def _faults(film: Measurements, facts: PictureFacts) -> Iterable[tuple[str, Any, Any, Times]]:
    """Every fault of the image that was measured, asked for or not: rule, measured, limit, times."""
    video, bars = film.video, facts.bars
    if bars.kind == "windowbox":
        across, upright = bars.left + bars.right, bars.top + bars.bottom
        if video.rotation % 180:
            across, upright = upright, across
        inside = [video.coded_width - across, video.coded_height - upright]
        yield "windowbox", inside[::-1] if video.rotation % 180 else inside, None, ()
    if bars.changes:
        yield "changing_bars", bars.changes, 0, tuple((time, time) for time in bars.change_times)
    if facts.cadence and facts.cadence.share > REPEATED_SHARE:
        yield "repeated_frames", facts.cadence.source_rate, video.frame_rate, _times(film, "repeat")
    if facts.scan != "progressive":
        yield "interlaced", facts.scan, None, _times(film, "interlace")
    share = max(facts.levels.share, facts.levels.chroma_share)
    if share > LEVELS_SHARE:
        yield "levels", share, LEVELS_SHARE, ()
    if times := _times(film, "flicker"):
        yield "flicker", round(sum(end - start for start, end in times), 2), None, times
    if facts.falloff is not None and facts.falloff >= ENLARGED:
        yield "upscaled", facts.falloff, ENLARGED, ()
    if facts.blockiness is not None and facts.blockiness >= BLOCKY:
        yield "blocky", facts.blockiness, BLOCKY, ()
    if facts.blur is not None and facts.blur >= BLURRED:
        yield "blurred", facts.blur, BLURRED, ()
    if facts.marks:
        yield "corner_mark", [mark.place for mark in facts.marks], None, ()


def _times(film: Measurements, kind: str) -> Times:
    return tuple((event.start, event.end) for event in film.events if event.kind == kind)
