"""The programmer's desk: screenings and their running orders."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition.door import get_edition
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from festival.premiere import actions, checks, journal, permissions, queries
from festival.premiere.check_words import said
from festival.premiere.door import get_item, get_screening
from festival.premiere.forms import FilmItemForm, OtherItemForm, RehearsalForm, ScreeningForm
from festival.premiere.models import Item, Rehearsal, Screening

Kind = journal.Kind


@contextmanager
def kept_change(request: HttpRequest, screening: Screening, kind: str) -> Iterator[datetime]:
    """Keep what is done inside to a screening, for undo and whoever works beside; gives the moment."""
    at = timezone.now()
    with journal.kept(edition=screening.edition, kind=kind, by=request.actor, at=at, code=screening.code):
        yield at


@signed_in
@require_GET
def overview(request: HttpRequest, edition: str) -> HttpResponse:
    """Every booking of a hall by day and hall: screenings, released or not, and rehearsals."""
    found = get_edition(request.actor, edition, permissions.can_programme)
    context = {
        "edition": found,
        "days": queries.by_day([*queries.for_desk(found), *queries.rehearsals_of(found)], found.time_zone),
        "halls": queries.halls_of(found).count(),
    }
    return page(request, "desk/premiere.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, edition: str) -> HttpResponse:
    """A new screening."""
    found = get_edition(request.actor, edition, permissions.can_programme)
    if not queries.halls_of(found).exists():
        messages.warning(request, _("There is no hall yet. Enter one first; then put screenings into it."))
        return redirect("premiere:places", found.slug)
    form = ScreeningForm(request.POST or None, edition=found)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                at = timezone.now()
                with journal.kept(edition=found, kind=Kind.MADE, by=request.actor, at=at) as kept:
                    screening = actions.create_screening(edition=found, at=at, **form.values)
                    kept.code = screening.code
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
                seen = form.cleaned_data["seen"]
                with kept_change(request, screening, Kind.CHANGED) as at:
                    actions.change_screening(screening=screening, at=at, seen=seen, **form.values)
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
    return screening_page(request, get_screening(request.actor, edition, code))


def screening_page(
    request: HttpRequest, screening: Screening, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page of a screening, with the form that was refused in place of an empty one."""
    items = list(screening.items.select_related("film"))
    rehearsals = Rehearsal.objects.filter(rehearses=screening)
    context = {
        "edition": screening.edition,
        "screening": screening,
        "items": items,
        "totals": queries.totals(screening, items),
        "age": queries.age_of(screening, items),
        "spoken": queries.spoken_in(screening, items),
        "findings": [
            (found, said(found, screening.edition.time_zone))
            for found in checks.check(screening.edition, only=screening.code)
        ],
        "stale": any(item.film and item.film.seconds != item.seconds for item in items),
        "rehearsals": rehearsals,
        "repeats": screening.repeats.select_related("hall__venue"),
        "rehearsal_form": RehearsalForm(
            edition=screening.edition, starts_at=screening.starts_at - timedelta(days=1)
        ),
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
        return screening_page(request, screening, status=400, film_form=form)
    try:
        with kept_change(request, screening, Kind.FILMS) as at:
            actions.add_film(screening=screening, film=form.cleaned_data["film"], at=at)
    except Refused as refusal:
        form.add_error(None, refusal.text)
        return screening_page(request, screening, status=refusal.status, film_form=form)
    return redirect("premiere:screening", edition, code)


@signed_in
@require_POST
def add_other(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Put an introduction, a talk, a break … at the end of the running order."""
    screening = get_screening(request.actor, edition, code)
    form = OtherItemForm(request.POST)
    if not form.is_valid():
        return screening_page(request, screening, status=400, other_form=form)
    values = {"kind": form.cleaned_data["kind"], "title": form.cleaned_data["title"], "seconds": form.seconds}
    try:
        with kept_change(request, screening, Kind.FILMS) as at:
            actions.add_other(screening=screening, at=at, **values)
    except Refused as refusal:
        form.add_error(None, refusal.text)
        return screening_page(request, screening, status=refusal.status, other_form=form)
    return redirect("premiere:screening", edition, code)


@signed_in
@require_POST
def move_item(request: HttpRequest, edition: str, code: str, pk: int) -> HttpResponse:
    """Move a line up (`up` in the form) or down."""
    item = get_item(request.actor, edition, code, pk)
    with kept_change(request, item.screening, Kind.FILMS) as at:
        actions.move_item(item=item, up="up" in request.POST, at=at)
    return redirect("premiere:screening", edition, code)


@signed_in
@require_POST
def remove_item(request: HttpRequest, edition: str, code: str, pk: int) -> HttpResponse:
    """Take a line out of the running order."""
    item: Item = get_item(request.actor, edition, code, pk)
    with kept_change(request, item.screening, Kind.FILMS) as at:
        actions.remove_item(item=item, at=at)
    return redirect("premiere:screening", edition, code)


@signed_in
@require_POST
def delete(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Delete a screening that is not public."""
    screening = get_screening(request.actor, edition, code)
    with kept_change(request, screening, Kind.DELETED):
        actions.delete_screening(screening=screening)
    messages.success(request, _("The screening has been deleted."))
    return redirect("premiere:desk", edition)
