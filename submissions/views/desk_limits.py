"""The desk's pages about limits, tracks and the deadline; and more time for one entry."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from festival.edition import deadline_actions as edition_actions
from festival.edition import permissions
from festival.edition.calendar import calendar_of
from festival.edition.change_forms import given_reason
from festival.edition.door import get_edition
from festival.edition.models import DeadlineExtension, Edition, Track
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions import deadline_actions
from submissions.code_queries import counts
from submissions.cohorts.follow_actions import Offer, extend_call, offer_with_deadline
from submissions.cohorts.follow_view import offer_context
from submissions.deadline import window_of_track
from submissions.enter_view import terms_of
from submissions.form_pages import form_pages
from submissions.limit_forms import ExtendForm, FixTimeForm, LimitsForm, MoreTimeForm, TrackForm
from submissions.limits import limits_of
from submissions.models import Entry
from submissions.track_actions import has_entries, save_terms
from submissions.views.desk import desk_door


@signed_in
@require_http_methods(["GET", "POST"])
def limits(request: HttpRequest, edition: str) -> HttpResponse:
    """How many films are taken; and each track's terms, with the way to change them."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    at = clock.now()
    now = limits_of(place)
    initial = {name: getattr(now, name) for name in now.__dataclass_fields__}
    form = LimitsForm(request.POST or None, edition=place, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            deadline_actions.save_limits(
                edition=place, limits=form.limits, by=request.actor, at=at, reason=given_reason(request)
            )
        except Refused as refusal:
            form.add_error(None, refusal.text)
        else:
            messages.success(request, _("Saved."))
            return redirect("submissions:form_limits", edition)
    context = {
        "edition": place,
        "form_pages": form_pages(place, "submissions:form_limits"),
        "form": form,
        "terms": terms_of(place, calendar_of(place.pk, at)),
        "codes": counts(place),
    }
    return page(request, "desk/form_limits.html", context, status=400 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def track(request: HttpRequest, edition: str, track: str) -> HttpResponse:
    """One track: films or projects, by invitation, how many, closed or open, its own deadline."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    row = get_object_or_404(place.tracks.select_related("edition"), slug=track)
    at = clock.now()
    calendar = calendar_of(place.pk, at)
    opened = calendar.call is None or calendar.call.starts_at <= at
    entered = has_entries(row)
    form = TrackForm(request.POST or None, track=row, zone=place.time_zone, opened=opened, entered=entered)
    if request.method == "POST" and form.is_valid():
        try:
            _save_track(request, row, form)
        except Refused as refusal:
            form.add_error(None, refusal.text)
        else:
            messages.success(request, _("Saved."))
            return redirect("submissions:form_limits", edition)
    window = window_of_track(row, place, calendar)
    context = {
        "edition": place,
        "form_pages": form_pages(place, "submissions:form_limits"),
        "track": row,
        "form": form,
        "opened": opened,
        "entered": entered,
        "end": window.end if window else None,
    }
    return page(request, "desk/form_track.html", context, status=400 if form.errors else 200)


@transaction.atomic
def _save_track(request: HttpRequest, row: Track, form: TrackForm) -> None:
    at, by, given = clock.now(), request.actor, form.cleaned_data
    reason = given_reason(request)
    save_terms(
        track=row,
        enters=given.get("enters", row.enters),
        invitation_only=given["invitation_only"],
        most_entries=given["most_entries"],
        ends_at=form.ends_at,
        by=by,
        at=at,
        reason=reason or given["closed_reason"],
    )
    if given["closed"]:
        edition_actions.close_track(track=row, reason=given["closed_reason"] or reason, by=by, at=at)
    elif row.closed_at is not None:
        edition_actions.open_track(track=row, by=by, at=at, reason=reason)


@signed_in
@require_http_methods(["GET", "POST"])
def deadline(request: HttpRequest, edition: str) -> HttpResponse:
    """The deadline, its history, and moving it later; first a page with what could follow, where something could."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    form, at = ExtendForm(request.POST or None, edition=place), clock.now()
    if request.method == "POST" and form.is_valid():
        found = Offer([], [])
        if not form.cleaned_data["track"] and "asked" not in request.POST:
            found = offer_with_deadline(edition=place, until=form.cleaned_data["until"], at=at)
        if found:
            own = {"csrfmiddlewaretoken"}
            context = {
                "edition": place,
                "kept": [
                    (name, one) for name, all_ in request.POST.lists() if name not in own for one in all_
                ],
                "back": reverse("submissions:form_deadline", args=[edition]),
                "deadline": form.cleaned_data["until"],
                **offer_context(found, place.time_zone),
            }
            return page(request, "desk/plan_follow.html", context)
        try:
            _extend(request, place, form.cleaned_data, at)
        except Refused as refusal:
            form.add_error("until", refusal.text)
        else:
            messages.success(request, _("The deadline has been moved. Everybody with a draft is being told."))
            return redirect("submissions:form_deadline", edition)
    return _deadline_page(request, place, form=form)


def _extend(request: HttpRequest, place: Edition, given: dict[str, Any], at: datetime) -> None:
    reason = given["reason"] or given_reason(request)
    if given["track"]:
        deadline_actions.extend_deadline(
            edition=place, track=given["track"], until=given["until"], reason=reason, by=request.actor, at=at
        )
        return
    extend_call(
        edition=place, until=given["until"], follow=request.POST.getlist("follow"), reason=reason,
        by=request.actor, at=at,
    )  # fmt: skip


@signed_in
@require_POST
def more_time(request: HttpRequest, edition: str) -> HttpResponse:
    """More time for one draft, by its code. Of the draft nothing is shown: it is its entrant's business."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    form = MoreTimeForm(request.POST, edition=place)
    if form.is_valid():
        given = form.cleaned_data
        entry = Entry.objects.select_related("edition").filter(edition=place, code=given["code"]).first()
        try:
            if entry is None:
                text = _("There is no entry with this code in this edition.")
                raise Refused(text, status=400, code="no_entry")
            deadline_actions.give_time(
                entry=entry, until=given["until"], reason=given["reason"], by=request.actor, at=clock.now()
            )
        except Refused as refusal:
            form.add_error("code" if entry is None else None, refusal.text)
        else:
            messages.success(request, _("The entry has more time. The entrant has been told."))
            return redirect("submissions:form_deadline", edition)
    return _deadline_page(request, place, more=form)


def _deadline_page(
    request: HttpRequest, place: Edition, *, form: ExtendForm | None = None, more: MoreTimeForm | None = None
) -> HttpResponse:
    at = clock.now()
    calendar = calendar_of(place.pk, at)
    history = DeadlineExtension.objects.filter(edition=place).select_related("track", "by")
    failed = any(one is not None and one.is_bound for one in (form, more))
    context: dict[str, Any] = {
        "edition": place,
        "form_pages": form_pages(place, "submissions:form_deadline"),
        "calendar": calendar,
        "tracks": [one for one in place.tracks.all() if one.ends_at or one.closed_at],
        "form": form or ExtendForm(edition=place),
        "more": more or MoreTimeForm(edition=place),
        "drafts": deadline_actions.drafts_concerned(place, None).count(),
        "later": [phase for phase in calendar.phases if phase.kind != "call" and phase.ends_at > at],
        "grace": limits_of(place).grace_minutes,
        "history": history,
    }
    return page(request, "desk/form_deadline.html", context, status=400 if failed else 200)


@signed_in
@require_POST
def fix_time(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """More time for mending, at the entry's own page."""
    found = desk_door(request, edition, code)
    form = FixTimeForm(request.POST, edition=found.edition)
    if not form.is_valid():
        lines = [f"{form.fields[name].label}: {' '.join(errors)}" for name, errors in form.errors.items()]
        raise Refused(" ".join(lines), status=400, code="invalid")
    given = form.cleaned_data
    deadline_actions.give_time(
        entry=found, until=given["until"], reason=given["reason"], by=request.actor, at=clock.now()
    )
    messages.success(request, _("The entry has more time. The entrant has been told."))
    return redirect("submissions:desk_entry", edition=edition, code=code)
