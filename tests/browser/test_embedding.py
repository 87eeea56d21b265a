"""The programme in a frame on a real second site: shown where it may stand, refused where it may not."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from festival.people.roles import Role
from festival.premiere.models import Hall
from tests.browser.people import CHINESE, Person
from tests.browser.test_awards import enter
from tests.browser.test_premiere import make_festival
from tests.factories import make_member
from tests.shows import make_release

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Person]
DESK = "/spring/desk/premiere/embed/"


class Site:
    """The website of somebody else: one page, whatever its `body`, at two addresses that are two origins."""

    def __init__(self) -> None:
        self.body = ""
        site = self

        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                text = f"<!DOCTYPE html><meta charset=utf-8><title>Our festival</title><body>{site.body}"
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *said: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.named = f"http://127.0.0.1:{self.server.server_port}"
        self.other = f"http://localhost:{self.server.server_port}"


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    thread = threading.Thread(target=partial(made.server.serve_forever, poll_interval=0.05))
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def test_the_desk_gives_lines_and_the_named_site_shows_the_programme(
    enter: Open, site: Site, live_server: object, settings: object
) -> None:
    settings.SITE_URL = live_server.url  # type: ignore[attr-defined]
    edition, _films = make_festival()
    organiser = enter(make_member(edition, Role.ORGANISER, "Olga").user)
    guest = enter()
    make_release(edition)

    # Nobody has been named yet.
    organiser.go(DESK).check("embed-desk")
    frame = organiser.page.frame_locator("iframe")
    assert "Opening night" in frame.locator("main").inner_text()  # the desk itself sees it
    lines = organiser.page.input_value("#lines")
    site.body = lines
    guest.expected += ["frame-ancestors", "chrome-error"]
    guest.page.goto(site.named)
    assert not shows(guest)

    organiser.page.check("input[value=named]")
    organiser.page.fill("textarea[name=sites]", f"{site.named}/about/")
    organiser.page.locator("main form button[type=submit]").first.click()
    organiser.page.wait_for_load_state()
    organiser.check("embed-desk-named")
    guest.page.goto(site.named)
    assert shows(guest)
    frame = guest.page.frame_locator("iframe")
    text = frame.locator("main").inner_text()
    assert "Under the Lamp" in text and "Great Hall" in text

    # As high as what is in it, so that nothing scrolls inside.
    guest.page.wait_for_function("document.querySelector('iframe').style.height !== ''")
    inside = frame.locator("body").evaluate("body => body.getBoundingClientRect().height")
    height = guest.page.locator("iframe").evaluate("frame => frame.getBoundingClientRect().height")
    assert abs(height - inside) <= 1
    assert height > 300

    # The frame kept nothing; a link opens a tab of the festival's own site.
    assert guest.context.cookies() == []
    with guest.context.expect_page() as opened:
        frame.get_by_role("link", name="Opening night").click()
    opened.value.wait_for_load_state()
    assert "/spring/programme/#" in opened.value.url
    assert opened.value.evaluate("window.opener") is None
    opened.value.close()

    guest.page.goto(site.other)  # the same server under a name that nobody named
    assert not shows(guest)

    # Without the second line the frame keeps its height and scrolls.
    site.body = lines.splitlines()[0]
    guest.page.goto(site.named)
    assert shows(guest)
    assert guest.page.locator("iframe").evaluate("frame => frame.getBoundingClientRect().height") == 800


def test_choices_at_the_desk_and_in_the_frame_in_both_languages(
    enter: Open, site: Site, live_server: object, settings: object
) -> None:
    settings.SITE_URL = live_server.url  # type: ignore[attr-defined]
    edition, _films = make_festival()
    make_release(edition)
    organiser = enter(make_member(edition, Role.ORGANISER, "Olga").user, locale=CHINESE, width=390)
    organiser.go(DESK)
    organiser.page.check("input[value=anywhere]")
    organiser.page.locator("main form button[type=submit]").first.click()
    organiser.page.wait_for_load_state()
    hall = Hall.objects.get(name__en="Studio")
    organiser.page.select_option("#hall", str(hall.pk))
    organiser.page.select_option("#theme", "dark")
    organiser.page.select_option("#lang", "zh")
    organiser.page.click("form.filters button")
    organiser.page.wait_for_load_state()
    organiser.check("embed-desk-zh-phone")
    site.body = organiser.page.input_value("#lines")
    assert f"hall={hall.pk}&amp;lang=zh&amp;theme=dark" in site.body

    guest = enter(width=390)
    guest.page.goto(site.other)
    assert shows(guest)
    frame = guest.page.frame_locator("iframe")
    text = frame.locator("main").inner_text()
    assert "小厅" in text and "大厅" not in text
    scheme = frame.locator("html").evaluate("root => getComputedStyle(root).colorScheme")
    assert scheme == "dark"
    for query, name, person in (
        ("?lang=zh&theme=dark", "embed-zh-phone-dark", guest),
        ("?lang=en&theme=light", "embed", enter()),
        ("?lang=en&hall=none", "embed-nothing", enter(width=390)),
    ):
        person.go(f"/spring/programme/embed/{query}").check(name)


def shows(person: Person) -> bool:
    """Whether the frame of the page has the programme in it, and not the browser's refusal."""
    person.page.wait_for_load_state("networkidle")
    frame = person.page.frames[1]
    return bool(frame.url.startswith("http") and frame.locator(".timetable__day").count())
