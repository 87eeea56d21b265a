"""Several rounds, a log that the desk reads, films that leave at the wrong moment."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from festival.catalogue.models import Film
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from judging import award_actions, award_steps, desk, looks_actions, rounds_actions, standing_actions
from judging.models import AwardList, Look
from submissions import actions as submissions
from submissions.catalogue import write_films
from submissions.desk_words import SENTENCES, UNSAID, log_lines
from submissions.models import Event
from tests.factories import make_edition, make_entry, make_inspection, make_member, make_round
from tests.judging.test_race import together
from tests.shows import make_slot, make_standing

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)


def score(look: Look, judge, value: int) -> None:
    scores = {"story": Decimal(value), "craft": Decimal(value)}
    kept = looks_actions.save_scores(
        look=look, by=judge, at=AT, revision=look.revision, scores=scores, comment="", watched=9
    )
    looks_actions.finish_look(look=look, by=judge, at=AT, revision=kept.revision)


@pytest.mark.django_db
def test_films_of_every_round_are_decided_over_and_told_and_the_log_keeps_the_jurys_secrets() -> None:
    edition = make_edition()
    chair, organiser = make_member(edition, Role.CHAIR, "Carla"), make_member(edition, Role.ORGANISER)
    judges = {one.id: one for one in (make_member(edition, Role.JUDGE, name) for name in ("Ada", "Ben"))}
    films = [make_entry(edition) for _number in range(3)]
    for film in films:
        make_inspection(film)
    make_slot(edition, "grand", tier="grand")
    first = make_round(edition, "first", looks_per_film=1)
    last = make_round(edition, "last", looks_per_film=1, position=1)
    rounds_actions.open_round(round=first, by=chair, at=AT, seed=1)
    recused = Look.objects.select_related("round__edition").get(entry=films[0])
    looks_actions.recuse(look=recused, by=judges[recused.judge_id], at=AT, reason="My sister made it.")
    for look in Look.objects.filter(round=first, state="pending").select_related("round"):
        score(look, judges[look.judge_id], 5)
        looks_actions.reopen_look(look=look, by=judges[look.judge_id], at=AT)
        score(Look.objects.select_related("round").get(pk=look.pk), judges[look.judge_id], 6)
    rounds_actions.close_round(round=first, by=chair, at=AT)
    rounds_actions.open_round(round=last, by=chair, at=AT, entries=films[:1], seed=2)
    look = Look.objects.select_related("round").get(round=last)
    score(look, judges[look.judge_id], 9)
    standing = rounds_actions.close_round(round=last, by=chair, at=AT)
    proposed = award_actions.propose(edition=standing.round.edition, by=chair, at=AT)
    award_actions.confirm(award_list=proposed, by=chair, at=AT)
    award_actions.reopen(award_list=proposed, by=chair, at=AT)
    for film in films:
        film.refresh_from_db()
        assert film.decision == ""
    award_actions.confirm(award_list=proposed, by=chair, at=AT)
    assert award_steps.tell_entrants(award_list=proposed, by=organiser, at=AT) == 3
    award_steps.announce(award_list=proposed, by=organiser, at=AT)
    for film in films:
        film.refresh_from_db()
    assert [film.told for film in films] == ["laureate", "not_selected", "not_selected"]

    assert {*Event.objects.values_list("kind", flat=True)} <= {*SENTENCES, *UNSAID}
    lines = log_lines(list(films[0].events.all()))
    assert {"look_recused", "look_reopened"} <= {*films[0].events.values_list("kind", flat=True)}
    assert {line.who for line in lines} == {""}
    assert [line.reason for line in lines if line.reason] == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(8))
def test_proposing_anew_while_the_chair_confirms(attempt: int) -> None:
    """Either the new list stands unconfirmed, or the confirmed one stays; never decisions without their list."""
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    edition = make_edition()
    chair, organiser = make_member(edition, Role.CHAIR), make_member(edition, Role.ORGANISER)
    film = make_entry(edition)
    make_slot(edition, "grand")
    standing = make_standing(edition, [(film, 1)])
    first = award_actions.propose(edition=standing.round.edition, by=chair, at=AT)
    together(
        lambda: award_actions.confirm(award_list=first, by=chair, at=AT),
        lambda: award_actions.propose(edition=standing.round.edition, by=organiser, at=AT),
    )
    film.refresh_from_db()
    assert (AwardList.objects.get().state, film.decision) in (("confirmed", "laureate"), ("proposed", ""))


@pytest.mark.django_db
def test_a_film_that_the_public_sees_is_not_withdrawn_by_a_click(client) -> None:
    edition = make_edition()
    entry = make_entry(edition)
    make_inspection(entry)
    film = write_films(entries=[entry])[entry.pk]
    Film.objects.filter(pk=film.pk).update(published_at=AT)
    client.force_login(entry.entrant)
    url = reverse("submissions:withdraw", args=[entry.code])
    for answer in (client.get(url), client.post(url)):
        assert answer.status_code == 409
        assert "already shows this film" in answer.content.decode()
    entry.refresh_from_db()
    assert entry.state == "eligible"
    Film.objects.update(published_at=None)
    assert client.post(url).status_code == 302
    organiser = make_member(edition, Role.ORGANISER)
    told = [todo.text for todo in desk.todos_for(organiser, edition, desk.overview_of(edition, AT))]
    assert any("1 withdrawn film is in the catalogue" in text for text in told)


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["judging", "closed", "confirmed"])
def test_a_film_withdrawn_on_the_way_gets_no_award_and_stops_nobody(moment: str) -> None:
    edition = make_edition()
    chair, organiser = make_member(edition, Role.CHAIR), make_member(edition, Role.ORGANISER)
    judge = make_member(edition, Role.JUDGE)
    films = [make_entry(edition) for _number in range(2)]
    for film in films:
        make_inspection(film)
    make_slot(edition, "grand")
    round = make_round(edition, looks_per_film=1)
    rounds_actions.open_round(round=round, by=chair, at=AT)

    def leave(when: str) -> None:
        if when == moment:
            submissions.withdraw(entry=films[0], by=actor_of(films[0].entrant), at=AT)

    leave("judging")
    for look in Look.objects.filter(round=round).select_related("round"):
        score(look, judge, 9 if look.entry_id == films[0].pk else 4)
    standing = rounds_actions.close_round(round=round, by=chair, at=AT)
    leave("closed")
    proposed = award_actions.propose(edition=standing.round.edition, by=chair, at=AT)
    award_actions.confirm(award_list=proposed, by=chair, at=AT)
    leave("confirmed")
    award_steps.tell_entrants(award_list=proposed, by=organiser, at=AT)
    award_steps.announce(award_list=proposed, by=organiser, at=AT)
    assert not Film.objects.filter(source=films[0].code).exists()
    films[0].refresh_from_db()
    assert films[0].told == ""
    assert standing_actions.replay(standing)
    with pytest.raises(Refused):
        award_steps.announce(award_list=proposed, by=organiser, at=AT)
