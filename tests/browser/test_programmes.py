"""The two programmes of the blueprints in a real browser; with FIRSTLIGHT_SHOTS the pictures of docs/premiere.md."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.people import CHINESE, Person
from tests.browser.test_awards import enter
from tests.premiere.programmes import make, propose, put_and_release

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Person]


def picture(person: Person, shots: Path | None, name: str, selector: str) -> None:
    """What a window shows from this part of the page on, as the docs have it."""
    if shots:
        person.page.eval_on_selector(
            selector, "part => window.scrollTo(0, part.getBoundingClientRect().top + scrollY - 8)"
        )
        person.page.screenshot(path=shots / f"{name}.jpg", type="jpeg", quality=80)


def test_the_evening_of_an_invited_programme(enter: Open, shots: Path | None) -> None:
    edition, by = make("invited-premiere", "directors")
    put_and_release(edition, propose(edition, by), by)
    stranger = enter()
    text = stranger.go("/directors/programme/").check("premiere-programme").text()
    assert all(said in text for said in ("World premiere", "19:00", "Great Hall", "Lamplighter", "Q&A"))
    assert "Label slide" not in text  # the projectionist's affair
    picture(stranger, shots, "premiere", "main h2")
    enter(locale=CHINESE, width=390).go("/directors/programme/").check("premiere-programme-zh-phone")


def test_the_two_days_of_a_unit(enter: Open, shots: Path | None) -> None:
    edition, by = make("festival-unit", "unit")
    put_and_release(edition, propose(edition, by), by)
    organiser = enter(by.user)
    organiser.go("/unit/desk/premiere/board/?day=2027-04-17").check("unit-board")
    assert all(f"Programme {number}" in organiser.text() for number in (1, 2, 3, 4))
    picture(organiser, shots, "unit", ".lane__head")
    organiser.go("/unit/desk/premiere/proposals/").check("unit-wishes")
    stranger = enter(locale=CHINESE, width=390)
    text = stranger.go("/unit/programme/").check("unit-programme-zh-phone").text()
    assert "第4场" in text
