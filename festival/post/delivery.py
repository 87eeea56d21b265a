"""Sending letters: claimed in chunks, one connection to the mail server for each, every outcome written down.

At least once: `mailed_at` is written when the mail server has taken a letter. A worker that dies between the two
sends that one letter again with the same Message-ID; none is lost.
"""

import logging
import smtplib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import mail
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from festival.kit.queue import enqueue
from festival.people.models import NOWHERE
from festival.post import queries
from festival.post.letter import is_news, language_of, message_of
from festival.post.models import Mailing, Notice
from festival.post.news import refusing

log = logging.getLogger(__name__)
State = Notice.State

CHUNK = 50  # letters over one connection
ATTEMPTS = 8  # at one letter that the mail server puts off; over some 33 hours
LONGEST_WAIT = timedelta(hours=12)
HANGS_UP = 421  # the server's word before it closes the connection
SERVER_AWAY = timedelta(minutes=1)  # until it is tried again when the mail server cannot be reached
HINT_REAPS = 4  # rounds of the reaper until a letter that nobody took is taken up


class ServerAway(Exception):
    """The mail server cannot be reached, or takes no mail from us at all: no letter is to blame."""


@dataclass(frozen=True, slots=True)
class Claim:
    token: uuid.UUID
    until: datetime
    letters: list[Notice]


def lease() -> timedelta:
    """How long a worker may work on a chunk before it is taken for dead."""
    return timedelta(seconds=4 * settings.LEASE_SECONDS)


def deliver(only: int | None = None) -> int:
    """Send the next letters that are due, or `only` the one with this id.

    Gives how many were taken; 0 also when the mail server is away, so that nobody goes on in vain.
    """
    claim = take(at=timezone.now(), only=only)
    if not claim.letters:
        return 0
    unwanted = refusing((one.user_id, one.edition_id) for one in claim.letters if is_news(one))
    left = {one.pk: one for one in claim.letters}
    try:
        with connected() as connection:
            for letter in claim.letters:
                if timezone.now() > claim.until - lease() / 3:
                    break
                if is_news(letter) and (letter.user_id, letter.edition_id) in unwanted:
                    outcome: dict[str, Any] = {"state": State.MUTED}
                else:
                    outcome = send(connection, letter)
                write(claim, letter, **outcome)
                del left[letter.pk]
    except ServerAway as away:
        log.warning("mail server away, %s letters wait: %s", len(left), away)
        give_back(claim, list(left), at=timezone.now() + SERVER_AWAY, error=str(away))
        return 0
    give_back(claim, list(left), at=timezone.now())
    close_mailings({one.mailing_id for one in claim.letters if one.mailing_id})
    return len(claim.letters)


def take(*, at: datetime, only: int | None = None) -> Claim:
    """Claim letters by compare-and-set: a second worker finds others, or nothing.

    Letters to one person come before letters to many. Within the site's rate (`MAIL_PER_MINUTE`), but for `only`.
    """
    free = Q(state=State.WAITING, due_at__lte=at) | Q(state=State.SENDING, lease_until__lt=at)
    rows = Notice.objects.filter(free)
    if only is not None:
        ids = [only]
    else:
        limit = allowance(at)
        in_order = rows.order_by("due_at", "pk").values_list("pk", flat=True)
        ids = list(in_order.filter(mailing=None)[:limit])
        if len(ids) < limit:
            going = in_order.filter(mailing__state=Mailing.State.SENDING)
            ids += list(going[: limit - len(ids)])
    token, until = uuid.uuid4(), at + lease()
    taken = rows.filter(pk__in=ids).update(
        state=State.SENDING, lease_token=token, lease_until=until, attempts=F("attempts") + 1
    )
    if not taken:
        return Claim(token, until, [])
    order = (F("mailing").asc(nulls_first=True), "due_at", "pk")
    mine = queries.with_words(Notice.objects.filter(lease_token=token, state=State.SENDING))
    return Claim(token, until, list(mine.order_by(*order)))


def allowance(at: datetime) -> int:
    """How many letters may be taken now, so that no more than about `MAIL_PER_MINUTE` leave in any minute."""
    if not settings.MAIL_PER_MINUTE:
        return CHUNK
    lately = Q(mailed_at__gt=at - timedelta(minutes=1)) | Q(state=State.SENDING, lease_until__gte=at)
    return max(0, min(CHUNK, settings.MAIL_PER_MINUTE - Notice.objects.filter(lately).count()))


@contextmanager
def connected() -> Iterator[Any]:
    """A connection to the mail server, closed at the end. Raises ServerAway."""
    connection = mail.mailers["default"]
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise ServerAway(said(error)) from error
    try:
        yield connection
    finally:
        with suppress(OSError, smtplib.SMTPException):
            connection.close()


