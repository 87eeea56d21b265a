"""The programmer's desk: screenings and their running orders."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition.door import get_edition
from festival.kit.errors import Refused
from festival.kit.incoming import whole_number
from festival.kit.pages import page
from festival.people.door import signed_in
from festival.premiere import actions, permissions, queries
from festival.premiere.door import get_hall, get_item, get_screening
from festival.premiere.forms import FilmItemForm, HallForm, OtherItemForm, ScreeningForm
from festival.premiere.models import Item, Screening, Venue


@signed_in
@require_GET
def overview(request: HttpRequest, edition: str) -> HttpResponse:
    """Every screening by day and hall, released or not; venues and halls."""
    found = get_edition(request.actor, edition, permissions.can_programme)
    context = {
        "edition": found,
        "days": queries.by_day(queries.for_desk(found), found.time_zone),
        "venues": queries.venues_of(found),
    }
    return page(request, "desk/premiere.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, edition: str) -> HttpResponse:
    """A new screening."""
    found = get_edition(request.actor, edition, permissions.can_programme)
    if not queries.halls_of(found).exists():
        messages.warning(request, _("There is no hall yet. Enter one first; then put screenings into it."))
        return redirect("premiere:hall_new", found.slug)
    form = ScreeningForm(request.POST or None, edition=found)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                screening = actions.create_screening(edition=found, at=timezone.now(), **form.values)
            except Refused as refusal:
                form.add_error(None, refusal.text)
                status = refusal.status
            else:
                return redirect("premiere:screening", found.slug, screening.code)
    return page(request, "desk/premiere_form.html", {"edition": found, "form": form}, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Hall, time, title and note of a screening."""
    screening = get_screening(request.actor, edition, code)
    form = ScreeningForm(request.POST or None, edition=screening.edition, screening=screening)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.change_screening(screening=screening, at=timezone.now(), **form.values)
            except Refused as refusal:
                form.add_error(None, refusal.text)
                status = refusal.status
            else:
                messages.success(request, _("Saved."))
                return redirect("premiere:screening", edition, code)
    context = {"edition": screening.edition, "screening": screening, "form": form}
    return page(request, "desk/premiere_form.html", context, status=status)


@signed_in
@require_GET
def screening(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """One screening: its running order with totals, and what can be done with it."""
    return _screening_page(request, get_screening(request.actor, edition, code))


def _screening_page(
    request: HttpRequest, screening: Screening, *, status: int = 200, **forms: Any
) -> HttpResponse:
    items = list(screening.items.select_related("film"))
    context = {
        "edition": screening.edition,
        "screening": screening,
        "items": items,
        "totals": queries.totals(screening, items),
        "film_form": FilmItemForm(edition=screening.edition),
        "other_form": OtherItemForm(),
        **forms,
    }
    return page(request, "desk/premiere_screening.html", context, status=status)


@signed_in
@require_POST
def add_film(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Put a film at the end of the running order."""
    screening = get_screening(request.actor, edition, code)
    form = FilmItemForm(request.POST, edition=screening.edition)
    if not form.is_valid():
        return _screening_page(request, screening, status=400, film_form=form)
    try:
        actions.add_film(screening=screening, film=form.cleaned_data["film"], at=timezone.now())
    except Refused as refusal:
        form.add_error(None, refusal.text)
        return _screening_page(request, screening, status=refusal.status, film_form=form)
    return redirect("premiere:screening", edition, code)


@signed_in
@require_POST
def add_other(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Put an introduction, a talk, a break … at the end of the running order."""
    screening = get_screening(request.actor, edition, code)
    form = OtherItemForm(request.POST)
    if not form.is_valid():
        return _screening_page(request, screening, status=400, other_form=form)
    values = {"kind": form.cleaned_data["kind"], "title": form.cleaned_data["title"], "seconds": form.seconds}
    try:
        actions.add_other(screening=screening, at=timezone.now(), **values)
    except Refused as refusal:
        form.add_error(None, refusal.text)
        return _screening_page(request, screening, status=refusal.status, other_form=form)
    return redirect("premiere:screening", edition, code)


@signed_in
@require_POST
def move_item(request: HttpRequest, edition: str, code: str, pk: int) -> HttpResponse:
    """Move a line up (`up` in the form) or down."""
    item = get_item(request.actor, edition, code, pk)
    actions.move_item(item=item, up="up" in request.POST, at=timezone.now())
    return redirect("premiere:screening", edition, code)


@signed_in
@require_POST
def remove_item(request: HttpRequest, edition: str, code: str, pk: int) -> HttpResponse:
    """Take a line out of the running order."""
    item: Item = get_item(request.actor, edition, code, pk)
    actions.remove_item(item=item, at=timezone.now())
    return redirect("premiere:screening", edition, code)


@signed_in
@require_POST
def release(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Into the public programme."""
    actions.release(screening=get_screening(request.actor, edition, code), at=timezone.now())
    messages.success(request, _("The screening is in the public programme, and its films have their pages."))
    return redirect("premiere:screening", edition, code)


@signed_in
@require_POST
def take_back(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Out of the public programme."""
    actions.take_back(screening=get_screening(request.actor, edition, code), at=timezone.now())
    messages.success(request, _("The public no longer sees this screening."))
    return redirect("premiere:screening", edition, code)


@signed_in
@require_POST
def delete(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Delete a screening that is not public."""
    actions.delete_screening(screening=get_screening(request.actor, edition, code))
    messages.success(request, _("The screening has been deleted."))
    return redirect("premiere:desk", edition)


@signed_in
@require_http_methods(["GET", "POST"])
def hall_new(request: HttpRequest, edition: str) -> HttpResponse:
    """A new hall, in a new venue or (`?venue=`) in one that is there."""
    found = get_edition(request.actor, edition, permissions.can_programme)
    given = request.GET.get("venue", "")
    venue = Venue.objects.filter(edition=found, pk=whole_number(given)).first() if given else None
    if given and venue is None:
        raise Http404
    return _hall_page(request, found, venue=venue, hall=None)


@signed_in
@require_http_methods(["GET", "POST"])
def hall(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """A hall and its venue."""
    row = get_hall(request.actor, edition, pk)
    return _hall_page(request, row.venue.edition, venue=row.venue, hall=row)


def _hall_page(request: HttpRequest, edition: Any, *, venue: Any, hall: Any) -> HttpResponse:
    initial: dict[str, Any] = {"turnaround_minutes": 20}
    if venue:
        initial |= {"venue_name": venue.name, "address": venue.address}
    if hall:
        initial |= {"name": hall.name, "seats": hall.seats, "turnaround_minutes": hall.turnaround_minutes}
    form = HallForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.write_hall(edition=edition, venue=venue, hall=hall, **form.cleaned_data)
            except Refused as refusal:
                form.add_error("turnaround_minutes", refusal.text)
                status = refusal.status
            else:
                messages.success(request, _("Saved."))
                return redirect("premiere:desk", edition.slug)
    return page(
        request, "desk/premiere_hall.html", {"edition": edition, "form": form, "hall": hall}, status=status
    )
