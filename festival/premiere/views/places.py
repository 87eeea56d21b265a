"""Venues, halls, their hours, and the ways between them."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from festival.premiere import hall_actions, lost_hall, permissions, queries
from festival.premiere.door import get_hall, get_venue
from festival.premiere.forms import CancelForm
from festival.premiere.models import Hall, Venue
from festival.premiere.place_forms import HallForm, HoursForm, TravelForm, VenueForm


@signed_in
@require_GET
def overview(request: HttpRequest, edition: str) -> HttpResponse:
    """Every venue with its halls, and how far they are from each other."""
    found = get_edition(request.actor, edition, permissions.can_programme)
    context = {"edition": found, "venues": queries.venues_of(found), "ways": queries.ways_of(found)}
    return page(request, "desk/premiere_places.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def travel(request: HttpRequest, edition: str) -> HttpResponse:
    """Minutes between each two venues."""
    found = get_edition(request.actor, edition, permissions.can_programme)
    form = TravelForm(request.POST or None, venues=queries.venues_of(found), ways=queries.ways_of(found))
    if request.method == "POST" and form.is_valid():
        hall_actions.write_travel(edition=found, minutes=form.minutes)
        messages.success(request, _("Saved."))
        return redirect("premiere:places", edition)
    context = {"edition": found, "form": form}
    return page(request, "desk/premiere_travel.html", context, status=400 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def venue_new(request: HttpRequest, edition: str) -> HttpResponse:
    """A new venue; its first hall comes next."""
    found = get_edition(request.actor, edition, permissions.can_programme)
    return _venue_page(request, found, None)


@signed_in
@require_http_methods(["GET", "POST"])
def venue(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Name and address of a venue."""
    row = get_venue(request.actor, edition, pk)
    return _venue_page(request, row.edition, row)


def _venue_page(request: HttpRequest, edition: Edition, row: Venue | None) -> HttpResponse:
    initial = {"name": row.name, "address": row.address} if row else {}
    form = VenueForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        written = hall_actions.write_venue(edition=edition, venue=row, **form.cleaned_data)
        messages.success(request, _("Saved."))
        if row is None:
            return redirect("premiere:hall_new", edition.slug, written.pk)
        return redirect("premiere:places", edition.slug)
    context = {"edition": edition, "venue": row, "form": form}
    return page(request, "desk/premiere_venue.html", context, status=400 if form.is_bound else 200)


@signed_in
@require_POST
def delete_venue(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Delete a venue without halls."""
    try:
        hall_actions.delete_venue(venue=get_venue(request.actor, edition, pk))
    except Refused as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, _("The venue has been deleted."))
    return redirect("premiere:places", edition)


@signed_in
@require_http_methods(["GET", "POST"])
def hall_new(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """A new hall in this venue."""
    return _hall_page(request, venue=get_venue(request.actor, edition, pk), hall=None)


@signed_in
@require_http_methods(["GET", "POST"])
def hall(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """A hall: what it can play, and when it is open."""
    row = get_hall(request.actor, edition, pk)
    return _hall_page(request, venue=row.venue, hall=row)


def _hall_page(
    request: HttpRequest,
    *,
    venue: Venue,
    hall: Hall | None,
    hours: HoursForm | None = None,
    status: int = 200,
) -> HttpResponse:
    edition, sent = venue.edition, request.method == "POST" and hours is None
    form = HallForm(request.POST if sent else None, hall=hall)
    if sent:
        status = 400
        if form.is_valid():
            try:
                written = hall_actions.write_hall(venue=venue, hall=hall, **form.cleaned_data)
            except Refused as refusal:
                form.add_error("seats" if refusal.code == "seats" else "turnaround_minutes", refusal.text)
                status = refusal.status
            else:
                messages.success(request, _("Saved."))
                return redirect("premiere:hall", edition.slug, written.pk)
    context: dict[str, Any] = {"edition": edition, "venue": venue, "hall": hall, "form": form}
    if hall:
        context |= {
            "openings": hall.openings.all(),
            "hours": hours or HoursForm(edition=edition),
            "booked": lost_hall.days_of(hall, edition.time_zone),
        }
    return page(request, "desk/premiere_hall.html", context, status=status)


@signed_in
@require_POST
def delete_hall(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Delete a hall in which nothing is planned."""
    row = get_hall(request.actor, edition, pk)
    try:
        hall_actions.delete_hall(hall=row)
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect("premiere:hall", edition, pk)
    messages.success(request, _("The hall has been deleted."))
    return redirect("premiere:places", edition)


@signed_in
@require_POST
def add_hours(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Write the opening hours of one day or of several."""
    row = get_hall(request.actor, edition, pk)
    form = HoursForm(request.POST, edition=row.venue.edition)
    if not form.is_valid():
        return _hall_page(request, venue=row.venue, hall=row, hours=form, status=400)
    try:
        hall_actions.open_hall(hall=row, zone=row.venue.edition.time_zone, **form.values)
    except Refused as refusal:
        form.add_error(None, refusal.text)
        return _hall_page(request, venue=row.venue, hall=row, hours=form, status=refusal.status)
    return redirect("premiere:hall", edition, pk)


@signed_in
@require_POST
def remove_hours(request: HttpRequest, edition: str, pk: int, row: int) -> HttpResponse:
    """Take one line of the opening hours away."""
    hall = get_hall(request.actor, edition, pk)
    opening = hall.openings.filter(pk=row).first()
    if opening is None:
        raise Http404
    hall_actions.close_hall(hall=hall, opening=opening)
    return redirect("premiere:hall", edition, pk)


@signed_in
@require_http_methods(["GET", "POST"])
def lost(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """A hall is lost on a day (`day`): what is cancelled and taken out then, and why."""
    row = get_hall(request.actor, edition, pk)
    found = row.venue.edition
    try:
        day = date.fromisoformat(request.POST.get("day") or request.GET.get("day", ""))
    except ValueError:
        messages.error(request, _("Choose a day."))
        return redirect("premiere:hall", edition, pk)
    form, status = CancelForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                done = lost_hall.lose_hall(
                    hall=row,
                    day=day,
                    reason=form.cleaned_data["reason"],
                    seen=request.POST.get("seen", ""),
                    by=request.actor,
                    at=timezone.now(),
                )
            except Refused as refusal:
                form.add_error(None, refusal.text)
                status = refusal.status
            else:
                text = _("Nothing takes place in this hall on this day.")
                if done.public:
                    text = _(
                        "Nothing takes place in this hall on this day. Release a version: then the public hears of it."
                    )
                messages.success(request, text)
                return redirect("premiere:versions", edition)
    context = {
        "edition": found,
        "hall": row,
        "day": day,
        "lost": lost_hall.hall_day(row, day, found.time_zone),
        "form": form,
    }
    return page(request, "desk/premiere_lost.html", context, status=status)
