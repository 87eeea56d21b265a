"""The letter with a code for the audience's vote: to an address that may have no account, and is forgotten after."""

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from festival.awards import audience_keys as keys
from festival.awards.models import AudienceCode, AudiencePoll
from festival.kit.incoming import one_line
from festival.kit.words import deadline_text, say

log = logging.getLogger(__name__)


def address_of(poll: AudiencePoll, code: str) -> str:
    """The full address with which somebody votes by this code."""
    path = reverse("awards:audience_link", args=[poll.slot.edition.slug, poll.slot.slug, code])
    return f"{settings.SITE_URL}{path}"


def send(pk: int, number: int) -> None:
    """Mail the code, once. The address is taken out of the row first: a second worker finds none, and whoever gets no
    letter asks for another.
    """
    rows = AudienceCode.objects.select_related("poll__slot__edition")
    row = rows.filter(pk=pk, number=number).exclude(email="").first()
    if row is None or not AudienceCode.objects.filter(pk=pk, number=number, email=row.email).update(email=""):
        return
    poll, edition = row.poll, row.poll.slot.edition
    code = keys.code_of(poll, f"{row.holder}:{row.number}")
    with translation.override(row.language):
        values = {
            "edition": one_line(say(edition.name)),
            "award": one_line(say(poll.slot.name)),
            "code": keys.shown_code(code),
            "link": address_of(poll, code),
            "until": deadline_text(poll.closes_at, edition.time_zone),
        }
        subject = _("%(edition)s: your code for “%(award)s”") % values
        body = _(
            "With this code you can vote for “%(award)s”, and change your vote, until %(until)s:\n\n%(code)s\n\n"
            "Or follow this link:\n%(link)s\n\n"
            "If you did not ask for it, leave this letter unanswered: we keep no address from it."
        )
        letter = EmailMessage(
            subject=subject,
            body=body % values,
            to=[row.email],
            headers={
                "Auto-Submitted": "auto-generated",
                "Content-Language": "zh-Hans" if row.language.startswith("zh") else "en",
            },
        )
    try:
        letter.send()
    except OSError as error:
        log.warning("audience code %s not mailed: %s", pk, type(error).__name__)
