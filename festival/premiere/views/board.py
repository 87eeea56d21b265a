"""The table as a board: screenings are moved, films put into them, each step kept, each for herself taken back."""

import re
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_time
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from festival.catalogue.models import Film
from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from festival.premiere import actions, beside_queries, board_queries, journal, permissions
from festival.premiere.booking import gone
from festival.premiere.door import get_draft, get_hall, get_screening
from festival.premiere.programme.document import DAY_STARTS

CODE = re.compile(r"[0-9A-Za-z]{1,12}")  # of a film or a screening
LAST_MINUTE = 28 * 60 - 1  # four in the night
Kind = journal.Kind


def number_in(text: str) -> int | None:
    """A whole number of up to nine digits, or None."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


@signed_in
@require_GET
def board(request: HttpRequest, edition: str) -> HttpResponse:
    """One day (`?day=`), hall beside hall, and the films without a place.

    `?seen=`, how new the table was: 204 where nothing is newer, which is cheap to ask every few seconds. `?draft=`, a
    draft's number: beside the table, to look at.
    """
    found = get_edition(request.actor, edition, permissions.can_programme)
    if "draft" in request.GET:
        return _beside(request, edition)
    seen = number_in(request.GET.get("seen", ""))
    if seen is not None and seen == journal.newest(found):
        return HttpResponse(status=204, headers={"Cache-Control": "private, no-store"})
    return _page(request, found)


def _beside(request: HttpRequest, edition: str) -> HttpResponse:
    draft = get_draft(request.actor, edition, number_in(request.GET["draft"]) or 0)
    context = {
        "edition": draft.edition,
        "draft": draft,
        "board": beside_queries.beside(draft.edition, draft, _day(request)),
    }
    return page(request, "desk/premiere_board_beside.html", context)


def _page(request: HttpRequest, edition: Edition, *, refusal: Refused | None = None) -> HttpResponse:
    shelf = board_queries.shelf(edition)
    context: dict[str, Any] = {
        "edition": edition,
        "board": board_queries.board(edition, _day(request)),
        "shelf": shelf,
        "filters": board_queries.filters_of(shelf),
        "newest": journal.newest(edition),
        "undo": journal.can_undo(edition, request.actor),
        "redo": journal.can_redo(edition, request.actor),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return page(request, "desk/premiere_board.html", context, part="board", status=status)


def _day(request: HttpRequest) -> date | None:
    text = request.POST.get("day") or request.GET.get("day", "")
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _answer(request: HttpRequest, edition: Edition, refusal: Refused | None = None) -> HttpResponse:
    """The board as it is now; without a script the whole page."""
    if getattr(request, "htmx", False) or refusal:
        return _page(request, edition, refusal=refusal)
    day = _day(request)
    response = redirect("premiere:board", edition.slug)
    if day:
        response["Location"] += f"?day={day.isoformat()}"
    return response


@signed_in
@require_POST
def move(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Move a screening to a hall and a minute of the day (`hall`, `minute`); `seen` is the revision that was moved."""
    screening = get_screening(request.actor, edition, code)
    found, at = screening.edition, timezone.now()
    try:
        hall = get_hall(request.actor, edition, number_in(request.POST.get("hall", "")) or 0)
        starts_at = board_queries.moment_on(found, *_place(request))
        with journal.kept(edition=found, kind=Kind.MOVED, code=code, by=request.actor, at=at):
            seen = number_in(request.POST.get("seen", ""))
            actions.change_screening(screening=screening, hall=hall, starts_at=starts_at, seen=seen, at=at)
    except Refused as refusal:
        return _answer(request, found, refusal)
    return _answer(request, found)


def _place(request: HttpRequest) -> tuple[date, int]:
    day, minute = _day(request), number_in(request.POST.get("minute", ""))
    if minute is None and (typed := parse_time(request.POST.get("time", ""))):
        minute = typed.hour * 60 + typed.minute + (24 * 60 if typed.hour < DAY_STARTS else 0)
    if day is None or minute is None or not 0 <= minute <= LAST_MINUTE:
        raise Refused(_("This is no time of the board."), status=400, code="place")
    return day, minute


@signed_in
@require_POST
def put(request: HttpRequest, edition: str) -> HttpResponse:
    """Put a film (`film`) into a screening (`into`), or into a new one in a hall at a minute (`hall`, `minute`)."""
    found, at = get_edition(request.actor, edition, permissions.can_programme), timezone.now()
    film_code, into = request.POST.get("film", ""), request.POST.get("into", "")
    try:
        if into and not CODE.fullmatch(into):
            raise gone()
        film = (
            Film.objects.filter(edition=found, code=film_code).first() if CODE.fullmatch(film_code) else None
        )
        if film is None:
            raise Refused(_("This film is not in the catalogue any more."), code="gone")
        if into:
            screening = get_screening(request.actor, edition, into)
            with journal.kept(edition=found, kind=Kind.FILMS, code=into, by=request.actor, at=at):
                actions.add_film(screening=screening, film=film, at=at)
        else:
            hall = get_hall(request.actor, edition, number_in(request.POST.get("hall", "")) or 0)
            starts_at = board_queries.moment_on(found, *_place(request))
            with journal.kept(edition=found, kind=Kind.MADE, by=request.actor, at=at) as kept:
                title = {"zh": film.title, "en": film.title_en or film.title}
                made = actions.create_screening(
                    edition=found, hall=hall, starts_at=starts_at, title=title, at=at
                )
                actions.add_film(screening=made, film=film, at=at)
                kept.code = made.code
    except Refused as refusal:
        return _answer(request, found, refusal)
    return _answer(request, found)


@signed_in
@require_POST
def undo(request: HttpRequest, edition: str) -> HttpResponse:
    """Take one's last change back."""
    return _turn(request, edition, journal.undo)


@signed_in
@require_POST
def redo(request: HttpRequest, edition: str) -> HttpResponse:
    """Do again what was taken back."""
    return _turn(request, edition, journal.redo)


def _turn(request: HttpRequest, edition: str, doing: Any) -> HttpResponse:
    found = get_edition(request.actor, edition, permissions.can_programme)
    try:
        doing(edition=found, by=request.actor, at=timezone.now())
    except Refused as refusal:
        return _answer(request, found, refusal)
    return _answer(request, found)
