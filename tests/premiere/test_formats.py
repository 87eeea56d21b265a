"""The formats as they are fetched: who gets what, what is never in them, and how long they may be kept."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar
from pypdf import PdfReader

from festival.edition.models import Edition
from festival.premiere import actions
from festival.premiere.models import Screening
from festival.premiere.programme import codec
from festival.premiere.publishing import public as programme_of
from festival.premiere.views.formats import FORMS
from tests.factories import make_edition
from tests.shows import make_film, make_hall, make_release, make_screening

pytestmark = pytest.mark.django_db
EVENING = datetime(2027, 4, 16, 11, tzinfo=UTC)  # 19:00 in Shanghai
NOW = datetime(2027, 4, 1, tzinfo=UTC)


@pytest.fixture
def edition():
    return make_edition("spring", time_zone="Asia/Shanghai")


@pytest.fixture
def shown(edition):
    hall = make_hall(edition, name="Great Hall")
    films = [
        make_film(
            edition, title="灯下", title_en="Under the Lamp", country="CN, FR", language="zh", year=2026,
            credits=[{"role": "director", "name": "方远"}, {"role": "music", "name": "Nobody"}],
            synopsis={"en": "A lamp.", "zh": "一盏灯。"}, track={"en": "Fiction", "zh": "剧情"}, ai_statement="Yes.",
        ),
        make_film(edition, title="Gezeiten", minutes=7.5),
    ]  # fmt: skip
    opening = make_screening(hall, EVENING, films=films, released=True, title="Opening")
    secret = make_film(edition, title="Secretfilm")
    hidden = make_screening(
        make_hall(edition, name="Hiddenhall"), EVENING, films=[secret], title="Secretnight"
    )
    Screening.objects.filter(pk=hidden.pk).update(held=True)
    return opening


def fetch(client, edition, form, **query):
    name = "premiere:calendar" if form == "programme.ics" else "premiere:file"
    parts = [edition.slug] if form == "programme.ics" else [edition.slug, form]
    return client.get(reverse(name, args=parts), query)


def text_of(response, form):
    if not form.endswith("pdf"):
        return response.content.decode()
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)


ALL = ["programme.ics", *FORMS]


@pytest.mark.parametrize("form", ALL)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_format_has_what_is_released_and_nothing_else(client, edition, shown, form, language):
    response = fetch(client, edition, form, lang=language)
    assert response.status_code == 200
    text = text_of(response, form)
    assert ("灯下" if language == "zh" else "Under the Lamp") in text or form == "screenings.csv"
    assert "Opening" in text
    assert "Secret" not in text and "Hiddenhall" not in text
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Content-Disposition"].startswith('inline; filename="spring')


def test_a_cancelled_screening_says_so_with_the_next_release(client, edition, shown):
    actions.cancel_screening(screening=shown, reason={"en": "The roof leaks."}, at=NOW)
    told = ("programme.ics", "programme.json", "screenings.csv", "booklet.pdf")
    assert not any(
        "The roof leaks." in text_of(fetch(client, edition, form, lang="en"), form) for form in told
    )
    make_release(edition)
    for form in told:
        assert "The roof leaks." in text_of(fetch(client, edition, form, lang="en"), form), form
    assert "STATUS:CANCELLED" in fetch(client, edition, "programme.ics").content.decode()


def test_the_document_is_read_back_and_says_what_the_catalogue_says(client, edition, shown):
    made = codec.from_json(fetch(client, edition, "programme.json").json())
    assert made == programme_of(edition)
    film = next(one for one in made.films if one.title.en)
    assert (film.title.zh, film.makers, film.countries, film.languages) == (
        "灯下",
        ("方远",),
        ("CN", "FR"),
        ("zh",),
    )
    assert (film.ai_label.en, film.section.zh, film.year, film.seconds) == ("AI-generated", "剧情", 2026, 600)
    assert film.url == f"http://localhost:8000{reverse('catalogue:film', args=[edition.slug, film.code])}"
    [one] = made.screenings
    assert (one.code, one.sequence, one.starts_at) == (shown.code, shown.sequence, EVENING)
    assert one.ends_at - one.starts_at == timedelta(minutes=17.5)
    assert len(made.halls) == len(made.venues) == 1


def test_the_version_never_falls(edition, shown):
    versions = [programme_of(edition).version]
    actions.change_screening(screening=shown, starts_at=EVENING + timedelta(hours=1), at=NOW)
    versions.append(programme_of(edition).version)
    make_release(edition)
    versions.append(programme_of(edition).version)
    assert versions == [1, 1, 2]


def test_who_has_it_is_not_sent_it_again(client, edition, shown):
    for form in ALL:
        first = fetch(client, edition, form, lang="zh")
        name = "premiere:calendar" if form == "programme.ics" else "premiere:file"
        url = reverse(name, args=[edition.slug] if form == "programme.ics" else [edition.slug, form])
        again = client.get(url, {"lang": "zh"}, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304 and again.content == b""
        assert again.headers["ETag"] == first.headers["ETag"]
        assert again.headers["Cache-Control"] == "public, max-age=300"
    actions.change_screening(screening=shown, starts_at=EVENING + timedelta(hours=1), at=NOW)
    make_release(edition)
    changed = client.get(url, {"lang": "zh"}, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_without_a_language_in_the_address_it_is_the_readers_and_nobody_elses(client, edition, shown):
    response = client.get(
        reverse("premiere:file", args=[edition.slug, "schedule.xml"]), headers={"Accept-Language": "zh-Hans"}
    )
    assert "灯下" in response.content.decode()
    assert response.headers["Content-Language"] == "zh-Hans"
    assert response.headers["Cache-Control"] == "private, max-age=300"


def test_of_a_draft_edition_nothing_is_told_or_kept(client, edition, shown):
    Edition.objects.filter(pk=edition.pk).update(status=Edition.Status.DRAFT)
    assert all(fetch(client, edition, form).status_code == 404 for form in ALL)


def test_one_hall_and_favourites(client, edition, shown):
    other = make_screening(make_hall(edition), EVENING, films=[make_film(edition)], released=True)

    def codes(**query):
        data = fetch(client, edition, "programme.ics", **query).content
        return {str(event["UID"]).partition("@")[0] for event in Calendar.from_ical(data).events}

    assert codes() == {shown.code, other.code}
    assert codes(hall=shown.hall_id) == {shown.code}
    assert codes(codes=f"{other.code.lower()},ZZZZZZ") == {other.code}
    assert codes(codes="") == set()


def test_other_names_and_methods_are_refused(client, edition, shown):
    assert fetch(client, edition, "programme.exe").status_code == 404
    url = reverse("premiere:file", args=[edition.slug, "programme.json"])
    assert client.post(url).status_code == 405
    assert client.head(url).status_code == 200


def test_a_paper_is_set_once(client, edition, shown, monkeypatch):
    first = fetch(client, edition, "booklet.pdf", lang="en").content

    def broken(*given, **more):
        raise AssertionError("set again")

    monkeypatch.setattr("festival.premiere.programme.papers.typst.compile", broken)
    assert fetch(client, edition, "booklet.pdf", lang="en").content == first
    with pytest.raises(AssertionError):
        fetch(client, edition, "booklet.pdf", lang="zh")


def test_the_page_links_to_them_and_carries_linked_data(client, edition, shown):
    html = client.get(reverse("premiere:programme", args=[edition.slug])).content.decode()
    for form in FORMS:
        assert reverse("premiere:file", args=[edition.slug, form]) in html
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1]
    festival, event = json.loads(data)["@graph"]
    assert (festival["@type"], event["@type"], event["name"]) == ("Festival", "ScreeningEvent", "Opening")


def test_no_title_ends_the_linked_data(client, edition):
    wild = make_film(edition, title="</script><script>alert(1)</script>")
    make_screening(make_hall(edition), EVENING, films=[wild], released=True)
    html = client.get(reverse("premiere:programme", args=[edition.slug])).content.decode()
    assert "<script>alert" not in html
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1]
    assert json.loads(data)["@graph"][1]["workPresented"][0]["name"] == "</script><script>alert(1)</script>"


def test_before_there_is_a_programme_the_page_offers_nothing(client, edition):
    html = client.get(reverse("premiere:programme", args=[edition.slug])).content.decode()
    assert "booklet.pdf" not in html and "ld+json" not in html
    rows = csv.reader(io.StringIO(fetch(client, edition, "screenings.csv").content.decode("utf-8-sig")))
    assert len(list(rows)) == 1


@pytest.mark.parametrize("form", ALL)
def test_every_format_asks_as_often_for_many_as_for_few(client, form):
    asked = []
    for number in (1, 3):
        edition = make_edition()
        for hour in range(number):
            films = [make_film(edition) for _film in range(number)]
            make_screening(make_hall(edition), EVENING + timedelta(hours=hour), films=films, released=True)
        with CaptureQueriesContext(connection) as made:
            assert fetch(client, edition, form, lang="en").status_code == 200
        asked.append(len(made))
    assert asked[0] == asked[1]


def test_page_and_papers_put_the_night_with_the_evening_before(client, edition):
    make_screening(
        make_hall(edition),
        EVENING + timedelta(hours=5, minutes=30),
        films=[make_film(edition)],
        released=True,
    )
    html = client.get(reverse("premiere:programme", args=[edition.slug])).content.decode()
    assert 'datetime="2027-04-16"' in html and 'datetime="2027-04-17T00:30:00+08:00"' in html
    assert "after midnight" in html
    assert fetch(client, edition, "programme.json").json()["days"] == ["2027-04-16"]
