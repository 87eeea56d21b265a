"""Letters about places: by mail to who may have no account, else as notices."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import translation

from festival.edition.models import Membership
from festival.kit.incoming import one_line
from festival.kit.queue import enqueue
from festival.kit.words import deadline_text, say
from festival.people.models import User
from festival.people.roles import Role
from festival.post import actions as post
from festival.post.direct import Outcome, hand_over, words_for
from festival.post.models import Notice
from submissions.cohorts.links import address_of, uid_of
from submissions.cohorts.models import Milestone, Place

ATTEMPTS = 5
WAIT_REAPS = 4
AT_MOST = 500


def tell_offer(place: Place, at: datetime) -> None:
    """A place is offered: the entrant reads it in the site and by mail; the invited get a letter with a link."""
    if place.entry is None:
        want(place)
        return
    tell_team(place, "place_offered", at, deadline=_iso(place.answer_by))


def tell_team(place: Place, kind: str, at: datetime, **values: Any) -> None:
    """A notice to the entrant of the place's entry, where it has one."""
    if place.entry is not None:
        post.notify(
            user=place.entry.entrant,
            edition=place.cohort.edition,
            kind=kind,
            path=f"/entries/{place.entry.code}/milestones/",
            at=at,
            title=place.entry.title,
            code=place.entry.code,
            cohort=place.cohort.name,
            **values,
        )


def tell_desk(place: Place, kind: str, at: datetime, **values: Any) -> None:
    """A notice to who offered the place; a place that the clock offered has nobody to be told."""
    user: User | None = place.by
    if user is not None:
        post.notify(
            user=user,
            edition=place.cohort.edition,
            kind=kind,
            path=f"/{place.cohort.edition.slug}/desk/cohorts/{place.cohort.slug}/",
            at=at,
            person=who(place),
            cohort=place.cohort.name,
            **values,
        )


def tell_organisers(place: Place, milestone: Milestone, kind: str, at: datetime, **values: Any) -> None:
    """Something waits for an answer: to every organiser, but for those who judge here and the film's own entrant."""
    edition, entry = place.cohort.edition, place.entry
    if entry is None:
        return
    members = Membership.objects.filter(edition=edition)
    deciding = members.filter(role__in=(Role.ORGANISER, Role.OWNER)).exclude(user=entry.entrant_id)
    users = deciding.exclude(user__in=members.filter(role=Role.JUDGE).values("user"))
    post.notify_many(
        notices=[
            Notice(
                user_id=user,
                edition=edition,
                kind=kind,
                path=f"/{edition.slug}/desk/cohorts/{place.cohort.slug}/{milestone.pk}/{place.pk}/",
                created_at=at,
                values={"title": entry.title, "code": entry.code, "milestone": milestone.name, **values},
            )
            for user in users.order_by("user").values_list("user", flat=True).distinct()
        ]
    )


def who(place: Place) -> str:
    """The team's name as invited, else the entry's title, else the address."""
    return place.name or (place.entry.title if place.entry else "") or place.email


def want(place: Place) -> None:
    """Have the letter sent once this is committed."""
    from submissions.cohorts.tasks import send_offer

    enqueue(send_offer, place.pk)


def send(pk: int, *, at: datetime) -> None:
    """Mail the letter that offers a place, once. The row is claimed by compare-and-set.

    Nothing goes out once it was answered or is over. A mail server that is away gives the row back, ATTEMPTS times.
    """
    place = Place.objects.select_related("cohort__edition").filter(pk=pk, entry=None).first()
    if place is None or place.state != Place.State.OFFERED or not place.answer_by or place.answer_by <= at:
        return
    rows = Place.objects.filter(pk=pk, state=Place.State.OFFERED, number=place.number)
    if not rows.filter(mailed_at=None, problem="").update(mailed_at=at, attempts=F("attempts") + 1):
        return
    edition = place.cohort.edition
    with translation.override(place.language):
        words = words_for(
            kind="place_invitation",
            edition=edition,
            link=address_of(place),
            values={
                "name": one_line(place.name) or place.email,
                "cohort": one_line(say(place.cohort.name)),
                "deadline": deadline_text(place.answer_by, edition.time_zone),
            },
        )
    outcome = hand_over(to=place.email, words=words, language=place.language, uid=uid_of(place))
    if outcome == Outcome.REFUSED:
        rows.update(mailed_at=None, problem=Place.Problem.REFUSED)
    elif outcome == Outcome.AWAY:
        rows.update(mailed_at=None)
        rows.filter(attempts__gte=ATTEMPTS).update(problem=Place.Problem.GAVE_UP)


def send_lost(*, at: datetime) -> int:
    """Queue letters again that nobody sent: a task was lost, or the mail server was away."""
    late = at - timedelta(seconds=WAIT_REAPS * settings.REAP_SECONDS)
    rows = Place.objects.filter(
        state=Place.State.OFFERED,
        entry=None,
        mailed_at=None,
        problem="",
        wanted_at__lt=late,
        answer_by__gt=at,
    )
    found = list(rows.order_by("wanted_at")[:AT_MOST])
    for place in found:
        want(place)
    return len(found)


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
