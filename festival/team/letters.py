"""The letters to people who are invited, who may have no account: their words, their sending, the reminder."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import translation

from festival.edition.models import Edition
from festival.kit.incoming import one_line
from festival.kit.queue import enqueue
from festival.kit.words import deadline_text, say
from festival.people.roles import Role
from festival.post.kinds import KINDS
from festival.post.models import Template
from festival.post.queries import template_for
from festival.post.words import Text, Words, default_text, own_text, with_foot
from festival.team.links import address_of
from festival.team.models import Invitation

log = logging.getLogger(__name__)

INVITATION, REMINDER = "team_invitation", "team_invitation_reminder"
REMIND_BEFORE = timedelta(days=3)  # the day of the answer
REMIND_AFTER = timedelta(days=2)  # since the last letter
WAIT_REAPS = 4
ATTEMPTS = 5
AT_MOST = 500


def words_of(row: Invitation, *, link: str = "") -> Words:
    """The letter in the language that is active, in the edition's own words where it has them."""
    kind = REMINDER if row.reminded_at else INVITATION
    return letter_words(row, link=link or address_of(row), kind=kind, own=template_for(row.edition_id, kind))


def letter_words(row: Invitation, *, link: str, kind: str, own: Template | None) -> Words:
    edition: Edition = row.edition
    text: Text = own_text(own) if own else default_text(KINDS[kind])
    words = text.filled(
        {
            "name": one_line(row.name) or row.email,
            "edition": one_line(say(edition.name)),
            "link": link,
            "role": str(Role(row.role).label),
            "person": one_line(row.by.name) or row.by.email,
            "deadline": deadline_text(row.answer_by, edition.time_zone),
            "message": row.message,
        }
    )
    return with_foot(words, link=link, edition=edition)


def post(row: Invitation) -> None:
    """Have the letter sent once this is committed."""
    from festival.team.tasks import send_invitation

    enqueue(send_invitation, row.pk)


def send(pk: int, *, at: datetime) -> None:
    """Mail the letter, once. The row is claimed by compare-and-set: a second worker finds nothing to do.

    Nothing goes out once it was answered, withdrawn, or is over. A mail server that is away gives the row back.
    """
    row = Invitation.objects.select_related("edition", "by").filter(pk=pk).first()
    if row is None or row.state != Invitation.State.OPEN or row.answer_by <= at:
        return
    rows = Invitation.objects.filter(pk=pk)
    claim = rows.filter(
        state=Invitation.State.OPEN, mailed_at=None, problem="", number=row.number, letters=row.letters
    )
    if not claim.update(mailed_at=at, attempts=F("attempts") + 1):
        return
    with translation.override(row.language):
        words = words_of(row)
    headers = {
        "Auto-Submitted": "auto-generated",
        "Content-Language": "zh-Hans" if row.language.startswith("zh") else "en",
    }
    mine = rows.filter(number=row.number, letters=row.letters)
    try:
        EmailMessage(subject=words.subject, body=words.body, to=[row.email], headers=headers).send()
    except SMTPRecipientsRefused:
        mine.update(mailed_at=None, problem=Invitation.Problem.REFUSED)
    except OSError as error:
        log.warning("invitation %s not mailed: %s", row.pk, type(error).__name__)
        mine.update(mailed_at=None)
        mine.filter(attempts__gte=ATTEMPTS).update(problem=Invitation.Problem.GAVE_UP)


def remind_invited(*, at: datetime) -> int:
    """Once, three days before the day of the answer: the same link again. Gives how many letters."""
    due = Invitation.objects.filter(
        state=Invitation.State.OPEN,
        reminded_at=None,
        problem="",
        mailed_at__lte=at - REMIND_AFTER,
        answer_by__gt=at,
        answer_by__lte=at + REMIND_BEFORE,
    )
    count = 0
    for row in due.order_by("answer_by")[:AT_MOST]:
        wanted = due.filter(pk=row.pk, number=row.number).update(
            reminded_at=at, wanted_at=at, mailed_at=None, attempts=0, letters=F("letters") + 1
        )
        if wanted:
            post(row)
            count += 1
    return count


def send_lost(*, at: datetime) -> int:
    """Queue letters again that nobody sent: a task was lost, or the mail server was away."""
    late = at - timedelta(seconds=WAIT_REAPS * settings.REAP_SECONDS)
    rows = Invitation.objects.filter(
        state=Invitation.State.OPEN, mailed_at=None, problem="", wanted_at__lt=late, answer_by__gt=at
    )
    found = list(rows.order_by("wanted_at")[:AT_MOST])
    for row in found:
        post(row)
    return len(found)
