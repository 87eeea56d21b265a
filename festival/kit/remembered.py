"""Figures over a whole edition that are costly where there is much to count."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db import transaction

SECONDS = 60
AT_WORK = 15  # seconds, of what people are changing at that moment
MANY = 1000  # what counts fewer rows is quick, and always counted anew


def name(*parts: object) -> str:
    """A name for what depends on all of `parts`, of whatever characters and length."""
    return sha256("\0".join(map(str, parts)).encode()).hexdigest()


def figures[T](name: str, count: Callable[[], T], rows: Callable[[T], int], *, seconds: int = SECONDS) -> T:
    """What `count` gives; for a minute (`seconds`) what it gave last, where `rows` says that it counted a thousand or
    more.
    """
    known: Any = cache.get(name)
    if known is not None:
        return known
    found = count()
    if rows(found) >= MANY:
        cache.set(name, found, seconds)
    return found


def forget(name: str) -> None:
    """What was remembered under the name is counted anew, once what is being written stands in the database."""
    transaction.on_commit(lambda: cache.delete(name))
