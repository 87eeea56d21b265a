"""Short ways to ask, grant and save in tests of corrections, and to read what is on record."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor, actor_of
from festival.people.roles import Role
from submissions.correction_actions import (
    ask_correction,
    grant_correction,
)
from submissions.correction_saves import save_correction
from submissions.correction_words import ChangeView, change_views
from submissions.models import Correction, CorrectionChange, Entry
from tests.factories import (
    make_edition,
    make_entry,
    make_member,
)

DAY = timedelta(days=1)


def entrant_of(entry: Entry) -> Actor:
    return actor_of(entry.entrant)


def an_entry(edition: Edition | None = None, **fields: Any) -> Entry:
    return make_entry(edition or make_edition(), **{"title": "Lamp", "ai_statement": "By hand."} | fields)


def an_organiser(entry: Entry) -> Actor:
    return make_member(entry.edition, Role.ORGANISER)


def ask(entry: Entry, *names: str, message: str = "A slip of the pen.") -> Correction:
    return ask_correction(
        entry=entry, names=list(names or ("title",)), message=message, by=entrant_of(entry), at=timezone.now()
    )


def grant(
    entry: Entry, *names: str, by: Actor | None = None, at: datetime | None = None, **more: Any
) -> Correction:
    at = at or timezone.now()
    more = {"until": at + 3 * DAY} | more
    return grant_correction(
        entry=entry, names=list(names or ("title",)), by=by or an_organiser(entry), at=at, **more
    )


def save(entry: Entry, *, at: datetime | None = None, seen: str | None = None, **values: Any) -> None:
    save_correction(entry=entry, values=values, by=entrant_of(entry), at=at or timezone.now(), seen=seen)


def code_of(doing: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refused:
        doing()
    return refused.value.code


def on_record(entry: Entry) -> list[tuple[str, Any, Any]]:
    rows = CorrectionChange.objects.filter(correction__entry=entry)
    return list(rows.order_by("pk").values_list("field", "before", "after"))


def views(entry: Entry, *, addresses: bool = True) -> list[ChangeView]:
    return change_views(
        CorrectionChange.objects.filter(correction__entry=entry), entry.edition, addresses=addresses
    )


def kinds_of(entry: Entry) -> list[str]:
    return list(entry.events.order_by("pk").values_list("kind", flat=True))
