"""Letters to addresses without an account: written in the words of their kind, handed to the mail server.

Who is written to, and when, the floors above keep.
"""

import logging
import uuid
from collections.abc import Mapping
from enum import StrEnum
from smtplib import SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from festival.edition.models import Edition
from festival.kit.incoming import one_line
from festival.kit.words import say
from festival.post.kinds import KINDS
from festival.post.placeholders import PLACEHOLDERS
from festival.post.queries import template_for
from festival.post.words import Words, default_text, own_text, with_foot

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """`AWAY`: the mail server could not be reached, or takes nothing now; to be tried again."""

    SENT = "sent"
    REFUSED = "refused"
    AWAY = "away"


def words_for(*, kind: str, edition: Edition, link: str, values: Mapping[str, str]) -> Words:
    """The letter in the language that is active, in the edition's own words where it has them."""
    own = template_for(edition.pk, kind)
    text = own_text(own) if own else default_text(KINDS[kind])
    known = {"edition": one_line(say(edition.name)), "link": link}
    words = text.filled(dict.fromkeys(PLACEHOLDERS, "") | dict(values) | known)
    return with_foot(words, link=link, edition=edition)


def hand_over(*, to: str, words: Words, language: str, uid: uuid.UUID) -> Outcome:
    """One letter to the mail server, under a Message-ID made from `uid`."""
    letter = EmailMessage(
        subject=words.subject,
        body=words.body,
        to=[to],
        reply_to=[words.reply_to] if words.reply_to else None,
        headers={
            "Message-ID": f"<{uid.hex}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office answers, please
            "Content-Language": "zh-Hans" if language.startswith("zh") else "en",
        },
    )
    try:
        letter.send()
    except SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()), (450, b""))[0]
        return Outcome.REFUSED if code >= 500 else Outcome.AWAY
    except OSError as error:  # all of smtplib's are
        log.warning("letter %s not mailed: %s", uid, type(error).__name__)
        return Outcome.AWAY
    return Outcome.SENT
