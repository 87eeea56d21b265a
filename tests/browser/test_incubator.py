"""An incubator in real browsers: a project without a film is sent, read, let through, and its team takes its place."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image

from festival.edition.models import Edition
from festival.people.roles import Role
from judging.models import Look
from judging.setup import make_edition
from tests.browser.entering import declare
from tests.browser.people import CHINESE, Person
from tests.browser.test_awards import enter
from tests.factories import make_entry, make_member, make_user
from tests.judging.test_incubator import judge_all, small

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Person]


@pytest.fixture
def edition(transactional_db: None) -> Edition:
    """An incubator whose call is open, with two places in its camp."""
    opens = timezone.localdate() - timedelta(days=20)
    return make_edition(plan=small(camp=2), slug="inc", opens=opens, owner=make_user("Owner"), public=True)


def begin(edition: Edition, team: Person, phone: Person) -> str:
    """A draft with its title, answers and tools. Gives its code."""
    page = team.go("/inc/").check("incubator-home").page
    phone.go("/inc/").check("incubator-home-zh")
    team.go("/inc/enter/").check("project-begin")
    page.fill("input[name=title]", "灯塔学会倾听")
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    if not page.query_selector("textarea[name=ai_statement]"):
        page.click('a[href$="/edit/"]')
    code = page.url.split("/")[4]
    entry = f"/entries/{code}/"
    for name, value in {
        "title_en": "A Lighthouse Learns to Listen",
        "director": "Mira Castellan",
        "synopsis_en": "A lighthouse hears what ships cannot say.",
        "ai_statement": "Pictures of the look only.",
    }.items():
        page.fill(f"main [name={name}]", value)
    asked = edition.questions.filter(asked="entry").order_by("position")
    for question, answer in zip(
        asked, ("A keeper must choose.", "18", "200,000 yuan; half is there."), strict=True
    ):
        page.fill(f"[name=q{question.pk}]", answer)
    page.select_option("[name=uses-0-stage]", "video")
    page.select_option("[name=uses-0-tool]", index=3)
    team.check("project-about")
    phone.go(f"{entry}edit/").check("project-about-zh")
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    return code


def fill_in(team: Person, phone: Person, code: str, folder: Path) -> None:
    """The answers, the tools, the declarations, a paper and three pictures: then it is sent, and admitted at once."""
    entry, page = f"/entries/{code}/", team.page
    papers = folder / "treatment.txt"
    papers.write_text("A lighthouse learns to listen.\n" * 30)
    pictures = []
    for number, colour in enumerate(("navy", "teal", "orange")):
        pictures.append(folder / f"look-{number}.jpg")
        Image.new("RGB", (1920, 1080), colour).save(pictures[-1])
    page = team.go(f"{entry}files/").page
    for kind, files in (("document", papers), ("still", pictures)):
        with page.expect_navigation():
            page.set_input_files(f"#{kind}-file", files)
        team.until(f"{entry}files/", "look-2.jpg" if kind == "still" else "treatment.txt")
    team.check("project-files")
    declare(team, entry, "project-rights")
    team.go(entry).check("project-ready")
    phone.go(entry).check("project-ready-zh")
    page.click(f'form[action="{entry}submit/"] button[type=submit]')
    page.wait_for_load_state()
    team.check("project-sent")
    phone.go(entry).check("project-sent-zh")


def read(judge: Person, phone: Person, title: str) -> None:
    """The project is found in the queue, read, scored and finished."""
    judge.go("/inc/jury/").check("reader-desk")
    judge.go("/inc/jury/reading/").check("reader-queue")
    phone.go("/inc/jury/reading/").check("reader-queue-zh")
    judge.page.get_by_role("link", name=title).first.click()
    judge.page.wait_for_load_state()
    judge.check("reader-project")
    phone.go(judge.page.url.removeprefix(judge.url)).check("reader-project-zh")
    assert "200,000 yuan; half is there." in judge.text()
    assert "treatment.txt" not in judge.text()  # names of files may name people
    for criterion in judge.page.locator("fieldset.score").all():
        criterion.locator("label", has_text="9").first.click()
    judge.page.fill("#comment", "The end is earned.")
    with judge.page.expect_navigation():
        judge.page.click("[data-done]")
    judge.until("/inc/jury/reading/", "1 of 4 projects scored").check("reader-one-read")


def test_from_the_call_to_a_place_in_the_camp(edition: Edition, enter: Open, tmp_path: Path) -> None:
    user = make_user("Mira Castellan")
    team, phone = enter(user), enter(user, locale=CHINESE, width=390)
    code = begin(edition, team, phone)
    fill_in(team, phone, code, tmp_path)
    assert "in the competition" in team.text()
    for number in range(3):
        make_entry(edition, code=f"PROJ{number}", title=f"Project {number}")
    chair = make_member(edition, Role.CHAIR)
    jury = {one.id: one for one in (make_member(edition, Role.JUDGE, f"Reader {n}") for n in range(2))}
    head = enter(chair.user)
    round = "/inc/desk/rounds/reading/"
    head.go(round).check("reading-planned")
    head.post("/open/").check("reading-open")
    first = next(iter(jury.values())).user
    read(enter(first), enter(first, locale=CHINESE, width=390), "灯塔学会倾听")
    assert Look.objects.get(judge=first, entry__code=code).state == "scored"

    # The rest is read elsewhere; the chair closes the round and writes the list, the organiser offers places.
    reading = edition.rounds.get(slug="reading")
    judge_all(reading, {code: 9, "PROJ0": 6, "PROJ1": 5, "PROJ2": 4}, jury, timezone.now())
    head.go(f"{round}close/").check("reading-close")
    head.page.click("main form.form button[type=submit]")
    head.page.wait_for_load_state()
    head.check("reading-closed")
    head.go(f"{round}cut/").check("reading-cut").post("/teams/").check("reading-listed")
    organiser = make_member(edition, Role.ORGANISER).user
    desk, desk_phone = enter(organiser), enter(organiser, locale=CHINESE, width=390)
    desk.go("/inc/desk/cohorts/camp/").check("camp-waiting")
    desk_phone.go("/inc/desk/cohorts/camp/").check("camp-waiting-zh")
    desk.page.locator("form.actions button[type=submit]").first.click()
    desk.page.wait_for_load_state()
    desk.check("camp-offered")

    # The team takes its place, on a phone in Chinese.
    phone.go(f"/entries/{code}/").check("place-offered-zh")
    team.go(f"/entries/{code}/").check("place-offered")
    team.page.locator('a[href*="/milestones/"]').first.click()
    team.page.wait_for_load_state()
    team.check("place-page").page.get_by_role("button", name="Take the place").click()
    team.page.wait_for_load_state()
    team.check("place-taken")
    phone.go(team.page.url.removeprefix(team.url)).check("place-taken-zh")
    camp = edition.cohorts.get(slug="camp")
    states = camp.all_places.order_by("rank").values_list("entry__code", "state")
    assert list(states[:2]) == [(code, "accepted"), ("PROJ0", "offered")]
