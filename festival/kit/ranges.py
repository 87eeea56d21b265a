"""Files with byte ranges (RFC 9110 §14): what a player needs to seek. Django's FileResponse has none."""

import os
import re
from collections.abc import Iterator
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

BLOCK = 1 << 18
RANGE = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$")


def range_response(request: HttpRequest, file: BinaryIO, size: int, content_type: str) -> HttpResponseBase:
    """`file` whole (200), one range of it (206), or 416 where the range lies outside.

    Several ranges in one request are answered with the whole file, as the RFC allows.
    """
    asked = RANGE.match(request.headers.get("Range", "").strip())
    if not asked or asked[0] == "bytes=-":
        response: HttpResponseBase = FileResponse(file, content_type=content_type)
        response.headers["Content-Length"] = str(size)
    else:
        first, last = asked[1], asked[2]
        if first:
            start, end = int(first), min(int(last), size - 1) if last else size - 1
        else:  # the last N bytes
            start, end = max(size - int(last), 0), size - 1
        if start >= size or start > end:
            file.close()
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        file.seek(start)
        response = StreamingHttpResponse(
            _blocks(file, end - start + 1), status=206, content_type=content_type
        )
        response.headers["Content-Length"] = str(end - start + 1)
        response.headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


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
