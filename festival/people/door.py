"""The first door: pages that need an account."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase


def signed_in[**P](view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Sends a stranger to the log-in page and back again."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.actor.known:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return wrapped
