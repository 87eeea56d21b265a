"""A client of the upload protocol, as the browser's is, over Django's test client."""

import hashlib
import http.client
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from festival.people.models import User
from submissions.models import Entry


@dataclass(frozen=True)
class Answer:
    """What a bucket said to a PUT."""

    status_code: int
    headers: dict[str, str]
    content: bytes


def put_to_bucket(url: str, data: bytes, **headers: str) -> Answer:
    """PUT to another server than the site's own, as a browser without cookies would.

    Status 0: it broke the connection off, as some do with a body that they will not have.
    """
    split = urlsplit(url)
    with closing(http.client.HTTPConnection(split.netloc, timeout=30)) as line:
        with suppress(OSError):  # its answer may have come before
            line.request("PUT", f"{split.path}?{split.query}", data, headers)
        try:
            answer = line.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        except (OSError, http.client.HTTPException):
            return Answer(0, {}, b"")


@dataclass
class Uploader:
    client: Client
    entry: Entry
    data: bytes
    name: str = "film.mp4"

    @classmethod
    def of(
        cls, entry: Entry, film: Path | bytes, *, user: User | None = None, name: str = "film.mp4"
    ) -> "Uploader":
        client = Client()
        client.force_login(user or entry.entrant)
        return cls(client, entry, film if isinstance(film, bytes) else film.read_bytes(), name)

    def post(self, url: str, body: Any) -> Any:
        return self.client.post(
            url, body, content_type="application/json", headers={"Accept": "application/json"}
        )

    def create(self, **changed: Any) -> Any:
        """The response; its JSON is the session."""
        body = {
            "entry": self.entry.code,
            "filename": self.name,
            "size": len(self.data),
            "fingerprint": hashlib.sha256(self.data).hexdigest(),
        }
        return self.post("/uploads/", {**body, **changed})

    def sign(self, session: dict[str, Any], first: int = 1, last: int | None = None) -> dict[int, str]:
        response = self.post(session["sign"], {"first": first, "last": last or session["part_count"]})
        assert response.status_code == 200, response.content
        return {part["number"]: part["url"] for part in response.json()["parts"]}

    def piece(self, session: dict[str, Any], number: int) -> bytes:
        size = session["part_size"]
        return self.data[(number - 1) * size : number * size]

    def put(self, url: str, data: bytes, **extra: Any) -> Any:
        if url.startswith("http"):
            return put_to_bucket(url, data)
        return self.client.put(url, data, content_type="application/octet-stream", **extra)

    def put_all(self, session: dict[str, Any], numbers: list[int] | None = None) -> None:
        for first in range(1, session["part_count"] + 1, 100):  # a hundred addresses at a time
            for number, url in self.sign(session, first).items():
                if numbers is None or number in numbers:
                    response = self.put(url, self.piece(session, number))
                    assert response.status_code == 200, response.content

    def complete(self, session: dict[str, Any]) -> Any:
        return self.post(session["complete"], {})

    def send(self) -> Any:
        """The whole film; gives the answer to complete."""
        session = self.create().json()
        self.put_all(session)
        answer = self.complete(session)
        assert answer.status_code == 200, answer.content
        return answer
