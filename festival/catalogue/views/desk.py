"""The desk's pages of the catalogue."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.catalogue import actions, permissions, queries
from festival.catalogue.forms import ComposingForm, GuestFilmForm
from festival.edition.door import get_edition
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in

PER_PAGE = 100


@signed_in
@require_GET
def films(request: HttpRequest, edition: str) -> HttpResponse:
    """Every film of the catalogue, public or not."""
    found = get_edition(request.actor, edition, permissions.can_write)
    rows = Paginator(queries.for_desk(found), PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "desk/films.html", {"edition": found, "films": rows})


@signed_in
@require_http_methods(["GET", "POST"])
def guest(request: HttpRequest, edition: str) -> HttpResponse:
    """A guest film, entered by hand."""
    found = get_edition(request.actor, edition, permissions.can_write)
    form = GuestFilmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            film = actions.write_film(edition=found, **form.values)
        except Refused as refusal:
            form.add_error("length", refusal.text)
        else:
            text = _("“%(title)s” is in the catalogue, and can be put into a screening.")
            messages.success(request, text % {"title": film.title})
            return redirect("catalogue:desk", edition)
    status = 400 if form.is_bound else 200
    return page(request, "desk/film_guest.html", {"edition": found, "form": form}, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def guest_edit(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Change a guest film; one of an entry is changed there."""
    found = get_edition(request.actor, edition, permissions.can_write)
    film = queries.for_desk(found).filter(code=code, source="").first()
    if film is None:
        raise Http404
    form = GuestFilmForm(request.POST or None, film=film)
    if request.method == "POST" and form.is_valid():
        actions.change_guest_film(film=film, **form.values)
        messages.success(request, _("Saved."))
        return redirect("catalogue:desk", edition)
    context = {"edition": found, "film": film, "form": form}
    return page(request, "desk/film_guest.html", context, status=400 if form.is_bound else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def composing(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Age, mood, tempo and strength of a film, for composing."""
    found = get_edition(request.actor, edition, permissions.can_write)
    film = queries.for_desk(found).filter(code=code).first()
    if film is None:
        raise Http404
    names = ("min_age", "mood", "tempo", "strength")
    form = ComposingForm(request.POST or None, initial={name: getattr(film, name) for name in names})
    if request.method == "POST" and form.is_valid():
        actions.say_for_composing(film=film, **form.values)
        messages.success(request, _("Saved."))
        return redirect("catalogue:desk", edition)
    context = {"edition": found, "film": film, "form": form}
    return page(request, "desk/film_composing.html", context, status=400 if form.is_bound else 200)


@signed_in
@require_POST
def publish(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Give a film its public page."""
    found = get_edition(request.actor, edition, permissions.can_write)
    film = queries.for_desk(found).filter(code=code).first()
    if film is None:
        raise Http404
    actions.publish(films=[film], at=timezone.now())
    messages.success(request, _("“%(title)s” has its public page.") % {"title": film.title})
    return redirect("catalogue:desk", edition)
