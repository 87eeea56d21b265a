"""The entrant's saves of corrected texts, answers and lines of the AI statement. Other parts have their own pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.people.actor import Actor
from submissions.correcting import recorded
from submissions.correction_fields import is_elsewhere, question_of
from submissions.correction_queries import granted_of
from submissions.correction_values import digest_of, values_of
from submissions.drafts import hold_parts, not_open
from submissions.models import Correction, Entry
from submissions.question_actions import save_answers
from submissions.statement_actions import write_uses
from submissions.statement_view import uses_of


def written_here(correction: Correction) -> list[str]:
    """The granted fields that the form of the correction holds."""
    return [name for name in correction.granted if not is_elsewhere(name)]


def seen_of(entry: Entry, correction: Correction) -> str:
    """What a page that shows the form says about what stood in it."""
    return digest_of(values_of(entry.pk, written_here(correction)))


@transaction.atomic
def save_correction(
    *, entry: Entry, values: Mapping[str, Any], by: Actor, at: datetime, seen: str | None = None
) -> Entry:
    """Write these fields of a submitted entry, and put on record what they were before.

    `values` are by name (`correction_fields`): columns as the entry keeps them, answers as they are stored, "uses" as
    lines. Refused when one of them is not granted, when the time is over, when something that the edition asks for
    would be missing (code "incomplete"), and (code "changed") when the fields are no longer those with the digest
    `seen`, which the writer had before their eyes.
    """
    fresh = hold_parts(entry=entry, by=by, parts=list(values), at=at)
    correction = granted_of(fresh, at)
    if correction is None or any(map(is_elsewhere, values)):
        raise not_open(fresh, by, at)
    if seen is not None and seen != seen_of(fresh, correction):
        text = _(
            "These fields were saved in another tab or on another device after you opened this page. What you wrote "
            "here is still in the form: save once more to keep it instead of the other version."
        )
        raise Refused(text, code="changed")
    with recorded(entry=fresh, parts=list(values), by=by, at=at, complete=True):
        _write(fresh, values, at)
    return fresh


def _write(entry: Entry, values: Mapping[str, Any], at: datetime) -> None:
    answers = {question_of(name): value for name, value in values.items() if question_of(name)}
    columns = {name: value for name, value in values.items() if name != "uses" and not question_of(name)}
    if answers:
        save_answers(entry=entry, values={pk: value for pk, value in answers.items() if pk})
    if "uses" in values and tuple(values["uses"]) != uses_of(entry):
        write_uses(entry=entry, uses=values["uses"])
    Entry.objects.filter(pk=entry.pk).update(updated_at=at, **columns)
