"""Letters with a link to somebody who may have no account: the link, how many may be written, and their sending.

Such a letter goes to an address that somebody typed. Therefore it holds no text of the sender's own beyond names,
names make no link in it, and the number of letters is limited by entry, by sender and by address.
"""

import hashlib
import logging
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.kit.incoming import one_line
from festival.kit.words import time_left
from festival.people.actor import Actor
from submissions.models import CreditInvitation, Entry, Event, SignedLetter, TransferOffer

log = logging.getLogger(__name__)

DAY = timedelta(days=1)
AGAIN = timedelta(hours=1)  # between two letters to the same person
MOST_TO_ONE = 5  # letters of one invitation, ever
MOST_OF_ENTRY = 60  # a day: a whole team, and some of them again
MOST_OF_SENDER = 100  # a day, over all entries
MOST_TO_ADDRESS = 10  # a day, from everybody together
ATTEMPTS = 5
KINDS = ("credit_invited", "transfer_offered")  # the events that stand for letters
NAME_IN_LETTER = 80


def token_of(row: SignedLetter) -> str:
    """The secret of the row's link: 32 characters that only this site can make."""
    name = f"{type(row).__name__}:{row.pk}:{row.number}"
    digest = salted_hmac("submissions.signed_letters", name, algorithm="sha256").digest()
    return urlsafe_b64encode(digest)[:32].decode()


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def find(model: type[Any], token: str) -> Any:
    """The row of a link with its entry and who wrote; None when there is none."""
    return (
        model.objects.select_related("entry__edition", "entry__track", "entry__entrant", "by", "user")
        .filter(token_hash=hash_of(token))
        .first()
    )


def want(row: SignedLetter, at: datetime, valid: timedelta) -> None:
    """Have the letter written, again or for the first time. The caller saves the row, and enqueues the sending."""
    row.token_hash = hash_of(token_of(row))
    row.letters += 1
    row.wanted_at, row.mailed_at, row.attempts, row.problem = at, None, 0, ""
    row.expires_at = at + valid


def void_link(row: SignedLetter) -> None:
    """Make the row's link lead nowhere. A letter sent again has another one."""
    row.number += 1
    row.token_hash = hash_of(secrets.token_hex())


def assert_may_write(*, entry: Entry, email: str, by: Actor, at: datetime) -> None:
    """Refuses (429) when there were many letters today. Three queries; the caller holds the entry's row."""
    recent = Event.objects.filter(kind__in=KINDS, at__gt=at - DAY)
    too_many = recent.filter(entry=entry).count() >= MOST_OF_ENTRY
    too_many = too_many or recent.filter(actor=by.user).count() >= MOST_OF_SENDER
    if too_many:
        text = _("That is enough letters for one day. Write the others tomorrow.")
        raise Refused(text, status=429, code="too_many_letters")
    to_address = sum(
        model.objects.filter(email=email, wanted_at__gt=at - DAY).count()
        for model in (CreditInvitation, TransferOffer)
    )
    if to_address >= MOST_TO_ADDRESS:
        text = _("This address was written to often enough today. Try again tomorrow.")
        raise Refused(text, status=429, code="too_many_letters")


def assert_not_again(row: SignedLetter, at: datetime) -> None:
    """Refuses (429) a letter to the same person soon after the last one, and after many."""
    if row.letters >= MOST_TO_ONE:
        text = _("We have written to this address as often as we do. Send the person the way here yourself.")
        raise Refused(text, status=429, code="too_many_letters")
    if row.letters and not row.problem and at < row.wanted_at + AGAIN:
        text = _("We have just written to this address. You can send the letter again in %(left)s.")
        left = time_left(row.wanted_at + AGAIN, at)
        raise Refused(text % {"left": left}, status=429, code="too_soon")


def harmless(name: str) -> str:
    """A name for a letter: on one line, short, and nothing in it that a mail program makes a link of."""
    line = one_line(name)
    if len(line) > NAME_IN_LETTER:
        line = line[: NAME_IN_LETTER - 1].rstrip() + "…"
    line = re.sub(r"(?<=\w)\.(?=\w)", "\u2024", line)  # a dot that is none to a browser
    return line.replace("://", " ").replace("@", " ")


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    body: str


def send(row: SignedLetter, words: Words, at: datetime) -> None:
    """Mail the letter, once. The row is claimed by compare-and-set: a second worker finds nothing to do.

    A mail server that is away gives the row back for the reaper, ATTEMPTS times; one that refuses the address ends
    it, and the sender reads so.
    """
    rows = type(row)._default_manager.filter(pk=row.pk)
    claim = rows.filter(mailed_at__isnull=True, problem="", number=row.number, letters=row.letters)
    if not claim.update(mailed_at=at, attempts=F("attempts") + 1):
        return
    try:
        EmailMessage(subject=words.subject, body=words.body, to=[row.email]).send()
    except SMTPRecipientsRefused:
        rows.update(mailed_at=None, problem=SignedLetter.Problem.REFUSED)
    except OSError as error:
        log.warning("letter %s not mailed: %s", row.pk, error)
        rows.update(mailed_at=None)
        rows.filter(attempts__gte=ATTEMPTS).update(problem=SignedLetter.Problem.GAVE_UP)


def link_to(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
