"""Conflicts: declared, found, decided; and who is barred by them."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext

from festival.kit import remembered
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from judging import (
    ballot_actions,
    ballot_queries,
    conflict_actions,
    conflict_queries,
    looks_actions,
    rounds_actions,
)
from judging.conflict_queries import conflicts_of
from judging.models import BallotLine, Conflict, Look, LookNote, Score
from submissions.credit_people import Person
from submissions.models import Answer
from tests.factories import (
    make_co_author,
    make_credits,
    make_edition,
    make_entry,
    make_member,
    make_question,
    make_round,
    make_user,
)

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
    return make_member(edition, Role.JUDGE, "王小明")


def declare(edition, judge, party, kind="person", by=None):
    return conflict_actions.declare(
        edition=edition, judge=judge.user, kind=kind, party=party, by=by or judge, at=AT
    )


def person(name, **fields):
    return Person(name=name, roles=("director",), **fields)


def test_own_films_are_barred_by_account_by_agreement_and_by_address(edition, judge):
    EmailAddress.objects.create(user=judge.user, email="xm@studio.cn", verified=True)
    own = make_entry(edition, entrant=judge.user)
    agreed, named, other = make_entry(edition), make_entry(edition), make_entry(edition)
    make_co_author(agreed, judge.user)
    make_credits(named, person("Xiao", email="xm@studio.cn"))
    assert conflicts_of(edition) == {(judge.id, film.pk) for film in (own, agreed, named)}
    assert conflicts_of(edition, [other.pk, own.pk]) == {(judge.id, own.pk)}


def test_what_is_detected_bars_until_it_is_dismissed(edition, chair, judge):
    cousin, stranger = make_entry(edition, director="王大山"), make_entry(edition, director="李大山")
    assert conflicts_of(edition) == {(judge.id, cousin.pk)}
    assert conflict_actions.search(edition=edition, at=AT) == 1
    assert conflict_actions.search(edition=edition, at=AT) == 0
    row = Conflict.objects.get()
    assert (row.kind, row.party, row.state) == ("surname", "王", "open")
    with pytest.raises(Refused) as refused:
        conflict_actions.decide(conflict=row, confirmed=False, by=chair, at=AT, reason=" ")
    assert refused.value.code == "reason"
    conflict_actions.decide(conflict=row, confirmed=False, by=chair, at=AT, reason="No relation.")
    assert conflicts_of(edition) == set()
    assert conflict_actions.search(edition=edition, at=AT) == 0
    conflict_actions.decide(conflict=row, confirmed=True, by=chair, at=AT)
    assert conflicts_of(edition) == {(judge.id, cousin.pk)}
    assert stranger.pk not in {film for _judge, film in conflicts_of(edition)}


def test_one_film_is_decided_otherwise_than_the_rest(edition, chair, judge):
    one, two = make_entry(edition, director="王大山"), make_entry(edition, director="王二")
    conflict_actions.search(edition=edition, at=AT)
    row = Conflict.objects.get()
    conflict_actions.decide(conflict=row, confirmed=False, by=chair, at=AT, reason="Another.", entry=one)
    assert conflicts_of(edition) == {(judge.id, two.pk)}
    conflict_actions.decide(conflict=row, confirmed=False, by=chair, at=AT, reason="A common name.")
    conflict_actions.decide(conflict=row, confirmed=True, by=chair, at=AT, entry=one)
    assert conflicts_of(edition) == {(judge.id, one.pk)}
    assert Conflict.objects.count() == 2


@pytest.mark.parametrize(
    ("email", "barred"), [("b@studio.cn", True), ("b@qq.com", False), ("b@other.cn", False)]
)
def test_the_same_domain_is_found_but_no_public_mail(edition, email, barred):
    judge = make_user("Ada", email="a@studio.cn" if email != "b@qq.com" else "a@qq.com")
    conflict = make_judge(edition, judge)
    film = make_entry(edition, entrant=make_user("Bo", email=email))
    assert conflicts_of(edition) == ({(conflict.id, film.pk)} if barred else set())


def make_judge(edition, user):
    edition.memberships.create(user=user, role=Role.JUDGE)
    return actor_of(user)


@pytest.mark.parametrize(
    ("kind", "party", "where"),
    [
        ("person", "LUM, Ａｄａ", "director"),
        ("person", "林爱达", "credit"),
        ("team", "Paper Boat Studio", "entrant"),
        ("school", "北京电影学院", "answer"),
    ],
)
def test_what_is_declared_is_found_wherever_it_stands(edition, judge, kind, party, where):
    names = {
        "director": {"director": "Bo Yu, Ada Lum"},
        "entrant": {"entrant": make_user("PAPER BOAT STUDIO Co., Ltd.")},
    }
    film, other = make_entry(edition, **names.get(where, {})), make_entry(edition)
    if where == "credit":
        make_credits(film, person("Ada", name_other="林 爱达"))
    if where == "answer":
        question = make_question(edition)
        Answer.objects.create(
            entry=film, question=question, wording=question.wordings.get(), value="北京电影学院动画学院"
        )
    declare(edition, judge, party, kind)
    assert conflicts_of(edition) == {(judge.id, film.pk)}
    assert other.pk


def test_declaring_twice_is_declaring_once(edition, judge):
    first, _taken = declare(edition, judge, "Ada Lum")
    again, _taken = declare(edition, judge, "  lum  ADA ")
    assert first == again
    with pytest.raises(Refused) as refused:
        declare(edition, judge, "···")
    assert refused.value.code == "party"


def test_who_may_declare_and_dismiss(edition, chair, judge):
    stranger, organiser = make_member(edition, Role.JUDGE), make_member(edition, Role.ORGANISER)
    with pytest.raises(Refused) as refused:
        declare(edition, judge, "Ada Lum", by=stranger)
    assert refused.value.status == 403
    row, _taken = declare(edition, judge, "Ada Lum", by=organiser)
    for who in (judge, organiser):
        with pytest.raises(Refused) as refused:
            conflict_actions.decide(conflict=row, confirmed=False, by=who, at=AT, reason="No.")
        assert refused.value.status == 403
    both = make_member(edition, Role.CHAIR)
    edition.memberships.create(user=both.user, role=Role.JUDGE)
    own, _taken = declare(edition, actor_of(both.user), "Bo Yu")
    with pytest.raises(Refused, match="of her own"):
        conflict_actions.decide(conflict=own, confirmed=False, by=actor_of(both.user), at=AT, reason="No.")
    conflict_actions.decide(conflict=row, confirmed=False, by=chair, at=AT, reason="A namesake.")
    row.refresh_from_db()
    assert row.state == "dismissed"


def test_a_conflict_in_an_open_round_takes_the_look_away_and_gives_it_to_another(edition, chair, judge):
    other = make_member(edition, Role.JUDGE, "Other")
    film = make_entry(edition, director="Ada Lum")
    free = make_entry(edition, director="Bo Yu")
    round = make_round(edition, looks_per_film=1)
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    Look.objects.filter(round=round).update(judge=judge.user)
    look = Look.objects.get(entry=film)
    Look.objects.filter(pk=look.pk).update(state="scored", scored_at=AT)
    Score.objects.create(look=look, criterion=round.criteria.first(), value=7)
    _row, taken = declare(edition, judge, "Ada Lum")
    assert taken == 1
    assert list(Look.objects.filter(entry=film).order_by("pk").values_list("judge_id", "state", "taken")) == [
        (judge.id, "recused", "conflict"), (other.id, "pending", ""),
    ]  # fmt: skip
    assert not Score.objects.exists()
    assert film.events.get(kind="look_recused").values == {"round": "jury", "look": look.pk}
    assert Look.objects.get(entry=free).judge_id == judge.id
    assert declare(edition, judge, "Ada Lum")[1] == 0


def test_a_conflict_drops_words_and_notes_with_the_scores(edition, chair, judge):
    film = make_entry(edition, director="Ada Lum")
    round = make_round(edition, looks_per_film=1)
    rounds_actions.open_round(round=round, by=chair, at=AT, seed=1)
    look = Look.objects.select_related("round").get(entry=film)
    words = {"feedback": "Lovely.", "confidence": "sure", "stopped": "other", "stop_words": "late"}
    looks_actions.save_scores(look=look, by=judge, at=AT, revision=0, scores={}, comment="Ada!", **words)
    LookNote.objects.create(look=look, client_id=UUID(int=1), seconds=1, text="hers", written_at=AT)
    assert declare(edition, judge, "Ada Lum")[1] == 1
    assert set(looks_actions.kept(look.pk).words.values()) == {""}
    assert not LookNote.objects.exists()


def test_a_conflict_takes_the_film_off_a_ballot_that_was_cast(edition, chair, judge):
    film, free = make_entry(edition, director="Ada Lum"), make_entry(edition, director="Bo Yu")
    round = make_round(edition, gate="ballot", ballot="approval")
    rounds_actions.open_round(round=round, by=chair, at=AT)
    ballot_actions.cast_ballot(round=round, by=judge, at=AT, revision=0, values={film.pk: 1, free.pk: 1})
    declare(edition, judge, "Ada Lum")
    assert list(BallotLine.objects.values_list("entry_id", "value")) == [(free.pk, 1)]
    standing = rounds_actions.close_round(round=round, by=chair, at=AT)
    assert dict(standing.rows.values_list("entry_id", "mean")) == {film.pk: None, free.pk: 1}


def test_who_stands_aside_again_is_barred_again(edition, chair, judge):
    film = make_entry(edition, director="Ada Lum")
    for position in range(2):
        round = make_round(edition, f"round-{position}", position=position, looks_per_film=1)
        rounds_actions.open_round(round=round, by=chair, at=AT)
        look = Look.objects.select_related("round").get(round=round)
        looks_actions.recuse(look=look, by=judge, at=AT, reason="My pupil.")
        assert conflicts_of(edition) == {(judge.id, film.pk)}
        row = Conflict.objects.get()
        conflict_actions.decide(conflict=row, confirmed=False, by=chair, at=AT, reason="Long ago.")
        assert conflicts_of(edition) == set()


def test_a_round_gives_no_film_to_a_judge_in_conflict(edition, chair, judge):
    make_entry(edition, director="王大山")
    round = make_round(edition, looks_per_film=1)
    kept = rounds_actions.open_round(round=round, by=chair, at=AT)
    assert (kept.looks_made, [row["reason"] for row in kept.unserved]) == (0, ["all_barred"])


def test_the_number_of_queries_does_not_grow(edition, judge):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            conflicts_of(edition)
            conflict_queries.for_desk(edition)
        return len(seen)

    def one_more(place):
        other = make_member(edition, Role.JUDGE, f"王{place}")
        film = make_entry(edition, director=f"王{place}山")
        make_credits(film, person(f"Ada {place} Lum"))
        declare(edition, other, f"Ada {place} Lum")
        conflict_actions.search(edition=edition, at=AT)

    one_more(1)
    first = count()
    one_more(2)
    one_more(3)
    assert count() == first


def test_who_becomes_too_near_to_a_film_she_has_does_not_judge_it(edition, chair, judge):
    """As co-author, while the round is open: she is told, and the film goes to somebody else."""
    film = make_entry(edition)
    round = make_round(edition, looks_per_film=1)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    look = Look.objects.select_related("round__edition").get()
    scores = {"story": 7, "craft": 8}
    kept = looks_actions.save_scores(look=look, by=judge, at=AT, revision=0, scores=scores, comment="")
    make_co_author(film, judge.user)
    with pytest.raises(Refused) as refused:
        looks_actions.finish_look(look=look, by=judge, at=AT, revision=kept.revision)
    assert refused.value.code == "conflict"
    assert Look.objects.get().state == "pending"  # what she gave is not lost before she stands aside
    other = make_member(edition, Role.JUDGE, "李四")
    assert conflict_actions.sweep(edition=edition, by=chair, at=AT) == 1
    assert conflict_actions.sweep(edition=edition, by=chair, at=AT) == 0
    assert [(row.judge_id, row.state) for row in Look.objects.order_by("pk")] == [
        (judge.id, "recused"),
        (other.id, "pending"),
    ]
    assert not Score.objects.exists()


def test_what_somebody_has_to_decide_about_first_takes_no_look_away(edition, chair, judge):
    make_entry(edition)
    round = make_round(edition, looks_per_film=1)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    film = round.films.get()
    film.director = "王大山"
    film.save()
    assert conflict_actions.search(edition=edition, at=AT) == 1
    assert conflict_actions.sweep(edition=edition, by=chair, at=AT) == 0
    conflict_actions.decide(conflict=Conflict.objects.get(), confirmed=True, by=chair, at=AT)
    assert Look.objects.get().state == "recused"


def test_ballots_of_who_left_the_jury_and_emptied_ones_do_not_count(edition, chair, judge):
    others = [make_member(edition, Role.JUDGE, name) for name in ("李四", "赵五")]
    films = [make_entry(edition), make_entry(edition)]
    round = make_round(edition, gate="ballot", quorum=2)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    one, two = (film.pk for film in films)
    for juror, values in ((judge, {one: 1}), (others[0], {two: 1}), (others[1], {two: 1})):
        ballot_actions.cast_ballot(round=round, by=juror, at=AT, revision=0, values=values)
    assert ballot_queries.ballots_cast(round) == 3
    edition.memberships.filter(user=others[0].user).delete()
    for film in films:
        make_co_author(film, others[1].user)
    conflict_actions.sweep(edition=edition, by=chair, at=AT)
    assert ballot_queries.ballots_cast(round) == 1
    with pytest.raises(Refused) as refused:
        rounds_actions.close_round(round=round, by=chair, at=AT)
    assert refused.value.code == "quorum"
    make_member_vote(edition, round, one)
    standing = rounds_actions.close_round(round=round, by=chair, at=AT)
    assert len(standing.inputs["ballots"]) == 2


def make_member_vote(edition, round, film):
    late = make_member(edition, Role.JUDGE, "钱六")
    ballot_actions.cast_ballot(round=round, by=late, at=AT, revision=0, values={film: 1})


def test_found_films_are_remembered_for_the_page_and_never_for_the_judge(edition, chair, judge, monkeypatch):
    monkeypatch.setattr(remembered, "MANY", 1)
    films = [make_entry(edition, director="王大山") for _n in range(3)]
    conflict_actions.search(edition=edition, at=AT)
    row = Conflict.objects.get()
    assert [one.count for one in conflict_queries.for_desk(edition)] == [3]
    make_entry(edition, director="王小山")
    assert [one.count for one in conflict_queries.for_desk(edition)] == [3]
    assert len(conflicts_of(edition)) == 4
    declare(edition, judge, "Ada Lum")  # another list of conflicts: looked through anew
    assert sorted(one.count for one in conflict_queries.for_desk(edition)) == [0, 4]
    monkeypatch.setattr(conflict_queries, "PAGE", 2)
    first, second = (conflict_queries.films_for_choice(row, number) for number in (1, 2))
    assert (len(first), len(second), first.paginator.count) == (2, 2, 4)
    assert {film.pk for film in (*first, *second)} > {film.pk for film in films}
