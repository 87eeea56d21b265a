"""Files with byte ranges (RFC 9110 §14): what a player needs to seek. Django's FileResponse has none."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

BLOCK = 1 << 18
PIECE = 1 << 20
"""Bytes of the longest answer to a player that asks for everything from some place on.

It reads a little, waits while it plays, and would keep a thread of the web server until the film is over: thirty judges
would be all that the site can serve. A piece of this size fits into what the kernel and a browser hold between them;
the player asks for the next when it wants it.
"""
RANGE = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$")


@dataclass(frozen=True, slots=True)
class Part:
    """One range of a file: the first and the last byte, both included."""

    first: int
    last: int
    size: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class OutsideError(Exception):
    """The range asked for lies outside the file."""


def part_asked(request: HttpRequest, size: int, *, etag: str = "", most: int = 0) -> Part | None:
    """The range that a request asks for, of a file of `size` bytes; None where the whole file is to be sent.

    Several ranges in one request are answered with the whole file, as the RFC allows; so is a range of a file that has
    another `etag` than the one in If-Range. `most`: an answer is at most so long, which the RFC allows too (§15.3.7).
    Raises OutsideError.
    """
    asked = RANGE.match(request.headers.get("Range", "").strip())
    if not asked or asked[0] == "bytes=-" or request.method != "GET":
        return None
    if etag and request.headers.get("If-Range", etag).strip() != etag:
        return None
    first, last = asked[1], asked[2]
    if first:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
    else:  # the last N bytes
        start, end = max(size - int(last), 0), size - 1
    if start >= size or start > end:
        raise OutsideError
    return Part(start, min(end, start + most - 1) if most else end, size)


def answer(
    request: HttpRequest,
    size: int,
    content_type: str,
    blocks: Callable[[Part | None], Iterator[bytes]],
    *,
    etag: str = "",
    most: int = 0,
) -> HttpResponseBase:
    """What `part_asked` says of a file (206), the whole of it (200), or 416; `blocks` gives the bytes.

    To HEAD it answers with the whole file's length and nothing else, and `blocks` is not asked.
    """
    try:
        part = part_asked(request, size, etag=etag, most=most)
    except OutsideError:
        response: HttpResponseBase = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        return _private(response, etag)
    if request.method == "HEAD":
        response = HttpResponse(content_type=content_type)
    else:
        response = StreamingHttpResponse(blocks(part), status=206 if part else 200, content_type=content_type)
    if part:
        response.headers["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    response.headers["Content-Length"] = str(part.length if part else size)
    response.headers["Accept-Ranges"] = "bytes"
    return _private(response, etag)


def _private(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if etag:
        response.headers["ETag"] = etag
    return response


def range_response(
    request: HttpRequest, file: BinaryIO, size: int, content_type: str, *, etag: str = "", most: int = 0
) -> HttpResponseBase:
    """An open `file` as `answer` says. The whole of it goes from the disk to the socket inside the kernel."""

    def blocks(part: Part | None) -> Iterator[bytes]:
        file.seek(part.first if part else 0)
        return _blocks(file, part.length if part else size)

    response = answer(request, size, content_type, blocks, etag=etag, most=most)
    if response.status_code != 200 or request.method == "HEAD":
        if not response.streaming:
            file.close()
        return response
    whole = FileResponse(file, content_type=content_type)
    for name, value in response.headers.items():
        whole.headers[name] = value
    return whole


def _blocks(file: BinaryIO, length: int) -> Iterator[bytes]:
    with file:
        while length > 0:
            block = file.read(min(BLOCK, length))
            if not block:
                return
            length -= len(block)
            yield block


def size_of(file: BinaryIO) -> int:
    """Size in bytes of an open, seekable file; its position becomes 0."""
    file.seek(0, os.SEEK_END)
    size = file.tell()
    file.seek(0)
    return size
