"""One template gives the whole page, and the part that htmx asks for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, part: str = "", status: int = 200
) -> HttpResponse:
    """Render `template`; when htmx asks and `part` is given, only its `{% partialdef part %}`."""
    asks = getattr(request, "htmx", False)
    name = f"{template}#{part}" if part and asks else template
    response = render(request, name, context, status=status)
    response.headers.setdefault("Cache-Control", "private, no-store" if request.actor.known else "private")
    return response
