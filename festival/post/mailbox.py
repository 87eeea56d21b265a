"""The demo's mail: written to a folder, read in the browser at /mailbox/. Never used outside the demo."""

import email
import email.parser
import email.policy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.utils import timezone

LOOKED_AT = 500  # of the newest; a demo has no more


class FolderBackend(BaseEmailBackend):
    """Writes each message as one .eml file, named by time, whole or not at all."""

    def send_messages(self, email_messages: list[EmailMessage]) -> int:
        folder = Path(settings.MAIL_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        for number, message in enumerate(email_messages):
            name = f"{timezone.now():%Y%m%d-%H%M%S-%f}-{number}.eml"
            partial = folder / f".{name}"
            partial.write_bytes(message.message().as_bytes())
            partial.rename(folder / name)
        return len(email_messages)


@dataclass(frozen=True, slots=True)
class Mail:
    name: str
    to: str
    subject: str
    date: datetime
    text: str


def files() -> list[Path]:
    """The last messages, newest first."""
    folder = Path(settings.MAIL_FOLDER)
    return sorted(folder.glob("[!.]*.eml"), reverse=True)[:LOOKED_AT] if folder.is_dir() else []


def people() -> list[str]:
    """Everybody who got one of the last messages."""
    parser = email.parser.BytesHeaderParser(policy=email.policy.default)
    return sorted({str(parser.parsebytes(path.read_bytes())["To"]) for path in files()})


def newest(count: int = 50, *, to: str = "") -> list[Mail]:
    """The last messages, newest first; `to` one person when that is given."""
    mails: list[Mail] = []
    for path in files():
        if len(mails) == count:
            break
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if to and str(message["To"]) != to:
            continue
        body = message.get_body(("plain",))
        mails.append(
            Mail(
                path.name,
                str(message["To"]),
                str(message["Subject"]),
                message["Date"].datetime,
                body.get_content() if body else "",
            )
        )
    return mails
