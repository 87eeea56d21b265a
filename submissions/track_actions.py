"""A track's terms. What it takes, films or projects without one, is fixed by the first entry that is begun in it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition import deadline_actions
from festival.edition.models import Track
from festival.kit.errors import Refused
from festival.people.actor import Actor
from submissions.models import Entry


def has_entries(track: Track) -> bool:
    """Whether anybody has begun an entry in it; a draft is one too."""
    return Entry.objects.filter(track=track).exists()


@transaction.atomic
def save_terms(
    *,
    track: Track,
    enters: str,
    invitation_only: bool,
    most_entries: int,
    ends_at: datetime | None,
    by: Actor,
    at: datetime,
    reason: Mapping[str, str] | None = None,
) -> None:
    """Films or projects, and the terms that the edition keeps itself.

    What it takes is refused once an entry was begun: what it was asked for, and how it is admitted, hang on it.
    """
    deadline_actions.assert_organises(by, track.edition)
    held = Track.objects.select_for_update().get(pk=track.pk)  # an entry that is begun waits for this row
    if held.enters != enters and has_entries(held):
        text = _("Entries were begun in this track: whether it takes films or projects stays as it is.")
        raise Refused(text, code="entered")
    deadline_actions.save_track_terms(
        track=track, enters=enters, invitation_only=invitation_only, most_entries=most_entries, ends_at=ends_at,
        by=by, at=at, reason=reason,
    )  # fmt: skip
