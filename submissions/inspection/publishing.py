"""A film's label read, and a copy with another label written and read back; each in the limited child."""

from dataclasses import dataclass, replace
from pathlib import Path

from submissions.inspection import label
from submissions.inspection.confined import ChildError, Progress, check_names, run_limited
from submissions.inspection.limits import DEFAULT_LIMITS, Limits
from submissions.inspection.origin import Origin
from submissions.inspection.report import Problem, read
from submissions.inspection.republish import Republished

ROOM = 64 << 20  # bytes that another container may take beyond the film's own


class PublishError(Exception):
    """The copy is not what it must be; `code` says in which way. Not the machine's trouble: again would be the same."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Published:
    """A copy, and what was read back from it."""

    made: Republished
    origin: Origin


def origin_of(
    path: Path | str,
    out_dir: Path | str,
    *,
    on_progress: Progress | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Origin:
    """A film's label word for word, and its credentials. Raises ChildError."""
    result, cost = run_limited("origin", path, out_dir, {}, on_progress=on_progress, limits=limits)
    try:
        return read(Origin, result.get("origin"))
    except ValueError as error:
        raise ChildError(Problem("crashed"), cost, str(error)) from error


def label_for(origin: Origin, *, propagator: str, number: str, declared: bool) -> str:
    """The label of the published copy. Empty where nothing says that AI took part.

    A label that the film brings keeps its producer's part. Without a readable one the Measures (article 6) have it
    marked as possibly AI-made where its makers declared so, and as suspected where only traces say so.
    """
    if origin.grade in ("conformant", "readable") and origin.label:
        return label.fill(origin.label, propagator, number)
    if declared:
        return label.new(label.DECLARED, propagator, number)
    if origin.says_ai or origin.grade == "broken":
        return label.new(label.SUSPECTED, propagator, number)
    return ""


def publish_film(
    path: Path | str,
    out_dir: Path | str,
    text: str,
    *,
    on_progress: Progress | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Published:
    """Repack a film with the label `text` into `out_dir`, and read it back in another child.

    Raises PublishError where what comes back is not what went in, ChildError when a child came to grief.
    """
    size = Path(path).stat().st_size
    limits = replace(limits, file_bytes=max(limits.file_bytes, size + size // 10 + ROOM))
    request = {"label": text, "frames": limits.frames}
    result, cost = run_limited("republish", path, out_dir, request, on_progress=on_progress, limits=limits)
    try:
        made = read(Republished, result.get("copy"))
        check_names([made.file], out_dir)
    except ValueError as error:
        raise ChildError(Problem("crashed"), cost, str(error)) from error
    back = origin_of(Path(out_dir) / made.file, out_dir, on_progress=on_progress, limits=limits)
    if (back.label, back.seen) != (text, text):
        raise PublishError("label_lost")
    if back.packets != made.packets:
        raise PublishError("not_whole")
    return Published(made, back)
