"""Several uploads at the same time: two panels of one page, and two windows, none of which disturbs the other."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from festival.people.models import User
from submissions import inspect_actions
from submissions.models import Entry, FilmVersion, Upload
from tests import factories
from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PARTS = 40
PART = 65_536


@pytest.fixture
def films(tmp_path: Path) -> list[Path]:
    """No films at all: what their bytes are is of no concern here."""
    paths = [tmp_path / f"{name}.mov" for name in ("one", "two")]
    for number, path in enumerate(paths):
        path.write_bytes(bytes([number]) * (PARTS * PART - number))
    return paths


@pytest.fixture
def media(tmp_path: Path) -> Iterator[None]:
    """A spool and a storage of this test's own, and small parts."""
    backend = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "media")},
    }
    storages = {**settings.STORAGES, "default": backend}
    with override_settings(STORAGES=storages, SPOOL=tmp_path / "spool", UPLOAD_PART_BYTES=PART):
        yield


@pytest.fixture
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has arrived waits: nobody inspects it here."""
    monkeypatch.setattr(inspect_actions, "enqueue", lambda *_arguments: None)


@pytest.fixture
def entries(transactional_db: None, media: None, no_queue: None) -> list[Entry]:
    edition = factories.make_edition(call_open=True)
    user: User = factories.make_user()
    return [factories.make_draft(edition, user) for _each in range(2)]


@pytest.fixture
def person(chromium: Any, live_server: Any, entries: list[Entry]) -> Iterator[Person]:
    visitor = Person(chromium, live_server.url)
    client = Client()
    client.force_login(entries[0].entrant)
    session = client.cookies["sessionid"].value
    visitor.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    yield visitor
    visitor.context.close()  # a page that goes on asking would meet a site without its database


def slow(page: Any, bytes_a_second: int) -> None:
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    conditions = {
        "offline": False,
        "latency": 0,
        "downloadThroughput": -1,
        "uploadThroughput": bytes_a_second,
    }
    line.send("Network.emulateNetworkConditions", conditions)


def choose(page: Any, path: Path, panel: str = "") -> None:
    page.set_input_files(f"{panel} input[type=file]", path)
    page.click(f"{panel} [data-part=anyway]")  # it is no film


def arrived(entry: Entry) -> list[tuple[str, int]]:
    return list(FilmVersion.objects.filter(entry=entry).values_list("filename", "size"))


def two_panels(entries: list[Entry]) -> Callable[[Any], None]:
    """The page of the first entry, with a panel for the second one beside its own."""

    def answer(route: Any) -> None:
        response = route.fetch()
        text = response.text()
        panel = re.search(r"<div [^>]*data-upload .*?</div>\s*(?=<script type=\"module\")", text, re.S)
        other = panel[0].replace(entries[0].code, entries[1].code)
        for name in ("film-file", "upload-bar", "upload-words"):
            other = other.replace(name, f"other-{name}")
        route.fulfill(response=response, body=text.replace(panel[0], panel[0] + other))

    return answer


def test_two_panels_of_one_page(person: Person, entries: list[Entry], films: list[Path]) -> None:
    """The page stays until both have arrived."""
    address = f"/entries/{entries[0].code}/"
    person.page.route(f"**{address}", two_panels(entries))
    person.go(address)
    slow(person.page, 2_000_000)
    panels = [f'[data-upload][data-entry="{entry.code}"]' for entry in entries]
    choose(person.page, films[0], panels[0])
    choose(person.page, films[1], panels[1])
    person.page.wait_for_function(
        "panels => panels.every(one => parseInt(document.querySelector(one + ' [data-part=percent]').textContent) > 5)",
        arg=panels,
    )
    person.page.click(f"{panels[1]} [data-part=pause]")
    person.page.wait_for_selector(f"{panels[1]} >> text=Paused")
    person.page.click(f"{panels[1]} [data-part=resume]")
    with person.page.expect_navigation(timeout=180_000):
        pass
    for entry, path in zip(entries, films, strict=True):
        assert arrived(entry) == [(path.name, path.stat().st_size)]
    assert person.faults == []


def test_the_same_file_in_two_windows_is_one_film(
    person: Person, entries: list[Entry], films: list[Path]
) -> None:
    """One window sends the rest, the other finds it complete and goes on to the same page."""
    pages = [person.page, person.context.new_page()]
    for page in pages:
        page.goto(f"/entries/{entries[0].code}/")
        slow(page, 4_000_000)
    choose(pages[0], films[0])
    choose(pages[1], films[0])
    for page in pages:
        page.wait_for_selector("text=Drop the new version here", timeout=180_000)
    assert (Upload.objects.count(), arrived(entries[0])) == (1, [("one.mov", films[0].stat().st_size)])
    # Parts that one window was still sending when the other had completed the film are answered 410.
    assert [fault for fault in person.faults if "410 (Gone)" not in fault] == []
