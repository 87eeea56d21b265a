"""A mail server of the test's own."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.post.mailserver import MailServer, mail_server


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    """The site mails through it."""
    with mail_server() as running:
        settings.MAILERS = running.mailers
        yield running
