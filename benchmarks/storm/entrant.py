"""One entrant: what the page's own client does (static/js/upload-transfer.js), spoken over a wire of our own."""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from benchmarks.storm.ledger import Ledger
from benchmarks.storm.plan import Person, Plan
from benchmarks.storm.wire import Answer, Cut, Silent, Wire

PARALLEL = 3
SIGN_AHEAD = 12
ROUNDS = 20  # of sending what the server says is missing
AGAIN = ("cut_off", "address_expired", "wrong_length", "wrong_checksum")


class Refusal(Exception):
    """What the server says no to; `again`: worth trying without being asked."""

    def __init__(self, status: int, code: str, *, again: bool, missing: list[int] | None = None) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.again, self.missing = status, code, again, missing or []


class GaveUp(Exception):
    """The storm is broken off."""


class Entrant:
    """Goes its way from opening the page to submitting the entry; everything it hears goes into the ledger."""

    def __init__(self, person: Person, entry: str, session: str, plan: Plan, ledger: Ledger) -> None:
        self.person, self.entry, self.plan, self.ledger = person, entry, plan, ledger
        self.film = plan.film(person)
        self.site = Wire(*plan.address, plan.line_speed)
        self.stores: dict[str, Wire] = {}
        self.cookies = {"sessionid": session}
        self.dice = random.Random(person.seed)
        self.session: dict[str, Any] = {}
        self.done: set[int] = set()
        self.addresses: dict[int, tuple[str, float]] = {}
        self.acknowledged: dict[str, set[int]] = {}  # parts, by upload

    async def act(self) -> None:
        """The whole way, until the storm is over."""
        try:
            await self._act()
        except Refusal as error:
            self.ledger.add(self.person.number, "refused", time.time(), error.status, code=error.code)
        except GaveUp:
            self.ledger.add(self.person.number, "gave_up", time.time(), 0)
        finally:
            self.leave()

    async def act_later(self) -> None:
        """What those do who vanished in the storm and come back when it is over."""
        try:
            await self.open()
            await self.finish()
        except Refusal as error:
            self.ledger.add(self.person.number, "refused", time.time(), error.status, code=error.code)
        except GaveUp:
            self.ledger.add(self.person.number, "gave_up", time.time(), 0)
        finally:
            self.leave()

    async def _act(self) -> None:
        way = self.person.way
        await self.until(self.person.begin)
        await self.open()
        if way == "late":
            self.broken("begun after the deadline, and taken")
            return
        if way in ("returns", "later", "never"):
            await self.send(self.half)
            await self.vanish()
            if way != "returns":
                return
            await asyncio.sleep(self.dice.uniform(0.02, 0.1) * self.plan.deadline)
            await self.open()
        if way in ("discards", "anew"):
            await self.send(self.half)
            await self.persist(lambda tries: self.ask("abort", self.session["abort"], {}, tries))
            if way == "discards":
                return
            before = self.session["id"]
            await self.begin()
            if self.session["id"] == before:
                self.broken("begun anew, and given the discarded upload")
        await self.send()
        await self.until(self.person.end)
        await self.finish()
        if self.person.submits:
            await self.submit()

    async def until(self, share: float) -> None:
        await asyncio.sleep(max(0.0, self.plan.began + share * self.plan.deadline - time.time()))

    def broken(self, said: str) -> None:
        self.ledger.broken(self.person.number, said, self.session.get("id", ""))

    @property
    def half(self) -> int:
        return self.session["part_count"] // 2

    # The protocol

    async def open(self) -> None:
        """Open the page of the entry, choose the file."""
        await self.persist(lambda tries: self.ask("page", f"/entries/{self.entry}/", None, tries))
        await self.begin()

    async def begin(self) -> None:
        about = {
            "entry": self.entry,
            "filename": self.person.filename,
            "size": self.film.size,
            "fingerprint": f"{self.person.filename}|{self.film.size}|{self.person.seed}",
        }
        self.session = await self.persist(lambda tries: self.ask("create", "/uploads/", about, tries))
        self.hold(self.session)
        self.done = {
            part["number"] for part in self.session["parts"] if part["size"] == self.length(part["number"])
        }
        self.addresses.clear()

    def hold(self, session: dict[str, Any]) -> None:
        """Whatever the server has acknowledged must be in its list."""
        listed = {part["number"]: part["size"] for part in session["parts"]}
        for number in self.acknowledged.get(session["id"], ()):
            if listed.get(number) != self.length(number):
                self.broken(f"part {number} was acknowledged and is listed as {listed.get(number)}")

    def length(self, number: int) -> int:
        size = self.session["part_size"]
        return min(size, self.film.size - (number - 1) * size)

    async def send(self, most: int | None = None) -> None:
        """Send the missing parts, three at a time, each not before its time; `most`: up to this one."""
        waiting = [
            number for number in range(1, (self.session["part_count"] if most is None else most) + 1)
            if number not in self.done
        ]  # fmt: skip

        async def hand() -> None:
            while waiting:
                number = waiting.pop(0)
                way = self.person.end - self.person.begin
                await self.until(self.person.begin + way * (number - 1) / self.session["part_count"])
                if self.person.way == "twice":
                    await together(self.send_part(number), self.send_part(number))
                else:
                    await self.send_part(number)

        await together(*(hand() for _ in range(min(PARALLEL, len(waiting)))))

    async def send_part(self, number: int) -> None:
        await self.persist(lambda tries: self.put(number, tries))
        self.done.add(number)

    async def address(self, number: int) -> str:
        known = self.addresses.get(number)
        if known and known[1] > time.monotonic():
            return known[0]
        last = min(number + SIGN_AHEAD, self.session["part_count"])
        signed = await self.ask("sign", self.session["sign"], {"first": number, "last": last})
        until = time.monotonic() + signed["seconds"] / 2
        self.addresses.update({part["number"]: (part["url"], until) for part in signed["parts"]})
        return self.addresses[number][0]

    async def put(self, number: int, tries: int) -> dict[str, Any]:
        url = await self.address(number)
        wire, path, headers, store = self.line_to(url)
        size = self.length(number)
        pieces = self.film.pieces((number - 1) * self.session["part_size"], size)
        upload = self.session["id"]
        try:
            answer = await self.talk(
                "part", wire, "PUT", path, headers, pieces, size, again=tries, upload=upload, number=number, size=size,
                store=store,
            )  # fmt: skip
        except Refusal as error:
            self.addresses.pop(number, None)
            if store and error.code == "NoSuchUpload":
                raise Refusal(410, "upload_over", again=False) from None
            raise
        self.acknowledged.setdefault(upload, set()).add(number)
        return {"etag": answer.headers.get("etag", "")}

    def line_to(self, url: str) -> tuple[Wire, str, dict[str, str], bool]:
        """The wire, the path and what is said with it; the bucket gets the bytes alone."""
        headers = {"Content-Type": "application/octet-stream"}
        if not url.startswith("http"):
            return self.site, url, {**headers, **self.said()}, False
        parts = urlsplit(url)
        if parts.netloc not in self.stores:
            self.stores[parts.netloc] = Wire(parts.hostname or "", parts.port or 80, self.plan.line_speed)
        return self.stores[parts.netloc], f"{parts.path}?{parts.query}", headers, True

    async def vanish(self) -> None:
        """In the middle of the next part the line is gone; the browser is closed."""
        number = self.half + 1
        if number not in self.done:
            try:
                url = await self.address(number)
                wire, path, headers, _store = self.line_to(url)
                size = self.length(number)
                first = self.film.pieces((number - 1) * self.session["part_size"], size // 2)
                await wire.half(path, headers, size, first)
            except (OSError, Refusal):
                pass
        self.leave()

    def leave(self) -> None:
        for wire in (self.site, *self.stores.values()):
            wire.close()

    async def finish(self) -> None:
        """Complete; send what the server says is missing; a second window may complete at the same moment."""
        for _round in range(ROUNDS):
            try:
                if self.person.way == "both":
                    await together(self.complete(), self.complete())
                else:
                    await self.complete()
                return
            except Refusal as error:
                if error.code == "missing_parts":
                    for number in error.missing:
                        if number in self.acknowledged.get(self.session["id"], ()):
                            self.broken(f"part {number} was acknowledged and is missing")
                    self.done -= set(error.missing)
                    await self.send()
                elif error.code != "upload_over" or await self.state() != "complete":
                    raise
        raise GaveUp

    async def complete(self) -> dict[str, Any]:
        return await self.persist(lambda tries: self.ask("complete", self.session["complete"], {}, tries))

    async def state(self) -> str:
        session = await self.persist(lambda tries: self.ask("list", self.session["list"], None, tries))
        if session["state"] == "open":
            self.hold(session)
        return str(session["state"])

    async def submit(self) -> None:
        """Its answer may be lost; whoever asks again is told that it was done already."""
        try:
            await self.persist(lambda tries: self.ask("submit", f"/entries/{self.entry}/submit/", {}, tries))
        except Refusal as error:
            if error.code != "already":
                raise

    # The line

    async def persist(self, action: Callable[[int], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        """Try until it succeeds or is refused for good; wait longer each time."""
        tries = 0
        while True:
            try:
                return await action(tries)
            except Refusal as error:
                if not error.again:
                    raise
            tries += 1
            wait = min(self.plan.longest_wait, 0.5 * 2 ** min(tries, 7)) * (0.7 + 0.6 * self.dice.random())
            if time.time() + wait > self.plan.began + self.plan.patience:
                raise GaveUp
            await asyncio.sleep(wait)

    def said(self) -> dict[str, str]:
        return {
            "Accept": "application/json",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }

    async def ask(self, what: str, path: str, body: dict[str, Any] | None, tries: int = 0) -> dict[str, Any]:
        """One question to the site: GET without a body, else POST."""
        headers = self.said()
        data, kind = b"", "application/json"
        if what == "page":
            headers["Accept"] = "text/html"
        if body is not None:
            data = json.dumps(body).encode()
            if what == "submit":  # a form, as the page has it
                data, kind = b"", "application/x-www-form-urlencoded"
            headers |= {
                "Content-Type": kind,
                "X-CSRFToken": self.cookies.get("csrftoken", ""),
                "Origin": "http://{}:{}".format(*self.plan.address),
            }
        method = "GET" if body is None else "POST"
        length = None if body is None else len(data)
        upload = self.session.get("id", "") if what in ("sign", "list", "complete", "abort") else ""
        pieces = [data] if data else []
        answer = await self.talk(
            what, self.site, method, path, headers, pieces, length, again=tries, upload=upload
        )
        self.cookies |= {name: value for name, value in answer.cookies.items() if value}
        if not answer.headers.get("content-type", "").startswith("application/json"):
            return {}
        return dict(json.loads(answer.body))

    async def talk(
        self, what: str, wire: Wire, method: str, path: str, headers: dict[str, str], pieces: Any, length: int | None,
        **about: Any,
    ) -> Answer:  # fmt: skip
        """One request and its line in the ledger. Raises Refusal for everything but success."""
        sent, who = time.time(), self.person.number
        try:
            answer = await wire.ask(method, path, headers, pieces, length)
        except OSError as error:
            self.ledger.add(who, what, sent, 0, code=broke_off(error), **about)
            raise Refusal(0, "offline", again=True) from None
        said = read_json(answer)
        if answer.status < 400:
            if what == "create":
                about["upload"] = said.get("id", "")
            if what == "complete":
                about["number"] = said.get("version", 0)
            if what == "part":
                about["etag"] = answer.headers.get("etag", "").strip('"')
            self.ledger.add(who, what, sent, answer.status, **about)
            return answer
        code = said.get("error") or code_of_store(answer.body) or f"http_{answer.status}"
        again = code in AGAIN or ((answer.status >= 500 or answer.status == 408) and answer.status != 507)
        again = again or (about.get("store", False) and code != "NoSuchUpload")
        self.ledger.add(who, what, sent, answer.status, code=code, **about)
        raise Refusal(answer.status, code, again=again, missing=said.get("missing"))


async def together(*work: Awaitable[Any]) -> None:
    """All at once; when one fails the others come to their end before its trouble is told."""
    for result in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


def read_json(answer: Answer) -> dict[str, Any]:
    if not answer.headers.get("content-type", "").startswith("application/json"):
        return {}
    return dict(json.loads(answer.body))


def code_of_store(body: bytes) -> str:
    """The word in a bucket's refusal."""
    _, found, rest = body.partition(b"<Code>")
    return rest.partition(b"</Code>")[0].decode() if found else ""


def broke_off(error: OSError) -> str:
    if isinstance(error, Cut):
        return "closed"
    if isinstance(error, Silent):
        return "silent"
    return {ConnectionRefusedError: "refused", ConnectionResetError: "reset"}.get(
        type(error), type(error).__name__
    )
