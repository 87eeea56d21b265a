"""Tracks and phases in a real browser: listed, added, refused, removed, merged; small and wide, in both languages."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from festival.edition.blueprint import named
from festival.people.roles import Role
from judging.setup import make_edition
from tests.browser.people import CHINESE, Person
from tests.browser.test_awards import enter
from tests.factories import make_draft, make_entry, make_member, make_user

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


def test_a_track_with_too_few_entries_is_merged_once_the_call_has_opened(
    enter: Callable[..., Person],
) -> None:
    opens = timezone.now().date() - timedelta(days=3)
    edition = make_edition(
        plan=named("short-film"), slug="spring", opens=opens, owner=make_user(), public=True
    )
    organiser = make_member(edition, Role.ORGANISER).user
    source = edition.tracks.get(slug="animation")
    entry, _draft = make_entry(edition, track=source), make_draft(edition, track=source)
    asked = f"{PARTS}tracks/animation/merge/?into=open"
    enter(organiser, locale=CHINESE, width=390).go(asked).check("merge-zh")
    person = enter(organiser)
    page = person.go(PARTS).check("parts-open").page
    page.click("a[href$='/animation/merge/']")
    page.wait_for_load_state()
    page.check("[name=into][value=open]")
    page.get_by_role("button", name="Show what it means").click()
    page.wait_for_load_state()
    assert "1 submitted entry moves as it is." in person.text()
    person.check("merge")
    page.get_by_role("button", name="Move the entries").click()
    page.wait_for_load_state()
    person.check("merge-reason")
    page.fill("[name=change_reason_en]", "Too few films came.")
    page.click("main form button[type=submit]")
    page.wait_for_url(f"**{PARTS}")
    assert "their entrants are told" in person.text()
    assert edition.tracks.get(slug="open").entries.count() == 2
    assert "Too few films came." in person.go("/spring/changes/").check("merge-changes").text()
    reader = enter(entry.entrant, locale=CHINESE, width=390)
    assert "Too few films came." in reader.go(f"/entries/{entry.code}/").check("merge-entrant").text()
