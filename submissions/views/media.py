"""Films, stills and copies from a folder: signed, for one account, with byte ranges."""

from hashlib import sha256

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from festival.kit.ranges import range_response, size_of
from submissions.links import disposition, read_link

POLICY = "default-src 'none'; sandbox"


@require_safe
def media(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """The file that the link stands for."""
    linked = read_link(request.actor, token)
    try:
        file = storages["default"].open(linked.key)
    except (FileNotFoundError, SuspiciousOperation, IsADirectoryError):
        raise Http404 from None
    response = range_response(request, file, size_of(file), linked.content_type)
    if linked.download:
        response.headers["Content-Disposition"] = disposition(name)
    response.headers["Content-Security-Policy"] = POLICY
    # A file never changes under its key, so a browser may keep its parts and begin a film from them.
    response.headers["ETag"] = f'"{sha256(linked.key.encode()).hexdigest()[:32]}"'
    return response
