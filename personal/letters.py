"""Letters about one's own data. They belong to no edition, so they are mailed as they are, and are no notices."""

import logging

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, SignatureExpired
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from festival.kit.words import day_text
from festival.people.models import LANGUAGES
from personal.fates import Obstacle
from personal.models import DataExport, Erasure

log = logging.getLogger(__name__)
SALT = "personal.keep"
LINK_DAYS = 30  # longer than any grace: what the link is good for is asked when it is opened


def keep_link(erasure: Erasure) -> str:
    """The way to take a deletion back without logging in."""
    token = signing.dumps(erasure.pk, salt=SALT)
    return f"{settings.SITE_URL}{reverse('personal:keep', kwargs={'token': token})}"


def read_keep_link(token: str) -> int | None:
    """The id of the deletion; None for a link that was not made here, or long ago."""
    try:
        return int(signing.loads(token, salt=SALT, max_age=LINK_DAYS * 24 * 3600))
    except (BadSignature, SignatureExpired, ValueError, TypeError):
        return None


def mail_asked(erasure: Erasure) -> bool:
    """That the account will be deleted, when, and how to take it back."""
    user = erasure.user
    assert user is not None
    with translation.override(language_of(user.language)):
        values = {
            "day": day_text(erasure.due_at, "UTC"),
            "link": keep_link(erasure),
            "site": settings.SITE_URL,
        }
        body = _(
            "You asked us to delete your account at %(site)s. It is deleted on %(day)s; until then nothing changes.\n\n"
            "Changed your mind, or was it not you? Take it back here, without logging in:\n%(link)s\n\n"
            "If it was not you, change your password then."
        )
        return _mail(user.email, _("Your account will be deleted"), body % values)


def mail_done(address: str, language: str) -> bool:
    """That it is done. The address is known to nobody but this letter any more."""
    with translation.override(language_of(language)):
        body = _(
            "Your account at %(site)s has been deleted. This is our last letter; your address is no longer stored.\n\n"
            "Backups that were made before are overwritten in their turn; nothing is brought back from them."
        )
        return _mail(address, _("Your account has been deleted"), body % {"site": settings.SITE_URL})


def mail_kept(address: str, language: str, obstacles: list[Obstacle]) -> bool:
    """That it was not done, and why."""
    with translation.override(language_of(language)):
        lines = "\n".join(f"– {obstacle.text}" for obstacle in obstacles)
        body = _(
            "You asked us to delete your account at %(site)s. Something stands in the way since then:\n\n%(lines)s\n\n"
            "Nothing was deleted. When this is settled, ask for it once more on the page of your account."
        )
        return _mail(
            address, _("Your account was not deleted"), body % {"site": settings.SITE_URL, "lines": lines}
        )


def mail_ready(row: DataExport) -> bool:
    """That the copy can be fetched, and until when. The link asks for the log-in."""
    assert row.expires_at is not None
    with translation.override(language_of(row.user.language)):
        values = {
            "link": f"{settings.SITE_URL}{reverse('personal:data')}",
            "until": day_text(row.expires_at, "UTC"),
        }
        body = _("The copy of your data is ready. Fetch it here, logged in, until %(until)s:\n%(link)s")
        return _mail(row.user.email, _("The copy of your data is ready"), body % values)


def language_of(language: str) -> str:
    return language if language in dict(LANGUAGES) else settings.LANGUAGE_CODE


def _mail(address: str, subject: str, body: str) -> bool:
    """Hand a letter over; False when the mail server is away. The address is not written to any log."""
    headers = {
        "Auto-Submitted": "auto-generated",
        "Content-Language": "zh-Hans" if translation.get_language() == "zh-hans" else "en",
    }
    try:
        EmailMessage(subject=subject, body=body + "\n", to=[address], headers=headers).send()
    except OSError as error:  # SMTPException is one
        log.warning("a letter about personal data was not mailed: %s", type(error).__name__)
        return False
    return True
