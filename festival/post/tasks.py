"""Sending notices by mail, once each."""

import logging

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from festival.kit.words import say
from festival.post.models import Notice
from festival.post.words import render

log = logging.getLogger(__name__)


@shared_task
def send_notice(notice_id: int) -> None:
    """Mail one notice. The row is claimed by compare-and-set first: a second worker finds nothing to do."""
    if not Notice.objects.filter(pk=notice_id, mailed_at__isnull=True).update(mailed_at=timezone.now()):
        return
    notice = Notice.objects.select_related("user", "edition").get(pk=notice_id)
    with translation.override(notice.user.language):
        words = render(notice)
        link = f"{settings.SITE_URL}{notice.path}"
        text = f"{words.body}\n\n{_('Read more:')}\n{link}\n\n{say(notice.edition.name)}\n"
    try:
        EmailMessage(subject=words.subject, body=text, to=[notice.user.email]).send()
    except OSError as error:  # the mail server is away: give the row back, the reaper tries again
        Notice.objects.filter(pk=notice_id).update(mailed_at=None)
        log.warning("notice %s not mailed: %s", notice_id, error)


@shared_task
def send_waiting() -> None:
    """Mail everything that has not been mailed yet."""
    for pk in Notice.objects.filter(mailed_at__isnull=True).order_by("pk").values_list("pk", flat=True):
        send_notice(pk)
