"""Rounds at the same moment: a cut, a scale or a nomination while a judge is saving."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from festival.kit.errors import Refused
from festival.people.roles import Role
from judging import (
    answer_actions,
    conflict_actions,
    cut_actions,
    further_actions,
    looks_actions,
    rounds_actions,
    setup_actions,
    tie_actions,
)
from judging.models import Cut, Look, Score, TieBreak
from tests.factories import make_edition, make_entry, make_member, make_panel, make_round
from tests.racing import together

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(6))
def test_the_cut_is_made_while_a_score_is_saved(attempt: int) -> None:
    """The cut that closing makes agrees with the standing: the score is in both or in neither."""
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    edition = make_edition()
    chair, judge = make_member(edition, Role.CHAIR), make_member(edition, Role.JUDGE)
    film = make_entry(edition)
    round = make_round(edition, looks_per_film=1, cut_kind="score", cut_value=Decimal(7))
    rounds_actions.open_round(round=round, by=chair, at=AT)
    look = Look.objects.select_related("round").get()

    def finish() -> Any:
        scores = {"story": Decimal(8), "craft": Decimal(7)}
        now = looks_actions.save_scores(look=look, by=judge, at=AT, revision=0, scores=scores, comment="")
        return looks_actions.finish_look(look=look, by=judge, at=AT, revision=now.revision)

    finished, _standing = together(
        finish, lambda: rounds_actions.close_round(round=round, by=chair, at=AT, confirmed_pending=1)
    )
    through = set(Cut.objects.get().rows.values_list("entry_id", flat=True))
    assert through == (set() if isinstance(finished, Refused) else {film.pk})


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(6))
def test_the_scale_is_narrowed_while_a_score_is_saved(attempt: int) -> None:
    """One of the two is refused: no score stands off the scale."""
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    edition = make_edition()
    chair, judge = make_member(edition, Role.CHAIR), make_member(edition, Role.JUDGE)
    make_entry(edition)
    round = make_round(edition, looks_per_film=1)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    look = Look.objects.select_related("round").get()
    whole = (Decimal(1), Decimal(10), Decimal(1))

    results = together(
        lambda: looks_actions.save_scores(
            look=look, by=judge, at=AT, revision=0, scores={"story": Decimal("7.5")}, comment=""
        ),
        lambda: setup_actions.change_round(
            round=round, by=chair, at=AT, settings={"scale": whole}, reason="Fewer ties."
        ),
    )
    assert [isinstance(result, Refused) for result in results].count(True) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(6))
def test_a_film_is_moved_while_the_next_round_opens(attempt: int) -> None:
    """The next round has exactly what the frozen cut says."""
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    edition = make_edition()
    chair = make_member(edition, Role.CHAIR)
    make_member(edition, Role.JUDGE)
    films = [make_entry(edition) for _number in range(2)]
    first = make_round(edition, "first", opened_at=AT, gate="pass_fail", cut_kind="passed")
    first.films.set(films)
    rounds_actions.close_round(round=first, by=chair, at=AT)
    first.refresh_from_db()
    cut = Cut.objects.get()
    cut_actions.move_film(cut=cut, entry=films[0], goes_on=True, why="Seen.", by=chair, at=AT)
    final = make_round(edition, "final", position=1, after=first, looks_per_film=1)
    together(
        lambda: rounds_actions.open_round(round=final, by=chair, at=AT),
        lambda: cut_actions.move_film(cut=cut, entry=films[1], goes_on=True, why="Seen.", by=chair, at=AT),
    )
    through = set(cut.rows.values_list("entry_id", flat=True))
    assert set(final.films.values_list("pk", flat=True)) == through


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_nominations_at_once_are_one_too_many() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    edition = make_edition()
    chair, judge = make_member(edition, Role.CHAIR), make_member(edition, Role.JUDGE)
    for _number in range(2):
        make_entry(edition)
    round = make_round(edition, gate="panel", most_nominations=1)
    make_panel(round, "One", [judge])
    rounds_actions.open_round(round=round, by=chair, at=AT)

    def nominate(look: Look) -> Callable[[], Any]:
        return lambda: answer_actions.nominate(look=look, by=judge, at=AT, revision=0, nominated=True)

    results = together(*(nominate(look) for look in Look.objects.select_related("round")))
    assert [isinstance(result, Refused) for result in results].count(True) == 1
    assert Look.objects.filter(nominated=True).count() == 1


def _three_films_tied() -> tuple[Any, Any]:
    """A closed round of which the first film goes on, two are tied behind it."""
    edition = make_edition()
    chair = make_member(edition, Role.CHAIR)
    jury = [make_member(edition, Role.JUDGE) for _number in range(3)]
    films = [make_entry(edition) for _number in range(3)]
    first = make_round(edition, "first", opened_at=AT, cut_kind="count", cut_value=Decimal(2))
    first.films.set(films)
    for film, mark in zip(films, (9, 6, 6), strict=True):
        look = Look.objects.create(
            round=first, judge=jury[0].user, entry=film, position=1, state="scored", scored_at=AT
        )
        for criterion in first.criteria.all():
            Score.objects.create(look=look, criterion=criterion, value=Decimal(mark))
    rounds_actions.close_round(round=first, by=chair, at=AT)
    first.refresh_from_db()
    return first, chair


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(4))
def test_two_chairs_apply_the_tie_rule_at_once(attempt: int) -> None:
    """One of them is told that it has been done."""
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    first, chair = _three_films_tied()
    other = make_member(first.edition, Role.CHAIR)

    def apply(by: Any) -> Callable[[], Any]:
        return lambda: tie_actions.apply_tie_rule(cut=Cut.objects.get(), by=by, at=AT, why="Late.")

    results = together(apply(chair), apply(other))
    assert [result.code for result in results if isinstance(result, Refused)] == ["applied"]
    assert tie_actions.replay(TieBreak.objects.get())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(6))
def test_a_round_is_reopened_while_the_next_one_opens(attempt: int) -> None:
    """Either the next round has its films and this one stays closed, or this one is open and the next one waits."""
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    first, chair = _three_films_tied()
    final = make_round(first.edition, "final", position=1, after=first, looks_per_film=1)
    films = list(first.films.all())
    reopened, opened = together(
        lambda: further_actions.reopen_for_looks(
            round=first, entries=films, reason="Close.", by=chair, at=AT
        ),
        lambda: rounds_actions.open_round(round=final, by=chair, at=AT),
    )
    assert [isinstance(result, Refused) for result in (reopened, opened)].count(True) == 1
    first.refresh_from_db()
    final.refresh_from_db()
    assert (first.state, final.state) == (
        ("closed", "open") if isinstance(reopened, Refused) else ("open", "planned")
    )
    assert Cut.objects.filter(frozen_at__isnull=False).exists() == isinstance(reopened, Refused)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(4))
def test_a_round_is_reopened_while_its_tie_is_decided(attempt: int) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    first, chair = _three_films_tied()
    cut, films = Cut.objects.get(), list(first.films.all())
    reopened, applied = together(
        lambda: further_actions.reopen_for_looks(
            round=first, entries=films, reason="Close.", by=chair, at=AT
        ),
        lambda: tie_actions.apply_tie_rule(cut=cut, by=chair, at=AT, why="Late."),
    )
    assert not isinstance(reopened, Refused)
    assert TieBreak.objects.exists() != isinstance(applied, Refused)
    assert Cut.objects.get().set_aside_at == AT


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_conflict_is_declared_while_looks_are_handed_out() -> None:
    """Who hands out looks waits for the conflict: no judge gets a look that it forbids."""
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    edition = make_edition()
    chair, judge = make_member(edition, Role.CHAIR), make_member(edition, Role.JUDGE)
    make_entry(edition)
    round = make_round(edition, looks_per_film=1)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    film = make_entry(edition, director="Ada Lum")
    declared, given = threading.Event(), threading.Event()

    def declare() -> None:
        with transaction.atomic():
            conflict_actions.declare(
                edition=edition, judge=judge.user, kind="person", party="Ada Lum", by=judge, at=AT
            )
            declared.set()
            given.wait(1)  # it comes only where nothing holds it back

    def hand_out() -> None:
        declared.wait()
        rounds_actions.add_late_films(round=round, by=chair, at=AT)
        given.set()

    together(declare, hand_out)
    assert not Look.objects.filter(entry=film).exists()
    assert round.films.filter(pk=film.pk).exists()
