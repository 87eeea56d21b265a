"""The bytes of a part as they arrive in a request.

gunicorn hands a body over through three buffers that each copy it; reading it costs several times what the kernel
takes to deliver it. So a part goes straight from its socket into its file (splice), or into one buffer where it is to
be hashed, and gunicorn is told how much of the body is gone. Where anything is not as known (another server, TLS ended
here, a test) the body is read as usual.
"""

import errno
import fcntl
import os
import select
import socket
import struct
import sys
from collections.abc import Buffer, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.http import HttpRequest

from submissions.intake.parts import BLOCK, Source

UNABLE = (errno.EINVAL, errno.ENOSYS, errno.EPERM)  # a kernel or a file system that cannot splice
PIPE = 1 << 20  # bytes that the kernel moves at once, where it may
STALLED = 60  # seconds without a byte; then the line counts as broken and its thread is free


class Body:
    """The request's body as every server gives it; a broken connection reads as its end."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def read(self, size: int, /) -> Buffer:
        try:
            return self.request.read(size)
        except OSError:  # Django's UnreadablePostError is one
            return b""


class StraightBody:
    """The rest of a body of known length from gunicorn's socket. What `read` gives is good until the next `read`."""

    def __init__(self, line: socket.socket, body: Any) -> None:
        self.line, self.body = line, body
        self.buffer = memoryview(bytearray(BLOCK))
        self.ahead = memoryview(body.reader.unreader.take_buffered())  # came with the headers
        self.pipe: tuple[int, int] | None = None
        self.splices = True
        self.there = select.poll()
        self.there.register(line, select.POLLIN)

    def read(self, size: int, /) -> Buffer:
        size = min(size, self.body.reader.length)
        if not size:  # the kernel would take it for "as much as there is"
            return b""
        if self.ahead:
            block, self.ahead = self.ahead[:size], self.ahead[size:]
        else:
            block = self.buffer[: self._receive(min(size, len(self.buffer)))]
        self.body.reader.length -= len(block)
        return block

    def _receive(self, size: int) -> int:
        try:
            return self.line.recv_into(self.buffer, size, socket.MSG_WAITALL)
        except OSError:  # broken, or stalled for too long
            self.body.failed = True  # gunicorn then ends the connection
            return 0

    def pour(self, file: int, size: int, /) -> int:
        """As `Poured` says. On a slow line it waits until a block has come: a call costs as much as many bytes."""
        size = min(size, self.body.reader.length)
        if self.ahead or not size or not self.splices:
            block = self.read(size)
            return _write_all(file, block)
        entry, outlet = self._pipe()
        try:
            self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, min(size, BLOCK))
            self.there.poll(STALLED * 1000)
            count = left = os.splice(self.line.fileno(), outlet, min(size, PIPE), flags=os.SPLICE_F_NONBLOCK)
        except OSError as error:
            if error.errno in UNABLE:
                self.splices = False
                return self.pour(file, size)
            self.body.failed = True  # broken, or not a byte came for too long
            return 0
        self.body.reader.length -= count
        while left and self.splices:
            try:
                left -= os.splice(entry, file, left)
            except OSError as error:
                if error.errno not in UNABLE:
                    raise
                self.splices = False
        while left:
            left -= _write_all(file, os.read(entry, left))
        return count

    def _pipe(self) -> tuple[int, int]:
        """A pipe is what the kernel moves bytes through. Where it may not be large, it is used as it is."""
        if self.pipe is None:
            self.pipe = os.pipe()
            with suppress(OSError):
                fcntl.fcntl(self.pipe[1], fcntl.F_SETPIPE_SZ, PIPE)
        return self.pipe

    def close(self) -> None:
        """Give back what came too early: the beginning of the connection's next request."""
        for end in self.pipe or ():
            os.close(end)
        if self.ahead:
            self.body.reader.unreader.unread(bytes(self.ahead))


def _write_all(file: int, block: Buffer) -> int:
    rest = memoryview(block)
    while rest:
        rest = rest[os.write(file, rest) :]
    return len(memoryview(block))


@contextmanager
def body_of(request: HttpRequest) -> Iterator[Source]:
    """The body to be read, by the shortest way there is."""
    line, body = request.META.get("gunicorn.socket"), request.META.get("wsgi.input")
    if not _is_known(line, body) or request._read_started:
        yield Body(request)
        return
    assert isinstance(line, socket.socket)
    straight = StraightBody(line, body)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", STALLED, 0))
    try:
        yield straight
    finally:
        straight.close()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, 0))
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)


def _is_known(line: object, body: object) -> bool:
    """Whether these are gunicorn's own, as this module knows them: a plain socket, and a body of announced length."""
    theirs, unreaders = sys.modules.get("gunicorn.http.body"), sys.modules.get("gunicorn.http.unreader")
    if (
        theirs is None
        or unreaders is None
        or type(line) is not socket.socket
        or type(body) is not theirs.Body
    ):
        return False
    reader = body.reader
    return (
        type(reader) is theirs.LengthReader
        and type(reader.unreader) is unreaders.SocketUnreader
        and reader.unreader.sock is line
        and not body.buf.getvalue()
        and line.gettimeout() is None
        and hasattr(os, "splice")  # Linux
    )
