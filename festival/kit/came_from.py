"""Where a browser came from, when that was a page of this site: the page of the form that it sends."""

from urllib.parse import urlsplit

from django.http import HttpRequest


def came_from(request: HttpRequest) -> str:
    """The address without its host, so that nothing leads away from here; empty when the browser names none of ours."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.get_host():
        return ""
    return f"/{came.path.lstrip('/')}" + (f"?{came.query}" if came.query else "")
