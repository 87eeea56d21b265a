"""A team's life in a cohort, for a person of whom every table knows something."""

from datetime import datetime, timedelta

from festival.edition.models import Edition
from festival.people.models import User
from submissions.cohorts.models import (
    ActionItem,
    CutNote,
    Delivery,
    DeliveryPart,
    Extension,
    Interview,
    Mentor,
    Place,
    Reminder,
    Session,
    SupportLine,
    TimeRequest,
)
from submissions.models import Asset, Attachment, Entry
from tests.factories import make_attachment
from tests.submissions.cohorts.making import make_cohort, make_milestone, make_place


def make_team(entry: Entry, name: str, address: str, by: User, at: datetime, paper: Asset) -> Place:
    """A place with everything that can hang on it; the person's name and address stand in every text."""
    cohort = make_cohort(entry.edition, slug=f"of-{entry.code.lower()}")
    place = make_place(
        cohort, entry, name=name, email=address, note=f"{name} was asked.", user=entry.entrant, by=by
    )
    milestone = make_milestone(
        cohort, ("cut", "film", True), ("paper", "document", True), ("words", "text", True)
    )
    delivery = Delivery.objects.create(
        place=place, milestone=milestone, number=1, state="changes", message=f"From {name}", created_at=at,
        handed_in_at=at, by=entry.entrant, reviewed_at=at, reviewer=by, review=f"Dear {name}",
    )  # fmt: skip
    cut, document, words = milestone.deliverables.all()
    part = DeliveryPart.objects.create(
        delivery=delivery, deliverable=cut, version=entry.versions.order_by("number").last()
    )
    file = make_attachment(entry, "delivery", form="pdf", filename=f"{name}.pdf", size=paper.size)
    Attachment.objects.filter(pk=file.pk).update(asset=paper)
    DeliveryPart.objects.create(delivery=delivery, deliverable=document, attachment=file)
    DeliveryPart.objects.create(delivery=delivery, deliverable=words, text=f"{name} writes from {address}")
    note = CutNote.objects.create(part=part, seconds=1, text=f"{name}: too long", by=by, at=at)
    CutNote.objects.create(part=part, text=f"{name} answers", answers=note, by=entry.entrant, at=at)
    Extension.objects.create(
        place=place, milestone=milestone, until=at, reason=f"{name} was ill", by=by, at=at
    )
    TimeRequest.objects.create(
        place=place, milestone=milestone, state="declined", until=at, message=f"{name} is ill", by=entry.entrant,
        at=at, decided_by=by, decided_at=at, answer=f"{name} had time",
    )  # fmt: skip
    Reminder.objects.create(place=place, milestone=milestone, kind="day", at=at)
    SupportLine.objects.create(
        place=place, kind="cash", side="given", amount=5, unit="CNY", reference=f"To {name}",
        note=f"{address} told us so", on=at.date(), by=by, at=at,
    )  # fmt: skip
    session = Session.objects.create(
        place=place, held_at=at, notes=f"{name} was there", inner=f"{name} again", by=by, at=at
    )
    ActionItem.objects.create(place=place, session=session, text=f"{name} writes", by=by, at=at)
    Mentor.objects.create(place=place, user=by, added_at=at)
    Interview.objects.create(
        cohort=cohort, place=place, starts_at=at, ends_at=at + timedelta(minutes=20), room="1", booked_at=at
    )
    return place


def make_guest_of_teams(
    edition: Edition, theirs: Entry, user: User, name: str, address: str, at: datetime
) -> None:
    """The person is invited to a cohort by address, and accompanies another team, on whose cut she writes."""
    cohort = make_cohort(edition, slug="asked")
    make_place(cohort, state="offered", name=name, email=address, note=f"{name}, again")
    make_place(cohort, state="declined", name=name, email=address, reason=f"{name} has no time")
    place = make_place(cohort, theirs)
    milestone = make_milestone(cohort, ("cut", "film", True))
    delivery = Delivery.objects.create(
        place=place, milestone=milestone, number=1, state="handed_in", created_at=at, handed_in_at=at
    )
    part = DeliveryPart.objects.create(
        delivery=delivery, deliverable=milestone.deliverables.get(), version=theirs.versions.first()
    )
    CutNote.objects.create(part=part, seconds=2, text=f"{name} likes it", by=user, at=at)
    Mentor.objects.create(place=place, user=user, added_at=at)
    interview = Interview.objects.create(
        cohort=cohort, starts_at=at, ends_at=at + timedelta(minutes=20), room="2"
    )
    interview.interviewers.add(user)
