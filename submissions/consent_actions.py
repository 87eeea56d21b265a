"""Writes of what an entrant declares about rights."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition.models import Declaration, DeclarationVersion
from festival.kit.errors import Refused
from festival.kit.words import say
from festival.people.actor import Actor
from submissions import permissions
from submissions.actions import log_event
from submissions.consents import asked_of
from submissions.drafts import hold_draft
from submissions.models import Consent, Entry


@transaction.atomic
def declare(
    *, entry: Entry, answers: Mapping[int, str], seen: Mapping[int, int], by: Actor, at: datetime
) -> Entry:
    """Keep the answers of a draft's entrant: by declaration "agreed", "none" (does not apply), or "" for none.

    `seen` is which wording stood on the page, by declaration: refused (code "changed") when there is a newer one, as
    nobody agrees to what they have not read. An answer that stays is left alone, with its time. Answers of
    declarations that are not asked of this entry are passed over.
    """
    if not permissions.is_entrant(by, entry):
        raise Refused(_("Only the entrant can declare this."), status=403, code="not_allowed")
    fresh = hold_draft(entry=entry, by=by, part="rights")
    changed: list[str] = []
    for asked in asked_of(fresh):
        row = asked.declaration
        answer = answers.get(row.pk)
        if answer is None:
            continue
        if answer and seen.get(row.pk) != row.version:
            text = _("A text has changed since you opened this page. Read it again, then save.")
            raise Refused(text, code="changed")
        if answer not in ("", *Consent.Answer.values) or (answer == "none" and not row.if_applicable):
            text = _("Choose one of the answers to “%(title)s”.") % {"title": say(row.title)}
            raise Refused(text, status=400, code="bad_answer")
        before = asked.consent
        if (before.answer if before else "") == answer and (not answer or before.number == row.version):  # type: ignore[union-attr]
            continue
        if before:
            Consent.objects.filter(pk=before.pk).update(until=at)
        if answer:
            _keep(fresh, row, answer, by, at)
        changed.append(row.key)
    if changed:
        log_event(entry=fresh, kind="declared", by=by, at=at, declarations=changed)
    return fresh


def _keep(entry: Entry, row: Declaration, answer: str, by: Actor, at: datetime) -> None:
    wording = DeclarationVersion.objects.get(declaration=row, number=row.version)
    Consent.objects.create(
        entry=entry,
        declaration=row,
        wording=wording,
        number=wording.number,
        answer=answer,
        by=by.user,
        at=at,
    )


def void_consents(*, entry: Entry, at: datetime) -> None:
    """What was declared counts no longer, and stays on record: a draft has another entrant now."""
    Consent.objects.filter(entry=entry, until__isnull=True).update(until=at)


def agree_to_all(*, entry: Entry, by: Actor, at: datetime) -> Entry:
    """Agree to everything that is asked as it stands now; what may not apply does not. For films made by a program."""
    asked = asked_of(entry)
    answers = {one.declaration.pk: "none" if one.declaration.if_applicable else "agreed" for one in asked}
    seen = {one.declaration.pk: one.declaration.version for one in asked}
    return declare(entry=entry, answers=answers, seen=seen, by=by, at=at)
