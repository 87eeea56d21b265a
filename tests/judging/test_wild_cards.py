"""Wild cards: films that the organiser lets go on past a gate."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.people.roles import Role
from judging import cut_actions, rounds_actions
from judging.cut_queries import counts_of, current_cut, earlier_moves
from judging.models import CutRow, Round
from tests.factories import make_edition, make_entry, make_member, make_round
from tests.judging.test_cuts import AT, judged, rows

pytestmark = pytest.mark.django_db


class Case:
    """Five films by their marks, a cut of two, two wild cards."""

    def __init__(self, marks: tuple[int, ...] = (9, 8, 6, 4, 3), wild_cards: int = 2) -> None:
        self.edition = make_edition()
        self.chair = make_member(self.edition, Role.CHAIR, "Chair")
        self.organiser = make_member(self.edition, Role.ORGANISER, "Organiser")
        judge = make_member(self.edition, Role.JUDGE, "Judge")
        self.films = [make_entry(self.edition, code=f"FILM00{number}") for number in range(5)]
        self.round = judged(
            self.edition, self.chair, judge, marks, cut_kind="count", cut_value=2, wild_cards=wild_cards
        )
        self.cut = current_cut(self.round)

    def play(self, film: int, by: Actor | None = None, why: str = "The sponsor asks for it.") -> CutRow:
        return cut_actions.play_wild_card(
            cut=self.cut, entry=self.films[film], why=why, by=by or self.organiser, at=AT
        )

    def refused(self, film: int, **given: object) -> str:
        with pytest.raises(Refused) as refused:
            self.play(film, **given)
        return refused.value.code


def test_a_film_goes_on_past_the_gate_with_its_reason_into_the_next_round() -> None:
    case = Case()
    row = case.play(4)
    assert rows(case.cut) == {"0": "by_rule", "1": "by_rule", "4": "wild_card"}
    assert (row.why, row.by_id, row.goes_on) == ("The sponsor asks for it.", case.organiser.id, True)
    assert (counts_of(case.cut).wild, counts_of(case.cut).through) == (1, 3)
    after = make_round(case.edition, "second", looks_per_film=1, after=case.round, position=1)
    rounds_actions.open_round(round=after, by=case.chair, at=AT + timedelta(days=1), seed=1)
    assert set(after.films.values_list("code", flat=True)) == {"FILM000", "FILM001", "FILM004"}
    assert case.refused(3) == "frozen"


def test_no_more_than_were_announced_and_none_twice() -> None:
    case = Case()
    case.play(3)
    assert (case.refused(0), case.refused(3)) == ("goes_on", "goes_on")
    case.play(4)
    assert case.refused(2) == "none_left"


def test_who_may_and_with_what() -> None:
    case = Case()
    assert case.refused(4, by=case.chair) == "not_allowed"
    assert case.refused(4, why="  ") == "why"
    cut_actions.move_film(cut=case.cut, entry=case.films[0], goes_on=False, why="Ours.", by=case.chair, at=AT)
    assert case.refused(0) == "removed"
    case.films[3].state = "withdrawn"
    case.films[3].save()
    assert case.refused(3) == "refused"
    with pytest.raises(IntegrityError), transaction.atomic():
        CutRow.objects.create(cut=case.cut, entry=case.films[4], reason="wild_card")


def test_a_round_that_was_announced_without_has_none() -> None:
    assert Case(wild_cards=0).refused(4) == "none_left"


def test_they_are_named_when_the_line_is_drawn_anew() -> None:
    case = Case()
    case.play(4)
    anew = cut_actions.make_cut(round=case.round, by=case.chair, at=AT, kind="count", value=3)
    assert [row.entry.code for row in earlier_moves(anew)] == ["FILM004"]


def test_the_page_of_the_cut() -> None:
    case = Case()
    client = Client()
    client.force_login(case.organiser.user)
    url = f"/{case.edition.slug}/desk/rounds/{case.round.slug}/cut/"
    assert "Play a wild card" in client.get(url).content.decode()
    sent = client.post(f"{url}wild-card/", {"code": "film004", "why": "The city's own film."})
    assert sent.status_code == 302
    page = client.get(url).content.decode()
    assert "1 of 2" in page and "By a wild card" in page and "The city&#x27;s own film." in page
    Round.objects.filter(pk=case.round.pk).update(wild_cards=0)
    assert "Play a wild card" not in client.get(url).content.decode()
    assert client.post(f"{url}wild-card/", {"code": "FILM003", "why": "x"}).status_code == 409
