"""The door of the upload protocol: every answer is JSON, and who asks has a session or an upload token."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from festival.kit import clock
from festival.kit.errors import Refused
from festival.people import tokens

BEARER = "Bearer "
_csrf = CsrfViewMiddleware(lambda _request: HttpResponse())


def api[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Who has logged in, or shown a token, is answered in JSON (`in_json`)."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.actor.known:
            raise Refused(
                _("You are logged out. Log in again in another tab, then continue here."),
                status=403,
                code="logged_out",
            )
        return view(request, *args, **kwargs)

    return in_json(wrapped)


def in_json[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Every answer is JSON, refusals too: {"error": code, "text": sentence for the entrant}."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Refused as error:
            response = refusal(error)
        except Http404:
            text = _("This upload or entry does not exist, or belongs to another account.")
            response = JsonResponse({"error": "not_found", "text": text}, status=404)
        except PermissionDenied:
            text = _("Your account may not do this.")
            response = JsonResponse({"error": "not_allowed", "text": text}, status=403)
        response.headers["Cache-Control"] = "no-store"
        return response

    return wrapped


def refusal(error: Refused) -> JsonResponse:
    """A refusal as programs read it."""
    body = {"error": error.code, "text": str(error.text), **getattr(error, "details", {})}
    return JsonResponse(body, status=error.status)


def takes_tokens[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """An address that an upload token opens as well: outside of `api`.

    Where a token is shown the session counts for nothing, so that no other site's page can ride on it; where none is
    shown the form's token is asked for as everywhere.
    """

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        shown = request.headers.get("Authorization", "")
        if not shown:
            return _csrf.process_view(request, _asks_for_it, (), {}) or view(request, *args, **kwargs)
        actor = (
            tokens.actor_with(shown.removeprefix(BEARER), clock.now()) if shown.startswith(BEARER) else None
        )
        if actor is None:
            text = _("This upload token is not good any more. Make a new one on the page of your account.")
            return refusal(Refused(text, status=401, code="bad_token"))
        request.actor = actor
        return view(request, *args, **kwargs)

    return wrapped


def takes_signed_address[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """An address that carries its permission with it, as those of a bucket do: the view checks its signature.

    Nobody else can make one, so that no form's token is asked for; and no account is looked up for every part.
    """
    return csrf_exempt(in_json(view))


def _asks_for_it(request: HttpRequest) -> HttpResponse:
    """Stands for a view that is not exempt."""
    return HttpResponse()
