"""Guests: with which films they come, and when they are there."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition.door import get_edition
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from festival.premiere import guest_actions, permissions, queries
from festival.premiere.door import get_guest
from festival.premiere.models import Guest
from festival.premiere.place_forms import GuestFilmForm, GuestForm, GuestTimeForm


@signed_in
@require_GET
def overview(request: HttpRequest, edition: str) -> HttpResponse:
    """Every guest with films and times."""
    found = get_edition(request.actor, edition, permissions.can_programme)
    context = {"edition": found, "guests": queries.guests_of(found)}
    return page(request, "desk/premiere_guests.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, edition: str) -> HttpResponse:
    """A new guest; films and times come next."""
    found = get_edition(request.actor, edition, permissions.can_programme)
    form = GuestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        guest = guest_actions.write_guest(edition=found, **form.cleaned_data)
        return redirect("premiere:guest", edition, guest.pk)
    context = {"edition": found, "form": form}
    return page(request, "desk/premiere_guest_new.html", context, status=400 if form.is_bound else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def guest(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """One guest: name, films, times."""
    row = get_guest(request.actor, edition, pk)
    if request.method != "POST":
        return _guest_page(request, row)
    form = GuestForm(request.POST)
    if not form.is_valid():
        return _guest_page(request, row, status=400, form=form)
    guest_actions.write_guest(edition=row.edition, guest=row, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("premiere:guest", edition, pk)


def _guest_page(request: HttpRequest, row: Guest, *, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "edition": row.edition,
        "guest": row,
        "links": row.links.select_related("film"),
        "times": row.times.all(),
        "form": GuestForm(initial={"name": row.name}),
        "film_form": GuestFilmForm(edition=row.edition),
        "time_form": GuestTimeForm(edition=row.edition),
        **forms,
    }
    return page(request, "desk/premiere_guest.html", context, status=status)


@signed_in
@require_POST
def delete(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Forget a guest."""
    guest_actions.delete_guest(guest=get_guest(request.actor, edition, pk))
    messages.success(request, _("The guest has been deleted."))
    return redirect("premiere:guests", edition)


@signed_in
@require_POST
def add_film(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """The guest comes with this film."""
    row = get_guest(request.actor, edition, pk)
    form = GuestFilmForm(request.POST, edition=row.edition)
    if not form.is_valid():
        return _guest_page(request, row, status=400, film_form=form)
    guest_actions.add_film(guest=row, **form.cleaned_data)
    return redirect("premiere:guest", edition, pk)


@signed_in
@require_POST
def remove_film(request: HttpRequest, edition: str, pk: int, row: int) -> HttpResponse:
    """The guest does not come with this film."""
    found = get_guest(request.actor, edition, pk).links.filter(pk=row).first()
    if found is None:
        raise Http404
    found.delete()
    return redirect("premiere:guest", edition, pk)


@signed_in
@require_POST
def add_time(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """The guest is there in this time."""
    row = get_guest(request.actor, edition, pk)
    form = GuestTimeForm(request.POST, edition=row.edition)
    status = 400
    if form.is_valid():
        try:
            guest_actions.add_time(guest=row, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("ends_at", refusal.text)
            status = refusal.status
        else:
            return redirect("premiere:guest", edition, pk)
    return _guest_page(request, row, status=status, time_form=form)


@signed_in
@require_POST
def remove_time(request: HttpRequest, edition: str, pk: int, row: int) -> HttpResponse:
    """The guest is not there then."""
    found = get_guest(request.actor, edition, pk).times.filter(pk=row).first()
    if found is None:
        raise Http404
    found.delete()
    return redirect("premiere:guest", edition, pk)
