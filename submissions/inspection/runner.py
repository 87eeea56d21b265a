"""What the inspector does with a film, each in a child process with limits: look, inspect, copy; and judge again."""

import logging
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from festival.edition.rulebook import Rulebook
from submissions.inspection.confined import CancelledError, ChildError, Progress, check_names, run_limited
from submissions.inspection.limits import DEFAULT_LIMITS, Limits
from submissions.inspection.report import CopyInfo, Cost, Measurements, Problem, Report, Sprite, Still, read
from submissions.inspection.rules import judge, judge_glance

__all__ = ["CancelledError", "ChildError", "copy_film", "glance_at_film", "inspect_film", "rejudge"]

log = logging.getLogger(__name__)

COPY = "copy.mp4"


def inspect_film(
    path: Path | str,
    rulebook: Rulebook,
    out_dir: Path | str,
    on_progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    limits: Limits = DEFAULT_LIMITS,
    *,
    sha256: str = "",
    trust: str = "",
    copy: bool = False,
) -> Report:
    """Inspect a film and judge it by a rulebook. The pictures that the report names are put into `out_dir`.

    `sha256` is the file's, where its keeper knows it; it is passed on into the report. `trust` holds certificates
    (PEM) of those whose content credentials are trusted; without them a good signature is "valid". With `copy` the
    judges' copy is made in the same decode, as copy.mp4; where that fails, the report's `copy` stays None.

    A film that cannot be read, and a child that crashed, hung or took too much, give a report with the verdict
    "unreadable" and a problem. Raises CancelledError within a second after `cancelled()` became true.
    """
    still_after = {
        kind: limit.max_seconds
        for kind in ("black", "freeze", "silence")
        if (limit := getattr(rulebook, kind)).max_seconds is not None
    }
    if rulebook.flash.safe:
        still_after["flash"] = 0.0
    request = {
        "still_after": still_after,
        "frames": limits.frames,
        "sha256": sha256,
        "trust": trust,
        "copy": copy,
    }
    if copy:
        limits = limits.with_copy()
    started = time.monotonic()
    try:
        result, cost = run_limited(
            "inspect", path, out_dir, request, on_progress=on_progress, cancelled=cancelled, limits=limits
        )
        measurements = read(Measurements, result.get("measurements"))
        stills = tuple(read(Still, still) for still in result.get("stills", ()))
        sprite = read(Sprite, result["sprite"]) if result.get("sprite") else None
        made = read(CopyInfo, result["copy"]) if result.get("copy") else None
        named = [still.file for still in stills] + ([sprite.file, sprite.cues] if sprite else [])
        check_names([*named, *(track.file for track in measurements.subtitles if track.file)], out_dir)
    except ChildError as error:
        if error.problem.code in ("crashed", "killed", "stalled", "too_slow"):
            log.warning("The inspection of %s ended with %s: %s", path, error.problem.code, error.detail)
        return Report("unreadable", rulebook=rulebook.digest, problem=error.problem, cost=error.cost)
    except ValueError as error:
        log.error("The child's answer has not the agreed shape: %s", error)
        cost = Cost(wall=round(time.monotonic() - started, 2))
        return Report("unreadable", rulebook=rulebook.digest, problem=Problem("crashed"), cost=cost)
    if result.get("copy_trouble"):
        log.warning("No copy was made of %s on the way: %s", path, str(result["copy_trouble"])[:500])
    verdict, findings = judge(measurements, rulebook, stills)
    return Report(
        verdict,
        rulebook=rulebook.digest,
        sprite=sprite,
        copy=made,
        file=measurements.file,
        video=measurements.video,
        audio=measurements.audio,
        events=measurements.events,
        findings=findings,
        stills=stills,
        cost=cost,
        picture=measurements.picture,
        shots=measurements.shots,
        provenance=measurements.provenance,
        subtitles=measurements.subtitles,
        prints=measurements.prints,
    )


def glance_at_film(
    path: Path | str,
    rulebook: Rulebook,
    out_dir: Path | str,
    on_progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    limits: Limits = DEFAULT_LIMITS,
    *,
    sha256: str = "",
) -> Report:
    """A first look at a film, ten to thirty times cheaper than its inspection: a report of depth "keyframes".

    It holds only what the full report will hold as well. A film that cannot be read gives the verdict "unreadable".
    Raises CancelledError.
    """
    request = {"frames": limits.frames, "sha256": sha256}
    try:
        result, cost = run_limited(
            "glance", path, out_dir, request, on_progress=on_progress, cancelled=cancelled, limits=limits
        )
        measurements = read(Measurements, result.get("measurements"))
        stills = tuple(read(Still, still) for still in result.get("stills", ()))
        check_names((still.file for still in stills), out_dir)
    except ChildError as error:
        return Report(
            "unreadable", rulebook=rulebook.digest, problem=error.problem, cost=error.cost, depth="keyframes"
        )
    except ValueError as error:
        log.error("The child's answer has not the agreed shape: %s", error)
        return Report("unreadable", rulebook=rulebook.digest, problem=Problem("crashed"), depth="keyframes")
    verdict, findings = judge_glance(measurements, rulebook, stills)
    return Report(
        verdict,
        rulebook=rulebook.digest,
        file=measurements.file,
        video=measurements.video,
        audio=measurements.audio,
        findings=findings,
        stills=stills,
        cost=cost,
        depth="keyframes",
    )


def copy_film(
    path: Path | str,
    target: Path | str,
    on_progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> CopyInfo:
    """Make the judges' streaming copy of a film as `target`, which is there only when it is whole.

    Raises ChildError when the film cannot be read or the child took too much, CancelledError within a second after
    `cancelled()` became true.
    """
    target = Path(target)
    limits = limits.with_copy()
    with tempfile.TemporaryDirectory(prefix=".copy-", dir=target.parent) as folder:
        request = {"frames": limits.frames}
        result, _ = run_limited(
            "copy", path, folder, request, on_progress=on_progress, cancelled=cancelled, limits=limits
        )
        try:
            info = read(CopyInfo, result)
        except ValueError as error:
            raise ChildError(Problem("crashed"), detail=str(error)) from error
        (Path(folder) / COPY).replace(target)
    return info


def rejudge(report: Report, rulebook: Rulebook) -> Report:
    """The same report judged by another rulebook, without touching the film."""
    if report.measurements is None:
        return replace(report, rulebook=rulebook.digest)
    verdict, findings = judge(report.measurements, rulebook, report.stills)
    return replace(report, verdict=verdict, findings=findings, rulebook=rulebook.digest)
