"""Who of the jury judges a round: everybody, or those named for it, on every way by which somebody judges."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from festival.kit.errors import Refused
from festival.people.roles import Role
from judging import (
    ballot_actions,
    blueprint_export,
    plan_facts,
    plan_queries,
    queries,
    round_words,
    rounds_actions,
    setup_actions,
)
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
    setup_actions.choose_jury(round=round, judges=[jury[0].id, jury[2].id], by=chair, at=AT)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    assert set(round.looks.values_list("judge_id", flat=True)) == {jury[0].id, jury[2].id}
    make_inspection(make_entry(edition), seconds=600)
    rounds_actions.add_late_films(round=round, by=chair, at=AT + timedelta(days=1))
    assert set(round.looks.values_list("judge_id", flat=True)) == {jury[0].id, jury[2].id}
    assert round.looks.count() == 4


def test_everybody_judges_again_once_nobody_is_named(edition, chair, jury):
    round = make_round(edition)
    setup_actions.choose_jury(round=round, judges=[jury[1].id], by=chair, at=AT)
    assert list(queries.jury_of(round)) == [jury[1].id]
    setup_actions.choose_jury(round=round, judges=[], by=chair, at=AT)
    assert len(queries.jury_of(round)) == 3
    later = make_member(edition, Role.JUDGE, "Dee")
    assert later.id in queries.jury_of(round)


def test_only_those_who_are_named_vote_and_are_counted(edition, chair, jury):
    films(edition)
    round = make_round(edition, gate="ballot", ballot="approval", quorum=1)
    setup_actions.choose_jury(round=round, judges=[jury[0].id, jury[1].id], by=chair, at=AT)
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
    setup_actions.choose_jury(round=round, judges=[jury[0].id], by=chair, at=AT)
    edition.memberships.filter(user=jury[0].user).delete()
    with pytest.raises(Refused):
        rounds_actions.open_round(round=Round.objects.get(pk=round.pk), by=chair, at=AT)
    assert not Round.objects.get(pk=round.pk).opened_at


def test_once_it_is_open_judges_are_added_and_none_is_taken_away(edition, chair, jury):
    films(edition)
    round = make_round(edition, looks_per_film=1)
    setup_actions.choose_jury(round=round, judges=[jury[0].id], by=chair, at=AT)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    for judges in ([], [jury[1].id]):
        with pytest.raises(Refused) as refused:
            setup_actions.choose_jury(round=round, judges=judges, by=chair, at=AT)
        assert refused.value.code == "opened"
    two = [jury[0].id, jury[1].id]
    with pytest.raises(Refused) as refused:
        setup_actions.choose_jury(round=round, judges=two, by=chair, at=AT, reason=" ")
    assert refused.value.code == "reason" and not round.changes.exists()
    setup_actions.choose_jury(round=round, judges=two, by=chair, at=AT, reason="Too much for one.")
    assert set(queries.jury_of(round)) == set(two)
    (change,) = round_words.changes_of(round)
    assert change["reason"] == "Too much for one." and change["by"] == chair.user
    assert (change["label"], change["before"], change["after"]) == ("Who judges", "1 judge", "2 judges")
    setup_actions.choose_jury(round=round, judges=two, by=chair, at=AT)  # nothing is changed: nothing to say
    assert round.changes.count() == 1


def test_the_choice_of_somebody_else_is_not_overwritten(edition, chair, jury, client: Client):
    round = make_round(edition, slug="final")
    address = reverse("judging:round_jury", args=[edition.slug, "final"])
    client.force_login(chair.user)
    setup_actions.choose_jury(round=round, judges=[jury[0].id], by=chair, at=AT)
    sent = {"who": "some", "members": [jury[1].id], "seen": ""}  # read before the other one saved
    late = client.post(address, sent)
    assert late.status_code == 409 and "Somebody else has chosen" in late.content.decode()
    assert list(round.jury.all()) == [jury[0].user]
    assert client.post(address, sent | {"seen": str(jury[0].id)}).status_code == 302
    assert list(round.jury.all()) == [jury[1].user]


def test_who_has_left_the_jury_is_named_no_more(edition, chair, jury, client: Client):
    make_round(edition, slug="final")
    gone = jury[2].id
    jury[2].user.memberships.all().delete()
    client.force_login(chair.user)
    sent = {"who": "some", "members": [gone], "seen": ""}
    late = client.post(reverse("judging:round_jury", args=[edition.slug, "final"]), sent)
    assert late.status_code == 400 and "is no longer in the jury" in late.content.decode()


def test_a_plan_says_how_many_are_to_judge(edition, chair, jury):
    round = make_round(edition, slug="final", expects_judges=2)
    assert any("nobody is named" in said for said in round_words.warnings(round))
    setup_actions.choose_jury(round=round, judges=[jury[0].id], by=chair, at=AT)
    round = Round.objects.get(pk=round.pk)
    assert "The plan reckons with 2 judges; so far 1 would judge." in round_words.warnings(round)
    setup_actions.choose_jury(round=round, judges=[jury[0].id, jury[1].id], by=chair, at=AT)
    assert not any(
        "The plan reckons" in said for said in round_words.warnings(Round.objects.get(pk=round.pk))
    )
    (plan,) = blueprint_export.plan_of(edition).rounds
    assert plan.judges == 2


def test_a_blueprint_of_a_running_edition_says_how_many_are_named(edition, chair, jury):
    round = make_round(edition, slug="final")
    setup_actions.choose_jury(round=round, judges=[jury[0].id, jury[2].id], by=chair, at=AT)
    (plan,) = blueprint_export.plan_of(edition).rounds
    assert plan.judges == 2


def test_the_last_judge_of_a_round_is_not_said_to_have_others(edition, chair, jury, client: Client):
    films(edition)
    round = make_round(edition, looks_per_film=1, slug="final")
    setup_actions.choose_jury(round=round, judges=[jury[0].id], by=chair, at=AT)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    client.force_login(chair.user)
    address = reverse("judging:round_replace", args=[edition.slug, "final", jury[0].id])
    assert "Nobody else judges this round" in client.get(address).content.decode()
    client.post(address)
    said = client.get(reverse("judging:round", args=[edition.slug, "final"])).content.decode()
    assert "Every look is done" not in said and "other looks are missing" in said
    setup_actions.choose_jury(
        round=round, judges=[jury[0].id, jury[1].id], by=chair, at=AT, reason="Ann is ill."
    )
    address = reverse("judging:round_replace", args=[edition.slug, "final", jury[0].id])
    assert "Nobody else judges this round" not in client.get(address).content.decode()


def test_a_round_of_everybody_stays_one_of_everybody_while_it_is_open(edition, chair, jury):
    films(edition)
    round = make_round(edition, looks_per_film=1)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    with pytest.raises(Refused):
        setup_actions.choose_jury(round=round, judges=[one.id for one in jury], by=chair, at=AT)


def test_who_may_not_choose_and_who_cannot_be_chosen(edition, chair, jury):
    round = make_round(edition)
    with pytest.raises(Refused) as refused:
        setup_actions.choose_jury(round=round, judges=[jury[0].id], by=jury[0], at=AT)
    assert refused.value.status == 403
    with pytest.raises(Refused) as refused:
        setup_actions.choose_jury(round=round, judges=[chair.id], by=chair, at=AT)
    assert refused.value.code == "left"
    panels = make_round(edition, gate="panel", slug="panels")
    make_panel(panels, "One", jury[:1])
    with pytest.raises(Refused) as refused:
        setup_actions.choose_jury(round=panels, judges=[jury[0].id], by=chair, at=AT)
    assert refused.value.code == "panels"


def test_a_plan_reckons_with_those_who_are_named(edition, chair, jury):
    films(edition)
    whole, few = make_round(edition, slug="whole"), make_round(edition, slug="few")
    setup_actions.choose_jury(round=few, judges=[jury[0].id], by=chair, at=AT)
    assert plan_facts.known_of(edition).judges == {"whole": 3, "few": 1}
    assert plan_queries.before_opening(few, AT)[1].judges == 1
    assert plan_queries.before_opening(whole, AT)[1].judges == 3


def test_a_round_of_others_is_not_there_for_a_judge(edition, chair, jury, client: Client):
    films(edition)
    round = make_round(edition, gate="ballot", slug="final")
    Round.objects.filter(pk=round.pk).update(name={"en": "The final", "zh": "终审"})
    setup_actions.choose_jury(round=round, judges=[jury[0].id], by=chair, at=AT)
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
    client.post(address, {"who": "all", "members": [jury[1].id], "seen": str(jury[1].id)})
    assert not round.jury.exists()
    assert "Everybody in the jury" in client.get(sent["Location"]).content.decode()
