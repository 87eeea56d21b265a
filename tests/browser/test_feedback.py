"""Feedback in real browsers: the chair releases by keys, an organiser sends, the entrant reads it on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from judging import feedback_actions
from judging.models import CommentDecision, FeedbackSending
from tests.browser.people import CHINESE, Person
from tests.browser.test_awards import enter
from tests.judging.test_feedback import Feedback

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Person]


def test_from_the_judges_words_to_the_entrants_letter(enter: Open) -> None:
    show = Feedback(films=20)
    desk = f"/{show.edition.slug}/desk/feedback/"
    chair = enter(show.chair.user)
    page = chair.go(desk).check("feedback-desk").page

    def open_ones(number: int) -> None:
        expect(page.locator("[data-open]")).to_have_count(number)

    page.keyboard.press("j")
    page.keyboard.press("r")
    open_ones(2)
    page.keyboard.press("s")
    page.locator(":focus").fill("A film.")
    page.locator("article:focus-within button[value=edited]").click()
    open_ones(1)
    page.keyboard.press("h")
    page.locator(":focus").fill("Too loud.")
    page.keyboard.press("Enter")
    open_ones(0)
    chair.go(f"{desk}?state=all").check("feedback-decided")
    assert sorted(CommentDecision.objects.values_list("choice", flat=True)) == ["edited", "held", "released"]

    organiser = enter(show.organiser.user, width=390, locale=CHINESE)
    organiser.go(desk).check("feedback-organiser-zh-phone").go(f"{desk}rules/").check(
        "feedback-rules-zh-phone"
    )
    entrant = enter(show.films[0].entrant, width=390, locale=CHINESE)
    letter = f"/entries/{show.films[0].code}/feedback/"
    entrant.go(letter, status=404)
    organiser.go(desk).post("/send/")
    sending = FeedbackSending.objects.get()
    feedback_actions.write_letters(pk=sending.pk)
    organiser.go(desk).check("feedback-sent-zh-phone")

    text = entrant.go(letter).check("feedback-letter-zh-phone").text()
    assert "10%" in text
    released = CommentDecision.objects.exclude(choice="held").exclude(letter=None)
    assert all(row.text in text for row in released)
    assert entrant.go(f"/entries/{show.films[0].code}/").page.locator(f"main a[href='{letter}']").count() == 1
    rival = enter(show.films[1].entrant)
    rival.go(letter, status=404).go(f"/entries/{show.films[1].code}/feedback/").check("feedback-letter-held")
    assert "Loud" not in rival.text()
    judge = enter(show.judges[0].user, width=390, locale=CHINESE)
    judge.go(f"/{show.edition.slug}/my-comments/").check("feedback-own-zh-phone")
