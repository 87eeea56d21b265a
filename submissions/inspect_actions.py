"""Writes of inspections. The row is the truth, the queue only a hint.

A worker holds a row by a lease with a token and renews it while it works. Every write of the job filters on that
token: what a worker still writes after it was taken for dead is refused with LeaseLost.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from festival.edition.rulebook import Rulebook
from festival.kit.errors import Refused
from festival.kit.queue import enqueue
from festival.people.actor import SYSTEM, Actor
from submissions import letters, permissions, storing
from submissions.actions import log_event, settle
from submissions.inspection.report import Finding, Report
from submissions.inspection.runner import rejudge
from submissions.inspection.side_files import with_side_files
from submissions.lifecycle import State
from submissions.models import Asset, Entry, FilmVersion, FindingRow, Inspection
from submissions.statement_actions import write_statement_findings
from submissions.statement_view import rulebook_of, uses_of
from submissions.subtitle_queries import files_beside

ATTEMPTS = 3
HINT_REAPS = 4  # a row is put on the queue again when nobody took it within so many rounds of the reaper
REAP_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one inspection."""

    inspection_id: int
    token: uuid.UUID
    attempt: int


class LeaseLost(Exception):
    """Somebody else works on this inspection now; whatever was made here is thrown away."""


def queue_inspection(*, version: FilmVersion, at: datetime) -> Inspection:
    """A new inspection of a film version, waiting for a worker. IntegrityError when one is under way."""
    inspection = Inspection.objects.create(version=version, queued_at=at, lease_until=_next_hint(at, at))
    _hint(inspection.pk, arrived=version.asset_id is not None)
    return inspection


def queue_inspections(*, versions: Iterable[FilmVersion], at: datetime) -> list[Inspection]:
    """The same for many films at once, in one statement."""
    rows = [Inspection(version=version, queued_at=at, lease_until=_next_hint(at, at)) for version in versions]
    made = Inspection.objects.bulk_create(rows)
    for inspection in made:
        _hint(inspection.pk, arrived=inspection.version.asset_id is not None)
    return made


def _hint(inspection_id: int, *, arrived: bool) -> None:
    """A film that was not stored yet goes on the quick queue: it is put away and looked at before others' long work."""
    from submissions.tasks import inspect, receive

    enqueue(inspect if arrived else receive, inspection_id)


def _next_hint(queued_at: datetime, at: datetime) -> datetime:
    # For a waiting row `lease_until` says when to put it on the queue again: ever more rarely, so that a long
    # queue on the deadline's evening is not multiplied.
    return at + max(timedelta(seconds=HINT_REAPS * settings.REAP_SECONDS), at - queued_at)


def reinspect(*, entry: Entry, by: Actor, at: datetime) -> Inspection:
    """Inspect the newest film again, by today's rulebook and engine."""
    if not permissions.can_decide(by, entry):
        raise Refused(_("Only the technicians of this contest can do this."), status=403, code="not_allowed")
    version = entry.versions.order_by("-number").select_related("upload").first()
    if version is None:
        raise Refused(_("No film has been uploaded for this entry yet."), code="no_film")
    if version.is_gone:
        raise Refused(_("This film was removed with the account that it belonged to."), code="gone")
    try:
        with transaction.atomic():
            inspection = queue_inspection(version=version, at=at)
            log_event(entry=entry, kind="reinspect", by=by, at=at, version=version.number)
            return inspection
    except IntegrityError:
        raise Refused(
            _("This film is being inspected already. Wait for the result."), code="running"
        ) from None


def claim(*, inspection_id: int, at: datetime) -> Lease | None:
    """Take a waiting inspection. None when somebody else has it, or it is done: of two workers one wins."""
    token = uuid.uuid4()
    taken = Inspection.objects.filter(pk=inspection_id, state=Inspection.State.QUEUED).update(
        state=Inspection.State.RUNNING,
        lease_token=token,
        lease_until=at + timedelta(seconds=settings.LEASE_SECONDS),
        attempts=F("attempts") + 1,
        started_at=Coalesce(F("started_at"), at),
        progress=0,
    )
    if not taken:
        return None
    attempt = Inspection.objects.values_list("attempts", flat=True).get(pk=inspection_id)
    return Lease(inspection_id, token, attempt)


