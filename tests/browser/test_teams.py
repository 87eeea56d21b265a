"""A team's way in real browsers on a real site: from the letter to an accepted delivery, with a film that is a film."""

import re
from pathlib import Path

import pytest

from submissions.inspection.synthetic import make_film
from tests.browser.people import CHINESE, Person
from tools.site import Site

pytestmark = pytest.mark.browser
DESK = "/seven/desk/cohorts/"
COHORT = f"{DESK}seven/"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cuts") / "rough-cut.mp4"
    make_film(path, seconds=6, look="ocean")
    return path


def milestone_of(person: Person, name: str) -> str:
    """The address of a milestone's page, from the team's page."""
    link = person.page.get_by_role("link", name=name, exact=True)
    return str(link.get_attribute("href"))


def deliver_treatment(team: Person, phone: Person, code: str, folder: Path) -> None:
    """A document goes through the panel, is read by the worker, chosen by itself, and handed in."""
    paper = folder / "treatment.txt"
    paper.write_text("A lighthouse learns to listen.\n" * 20)
    place = milestone_of(team.go(f"/entries/{code}/milestones/"), "Treatment")
    team.go(place).check("milestone-empty")
    with team.page.expect_navigation():
        team.page.locator("[data-upload] input[type=file]").first.set_input_files(paper)
    team.until(place, "treatment.txt")
    team.page.wait_for_selector("option:has-text('treatment.txt')", state="attached")
    team.page.fill("[name=message]", "Is the end clear?")
    team.page.click("button[value=hand_in]")
    team.page.wait_for_load_state()
    assert "Handed in" in team.text()
    team.check("milestone-handed-in")
    phone.go(place).check("milestone-handed-in-zh")


def reject_and_reopen(desk: Person, desk_phone: Person, team: Person, team_phone: Person, code: str) -> None:
    """The treatment is rejected for good, and the desk thinks better of it."""
    desk.go(f"{COHORT}milestones/").page.locator(".tasks li", has_text="Treatment").get_by_role(
        "link"
    ).click()
    desk.page.wait_for_load_state()
    review = desk.page.url.split("/", 3)[3]
    desk.page.click("summary:has-text('Reject for good')")
    desk.page.fill("#reject-text", "It is the outline of last year's film.")
    desk.check("review-reject")
    desk_phone.go(f"/{review}").page.locator("form[action$='/decide/']").last.locator("xpath=..").evaluate(
        "one => one.open = true"
    )
    desk_phone.check("review-reject-zh")
    desk.page.click("button[value=reject]")
    desk.page.wait_for_load_state()
    desk.page.click("summary:has-text('Open the milestone again')")
    desk.check("review-rejected")
    place = milestone_of(team.go(f"/entries/{code}/milestones/").check("team-rejected"), "Treatment")
    team.go(place).check("milestone-rejected")
    team_phone.go(place).check("milestone-rejected-zh")
    desk.page.fill("#reopen-reason", "We had opened the wrong file.")
    desk.page.click("form[action$='/reopen/'] button[type=submit]")
    desk.page.wait_for_load_state()
    assert "The milestone is open again" in desk.text()
    desk_phone.go(f"/{review}").check("review-reopened-zh")
    team.go(place).check("milestone-reopened")


