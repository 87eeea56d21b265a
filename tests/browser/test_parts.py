"""Tracks and phases in a real browser: listed, added, refused, removed; small and wide, in both languages."""

from collections.abc import Callable
from datetime import date

import pytest

from festival.edition.blueprint import named
from festival.people.roles import Role
from judging.setup import make_edition
from tests.browser.people import CHINESE, Person
from tests.browser.test_awards import enter
from tests.factories import make_member, make_user

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PARTS = "/spring/desk/plan/parts/"


def test_tracks_and_phases_come_and_go(enter: Callable[..., Person]) -> None:
    edition = make_edition(
        plan=named("short-film"), slug="spring", opens=date(2031, 3, 3), owner=make_user(), public=True
    )
    organiser = make_member(edition, Role.ORGANISER).user
    enter(organiser, locale=CHINESE, width=390).go(PARTS).check("parts-zh")
    person = enter(organiser)
    page = person.go("/spring/desk/plan/").page
    page.get_by_role("link", name="Tracks and phases").click()
    page.wait_for_load_state()
    person.check("parts")

    page.fill("[name=track-name_en]", "Late Light")
    page.get_by_role("button", name="Add a track").click()
    page.wait_for_load_state()
    assert "The track has been added." in page.inner_text("body")
    page.select_option("[name=phase-kind]", "premiere")
    page.fill("[name=phase-first]", "2031-03-03")
    page.fill("[name=phase-last]", "2031-03-04")
    page.get_by_role("button", name="Add a phase").click()
    page.wait_for_load_state()
    assert "before the call is on" in person.text()
    person.check("parts-fault")
    person.post("tracks/late-light/remove/")
    assert "The track has been removed." in page.inner_text("body")
    assert not edition.tracks.filter(slug="late-light").exists()
