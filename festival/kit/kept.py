"""Answers that others may keep and ask for again: ETag, how long, 304."""

import hashlib
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

ALONGSIDE = ("Access-Control-Allow-Origin", "X-Content-Type-Options")  # said with a 304 too


def kept(
    request: HttpRequest, response: HttpResponse, *, seconds: int, shared: bool, of: bytes = b""
) -> HttpResponse:
    """The answer with its ETag, or 304 for who has it. `of` is what else it is told apart by.

    For so many seconds it is not asked for again: by anybody's cache if `shared`, else by the reader's own; 0: it is
    not kept.
    """
    etag = f'"{hashlib.sha256(response.content + of).hexdigest()[:32]}"'
    whose = "public" if shared else "private"
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"{whose}, max-age={seconds}" if seconds else "private, no-store"
    answer = cast(HttpResponse, get_conditional_response(request, etag=etag, response=response))
    if answer is not response:
        for name in ALONGSIDE:
            if name in response.headers:
                answer.headers[name] = response.headers[name]
    return answer
