"""Writes of fairness reports: asked for, made by a worker, published once the awards are announced."""

import gzip
import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.kit.queue import enqueue
from festival.kit.words import say
from festival.people.actor import Actor
from judging import award_permissions as permissions
from judging import results_export
from judging.award_state import step as log_step
from judging.fairness.document import people_of
from judging.logic.canonical import canonical, digest
from judging.models import AwardList, AwardStep, FairnessReport, Round

log = logging.getLogger(__name__)
State = FairnessReport.State
PATIENCE = timedelta(minutes=15)  # after it a worker that says nothing is taken for dead
READ = 60  # per cent of the work once all rounds are read


@transaction.atomic
def ask(*, edition: Edition, by: Actor, at: datetime) -> FairnessReport:
    """Have a report made of the results as they are now. Refused while a round is open, and while one is being made."""
    if not permissions.can_follow(by, edition):
        raise Refused(_("Only organisers and the jury chair have a report made."), status=403)
    fresh = Edition.objects.select_for_update().get(pk=edition.pk)
    rounds = list(fresh.rounds.exclude(state=Round.State.PLANNED).order_by("position", "pk"))
    if not rounds:
        raise Refused(_("Nothing was judged yet: there is nothing to report."))
    for round in rounds:
        if round.state == Round.State.OPEN:
            raise Refused(
                _("“%(round)s” is open. Close it first: the report is of rounds that are over.")
                % {"round": say(round.name)},
                code="open",
            )
    reports = FairnessReport.objects.filter(edition=fresh)
    reports.filter(state=State.MAKING, asked_at__lt=at - PATIENCE).update(state=State.FAILED)
    number = 1 + (reports.aggregate(last=Max("number"))["last"] or 0)
    try:
        with transaction.atomic():
            row = FairnessReport.objects.create(edition=fresh, number=number, asked_at=at, made_by=by.user)
    except IntegrityError:
        raise Refused(_("A report is being made already. Wait a moment."), code="running") from None
    from judging.tasks import make_fairness_report

    enqueue(make_fairness_report, row.pk)
    return row


def make(*, pk: int, now: Callable[[], datetime]) -> None:
    """Make a report that was asked for: read, compute, store the export, keep the figures. Safe to run twice."""
    report = FairnessReport.objects.select_related("edition").filter(pk=pk, state=State.MAKING).first()
    if report is None:
        return
    waiting = FairnessReport.objects.filter(pk=pk, state=State.MAKING)

    def step(done: int, of: int) -> None:
        waiting.update(progress=READ * done // max(of, 1))

    key = ""
    try:
        at = now()
        made = {"number": report.number, "at": at.isoformat()}
        results = results_export.document(report.edition, step, made)
        whole = results_export.with_report(results)
        waiting.update(progress=80)
        packed = gzip.compress(canonical(whole) + b"\n", mtime=0)
        key = storages["default"].save(f"fairness/{uuid.uuid4().hex}.json.gz", ContentFile(packed))
        kept = waiting.update(
            state=State.READY,
            progress=100,
            document=whole["report"],
            digest=digest(whole["report"]),
            results_digest=whole["report"]["results_digest"],
            people=people_of(results),
            key=key,
            size=len(packed),
            made_at=at,
        )
    except Exception:
        log.exception("fairness report %s failed", pk)
        waiting.update(state=State.FAILED)
        kept = 0
    if not kept and key:
        storages["default"].delete(key)


@transaction.atomic
def publish(*, report: FairnessReport, by: Actor, at: datetime) -> FairnessReport:
    """Show it to everybody, in place of one that was public before. Refused before the awards are announced."""
    fresh = _held(report, by)
    if fresh.state != State.READY:
        raise Refused(_("This report is not ready."))
    award_list = AwardList.objects.filter(edition=fresh.edition, state=AwardList.State.ANNOUNCED).first()
    if award_list is None:
        raise Refused(
            _("The awards are not announced yet. The report is published afterwards."), code="too_early"
        )
    if fresh.published_at:
        return fresh
    others = FairnessReport.objects.filter(edition=fresh.edition, published_at__isnull=False)
    others.update(published_at=None, published_by=None)
    fresh.published_at, fresh.published_by = at, by.user
    fresh.save(update_fields=["published_at", "published_by"])
    log_step(award_list, AwardStep.Kind.REPORT, by, at, {"report": fresh.number})
    return fresh


@transaction.atomic
def take_back(*, report: FairnessReport, by: Actor, at: datetime) -> FairnessReport:
    """Show it to nobody outside the team any more."""
    fresh = _held(report, by)
    if fresh.published_at:
        fresh.published_at = fresh.published_by = None
        fresh.save(update_fields=["published_at", "published_by"])
        log_step(fresh.edition.award_list, AwardStep.Kind.REPORT_BACK, by, at, {"report": fresh.number})
    return fresh


def _held(report: FairnessReport, by: Actor) -> FairnessReport:
    if not permissions.can_tell(by, report.edition):
        raise Refused(_("Only an organiser publishes the report."), status=403)
    Edition.objects.select_for_update().get(pk=report.edition_id)
    return FairnessReport.objects.select_related("edition").get(pk=report.pk)
