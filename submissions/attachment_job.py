"""The job of the worker: put one file beside a film away, and look at it in the limited child. Safe to run twice."""

import logging
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from festival.edition.rulebook import Rulebook
from submissions import attachment_actions, storing
from submissions.attachment_kinds import KINDS
from submissions.inspect_job import NOT_THE_FILM
from submissions.inspection import runner
from submissions.inspection.attached_error import AttachedError
from submissions.inspection.attached_reader import read_attached
from submissions.inspection.picture_file import VERSION, PictureFacts, variant_files
from submissions.intake.drivers import driver_of
from submissions.models import Attachment

log = logging.getLogger(__name__)


class FilmProblem(Exception):
    """A film beside the film that cannot be read, in the inspector's words."""

    def __init__(self, code: str, values: dict[str, Any]) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def run(pk: int) -> None:
    """Read a waiting file, if nobody else does."""
    row = attachment_actions.claim(pk=pk, at=timezone.now())
    if row is None:
        return
    step = _Heart(pk)
    try:
        with storing.work_folder() as folder:
            if row.asset is None:
                _put_away(row, folder, step)
            facts, prefix = _look(row, folder, step)
    except AttachedError as error:
        attachment_actions.record_refusal(
            pk=pk, code=error.code, facts={"values": error.values}, at=timezone.now()
        )
    except FilmProblem as error:
        values = {"problem": {"code": error.code, "values": error.values}}
        attachment_actions.record_refusal(pk=pk, code="film", facts=values, at=timezone.now())
    except Exception:  # whatever happened, the row must not stay ours
        log.exception("file %s could not be read", pk)
        attachment_actions.give_back(row=row, at=timezone.now())
    else:
        attachment_actions.record_ready(row=row, facts=facts, folder=prefix, at=timezone.now())


class _Heart:
    """Renews the lease while the work goes on, a few times while it lasts."""

    def __init__(self, pk: int) -> None:
        self.pk, self.beat = pk, time.monotonic()

    def __call__(self, *_progress: object) -> None:
        if time.monotonic() - self.beat > settings.LEASE_SECONDS / 6:
            self.beat = time.monotonic()
            attachment_actions.renew(pk=self.pk, at=timezone.now())


def _put_away(row: Attachment, folder: Path, step: Callable[..., None]) -> None:
    """Join the parts, hash them, keep the original under its hash; only then the parts go."""
    assert row.upload is not None
    driver, joined = driver_of(row.upload), folder / "original"
    sha256, head = storing.join(driver.blocks(row.upload), joined, step)
    extension, staged = storing.sniff_extension(head), driver.staged(row.upload)
    key = storing.store_original(joined, sha256, extension, step, staged=staged)
    attachment_actions.record_original(
        row=row, sha256=sha256, size=row.upload.size, key=key, at=timezone.now()
    )
    driver.abort(row.upload.pk)


def _look(row: Attachment, folder: Path, step: Callable[..., None]) -> tuple[dict[str, Any], str]:
    """What the file is, and where the variants of a picture stand."""
    assert row.asset is not None
    out = folder / "out"
    with storing.as_local_file(row.asset.key, folder, step) as path:
        found = read_attached(path, KINDS[row.kind].holds, out, on_progress=step)
        if found.film:
            return {"film": _film(path, out, step)}, ""
    if found.picture:
        return {"picture": asdict(found.picture)}, _keep(found.picture, out, row.asset.sha256)
    assert found.document is not None
    return {"document": asdict(found.document)}, ""


def _keep(picture: PictureFacts, out: Path, sha256: str) -> str:
    """Put the variants into the storage, once for the same bytes; gives their prefix."""
    prefix = f"pictures/{sha256}-{VERSION}"
    for width, _height in picture.variants:
        for name in variant_files(width):
            if not storing.media().exists(f"{prefix}/{name}"):
                storing.store_made(out / name, f"{prefix}/{name}")
    return prefix


def _film(path: Path, out: Path, step: Callable[..., None]) -> dict[str, Any]:
    """Length, size and codec, as a first look finds them."""
    report = runner.glance_at_film(path, Rulebook(), out, on_progress=step)
    if report.problem:
        if report.problem.code in NOT_THE_FILM:
            raise RuntimeError(
                f"the first look ended with {report.problem.code!r}, which need not be its fault"
            )
        raise FilmProblem(report.problem.code, report.problem.values)
    video = report.video
    assert video is not None
    return {
        "seconds": video.duration,
        "width": video.width,
        "height": video.height,
        "codec": video.codec,
        "container": report.file.container if report.file else "",
        "sound": report.audio is not None,
    }
