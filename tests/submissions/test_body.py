"""Bodies read from gunicorn's socket: over its own classes and real sockets, as its workers use them."""

import errno
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from django.test import RequestFactory
from gunicorn.http.body import Body as TheirBody
from gunicorn.http.body import ChunkedReader, LengthReader
from gunicorn.http.unreader import SocketUnreader

from submissions.intake import body as bodies
from submissions.intake.body import Body, StraightBody, body_of
from submissions.intake.parts import Poured

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


# --- Poured into a file -------------------------------------------------------------------------------------


def pour_all(source: StraightBody, path: Path, piece: int = 100_000) -> bytes:
    with open(path, "wb", buffering=0) as file:
        while source.pour(file.fileno(), piece):
            pass
    return path.read_bytes()


@pytest.fixture(params=["local", "tcp"])
def pair(request: pytest.FixtureRequest) -> Iterator[tuple[socket.socket, socket.socket]]:
    """The client's end and the server's; over TCP the kernel keeps small pieces back until there are enough."""
    if request.param == "local":
        client, server = socket.socketpair()
    else:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            client = socket.create_connection(listening.getsockname())
            server, _address = listening.accept()
    with client, server:
        yield client, server


@pytest.mark.parametrize("ahead", [0, 500])
def test_poured_whole_and_not_a_byte_more(
    pair: tuple[socket.socket, socket.socket], tmp_path: Path, ahead: int
) -> None:
    client, server = pair
    request = request_over(server, len(DATA), DATA[:ahead])
    sender = Thread(target=client.sendall, args=(DATA[ahead:] + b"GET /next",))
    sender.start()
    with body_of(request) as source:
        assert isinstance(source, Poured)
        assert pour_all(source, tmp_path / "part") == DATA
    sender.join()
    theirs = request.META["wsgi.input"]
    assert (theirs.reader.length, theirs.failed) == (0, False)
    assert server.recv(100) == b"GET /next"  # one byte is enough to be heard again


def test_poured_and_read_in_turns(lines: tuple[socket.socket, socket.socket], tmp_path: Path) -> None:
    request = request_over(lines[1], 10, b"12")
    lines[0].sendall(b"34567890")
    with body_of(request) as source, open(tmp_path / "part", "wb", buffering=0) as file:
        assert source.pour(file.fileno(), 1) == 1
        assert bytes(source.read(2)) == b"2"
        assert source.pour(file.fileno(), 3) == 3
        assert bytes(source.read(2)) == b"67"
    assert (tmp_path / "part").read_bytes() == b"1345"
    assert request.META["wsgi.input"].read(100) == b"890"


@pytest.mark.parametrize("stalls", [False, True])
def test_pouring_ends_where_the_line_does(
    pair: tuple[socket.socket, socket.socket], tmp_path: Path, stalls: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came before a stall is taken: a slow line is no broken one."""
    client, server = pair
    monkeypatch.setattr(bodies, "STALLED", 1)
    request = request_over(server, 1000)
    client.sendall(b"only this")
    if not stalls:
        client.close()
    with body_of(request) as source:
        assert pour_all(source, tmp_path / "part") == b"only this"
    theirs = request.META["wsgi.input"]
    assert (theirs.reader.length, theirs.failed) == (991, stalls)


def test_a_file_that_takes_nothing_is_told_and_the_line_stays_in_step(
    lines: tuple[socket.socket, socket.socket], tmp_path: Path
) -> None:
    request = request_over(lines[1], 10)
    lines[0].sendall(b"1234567890")
    (tmp_path / "part").touch()
    with (
        body_of(request) as source,
        open(tmp_path / "part", "rb", buffering=0) as file,
        pytest.raises(OSError, match="Bad file descriptor"),
    ):
        source.pour(file.fileno(), 4)
    assert request.META["wsgi.input"].read(100) == b"567890"


@pytest.mark.parametrize("side", ["socket", "file"])
def test_where_the_kernel_cannot_splice_it_is_read(
    lines: tuple[socket.socket, socket.socket], tmp_path: Path, side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    splice, server = os.splice, lines[1]

    def unable(source: int, *arguments: int, **flags: int) -> int:
        if (source == server.fileno()) == (side == "socket"):
            raise OSError(errno.EINVAL, "Invalid argument")
        return splice(source, *arguments, **flags)

    monkeypatch.setattr(os, "splice", unable)
    request = request_over(server, 100_000, DATA[:10])
    lines[0].sendall(DATA[10:100_000])
    with body_of(request) as source:
        assert pour_all(source, tmp_path / "part") == DATA[:100_000]
    assert request.META["wsgi.input"].failed is False
