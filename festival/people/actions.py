"""Writes of accounts."""

from festival.people.actor import Actor
from festival.people.models import LANGUAGES


def save_account(*, by: Actor, name: str, language: str) -> None:
    """A person's own name and language of messages."""
    by.user.name = name
    by.user.language = language
    by.user.save(update_fields=["name", "language"])


def choose_language(*, by: Actor, language: str) -> None:
    """Keep the language a signed-in person switched to; letters are written in it from now on."""
    if by.known and language in dict(LANGUAGES) and by.user.language != language:
        by.user.language = language
        by.user.save(update_fields=["language"])
