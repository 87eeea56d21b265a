"""A list changes, and most of it stays: whose award stays keeps its words, her letter and her certificate."""

import pytest
from django.urls import reverse

from festival.awards.models import AwardRule, Laureate, PublicNotice
from festival.kit.words import say
from festival.people.roles import Role
from festival.post.models import Notice
from judging import award_actions as actions
from judging import award_queries as queries
from judging import award_steps as steps
from judging import meeting_actions, meeting_minutes
from judging.models import AwardList, Meeting
from tests.factories import make_member
from tests.judging.test_award_steps import DAY, WHY
from tests.judging.test_award_steps import Jury as Steps
from tests.judging.test_motions import HOUR, NOW, Court, refused

pytestmark = pytest.mark.django_db


class Shared(Court):
    """FILM002 and FILM004 share the grand prize; the list is confirmed and told, and stands as `state` says."""

    def __init__(self, state: str = "confirmed") -> None:
        super().__init__()
        self.kept, self.gone = self.films[3], self.films[1]
        films = [self.kept.pk, self.gone.pk]
        self.say_to(self.move("share", slot=self.grand, films=films), "yes", "yes")
        self.organiser = make_member(self.edition, Role.ORGANISER)
        self.propose()
        self.list = AwardList.objects.get()
        actions.confirm(award_list=self.list, by=self.chair, at=NOW + HOUR)
        steps.tell_entrants(award_list=self.list, by=self.organiser, at=NOW + HOUR)
        if state == "notice":
            steps.start_notice(award_list=self.list, by=self.organiser, at=NOW + HOUR, until=NOW + DAY)
        if state == "announced":
            steps.announce(award_list=self.list, by=self.organiser, at=NOW + HOUR)
        Notice.objects.all().delete()

    def withdraw(self) -> None:
        steps.withdraw(
            award_list=self.list, entry=self.gone, reason=WHY, by=self.organiser, at=NOW + 2 * HOUR
        )

    def letters(self) -> list[tuple[str, str]]:
        return sorted(Notice.objects.values_list("kind", "values__code"))


def test_who_shared_a_place_with_a_film_that_goes_has_not_moved():
    court = Shared("notice")
    court.withdraw()
    changes = PublicNotice.objects.get().changes
    assert [(row["slot"], row["from"]["code"], row["to"], row["reason"]) for row in changes] == [
        ("grand", court.gone.code, None, WHY)
    ]
    assert court.letters() == [("award_withdrawn", court.gone.code)]
    assert queries.telling(court.list).everybody


def test_her_certificate_stays_good(client):
    court = Shared("announced")
    mine = Laureate.objects.get(film__source=court.kept.code)
    assert mine.share == 1
    court.withdraw()
    assert not queries.unpublished(AwardList.objects.get())
    address = reverse("awards:verify", args=[mine.code])
    assert "no longer valid" not in client.get(address).content.decode()


def test_films_that_share_a_place_change_turns_without_losing_it():
    court = Shared("announced")
    mine = Laureate.objects.get(film__source=court.kept.code)
    court.withdraw()
    # A mention is changed meanwhile, so that the page is brought up to date.
    steps.withdraw(
        award_list=court.list, entry=court.films[2], reason=WHY, by=court.organiser, at=NOW + 3 * HOUR
    )
    steps.announce(award_list=AwardList.objects.get(), by=court.organiser, at=NOW + 4 * HOUR)
    mine.refresh_from_db()
    assert (mine.share, mine.withdrawn_at) == (0, None)


def test_a_film_with_two_awards_keeps_the_words_and_the_letter_of_each():
    court = Court()
    film = court.films[0]
    court.say_to(court.move("mention", films=[film.pk], name={"en": "M"}), "yes", "yes")
    court.propose()
    award_list = AwardList.objects.get()
    organiser = make_member(court.edition, Role.ORGANISER)

    def words() -> dict[str, str]:
        rows = queries.verdicts_of(award_list).filter(entry=film)
        return {row.slot.slug: say(row.citation) for row in rows}

    for slug in ("grand", "mention-1"):
        verdict = award_list.verdicts.get(slot__slug=slug)
        actions.set_verdict(
            verdict=verdict, entry=film, reason="", citation={"en": f"for {slug}"}, by=court.chair, at=NOW
        )
    assert words() == {"grand": "for grand", "mention-1": "for mention-1"}
    actions.confirm(award_list=award_list, by=court.chair, at=NOW + HOUR)
    steps.tell_entrants(award_list=award_list, by=organiser, at=NOW + HOUR)
    steps.withdraw(award_list=award_list, entry=court.films[2], reason=WHY, by=organiser, at=NOW + HOUR)
    assert words() == {"grand": "for grand", "mention-1": "for mention-1"}
    Notice.objects.all().delete()
    steps.tell_entrants(award_list=award_list, by=organiser, at=NOW + HOUR)
    assert film.code not in Notice.objects.values_list("values__code", flat=True)


