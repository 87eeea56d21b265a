"""Reads of mentoring: the teams that somebody accompanies, and one team's sessions and what is to be done."""

from datetime import date

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from festival.edition.models import Edition
from festival.people.actor import Actor
from submissions.cohorts.models import ActionItem, Interview, Mentor, Place, Session

State = Place.State


def accompanies(actor: Actor) -> bool:
    """Whether somebody mentors a team, or leads an interview: then there is a page for it. One query."""
    if not actor.known:
        return False
    leads = Interview.objects.filter(interviewers=actor.id, place__isnull=False)
    return Mentor.objects.filter(Q(user=actor.id)).exists() or leads.exists()


def teams_of(actor: Actor, today: date) -> QuerySet[Place]:
    """The teams that somebody accompanies, each with its figures."""
    rows = Place.objects.filter(mentors__user=actor.id, state=State.ACCEPTED)
    return with_figures(rows, today).select_related("cohort__edition", "entry").order_by("cohort", "rank")


def teams_in(edition: Edition, today: date) -> dict[int, list[Place]]:
    """By cohort the teams that have their place in it, with mentors, interview and figures. Two queries."""
    rows = Place.objects.filter(cohort__edition=edition, state=State.ACCEPTED)
    rows = with_figures(rows.select_related("entry", "interview"), today).order_by("rank", "pk")
    found: dict[int, list[Place]] = {}
    for row in rows.prefetch_related("mentors__user"):
        found.setdefault(row.cohort_id, []).append(row)
    return found


def with_figures(rows: QuerySet[Place], today: date) -> QuerySet[Place]:
    """`last_session`: when the last one was held; `to_do`: what is not done; whether anything is `late`."""
    late = ActionItem.objects.filter(place=OuterRef("pk"), done_at=None, due_on__lt=today)
    return rows.annotate(
        last_session=Max("sessions__held_at"),
        to_do=Count("action_items", filter=Q(action_items__done_at=None), distinct=True),
        late=Exists(late),
    )


def sessions_of(place: Place, *, inner: bool) -> QuerySet[Session]:
    """What the reader may read: without `inner`, only sessions with notes for the team."""
    rows = Session.objects.filter(place=place).select_related("by")
    return rows if inner else rows.exclude(notes="").defer("inner")


def items_of(place: Place) -> QuerySet[ActionItem]:
    """What is to be done first, by day; then what is done, the latest first."""
    rows = ActionItem.objects.filter(place=place).select_related("by")
    return rows.order_by(F("done_at").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk")


def accepted_of(entry_id: int) -> QuerySet[Place]:
    """The cohorts in which an entry has its place."""
    return Place.objects.filter(entry=entry_id, state=State.ACCEPTED).select_related("cohort")
