"""Writes of what holds for the whole contest: names hidden, days to mend a film, two people over the awards."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from festival.edition.deadline_actions import assert_organises
from festival.edition.frozen_actions import Change, record_changes
from festival.edition.models import Edition
from festival.people.actor import Actor
from judging.models import Round


@transaction.atomic
def save_terms(
    *,
    edition: Edition,
    blind: bool,
    fix_days: int,
    four_eyes: bool,
    by: Actor,
    at: datetime,
    reason: Mapping[str, str] | None = None,
) -> None:
    """Once the call has opened with a reason, and days to mend are not made fewer.

    Rounds that have opened keep what they hide: their judges read by it. One that shall hide something else is changed
    on its own page, where they read the reason.
    """
    assert_organises(by, edition)
    held = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    given = {"blind": blind, "fix_days": fix_days, "four_eyes": four_eyes}
    changes = [Change(f"edition.{name}", getattr(held, name), value) for name, value in given.items()]
    if blind != held.blind:
        opened = Round.objects.filter(edition=held, blind=None).exclude(state=Round.State.PLANNED)
        opened.update(blind=held.blind)
    Edition.objects.filter(pk=held.pk).update(**given)
    record_changes(edition=held, changes=changes, reason=reason or {}, by=by, at=at)