def test_from_the_letter_to_an_accepted_delivery(
    site: Site, chromium: object, shots: Path | None, film: Path, tmp_path: Path
) -> None:
    site.manage("demo_setup", "--no-films")
    owner = ("--owner", "organiser@demo.example")
    site.manage("make_edition", "invited-premiere", "seven", *owner, "--public")
    desk = Person(chromium, site.url, shots=shots).log_in("organiser")
    desk_phone = Person(chromium, site.url, locale=CHINESE, width=390, shots=shots).log_in("organiser")
    guest = Person(chromium, site.url, shots=shots)
    guest_phone = Person(chromium, site.url, locale=CHINESE, width=390, shots=shots)
    team = Person(chromium, site.url, shots=shots).log_in("entrant")
    team_phone = Person(chromium, site.url, locale=CHINESE, width=390, shots=shots).log_in("entrant")

    desk.go(DESK).check("teams")
    desk_phone.go(DESK).check("teams-zh")
    desk.go(COHORT)
    desk.page.fill(
        "[name=people]", "Mira Castellan <entrant@demo.example>\nBo <bo@example.org>\nCy <cy@example.org>"
    )
    desk.page.locator("main form.form button[type=submit]").last.click()
    desk.page.wait_for_load_state()
    assert "3 names are on the list. 3 letters go out." in desk.text()
    desk.check("cohort-offered")
    desk_phone.go(COHORT).check("cohort-offered-zh")

    links = {}
    for who in ("bo@example.org", "entrant@demo.example"):
        guest.until("/mailbox/", who)
        letter = guest.page.locator("main article, main li, main details", has_text=who).first
        links[who] = re.search(r"/entries/place/[\w-]+/", letter.inner_html())[0]
    guest.go(links["bo@example.org"]).check("place")
    guest_phone.go(links["bo@example.org"]).check("place-zh")
    guest.page.click("summary")
    guest.page.fill("[name=reason]", "I shoot until June.")
    guest.page.click('form[action$="/decline/"] button')
    guest.page.wait_for_load_state()
    assert "You have declined this place" in guest.text()
    guest.check("place-declined")
    desk.go(COHORT).check("cohort-declined")
    assert "I shoot until June." in desk.text()

    page = team.go(links["entrant@demo.example"]).check("place-known").page
    page.fill("[name=title]", "海边的回声")
    page.click('form[action$="/accept/"] button')
    page.wait_for_load_state()
    team.check("team")
    code = re.search(r"/entries/(\w+)/milestones/", page.url)[1]
    team_phone.go(f"/entries/{code}/milestones/").check("team-zh")
    team.go(f"/entries/{code}/").check("entry-with-team")
    deliver_treatment(team, team_phone, code, tmp_path)
    reject_and_reopen(desk, desk_phone, team, team_phone, code)

    place = milestone_of(team.go(f"/entries/{code}/milestones/"), "Rough cut")
    team.go(place)
    with page.expect_navigation():
        page.locator("[data-upload] input[type=file]").first.set_input_files(film)
    assert page.url.endswith(place)
    team.until(place, "Hand in")
    assert "rough-cut.mp4" in page.locator("select option:checked").first.inner_text()
    page.locator("textarea").first.fill("The mix, and two shots of the storm.")
    team.check("milestone-cut")
    team_phone.go(place).check("milestone-cut-zh")
    page.click("button[value=hand_in]")
    page.wait_for_load_state()

    desk.go(f"{COHORT}milestones/").check("matrix")
    desk_phone.go(f"{COHORT}milestones/").check("matrix-zh")
    desk.page.locator(".tasks li", has_text="Rough cut").get_by_role("link").click()
    desk.page.wait_for_load_state()
    review = desk.page.url.removeprefix(site.url)
    desk.until(review, "Download the original")
    for _attempt in range(120):
        if desk.go(review).page.query_selector("[data-cut] video"):
            break
        desk.page.wait_for_timeout(1000)
    cut = desk.page.locator("[data-cut]")
    cut.locator("video").evaluate(
        "video => new Promise(done => { video.onseeked = done; video.currentTime = 3.2 })"
    )
    cut.locator("[data-now]").click()
    assert cut.locator("[name=moment]").input_value() == "0:03.2"
    cut.locator("form[data-note] [name=text]").fill("Hold this wave two seconds longer.")
    cut.locator("form[data-note] button[type=submit]").click()
    desk.page.wait_for_load_state()
    desk.check("review")
    desk_phone.go(review).check("review-zh")
    desk.page.locator("[data-cut] a[data-at]").click()
    desk.page.wait_for_function("document.querySelector('[data-cut] video').currentTime === 3.2")
    desk.page.fill("#id_text", "Beautiful. One wave is too short.")
    desk.page.click("button[value=changes]")
    desk.page.wait_for_load_state()
    assert "Changes are asked for." in desk.text()

    team.go(place).check("milestone-changes")
    page.click("button[value=done]")
    page.wait_for_load_state()
    team_phone.go(place).check("milestone-changes-zh")
    assert "dealt with" in team.text()
    page.click("button[value=hand_in]")
    page.wait_for_load_state()
    desk.go(review)
    desk.page.fill("#id_text", "Now it breathes.")
    desk.page.click("button[value=accept]")
    desk.page.wait_for_load_state()
    assert "Accepted. The team is told." in desk.text()
    desk.check("review-accepted")

    desk.go(f"{COHORT}support/").check("support")
    desk_phone.go(f"{COHORT}support/").check("support-zh")
    desk.page.get_by_role("link", name="Ledger").first.click()
    desk.page.wait_for_load_state()
    desk.page.fill("[name=amount]", "1000")
    desk.page.fill("[name=unit]", "CNY")
    desk.page.fill("[name=reference]", "T-17")
    desk.check("ledger")
    desk.page.locator("#line button[type=submit]").click()
    desk.page.wait_for_load_state()
    assert "T-17" in desk.text()
    desk_phone.go(desk.page.url.removeprefix(site.url)).check("ledger-zh")
    team.go(f"/entries/{code}/milestones/").check("team-later")
    team_phone.go(f"/entries/{code}/milestones/").check("team-later-zh")
    assert "Accepted" in team.text()
