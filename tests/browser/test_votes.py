"""Votes that decide awards, in real browsers: a motion of the jury, and the audience with a printed code."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from festival.awards import audience_actions
from festival.awards.audience_actions import Rules
from festival.awards.models import AudienceBallot, AudiencePoll
from judging import award_actions, meeting_actions
from judging.models import AwardList, Vote
from tests.awards import audience
from tests.browser.people import CHINESE, Person
from tests.browser.test_awards import enter
from tests.judging.test_award_steps import Jury
from tests.judging.test_motions import Court
from tests.shows import make_film, make_slot

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Person]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_the_jury_leaves_a_prize_vacant_by_a_motion(enter: Open) -> None:
    court = Court()
    room = f"/{court.edition.slug}/meeting/{court.meeting.pk}/"
    chair = enter(court.chair.user)
    chair.go(room).check("meeting-with-motion").page.click("text=Put a motion")
    chair.page.wait_for_load_state()
    chair.check("motion-form")
    chair.page.check("input[name=motion][value=vacant]")
    chair.page.fill("input[name=text]", "No film reaches the height of a grand prize.")
    chair.page.select_option("select[name=slot]", "grand")
    chair.page.click("main form button[type=submit]")
    chair.page.wait_for_selector("text=The vote is open.")
    chair.check("motion-open")
    vote = Vote.objects.get()
    for number, judge in enumerate(court.judges):
        member = enter(judge.user, locale=CHINESE, width=390)
        member.go(f"{room}vote/{vote.pk}/").check(f"motion-zh-phone-{number}")
        member.page.check(f"input[name=answer][value={'no' if number == 2 else 'yes'}]")
        member.page.click("main form button[type=submit]")
        member.page.wait_for_selector("text=表决已收到")
    chair.go(f"{room}vote/{vote.pk}/").post("/close/")
    assert "2 yes, 1 no, 0 abstained." in chair.check("motion-carried").text()
    meeting_actions.close_meeting(meeting=court.meeting, by=court.chair, at=timezone.now())
    assert "Carried" in chair.go(f"{room}minutes/").check("minutes-with-motion").text()
    chair.go(f"/{court.edition.slug}/desk/awards/").post("/propose/")
    assert "Left vacant by the jury’s vote: No film reaches" in chair.check("awards-vacated").text()


def test_the_audience_votes_with_a_printed_code_and_its_count_fills_the_award(enter: Open) -> None:
    jury = Jury(confirmed=False)
    slot = make_slot(jury.edition, "audience", decided_by="audience", combines=["grand", "second"])
    now = timezone.now()
    shown = [
        make_film(
            jury.edition, code=f"A{number}", source=entry.code, title=f"Film {number}", published_at=now
        )
        for number, entry in enumerate(jury.films)
    ]
    desk = "/spring/desk/audience/"
    organiser = enter(jury.organiser.user)
    organiser.go(desk).check("audience-desk").go(f"{desk}audience/settings/").check("audience-settings")
    rules = Rules(opens_at=now - HOUR, closes_at=now + DAY, by_printed_code=True, by_mail=True)
    poll = audience_actions.set_poll(
        slot=slot, rules=rules, films=shown, by=jury.organiser, at=now - 2 * HOUR
    )
    organiser.go(f"{desk}audience/").page.fill("input[name=label]", "Great Hall, Friday")
    organiser.page.fill("input[name=count]", "4")
    organiser.page.click("form[action$='/codes/'] button[type=submit]")
    organiser.page.wait_for_load_state()
    organiser.check("audience-poll-open").go(f"{desk}audience/codes/1/").check("audience-sheet")
    code = audience_actions.codes_of(poll, poll.batches.get())[0][1]

    guest = enter(locale=CHINESE, width=390)
    guest.go("/spring/vote/").check("votes-zh-phone").go("/spring/vote/audience/").check("vote-zh-phone")
    guest.page.fill("input[name=code]", code.lower())
    guest.page.click("form[action$='/code/'] button[type=submit]")
    guest.page.wait_for_selector("input[name=film]")
    guest.page.check("input[name=film][value=A3]")
    guest.page.click(".vote-bar button")
    guest.page.wait_for_selector("text=Film 3")
    guest.check("voted-zh-phone")
    assert AudienceBallot.objects.get().chosen.get().film.code == "A3"
    second = enter()
    second.go("/spring/vote/audience/").check("vote")

    for film, number in (("A1", 9), ("A3", 40)):
        audience.many(poll, film, number, at=now)
    AudiencePoll.objects.update(closes_at=now - timedelta(minutes=5))
    organiser.go(f"{desk}audience/").post("/count/").check("audience-counted")
    award_actions.propose(edition=jury.edition, by=jury.chair, at=timezone.now())
    organiser.go("/spring/desk/awards/").check("awards-by-audience")
    row = AwardList.objects.get().verdicts.get(slot=slot)
    assert row.entry == jury.films[3]
    assert "Rank 1 in the audience’s vote" in organiser.text()
    for person in (guest, second):
        assert "41" not in person.go("/spring/vote/audience/").text() and person.go("/spring/vote/").text()
