"""Pages that stand on other people's sites: asked for without cookies, framed only where they may be."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HOST = re.compile(
    r"(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+|localhost|\[[0-9a-f:.]+\]"
)


class CookielessMiddleware:
    """At the addresses of settings.COOKIELESS no cookie is read, and so no session: everybody gets the same page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.cookieless = re.compile(settings.COOKIELESS)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.cookieless.fullmatch(request.path_info):
            request.META.pop("HTTP_COOKIE", None)
            request.COOKIES = {}
        return self.get_response(request)


def origin_of(text: str) -> str:
    """The site of an address as a policy names it: "https://www.example.org", with its port where it has one.

    Without a scheme it is https; whatever follows the host is left out. `*.example.org` stands for every name below.
    Raises ValueError for what names no site. Nothing in the answer can end the policy that it is written into.
    """
    given = text.strip().lower()
    address = urlsplit(given if "://" in given else f"https://{given}")
    if address.scheme not in ("http", "https") or "@" in address.netloc:
        raise ValueError(text)
    host, port = address.hostname or "", address.port
    host = f"[{host}]" if ":" in host else host
    try:
        host = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        raise ValueError(text) from None
    if not HOST.fullmatch(host) or len(host) > 253:
        raise ValueError(text)
    return f"{address.scheme}://{host}{f':{port}' if port else ''}"
