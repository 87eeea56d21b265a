"""HTTP/1.1 for hundreds of clients at once in one process: connections kept open as a browser keeps them."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

UNANSWERED = 90  # seconds without an answer
STALLED = 60  # seconds in which not one byte of a body went out
READ_LIMIT = 1 << 18


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    cookies: dict[str, str]
    body: bytes


class Silent(OSError):
    """The other side did not answer, or took nothing, for too long."""


class Cut(OSError):
    """The other side closed the connection before it had answered."""


Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Wire:
    """The connections of one client to one server."""

    def __init__(self, host: str, port: int, speed: float = 0) -> None:
        self.host, self.port, self.speed = host, port, speed
        self.idle: list[Ends] = []

    async def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: Iterable[bytes | memoryview] = (),
        length: int | None = None,
    ) -> Answer:
        """One request. Raises OSError of some kind when no answer came.

        A connection that was kept open and has been closed meanwhile is replaced once without a word, as browsers do.
        """
        head = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}"]
        head += [f"{name}: {value}" for name, value in headers.items()]
        if length is not None:
            head.append(f"Content-Length: {length}")
        first = ("\r\n".join(head) + "\r\n\r\n").encode()
        pieces = list(body)
        while self.idle:
            ends = self.idle.pop()
            if not ends[0].at_eof():
                try:
                    return await self._talk(ends, first, pieces)
                except (Cut, ConnectionError):
                    break
        reader, writer = await asyncio.open_connection(self.host, self.port, limit=READ_LIMIT)
        return await self._talk((reader, writer), first, pieces)

    async def _talk(self, ends: Ends, first: bytes, pieces: list[bytes | memoryview]) -> Answer:
        reader, writer = ends
        keep = False
        try:
            with suppress(ConnectionError):  # its answer may have come before the end of the body
                await self._send(writer, [first, *pieces])
            answer, keep = await asyncio.wait_for(self._answer(reader), UNANSWERED)
            return answer
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise Cut("closed without an answer") from error
        except TimeoutError as error:
            raise Silent("no answer") from error
        finally:
            if keep:
                self.idle.append(ends)
            else:
                writer.transport.abort()

    async def _send(self, writer: asyncio.StreamWriter, pieces: list[bytes | memoryview]) -> None:
        for piece in pieces:
            writer.write(piece)
            await asyncio.wait_for(writer.drain(), STALLED)
            if self.speed:
                await asyncio.sleep(len(piece) / self.speed)

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[Answer, bool]:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            status = int(head[0].split()[1])
            if status >= 200:
                break
        headers: dict[str, str] = {}
        cookies: dict[str, str] = {}
        for line in filter(None, head[1:]):
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
            if name.lower() == "set-cookie":
                key, _, rest = value.strip().partition("=")
                cookies[key] = rest.partition(";")[0]
        body = b""
        if headers.get("transfer-encoding", "").lower() == "chunked":
            while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
                body += (await reader.readexactly(size + 2))[:-2]
            await reader.readuntil(b"\r\n")
        elif status not in (204, 304):
            body = await reader.readexactly(int(headers.get("content-length", "0")))
        keep = headers.get("connection", "").lower() != "close"
        return Answer(status, headers, cookies, body), keep

    async def half(
        self, path: str, headers: Mapping[str, str], length: int, body: Iterable[memoryview]
    ) -> None:
        """Begin to send a body and vanish."""
        head = [f"PUT {path} HTTP/1.1", f"Host: {self.host}:{self.port}", f"Content-Length: {length}"]
        head += [f"{name}: {value}" for name, value in headers.items()]
        _reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            await self._send(writer, [("\r\n".join(head) + "\r\n\r\n").encode(), *body])
        finally:
            writer.transport.abort()

    def close(self) -> None:
        for _reader, writer in self.idle:
            writer.transport.abort()
        self.idle.clear()
