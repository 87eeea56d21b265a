"""A real mail server on loopback that refuses, puts off and hangs up as a test says, and keeps what it took."""

import email
import email.policy
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tools.services import free_port


class MailServer:
    """`answers` gives an address its reply to RCPT; `says` the reply to a message; `connections` counts them."""

    def __init__(self) -> None:
        self.port = free_port()
        self.messages: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.says: Callable[[EmailMessage], str] = lambda _message: "250 OK"
        self.connections = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get(address, "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content: Any = envelope.content
        message = email.message_from_bytes(content, policy=email.policy.default)
        answer = self.says(message)
        if answer.startswith("250"):
            self.messages.append(message)
        return answer

    @property
    def mailers(self) -> dict[str, Any]:
        """Settings under which the site uses this server."""
        backend = "django.core.mail.backends.smtp.EmailBackend"
        return {
            "default": {"BACKEND": backend, "OPTIONS": {"host": "127.0.0.1", "port": self.port, "timeout": 5}}
        }

    def got(self) -> list[tuple[str, str]]:
        """Address and Message-ID of every message taken, in order."""
        return [(str(message["To"]), str(message["Message-ID"])) for message in self.messages]


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def slowly(seconds: float) -> Callable[[EmailMessage], str]:
    """A server that takes its time over each message."""

    def says(_message: EmailMessage) -> str:
        time.sleep(seconds)
        return "250 OK"

    return says
