"""The child's operation "inspect": all measurements, and the judges' copy where it is wanted, in one decode."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from submissions.inspection.copy import CopyBeside
from submissions.inspection.header import Header
from submissions.inspection.measure import measure
from submissions.inspection.survey import Watch

COPY = "copy.mp4"


def run(
    request: dict[str, Any], folder: Path, tell: Callable[[str, float | None], None], header: Header
) -> dict[str, Any]:
    """Measurements, stills, sprite and (asked for by `copy`) what the copy is, as JSON values.

    `copy` stays None where the copy could not be made, and `copy_trouble` says why for the log.
    """
    path, most_frames = Path(request["path"]), int(request["frames"])
    beside = None
    if request.get("copy"):
        tell("open", None)
        watch = Watch(
            lambda _share: tell("open", None), lambda: False
        )  # a sign of life; the share is not the film's
        beside = CopyBeside(path, folder / COPY, watch, most_frames, header)
    try:
        measurements, stills, sprite = measure(
            path,
            folder,
            tell,
            still_after=request.get("still_after", {}),
            most_frames=most_frames,
            header=header,
            sha256=str(request.get("sha256", "")),
            trust=str(request.get("trust", "")),
            beside=beside,
        )
        errors = measurements.video.errors + (measurements.audio.errors if measurements.audio else 0)
        copy = beside.finish(codec=measurements.video.codec, errors=errors) if beside else None
    finally:
        if beside:
            beside.drop()
    return {
        "measurements": asdict(measurements),
        "stills": [asdict(still) for still in stills],
        "sprite": sprite and asdict(sprite),
        "copy": copy and asdict(copy),
        "copy_trouble": repr(beside.trouble)[:500] if beside and beside.trouble else "",
    }