def test_a_film_that_moves_takes_its_words_along():
    jury = Steps(confirmed=False)
    second = queries.verdicts_of(jury.list).get(slot__slug="second", place=1)
    actions.set_verdict(
        verdict=second, entry=second.entry, reason="", citation={"en": "Bold."}, by=jury.chair, at=NOW
    )
    actions.confirm(award_list=jury.list, by=jury.chair, at=NOW)
    jury.withdraw(0)
    grand = queries.verdicts_of(jury.list).get(slot__slug="grand")
    assert (grand.entry, say(grand.citation), grand.told_at) == (jury.films[1], "Bold.", None)


def test_minutes_stay_the_same_bytes_when_the_mention_comes_onto_the_list():
    court = Court()
    court.say_to(court.move("mention", films=[court.films[4].pk], name={"en": "M"}), "yes", "yes")
    meeting_actions.close_meeting(meeting=court.meeting, by=court.chair, at=NOW + 2 * HOUR)
    court.propose(NOW + 3 * HOUR)
    meeting = Meeting.objects.get(pk=court.meeting.pk)
    assert meeting.votes.get(motion="mention").slot is not None
    assert meeting_minutes.digest_of(meeting) == meeting.minutes_digest


def test_a_film_of_a_motion_that_has_left_is_given_nothing_and_the_list_can_be_worked_on():
    court = Court()
    left, other = court.films[4], court.films[3]
    court.say_to(court.move("mention", films=[left.pk], name={"en": "M"}), "yes", "yes")
    court.propose()
    verdict = AwardList.objects.get().verdicts.get(slot__slug="mention-1")
    refused(lambda: actions.release(verdict=verdict, by=court.chair, at=NOW), "mention")
    type(left).objects.filter(pk=left.pk).update(state="withdrawn")
    assert [slug for slug, _place, _code in court.propose()] == ["grand", "second", "second"]
    actions.add_mention(
        award_list=AwardList.objects.get(),
        name={"en": "M"},
        entry=other,
        reason="Next",
        by=court.chair,
        at=NOW,
    )
    assert court.propose()[-1][2] == other.code
    actions.confirm(award_list=AwardList.objects.get(), by=court.chair, at=NOW + 3 * HOUR)


def test_of_films_that_share_a_place_one_is_exchanged():
    court = Court()
    films = [court.films[3], court.films[1]]
    court.say_to(court.move("share", slot=court.grand, films=[one.pk for one in films]), "yes", "yes")
    court.propose()
    verdict = AwardList.objects.get().verdicts.get(slot__slug="grand", entry=films[0])
    actions.set_verdict(verdict=verdict, entry=court.films[0], reason="Braver", by=court.chair, at=NOW)
    rows = AwardList.objects.get().verdicts.filter(slot__slug="grand")
    assert set(rows.values_list("entry__code", flat=True)) == {films[1].code, court.films[0].code}


def test_a_motion_that_was_counted_while_the_list_was_proposed_is_not_missed():
    court = Court()
    court.propose(at=NOW + 2 * HOUR)  # the vote below carries an earlier moment, as its clock was read before
    court.say_to(court.move("vacant", slot=court.grand), "yes", "yes")
    refused(
        lambda: actions.confirm(award_list=AwardList.objects.get(), by=court.chair, at=NOW + 3 * HOUR), "vote"
    )


def test_a_place_decided_against_a_rule_says_which():
    jury = Steps(confirmed=False)
    AwardRule.objects.create(
        edition=jury.edition, slug="one", name={"en": "One award an entrant"}, kind="limit",
        data={"per": "entrant", "most": 1},
    )  # fmt: skip
    film = jury.films[3]
    film.entrant = jury.films[0].entrant
    film.save()
    jury.list = actions.propose(edition=jury.edition, by=jury.chair, at=NOW)
    second = queries.verdicts_of(jury.list).get(slot__slug="second", place=2)
    actions.set_verdict(verdict=second, entry=film, reason="It moved us", by=jury.chair, at=NOW)
    grand = queries.verdicts_of(jury.list).get(slot__slug="grand")
    actions.set_verdict(verdict=grand, entry=jury.films[0], reason="First by far", by=jury.chair, at=NOW)
    said = [text for row in queries.rows_for_desk(jury.list) for _verdict, text in row.places]
    against = [text for text in said if "Against the rules: its entrant already holds" in text]
    assert len(against) == 1 and "It moved us" in " ".join(said), said
