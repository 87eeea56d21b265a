"""Corrections at the same moment: of two who decide one does, and a save comes before the end or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from festival.post.models import Notice
from submissions.correction_actions import (
    ask_correction,
    close_correction,
    grant_correction,
    refuse_correction,
    take_back,
)
from submissions.correction_saves import save_correction
from submissions.models import Correction, CorrectionChange, Entry
from tests.factories import make_correction, make_edition, make_entry, make_member
from tests.racing import together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")


def an_entry() -> tuple[Edition, Entry]:
    edition = make_edition()
    return edition, make_entry(edition, title="Lamp")


def refused(results: list[Any]) -> list[str]:
    return [one.code for one in results if isinstance(one, Refused)]


@pytest.mark.parametrize("attempt", range(4))
def test_two_organisers_decide_and_the_entrant_takes_it_back(attempt: int) -> None:
    edition, entry = an_entry()
    row = make_correction(entry, state="asked")
    first, second = (make_member(edition, Role.ORGANISER) for _one in range(2))
    now = timezone.now()
    results = together(
        lambda: grant_correction(
            entry=entry, names=["title"], until=now + DAY, by=first, at=now, request=row.pk
        ),
        lambda: refuse_correction(entry=entry, request=row.pk, reason="No.", by=second, at=now),
        lambda: take_back(entry=entry, by=actor_of(entry.entrant), at=now),
    )
    row.refresh_from_db()
    # Taking back what was refused before is no fault: there is nothing any more.
    assert len(refused(results)) == (1 if row.state == "refused" else 2)
    assert entry.events.count() == 1
    assert Notice.objects.count() == (row.state != "over")


@pytest.mark.parametrize("attempt", range(4))
def test_two_tabs_ask_once(attempt: int) -> None:
    _edition, entry = an_entry()
    asking = {
        "entry": entry, "names": ["title"], "message": "Why.", "by": actor_of(entry.entrant), "at": timezone.now()
    }  # fmt: skip
    results = together(*[lambda: ask_correction(**asking)] * 3)
    assert refused(results) == ["open"] * 2
    assert Correction.objects.count() == 1


@pytest.mark.parametrize("attempt", range(4))
def test_two_organisers_open_without_being_asked(attempt: int) -> None:
    edition, entry = an_entry()
    now = timezone.now()
    organisers = [make_member(edition, Role.ORGANISER) for _one in range(3)]
    opening = [
        lambda by=by: grant_correction(entry=entry, names=["title"], until=now + DAY, by=by, at=now)
        for by in organisers
    ]
    assert refused(together(*opening)) == ["refused"] * 2
    assert Correction.objects.get().state == "granted"


@pytest.mark.parametrize("attempt", range(4))
def test_a_save_and_the_end(attempt: int) -> None:
    """Either the save is on record and the letter speaks of it, or it is refused and nothing was changed."""
    edition, entry = an_entry()
    row = make_correction(entry)
    organiser = make_member(edition, Role.ORGANISER)
    now = timezone.now()
    results = together(
        lambda: save_correction(
            entry=entry, values={"title": "The lamp"}, by=actor_of(entry.entrant), at=now
        ),
        lambda: close_correction(entry=entry, by=organiser, at=now),
    )
    entry.refresh_from_db()
    row.refresh_from_db()
    assert row.state == "over"
    saved = not refused(results)
    assert entry.title == ("The lamp" if saved else "Lamp")
    assert CorrectionChange.objects.count() == saved
    letter = Notice.objects.get(kind="correction_closed")
    assert ("Title" in letter.values["fields"]["en"]) == saved


@pytest.mark.parametrize("attempt", range(4))
def test_three_tabs_save_and_the_record_is_a_chain(attempt: int) -> None:
    _edition, entry = an_entry()
    make_correction(entry)
    by, now = actor_of(entry.entrant), timezone.now()
    together(
        *(
            lambda title=title: save_correction(entry=entry, values={"title": title}, by=by, at=now)
            for title in ("One", "Two", "Three")
        )
    )
    entry.refresh_from_db()
    chain = ["Lamp"]
    for change in CorrectionChange.objects.order_by("pk"):
        assert change.before == chain[-1]
        chain.append(change.after)
    assert (len(chain), chain[-1]) == (4, entry.title)
