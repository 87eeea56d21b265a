"""An edition's plan at the desk: calendar, funnel, hours; its days and texts changed; taken away as a blueprint."""

import io
import zipfile
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition import permissions
from festival.edition.blueprint_writer import write
from festival.edition.calendar import Calendar, calendar_of
from festival.edition.change_forms import given_reason
from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.edition.text_actions import publish as publish_edition
from festival.edition.text_actions import save_texts
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from festival.people.roles import Role
from judging.blueprint_export import first_day, plan_of
from judging.checklist import OPEN, checklist, roles_of
from judging.permissions import can_plan
from judging.plan_chart import forecast_of
from judging.plan_facts import known_of
from judging.plan_forms import DatesForm, TextsForm
from judging.plan_page import plan_context
from judging.setup_forms import FiguresForm
from submissions.cohorts.follow_actions import move_phases, offer
from submissions.cohorts.follow_view import offer_context


@signed_in
@require_GET
def plan(request: HttpRequest, edition: str) -> HttpResponse:
    """Calendar, funnel and hours with what is known so far; other figures can be tried, and are kept nowhere."""
    place = get_edition(request.actor, edition, can_plan)
    found, known = plan_of(place), known_of(place)
    opens = first_day(place, list(place.phases.all()))
    tried = bool(request.GET)
    form = FiguresForm(request.GET if tried else None, plan=found, known=known)
    today = clock.in_zone(clock.now(), place.time_zone).date()
    context: dict[str, Any] = {
        "edition": place,
        "form": form,
        "known": known,
        "tried": tried and form.is_valid(),
        "may_organise": permissions.can_organise(request.actor, place),
        **plan_context(found, form.expected, opens=opens, today=today, made=True),
    }
    return page(request, "desk/plan.html", context, status=400 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def dates(request: HttpRequest, edition: str) -> HttpResponse:
    """The days of every phase, to be moved; impossible orders are refused with the sentence that says why.

    Where phases come later, or deadlines or milestones belong to what is moved, a page lists them first: they follow
    where they are ticked.
    """
    place = get_edition(request.actor, edition, permissions.can_organise)
    at = clock.now()
    calendar = calendar_of(place.pk, at)
    opened = calendar.call is not None and calendar.call.starts_at <= at
    data = request.POST if request.method == "POST" else None
    form = DatesForm(data, phases=list(calendar.phases), zone=place.time_zone, opened=opened)
    if data is not None and form.is_valid():
        try:
            found = offer(edition=place, days=form.days, at=at) if "asked" not in data else None
            if found:
                context = {
                    "edition": place,
                    "kept": form.kept,
                    "back": reverse("judging:edition_dates", args=[edition]),
                    **offer_context(found, place.time_zone),
                }
                return page(request, "desk/plan_follow.html", context)
            follow, reason = data.getlist("follow"), given_reason(request)
            moved, _going = move_phases(
                edition=place, days=form.days, follow=follow, by=request.actor, at=at, reason=reason
            )
        except Refused as refusal:
            form.add_error(None, refusal.text)
        else:
            messages.success(request, _("Saved.") if moved else _("Nothing was changed."))
            return redirect("judging:edition_plan", edition)
    context = {"edition": place, "form": form, "opened": opened}
    return page(request, "desk/plan_dates.html", context, status=400 if form.errors else 200)


@signed_in
@require_GET
def blueprint(request: HttpRequest, edition: str) -> HttpResponse:
    """The edition as a blueprint with its rulebook, in one zip: the same two files that export_blueprint writes."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    found = plan_of(place)
    rulebook = f"{place.slug}-rulebook.toml"
    files = {f"{place.slug}.toml": write(found, rulebook), rulebook: found.rulebook}
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text.encode())
    response = HttpResponse(kept.getvalue(), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{place.slug}-blueprint.zip"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@signed_in
@require_GET
def setup(request: HttpRequest, edition: str) -> HttpResponse:
    """What is left to be done before the call opens."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    # The plan asks for them, and so do the words of the page, its calendar and its navigation.
    prefetch_related_objects([place], "tracks", "phases", "cohorts")
    at = clock.now()
    found, roles = plan_of(place), roles_of(place)
    expected = FiguresForm(plan=found, known=known_of(place, roles[Role.JUDGE])).expected
    items = checklist(place, found, forecast_of(found, expected), roles, at)
    context = {
        "edition": place,
        "calendar": Calendar(tuple(place.phases.all()), at),
        "at": at,
        "items": items,
        "left": sum(item.state == OPEN for item in items),
        "draft": place.status == Edition.Status.DRAFT,
    }
    return page(request, "desk/edition_setup.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def texts(request: HttpRequest, edition: str) -> HttpResponse:
    """Name, one line and description of the edition."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    form = TextsForm(request.POST if request.method == "POST" else None, edition=place)
    if form.is_bound and form.is_valid():
        save_texts(
            edition=place,
            texts=form.cleaned_data,
            contact=form.cleaned_data["contact"],
            by=request.actor,
        )
        messages.success(request, _("Saved."))
        return redirect("judging:edition_setup", edition)
    context = {"edition": place, "form": form}
    return page(request, "desk/edition_texts.html", context, status=400 if form.errors else 200)


@signed_in
@require_POST
def publish(request: HttpRequest, edition: str) -> HttpResponse:
    """Show the edition to everybody."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    if publish_edition(edition=place, by=request.actor):
        messages.success(
            request, _("Everybody sees the contest now. Entries are taken once the call is open.")
        )
    return redirect("judging:edition_setup", edition)
