"""A track is merged into another at the moment at which drafts of both are submitted, begun and merged again."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from festival.edition.calendar import calendar_of
from festival.edition.models import Track
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from judging.merge_actions import merge_track
from judging.merge_queries import plan_merge
from submissions import actions
from submissions.lifecycle import State
from submissions.models import Entry
from tests.factories import make_entry, make_member, make_user
from tests.racing import together
from tests.submissions.test_limits import edition_with, ready, submit

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WHY = {"en": "Too few films came."}


@pytest.fixture(autouse=True)
def postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")


class Merging:
    """A track of many drafts, and another with room for `most` entries; both wait for each other's submissions."""

    def __init__(self, most: int = 100) -> None:
        self.edition = edition_with()
        self.by = make_member(self.edition, Role.ORGANISER, "Organiser")
        self.edition.tracks.update(most_entries=most)
        self.source, self.target = (
            Track.objects.select_related("edition").get(edition=self.edition, slug=slug)
            for slug in ("second", "open")
        )
        self.drafts = [ready(self.edition, make_user(), "second") for _number in range(3)]
        self.there = ready(self.edition, make_user(), "open")
        self.seen = plan_merge(self.source, self.target, calendar_of(self.edition.pk, timezone.now())).digest

    def merge(self) -> Any:
        deed = {"by": self.by, "at": timezone.now(), "reason": WHY}
        return merge_track(source=self.source, target=self.target, seen=self.seen, **deed)

    def submitting(self, entry: Entry) -> Any:
        return lambda: submit(entry)

    def beginning(self) -> Any:
        by = actor_of(make_user())
        values = {"edition": self.edition, "track": self.source, "title": "A lamp"}
        return lambda: actions.create_entry(**values, by=by, at=timezone.now() + timedelta(seconds=1))


@pytest.mark.parametrize("attempt", range(4))
def test_every_draft_is_submitted_in_one_track_or_the_other(attempt: int) -> None:
    merging = Merging()
    results = together(
        merging.merge,
        *map(merging.submitting, merging.drafts),
        merging.submitting(merging.there),
        merging.merge,
    )
    submitted = results[1:-1]
    assert submitted[-1] == "submitted" and set(submitted) <= {"submitted", "track_closed"}
    merged = [one for one in (results[0], results[-1]) if not isinstance(one, Refused)]
    assert len(merged) <= 1
    left = Entry.objects.filter(track=merging.source)
    assert left.count() == (0 if merged else 3)
    assert Entry.objects.filter(state=State.SUBMITTED).count() == submitted.count("submitted")


@pytest.mark.parametrize("attempt", range(4))
def test_the_other_track_never_takes_more_than_it_takes(attempt: int) -> None:
    merging = Merging(most=2)
    first = make_entry(merging.edition, track=merging.source)
    merging.seen = plan_merge(
        merging.source, merging.target, calendar_of(merging.edition.pk, timezone.now())
    ).digest
    other = ready(merging.edition, make_user(), "open")
    together(merging.submitting(merging.there), merging.merge, merging.submitting(other), merging.beginning())
    assert Entry.objects.filter(track=merging.target).exclude(state=State.DRAFT).count() <= 2
    first.refresh_from_db()
    assert first.track in (merging.source, merging.target)
