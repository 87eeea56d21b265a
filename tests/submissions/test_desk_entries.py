"""The technicians' desk: what is listed, what it costs, what can be decided."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from festival.catalogue.models import Film
from festival.edition.models import Edition, Track
from festival.people.roles import Role
from festival.post.models import Notice
from submissions.models import Entry, Event, Inspection
from tests import factories

pytestmark = pytest.mark.django_db

REPORT = {
    "verdict": "fix",
    "engine": "1",
    "rulebook": "0" * 64,
    "file": {"bytes": 1000000, "container": "mp4", "duration": 90.0, "streams": 2},
    "video": {
        "codec": "h264",
        "width": 1280,
        "height": 720,
        "frame_rate": 24.0,
        "frames": 2160,
        "duration": 90.0,
    },
    "audio": {
        "codec": "aac",
        "channels": 2,
        "sample_rate": 48000,
        "duration": 90.0,
        "integrated_lufs": -31.2,
        "true_peak_dbtp": -6.0,
    },
    "findings": [
        {
            "rule": "black",
            "severity": "fix",
            "measured": 6.0,
            "limit": 3.0,
            "times": [[12.0, 18.0]],
            "stills": ["black-01.jpg"],
        }
    ],
    "stills": [
        {"file": "black-01.jpg", "about": "black", "time": 12.0},
        {"file": "sheet.jpg", "about": "sheet"},
    ],
}


@pytest.fixture
def edition() -> Edition:
    return factories.make_edition()


@pytest.fixture
def client(edition: Edition) -> Client:
    return client_of(edition, Role.TECHNICIAN)


def client_of(edition: Edition, role: Role) -> Client:
    client = Client()
    client.force_login(factories.make_member(edition, role).user)
    return client


def with_report(entry: Entry, **fields: object) -> Inspection:
    return factories.make_inspection(
        entry,
        report={**REPORT, **fields},
        verdict=str(fields.get("verdict", "fix")),
        folder="inspections/1/1",
    )


def titles(client: Client, edition: Edition, query: str = "") -> set[str]:
    response = client.get(f"/{edition.slug}/desk/entries/{query}")
    assert response.status_code == 200
    return {row.entry.title for row in response.context["page"]}


def test_search_and_filters(client: Client, edition: Edition) -> None:
    other = Track.objects.create(edition=edition, slug="animation", name={"en": "Animation"})
    snow = factories.make_entry(
        edition, title="长安第一场雪", title_en="First Snow", state="submitted", director="Wei Lan"
    )
    lamp = factories.make_entry(edition, title="Lamplighter", state="eligible", track=other)
    factories.make_entry(edition, title="Draft", state="draft")
    factories.make_entry(factories.make_edition(), title="Elsewhere")
    with_report(snow)
    with_report(lamp, verdict="pass", findings=[])

    assert titles(client, edition) == {snow.title, lamp.title}
    for query in (
        "q=第一场",
        "q=first snow",
        "q=WEI",
        f"q={snow.code.lower()}",
        "state=submitted",
        "track=open",
        "verdict=fix",
    ):
        assert titles(client, edition, f"?{query}") == {snow.title}, query
    for query in ("q=nothing", "verdict=unreadable", "state=refused"):
        response = client.get(f"/{edition.slug}/desk/entries/?{query}")
        assert "No entry fits" in response.content.decode()
    # what nobody knows is not asked
    assert titles(client, edition, "?state=draft&track=x&verdict=y&page=z") == set()
    assert titles(client, edition, "?state=nonsense&track=x&verdict=y&page=z") == {snow.title, lamp.title}


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("page", ["entries", "inspections"])
def test_lists_cost_the_same_for_one_and_for_many(client: Client, edition: Edition, page: str) -> None:
    url = f"/{edition.slug}/desk/{page}/"

    def fill() -> None:
        with_report(factories.make_entry(edition))
        for state in ("queued", "failed"):
            factories.make_inspection(factories.make_entry(edition), state=state, report={})
        factories.make_inspection(
            factories.make_entry(edition),
            state="running",
            report={},
            lease_token="0" * 32,
            lease_until=timezone.now(),
        )

    fill()
    client.get(url)
    few = queries_of(client, url)
    fill()
    fill()
    assert queries_of(client, url) == few


def test_entry_page_costs_the_same_for_many_versions(client: Client, edition: Edition) -> None:
    entry = factories.make_entry(edition)
    url = f"/{edition.slug}/desk/entries/{entry.code}/"
    with_report(entry)
    client.get(url)
    few = queries_of(client, url)
    with_report(entry)
    with_report(entry)
    assert queries_of(client, url) == few


def test_report_in_words_with_stills(client: Client, edition: Edition) -> None:
    entry = factories.make_entry(edition, state="submitted")
    with_report(entry)
    text = client.get(f"/{edition.slug}/desk/entries/{entry.code}/").content.decode()
    for words in (
        "0:12.0–0:18.0",
        "1280 × 720",
        "1:30",
        "-31.2 LUFS".replace("-", "−"),
        "badge--fix",
        "black-01.jpg",
        "sheet.jpg",
    ):
        assert words in text, words
    client.cookies.load({"django_language": "zh-hans"})
    chinese = client.get(f"/{edition.slug}/desk/entries/{entry.code}/").content.decode()
    assert "检测报告" in chinese
    assert "0:12.0–0:18.0" in chinese


def test_times_are_those_of_the_editions_place() -> None:
    edition = factories.make_edition(time_zone="Asia/Shanghai")
    late = datetime(2026, 12, 23, 20, 30, tzinfo=UTC)
    entry = factories.make_entry(edition, submitted_at=late)
    client = client_of(edition, Role.TECHNICIAN)
    assert "24 Dec 2026, 04:30" in client.get(f"/{edition.slug}/desk/entries/").content.decode()
    assert "04:30" in client.get(f"/{edition.slug}/desk/entries/{entry.code}/").content.decode()


def test_report_of_another_engine_is_no_error(client: Client, edition: Edition) -> None:
    entry = factories.make_entry(edition)
    factories.make_inspection(entry, report={"verdict": "pass", "video": {"duration": 3}})
    text = client.get(f"/{edition.slug}/desk/entries/{entry.code}/").content.decode()
    assert "another version of the inspector" in text


def test_admitting_in_spite_of_findings_needs_a_reason(client: Client, edition: Edition) -> None:
    entry = factories.make_entry(edition, state="submitted")
    with_report(entry)
    url = f"/{edition.slug}/desk/entries/{entry.code}/move/admit/"
    assert client.post(url, {"reason": "  "}).status_code == 400
    entry.refresh_from_db()
    assert entry.state == "submitted"
    assert client.post(url, {"reason": "The black is part of the story."}).status_code == 302
    entry.refresh_from_db()
    assert entry.state == "eligible"
    assert Event.objects.get(kind="admit").values == {"reason": "The black is part of the story."}
    assert Notice.objects.filter(kind="entry_admitted", user=entry.entrant).count() == 1
    assert client.post(url, {"reason": "Again"}).status_code == 409


def test_ask_and_refuse(client: Client, edition: Edition) -> None:
    entry = factories.make_entry(edition, state="submitted")
    with_report(entry, verdict="pass", findings=[])
    base = f"/{edition.slug}/desk/entries/{entry.code}/move"
    assert client.post(f"{base}/ask_fix/", {"reason": "Subtitles are missing."}).status_code == 302
    entry.refresh_from_db()
    assert entry.state == "fixing"
    assert client.post(f"{base}/refuse/", {"reason": ""}).status_code == 400
    assert client.post(f"{base}/refuse/", {"reason": "Not a film of this year."}).status_code == 302
    entry.refresh_from_db()
    assert entry.state == "refused"
    for move in ("submit", "withdraw", "nonsense"):
        assert client.post(f"{base}/{move}/").status_code == 404


def test_nobody_decides_over_a_film_of_their_own(edition: Edition) -> None:
    technician = factories.make_member(edition, Role.TECHNICIAN)
    entry = factories.make_entry(edition, state="submitted", entrant=technician.user)
    with_report(entry)
    client = Client()
    client.force_login(technician.user)
    page = client.get(f"/{edition.slug}/desk/entries/{entry.code}/").content.decode()
    assert "your own film" in page
    assert "move/admit" not in page
    assert (
        client.post(f"/{edition.slug}/desk/entries/{entry.code}/move/admit/", {"reason": "x"}).status_code
        == 403
    )
    assert client.post(f"/{edition.slug}/desk/entries/{entry.code}/inspect/").status_code == 403


def test_who_may_enter(edition: Edition) -> None:
    entry = factories.make_entry(edition, state="submitted")
    draft = factories.make_entry(edition, state="draft")
    urls = [f"/{edition.slug}/desk/{rest}" for rest in ("entries/", "inspections/", f"entries/{entry.code}/")]
    may = {Role.TECHNICIAN, Role.ORGANISER, Role.OWNER}
    for role in (*may, Role.CHAIR, Role.JUDGE):
        client = client_of(edition, role)
        for url in urls:
            status = client.get(url).status_code
            assert status == 200 if role in may else status in (403, 404), (role, url)
        assert client.get(f"/{edition.slug}/desk/entries/{draft.code}/").status_code == 404
    elsewhere = client_of(factories.make_edition(), Role.OWNER)
    assert [elsewhere.get(url).status_code for url in urls] == [403, 403, 404]
    # the entry's own page is under its own edition alone
    both = factories.make_member(edition, Role.TECHNICIAN)
    other = factories.make_edition()
    client = Client()
    client.force_login(both.user)
    assert client.get(f"/{other.slug}/desk/entries/{entry.code}/").status_code == 404


def test_queue_shows_drafts_without_their_titles(client: Client, edition: Edition) -> None:
    draft = factories.make_entry(edition, state="draft", title="Nobody's business")
    factories.make_inspection(draft, state="queued", report={})
    entry = factories.make_entry(edition, title="Seen")
    failed = factories.make_inspection(entry, state="failed", report={}, error="RuntimeError: <disk>")
    text = client.get(f"/{edition.slug}/desk/inspections/").content.decode()
    assert "Nobody" not in text
    assert "RuntimeError: &lt;disk&gt;" in text
    # inspected again: it is no longer listed as failed
    Inspection.objects.create(version=failed.version, queued_at=timezone.now())
    assert "RuntimeError" not in client.get(f"/{edition.slug}/desk/inspections/").content.decode()


def test_queue_polls_only_its_part(client: Client, edition: Edition) -> None:
    response = client.get(f"/{edition.slug}/desk/inspections/", headers={"HX-Request": "true"})
    assert response.content.decode().lstrip().startswith('<div id="inspection-queue"')


def test_into_the_catalogue(edition: Edition) -> None:
    entry = factories.make_entry(edition, title="Snow", synopsis={"en": "It snows."}, year=2026)
    with_report(entry, verdict="pass", findings=[], stills=[])
    url = f"/{edition.slug}/desk/entries/{entry.code}/catalogue/"
    assert client_of(edition, Role.TECHNICIAN).post(url).status_code == 403
    organiser = client_of(edition, Role.ORGANISER)
    for _twice in range(2):
        assert organiser.post(url).status_code == 302
    film = Film.objects.get()
    assert (film.source, film.title, film.seconds, film.year, film.published_at) == (
        entry.code,
        "Snow",
        90,
        2026,
        None,
    )
    Entry.objects.update(state="withdrawn")
    assert organiser.post(url).status_code == 403


def test_inspect_again(client: Client, edition: Edition) -> None:
    entry = factories.make_entry(edition, state="submitted")
    url = f"/{edition.slug}/desk/entries/{entry.code}/inspect/"
    assert client.post(url).status_code == 409  # no film yet
    with_report(entry)
    assert client.post(url).status_code == 302
    assert Inspection.objects.filter(state="queued").count() == 1
    assert client.post(url).status_code == 409
