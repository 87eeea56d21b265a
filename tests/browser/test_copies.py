"""Copies in real browsers: announced, read, approved; a dropped file is told from another on the day."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from festival.people.roles import Role
from festival.premiere.models import Copy, CopyCheck
from tests.browser.people import CHINESE, Person
from tests.browser.test_awards import enter
from tests.browser.test_premiere import make_festival
from tests.factories import make_member
from tests.shows import make_release

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EVENING = datetime(2027, 4, 16, 11, tzinfo=UTC)
DESK = "/spring/desk/premiere/"


def test_a_copy_is_announced_approved_and_read_on_the_day(
    enter: Callable[..., Person], tmp_path: Path
) -> None:
    edition, films = make_festival()
    organiser = enter(make_member(edition, Role.ORGANISER, "Organiser").user)
    technician = make_member(edition, Role.TECHNICIAN, "Technician").user
    booth = enter(technician)
    phone = enter(technician, locale=CHINESE, width=390)
    # More than a piece of 8 MiB, so that it is read in several.
    film = tmp_path / "灯下_V2.mov"
    film.write_bytes(bytes(range(256)) * 40_000)
    half = tmp_path / "half" / film.name
    half.parent.mkdir()
    half.write_bytes(film.read_bytes()[:-1])
    digest = hashlib.sha256(film.read_bytes()).hexdigest()

    organiser.go(f"{DESK}copies/").check("copies-none")
    assert "None yet" in organiser.text()
    organiser.go(f"{DESK}copies/new/?film={films[0].code}")
    page = organiser.page
    page.set_input_files("[data-file]", film)
    page.wait_for_selector(f"[data-said]:has-text('{digest}')")
    assert page.input_value("#id_file_name") == film.name
    assert page.input_value("#id_size") == str(film.stat().st_size)
    page.fill("#id_name", "灯下 ProRes V2")
    page.select_option("#id_file_format", "prores")
    page.fill("#id_note", "English subtitles burnt in")
    organiser.check("copy-new")
    page.locator("main form.form--grouped button[type=submit]").click()
    page.wait_for_load_state()
    copy = Copy.objects.get()
    assert (copy.sha256, copy.arrived_at) == (digest, None)
    organiser.go(f"{DESK}copies/").check("copies-due").post("/arrive/")
    organiser.post("/approve/").check("copies-approved")
    assert "“灯下 ProRes V2” is approved." in organiser.text()
    make_release(edition)
    screening = edition.screenings.get(title__en="Opening night")
    organiser.go(f"{DESK}{screening.code}/lines/").check("copies-lines")
    line = screening.items.get(film=films[0])
    organiser.page.fill(f"[name=cue-{line.pk}_en]", "House lights out")
    organiser.page.fill(f"[name=cue-{line.pk}_zh]", "灭场灯")
    organiser.page.locator("main form.form--grouped button[type=submit]").click()
    organiser.page.wait_for_load_state()
    assert "House lights out" in organiser.text()

    booth.go(f"{DESK}projection/").check("projection-list")
    booth.page.get_by_role("link", name="Opening night").click()
    booth.page.wait_for_load_state()
    booth.check("projection")
    assert all(said in booth.text() for said in (digest, "19:00:00", "House lights out"))
    # A copy that is not whole is named as one, then the right one.
    booth.page.set_input_files("[data-file]", half)
    booth.page.wait_for_selector("text=is NOT the copy")
    booth.page.set_input_files("[data-file]", film)
    booth.page.wait_for_selector("text=is whole: the approved copy")
    booth.check("projection-read")
    stray = tmp_path / "stray.mov"
    stray.write_bytes(b"")
    booth.page.set_input_files("[data-file]", stray)
    booth.page.wait_for_selector("text=No film of this screening has this file.")
    assert list(CopyCheck.objects.order_by("pk").values_list("whole", flat=True)) == [False, True]
    chinese = phone.go(f"{DESK}{screening.code}/projection/").check("projection-zh-phone").text()
    assert "灭场灯" in chinese
    phone.go(f"{DESK}copies/").check("copies-zh-phone")
    phone.go(f"{DESK}copies/{copy.pk}/").check("copy-zh-phone")
