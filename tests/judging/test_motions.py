"""Motions of the jury: who votes, when they are carried, and what they do to the award list."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from festival.edition.actions import add_member
from festival.kit.errors import Refused
from festival.people.actor import Actor, actor_of
from festival.people.models import User
from festival.people.roles import Role
from judging import award_actions, award_fill, award_inputs, meeting_actions, motion_actions, vote_actions
from judging import award_queries as queries
from judging.logic import votes
from judging.models import AwardList, Vote
from submissions.models import Entry
from tests import meetings
from tests.factories import make_inspection
from tests.shows import make_slot

pytestmark = pytest.mark.django_db
NOW, HOUR = meetings.NOW, meetings.HOUR


class Court(meetings.Jury):
    """A meeting with awards: a grand prize that may be vacant and shared, a second with two places."""

    def __init__(self) -> None:
        super().__init__()
        for film in self.films:
            make_inspection(film, seconds=60)
        self.grand = make_slot(self.edition, "grand", tier="grand", may_be_vacant=True, ex_aequo=True)
        self.second = make_slot(self.edition, "second", places=2)

    def move(self, motion: str, **more: object) -> Vote:
        given = {"text": "So moved.", "quorum": 2, "closes_at": NOW + HOUR, "by": self.chair} | more
        return motion_actions.move(meeting=self.meeting, motion=motion, at=NOW, **given)

    def say_to(self, vote: Vote, *answers: str) -> Vote:
        for judge, said in zip(self.judges, answers, strict=False):
            motion_actions.answer(vote=vote, by=judge, at=NOW, revision=0, said=said)
        return vote_actions.close_vote(vote=vote, by=self.chair, at=NOW + HOUR)

    def propose(self, at=NOW + HOUR) -> list[tuple[str, int, str]]:
        award_actions.propose(edition=self.edition, by=self.chair, at=at)
        rows = queries.verdicts_of(AwardList.objects.get(edition=self.edition))
        return [(row.slot.slug, row.place, row.entry.code if row.entry else "") for row in rows]

    def why(self, slug: str) -> dict[str, object]:
        return queries.verdicts_of(AwardList.objects.get()).filter(slot__slug=slug).first().why


def refused(doing, code: str = "") -> Refused:
    with pytest.raises(Refused) as caught:
        doing()
    assert not code or caught.value.code == code, caught.value
    return caught.value


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        (("yes", "yes", "no"), "carried"),
        (("yes", "no", "abstain"), "tied"),
        (("no", "no", "yes"), "lost"),
        (("yes", "abstain"), "carried"),
        (("abstain", "abstain"), "tied"),
    ],
)
def test_a_motion_is_carried_with_more_yes_than_no(answers, result):
    court = Court()
    vote = court.say_to(court.move("other"), *answers)
    assert (vote.result["result"], vote.result["cast"]) == (result, len(answers))
    assert vote_actions.replay(vote)
    assert votes.outcome(vote.inputs) == vote.result


def test_without_a_quorum_nothing_is_decided_and_nothing_told():
    court = Court()
    vote = court.say_to(court.move("vacant", slot=court.grand, quorum=3), "yes", "yes")
    assert vote.result == {"cast": 2, "valid": False, "rows": [], "chosen": [], "tied": []}
    assert court.propose()[0] == ("grand", 1, "FILM001")


def test_a_prize_left_vacant_by_the_jury_is_vacant_on_the_list():
    court = Court()
    assert court.propose()[0] == ("grand", 1, "FILM001")
    court.say_to(court.move("vacant", slot=court.grand, text="No film is good enough."), "yes", "yes", "no")
    assert court.propose() == [("grand", 1, ""), ("second", 1, "FILM001"), ("second", 2, "FILM002")]
    why = court.why("grand")
    assert (why["code"], why["reason"]) == ("vacated", "No film is good enough.")
    assert award_fill.replays(award_actions.latest(AwardList.objects.get()))


def test_films_share_a_place_by_the_jurys_vote():
    court = Court()
    films = [court.films[3], court.films[1]]
    court.say_to(court.move("share", slot=court.grand, films=[film.pk for film in films]), "yes", "yes")
    assert court.propose() == [
        ("grand", 1, "FILM002"), ("grand", 1, "FILM004"), ("second", 1, "FILM001"), ("second", 2, "FILM003"),
    ]  # fmt: skip
    award_list = AwardList.objects.get()
    shares = list(award_list.verdicts.filter(slot=court.grand).values_list("share", flat=True))
    assert shares == [0, 1]
    assert award_fill.replays(award_actions.latest(award_list))
    award_actions.confirm(award_list=award_list, by=court.chair, at=NOW + 2 * HOUR)


def test_a_mention_that_was_carried_is_on_the_list_and_stays_when_it_is_proposed_anew():
    court = Court()
    name = {"en": "For the score", "zh": "最佳配乐提名"}
    court.say_to(court.move("mention", films=[court.films[4].pk], name=name), "yes", "yes")
    assert court.propose()[-1] == ("mention-1", 1, "FILM005")
    assert court.propose()[-1] == ("mention-1", 1, "FILM005")
    award_list = AwardList.objects.get()
    award_actions.add_mention(
        award_list=award_list, name={"en": "By the chair"}, entry=court.films[3], reason="Asked", by=court.chair, at=NOW
    )  # fmt: skip
    assert court.propose()[-2:] == [("mention-1", 1, "FILM005"), ("mention-2", 1, "FILM004")]
    assert court.edition.award_slots.filter(added=True).count() == 2


def test_a_motion_carried_after_the_proposal_stops_the_confirmation():
    court = Court()
    court.propose(at=NOW)
    court.say_to(court.move("vacant", slot=court.grand), "yes", "yes")
    award_list = AwardList.objects.get()
    refused(lambda: award_actions.confirm(award_list=award_list, by=court.chair, at=NOW + HOUR), "vote")
    court.propose(at=NOW + 2 * HOUR)
    award_list.refresh_from_db()
    award_actions.confirm(award_list=award_list, by=court.chair, at=NOW + 2 * HOUR)


def test_the_last_of_several_motions_about_an_award_holds():
    court = Court()
    court.say_to(court.move("vacant", slot=court.grand), "yes", "yes")
    films = [court.films[0].pk, court.films[1].pk]
    late = court.move("share", slot=court.grand, films=films)
    for judge in court.judges:
        motion_actions.answer(vote=late, by=judge, at=NOW, revision=0, said="yes")
    vote_actions.close_vote(vote=late, by=court.chair, at=NOW + 2 * HOUR)
    pins = award_inputs.decisions(court.edition, court.edition.award_slots.all()).pinned
    assert [(pin["film"], pin["vote"]) for pin in pins] == [("FILM001", late.pk), ("FILM002", late.pk)]


def test_who_has_left_the_room_for_a_film_does_not_vote_on_its_motion(client):
    court = Court()
    films = [court.films[0].pk, court.films[1].pk]
    vote = court.move("share", slot=court.grand, films=films)
    motion_actions.answer(vote=vote, by=court.judges[0], at=NOW, revision=0, said="no")
    court.aside(court.judges[0], court.films[0])
    refused(
        lambda: motion_actions.answer(vote=vote, by=court.judges[0], at=NOW, revision=1, said="yes"),
    )
    for judge in court.judges[1:]:
        motion_actions.answer(vote=vote, by=judge, at=NOW, revision=0, said="yes")
    closed = vote_actions.close_vote(vote=vote, by=court.chair, at=NOW + HOUR)
    result = {name: closed.result[name] for name in ("yes", "no", "recused", "result")}
    assert result == {"yes": 2, "no": 0, "recused": 1, "result": "carried"}
    client.force_login(court.judges[0].user)
    address = reverse("judging:meeting_vote", args=[court.edition.slug, court.meeting.pk, vote.pk])
    page = client.get(address).content.decode()
    assert "You had left the room" in page and "Carried" not in page
    room = reverse("judging:meeting", args=[court.edition.slug, court.meeting.pk])
    page = client.get(room).content.decode()
    assert "You were outside" in page and "Carried" not in page
    client.force_login(court.chair.user)
    assert "Carried" in client.get(room).content.decode()


def test_the_list_of_votes_does_not_call_a_motion_decided_on_which_yes_and_no_were_equal(client):
    court = Court()
    court.say_to(court.move("other"), "yes", "no")
    client.force_login(court.chair.user)
    page = client.get(
        reverse("judging:meeting", args=[court.edition.slug, court.meeting.pk])
    ).content.decode()
    assert "Neither carried nor lost" in page and "Decided by vote" not in page


def test_the_casting_vote_decides_when_yes_and_no_are_equal():
    court = Court()
    add_member(edition=court.edition, user=court.judges[0].user, role=Role.CHAIR)
    lead = actor_of(User.objects.get(pk=court.judges[0].id))
    vote = court.move("other", by=lead, casting=True)
    for judge, said in ((lead, "no"), (court.judges[1], "yes")):
        motion_actions.answer(vote=vote, by=judge, at=NOW, revision=0, said=said)
    result = vote_actions.close_vote(vote=vote, by=lead, at=NOW + HOUR).result
    assert (result["result"], result["by_casting_vote"]) == ("lost", True)


def test_what_the_rules_or_good_sense_do_not_allow_cannot_be_moved():
    court = Court()
    two = [film.pk for film in court.films[:2]]
    refused(lambda: court.move("vacant", slot=court.second), "slot")
    refused(lambda: court.move("share", slot=court.second, films=two), "slot")
    refused(lambda: court.move("vacant"), "slot")
    refused(lambda: court.move("vacant", slot=court.grand, places=2), "places")
    refused(lambda: court.move("share", slot=court.grand, films=two[:1]), "films")
    refused(lambda: court.move("mention", films=two, name={"en": "Two"}), "films")
    refused(lambda: court.move("mention", films=two[:1]), "name")
    refused(lambda: court.move("other", text=" "), "text")
    refused(lambda: court.move("other", quorum=4), "quorum")
    refused(lambda: court.move("other", closes_at=NOW), "closes")
    assert refused(lambda: court.move("other", by=court.judges[0])).status == 403
    assert not Vote.objects.exists()


def test_answers_are_secret_of_members_alone_and_never_overwritten():
    court = Court()
    vote = court.move("other")
    motion_actions.answer(vote=vote, by=court.judges[0], at=NOW, revision=0, said="yes")
    refused(
        lambda: motion_actions.answer(vote=vote, by=court.judges[0], at=NOW, revision=0, said="no"), "changed"
    )
    refused(
        lambda: motion_actions.answer(vote=vote, by=court.judges[1], at=NOW, revision=0, said="maybe"),
        "empty",
    )
    stranger = Actor(court.chair.user)
    assert (
        refused(lambda: motion_actions.answer(vote=vote, by=stranger, at=NOW, revision=0, said="no")).status
        == 403
    )
    motion_actions.answer(vote=vote, by=court.judges[0], at=NOW, revision=1, said="no")
    vote = vote_actions.close_vote(vote=vote, by=court.chair, at=NOW + HOUR)
    assert vote.inputs["ballots"] == ["no"]
    refused(
        lambda: motion_actions.answer(vote=vote, by=court.judges[1], at=NOW, revision=0, said="yes"), "closed"
    )


def test_the_pages_from_the_motion_to_the_minutes(client):
    court = Court()
    client.force_login(court.chair.user)
    room = reverse("judging:meeting", args=[court.edition.slug, court.meeting.pk])
    assert "Put a motion" in client.get(room).content.decode()
    address = reverse("judging:meeting_motion", args=[court.edition.slug, court.meeting.pk])
    until = (NOW + HOUR).strftime("%Y-%m-%dT%H:%M")
    form = {
        "motion": "vacant",
        "text": "Leave it",
        "slot": "second",
        "places": 1,
        "quorum": 2,
        "closes_at": until,
    }
    page = client.post(address, form)
    assert page.status_code == 400 and "do not let this award stay vacant" in page.content.decode()
    page = client.post(address, form | {"slot": "grand"})
    vote = Vote.objects.get()
    own = reverse("judging:meeting_vote", args=[court.edition.slug, court.meeting.pk, vote.pk])
    assert page.url == own
    for judge in court.judges[:2]:
        client.force_login(judge.user)
        assert client.post(own, {"answer": ""}).status_code == 400
        assert client.post(own, {"answer": "yes", "revision": "0"}).status_code == 302
    client.force_login(court.chair.user)
    client.post(reverse("judging:meeting_vote_close", args=[court.edition.slug, court.meeting.pk, vote.pk]))
    assert "2 yes, 0 no, 0 abstained." in client.get(own).content.decode()
    meeting_actions.close_meeting(meeting=court.meeting, by=court.chair, at=NOW + 2 * timedelta(hours=1))
    minutes = reverse("judging:meeting_minutes", args=[court.edition.slug, court.meeting.pk])
    text = client.get(minutes).content.decode()
    assert "Leave it" in text and "Carried" in text and "no longer what they were" not in text


def test_by_plain_majority_a_film_needs_more_than_half_of_the_ballots():
    court = Court()
    one, two = court.films[0], court.films[1]

    def held(*choices):
        vote = court.ask(kind="majority", slot=None)
        for judge, film in zip(court.judges, choices, strict=False):
            vote_actions.cast(vote=vote, by=judge, at=NOW, revision=0, values={film.pk: 1})
        return vote_actions.close_vote(vote=vote, by=court.chair, at=NOW + HOUR)

    vote = held(one, two, one)
    assert (vote.result["chosen"], vote.result["tied"]) == ([one.code], [])
    assert vote_actions.replay(vote)
    vote = held(one, two)
    assert (vote.result["chosen"], vote.result["tied"]) == ([], [one.code, two.code])
    vote = held(one, two, court.films[2])
    assert (vote.result["chosen"], len(vote.result["tied"])) == ([], 3)
    again = court.ask(kind="majority")
    values = {one.pk: 1, two.pk: 1}
    refused(
        lambda: vote_actions.cast(vote=again, by=court.judges[0], at=NOW, revision=0, values=values), "range"
    )
    refused(lambda: court.ask(kind="majority", seats=2), "seats")


def test_a_vote_begins_with_the_shortlist_of_its_award(client):
    court = Court()
    track = court.edition.tracks.create(slug="drawn", name={"en": "Drawn"}, position=2)
    Entry.objects.filter(pk__in=[film.pk for film in court.films[:3]]).update(track=track, year=2026)
    Entry.objects.filter(pk=court.films[0].pk).update(year=2020)
    slot = make_slot(
        court.edition, "drawn", track=track, places=2, require=[{"attribute": "year", "at_least": 2025}]
    )
    client.force_login(court.chair.user)
    address = reverse("judging:meeting_ask", args=[court.edition.slug, court.meeting.pk])
    assert f"?award={slot.slug}" in client.get(address).content.decode()
    form = client.get(address, {"award": slot.slug}).context["form"]
    assert set(form.initial["films"]) == {court.films[1].pk, court.films[2].pk}
    assert (form.initial["slot"], form.initial["seats"]) == ("drawn", 2)


def asked_for(court, client, name, **given):
    """What comes of the chair's form, sent with everything that a page without its style shows."""
    client.force_login(court.chair.user)
    until = (timezone.now() + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")
    sent = {
        "text": "Which?",
        "quorum": 2,
        "closes_at": until,
        "films": [film.pk for film in court.films],
    } | given
    return client.post(reverse(f"judging:{name}", args=[court.edition.slug, court.meeting.pk]), sent)


@pytest.mark.parametrize(
    ("kind", "counting", "points", "seats"),
    [
        ("ranked", "runoff", 10, 2),
        ("approval", "schulze", 10, 2),
        ("points", "schulze", 7, 2),
        ("majority", "schulze", 10, 1),
    ],
)
def test_a_vote_keeps_what_its_way_asks_for(client, kind, counting, points, seats):
    court = Court()
    wrong = {"points": "seven hundred"} if kind != "points" else {"points": 7}
    answer = asked_for(court, client, "meeting_ask", kind=kind, counting="runoff", seats=2, **wrong)
    assert answer.status_code == 302, answer.context["form"].errors
    vote = court.meeting.votes.get()
    assert (vote.kind, vote.counting, vote.points, vote.seats) == (kind, counting, points, seats)


def test_a_fault_in_what_is_asked_for_is_said(client):
    answer = asked_for(Court(), client, "meeting_ask", kind="points", points="x", seats=1)
    assert answer.status_code == 400
    assert "field field--error asked-points" in " ".join(answer.content.decode().split())


def test_a_motion_keeps_what_it_is_about(client):
    court = Court()
    given = {"slot": "grand", "places": "many", "name_en": "Brave"}
    answer = asked_for(court, client, "meeting_motion", motion="other", **given)
    assert answer.status_code == 302, answer.context["form"].errors
    vote = court.meeting.votes.get()
    assert (vote.slot, vote.films.count(), vote.seats, vote.name) == (None, 0, 1, {})


def test_pages_name_the_fields_that_a_way_asks_for(client):
    court = Court()
    client.force_login(court.chair.user)
    for name, fields in (
        ("meeting_ask", ("counting", "points", "seats")),
        ("meeting_motion", ("slot", "places", "films", "name")),
    ):
        text = client.get(
            reverse(f"judging:{name}", args=[court.edition.slug, court.meeting.pk])
        ).content.decode()
        assert [field for field in fields if f" asked-{field}" not in text] == []
