"""Byte ranges, as RFC 9110 §14 has them."""

import io

import pytest
from django.test import RequestFactory

from festival.kit.ranges import BLOCK, range_response

DATA = bytes(range(256)) * 4096  # 1 MiB: more than one block


def ask(header: str | None, data: bytes = DATA) -> tuple[int, bytes, dict[str, str]]:
    request = RequestFactory().get("/", headers={"Range": header} if header else {})
    response = range_response(request, io.BytesIO(data), len(data), "video/mp4")
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, body, dict(response.headers)


def test_without_a_range_the_whole_file_comes() -> None:
    status, body, headers = ask(None)
    assert (status, body, headers["Content-Length"], headers["Accept-Ranges"]) == (
        200,
        DATA,
        str(len(DATA)),
        "bytes",
    )


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=100-199", 100, 199),
        (f"bytes={BLOCK - 1}-{BLOCK}", BLOCK - 1, BLOCK),
        ("bytes=1000-", 1000, len(DATA) - 1),
        ("bytes=-10", len(DATA) - 10, len(DATA) - 1),
        (f"bytes=-{len(DATA) * 2}", 0, len(DATA) - 1),
        (f"bytes=5-{len(DATA) * 2}", 5, len(DATA) - 1),
    ],
)
def test_one_range(header: str, start: int, end: int) -> None:
    status, body, headers = ask(header)
    assert status == 206
    assert body == DATA[start : end + 1]
    assert headers["Content-Range"] == f"bytes {start}-{end}/{len(DATA)}"
    assert headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize("header", [f"bytes={len(DATA)}-", "bytes=9-3", "bytes=-0"])
def test_a_range_outside_is_refused_with_the_size(header: str) -> None:
    status, body, headers = ask(header)
    assert (status, body, headers["Content-Range"]) == (416, b"", f"bytes */{len(DATA)}")


@pytest.mark.parametrize("header", ["bytes=0-1,5-6", "bytes=-", "seconds=1-2", "bytes=a-b", ""])
def test_what_is_not_one_range_gives_the_whole_file(header: str) -> None:
    assert ask(header)[:2] == (200, DATA)


def test_an_empty_file() -> None:
    assert ask(None, b"")[:2] == (200, b"")
    assert ask("bytes=0-", b"")[0] == 416
