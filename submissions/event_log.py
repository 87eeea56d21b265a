"""The entry's log: one line for everything that happens to an entry."""

from datetime import datetime
from typing import Any

from festival.people.actor import Actor
from submissions.models import Entry, Event


def log_event(*, entry: Entry, kind: str, by: Actor, at: datetime, **values: Any) -> Event:
    """Add a line to the entry's log."""
    return Event.objects.create(entry=entry, kind=kind, actor=by.user, at=at, values=values)