def send(connection: Any, letter: Notice) -> dict[str, Any]:
    """Hand one letter over; gives what to write down. Raises ServerAway when no letter would be taken."""
    if not letter.user.is_active:
        return {"state": State.FAILED, "error": "The account is closed."}
    if letter.user.email.endswith(NOWHERE):
        return {"state": State.MUTED}
    known = {"address": letter.user.email, "language": language_of(letter)}
    try:
        connection.send_messages([message_of(letter)])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        code, text = answer(error, letter.user.email)
        if code == HANGS_UP:
            write_back(letter, known | put_off(letter, text))
            raise ServerAway(text) from error
        return known | (refused(text) if code >= 500 else put_off(letter, text))
    except smtplib.SMTPServerDisconnected as error:
        # It may have been taken just before: this letter waits its turn like one that was put off.
        write_back(letter, known | put_off(letter, said(error)))
        raise ServerAway(said(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise ServerAway(said(error)) from error
    except Exception as error:  # a letter that cannot be written must not keep the others back
        log.exception("notice %s cannot be mailed", letter.pk)
        return known | refused(said(error))
    return known | {"state": State.SENT, "mailed_at": timezone.now(), "error": ""}


def refused(text: str) -> dict[str, Any]:
    """For good: shown to the organiser, who may try again."""
    return {"state": State.FAILED, "error": text}


def put_off(letter: Notice, text: str) -> dict[str, Any]:
    """For now: again after 1, 4, 16, 64 … minutes, at most half a day; given up after ATTEMPTS."""
    if letter.attempts >= ATTEMPTS:
        return refused(text)
    wait = min(timedelta(minutes=4 ** (letter.attempts - 1)), LONGEST_WAIT)
    return {"state": State.WAITING, "due_at": timezone.now() + wait, "error": text}


def answer(error: smtplib.SMTPException, address: str) -> tuple[int, str]:
    """The mail server's code, and its answer as it gave it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = error.recipients.get(address) or next(iter(error.recipients.values()), (450, b""))
    else:
        code, text = error.smtp_code, error.smtp_error  # type: ignore[attr-defined]
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return int(code), f"{code} {words}".strip()[:1000]


def said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:1000]


def write(claim: Claim, letter: Notice, **outcome: Any) -> None:
    """The outcome of one letter, unless the lease ran out and another worker has it now."""
    held = Notice.objects.filter(pk=letter.pk, lease_token=claim.token, state=State.SENDING)
    if not held.update(lease_token=None, lease_until=None, **outcome):
        log.warning("notice %s: the lease ran out before the outcome was written", letter.pk)


def write_back(letter: Notice, outcome: dict[str, Any]) -> None:
    write(Claim(letter.lease_token, letter.lease_until, []), letter, **outcome)  # type: ignore[arg-type]


def give_back(claim: Claim, ids: list[int], *, at: datetime, error: str = "") -> None:
    """Letters that were not tried wait again, from `at` on; it counts as no attempt."""
    if not ids:
        return
    held = Notice.objects.filter(pk__in=ids, lease_token=claim.token, state=State.SENDING)
    why = {"error": error} if error else {}
    held.update(
        state=State.WAITING, due_at=at, attempts=F("attempts") - 1, lease_token=None, lease_until=None, **why
    )


def close_mailings(ids: set[int]) -> None:
    """A mailing is done when nothing of it waits any more."""
    open_ones = Notice.objects.filter(mailing=OuterRef("pk"), state__in=(State.WAITING, State.SENDING))
    Mailing.objects.filter(~Exists(open_ones), pk__in=ids, state=Mailing.State.SENDING).update(
        state=Mailing.State.DONE, ended_at=timezone.now()
    )


def remind(*, at: datetime) -> bool:
    """Have letters sent whose task was lost, whose worker died, or that were put off. Run by the beat."""
    from festival.post.tasks import send_waiting

    late = at - timedelta(seconds=HINT_REAPS * settings.REAP_SECONDS)
    going = Q(mailing=None) | Q(mailing__state=Mailing.State.SENDING)
    if Notice.objects.filter(state=State.SENDING, lease_until__gte=at).exists():
        return False  # somebody is at it, and goes on by themselves
    left = Notice.objects.filter(going, state=State.WAITING, due_at__lt=late).exists()
    left = left or Notice.objects.filter(going, state=State.SENDING, lease_until__lt=at).exists()
    if left:
        enqueue(send_waiting)
    close_mailings(set(Mailing.objects.filter(state=Mailing.State.SENDING).values_list("pk", flat=True)))
    return left
