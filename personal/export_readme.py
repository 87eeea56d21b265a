"""The README of a copy of one's own data, in both languages."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from festival.people.models import User
from personal.reasons import HELD, STAYS
from personal.register import lines


def readme(user: User) -> str:
    """English and Chinese, the account's own language first."""
    languages = sorted(("en", "zh-hans"), key=lambda language: language != user.language)
    parts = []
    for language in languages:
        with translation.override(language):
            parts.append(_text(user))
    return f"\n\n{'=' * 78}\n\n".join(parts)


def _text(user: User) -> str:
    said = [
        _("Copy of the data of %(address)s at %(site)s") % {"address": user.email, "site": settings.SITE_URL},
        "",
        _(
            "data/ holds one JSON file for each table: a list of rows with plain keys, texts in UTF-8, times in UTC "
            "(ISO 8601). An empty list means that nothing is held."
        ),
        _(
            "files/ holds the small files that you sent in, as they came. files.json lists all files with size and "
            "SHA-256; films and other large files are fetched on the page from which you had this archive."
        ),
        _("deeds.json says what you did for a contest’s team: in which table, which row, when."),
        "",
        _("The tables, and what becomes of each when the account is deleted:"),
    ]
    for line in lines():
        said += ["", f"{line.key}: {line.says}", f"  {_('In the copy')}: {line.copied}", f"  {line.deletion}"]
    said += ["", _("Why something stays:")]
    said += [f"  {key}: {reason.says} {reason.law}".rstrip() for key, reason in STAYS.items()]
    said += ["", _("Why something is not in this copy:")]
    said += [f"  {text}" for text in HELD.values()]
    return "\n".join(said)
