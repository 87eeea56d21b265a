"""Cohorts and places for tests."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from festival.edition.models import Edition
from festival.people.models import User
from submissions.cohorts.models import (
    ActionItem,
    Cohort,
    Deliverable,
    Delivery,
    DeliveryPart,
    Interview,
    Mentor,
    Milestone,
    Place,
    Session,
)
from submissions.models import Entry, FilmVersion
from tests.factories import make_entry, make_inspection


def make_cohort(edition: Edition, *, places: int = 2, **fields: Any) -> Cohort:
    """A cohort that began yesterday and ends in a hundred days; by invitation unless `source` is given."""
    now = timezone.now()
    usual: dict[str, Any] = {
        "slug": f"cohort-{Cohort.objects.count() + 1}",
        "name": {"en": "Seven directors", "zh": "七位导演"},
        "starts_at": now - timedelta(days=1),
        "ends_at": now + timedelta(days=100),
    }
    if "source" not in fields:
        usual["track"] = edition.tracks.first()
    return Cohort.objects.create(edition=edition, places=places, **usual | fields)


def make_place(
    cohort: Cohort, entry: Entry | None = None, *, state: str = "accepted", **fields: Any
) -> Place:
    """A place in a state, of an entry that is made where none is given; waiting and offered ones too."""
    now = timezone.now()
    if state in ("offered", "lapsed"):
        fields = {"offered_at": now, "answer_by": now + timedelta(days=7)} | fields
    if state in ("accepted", "declined"):
        fields = {"offered_at": now, "answered_at": now, "answer_by": now + timedelta(days=7)} | fields
    if state == "left":
        fields = {"ended_at": now} | fields
    if entry is None and "email" not in fields:
        entry = make_entry(cohort.edition)
    rank = cohort.all_places.count() + 1
    return Place.objects.create(
        cohort=cohort, entry=entry, state=state, created_at=now, **{"rank": rank} | fields
    )


@dataclass(frozen=True, slots=True)
class Team:
    """A team that is accompanied, with one of everything."""

    place: Place
    mentor: Mentor
    session: Session
    item: ActionItem
    slot: Interview
    free: Interview


def make_team(entry: Entry, *, mentor: User, by: User) -> Team:
    """A team of a camp with a mentor, a session, something to be done, its interview, and a free time."""
    now = timezone.now()
    place = make_place(make_cohort(entry.edition, slug="camp", source="reading", name={"en": "Camp"}), entry)
    session = Session.objects.create(
        place=place, held_at=now, notes="Good.", inner="Inner.", by=mentor, at=now
    )
    return Team(
        place,
        Mentor.objects.create(place=place, user=mentor, added_at=now),
        session,
        make_item(place, by=mentor),
        make_interview(place.cohort, by, hours=2, place=place),
        make_interview(place.cohort, by, hours=3),
    )


def make_item(place: Place, *, by: User, **fields: Any) -> ActionItem:
    """Something that the team is to do."""
    usual = {"text": "Cut the first scene", "by": by, "at": timezone.now()}
    return ActionItem.objects.create(place=place, **usual | fields)


def make_interview(
    cohort: Cohort, *interviewers: User, hours: float = 24, minutes: int = 30, place: Place | None = None,
    room: str = "Room 1",
) -> Interview:  # fmt: skip
    """A time for an interview, so many hours from now; booked where a place is given."""
    start = timezone.now() + timedelta(hours=hours)
    row = Interview.objects.create(
        cohort=cohort,
        starts_at=start,
        ends_at=start + timedelta(minutes=minutes),
        room=room,
        place=place,
        booked_at=timezone.now() if place else None,
    )
    row.interviewers.set(interviewers)
    return row


def make_milestone(cohort: Cohort, *parts: tuple[str, str, bool], **fields: Any) -> Milestone:
    """Due in ten days; `parts` are slug, kind, and whether it is required."""
    usual = {
        "slug": f"milestone-{cohort.milestones.count() + 1}",
        "name": {"en": "Rough cut", "zh": "粗剪"},
        "due_at": timezone.now() + timedelta(days=10),
    }
    row = Milestone.objects.create(cohort=cohort, **usual | fields)
    for position, (slug, kind, required) in enumerate(parts):
        Deliverable.objects.create(
            milestone=row, slug=slug, name={"en": slug}, kind=kind, required=required, position=position
        )
    return row


def make_delivery(
    place: Place, milestone: Milestone, *, state: str = "handed_in", version: FilmVersion | None = None
) -> DeliveryPart:
    """What a team handed in for a milestone: a version of its film, as its first part."""
    now = timezone.now()
    reviewed = {"reviewed_at": now, "review": "Again"} if state in ("changes", "accepted") else {}
    number = place.deliveries.filter(milestone=milestone).count() + 1
    delivery = Delivery.objects.create(
        place=place,
        milestone=milestone,
        number=number,
        state=state,
        created_at=now,
        handed_in_at=now,
        **reviewed,
    )
    version = version or make_inspection(place.entry).version
    return DeliveryPart.objects.create(
        delivery=delivery, deliverable=milestone.deliverables.first(), version=version
    )
