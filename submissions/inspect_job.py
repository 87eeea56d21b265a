"""The job of the worker: store the original, inspect it, make the judge copy. Safe to run twice at any point."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from festival.edition.rulebook import Rulebook
from submissions import inspect_actions, match_actions, storing
from submissions.inspect_actions import Lease, LeaseLost
from submissions.inspection import runner
from submissions.intake.drivers import driver
from submissions.models import Inspection

log = logging.getLogger(__name__)
Stage = Inspection.Stage
NOT_THE_FILM = ("killed", "stalled", "missing")  # the machine's trouble as likely as the film's: tried again


class Heart:
    """Renews a lease while the work goes on, and knows when it was lost.

    A thread renews it even while the work says nothing for long (a large file on its way to the bucket). The work
    asks `lost` and tells `step(done, of)`; progress is written at most once a second.
    """

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self._over = threading.Event()
        self._lost = threading.Event()
        self._written = 0.0
        self._thread = threading.Thread(target=self._renew_regularly, daemon=True)

    def lost(self) -> bool:
        return self._lost.is_set()

    def step(self, done: float, of: float) -> None:
        """Say how far the stage is. Raises LeaseLost when the work is somebody else's now."""
        if self.lost():
            raise LeaseLost(self.lease.inspection_id)
        if time.monotonic() - self._written < 1:
            return
        self._written = time.monotonic()
        percent = int(100 * done / of) if of else 0
        inspect_actions.renew(lease=self.lease, at=timezone.now(), progress=percent)

    def share(self, _stage: str, share: float | None) -> None:
        """The same for the engine, which tells shares of 1, or None while it does not know."""
        self.step(share or 0, 1)

    def _renew_regularly(self) -> None:
        try:
            while not self._over.wait(settings.LEASE_SECONDS / 6):
                try:
                    inspect_actions.renew(lease=self.lease, at=timezone.now())
                except LeaseLost:
                    self._lost.set()
                    return
                except DatabaseError as error:  # one beat is missed; the lease bears five more
                    log.warning("lease of inspection %s not renewed: %s", self.lease.inspection_id, error)
                    connection.close()
        finally:
            connection.close()

    def __enter__(self) -> "Heart":
        # Inside a transaction (tests that run tasks at once) nobody could see a renewal before its end.
        if not connection.in_atomic_block:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()


def run(inspection_id: int) -> None:
    """Work on one inspection from the stage where it stands, if nobody else does."""
    lease = inspect_actions.claim(inspection_id=inspection_id, at=timezone.now())
    if lease is None:
        return
    try:
        with Heart(lease) as heart, storing.work_folder() as folder:
            _work(lease, heart, folder)
    except LeaseLost:
        log.warning("inspection %s is somebody else's now", inspection_id)
    except Exception as error:  # whatever happened, the row must not stay ours
        log.exception("inspection %s failed", inspection_id)
        try:
            inspect_actions.give_back(
                lease=lease, error=f"{type(error).__name__}: {error}"[:2000], at=timezone.now()
            )
        except LeaseLost:
            log.warning("inspection %s is somebody else's now", inspection_id)


def _work(lease: Lease, heart: Heart, folder: Path) -> None:
    row = Inspection.objects.select_related("version__upload", "version__asset", "version__entry__edition")
    inspection = row.get(pk=lease.inspection_id)
    version = inspection.version
    if version.asset is None:
        store(inspection, lease, heart, folder)
    assert version.asset is not None
    fetched = _steps(heart, version.size)
    with storing.as_local_file(version.asset.key, folder, fetched) as film:
        if not inspection.verdict:
            judge(inspection, lease, heart, film, folder)
        inspection.refresh_from_db(fields=["verdict"])
        key = ""
        if inspection.verdict != Inspection.Verdict.UNREADABLE:
            key = copy(inspection, lease, heart, film, folder)
    inspect_actions.finish(lease=lease, copy_key=key, at=timezone.now())
    match_actions.queue_matching(version.pk)


def _steps(heart: Heart, of: float) -> Callable[[float], None]:
    return lambda done: heart.step(done, of)


def store(inspection: Inspection, lease: Lease, heart: Heart, folder: Path) -> None:
    """Join the parts, hash them, put the original into the storage; only then the parts go."""
    version = inspection.version
    inspect_actions.begin_stage(lease=lease, stage=Stage.STORE)
    joined = folder / "original"
    sha256, head = storing.join(driver.blocks(version.upload), joined, _steps(heart, version.size))
    extension = storing.sniff_extension(head)
    key = storing.store_original(joined, sha256, extension, _steps(heart, version.size))
    inspect_actions.record_original(
        lease=lease, version=version, sha256=sha256, size=version.size, key=key, at=timezone.now()
    )
    driver.abort(version.upload_id)


def judge(inspection: Inspection, lease: Lease, heart: Heart, film: Path, folder: Path) -> None:
    """Run the engine in its limited child and keep its report with the stills."""
    inspect_actions.begin_stage(lease=lease, stage=Stage.INSPECT)
    out = folder / "report"
    out.mkdir()
    rulebook = Rulebook.from_toml(inspection.version.entry.edition.rulebook)
    with _until_lost(heart):
        sha256 = inspection.version.asset.sha256 if inspection.version.asset else ""
        report = runner.inspect_film(
            film, rulebook, out, on_progress=heart.share, cancelled=heart.lost, sha256=sha256
        )
    trouble = report.problem.code if report.problem else ""
    if trouble in NOT_THE_FILM and (trouble == "missing" or lease.attempt < inspect_actions.ATTEMPTS):
        raise RuntimeError(f"the inspector ended with {trouble!r}, which need not be the film's fault")
    prefix = f"inspections/{inspection.pk}/{lease.attempt}"
    for still in report.stills:
        storing.store_made(out / still.file, f"{prefix}/{still.file}")
    for track in report.subtitles:
        if track.file:
            storing.store_made(out / track.file, f"{prefix}/{track.file}")
    if report.prints:
        data = (out / "prints.bin").read_bytes()
        match_actions.keep_prints(version=inspection.version, data=data, at=timezone.now())
    inspect_actions.record_report(lease=lease, report=report, folder=prefix, at=timezone.now())


def copy(inspection: Inspection, lease: Lease, heart: Heart, film: Path, folder: Path) -> str:
    """Make the judges' streaming copy, or take the one that the same bytes already have; gives its key."""
    from submissions.inspection.copy import VERSION  # loads the decoder: only where films are copied

    asset = inspection.version.asset
    assert asset is not None
    key = f"copies/{asset.sha256}-{VERSION}.mp4"
    done = Inspection.objects.filter(version__asset=asset, copy_key__startswith=key.removesuffix(".mp4"))
    made = done.exclude(copy_key="").values_list("copy_key", flat=True).first()
    if made and storing.media().exists(made):
        return made
    inspect_actions.begin_stage(lease=lease, stage=Stage.COPY)
    target = folder / "copy.mp4"
    with _until_lost(heart):
        runner.copy_film(film, target, on_progress=heart.share, cancelled=heart.lost)
    return storing.store_made(target, key)


@contextmanager
def _until_lost(heart: Heart) -> Iterator[None]:
    """A cancelled engine means that the lease was lost, whatever it raised."""
    try:
        yield
    except Exception:
        if heart.lost():
            raise LeaseLost(heart.lease.inspection_id) from None
        raise
