"""The public page of a laureate's film in real browsers: the film plays, with its label, until it is taken back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from festival.awards.actions import Winner, announce
from submissions import showing_actions
from submissions.models import PublishedCopy
from tests.browser.people import CHINESE, Person
from tests.browser.test_awards import enter
from tests.shows import make_slot
from tests.submissions.test_showing import entry, film_file

__all__ = ["enter", "entry", "film_file"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Person]


def test_a_film_plays_on_its_page_as_long_as_its_makers_let_it(
    transactional_db: None, entry: Any, enter: Open
) -> None:
    maker = enter(entry.entrant, locale=CHINESE, width=390)
    maker.go(f"/entries/{entry.code}/showing/").check("showing-zh-phone")
    maker.page.check("input[name=what][value=film]")
    maker.page.click("main form button[type=submit]")
    maker.page.wait_for_load_state()
    stranger = enter()
    stranger.go("/spring/films/LAMPLIT/", status=404)
    slot = make_slot(entry.edition, "grand", tier="grand")
    film = entry.edition.films.get()
    words = {"en": "For a light that is never the same twice.", "zh": "光影流转，无一处重复。"}
    announce(
        edition=entry.edition,
        laureates=[Winner(slot, 1, film, words)],
        at=timezone.now() - timedelta(hours=1),
    )
    showing_actions.settle(at=timezone.now())
    assert PublishedCopy.objects.get().state == "ready"
    page = stranger.go("/spring/films/LAMPLIT/").check("film-page").page
    page.locator("video").evaluate("video => { video.muted = true; return video.play(); }")
    page.wait_for_timeout(1200)
    assert page.locator("video").evaluate("video => video.currentTime") > 0
    stranger.check("film-page-playing").go("/spring/laureates/").check("wall-of-one")
    guest = enter(locale=CHINESE, width=390)
    assert "光影流转" in guest.go("/spring/films/LAMPLIT/").check("film-page-zh-phone").text()
    maker.go(f"/entries/{entry.code}/showing/").page.check("input[name=what][value='']")
    maker.page.click("main form button[type=submit]")
    maker.page.wait_for_load_state()
    assert guest.go("/spring/films/LAMPLIT/").page.locator("video").count() == 0
