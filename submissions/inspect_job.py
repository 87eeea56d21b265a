"""The job of the worker: store the original, look at it, inspect and copy it. Safe to run twice at any point.

It comes in two parts, so that nobody waits for others' long work to hear that a film has arrived and is one: `receive`
stores and takes the first look within seconds, then puts the film at the end of the long queue; `run` does the rest.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from festival.edition.rulebook import Rulebook
from submissions import inspect_actions, match_actions, storing
from submissions.inspect_actions import Lease, LeaseLost
from submissions.inspection import runner
from submissions.intake.drivers import driver_of
from submissions.models import Asset, Inspection

log = logging.getLogger(__name__)
Stage = Inspection.Stage
NOT_THE_FILM = (
    "killed",
    "stalled",
    "missing",
    "disk",
)  # the machine's trouble as likely as the film's: tried again
NEVER_THE_FILM = ("missing", "disk")


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


def receive(inspection_id: int) -> None:
    """Store a film and take the first look, if nobody else works on it; then it waits for its inspection."""
    _hold(inspection_id, _receive)


def run(inspection_id: int) -> None:
    """Work on one inspection from the stage where it stands to its end, if nobody else does."""
    _hold(inspection_id, _work)


def _hold(inspection_id: int, work: Callable[[Lease, Heart, Path], None]) -> None:
    lease = inspect_actions.claim(inspection_id=inspection_id, at=timezone.now())
    if lease is None:
        return
    try:
        with Heart(lease) as heart, storing.work_folder() as folder:
            work(lease, heart, folder)
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


def _row(lease: Lease) -> Inspection:
    rows = Inspection.objects.select_related("version__upload", "version__asset", "version__entry__edition")
    return rows.get(pk=lease.inspection_id)


def _receive(lease: Lease, heart: Heart, folder: Path) -> None:
    inspection = _row(lease)
    stored = inspection.version.asset is None
    if stored:
        store(inspection, lease, heart, folder)
    inspect_actions.pass_on(lease=lease, stored=stored, at=timezone.now())


def _work(lease: Lease, heart: Heart, folder: Path) -> None:
    inspection = _row(lease)
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
    try:
        inspect_actions.finish(lease=lease, copy_key=key, at=timezone.now())
    except LeaseLost:
        _drop_copy(version.asset.sha256)
        raise
    match_actions.queue_matching(version.pk)


def _steps(heart: Heart, of: float) -> Callable[[float], None]:
    return lambda done: heart.step(done, of)


def store(inspection: Inspection, lease: Lease, heart: Heart, folder: Path) -> None:
    """Join the parts, hash them, take the first look, put the original into the storage; only then the parts go.

    Parts in the bucket are one object there already: it is read once, for the hash and the look, and copied there.
    """
    version = inspection.version
    driver = driver_of(version.upload)
    inspect_actions.begin_stage(lease=lease, stage=Stage.STORE)
    joined = folder / "original"
    sha256, head = storing.join(driver.blocks(version.upload), joined, _steps(heart, version.size))
    look(inspection, lease, heart, joined, folder, sha256)
    extension = storing.sniff_extension(head)
    staged = driver.staged(version.upload)
    key = storing.store_original(joined, sha256, extension, _steps(heart, version.size), staged=staged)
    inspect_actions.record_original(
        lease=lease, version=version, sha256=sha256, size=version.size, key=key, at=timezone.now()
    )
    driver.abort(version.upload_id)


def look(inspection: Inspection, lease: Lease, heart: Heart, film: Path, folder: Path, sha256: str) -> None:
    """The first look, for the entrant's sake: whatever stands in its way, the inspection comes."""
    inspect_actions.begin_stage(lease=lease, stage=Stage.GLANCE)
    out = folder / "glance"
    out.mkdir(exist_ok=True)
    rulebook = Rulebook.from_toml(inspection.version.entry.edition.rulebook)
    with _until_lost(heart):
        report = runner.glance_at_film(
            film, rulebook, out, on_progress=heart.share, cancelled=heart.lost, sha256=sha256
        )
    if report.problem and report.problem.code in NOT_THE_FILM:
        return
    for still in report.stills:
        storing.replace_made(out / still.file, f"{inspection.glance_folder}/{still.file}")
    inspect_actions.record_glance(lease=lease, report=report)


def judge(inspection: Inspection, lease: Lease, heart: Heart, film: Path, folder: Path) -> None:
    """Run the engine in its limited child and keep its report with its pictures.

    The judges' copy is made in the same decode unless the same bytes have one; it is left in `folder` for `copy`.
    """
    inspect_actions.begin_stage(lease=lease, stage=Stage.INSPECT)
    out = folder / "report"
    out.mkdir()
    rulebook = Rulebook.from_toml(inspection.version.entry.edition.rulebook)
    with _until_lost(heart):
        sha256 = inspection.version.asset.sha256 if inspection.version.asset else ""
        report = runner.inspect_film(
            film, rulebook, out, on_progress=heart.share, cancelled=heart.lost, sha256=sha256,
            trust=settings.C2PA_TRUST, copy=not _copy_of(inspection),
        )  # fmt: skip
    trouble = report.problem.code if report.problem else ""
    if trouble in NOT_THE_FILM and (trouble in NEVER_THE_FILM or lease.attempt < inspect_actions.ATTEMPTS):
        raise RuntimeError(f"the inspector ended with {trouble!r}, which need not be the film's fault")
    prefix = f"inspections/{inspection.pk}/{lease.attempt}"
    made = [still.file for still in report.stills]
    made += [track.file for track in report.subtitles if track.file]
    if report.sprite:
        made += [report.sprite.file, report.sprite.cues]
    for name in made:
        storing.store_made(out / name, f"{prefix}/{name}")
    if report.prints:
        data = (out / "prints.bin").read_bytes()
        match_actions.keep_prints(version=inspection.version, data=data, at=timezone.now())
    inspect_actions.record_report(lease=lease, report=report, folder=prefix, at=timezone.now())


def _copy_of(inspection: Inspection) -> str:
    """The key of the copy that the same bytes already have; empty where there is none."""
    asset = inspection.version.asset
    assert asset is not None
    done = Inspection.objects.filter(
        version__asset=asset, copy_key__startswith=storing.copy_key(asset.sha256, "")
    )
    made = done.values_list("copy_key", flat=True).first()
    return made if made and storing.media().exists(made) else ""


def copy(inspection: Inspection, lease: Lease, heart: Heart, film: Path, folder: Path) -> str:
    """Keep the judges' copy: that which the same bytes already have, that made by `judge`, else make it. Its key."""
    if made := _copy_of(inspection):
        return made
    inspect_actions.begin_stage(lease=lease, stage=Stage.COPY)
    asset = inspection.version.asset
    assert asset is not None
    target = folder / "report" / runner.COPY
    if not target.exists():
        target = folder / runner.COPY
        with _until_lost(heart):
            runner.copy_film(film, target, on_progress=heart.share, cancelled=heart.lost)
    return storing.replace_made(target, storing.copy_key(asset.sha256))


@transaction.atomic
def _drop_copy(sha256: str) -> None:
    """The film was deleted while its copy was made: the copy goes too. That of bytes that are kept stays."""
    if not Asset.objects.select_for_update().filter(sha256=sha256).exists():
        storing.remove(storing.copy_key(sha256))


@contextmanager
def _until_lost(heart: Heart) -> Iterator[None]:
    """A cancelled engine means that the lease was lost, whatever it raised."""
    try:
        yield
    except Exception:
        if heart.lost():
            raise LeaseLost(heart.lease.inspection_id) from None
        raise
