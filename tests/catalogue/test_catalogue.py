"""The catalogue: written from values, published once, and public pages of published films alone."""

import io
from datetime import UTC, datetime

import pytest
from django.core.files.storage import storages
from django.urls import reverse
from PIL import Image

from festival.catalogue import actions
from festival.catalogue.models import Film
from festival.edition.models import Edition
from festival.edition.tools import catalogue
from festival.kit.errors import Refused
from festival.people.roles import Role
from submissions.statement.facts import Use
from submissions.statement.lines import lines_of
from tests.factories import make_edition, make_member
from tests.shows import make_film

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.fixture
def edition():
    return make_edition("spring")


def jpeg(colour="orange"):
    picture = io.BytesIO()
    Image.new("RGB", (64, 36), colour).save(picture, "JPEG")
    return picture.getvalue()


def test_writing_the_same_source_again_changes_the_same_film(edition):
    first = actions.write_film(edition=edition, source="ABC", seconds=59.6, title="Lamp")
    actions.publish(films=[first], at=AT)
    again = actions.write_film(edition=edition, source="ABC", seconds=70, title="Lamplight")
    assert (again.pk, again.code) == (first.pk, first.code)
    assert (again.title, again.seconds, again.published_at) == ("Lamplight", 70, AT)
    guests = [actions.write_film(edition=edition, seconds=60, title="Guest") for _film in range(2)]
    assert guests[0].pk != guests[1].pk


def test_a_film_without_a_length_is_refused(edition):
    with pytest.raises(Refused, match="running time"):
        actions.write_film(edition=edition, seconds=0.2, title="Lamp")
    with pytest.raises(TypeError, match="a film has no colour"):
        actions.write_film(edition=edition, seconds=60, title="Lamp", colour="red")
    assert Film.objects.count() == 0


def test_publishing_keeps_the_first_date(edition):
    films = [make_film(edition, published_at=AT), make_film(edition)]
    later = AT.replace(month=4)
    assert actions.publish(films=films, at=later) == 1
    assert sorted(film.published_at for film in Film.objects.all()) == [AT, later]


def test_a_new_still_replaces_the_old_one(client, edition, django_capture_on_commit_callbacks):
    film = actions.write_film(edition=edition, seconds=60, title="Lamp", still=jpeg())
    old = film.still
    actions.publish(films=[film], at=AT)
    url = reverse("catalogue:still", args=["spring", film.code])
    response = client.get(url)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert b"".join(response.streaming_content) == jpeg()
    with django_capture_on_commit_callbacks(execute=True):
        actions.set_still(film=film, picture=jpeg("blue"))
    assert b"".join(client.get(url).streaming_content) == jpeg("blue")
    assert not storages["default"].exists(old)
    storages["default"].delete(film.still)
    assert client.get(url).status_code == 404


def test_the_film_page_says_what_the_catalogue_knows(client, edition):
    film = make_film(
        edition,
        title="灯下",
        title_en="Under the Lamp",
        synopsis={"en": "A night.", "zh": "一夜。"},
        credits=[{"role": "director", "name": "Wei Lan"}],
        track={"en": "Open", "zh": "公开单元"},
        ai_statement="Pictures by a model, cut by hand.",
        tools=lines_of(
            [Use("video", "kling", version="2.1", share=70), Use("music", no_ai=True)], catalogue()
        ),
        minutes=3.7,
        published_at=AT,
    )
    url = reverse("catalogue:film", args=["spring", film.code])
    english = client.get(url).content.decode()
    assert '<h1 lang="en">Under the Lamp</h1>' in english
    for words in (
        "灯下",
        "A night.",
        "Wei Lan",
        "3:42",
        "Pictures by a model",
        "Kling 2.1",
        "70% of the film",
        "No AI",
    ):
        assert words in english
    client.cookies["django_language"] = "zh-hans"
    chinese = client.get(url).content.decode()
    assert '<h1 lang="zh-Hans">灯下</h1>' in chinese
    for words in ("一夜。", "可灵 2.1", "占全片70%", "未使用AI"):
        assert words in chinese


def test_films_of_a_draft_edition_are_the_teams(client):
    edition = make_edition("hidden", status=Edition.Status.DRAFT)
    film = make_film(edition, published_at=AT)
    url = reverse("catalogue:film", args=["hidden", film.code])
    assert client.get(url).status_code == 404
    client.force_login(make_member(edition, Role.ORGANISER).user)
    assert client.get(url).status_code == 200


def test_a_film_is_not_found_under_another_edition(client, edition):
    make_edition("other")
    film = make_film(edition, published_at=AT)
    assert client.get(reverse("catalogue:film", args=["other", film.code])).status_code == 404


def test_a_guest_film_by_hand(client, edition):
    client.force_login(make_member(edition, Role.ORGANISER).user)
    url = reverse("catalogue:guest", args=["spring"])
    for length in ("", "ninety", "14", "3:75", "0:00"):
        response = client.post(url, {"title": "Gift", "length": length})
        assert response.status_code == 400
        assert "unning time" in response.content.decode()
    assert Film.objects.count() == 0
    given = {"title": "Gift", "length": "1:02:03", "director": "Ada", "synopsis_en": "Given.", "year": "1999"}
    assert client.post(url, given).status_code == 302
    film = Film.objects.get()
    assert (film.seconds, film.directors, film.synopsis, film.year) == (3723, "Ada", {"en": "Given."}, 1999)
    assert film.published_at is None
    assert client.post(reverse("catalogue:publish", args=["spring", film.code])).status_code == 302
    assert client.get(reverse("catalogue:film", args=["spring", film.code])).status_code == 200


def test_a_guest_film_is_changed_with_makers_and_what_a_hall_must_play(client, edition):
    client.force_login(make_member(edition, Role.ORGANISER).user)
    given = {
        "title": "灯", "title_en": "The Lamp", "length": "14:03", "director": "Ada, 林小雨", "producer": "Lin",
        "country": "China, 法国", "language": "普通话", "year": "2026", "min_age": "12",
        "file_format": "dcp", "width": "1998", "height": "1080", "frame_rate": "23.976", "channels": "6",
    }  # fmt: skip
    assert client.post(reverse("catalogue:guest", args=["spring"]), given).status_code == 302
    film = Film.objects.get()
    assert [(one["role"], one["name"]) for one in film.credits] == [
        ("director", "Ada"), ("director", "林小雨"), ("producer", "Lin"),
    ]  # fmt: skip
    assert (film.country, film.language, film.min_age) == ("CN, FR", "zh", 12)
    assert (film.file_format, film.width, film.height, film.channels) == ("dcp", 1998, 1080, 6)
    assert str(film.frame_rate) == "23.976"

    url = reverse("catalogue:guest_edit", args=["spring", film.code])
    page = client.get(url).content.decode()
    for value in ("The Lamp", "14:03", "Ada, 林小雨", "23.976", "China, France"):
        assert f'value="{value}"' in page
    assert client.post(url, {**given, "length": "long"}).status_code == 400
    assert client.post(url, {**given, "length": "15:00", "channels": "", "frame_rate": ""}).status_code == 302
    film.refresh_from_db()
    assert (film.seconds, film.channels, film.frame_rate) == (900, None, None)


def test_a_film_of_an_entry_is_not_changed_as_a_guest_film(client, edition):
    client.force_login(make_member(edition, Role.ORGANISER).user)
    film = make_film(edition, source="ENTRY222")
    assert client.get(reverse("catalogue:guest_edit", args=["spring", film.code])).status_code == 404
    with pytest.raises(ValueError, match="comes from an entry"):
        actions.change_guest_film(film=film, title="Another")
