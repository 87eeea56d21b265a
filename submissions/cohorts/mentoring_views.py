"""The pages on which mentors and teams meet: whom somebody accompanies, and one team's sessions and tasks."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions.cohorts import (
    delivery_queries,
    interview_queries,
    mentor_actions,
    mentor_queries,
    permissions,
)
from submissions.cohorts.mentoring_door import get_milestone, get_team
from submissions.cohorts.mentoring_forms import ItemForm, SessionForm
from submissions.cohorts.milestone_view import deliveries_for, standings_of
from submissions.cohorts.models import ActionItem, Interview, Place, Session


@signed_in
@require_GET
def teams(request: HttpRequest) -> HttpResponse:
    """The teams that the reader accompanies, and the interviews she leads."""
    now = clock.now()
    context = {
        "teams": mentor_queries.teams_of(request.actor, now.date()),
        "interviews": interview_queries.led_by(request.actor).filter(ends_at__gt=now),
    }
    return page(request, "cohorts/mentoring/teams.html", context)


@signed_in
@require_GET
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """One team: interview, mentors, what is to be done, sessions."""
    return _team_page(request, get_team(request.actor, pk))


def _team_page(
    request: HttpRequest, place: Place, *, error: Refused | None = None, **bound: forms.Form
) -> HttpResponse:
    actor, now, edition = request.actor, clock.now(), place.cohort.edition
    mentors = permissions.can_mentor(actor, place)
    slot = Interview.objects.filter(place=place).prefetch_related("interviewers").first()
    books = permissions.can_book(actor, place) and (slot is None or slot.starts_at > now)
    items = list(mentor_queries.items_of(place))
    context: dict[str, Any] = {
        "place": place,
        "edition": edition,
        "is_team": permissions.is_team(actor, place),
        "organises": permissions.can_run(actor, edition),
        "may_mentor": mentors,
        "reads_inner": permissions.can_read_inner(actor, place),
        "slot": slot,
        "may_book": books,
        "free_slots": list(interview_queries.free_slots(place.cohort, now)) if books else [],
        "today": clock.in_zone(now, edition.time_zone).date(),
        "open_items": [_item(actor, place, item) for item in items if item.done_at is None],
        "done_items": [_item(actor, place, item) for item in items if item.done_at is not None],
        "sessions": [
            (session, _rewrites(actor, place, session))
            for session in mentor_queries.sessions_of(place, inner=permissions.can_read_inner(actor, place))
        ],
        "error": error,
    }
    if permissions.can_read_deliveries(actor, place):
        context["standings"] = standings_of(place, now)
    if permissions.can_add_item(actor, place):
        context["item_form"] = bound.get("item_form") or ItemForm(mentors=mentors)
    if mentors:
        context["session_form"] = bound.get("session_form") or SessionForm(edition=edition)
    status = error.status if error else 400 if bound else 200
    return page(request, "cohorts/mentoring/team.html", context, status=status)


@signed_in
@require_GET
def milestone(request: HttpRequest, pk: int, milestone: int) -> HttpResponse:
    """What a team delivered for one milestone, to be read: films, files, texts, reviews and notes."""
    place, found = get_milestone(request.actor, pk, milestone)
    standing = next(one for one in standings_of(place, clock.now()) if one.milestone.pk == found.pk)
    handed = delivery_queries.deliveries_of(place).filter(milestone=found, state__in=delivery_queries.HANDED)
    context = {
        "place": place,
        "edition": place.cohort.edition,
        "entry": place.entry,
        "organises": permissions.can_run(request.actor, place.cohort.edition_id),
        "milestone": found,
        "standing": standing,
        "wanted": list(found.deliverables.all()),
        "views": deliveries_for(place, handed, request.actor),
        "extensions": list(place.extensions.filter(milestone=found)),
    }
    return page(request, "cohorts/mentoring/milestone.html", context)


def _item(actor: Any, place: Place, item: ActionItem) -> tuple[ActionItem, bool, bool]:
    """With whether the reader ticks it, and takes it away."""
    item.place = place
    ticks = permissions.can_tick(actor, item)
    return item, ticks, permissions.can_rewrite(actor, item) or (ticks and item.by_id == actor.id)


def _rewrites(actor: Any, place: Place, session: Session) -> bool:
    session.place = place
    return permissions.can_rewrite(actor, session)


@signed_in
@require_POST
def session_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a session."""
    place = get_team(request.actor, pk, permissions.can_mentor)
    form = SessionForm(request.POST, edition=place.cohort.edition)
    if not form.is_valid():
        return _team_page(request, place, session_form=form)
    try:
        mentor_actions.write_session(place=place, by=request.actor, at=clock.now(), **form.cleaned_data)
    except Refused as refused:
        return _team_page(request, place, error=refused, session_form=form)
    messages.success(request, _("Saved."))
    return redirect("submissions:mentoring_team", place.pk)


@signed_in
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Change the notes of a session."""
    place = get_team(request.actor, pk, permissions.can_mentor)
    found = _session(request, place, row)
    form = SessionForm(request.POST or None, edition=place.cohort.edition, session=found)
    error = None
    if request.method == "POST" and form.is_valid():
        try:
            mentor_actions.write_session(
                place=place, session=found, by=request.actor, at=clock.now(), **form.cleaned_data
            )
        except Refused as refused:
            error = refused
        else:
            messages.success(request, _("Saved."))
            return redirect("submissions:mentoring_team", place.pk)
    context = {
        "place": place,
        "edition": place.cohort.edition,
        "session": found,
        "form": form,
        "error": error,
    }
    return page(request, "cohorts/mentoring/session.html", context, status=400 if form.is_bound else 200)


@signed_in
@require_POST
def session_remove(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Take a session away."""
    place = get_team(request.actor, pk, permissions.can_mentor)
    mentor_actions.remove_session(session=_session(request, place, row), by=request.actor)
    messages.success(request, _("The session was taken away."))
    return redirect("submissions:mentoring_team", place.pk)


def _session(request: HttpRequest, place: Place, row: int) -> Session:
    found = Session.objects.filter(place=place, pk=row).first()
    if found is None:
        raise Http404
    found.place = place
    if not permissions.can_rewrite(request.actor, found):
        raise PermissionDenied
    return found


@signed_in
@require_POST
def item_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what is to be done."""
    place = get_team(request.actor, pk, permissions.can_add_item)
    mentors = permissions.can_mentor(request.actor, place)
    form = ItemForm(request.POST, mentors=mentors)
    if not form.is_valid():
        return _team_page(request, place, item_form=form)
    mentor_actions.add_item(
        place=place,
        text=form.cleaned_data["text"],
        of_team=form.cleaned_data.get("whose", "team") == "team",
        due_on=form.cleaned_data["due_on"],
        by=request.actor,
        at=clock.now(),
    )
    return redirect("submissions:mentoring_team", place.pk)


@signed_in
@require_POST
def item_tick(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """It is done, or not yet after all."""
    place = get_team(request.actor, pk)
    done = request.POST.get("done") == "on"
    mentor_actions.tick_item(item=_found_item(place, row), done=done, by=request.actor, at=clock.now())
    return redirect("submissions:mentoring_team", place.pk)


@signed_in
@require_POST
def item_remove(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Take away what is no longer to be done."""
    place = get_team(request.actor, pk)
    mentor_actions.remove_item(item=_found_item(place, row), by=request.actor)
    return redirect("submissions:mentoring_team", place.pk)


def _found_item(place: Place, row: int) -> ActionItem:
    found = ActionItem.objects.filter(place=place, pk=row).first()
    if found is None:
        raise Http404
    found.place = place
    return found
