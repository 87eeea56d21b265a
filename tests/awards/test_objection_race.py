"""Objections, decisions and the end of the notice at the same moment: whoever comes first holds, and nobody waits."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from festival.awards import objection_actions, objection_receiving
from festival.awards.models import Laureate, Objection, PublicNotice
from festival.awards.objection_receiving import Objector
from festival.kit.errors import Refused
from festival.people.actor import STRANGER, actor_of
from judging import award_steps as steps
from judging.models import AwardStep
from tests.factories import make_user
from tests.judging.test_award_return import objected, upheld
from tests.judging.test_award_steps import AT, DAY, HOUR, Jury
from tests.racing import together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
END = AT + 5 * DAY


@pytest.fixture
def jury() -> Jury:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    jury = Jury()
    jury.dated(announce=AT + 6 * DAY)
    jury.tell()
    steps.take_due_steps(at=AT + HOUR)
    return jury


def send(objector: Objector, at: Any) -> Objection:
    return objection_receiving.object_to(
        notice=PublicNotice.objects.get(), film="", ground="rules", text="So.", objector=objector, at=at
    )


@pytest.mark.parametrize("attempt", range(3))
def test_one_decision_holds_and_the_list_goes_back_once(jury: Jury, attempt: int) -> None:
    objection = objected()
    results = together(lambda: upheld(jury, objection), lambda: upheld(jury, objection, follows="stands"))
    assert sum(isinstance(result, Refused) for result in results) == 1
    back = Objection.objects.get().follows == "again"
    assert (jury.state() == "proposed") == back
    assert AwardStep.objects.filter(kind="reopened").count() == back


@pytest.mark.parametrize("attempt", range(3))
def test_the_clock_and_a_decision_that_takes_the_list_back(jury: Jury, attempt: int) -> None:
    objection = objected()
    together(lambda: upheld(jury, objection, at=AT + 6 * DAY), lambda: steps.take_due_steps(at=AT + 6 * DAY))
    steps.take_due_steps(at=AT + 7 * DAY)
    assert jury.state() == "proposed" and Laureate.objects.count() == 0
    assert PublicNotice.objects.get().taken_down_at == AT + 6 * DAY


@pytest.mark.parametrize("attempt", range(3))
def test_the_same_form_and_the_same_link_sent_twice_are_one(jury: Jury, attempt: int) -> None:
    objector = Objector(STRANGER, name="Li Na", email="li@example.org")
    together(lambda: send(objector, AT + DAY), lambda: send(objector, AT + DAY))
    objection = Objection.objects.get()
    late = AT + DAY + HOUR
    confirm = lambda: objection_receiving.confirm(objection=objection, by=STRANGER, at=late)  # noqa: E731
    together(confirm, confirm)
    assert objection.steps.count() == 1
    assert objection.letters.filter(kind="objection_received").count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_an_objection_in_the_last_second_comes_before_the_end_or_not_at_all(jury: Jury, attempt: int) -> None:
    objector = Objector(actor_of(make_user()), name="Li Na")
    second = timedelta(seconds=1)
    sent, _ended = together(lambda: send(objector, END - second), lambda: steps.take_due_steps(at=END))
    closed = PublicNotice.objects.get().closed_at
    assert isinstance(sent, Refused) == (closed is not None)
    assert Objection.objects.count() == (closed is None)


def test_decisions_and_confirmations_do_not_wait_for_each_other(jury: Jury) -> None:
    """Each takes its objection, then the list, then the notice."""
    first = objected()
    second = send(Objector(STRANGER, name="Li Na", email="li@example.org"), AT + DAY)
    third = objected(text="Another thing.")
    results = together(
        lambda: upheld(jury, first),
        lambda: objection_receiving.confirm(objection=second, by=STRANGER, at=AT + DAY + HOUR),
        lambda: objection_actions.ask(objection=third, text="Which?", by=jury.organiser, at=AT + DAY),
    )
    assert isinstance(results[0], Objection) and results[2] is not None
    assert isinstance(results[1], Objection | Refused)
    assert jury.state() == "proposed"


def test_one_that_is_being_confirmed_is_not_swept_away(jury: Jury) -> None:
    """Confirmed in the last second, written while the sweep runs: it stays, and the sweep does not wait for it."""
    objection = send(Objector(STRANGER, name="Li Na", email="li@example.org"), AT + DAY)
    other = send(Objector(STRANGER, name="Bo", email="bo@example.org"), AT + DAY)
    end, swept = objection.sent_at + DAY, []
    sweeper = threading.Thread(
        target=lambda: swept.extend(together(lambda: objection_receiving.sweep(at=end)))
    )
    with transaction.atomic():
        objection_receiving.confirm(objection=objection, by=STRANGER, at=end - timedelta(seconds=1))
        sweeper.start()
        sweeper.join(timeout=5)
    sweeper.join()
    assert swept == [1] and not Objection.objects.filter(pk=other.pk).exists()
    objection.refresh_from_db()
    assert objection.state == "received" and objection.letters.filter(kind="objection_received").exists()
