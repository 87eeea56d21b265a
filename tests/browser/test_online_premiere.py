"""An online premiere in two browsers: it counts down, begins by itself, and both are at the same place of the film."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from festival.people.actor import actor_of
from festival.premiere import actions
from submissions import showing_actions
from submissions.inspection.synthetic import make_film as make_film_file
from submissions.showing_words import VERSION
from tests.browser.people import CHINESE, Person
from tests.browser.test_awards import enter
from tests.shows import make_hall, make_release, make_screening
from tests.submissions.test_showing import entry

__all__ = ["enter", "entry"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Person]
PLACE = "video => video.currentTime"


@pytest.fixture(scope="module")
def film_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    make_film_file(path, seconds=60, width=320, height=180)
    return path.read_bytes()


def test_two_browsers_see_the_same_film_at_the_same_place(
    transactional_db: None, entry: Any, enter: Open
) -> None:
    edition, now = entry.edition, timezone.now()
    film = edition.films.get()
    hall = make_hall(edition, turnaround=0, name="Stream")
    hall.online = True
    hall.save()
    screening = make_screening(
        hall, now + timedelta(minutes=10), films=[film], released=True, title="Premiere"
    )
    actions.change_screening(screening=screening, premiere="world", at=now)
    showing_actions.choose(entry=entry, what="film", seen=VERSION, by=actor_of(entry.entrant), at=now)
    room = f"/spring/online/{screening.code}/"
    first, second = enter(), enter(locale=CHINESE, width=390)
    for person, name in ((first, "online"), (second, "online-zh-phone")):
        person.go(room).check(f"{name}-doors").post("/seat/")
        person.check(f"{name}-seat")
        assert person.page.locator("video").count() == 0
    assert first.go(f"/spring/films/{film.code}/").page.locator("video").count() == 0

    actions.change_screening(screening=screening, starts_at=timezone.now() + timedelta(seconds=5), at=now)
    make_release(edition)
    for person in (first, second):
        person.go(room)
    for person in (first, second):
        person.page.wait_for_selector("video", timeout=20_000)
        person.page.locator("video").evaluate("video => { video.muted = true; return video.play(); }")
    first.page.wait_for_timeout(2500)
    places = [person.page.locator("video").evaluate(PLACE) for person in (first, second)]
    assert 1 < places[0] < 30
    assert abs(places[0] - places[1]) < 2
    first.page.locator("video").evaluate("video => { video.currentTime = 50; }")
    first.page.wait_for_timeout(2500)
    assert abs(first.page.locator("video").evaluate(PLACE) - second.page.locator("video").evaluate(PLACE)) < 2
    first.check("online-playing")
    second.check("online-zh-phone-playing")
    late = enter()
    assert late.go(room).page.locator("video").count() == 0
