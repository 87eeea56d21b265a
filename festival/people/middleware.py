"""Puts the Actor on the request, and speaks the account's language until the visitor chooses another."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from festival.people.actor import actor_of


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request.user))
        return self.get_response(request)


class LanguageMiddleware:
    """The language chosen in this browser (a cookie) comes first, then the account's, then the browser's own.

    Only a visitor with a session is looked up, so that strangers cost no query; and nobody for a PUT: that is one of
    thousands of parts of a film, at an address that carries its permission with it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES and request.method != "PUT"
        if not chosen and has_session and request.actor.known:
            translation.activate(request.actor.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)
