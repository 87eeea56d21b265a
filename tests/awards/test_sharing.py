"""What pages of laureates and films tell those who link to them: cards, linked data, feeds, the archive."""

import json
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client

from festival.awards import actions
from festival.awards.actions import Winner
from festival.catalogue.sharing import duration
from festival.edition.models import Edition
from tests.factories import make_edition
from tests.shows import make_film, make_slot

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 8, tzinfo=UTC)
NASTY = "</script><script>alert(1)</script> & <b>"


def announced(slug: str = "spring", at: datetime = AT, **film: object) -> Edition:
    edition = make_edition(slug, tagline={"en": "First light.", "zh": "初光"}, time_zone="Asia/Shanghai")
    given = {
        "title": "灯",
        "title_en": "Lamp",
        "synopsis": {"en": "A lamp.", "zh": "一盏灯。"},
        "credits": [
            {"role": "director", "name": "Ada Lum"},
            {"role": "composer", "name": "Bo"},
            {"role": "editor", "name": "Cy"},
        ],
        "still": "catalogue/lamp.jpg",
        "year": 2027,
    } | film
    made = make_film(edition, minutes=3.2, code=f"{slug.upper()}1", **given)
    other = make_film(edition, title="Second", code=f"{slug.upper()}2")
    grand, second = make_slot(edition, "grand", tier="grand"), make_slot(edition, "second", tier="second")
    actions.announce(
        edition=edition,
        laureates=[
            Winner(second, 1, other),
            Winner(grand, 1, made, {"en": "For its light.", "zh": "因其光。"}),
        ],
        at=at,
    )
    return edition


def data_of(page: str) -> dict:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])


def metas(page: str) -> dict[str, str]:
    return dict(re.findall(r'<meta property="(og:[a-z_:]+)" content="([^"]*)">', page))


def test_a_film_says_what_it_is_and_what_it_won(settings) -> None:
    settings.SITE_URL = "https://contest.example"
    announced()
    page = Client(headers={"Accept-Language": "en"}).get("/spring/films/SPRING1/").content.decode()
    card = metas(page)
    assert card["og:title"] == "Lamp"
    assert card["og:url"] == "https://contest.example/spring/films/SPRING1/"
    assert card["og:image"] == "https://contest.example/spring/films/SPRING1/still.jpg"
    assert card["og:locale"] == "en_GB"
    film = data_of(page)
    assert film["@type"] == "Movie"
    assert (film["name"], film["alternateName"], film["duration"]) == ("Lamp", "灯", "PT3M12S")
    assert film["director"] == [{"@type": "Person", "name": "Ada Lum"}]
    assert film["musicBy"] == [{"@type": "Person", "name": "Bo"}]
    assert film["contributor"] == [{"@type": "Person", "name": "Cy"}]
    assert len(film["award"]) == 1


def test_the_card_is_in_the_readers_language() -> None:
    announced()
    page = Client(headers={"Accept-Language": "zh-Hans"}).get("/spring/films/SPRING1/").content.decode()
    assert (metas(page)["og:title"], metas(page)["og:locale"]) == ("灯", "zh_CN")
    assert data_of(page)["description"] == "一盏灯。"


def test_words_of_entrants_cannot_end_the_element_they_stand_in() -> None:
    announced(
        title=NASTY, title_en=NASTY, synopsis={"en": NASTY}, credits=[{"role": "director", "name": NASTY}]
    )
    for path in ("/spring/films/SPRING1/", "/spring/laureates/"):
        page = Client().get(path).content.decode()
        assert "<script>alert" not in page
        assert NASTY in json.dumps(data_of(page), ensure_ascii=False).replace("\\", "")


def test_the_wall_lists_its_films_grand_prize_first() -> None:
    announced()
    page = Client().get("/spring/laureates/").content.decode()
    items = data_of(page)["itemListElement"]
    assert [(one["position"], one["item"]["name"]) for one in items] == [(1, "Lamp"), (2, "Second")]
    assert metas(page)["og:image"].endswith("/spring/films/SPRING1/still.jpg")
    assert '/spring/laureates/zh.rss"' in page


@pytest.mark.parametrize(("language", "title"), [("en", "Lamp"), ("zh", "灯")])
def test_the_feed_speaks_one_language_whoever_asks(language: str, title: str) -> None:
    edition = announced()
    answer = Client(headers={"Accept-Language": "de"}).get(f"/spring/laureates/{language}.rss")
    assert answer.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)  # noqa: S314  (made here)
    items = feed.findall("channel/item")
    assert title in items[0].findtext("title", "") and "Second" in items[1].findtext("title", "")
    assert items[0].findtext("description") == {"en": "For its light.", "zh": "因其光。"}[language]
    assert len({item.findtext("guid") for item in items}) == 2
    assert edition.slug in items[0].findtext("link", "")


def test_before_the_announcement_nothing_is_there_to_leak() -> None:
    edition = make_edition("autumn")
    make_film(edition, title="Secret", code="SECRET1")
    make_slot(edition, "grand", tier="grand")
    wall = Client().get("/autumn/laureates/").content.decode()
    assert "ld+json" not in wall and "og:image" not in wall and "Secret" not in wall
    feed = ElementTree.fromstring(Client().get("/autumn/laureates/en.rss").content)  # noqa: S314
    assert feed.findall("channel/item") == []
    assert b"autumn" not in Client().get("/laureates/").content
    assert Client().get("/autumn/films/SECRET1/").status_code == 404
    assert Client().get("/autumn/laureates/fr.rss").status_code == 404


def test_the_archive_shows_the_best_of_each_edition_the_latest_first() -> None:
    announced("spring", AT)
    announced("later", AT + timedelta(days=300))
    hidden = announced("draft", AT)
    Edition.objects.filter(pk=hidden.pk).update(status="draft")
    page = Client(headers={"Accept-Language": "en"}).get("/laureates/").content.decode()
    assert page.index("/later/laureates/") < page.index("/spring/laureates/")
    assert "LATER1" in page and "LATER2" not in page and "DRAFT1" not in page
    assert "2 laureates, announced on 1 March 2027" in page


@pytest.mark.parametrize(("seconds", "iso"), [(59, "PT59S"), (60, "PT1M"), (192, "PT3M12S"), (3600, "PT1H")])
def test_lengths_are_written_as_the_standard_says(seconds: int, iso: str) -> None:
    assert duration(seconds) == iso
