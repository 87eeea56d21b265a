"""Screenings, panels and ballots in the database; names hidden until a film is scored."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from festival.kit.errors import Refused
from festival.people.roles import Role
from judging import (
    answer_actions,
    ballot_actions,
    jury_actions,
    looks_actions,
    queries,
    rounds_actions,
    standing_actions,
)
from judging.ballot_queries import offered_to, own_ballot
from judging.cut_queries import current_cut
from judging.hand_out import replay_allocation
from judging.models import BallotLine, Conflict, Look, PanelFilm, Round
from tests.factories import make_edition, make_entry, make_inspection, make_member, make_panel, make_round

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def edition():
    return make_edition()


@pytest.fixture
def chair(edition):
    return make_member(edition, Role.CHAIR, "Chair")


@pytest.fixture
def judges(edition):
    return [make_member(edition, Role.JUDGE, f"Judge {letter}") for letter in "ABC"]


@pytest.fixture
def films(edition):
    return [make_entry(edition, code=f"FILM00{number}") for number in range(4)]


def opened(edition, chair, **fields):
    round = make_round(edition, **{"looks_per_film": 3, "weights": {}, **fields})
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=3)
    return round


def look_at(round, judge, film):
    return Look.objects.select_related("round__edition").get(round=round, judge=judge.user, entry=film)


def say(round, judge, film, answer, **more):
    look = look_at(round, judge, film)
    given = {"look": look, "by": judge, "at": AT, "revision": look.revision} | more
    return answer_actions.give_answer(answer=answer, **given)


def test_a_screening_from_answers_to_the_next_round(edition, chair, judges, films):
    round = opened(edition, chair, gate="pass_fail", cut_kind="passed")
    said = {0: "pass pass fail", 1: "pass unsure unsure", 2: "fail fail pass", 3: "unsure unsure unsure"}
    for place, answers in said.items():
        for judge, answer in zip(judges, answers.split(), strict=True):
            say(round, judge, films[place], answer, comment="Because." if answer == "fail" else "")
    standing = rounds_actions.close_round(round=round, by=chair, at=AT)
    assert standing.method == "pass_fail"
    assert standing_actions.replay(standing)
    ranks = dict(standing.rows.values_list("entry__code", "rank"))
    assert ranks == {"FILM000": 1, "FILM001": 1, "FILM003": 3, "FILM002": 4}
    assert set(current_cut(round).rows.values_list("entry__code", flat=True)) == {"FILM000", "FILM001"}
    assert queries.answers_of(round, [films[0].pk]) == {
        films[0].pk: {"passed": 2, "failed": 1, "unsure": 0, "nominated": 0}
    }
    assert Look.objects.get(judge=judges[2].user, entry=films[0]).comment == "Because."


def test_an_answer_is_one_of_three_and_twice_is_once(edition, chair, judges, films):
    round = opened(edition, chair, gate="pass_fail")
    with pytest.raises(Refused) as refused:
        say(round, judges[0], films[0], "maybe")
    assert refused.value.code == "answer"
    first = say(round, judges[0], films[0], "pass")
    assert say(round, judges[0], films[0], "pass", revision=0) == first
    with pytest.raises(looks_actions.Stale):
        say(round, judges[0], films[0], "fail", revision=0)
    look = look_at(round, judges[0], films[0])
    assert (look.answer, look.state, look.revision) == ("pass", "scored", 1)


def test_a_film_that_was_not_played_cannot_be_answered(edition, chair, judges, films):
    make_inspection(films[0], seconds=60)
    round = opened(edition, chair, gate="pass_fail")
    with pytest.raises(Refused) as refused:
        say(round, judges[0], films[0], "pass")
    assert refused.value.code == "not_watched"
    assert look_at(round, judges[0], films[0]).state == "pending"
    assert say(round, judges[0], films[0], "pass", watched=5).state == "scored"


def test_scores_and_answers_do_not_mix(edition, chair, judges, films):
    round = opened(edition, chair, gate="pass_fail")
    look = look_at(round, judges[0], films[0])
    for doing in (
        lambda: looks_actions.save_scores(look=look, by=judges[0], at=AT, revision=0, scores={}, comment=""),
        lambda: looks_actions.finish_look(look=look, by=judges[0], at=AT, revision=0),
        lambda: answer_actions.nominate(look=look, by=judges[0], at=AT, revision=0, nominated=True),
    ):
        with pytest.raises(Refused) as refused:
            doing()
        assert refused.value.status == 400
    assert look_at(round, judges[0], films[0]).state == "pending"


def test_a_recusal_takes_the_answer_back(edition, chair, judges, films):
    round = opened(edition, chair, gate="pass_fail")
    say(round, judges[0], films[0], "pass")
    looks_actions.recuse(look=look_at(round, judges[0], films[0]), by=judges[0], at=AT, reason="A friend.")
    assert look_at(round, judges[0], films[0]).answer == ""


def nominate(round, judge, film, nominated=True):
    look = look_at(round, judge, film)
    return answer_actions.nominate(look=look, by=judge, at=AT, revision=look.revision, nominated=nominated)


@pytest.fixture
def panels(edition, chair, judges, films):
    round = make_round(edition, gate="panel", most_nominations=1, cut_kind="nominated", cut_value=Decimal(2))
    one = make_panel(round, "One", judges[:2])
    two = make_panel(round, "Two", judges[2:], most_nominations=2)
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=3)
    return round, one, two


def test_every_judge_of_a_panel_sees_its_films_and_no_other(panels, judges, films):
    round, one, two = panels
    for panel, members in ((one, judges[:2]), (two, judges[2:])):
        mine = set(PanelFilm.objects.filter(panel=panel).values_list("entry_id", flat=True))
        assert len(mine) == 2
        for judge in members:
            looks = Look.objects.filter(round=round, judge=judge.user)
            assert set(looks.values_list("entry_id", flat=True)) == mine
    assert replay_allocation(round.allocations.get())


def test_nobody_nominates_more_than_she_may(panels, chair, judges):
    round, one, _two = panels
    first, second = [row.entry for row in PanelFilm.objects.filter(panel=one).select_related("entry")]
    nominate(round, judges[0], first)
    with pytest.raises(Refused) as refused:
        nominate(round, judges[0], second)
    assert refused.value.code == "all_given"
    assert look_at(round, judges[0], second).state == "pending"
    looks_actions.reopen_look(look=look_at(round, judges[0], first), by=judges[0], at=AT)
    nominate(round, judges[0], first, nominated=False)
    nominate(round, judges[0], second)
    nominate(round, judges[1], second)
    nominate(round, judges[1], first, nominated=False)
    standing = rounds_actions.close_round(round=round, by=chair, at=AT, confirmed_pending=2)
    assert standing.rows.get(entry=second).mean == 2
    assert standing_actions.replay(standing)
    assert [row.entry for row in current_cut(round).rows.all()] == [second]


def test_a_panel_decides_without_the_judge_in_conflict(edition, chair, judges):
    own = make_entry(edition, entrant=judges[0].user)
    round = make_round(edition, gate="panel")
    make_panel(round, "One", judges)
    kept = rounds_actions.open_round(round=round, by=chair, at=AT)
    sees = set(Look.objects.filter(entry=own).values_list("judge_id", flat=True))
    assert sees == {judges[1].id, judges[2].id}
    assert kept.unserved == []


def test_a_judge_taken_off_the_round_gets_no_late_film_of_her_panel(panels, edition, chair, judges):
    round, _one, _two = panels
    jury_actions.replace_judge(round=round, judge=judges[0].user, by=chair, at=AT)
    for number in range(4):
        make_entry(edition, code=f"LATE{number}")
    rounds_actions.add_late_films(round=round, by=chair, at=AT)
    assert not Look.objects.filter(judge=judges[0].user, state="pending").exists()


def test_no_late_film_goes_to_a_panel_without_judges(panels, edition, chair, judges):
    round, _one, lone = panels
    edition.memberships.filter(user=judges[2].user).delete()
    for number in range(4):
        make_entry(edition, code=f"LATE{number}")
    kept = rounds_actions.add_late_films(round=round, by=chair, at=AT)
    late = PanelFilm.objects.filter(entry__code__startswith="LATE")
    assert (late.count(), late.filter(panel=lone).count()) == (4, 0)
    assert replay_allocation(kept)


def test_a_judge_who_had_opened_an_answer_again_is_replaced(edition, chair, judges, films):
    round = opened(edition, chair, gate="pass_fail")
    say(round, judges[0], films[0], "pass")
    look = look_at(round, judges[0], films[0])
    looks_actions.reopen_look(look=look, by=judges[0], at=AT)
    jury_actions.replace_judge(round=round, judge=judges[0].user, by=chair, at=AT)
    look.refresh_from_db()
    assert (look.state, look.answer) == ("recused", "")


def test_a_late_film_goes_to_one_panel(panels, edition, chair):
    round, _one, _two = panels
    before = set(PanelFilm.objects.values_list("panel_id", "entry_id"))
    late = make_entry(edition)
    rounds_actions.add_late_films(round=round, by=chair, at=AT)
    after = set(PanelFilm.objects.values_list("panel_id", "entry_id"))
    assert before < after
    assert {entry for _panel, entry in after - before} == {late.pk}


@pytest.mark.parametrize(
    ("who", "sentence"), [([[], [0]], "no judges yet"), ([[0], [0, 1]], "two panels"), ([], "no panels yet")]
)
def test_panels_must_be_complete_before_the_round_opens(edition, chair, judges, films, who, sentence):
    round = make_round(edition, gate="panel")
    for place, members in enumerate(who):
        make_panel(round, f"P{place}", [judges[number] for number in members])
    with pytest.raises(Refused, match=sentence):
        rounds_actions.open_round(round=round, by=chair, at=AT)


def cast(round, juror, values, revision=0):
    return ballot_actions.cast_ballot(round=round, by=juror, at=AT, revision=revision, values=values)


def test_a_ballot_from_voting_to_the_cut(edition, chair, judges, films):
    round = opened(
        edition, chair, gate="ballot", ballot="ranked", quorum=2, cut_kind="ballot", cut_value=Decimal(1)
    )
    assert not Look.objects.filter(round=round).exists()
    order = [film.pk for film in films]
    cast(round, judges[0], dict(zip(order, (1, 2, 3, None), strict=True)))
    with pytest.raises(Refused) as refused:
        rounds_actions.close_round(round=round, by=chair, at=AT)
    assert refused.value.code == "quorum"
    cast(round, judges[1], dict(zip(order, (2, 1, 3, None), strict=True)))
    again = cast(round, judges[1], dict(zip(order, (1, 2, None, None), strict=True)), revision=1)
    assert again.revision == 2
    standing = rounds_actions.close_round(round=round, by=chair, at=AT)
    assert list(standing.rows.values_list("entry__code", "rank")) == [
        ("FILM000", 1), ("FILM001", 2), ("FILM002", 3), ("FILM003", 4),
    ]  # fmt: skip
    assert standing_actions.replay(standing)
    assert str(judges[0].id) not in {str(part) for row in standing.inputs["ballots"] for part in row}
    assert [row.entry for row in current_cut(round).rows.all()] == [films[0]]
    with pytest.raises(Refused, match="came too late"):
        cast(round, judges[2], {order[0]: 1})


@pytest.mark.parametrize(
    ("ballot", "value", "code"),
    [
        ("ranked", None, "empty"),
        ("ranked", 5, "range"),
        ("approval", 0, "empty"),
        ("approval", 2, "range"),
        ("points", 11, "range"),
    ],
)
def test_a_ballot_that_cannot_be_is_refused(edition, chair, judges, films, ballot, value, code):
    round = opened(edition, chair, gate="ballot", ballot=ballot)
    with pytest.raises(Refused) as refused:
        cast(round, judges[0], {film.pk: value for film in films})
    assert refused.value.code == code
    assert not BallotLine.objects.exists()


def test_a_ballot_has_no_film_its_juror_is_too_near_to(edition, chair, judges, films):
    own = make_entry(edition, entrant=judges[0].user)
    round = opened(edition, chair, gate="ballot", ballot="approval")
    assert {film.entry_id for film in offered_to(round, judges[0].id)} == {film.pk for film in films}
    with pytest.raises(Refused):
        cast(round, judges[0], {own.pk: 1})
    cast(round, judges[0], {films[0].pk: 1})
    cast(round, judges[1], {own.pk: 1})
    standing = rounds_actions.close_round(round=round, by=chair, at=AT)
    held = dict(standing.rows.values_list("entry__code", "mean"))
    assert held[own.code] == 1
    assert held["FILM000"] == Decimal("0.5")
    assert own_ballot(round, judges[2].id) == (None, {})


def test_two_tabs_cannot_overwrite_each_other(edition, chair, judges, films):
    round = opened(edition, chair, gate="ballot", ballot="points")
    cast(round, judges[0], {films[0].pk: 3})
    for revision in (0, 7):
        with pytest.raises(Refused, match="meanwhile"):
            cast(round, judges[0], {films[0].pk: 4}, revision=revision)
    assert own_ballot(round, judges[0].id)[1][films[0].pk] == 3


@pytest.mark.parametrize(
    ("of_edition", "of_round", "hidden"),
    [(True, None, True), (False, None, False), (True, False, False), (False, True, True)],
)
def test_names_are_hidden_until_the_film_is_scored(chair, of_edition, of_round, hidden):
    edition = make_edition(blind=of_edition)
    chair, judge = make_member(edition, Role.CHAIR), make_member(edition, Role.JUDGE)
    film = make_entry(edition)
    round = opened(edition, chair, gate="pass_fail", blind=of_round, looks_per_film=1)
    look = look_at(round, judge, film)
    assert queries.hides_names(look) is hidden
    shown = queries.film_of(look, blind=queries.hides_names(look))
    assert hasattr(shown, "director") is not hidden
    say(round, judge, film, "pass")
    look = look_at(round, judge, film)
    assert queries.film_of(look, blind=queries.hides_names(look)).director == "Somebody"
    looks_actions.reopen_look(look=look, by=judge, at=AT)
    assert queries.hides_names(look_at(round, judge, film)) is hidden


def test_what_a_judge_stood_aside_from_bars_her_in_later_rounds(edition, chair, judges, films):
    round = opened(edition, chair, gate="pass_fail", looks_per_film=1)
    look = Look.objects.select_related("round__edition").filter(round=round).first()
    judge = next(one for one in judges if one.id == look.judge_id)
    looks_actions.recuse(look=look, by=judge, at=AT, reason="My pupil.")
    row = Conflict.objects.get()
    assert (row.judge_id, row.entry_id, row.source, row.state, row.reason) == (
        judge.id, look.entry_id, "recused", "confirmed", "My pupil.",
    )  # fmt: skip
    later = make_round(edition, "later", position=1, looks_per_film=3)
    rounds_actions.open_round(round=later, by=chair, at=AT)
    assert not Look.objects.filter(round=later, judge_id=judge.id, entry_id=look.entry_id).exists()
    assert Round.objects.get(pk=later.pk).state == "open"


def test_the_queue_of_a_ballot_round_is_its_ballot(edition, chair, judges, films, client):
    round = opened(edition, chair, gate="ballot", ballot="points")
    round.jury.set([judges[0].user])
    url = f"/{edition.slug}/jury/{round.slug}/"
    client.force_login(judges[0].user)
    answer = client.get(url, follow=True)
    assert answer.redirect_chain == [(f"{url}ballot/", 302)] and "FILM000" in answer.content.decode()
    client.force_login(judges[1].user)
    assert client.get(url).status_code == 404
