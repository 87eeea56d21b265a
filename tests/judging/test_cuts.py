"""Rounds that chain by cuts, in the database."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from festival.kit.errors import Refused
from festival.people.roles import Role
from judging import cut_actions, looks_actions, rounds_actions
from judging.cut_queries import counts_of, current_cut
from judging.models import Cut, CutRow, Look, Round
from tests.factories import make_edition, make_entry, make_member, make_round

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def edition():
    return make_edition()


@pytest.fixture
def chair(edition):
    return make_member(edition, Role.CHAIR, "Chair")


@pytest.fixture
def judge(edition):
    return make_member(edition, Role.JUDGE, "Judge")


@pytest.fixture
def films(edition):
    return [make_entry(edition, code=f"FILM00{number}") for number in range(5)]


def judged(edition, chair, judge, marks, **fields):
    """A closed round in which each film got the mark of its place."""
    round = make_round(edition, "first", looks_per_film=1, **fields)
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    for look in Look.objects.filter(round=round).select_related("round", "entry").order_by("entry__code"):
        mark = Decimal(marks[int(look.entry.code[-1])])
        kept = looks_actions.save_scores(
            look=look, by=judge, at=AT, revision=0, scores={"story": mark, "craft": mark}, comment=""
        )
        looks_actions.finish_look(look=look, by=judge, at=AT, revision=kept.revision)
    rounds_actions.close_round(round=round, by=chair, at=AT)
    return Round.objects.get(pk=round.pk)


def rows(cut):
    return {row.entry.code[-1]: row.reason for row in cut.rows.select_related("entry")}


def test_closing_makes_the_planned_cut(edition, chair, judge, films):
    round = judged(edition, chair, judge, (9, 8, 8, 8, 3), cut_kind="count", cut_value=Decimal(2))
    cut = current_cut(round)
    assert rows(cut) == {"0": "by_rule", "1": "tie", "2": "tie", "3": "tie"}
    assert (cut.kind, cut.value, cut.made_by_id, cut.decided_by) == ("count", 2, chair.id, "official")
    assert cut.standing_digest == round.standing.result_digest
    assert cut.rows.get(entry=films[1]).rank == 2


@pytest.mark.parametrize(
    ("kind", "value", "through"),
    [("count", 1, "0"), ("share", 40, "01"), ("score", 6, "012"), ("score", "6.5", "01")],
)
def test_the_chair_draws_it_by_any_rule_of_the_gate(edition, chair, judge, films, kind, value, through):
    round = judged(edition, chair, judge, (9, 8, 6, 4, 3))
    assert current_cut(round) is None
    cut = cut_actions.make_cut(round=round, by=chair, at=AT, kind=kind, value=Decimal(value))
    assert "".join(sorted(rows(cut))) == through


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("passed", None, "cut_kind"),
        ("", None, "cut_kind"),
        ("count", None, "cut_value"),
        ("count", Decimal("1.5"), "cut_value"),
        ("share", Decimal(101), "cut_value"),
        ("probability", Decimal(90), "no_chances"),
    ],
)
def test_a_cut_that_cannot_be_is_refused(edition, chair, judge, films, kind, value, code):
    round = judged(edition, chair, judge, (9, 8, 6, 4, 3))
    with pytest.raises(Refused) as refused:
        cut_actions.make_cut(round=round, by=chair, at=AT, kind=kind, value=value)
    assert refused.value.code == code
    assert not Cut.objects.exists()


def test_a_planned_cut_the_standing_cannot_make_does_not_keep_the_round_open(edition, chair, judge, films):
    round = judged(edition, chair, judge, (9, 8, 6, 4, 3), cut_kind="probability", cut_value=Decimal(90))
    assert round.state == "closed"
    assert current_cut(round) is None


def test_the_cut_is_drawn_in_the_standing_that_decides(edition, chair, judge, films):
    round = judged(edition, chair, judge, (9, 8, 6, 4, 3), decides="adjusted")
    cut = cut_actions.make_cut(round=round, by=chair, at=AT, kind="count", value=Decimal(2))
    assert cut.decided_by == "adjusted"
    first = round.standing.rows.filter(adjusted_rank__lte=2).values_list("entry_id", flat=True)
    assert set(cut.rows.values_list("entry_id", flat=True)) == set(first)
    value = round.standing.rows.get(adjusted_rank=3).value
    cut = cut_actions.make_cut(round=round, by=chair, at=AT, kind="score", value=value)
    assert cut.rows.count() == 3


def test_the_chair_moves_films_with_a_reason(edition, chair, judge, films):
    round = judged(edition, chair, judge, (9, 8, 8, 4, 3), cut_kind="count", cut_value=Decimal(2))
    cut = current_cut(round)

    def move(film, goes_on, why="Seen again.", by=chair):
        return cut_actions.move_film(cut=cut, entry=film, goes_on=goes_on, why=why, by=by, at=AT)

    move(films[1], False)
    move(films[4], True)
    assert rows(cut) == {
        "0": "by_rule", "1": "removed_by_chair", "2": "tie", "4": "added_by_chair",
    }  # fmt: skip
    assert counts_of(cut).through == 3
    row = cut.rows.get(entry=films[4])
    assert (row.why, row.by_id, row.at) == ("Seen again.", chair.id, AT)
    for why, film, goes_on in (
        (" ", films[0], False),
        ("So.", films[3], False),
        ("So.", make_entry(edition), True),
    ):
        with pytest.raises(Refused) as refused:
            move(film, goes_on, why)
        assert refused.value.status == 400
    with pytest.raises(Refused) as refused:
        move(films[0], False, by=make_member(edition, Role.ORGANISER))
    assert refused.value.status == 403


def test_the_next_round_takes_what_goes_on_and_freezes_it(edition, chair, judge, films):
    round = judged(edition, chair, judge, (9, 8, 8, 4, 3), cut_kind="count", cut_value=Decimal(2))
    cut = current_cut(round)
    cut_actions.move_film(cut=cut, entry=films[2], goes_on=False, why="Tie decided.", by=chair, at=AT)
    final = make_round(edition, "final", position=1, after=round, looks_per_film=1)
    rounds_actions.open_round(round=final, by=chair, at=AT)
    assert set(final.films.values_list("pk", flat=True)) == {films[0].pk, films[1].pk}
    assert final.takes_all is False
    make_entry(edition)
    rounds_actions.add_late_films(round=final, by=chair, at=AT)
    assert final.films.count() == 2
    for doing in (
        lambda: cut_actions.make_cut(round=round, by=chair, at=AT, kind="count", value=Decimal(1)),
        lambda: cut_actions.move_film(cut=cut, entry=films[3], goes_on=True, why="No.", by=chair, at=AT),
    ):
        with pytest.raises(Refused) as refused:
            doing()
        assert refused.value.code == "frozen"


def test_a_round_waits_for_the_one_before_and_its_cut(edition, chair, judge, films):
    first = make_round(edition, "first", looks_per_film=1)
    final = make_round(edition, "final", position=1, after=first)
    with pytest.raises(Refused, match="not closed yet"):
        rounds_actions.open_round(round=final, by=chair, at=AT)
    rounds_actions.open_round(round=first, by=chair, at=AT)
    rounds_actions.close_round(round=first, by=chair, at=AT, confirmed_pending=5)
    final = Round.objects.get(pk=final.pk)
    with pytest.raises(Refused, match="no cut yet"):
        rounds_actions.open_round(round=final, by=chair, at=AT)
    assert Round.objects.get(pk=final.pk).state == "planned"


def test_drawing_anew_sets_the_old_one_aside_and_keeps_it(edition, chair, judge, films):
    round = judged(edition, chair, judge, (9, 8, 7, 4, 3), cut_kind="count", cut_value=Decimal(1))
    old = current_cut(round)
    cut_actions.move_film(cut=old, entry=films[3], goes_on=True, why="Bold.", by=chair, at=AT)
    new = cut_actions.make_cut(round=round, by=chair, at=AT, kind="count", value=Decimal(2))
    assert current_cut(round) == new
    assert rows(new) == {"0": "by_rule", "1": "by_rule"}
    old.refresh_from_db()
    assert old.set_aside_at == AT
    assert CutRow.objects.get(cut=old, reason="added_by_chair").why == "Bold."
    with pytest.raises(Refused, match="drawn anew"):
        cut_actions.move_film(cut=old, entry=films[4], goes_on=True, why="No.", by=chair, at=AT)


def test_a_withdrawn_film_takes_nobodys_place(edition, chair, judge, films):
    round = judged(edition, chair, judge, (9, 8, 7, 4, 3))
    type(films[0]).objects.filter(pk=films[0].pk).update(state="withdrawn")
    cut = cut_actions.make_cut(round=round, by=chair, at=AT, kind="share", value=Decimal(50))
    assert rows(cut) == {"1": "by_rule", "2": "by_rule"}
