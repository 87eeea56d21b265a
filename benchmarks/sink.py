"""A bare WSGI body sink: reads what comes and throws it away. What the same server can do at most."""

from collections.abc import Callable, Iterable
from typing import Any

BLOCK = 1 << 20


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Reads the announced body in blocks; answers how many bytes came."""
    body, left = environ["wsgi.input"], int(environ.get("CONTENT_LENGTH") or 0)
    came = 0
    while came < left and (block := body.read(min(BLOCK, left - came))):
        came += len(block)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(str(came))))])
    return [str(came).encode()]
