"""A judge finishes at the very moment in which the chair closes: the score is in, or the judge is told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from festival.kit.errors import Refused
from festival.people.roles import Role
from judging import looks_actions, note_actions, rounds_actions, standing_actions, watch_actions
from judging.models import Look, LookNote
from tests.factories import make_edition, make_entry, make_member, make_round
from tests.racing import together

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(12))
def test_finishing_while_the_round_closes(attempt: int) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    edition = make_edition()
    chair, judge = make_member(edition, Role.CHAIR), make_member(edition, Role.JUDGE)
    make_entry(edition)
    round = make_round(edition, looks_per_film=1)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    look = Look.objects.select_related("round").get()
    scores = {"story": Decimal(8), "craft": Decimal(7)}

    def finish() -> Any:
        now = looks_actions.save_scores(look=look, by=judge, at=AT, revision=0, scores=scores, comment="")
        return looks_actions.finish_look(look=look, by=judge, at=AT, revision=now.revision)

    finished, standing = together(
        finish,
        lambda: rounds_actions.close_round(round=round, by=chair, at=AT, confirmed_pending=1),
    )
    row = standing.rows.get()
    if isinstance(finished, Refused):
        assert finished.code == "closed"
        assert (row.looks, row.mean) == (0, None)
    else:
        assert (row.looks, row.mean) == (1, Decimal("7.6"))
    assert standing_actions.replay(standing)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_judges_stand_aside_at_once() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    edition = make_edition()
    chair = make_member(edition, Role.CHAIR)
    jury = {actor.id: actor for actor in (make_member(edition, Role.JUDGE) for _number in range(4))}
    make_entry(edition)
    round = make_round(edition, looks_per_film=2)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    looks = list(Look.objects.select_related("round__edition"))

    def recuse(look: Look) -> Callable[[], Any]:
        return lambda: looks_actions.recuse(look=look, by=jury[look.judge_id], at=AT, reason="Friends.")

    together(*(recuse(look) for look in looks))
    assert Look.objects.filter(state="recused").count() == 2
    assert Look.objects.filter(state="pending").count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_tabs_save_at_once() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    edition = make_edition()
    chair, judge = make_member(edition, Role.CHAIR), make_member(edition, Role.JUDGE)
    make_entry(edition)
    round = make_round(edition, looks_per_film=1)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    look = Look.objects.select_related("round").get()

    def save(value: int) -> Callable[[], Any]:
        return lambda: looks_actions.save_scores(
            look=look, by=judge, at=AT, revision=0, scores={"story": Decimal(value)}, comment=""
        )

    results = together(*(save(value) for value in (3, 4, 5)))
    kept = [result for result in results if not isinstance(result, Refused)]
    assert len(kept) == 1
    assert all(isinstance(result, looks_actions.Stale) for result in results if result not in kept)
    assert looks_actions.kept(look.pk).scores == kept[0].scores


def make_one_look() -> tuple[Look, Any, Any]:
    edition = make_edition()
    chair, judge = make_member(edition, Role.CHAIR), make_member(edition, Role.JUDGE)
    make_entry(edition)
    round = make_round(edition, looks_per_film=1)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    look = Look.objects.select_related("round").get()
    watch_actions.mark_opened(look=look, at=AT)
    return look, judge, chair


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(4))
def test_a_note_sent_twice_at_the_same_moment_is_one(attempt: int) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    look, judge, _chair = make_one_look()

    def write(number: int) -> Callable[[], Any]:
        return lambda: note_actions.write_note(
            look=look,
            by=judge,
            at=AT,
            client_id=UUID(int=1),
            number=number,
            seconds=Decimal(3),
            text=f"change {number}",
            for_jury=False,
        )

    assert together(*(write(number) for number in (1, 1, 2))) == [None, None, None]
    assert [(note.number, note.text) for note in LookNote.objects.all()] == [(2, "change 2")]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_tabs_report_what_they_played_at_once() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    look, judge, _chair = make_one_look()
    later = AT + timedelta(minutes=5)

    def report(start: int) -> Callable[[], Any]:
        return lambda: watch_actions.record_watching(
            look=look, by=judge, played=[[start, start + 2]], at=later
        )

    together(*(report(start) for start in (0, 10, 20)))
    look.refresh_from_db()
    # The first moves the clock; the others are let in within its tolerance, and none overwrites another.
    assert look.watched_seconds == 6
    assert look.played == [[0, 2], [10, 12], [20, 22]]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(6))
def test_a_note_written_while_the_round_closes_is_kept_or_its_judge_is_told(attempt: int) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    look, judge, chair = make_one_look()
    written, _standing = together(
        lambda: note_actions.write_note(
            look=look,
            by=judge,
            at=AT,
            client_id=UUID(int=1),
            number=1,
            seconds=Decimal(3),
            text="late",
            for_jury=True,
        ),
        lambda: rounds_actions.close_round(round=look.round, by=chair, at=AT, confirmed_pending=1),
    )
    if isinstance(written, Refused):
        assert (written.code, LookNote.objects.count()) == ("closed", 0)
    else:
        assert LookNote.objects.get().text == "late"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(12))
def test_scores_with_what_was_played_while_the_round_closes(attempt: int) -> None:
    """A save holds its look alone: holding the round, too, it and the closing would wait for each other."""
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    look, judge, chair = make_one_look()
    saved, standing = together(
        lambda: looks_actions.save_scores(
            look=look, by=judge, at=AT, revision=0, scores={"story": Decimal(8)}, comment="", played=[[0, 2]]
        ),
        lambda: rounds_actions.close_round(round=look.round, by=chair, at=AT, confirmed_pending=1),
    )
    assert standing.round.state == "closed"
    if isinstance(saved, Refused):
        assert (saved.code, saved.status) == ("closed", 409)
    else:
        assert saved.scores == {"story": Decimal(8)}
