"""Bodies read from gunicorn's socket: over its own classes and real sockets, as its workers use them."""

import socket
from collections.abc import Iterator

import pytest
from django.test import RequestFactory
from gunicorn.http.body import Body as TheirBody
from gunicorn.http.body import ChunkedReader, LengthReader
from gunicorn.http.unreader import SocketUnreader

from submissions.intake import body as bodies
from submissions.intake.body import Body, StraightBody, body_of

DATA = bytes(range(256)) * 4096  # 1 MiB


@pytest.fixture
def lines() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The client's end and the server's."""
    client, server = socket.socketpair()
    with client, server:
        yield client, server


def request_over(server: socket.socket, length: int, ahead: bytes = b"") -> object:
    """A request as gunicorn hands it over; `ahead` came in one piece with the headers."""
    unreader = SocketUnreader(server)
    unreader.unread(ahead)
    body = TheirBody(LengthReader(unreader, length))
    request = RequestFactory().put("/")
    request.META.update({"wsgi.input": body, "gunicorn.socket": server})
    return request


def read_all(source: object, piece: int = 100_000) -> bytes:
    whole = b""
    while block := bytes(source.read(piece)):
        whole += block
    return whole


def test_the_whole_body_and_not_a_byte_more(lines: tuple[socket.socket, socket.socket]) -> None:
    client, server = lines
    sent = DATA[:150_000]
    request = request_over(server, len(sent), sent[:500])
    client.sendall(sent[500:] + b"GET /next HTTP/1.1\r\n")
    with body_of(request) as source:
        assert type(source) is StraightBody
        assert read_all(source) == sent
    theirs = request.META["wsgi.input"]
    assert (theirs.reader.length, theirs.failed) == (0, False)
    assert theirs.read(10) == b""
    assert server.recv(100) == b"GET /next HTTP/1.1\r\n"


def test_what_came_of_the_next_request_is_given_back(lines: tuple[socket.socket, socket.socket]) -> None:
    request = request_over(lines[1], 5, b"12345GET /next")
    with body_of(request) as source:
        assert read_all(source) == b"12345"
    assert request.META["wsgi.input"].reader.unreader.take_buffered() == b"GET /next"


def test_what_nobody_read_is_left_for_the_server(lines: tuple[socket.socket, socket.socket]) -> None:
    """A refused part: gunicorn drains what is left of it, from the right place on."""
    request = request_over(lines[1], 10, b"12345")
    lines[0].sendall(b"67890")
    with body_of(request) as source:
        assert bytes(source.read(2)) == b"12"
    assert request.META["wsgi.input"].read(100) == b"34567890"


@pytest.mark.parametrize("stalls", [False, True])
def test_a_broken_line_is_the_end(
    lines: tuple[socket.socket, socket.socket], stalls: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, server = lines
    monkeypatch.setattr(bodies, "STALLED", 1)
    request = request_over(server, 1000)
    client.sendall(b"only this")
    if not stalls:
        client.close()
    with body_of(request) as source:
        assert read_all(source) == b"only this"
    assert request.META["wsgi.input"].reader.length == 991
    assert request.META["wsgi.input"].failed is stalls  # a closed one is found closed
    assert server.getsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, 16) == bytes(16)


def test_anything_else_is_read_as_usual(lines: tuple[socket.socket, socket.socket]) -> None:
    known = request_over(lines[1], 5, b"12345")
    chunked = RequestFactory().put("/")
    chunked.META.update(
        {
            "wsgi.input": TheirBody(ChunkedReader(None, SocketUnreader(lines[1]))),
            "gunicorn.socket": lines[1],
        }
    )
    waiting = request_over(lines[1], 5, b"12345")
    waiting.META["wsgi.input"].buf.write(b"read ahead")
    for request in (RequestFactory().put("/", b"12345"), chunked, waiting):
        with body_of(request) as source:
            assert type(source) is Body
    with body_of(known) as source:
        assert type(source) is StraightBody
