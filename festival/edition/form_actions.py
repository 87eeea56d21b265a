"""Writes of an edition's entry form."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition import permissions
from festival.edition.form_rules import FIELDS, FormRules, read_form
from festival.edition.frozen_actions import Change, record_changes
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor


@transaction.atomic
def change_form(
    *,
    edition: Edition,
    by: Actor,
    at: datetime,
    reason: Mapping[str, str] | None = None,
    **parts: Any,
) -> FormRules:
    """Put parts of the form ("credits", "fields" …) in place of what stood there; the others stay as they are.

    Entries that were submitted stay so; drafts are held against the new form at once. Raises FormRulesError, and
    ReasonMissing once the call has opened.
    """
    if not permissions.can_organise(by, edition):
        raise Refused(_("Only the organisers change the entry form."), status=403, code="not_allowed")
    fresh = Edition.objects.select_for_update().get(pk=edition.pk)
    before = read_form(fresh.form)
    rules = read_form(replace(before, **parts).as_data())
    record_changes(edition=fresh, changes=form_changes(before, rules), reason=reason or {}, by=by, at=at)
    edition.form = rules.as_data()
    Edition.objects.filter(pk=edition.pk).update(form=edition.form)
    return rules


PARTS = (
    "limits",
    "credits",
    "files",
    "residence",
    "promises",
)  # that are frozen; the programme is the house's own


def form_changes(before: FormRules, after: FormRules) -> Iterator[Change]:
    """What of a form is frozen, as it was and as it shall be. What entrants are given has FeedbackChange."""
    for part in PARTS:
        old, new = asdict(getattr(before, part)), asdict(getattr(after, part))
        for key, value in new.items():
            yield Change(f"{part}.{key}", _plain(old[key]), _plain(value))
    for name in FIELDS:
        yield Change("field", before.asked(name), after.asked(name), name={"field": name})


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
