"""What the worker runs for the jury: call the action, nothing more. Safe to run twice."""

from celery import shared_task
from django.utils import timezone

from festival.edition.models import Edition
from festival.people.actor import SYSTEM
from judging import (
    adaptive_actions,
    award_steps,
    conflict_actions,
    fairness_actions,
    feedback_actions,
    jury_actions,
    rehearsal_actions,
    vote_actions,
)
from judging.models import Round


@shared_task
def remind() -> None:
    """Letters before the jury's phase ends. Run by the beat."""
    jury_actions.remind_judges(at=timezone.now())


@shared_task
def give_next_looks() -> None:
    """The next batch of every open adaptive round for which one is due. Run by the beat."""
    at = timezone.now()
    # What opens only later is a rehearsal's: its clock goes ahead of the site's.
    open_now = Round.objects.filter(state=Round.State.OPEN, opened_at__lte=at)
    for round in open_now.filter(adaptive=True, gate=Round.Gate.SCORE):
        adaptive_actions.give_next(round=round, by=SYSTEM, at=at)


@shared_task
def sweep_conflicts() -> None:
    """Looks whose judge has come too near to the film since. Run by the beat."""
    at = timezone.now()
    open_now = Edition.objects.filter(rounds__state=Round.State.OPEN, rounds__opened_at__lte=at)
    for edition in open_now.distinct():
        conflict_actions.sweep(edition=edition, by=SYSTEM, at=at)


@shared_task
def close_votes() -> None:
    """Votes of meetings whose time is over. Run by the beat."""
    vote_actions.close_due(at=timezone.now())


@shared_task
def take_award_steps() -> None:
    """The public notice and the announcement, at their minute. Run by the beat."""
    award_steps.take_due_steps(at=timezone.now())


@shared_task
def make_fairness_report(pk: int) -> None:
    """A report that somebody asked for."""
    fairness_actions.make(pk=pk, now=timezone.now)


@shared_task
def rehearse_edition(pk: int) -> None:
    """A rehearsal that somebody asked for."""
    rehearsal_actions.make(pk=pk, now=timezone.now)


@shared_task
def write_feedback(sending: int) -> None:
    """The letters of a run."""
    feedback_actions.write_letters(pk=sending)


@shared_task
def resume_feedback() -> None:
    """Runs that nobody is at any more. Run by the beat."""
    feedback_actions.resume(at=timezone.now())
