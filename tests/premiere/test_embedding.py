"""The programme on other sites: which may frame it, what its address asks for, what it never does."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from festival.catalogue.models import Embedding
from festival.edition.models import Edition
from festival.kit.embedding import origin_of
from festival.people.roles import Role
from festival.premiere.views import embedding as views
from tests.factories import make_edition, make_member
from tests.shows import make_film, make_hall, make_release, make_screening

pytestmark = pytest.mark.django_db
EVENING = datetime(2027, 4, 16, 11, tzinfo=UTC)  # 19:00 in Shanghai
URL = "/spring/programme/embed/"
DESK = "/spring/desk/premiere/embed/"


@pytest.fixture
def edition() -> Edition:
    return make_edition("spring", time_zone="Asia/Shanghai")


@pytest.fixture
def shown(edition: Edition) -> Edition:
    """Two halls, two days: Opening in one, Shorts in two the same night, Closing in one the day after."""
    one, two = make_hall(edition, name="Great Hall"), make_hall(edition, name="Studio")
    lamp = make_film(
        edition, title="灯下", title_en="Under the Lamp", credits=[{"role": "director", "name": "方远"}]
    )
    make_screening(one, EVENING, films=[lamp], title="Opening")
    make_screening(two, EVENING + timedelta(hours=1), films=[make_film(edition)], title="Shorts")
    make_screening(one, EVENING + timedelta(days=1), films=[make_film(edition)], title="Closing")
    make_release(edition)
    make_screening(two, EVENING + timedelta(days=2), films=[make_film(edition, title="Secretfilm")])
    return edition


@pytest.fixture
def organiser(edition: Edition) -> Client:
    client = Client()
    client.force_login(make_member(edition, Role.ORGANISER).user)
    return client


def at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views.timezone, "now", lambda: moment)


def text_of(client: Client, query: str = "") -> str:
    answer = client.get(URL + query)
    assert answer.status_code == 200
    return answer.content.decode()


def titles(client: Client, query: str = "") -> list[str]:
    text = text_of(client, query)
    return [title for title in ("Opening", "Shorts", "Closing") if f">{title}</a>" in text]


def policy(client: Client) -> dict[str, str]:
    parts = (part.split(" ", 1) for part in client.get(URL).headers["Content-Security-Policy"].split("; "))
    return {part[0]: part[1] for part in parts}


def test_it_shows_what_is_released_and_every_link_opens_a_new_tab(client: Client, shown: Edition) -> None:
    Embedding.objects.create(edition=shown, sites=["https://festival.example"])
    text = text_of(client, "?lang=en")
    assert titles(client, "?lang=en") == ["Opening", "Shorts", "Closing"]
    assert "Under the Lamp" in text and "Secretfilm" not in text
    links = text.count("<a ")
    assert links and text.count('target="_blank" rel="noopener"') == links
    assert "<form" not in text and "csrf" not in text
    assert "灯下" in text_of(client, "?lang=zh") and "Under the Lamp" not in text_of(client, "?lang=zh")
    accepts = client.get(URL, headers={"Accept-Language": "zh-CN"})
    assert (accepts.headers["Content-Language"], accepts.headers["Cache-Control"]) == (
        "zh-Hans",
        "private, max-age=300",
    )


def test_before_a_release_it_says_so(client: Client, edition: Edition) -> None:
    make_screening(make_hall(edition), EVENING, films=[make_film(edition, title="Secretfilm")])
    text = text_of(client, "?lang=en&upcoming=1")
    assert "The programme has not been published yet" in text and "Secretfilm" not in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?day=2027-04-16", ["Opening", "Shorts"]),
        ("?day=2027-04-17", ["Closing"]),
        ("?day=2027-04-18", []),
        ("?day=today", ["Opening", "Shorts"]),
        ("?day=2027-02-30&hall=&theme=pink&lang=xx&upcoming=yes", ["Opening", "Shorts", "Closing"]),
        ("?upcoming=1", ["Shorts", "Closing"]),
        ("?hall=none", []),
        ("?hall=%00%27&day=%00", []),
    ],
)
def test_its_address_narrows_it(
    client: Client, shown: Edition, query: str, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at(EVENING + timedelta(minutes=30), monkeypatch)
    assert titles(client, query) == expected
    if not expected:
        assert "Nothing in the programme matches." in text_of(client, query)


def test_one_hall_colours_and_the_end(
    client: Client, shown: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = shown.venues.first().halls.first()
    assert titles(client, f"?hall={hall.pk}") == ["Opening", "Closing"]
    assert 'data-theme="dark"' in text_of(client, "?theme=dark")
    assert "data-theme" not in text_of(client)
    at(EVENING + timedelta(days=9), monkeypatch)
    assert "All screenings are over" in text_of(client, "?upcoming=1")


def test_nobody_frames_it_until_an_organiser_says_who_may(
    client: Client, organiser: Client, shown: Edition
) -> None:
    assert policy(client)["frame-ancestors"] == "'self'"
    said = {
        "where": "named",
        "sites": "https://Www.Festival.example/programme?x=1\r\n\nfestival.example:8443\n*.films.example",
    }
    answer = organiser.post(DESK + "?lang=zh", said)
    assert (answer.status_code, answer.headers["Location"]) == (302, DESK + "?lang=zh")
    sites = "https://www.festival.example https://festival.example:8443 https://*.films.example"
    assert policy(client)["frame-ancestors"] == f"'self' {sites}"
    assert sites.replace(" ", "\n") in organiser.get(DESK).content.decode()
    organiser.post(DESK, {"where": "anywhere", "sites": "https://festival.example"})
    assert policy(client)["frame-ancestors"] == "*"
    organiser.post(DESK, {"where": "nowhere", "sites": "https://festival.example"})
    assert policy(client)["frame-ancestors"] == "'self'"
    assert Embedding.objects.get().sites == []


@pytest.mark.parametrize(
    "line",
    [
        "*", "https://*", "*.example", "ftp://a.example", "javascript:alert(1)", "https://a.example; script-src *",
        "https://a.example, https://b.example", "'unsafe-inline'", "https://user@a.example", "https://a.example:99999",
        "https://[x]", "-.example", "\x00", "a" * 300 + ".example",
    ],
)  # fmt: skip
def test_what_is_no_site_is_refused_in_words(organiser: Client, edition: Edition, line: str) -> None:
    answer = organiser.post(DESK, {"where": "named", "sites": line})
    assert answer.status_code == 400
    assert not Embedding.objects.exists()


def test_naming_none_or_too_many_is_refused(organiser: Client, edition: Edition) -> None:
    assert organiser.post(DESK, {"where": "named", "sites": " \n"}).status_code == 400
    many = "\n".join(f"s{number}.example" for number in range(51))
    assert organiser.post(DESK, {"where": "named", "sites": many}).status_code == 400
    assert organiser.post(DESK, {"where": "everywhere"}).status_code == 400


def test_names_in_other_scripts_are_written_as_browsers_compare_them() -> None:
    assert origin_of("https://Bücher.example/x") == "https://xn--bcher-kva.example"
    assert origin_of("http://localhost:8000/x") == "http://localhost:8000"
    assert origin_of("http://[::1]:80") == "http://[::1]:80"


def test_only_this_address_may_be_framed(client: Client, organiser: Client, shown: Edition) -> None:
    organiser.post(DESK, {"where": "anywhere"})
    answer = client.get(URL)
    assert "X-Frame-Options" not in answer.headers
    assert {
        name: policy(client)[name] for name in ("default-src", "script-src", "form-action", "base-uri")
    } == {
        "default-src": "'none'",
        "script-src": "'self'",
        "form-action": "'none'",
        "base-uri": "'none'",
    }
    for other in (
        "/spring/programme/",
        "/spring/",
        "/spring/programme/programme.json",
        "/nowhere/programme/embed/",
    ):
        headers = client.get(other).headers
        assert headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_it_knows_no_session_and_sets_no_cookie(
    organiser: Client, shown: Edition, django_assert_num_queries: object
) -> None:
    organiser.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    organiser.get(URL)  # the release is read once in each process
    with django_assert_num_queries(3):  # type: ignore[operator]  # edition, sites, which release
        answer = organiser.get(URL, headers={"Accept-Language": "en"})
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.headers["Content-Language"] == "en"
    assert answer.content == Client().get(URL, headers={"Accept-Language": "en"}).content


def test_a_draft_is_nobodys(client: Client, organiser: Client, shown: Edition) -> None:
    Edition.objects.update(status="draft")
    assert client.get(URL).status_code == 404
    assert organiser.get(URL).status_code == 404
    assert "until it is public, the frame stays empty" in organiser.get(DESK).content.decode()


def test_it_is_kept_and_asked_for_again_by_its_tag(client: Client, organiser: Client, shown: Edition) -> None:
    assert (
        client.get(URL + "?lang=en").headers["Cache-Control"] == "private, no-store"
    )  # nobody may frame it yet
    organiser.post(DESK, {"where": "named", "sites": "festival.example"})
    first = client.get(URL + "?lang=en")
    assert first.headers["Cache-Control"] == f"public, max-age={views.SECONDS}"
    tag = {"If-None-Match": first.headers["ETag"]}
    again = client.get(URL + "?lang=en", headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in again.headers
    organiser.post(DESK, {"where": "anywhere"})
    assert client.get(URL + "?lang=en", headers=tag).status_code == 200
    assert client.head(URL).status_code == 200
    assert client.post(URL).status_code == 405


def test_the_document_may_be_fetched_by_pages_of_every_site(client: Client, shown: Edition) -> None:
    for form in ("programme/programme.json", "programme.ics"):
        first = client.get(f"/spring/{form}?lang=en", headers={"Origin": "https://elsewhere.example"})
        assert first.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in first.headers
        tag = {"If-None-Match": first.headers["ETag"]}
        again = client.get(f"/spring/{form}?lang=en", headers=tag)
        assert (again.status_code, again.headers["Access-Control-Allow-Origin"]) == (304, "*")


def test_the_desk_gives_lines_that_carry_the_choice(organiser: Client, shown: Edition) -> None:
    page = organiser.get(DESK + "?day=2027-04-17&theme=dark&upcoming=1&lang=zh&hall=%22%3E")
    text, lines = page.content.decode(), page.context["lines"]
    address = "/spring/programme/embed/?day=2027-04-17&hall=%22%3E&lang=zh&upcoming=1&theme=dark"
    assert page.context["address"] == address
    escaped = address.replace("&", "&amp;")
    assert f'<iframe src="{settings.SITE_URL}{escaped}"' in lines
    assert f'<script src="{settings.SITE_URL}/static/js/embed.js" async></script>' in lines
    assert f'<iframe class="embed-preview" src="{escaped}"' in text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
