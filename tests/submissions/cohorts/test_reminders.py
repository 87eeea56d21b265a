"""Reminders of milestones: each once for a team, extensions counted, none for who has handed it in."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from festival.post.models import Notice
from submissions.cohorts.models import Delivery, Extension, Reminder
from submissions.cohorts.reminders import remind
from tests.factories import make_edition
from tests.submissions.cohorts.making import make_cohort, make_milestone, make_place

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def kinds(place):
    return sorted(Reminder.objects.filter(place=place).values_list("kind", flat=True))


def test_a_week_before_a_day_before_and_when_late_each_once():
    cohort = make_cohort(make_edition(), source="final")
    due = make_milestone(cohort).due_at
    waits, done, longer, left = (
        make_place(cohort, state=state) for state in ("accepted", "accepted", "accepted", "left")
    )
    milestone = cohort.milestones.get()
    Delivery.objects.create(
        place=done,
        milestone=milestone,
        number=1,
        state="handed_in",
        created_at=timezone.now(),
        handed_in_at=timezone.now(),
    )
    Extension.objects.create(
        place=longer, milestone=milestone, until=due + 30 * DAY, reason="Ill", at=timezone.now()
    )
    assert remind(at=due - 8 * DAY) == 0
    assert [remind(at=due - 5 * DAY), remind(at=due - 4 * DAY)] == [1, 0]
    assert [remind(at=due - DAY), remind(at=due), remind(at=due + DAY)] == [1, 1, 0]
    assert remind(at=due + 8 * DAY) == 0
    assert kinds(waits) == ["day", "late", "week"]
    assert kinds(done) == kinds(longer) == kinds(left) == []
    said = Notice.objects.filter(user=waits.entry.entrant).order_by("pk").values_list("kind", flat=True)
    assert list(said) == ["milestone_due", "milestone_due", "milestone_late"]
    assert remind(at=due + 29.5 * DAY) == 1
    assert kinds(longer) == ["day"]


def test_finding_who_is_to_be_reminded_takes_as_many_queries_for_many_teams():
    cohort = make_cohort(make_edition(), source="final")
    at = make_milestone(cohort).due_at - DAY
    counts = []
    for _round in range(2):
        for _one in range(3):
            make_place(cohort)
        remind(at=at)
        with CaptureQueriesContext(connection) as queries:
            assert remind(at=at) == 0
        counts.append(len(queries))
    assert counts[0] == counts[1]
