"""Writes of an edition's own words for a kind of letter."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from festival.edition import permissions
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.post.kinds import EDITABLE
from festival.post.models import Template
from festival.post.placeholders import faults, lacking

LANGUAGES = (("en", "en"), ("zh", "zh-hans"))
LONGEST_SUBJECT, LONGEST_BODY = 200, 8000  # characters
REMINDER_DAYS = (14, 7, 3, 1)


def faults_of(kind: str, subject: Mapping[str, str], body: Mapping[str, str]) -> dict[str, list[str]]:
    """What is wrong with the words of a kind, by field ("subject", "body"), in the reader's language."""
    return faults_in(subject, body, EDITABLE[kind].allowed, EDITABLE[kind].needed)


def faults_in(
    subject: Mapping[str, str],
    body: Mapping[str, str],
    allowed: tuple[str, ...],
    needed: tuple[str, ...] = (),
) -> dict[str, list[str]]:
    """The same for any letter: both languages are there, and their placeholders are right."""
    found: dict[str, list[str]] = {"subject": [], "body": []}
    for key, named in (("en", _("English")), ("zh", _("Chinese"))):
        for field, text in (("subject", subject), ("body", body)):
            if not text.get(key, "").strip():
                found[field].append(_("%(language)s: write this in both languages.") % {"language": named})
            found[field] += [f"{named}: {fault}" for fault in faults(text.get(key, ""), allowed)]
        if subject.get(key) and body.get(key):
            found["body"] += [f"{named}: {fault}" for fault in lacking(needed, subject[key], body[key])]
    return {field: texts for field, texts in found.items() if texts}


def save_template(
    *,
    edition: Edition,
    kind: str,
    subject: Mapping[str, str],
    body: Mapping[str, str],
    seen: int,
    by: Actor,
    at: datetime,
) -> Template:
    """New words for a kind; letters already written keep theirs. `seen` is the number of the text that was open.

    Refused when somebody saved another text meanwhile, and for words whose placeholders are wrong.
    """
    _assert_may(by, edition)
    wrong = faults_of(kind, subject, body)
    if wrong:
        raise Refused(" ".join(text for texts in wrong.values() for text in texts), status=400, code="faults")
    return _write(edition, kind, seen, by, at, own=True, subject=dict(subject), body=dict(body))


def back_to_default(*, edition: Edition, kind: str, seen: int, by: Actor, at: datetime) -> Template:
    """The words that come with the site again; the edition's own stay in the history."""
    _assert_may(by, edition)
    return _write(edition, kind, seen, by, at, own=False, subject={}, body={})


def _write(
    edition: Edition,
    kind: str,
    seen: int,
    by: Actor,
    at: datetime,
    *,
    own: bool,
    subject: dict[str, str],
    body: dict[str, str],
) -> Template:
    if kind not in EDITABLE:
        raise Refused(_("There is no letter of this kind."), status=400, code="no_such_kind")
    newest = Template.objects.filter(edition=edition, kind=kind).order_by("-number").first()
    if (newest.number if newest else 0) == seen:
        try:
            with transaction.atomic():
                return Template.objects.create(
                    edition=edition, kind=kind, number=seen + 1, own=own,
                    subject=subject, body=body, by=by.user, at=at,
                )  # fmt: skip
        except IntegrityError:  # somebody was faster by a moment
            pass
    raise Refused(
        _(
            "Somebody else changed this text after you opened the page. What you wrote is still in the form: "
            "look at their text in the history, then save once more."
        ),
        code="changed",
    )


def set_reminders(*, edition: Edition, days: list[int], by: Actor) -> None:
    """How many days before the deadline drafts are reminded: some of REMINDER_DAYS, or none."""
    _assert_may(by, edition)
    chosen = sorted({day for day in days if day in REMINDER_DAYS}, reverse=True)
    Edition.objects.filter(pk=edition.pk).update(reminder_days=chosen)
    edition.reminder_days = chosen


def _assert_may(by: Actor, edition: Edition) -> None:
    if not permissions.can_organise(by, edition):
        text = _("Only the organisers of this contest can do this.")
        raise Refused(text, status=403, code="not_allowed")


def both_languages(make: Callable[[], str]) -> dict[str, str]:
    """{"en": …, "zh": …} of what `make` says in each language."""
    said = {}
    for key, language in LANGUAGES:
        with override(language):
            said[key] = make()
    return said
