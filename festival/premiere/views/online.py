"""An online premiere: the countdown, the seat, and the film that starts for everybody at the same moment."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from festival.catalogue.models import Film
from festival.catalogue.registry import showcase_of
from festival.kit.ai_label import WORDS
from festival.kit.errors import Refused
from festival.kit.names import country_text
from festival.kit.pages import page
from festival.kit.words import say
from festival.people.actor import Actor
from festival.premiere import queries
from festival.premiere.door import get_online
from festival.premiere.models import OnlineSeat, Screening
from festival.premiere.online import now_on
from festival.premiere.online_actions import has_seat, hours_of, take_seat
from festival.premiere.publishing import items_as_released

KEYS = "online_seats"  # in the session: code of the screening → key of the seat


def _key(request: HttpRequest, screening: Screening) -> str:
    return str(request.session.get(KEYS, {}).get(screening.code, ""))


@require_GET
def room(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """The premiere's room at this moment."""
    return _room(request, get_online(request.actor, edition, code))


@require_POST
def seat(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Take a seat."""
    screening = get_online(request.actor, edition, code)
    region = request.headers.get(settings.REGION_HEADER, "").upper() if settings.REGION_HEADER else ""
    try:
        key = take_seat(screening=screening, key=_key(request, screening), region=region, at=timezone.now())
    except Refused as refusal:
        return _room(request, screening, error=refusal)
    request.session[KEYS] = {**request.session.get(KEYS, {}), screening.code: key}
    return redirect("premiere:online", edition, code)


def _room(request: HttpRequest, screening: Screening, *, error: Refused | None = None) -> HttpResponse:
    at, hours = timezone.now(), hours_of(screening)
    seated = has_seat(screening=screening, key=_key(request, screening))
    items = items_as_released(screening)
    on = now_on(hours.starts_at, [item.seconds for item in items], at)
    context: dict[str, Any] = {
        "edition": screening.edition,
        "screening": screening,
        "items": items,
        "hours": hours,
        "state": hours.state(at),
        "open": hours.open(at),
        "seated": seated,
        "error": error,
        "regions": country_text(screening.regions),
        "left": max(screening.hall.seats - OnlineSeat.objects.filter(screening=screening).count(), 0),
        "age": queries.age_of(screening, items),
        "spoken": queries.spoken_in(screening, items),
        "at_ms": _ms(at),
    }
    if seated and on and not screening.cancelled_at:
        item = items[on.index]
        context |= {
            "item": item,
            "since_ms": _ms(on.since),
            "next_ms": _ms(on.until),
            "position": (at - on.since).seconds,
        }
        if item.film:
            context |= _reel(request.actor, item.film)
    elif hours.state(at) in ("early", "doors") and not screening.cancelled_at:
        context["next_ms"] = _ms(hours.doors_at if at < hours.doors_at else hours.starts_at)
    return page(request, "public/online.html", context, status=error.status if error else 200)


def _reel(actor: Actor, film: Film) -> dict[str, Any]:
    """The film as it is played: only now that it is on is its address given away."""
    show = showcase_of(actor, film, in_premiere=True)
    label = show.label or ("2" if film.declares_ai else "")
    return {"show": show if show.moving == "film" else None, "label": say(WORDS[label]) if label else ""}


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
