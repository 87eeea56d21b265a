"""Films, stills and copies: signed, for one account; from a folder with byte ranges, else on to the bucket."""

from hashlib import sha256

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_safe

from festival.kit.ranges import range_response, size_of
from submissions.links import Linked, bucket_url, disposition, leads_on, read_link

POLICY = "default-src 'none'; sandbox"


@require_safe
def media(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """The file that the link stands for."""
    linked = read_link(request.actor, token)
    if leads_on(linked):
        return to_bucket(linked, name)
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


def to_bucket(linked: Linked, name: str) -> HttpResponseRedirect:
    """On to an address of the bucket that lives for minutes. A browser may use it again for half of them, so that a
    player that seeks need not ask each time; one that comes later asks anew.
    """
    seconds = settings.BUCKET_LINK_SECONDS
    response = HttpResponseRedirect(bucket_url(linked, name, seconds))
    response.headers["Cache-Control"] = f"private, max-age={seconds // 2}"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
