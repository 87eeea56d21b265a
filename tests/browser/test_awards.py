"""The way of the award list in real browsers: proposed, confirmed by somebody else, told, on public notice; an
objection is upheld, films move up, and the world reads it at the minute; others try to see it early and cannot."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from festival.awards.models import Laureate, Objection, PublicNotice
from festival.kit.clock import in_zone
from festival.people.models import User
from festival.people.roles import Role
from festival.post.models import Notice
from judging import award_steps
from judging.models import AwardList
from tests.browser.people import CHINESE, ENGLISH, Person
from tests.factories import make_member, make_user
from tests.judging.test_award_steps import Jury

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Person]
DAY = timedelta(days=1)


@pytest.fixture
def enter(chromium: Any, live_server: Any, transactional_db: None, shots: Path | None) -> Iterator[Open]:
    """A browser window, of an account or of a stranger."""
    people: list[Person] = []

    def enter(user: User | None = None, *, locale: str = ENGLISH, width: int = 1280) -> Person:
        person = Person(chromium, live_server.url, locale=locale, width=width, shots=shots)
        people.append(person)
        if user:
            client = Client()
            client.force_login(user)
            cookies = {
                "sessionid": client.cookies["sessionid"].value,
                "django_language": "zh-hans" if locale == CHINESE else "en",
            }
            person.context.add_cookies(
                [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
            )
        return person

    yield enter
    for person in people:
        person.context.close()


def test_from_the_proposal_to_the_minute_of_the_announcement(enter: Open, tmp_path: Path) -> None:
    jury = Jury(confirmed=False, four_eyes=True)
    second = make_member(jury.edition, Role.CHAIR, "周怀安")
    judge = make_member(jury.edition, Role.JUDGE)
    desk = "/spring/desk/awards/"
    chair = enter(jury.chair.user)
    organiser = enter(jury.organiser.user)
    early = [
        enter(),
        enter(judge.user, locale=CHINESE, width=390),
        enter(jury.films[0].entrant),
        enter(jury.films[4].entrant, locale=CHINESE, width=390),
    ]

    def nobody_sees(*addresses: str) -> None:
        for person in early:
            for address in addresses:
                text = person.go(address).text("body")
                assert not any(f"Title {letter}" in text for letter in "ABC"), address

    # The chair looks at every place, and gives one to another film; a second person confirms.
    chair.go(desk).check("awards-list")
    chair.go(f"{desk}award/second/").check("awards-slot")
    chair.go(f"{desk}second/2/").check("awards-place")
    chair.page.fill("input[name=film]", jury.films[3].code)
    chair.page.fill("textarea[name=reason]", "Its sound. 它的声音。")
    chair.page.click("main form button[type=submit]")
    chair.page.wait_for_load_state()
    assert "Decided by the chair: Its sound." in chair.check("awards-changed").text()
    chair.page.click("form[action$='/confirm/'] button")
    chair.page.wait_for_selector("text=Two people decide here")
    other = enter(second.user, locale=CHINESE, width=390)
    other.go(desk).check("awards-zh-phone").post("/confirm/").check("awards-confirmed-zh-phone")
    assert AwardList.objects.get().confirmed_by == second.user
    nobody_sees("/spring/", "/spring/laureates/", "/spring/notice/", "/spring/rules/", "/spring/programme/")

    # Everybody is told, and the dates are set; the clock begins the notice.
    organiser.go(desk).post("/tell/").check("awards-told-all")
    organiser.go(f"{desk}dates/").check("awards-dates")
    now = timezone.now()
    for name, moment in (
        ("notice_from", now + DAY), ("notice_until", now + 4 * DAY), ("announce_at", now + 5 * DAY)
    ):  # fmt: skip
        wall = in_zone(moment, jury.edition.time_zone).strftime("%Y-%m-%dT%H:%M")
        organiser.page.fill(f"input[name={name}]", wall)
    organiser.page.click("main form button[type=submit]")
    organiser.page.wait_for_load_state()
    organiser.check("awards-dated")
    nobody_sees("/spring/laureates/", "/spring/notice/")
    award_steps.take_due_steps(at=AwardList.objects.get().notice_from)
    stranger = enter(locale=CHINESE, width=390)
    assert "Title A" in stranger.go("/spring/notice/").check("notice-zh-phone").text()
    assert "Title A" not in stranger.go("/spring/laureates/").text()

    # Somebody objects on a phone, with evidence; the organiser upholds it, and the award is withdrawn.
    objector = enter(make_user("沈一苇"), locale=CHINESE, width=390)
    objector.go("/spring/notice/").page.click(f'main a[href$="?film={jury.films[0].code}"]')
    objector.page.wait_for_load_state()
    objector.check("object-zh-phone")
    assert objector.page.input_value("select[name=film]") == jury.films[0].code
    objector.page.check("input[name=ground][value=authorship]")
    objector.page.fill("textarea[name=text]", "这是我2024年的作品。")
    proof = tmp_path / "原片.pdf"
    proof.write_bytes(b"%PDF-1.7 the film")
    objector.page.set_input_files("input[name=files]", proof)
    objector.page.click("main form button[type=submit]")
    objector.page.wait_for_load_state()
    objector.check("objection-own-zh-phone")
    objection = Objection.objects.get()
    organiser.go("/spring/desk/objections/").check("objections")
    organiser.go(f"/spring/desk/objections/{objection.code}/").check("objection")
    with organiser.page.expect_download() as download:
        organiser.page.click("main a[href*='/evidence/']")
    assert Path(download.value.path()).read_bytes() == proof.read_bytes()
    organiser.page.check("input[name=upheld][value=yes]")
    organiser.page.fill("textarea[name=decision]", "Your files show it.")
    organiser.page.fill("textarea[name=public_en]", "An earlier work was proved.")
    organiser.page.fill("textarea[name=public_zh]", "已查明系在先作品。")
    organiser.page.click("form[action$='/decide/'] button[type=submit]")
    organiser.page.wait_for_load_state()
    organiser.check("objection-upheld")
    object_by_letter(stranger, organiser)
    organiser.go(f"{desk}withdraw/{jury.films[0].code}/").check("withdraw")
    organiser.page.fill("textarea[name=reason_en]", "Somebody else made it.")
    organiser.page.fill("textarea[name=reason_zh]", "作品系他人创作。")
    organiser.page.select_option("select[name=objection]", objection.code)
    organiser.page.click("main form button[type=submit]")
    organiser.page.wait_for_load_state()
    organiser.check("awards-promoted")
    notice = stranger.go("/spring/notice/").check("notice-changed-zh-phone").text()
    assert "作品系他人创作。" in notice and "按既定排序依次递补。" in notice
    assert "已查明系在先作品。" in notice and "评审团程序无误。" in notice and "李娜" not in notice

    # Who moved up is told first; then the clock ends the notice and announces, at the minute and not before.
    award_list = AwardList.objects.get()
    award_steps.take_due_steps(at=award_list.announce_at)
    assert Laureate.objects.count() == 0
    assert "not every entrant has been told" in organiser.go(desk).text()
    organiser.post("/tell/")
    moved = Notice.objects.filter(kind__in=("result_moved", "award_withdrawn"))
    assert set(moved.values_list("kind", "values__title")) == {
        ("award_withdrawn", "Title A"),
        ("result_moved", "Title B"),
    }
    award_steps.take_due_steps(at=award_list.announce_at - timedelta(minutes=1))
    assert PublicNotice.objects.get().closed_at and Laureate.objects.count() == 0
    for person in early:
        assert "Title B" not in person.go("/spring/laureates/").text("body")
    award_steps.take_due_steps(at=award_list.announce_at)
    wall = stranger.go("/spring/laureates/").check("wall-zh-phone").text()
    assert all(f"Title {letter}" in wall for letter in "BCD") and "评审团程序无误。" in wall
    assert "Title B" in early[0].go("/spring/laureates/").check("wall-stranger").text()

    # Certificates exist from now on; a stranger looks one up, and the withdrawn film has none.
    organiser.go("/spring/desk/certificates/").check("certificates")
    with organiser.page.expect_download() as download:
        organiser.page.click("main a[href$='certificate.pdf']")
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    code = Laureate.objects.get(slot__slug="grand").code
    proof_page = stranger.go(f"/verify/{code}/").check("verify-zh-phone").text()
    assert "Title B" in proof_page and "有效" in proof_page
    laureate = enter(jury.films[1].entrant)
    laureate.go(f"/entries/{jury.films[1].code}/").check("entry-laureate")
    assert laureate.page.locator(f"main a[href='/verify/{code}/']").count() == 1


def object_by_letter(stranger: Person, organiser: Person) -> None:
    """Somebody without an account objects to the whole list, confirms by the letter's link, is asked, and answers."""
    page = stranger.go("/spring/notice/object/").page
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    stranger.check("object-faults-zh-phone")
    page.check("input[name=ground][value=conflict]")
    page.fill("textarea[name=text]", "一位评委与获奖团队同属一家公司。")
    page.fill("input[name=name]", "李娜")
    page.fill("input[name=email]", "lina@example.org")
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    stranger.check("object-sent-zh-phone")
    letter = next(one for one in mail.outbox if one.to == ["lina@example.org"])
    link = re.search(r"https?://[^/]+(/spring/notice/link/\S+)", letter.body)
    assert link
    stranger.go(link[1]).check("objection-confirm-zh-phone").post("/confirm/").check(
        "objection-mine-zh-phone"
    )
    objection = Objection.objects.get(email="lina@example.org")
    assert "lina@example.org" not in stranger.go("/spring/notice/").text()
    organiser.go(f"/spring/desk/objections/{objection.code}/").page.fill("#question_text", "Which juror?")
    organiser.post("/ask/").check("objection-asked")
    page = stranger.go(f"/spring/notice/{objection.code}/").page
    assert "Which juror?" in stranger.text()
    page.fill("textarea[name=text]", "名单上的第二位。")
    page.set_input_files(
        "input[name=files]", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"Proof."}
    )
    page.click("form[action$='/answer/'] button[type=submit]")
    page.wait_for_load_state()
    assert "a.txt" in stranger.check("objection-answered-zh-phone").text()
    organiser.page.reload()
    organiser.page.check("input[name=upheld][value=no]")
    organiser.page.fill("textarea[name=decision]", "该评委已回避。")
    organiser.page.fill("textarea[name=public_en]", "The jury kept its rules on recusal.")
    organiser.page.fill("textarea[name=public_zh]", "评审团程序无误。")
    organiser.post("/decide/")
    assert (
        "该评委已回避。"
        in stranger.go(f"/spring/notice/{objection.code}/").check("objection-end-zh-phone").text()
    )
    organiser.go("/spring/desk/objections/rules/").check("objection-rules")
