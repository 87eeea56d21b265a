"""Films, stills and copies: signed, for one account, with byte ranges; from a folder or out of a bucket."""

from collections.abc import Iterator
from hashlib import sha256
from itertools import chain
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import FileSystemStorage, storages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_safe

from festival.kit.ranges import BLOCK, PIECE, Part, answer, range_response, size_of
from submissions import bucket
from submissions.links import OURS, Linked, disposition, read_link

POLICY = "default-src 'none'; sandbox"
HANDED_SECONDS = 120
"""How long the bucket's own address is good that a browser is sent on to. It is asked at once."""


@require_safe
def media(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """The file that the link stands for. Out of a bucket a download is sent on; what is shown comes through here."""
    linked = read_link(request.actor, token)
    if isinstance(storages["default"], FileSystemStorage):
        response = _from_folder(request, linked)
    elif linked.download or (settings.SHOW_FROM == "bucket" and not linked.key.endswith(OURS)):
        return _sent_on(linked, name)
    else:
        response = _from_bucket(request, linked)
    if linked.download:
        response.headers["Content-Disposition"] = disposition(name)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _etag(linked: Linked) -> str:
    """A file never changes under its key, so a browser may keep its parts and begin a film from them."""
    return f'"{sha256(linked.key.encode()).hexdigest()[:32]}"'


def _most(linked: Linked) -> int:
    """A player takes a film in pieces; a program that continues a download may take a piece for the end."""
    return 0 if linked.download else PIECE


def _from_folder(request: HttpRequest, linked: Linked) -> HttpResponseBase:
    try:
        file = storages["default"].open(linked.key)
    except (FileNotFoundError, SuspiciousOperation, IsADirectoryError):
        raise Http404 from None
    return range_response(
        request, file, size_of(file), linked.content_type, etag=_etag(linked), most=_most(linked)
    )


def _from_bucket(request: HttpRequest, linked: Linked) -> HttpResponseBase:
    """Streamed in blocks: nothing is kept here, in memory or on the disk."""
    size = bucket.size_of(linked.key)
    if size is None:
        raise Http404

    def blocks(part: Part | None) -> Iterator[bytes]:
        where = {"first": part.first, "last": part.last} if part else {}
        return _begun(bucket.blocks_of(linked.key, BLOCK, **where)) if size else iter(())

    try:
        return answer(request, size, linked.content_type, blocks, etag=_etag(linked), most=_most(linked))
    except FileNotFoundError:
        raise Http404 from None


def _begun(stream: Iterator[bytes]) -> Iterator[bytes]:
    """The stream, its first block fetched: what the bucket refuses is said while an answer can still say it."""
    first = next(stream, b"")
    return chain((first,), stream)


def _sent_on(linked: Linked, name: str) -> HttpResponseBase:
    """To the bucket's own address, made for this request and good for a moment. Nobody may keep the answer."""
    parameters = {"ResponseContentType": linked.content_type}
    if linked.download:
        parameters["ResponseContentDisposition"] = disposition(name)
    storage: Any = storages["default"]
    return HttpResponseRedirect(
        storage.url(linked.key, parameters=parameters, expire=HANDED_SECONDS),
        headers={"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"},
    )
