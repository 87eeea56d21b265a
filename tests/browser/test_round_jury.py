"""A final jury is named in a real browser; who is not in it finds no ballot."""

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


def test_a_final_jury_is_named(enter: Callable[..., Person]) -> None:
    edition = make_edition(
        plan=named("tool-makers"), slug="spring", opens=date(2031, 3, 3), owner=make_user(), public=True
    )
    chair = make_member(edition, Role.CHAIR, "Chair").user
    judges = [make_member(edition, Role.JUDGE, name) for name in ("Ann Lee", "李雷", "Bo Berg", "韩梅梅")]
    final = edition.rounds.get(gate="ballot")
    page_of = f"/spring/desk/rounds/{final.slug}/"
    enter(chair, locale=CHINESE, width=390).go(f"{page_of}jury/").check("round-jury-zh")
    person = enter(chair)
    page = person.go(f"{page_of}jury/").check("round-jury").page
    page.check("[name=who][value=some]")
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    assert "Tick at least one judge" in person.text()
    person.check("round-jury-fault")
    for judge in judges[:2]:
        page.check(f"[name=members][value='{judge.id}']")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**{page_of}")
    person.check("round-jury-named")
    assert "Ann Lee, 李雷" in person.text() and "Bo Berg" not in person.text()
    assert set(final.jury.values_list("pk", flat=True)) == {one.id for one in judges[:2]}
    assert not person.faults