def _write(lease: Lease, **values: object) -> None:
    """The one fenced write: nothing happens, and LeaseLost is raised, when the token no longer fits."""
    held = Inspection.objects.filter(
        pk=lease.inspection_id, lease_token=lease.token, state=Inspection.State.RUNNING
    )
    if not held.update(**values):
        raise LeaseLost(lease.inspection_id)


def renew(*, lease: Lease, at: datetime, progress: int | None = None) -> None:
    """Say that the work goes on, and how far it is (per cent of the stage)."""
    values: dict[str, object] = {"lease_until": at + timedelta(seconds=settings.LEASE_SECONDS)}
    if progress is not None:
        values["progress"] = min(max(progress, 0), 100)
    _write(lease, **values)


def begin_stage(*, lease: Lease, stage: Inspection.Stage) -> None:
    """Show what is being done now."""
    _write(lease, stage=stage, progress=0)


@transaction.atomic
def record_original(
    *, lease: Lease, version: FilmVersion, sha256: str, size: int, key: str, at: datetime
) -> Asset:
    """The original is in the storage. The same bytes are one asset, however often they are sent in."""
    _write(lease, progress=0)
    asset, _made = Asset.objects.get_or_create(
        sha256=sha256, defaults={"size": size, "key": key, "created_at": at}
    )
    storing.assert_kept(asset.key)
    FilmVersion.objects.filter(pk=version.pk).update(asset=asset)
    version.asset = asset
    return asset


def record_glance(*, lease: Lease, report: Report) -> None:
    """What the first look found, for the entrant to read while the film is inspected."""
    _write(lease, glance=report.as_dict())


@transaction.atomic
def pass_on(*, lease: Lease, stored: bool, at: datetime) -> None:
    """The film is stored and was looked at: it waits for its inspection, and this was no attempt at it.

    `stored`: by this very worker; then those before it that failed at storing were none either.
    """
    _write(
        lease,
        state=Inspection.State.QUEUED,
        stage=Inspection.Stage.INSPECT,
        attempts=0 if stored else F("attempts") - 1,
        progress=0,
        error="",
        lease_token=None,
        lease_until=_next_hint(at, at),
    )
    _hint(lease.inspection_id, arrived=True)


@transaction.atomic
def record_report(*, lease: Lease, report: Report, folder: str, at: datetime) -> None:
    """The report is in: it is written, the entrant told, and the entry settled, all at once and only once."""
    report = _as_of_today(lease, report)
    _write(
        lease,
        report=report.as_dict(),
        verdict=report.verdict,
        engine=report.engine,
        rulebook_digest=report.rulebook,
        folder=folder,
        stage=Inspection.Stage.COPY,
        progress=0,
    )
    write_finding_rows({lease.inspection_id: report.findings})
    inspection = Inspection.objects.select_related("version").get(pk=lease.inspection_id)
    version = inspection.version
    entry = Entry.objects.select_for_update(of=("self",)).select_related("edition").get(pk=version.entry_id)
    write_statement_findings(entries={entry.pk: uses_of(entry)}, rulebook=rulebook_of(entry.edition))
    log_event(
        entry=entry, kind="inspected", by=SYSTEM, at=at, version=version.number, verdict=inspection.verdict
    )
    newest = not entry.versions.filter(number__gt=version.number).exists()
    # After submission the entrant hears about admission instead; this is for films sent in before.
    if newest and entry.state in (State.DRAFT, State.FIXING):
        letters.tell_inspected(entry, inspection, at)
    settle(entry=entry, at=at)


def _as_of_today(lease: Lease, report: Report) -> Report:
    """While the film was measured the rulebook may have changed, and subtitle files may have been put beside it."""
    held = Inspection.objects.select_for_update(of=("self",)).select_related("version__entry__edition")
    entry = held.get(pk=lease.inspection_id).version.entry
    rulebook = Rulebook.from_toml(entry.edition.rulebook)
    beside = files_beside(entry.pk)
    if beside:
        return with_side_files(report, beside, rulebook)
    return report if report.rulebook == rulebook.digest else rejudge(report, rulebook)


