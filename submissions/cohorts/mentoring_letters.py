"""Notices about mentors, sessions, what is to be done, and interviews. Each leads to the team's page."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from festival.people.actor import Actor
from festival.people.models import User
from festival.post import actions as post
from festival.post.models import Notice
from submissions.cohorts.models import Interview, Place


def path_of(place: Place) -> str:
    """The page on which mentors and team meet."""
    return f"/mentoring/{place.pk}/"


def tell(users: Iterable[User], place: Place, kind: str, at: datetime, /, **values: Any) -> None:
    """A notice to each, about the team of this place."""
    entry = place.entry
    assert entry is not None  # an accepted place has one
    about = {"title": entry.title, "code": entry.code, "cohort": place.cohort.name}
    post.notify_many(
        notices=[
            Notice(
                user=user,
                edition=place.cohort.edition,
                kind=kind,
                path=path_of(place),
                created_at=at,
                values=about | values,
            )
            for user in users
        ]
    )


def tell_entrant(place: Place, kind: str, at: datetime, /, **values: Any) -> None:
    """A notice to the entrant of the team."""
    assert place.entry is not None
    tell([place.entry.entrant], place, kind, at, **values)


def tell_booked(slot: Interview, place: Place, by: Actor, at: datetime) -> None:
    """When and where: to the entrant and the interviewers, but for who chose it."""
    where = ", ".join(filter(None, (slot.room, slot.link)))
    values = {"from": slot.starts_at.isoformat(), "place": where}
    tell(_others(place, slot.interviewers.all(), by), place, "interview_booked", at, **values)


def tell_cancelled(
    place: Place, starts_at: datetime, users: Iterable[User], by: Actor, at: datetime, reason: str = ""
) -> None:
    """That the interview does not take place: to these, but for who cancelled it."""
    values = {"from": starts_at.isoformat(), "reason": reason}
    told = [user for user in users if user.pk != by.id]
    tell(told, place, "interview_cancelled", at, **values)


def _others(place: Place, interviewers: Iterable[User], by: Actor) -> list[User]:
    assert place.entry is not None
    people = {user.pk: user for user in (place.entry.entrant, *interviewers)}
    return [user for pk, user in people.items() if pk != by.id]
