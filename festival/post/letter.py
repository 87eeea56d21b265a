"""A notice as a mail message: plain text in the recipient's language, with the headers that automatic mail owes."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from festival.people.models import LANGUAGES
from festival.post.kinds import KINDS
from festival.post.models import Mailing, Notice
from festival.post.news import off_address
from festival.post.words import Words, about_entry, link_of, news_foot, render, with_foot


def is_news(notice: Notice) -> bool:
    """Whether the letter may be switched off by its recipient."""
    if notice.mailing:
        return notice.mailing.topic == Mailing.Topic.NEWS
    kind = KINDS.get(notice.kind)
    return kind is not None and kind.news


def language_of(notice: Notice) -> str:
    """In which language the letter is mailed: the account's, but for a test letter, which has its own."""
    asked = notice.values.get("language") or notice.user.language
    return str(asked) if asked in dict(LANGUAGES) else settings.LANGUAGE_CODE


def words_by_mail(notice: Notice) -> Words:
    """The words as they are mailed, foot included, in the active language."""
    foot = ""
    if is_news(notice):
        foot = news_foot(off_address(notice.user_id, notice.edition_id))
    elif notice.mailing:
        foot = about_entry(notice.mailing)
    elif notice.kind == "test_letter":
        foot = _("This is a test. Nobody else got it.")
    return with_foot(render(notice), link=link_of(notice), edition=notice.edition, foot=foot)


def message_of(notice: Notice) -> EmailMessage:
    """The message. Its Message-ID is the same however often it is made (see `Notice`).

    News can be switched off by a click in the mail program (RFC 2369, RFC 8058); the latter is for https alone.
    """
    language = language_of(notice)
    with translation.override(language):
        words = words_by_mail(notice)
    headers = {
        "Message-ID": f"<{notice.uid.hex}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office answers, please
        "Content-Language": "zh-Hans" if language.startswith("zh") else "en",
    }
    if is_news(notice):
        address = off_address(notice.user_id, notice.edition_id)
        headers["List-Unsubscribe"] = f"<{address}>"
        if address.startswith("https:"):
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return EmailMessage(
        subject=words.subject,
        body=words.body,
        to=[notice.user.email],
        reply_to=[words.reply_to] if words.reply_to else None,
        headers=headers,
    )