def write_finding_rows(findings: Mapping[int, Iterable[Finding]]) -> None:
    """Which rules were broken, by inspection, in place of what stood there. Findings come gravest first."""
    FindingRow.objects.filter(inspection_id__in=list(findings)).delete()
    rows = []
    for inspection_id, found in findings.items():
        gravest: dict[str, str] = {}
        for each in found:
            gravest.setdefault(each.rule, each.severity)
        rows += [
            FindingRow(inspection_id=inspection_id, rule=rule, severity=how) for rule, how in gravest.items()
        ]
    FindingRow.objects.bulk_create(rows, batch_size=1000)


def finish(*, lease: Lease, copy_key: str, at: datetime) -> None:
    """Everything is made."""
    _write(
        lease,
        state=Inspection.State.DONE,
        copy_key=copy_key,
        progress=100,
        error="",
        finished_at=at,
        lease_token=None,
        lease_until=None,
    )


@transaction.atomic
def give_back(*, lease: Lease, error: str, at: datetime) -> None:
    """The work itself failed: try again a little later, and give up after three attempts."""
    if lease.attempt >= ATTEMPTS:
        _write(
            lease,
            state=Inspection.State.FAILED,
            error=error,
            finished_at=at,
            lease_token=None,
            lease_until=None,
        )
        _log_failure(lease.inspection_id, at)
        return
    wait = timedelta(seconds=settings.REAP_SECONDS * 2**lease.attempt)
    _write(
        lease,
        state=Inspection.State.QUEUED,
        error=error,
        queued_at=at,
        progress=0,
        lease_token=None,
        lease_until=at + wait,
    )


def _log_failure(inspection_id: int, at: datetime) -> None:
    films = FilmVersion.objects.select_related("entry__edition", "entry__entrant")
    version = films.get(inspections=inspection_id)
    entry = version.entry
    log_event(entry=entry, kind="inspection_failed", by=SYSTEM, at=at, version=version.number)
    awaited = entry.state in (State.DRAFT, State.SUBMITTED, State.FIXING)
    if awaited and not entry.versions.filter(number__gt=version.number).exists():
        letters.tell(entry, "inspection_failed", at)


def reap_leases(*, at: datetime) -> int:
    """Queue again what a dead worker held; after three attempts give up and say so."""
    dead = Inspection.objects.filter(state=Inspection.State.RUNNING, lease_until__lt=at)
    count = 0
    for row in dead.select_related("version").order_by("lease_until")[:REAP_AT_MOST]:
        lease = Lease(row.pk, row.lease_token, row.attempts)
        error = row.error or "The worker died, or lost the database, and its lease ran out."
        try:
            with transaction.atomic():
                # Renewed since the row was read? Then it is not dead.
                if not dead.select_for_update().filter(pk=row.pk, lease_token=row.lease_token).first():
                    continue
                if row.attempts >= ATTEMPTS:
                    give_back(lease=lease, error=error, at=at)
                else:
                    _requeue(lease, error, at, arrived=row.version.asset_id is not None)
                count += 1
        except LeaseLost:
            continue
    return count


def _requeue(lease: Lease, error: str, at: datetime, *, arrived: bool) -> None:
    _write(
        lease,
        state=Inspection.State.QUEUED,
        error=error,
        queued_at=at,
        progress=0,
        lease_token=None,
        lease_until=_next_hint(at, at),
    )
    _hint(lease.inspection_id, arrived=arrived)


def remind_queue(*, at: datetime) -> int:
    """Put inspections that nobody took on the queue again: a broker may have lost what it held."""
    waiting = Inspection.objects.filter(state=Inspection.State.QUEUED).filter(
        Q(lease_until__isnull=True) | Q(lease_until__lt=at)
    )
    count = 0
    rows = waiting.order_by("pk").values_list("pk", "queued_at", "version__asset_id")
    for pk, queued_at, asset in rows[:REAP_AT_MOST]:
        with transaction.atomic():
            if waiting.filter(pk=pk).update(lease_until=_next_hint(queued_at, at)):
                _hint(pk, arrived=asset is not None)
                count += 1
    return count
