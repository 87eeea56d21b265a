"""One page for all forms: what is changed after the call has opened, and why. It stands above the views."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from festival.edition.change_forms import SENT, ReasonForm, was_asked
from festival.edition.frozen_actions import ReasonMissing
from festival.edition.models import Edition
from festival.kit.came_from import came_from
from festival.kit.errors import Refused, refusal
from festival.kit.pages import page
from judging import change_words


def _back(request: HttpRequest, edition: Edition) -> str:
    """The page where the form was; an address that only takes forms is none."""
    came = "" if was_asked(request) else came_from(request)
    return came or reverse("judging:desk", args=[edition.slug])


class ReasonMiddleware:
    """Turns a ReasonMissing into the page that shows the change and asks for the reason.

    What was posted goes with it and is sent again to the same address, so that no view has to know of this.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ReasonMissing):
            return None
        if "application/json" in request.headers.get("Accept", ""):
            text = _("The call has opened: say why this is changed. Everybody reads it.")
            return refusal(request, Refused(text, status=400, code="reason_missing"))
        own = SENT | {"csrfmiddlewaretoken"}
        edition = exception.changes[0].edition
        context = {
            "edition": edition,
            "form": ReasonForm(request.POST if was_asked(request) else None),
            "back": _back(request, edition),
            "changes": change_words.lines_of(exception.changes, edition),
            "kept": [
                (name, value) for name, values in request.POST.lists() for value in values if name not in own
            ],
        }
        return page(request, "desk/reason.html", context, status=400)
