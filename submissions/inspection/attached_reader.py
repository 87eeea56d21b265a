"""Files beside a film, read in the limited child and handed over as facts and clean variants."""

from collections.abc import Iterable
from pathlib import Path

from submissions.inspection.attached_error import AttachedError
from submissions.inspection.attached_file import AttachedFile
from submissions.inspection.confined import ChildError, Progress, check_names, run_limited
from submissions.inspection.limits import Limits
from submissions.inspection.picture_file import variant_files
from submissions.inspection.report import Problem, read

LIMITS = Limits(memory_bytes=2 << 30, cpu_base=120, wall_seconds=180, silent_seconds=180, file_bytes=64 << 20)
THE_FILES_FAULT = ("memory", "cpu", "too_slow")


def read_attached(
    path: Path | str,
    holds: Iterable[str],
    out_dir: Path | str,
    *,
    on_progress: Progress | None = None,
    limits: Limits = LIMITS,
) -> AttachedFile:
    """What a file is; a picture's variants stand in `out_dir` by the names of `variant_files`.

    Raises AttachedError when it cannot be used, ChildError when the child came to grief.
    """
    request = {"holds": list(holds)}
    try:
        result, cost = run_limited("attached", path, out_dir, request, on_progress=on_progress, limits=limits)
    except ChildError as error:
        if error.problem.code in THE_FILES_FAULT:
            raise AttachedError("too_heavy") from error
        raise
    if "refused" in result:
        raise AttachedError(str(result["refused"]), **_plain(result.get("values")))
    try:
        found = read(AttachedFile, result.get("file"))
        if sum((found.picture is not None, found.document is not None, found.film)) != 1:
            raise ValueError("neither one thing nor the other")
        if found.picture:
            check_names(
                (name for width, _height in found.picture.variants for name in variant_files(width)), out_dir
            )
    except ValueError as error:
        raise ChildError(Problem("crashed"), cost, str(error)) from error
    return found


def _plain(values: object) -> dict[str, int | str]:
    if not isinstance(values, dict):
        return {}
    return {str(name): value if isinstance(value, int) else str(value)[:40] for name, value in values.items()}
