"""Refusals with a sentence, and the page that says it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from festival.kit.came_from import came_from


class Refused(Exception):
    """An action that could not be done. `text` says why and what to do, in the reader's language.

    `status` is the answer's HTTP status: 409 when the state has changed meanwhile, 400 for bad input,
    413 too large, 410 too late. `back` is the page to go on from, where it is not the one the form was on. `kept` is
    what was written and would be lost: the page holds it.
    """

    def __init__(
        self, text: str, *, status: int = 409, code: str = "refused", back: str = "", kept: str = ""
    ) -> None:
        super().__init__(str(text))
        self.text = text
        self.status = status
        self.code = code
        self.back = back
        self.kept = kept


def refusal(request: HttpRequest, error: Refused) -> HttpResponse:
    """The refusal as the caller reads it: JSON for programs; for people a page that leads back to where they were."""
    if "application/json" in request.headers.get("Accept", "") or request.content_type == "application/json":
        return JsonResponse({"error": error.code, "text": str(error.text)}, status=error.status)
    context = {"text": error.text, "back": error.back or _page_before(request), "stale": error.status == 409}
    context["kept"] = error.kept
    return render(request, "refused.html", context, status=error.status)


def _page_before(request: HttpRequest) -> str:
    """The page that the form was on. An address that was only looked at, and refused, is not led to again."""
    came = came_from(request)
    again = request.method in ("GET", "HEAD") and came.partition("?")[0] == request.path
    return "" if again else came


class RefusedMiddleware:
    """Turns a `Refused` that no view caught into its page, so that every refusal reads the same.

    An address that only takes forms, and was opened by itself, says so too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        text = _(
            "There is nothing to see at this address: it takes what a form sends. Go back to the page before."
        )
        page = refusal(request, Refused(text, status=405, code="method"))
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refusal(request, exception) if isinstance(exception, Refused) else None


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long: say so, lose nothing (the browser keeps what was typed)."""
    text = _(
        "This page was open too long, or cookies are blocked. Go back, reload the page and send it again."
    )
    return refusal(request, Refused(text, status=403, code="csrf"))
