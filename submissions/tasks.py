"""What the worker runs: load by id, call the job, nothing more. Safe to run twice."""

import logging
from datetime import datetime
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.utils import timezone

from festival.kit import database
from festival.post import delivery, mailing_actions
from submissions import (
    attachment_actions,
    attachment_job,
    catalogue_run,
    correction_actions,
    credit_declarations,
    inspect_actions,
    inspect_job,
    letter_job,
    match_actions,
    published_actions,
    published_job,
    reminders,
    rulebook_actions,
    showing_actions,
    storing,
    subtitle_actions,
    subtitle_job,
)
from submissions.inspection import guards
from submissions.intake import actions as intake

log = logging.getLogger(__name__)
WORK_SECONDS = 24 * 3600


@worker_ready.connect
def say_what_the_fence_lacks(**_: Any) -> None:
    """Once, at the worker's start."""
    guards.log_missing()


@shared_task
def receive(inspection_id: int) -> None:
    """Store one film and take a first look at it; on the quick queue."""
    inspect_job.receive(inspection_id)


@shared_task
def inspect(inspection_id: int) -> None:
    """Inspect and copy one film."""
    inspect_job.run(inspection_id)


@shared_task
def change_rulebook(change_id: int) -> None:
    """Count or write what a changed rulebook means for stored reports."""
    rulebook_actions.carry_on(pk=change_id)


@shared_task
def match(version_id: int) -> None:
    """Hold one film's fingerprints against all others."""
    from submissions import match_job  # loads the decoder: only where films are matched

    match_job.run(version_id)


@shared_task
def read_subtitles(subtitle_file_id: int) -> None:
    """Read one subtitle file beside a film."""
    subtitle_job.run(subtitle_file_id)


@shared_task
def send_invitation(invitation_id: str) -> None:
    """Mail one co-author's invitation."""
    letter_job.send_invitation(invitation_id)


@shared_task
def send_offer(offer_id: str) -> None:
    """Mail one offer of an entry to another account."""
    letter_job.send_offer(offer_id)


@shared_task
def read_attachment(attachment_id: int) -> None:
    """Put away and read one file beside a film."""
    attachment_job.run(attachment_id)


@shared_task
def publish(copy_id: int) -> None:
    """Make one copy that may be published."""
    published_job.run(copy_id)


@shared_task
def put_in_catalogue(run_id: int) -> None:
    """Put many entries into the catalogue, or go on with it."""
    catalogue_run.carry_on(pk=run_id)


def sweep_work(*, at: datetime) -> None:
    """Remove working folders that nobody can be working in any more."""
    storing.sweep_work(older_than=at.timestamp() - WORK_SECONDS)


@shared_task
def reap() -> None:
    """Find what dead workers, a lost broker and time left behind. Run by the beat."""
    now = timezone.now()
    for step in (
        inspect_actions.reap_leases,
        inspect_actions.remind_queue,
        delivery.remind,
        mailing_actions.remind,
        reminders.remind_drafts,
        match_actions.remind,
        rulebook_actions.remind,
        catalogue_run.remind,
        subtitle_actions.remind,
        letter_job.remind,
        credit_declarations.forget_identities,
        attachment_actions.remind,
        published_actions.remind,
        showing_actions.settle,
        correction_actions.end_all,
        intake.expire_uploads,
        sweep_work,
    ):
        try:
            step(at=now)
        except Exception:  # whatever happened, the steps behind it are run
            log.exception("reap: %s.%s failed", step.__module__, step.__name__)


@shared_task
def sweep() -> None:
    """Have the database learn its sizes, and remove parts of uploads that nobody needs any more. Run by the beat, more
    rarely: a bucket counts its lists.
    """
    database.learn_sizes()
    intake.sweep_parts(at=timezone.now())
