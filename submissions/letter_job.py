"""The letters of `signed_letters` in words, and their sending by the worker."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from festival.edition.role_words import role_name
from festival.kit.queue import enqueue
from festival.kit.words import day_text, say
from submissions import permissions
from submissions.credit_gaps import listed
from submissions.models import Credit, CreditInvitation, SignedLetter, TransferOffer
from submissions.signed_letters import Words, harmless, link_to, send, token_of

WAIT_REAPS = 4  # a letter is put on the queue again when nobody sent it within so many rounds of the reaper
REMIND_AT_MOST = 500


def send_invitation(pk: str) -> None:
    """Nothing is sent to one who was taken out of the credits, or answered, before the letter went."""
    row = CreditInvitation.objects.select_related("entry__edition", "by").filter(pk=pk).first()
    credit = row.credits.first() if row else None
    if row is None or credit is None or row.state != CreditInvitation.State.OPEN:
        return
    if permissions.is_running(row.entry):
        with translation.override(row.language):
            words = invitation_words(row, credit)
        send(row, words, timezone.now())


def send_offer(pk: str) -> None:
    """Nothing is sent when the offer was taken back before the letter went."""
    row = TransferOffer.objects.select_related("entry__edition", "by").filter(pk=pk).first()
    if row is None or row.state != TransferOffer.State.OPEN or not permissions.is_running(row.entry):
        return
    with translation.override(row.language):
        words = offer_words(row)
    send(row, words, timezone.now())


def invitation_words(row: CreditInvitation, credit: Credit) -> Words:
    """In the language that is active: who asks, for which film, named as what; no words of the sender's own."""
    values = _values(row, "submissions:invitation") | {
        "you": harmless(credit.name),
        "roles": listed([harmless(role_name(role, credit.role_other)) for role in credit.roles]) or "–",
    }
    subject = _("“%(title)s”: do you agree to be named?") % values
    body = (
        _(
            "%(name)s has entered the film “%(title)s” to %(edition)s and names you in its credits:\n\n"
            "%(you)s: %(roles)s\n\n"
            "Say here whether you agree. You need an account on this site; any of yours will do, or make one and "
            "open this link again:\n%(link)s\n\n"
            "The link is good until %(until)s. If you know nothing of this film, you can decline there, or simply "
            "leave this letter unanswered."
        )
        % values
    )
    return Words(subject, f"{body}\n\n{values['edition']}\n")


def offer_words(row: TransferOffer) -> Words:
    """In the language that is active."""
    values = _values(row, "submissions:offer") | {"code": row.entry.code, "email": row.email}
    subject = _("“%(title)s”: an entry is offered to you") % values
    body = (
        _(
            "%(name)s would like to hand the entry %(code)s, the film “%(title)s” at %(edition)s, over to you. With it "
            "go its uploads, and all letters about it from then on.\n\n"
            "Accept or decline here, logged in with the account whose confirmed address is %(email)s:\n%(link)s\n\n"
            "The offer is good until %(until)s. If you know nothing of this, leave the letter unanswered: nothing "
            "happens then."
        )
        % values
    )
    return Words(subject, f"{body}\n\n{values['edition']}\n")


def _values(row: Any, address: str) -> dict[str, Any]:
    return {
        "title": harmless(row.entry.title or row.entry.code),
        "name": harmless(row.by.name) or row.by.email,
        "edition": say(row.entry.edition.name),
        "link": link_to(reverse(address, kwargs={"token": token_of(row)})),
        "until": day_text(row.expires_at, row.entry.edition.time_zone),
    }


def remind(*, at: datetime) -> int:
    """Queue letters again that nobody sent: a task was lost, or the mail server was away."""
    from submissions import tasks

    late = at - timedelta(seconds=WAIT_REAPS * settings.REAP_SECONDS)
    count = 0
    models: tuple[tuple[type[SignedLetter], Any], ...] = (
        (CreditInvitation, tasks.send_invitation),
        (TransferOffer, tasks.send_offer),
    )
    for model, task in models:
        rows = model._default_manager.filter(mailed_at__isnull=True, problem="", wanted_at__lt=late)
        rows = rows.filter(state="open", expires_at__gt=at).order_by("wanted_at")
        for pk in rows.values_list("pk", flat=True)[:REMIND_AT_MOST]:
            enqueue(task, str(pk))
            count += 1
    return count
