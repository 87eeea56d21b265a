"""The first door: pages that need an account."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from festival.kit.came_from import came_from


def signed_in[**P](view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Sends a stranger to the log-in page and back again.

    A part of a page that refreshes itself (htmx) has the whole page loaded anew, which then goes there.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.actor.known:
            if getattr(request, "htmx", False):
                return HttpResponse(headers={"HX-Refresh": "true"})
            return redirect_to_login(way_back(request))
        return view(request, *args, **kwargs)

    return wrapped


def way_back(request: HttpRequest) -> str:
    """Where to go after logging in: the page asked for; after a form, which cannot be asked for, its page."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return came_from(request) or "/"
