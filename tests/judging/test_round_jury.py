"""Who of the jury judges a round: everybody, or those named for it, on every way by which somebody judges."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from festival.kit.errors import Refused
from festival.people.roles import Role
from judging import ballot_actions, plan_facts, plan_queries, queries, rounds_actions, setup_actions
from judging.models import Round
from tests.factories import make_edition, make_entry, make_inspection, make_member, make_panel, make_round

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def edition():
    return make_edition()


@pytest.fixture
def chair(edition):
    return make_member(edition, Role.CHAIR, "Chair")


@pytest.fixture
def jury(edition):
    return [make_member(edition, Role.JUDGE, name) for name in ("Ann", "Bo", "Cai")]


def films(edition, count=3):
    for _number in range(count):
        make_inspection(make_entry(edition), seconds=600)


def test_only_those_who_are_named_get_looks(edition, chair, jury):
    films(edition)
    round = make_round(edition, looks_per_film=1)
    assert queries.jury_of(round) == {one.id: one.user.name for one in jury}
    setup_actions.choose_jury(round=round, judges=[jury[0].id, jury[2].id], by=chair)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    assert set(round.looks.values_list("judge_id", flat=True)) == {jury[0].id, jury[2].id}
    make_inspection(make_entry(edition), seconds=600)
    rounds_actions.add_late_films(round=round, by=chair, at=AT + timedelta(days=1))
    assert set(round.looks.values_list("judge_id", flat=True)) == {jury[0].id, jury[2].id}
    assert round.looks.count() == 4


def test_everybody_judges_again_once_nobody_is_named(edition, chair, jury):
    round = make_round(edition)
    setup_actions.choose_jury(round=round, judges=[jury[1].id], by=chair)
    assert list(queries.jury_of(round)) == [jury[1].id]
    setup_actions.choose_jury(round=round, judges=[], by=chair)
    assert len(queries.jury_of(round)) == 3
    later = make_member(edition, Role.JUDGE, "Dee")
    assert later.id in queries.jury_of(round)


def test_only_those_who_are_named_vote_and_are_counted(edition, chair, jury):
    films(edition)
    round = make_round(edition, gate="ballot", ballot="approval", quorum=1)
    setup_actions.choose_jury(round=round, judges=[jury[0].id, jury[1].id], by=chair)
    assert plan_queries.looks_of(round) == 2
    rounds_actions.open_round(round=round, by=chair, at=AT)
    first = round.films.order_by("code").first()
    for judge in jury[:2]:
        ballot_actions.cast_ballot(round=round, by=judge, at=AT, revision=0, values={first.pk: 1})
    with pytest.raises(Refused) as refused:
        ballot_actions.cast_ballot(round=round, by=jury[2], at=AT, revision=0, values={first.pk: 1})
    assert refused.value.status == 403
    standing = rounds_actions.close_round(round=round, by=chair, at=AT)
    assert len(standing.inputs["ballots"]) == 2


def test_a_round_whose_judges_have_left_does_not_open(edition, chair, jury):
    films(edition)
    round = make_round(edition)
    setup_actions.choose_jury(round=round, judges=[jury[0].id], by=chair)
    edition.memberships.filter(user=jury[0].user).delete()
    with pytest.raises(Refused):
        rounds_actions.open_round(round=Round.objects.get(pk=round.pk), by=chair, at=AT)
    assert not Round.objects.get(pk=round.pk).opened_at


def test_once_it_is_open_judges_are_added_and_none_is_taken_away(edition, chair, jury):
    films(edition)
    round = make_round(edition, looks_per_film=1)
    setup_actions.choose_jury(round=round, judges=[jury[0].id], by=chair)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    for judges in ([], [jury[1].id]):
        with pytest.raises(Refused) as refused:
            setup_actions.choose_jury(round=round, judges=judges, by=chair)
        assert refused.value.code == "opened"
    setup_actions.choose_jury(round=round, judges=[jury[0].id, jury[1].id], by=chair)
    assert set(queries.jury_of(round)) == {jury[0].id, jury[1].id}


def test_a_round_of_everybody_stays_one_of_everybody_while_it_is_open(edition, chair, jury):
    films(edition)
    round = make_round(edition, looks_per_film=1)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    with pytest.raises(Refused):
        setup_actions.choose_jury(round=round, judges=[one.id for one in jury], by=chair)


def test_who_may_not_choose_and_who_cannot_be_chosen(edition, chair, jury):
    round = make_round(edition)
    with pytest.raises(Refused) as refused:
        setup_actions.choose_jury(round=round, judges=[jury[0].id], by=jury[0])
    assert refused.value.status == 403
    with pytest.raises(Refused) as refused:
        setup_actions.choose_jury(round=round, judges=[chair.id], by=chair)
    assert refused.value.code == "left"
    panels = make_round(edition, gate="panel", slug="panels")
    make_panel(panels, "One", jury[:1])
    with pytest.raises(Refused) as refused:
        setup_actions.choose_jury(round=panels, judges=[jury[0].id], by=chair)
    assert refused.value.code == "panels"


def test_a_plan_reckons_with_those_who_are_named(edition, chair, jury):
    films(edition)
    whole, few = make_round(edition, slug="whole"), make_round(edition, slug="few")
    setup_actions.choose_jury(round=few, judges=[jury[0].id], by=chair)
    assert plan_facts.known_of(edition).judges == {"whole": 3, "few": 1}
    assert plan_queries.before_opening(few, AT)[1].judges == 1
    assert plan_queries.before_opening(whole, AT)[1].judges == 3


def test_a_round_of_others_is_not_there_for_a_judge(edition, chair, jury, client: Client):
    films(edition)
    round = make_round(edition, gate="ballot", slug="final")
    Round.objects.filter(pk=round.pk).update(name={"en": "The final", "zh": "终审"})
    setup_actions.choose_jury(round=round, judges=[jury[0].id], by=chair)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    ballot = reverse("judging:ballot", args=[edition.slug, "final"])
    home = reverse("judging:jury", args=[edition.slug])
    client.force_login(jury[0].user)
    assert client.get(ballot).status_code == 200
    assert "The final" in client.get(home).content.decode()
    client.force_login(jury[1].user)
    assert client.get(ballot).status_code == 404
    assert client.post(ballot, {"revision": "0"}).status_code == 404
    assert "The final" not in client.get(home).content.decode()


def test_judges_are_chosen_in_the_browser(edition, chair, jury, client: Client):
    round = make_round(edition, slug="final")
    address = reverse("judging:round_jury", args=[edition.slug, "final"])
    client.force_login(chair.user)
    page = client.get(address).content.decode()
    assert all(one.user.name in page for one in jury)
    nobody = client.post(address, {"who": "some"})
    assert nobody.status_code == 400 and "Tick at least one judge" in nobody.content.decode()
    sent = client.post(address, {"who": "some", "members": [jury[1].id]})
    assert sent["Location"] == reverse("judging:round", args=[edition.slug, "final"])
    assert list(round.jury.all()) == [jury[1].user]
    shown = client.get(sent["Location"]).content.decode()
    assert "Bo" in shown and "Ann" not in shown
    client.post(address, {"who": "all", "members": [jury[1].id]})
    assert not round.jury.exists()
    assert "Everybody in the jury" in client.get(sent["Location"]).content.decode()
