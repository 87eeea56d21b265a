"""Slots from the blueprint, laureates as announced, and the wall."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from festival.awards import actions, queries
from festival.awards.actions import Winner
from festival.awards.models import Laureate
from festival.catalogue.models import Film
from festival.edition.blueprint import named
from festival.edition.models import Phase, Track
from festival.kit.errors import Refused
from tests.factories import make_edition
from tests.shows import make_film, make_slot

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.fixture
def edition():
    return make_edition("spring", time_zone="Asia/Shanghai")


def test_slots_come_from_the_blueprint_in_their_order(edition):
    Track.objects.create(edition=edition, slug="animation", name={"en": "Animation"}, position=1)
    plan = named("short-film")
    actions.create_slots(edition=edition, plan=plan)
    slots = list(queries.slots_of(edition))
    assert [(slot.slug, slot.places, slot.tier) for slot in slots] == [
        (award.slug, award.places, award.tier) for award in plan.awards
    ]
    assert [slot.track.slug if slot.track else "" for slot in slots] == [award.track for award in plan.awards]


def test_laureates_and_pages_appear_at_one_moment(client, edition):
    grand, second = make_slot(edition, "grand", tier="grand"), make_slot(edition, "second", places=2)
    films = [make_film(edition, title=title) for title in "ABC"]
    winners = [
        Winner(second, 1, films[1]),
        Winner(grand, 1, films[0], {"en": "For its light."}),
        Winner(second, 2, films[2]),
    ]
    actions.announce(edition=edition, laureates=winners, at=AT)
    assert set(Film.objects.values_list("published_at", flat=True)) == {AT}
    assert set(Laureate.objects.values_list("announced_at", flat=True)) == {AT}
    assert [(tier.tier, [one.film.title for one in tier.laureates]) for tier in queries.wall(edition)] == [
        ("grand", ["A"]),
        ("second", ["B", "C"]),
    ]
    page = client.get(reverse("awards:laureates", args=["spring"])).content.decode()
    assert "For its light." in page
    with pytest.raises(Refused, match="announced already"):
        actions.announce(edition=edition, laureates=winners, at=AT)


def test_nothing_is_announced_when_one_row_is_wrong(edition):
    grand = make_slot(edition, "grand", tier="grand")
    film = make_film(edition)
    stray = make_film(make_edition())
    with pytest.raises(ValueError, match="belong to the edition"):
        actions.announce(edition=edition, laureates=[Winner(grand, 1, film), Winner(grand, 2, stray)], at=AT)
    film.refresh_from_db()
    assert film.published_at is None
    assert Laureate.objects.count() == 0


def test_before_the_announcement_the_page_says_when(client, edition):
    Phase.objects.create(
        edition=edition,
        kind="awards",
        starts_at=datetime(2027, 5, 7, 16, tzinfo=UTC),
        ends_at=datetime(2027, 5, 8, 16, tzinfo=UTC),
    )
    make_slot(edition, "grand", tier="grand")
    make_film(edition, title="Secret")
    page = client.get(reverse("awards:laureates", args=["spring"])).content.decode()
    assert "The laureates are announced on 8 May 2027" in page
    assert "Secret" not in page


def test_the_wall_asks_as_often_for_many_as_for_few(client):
    counts = []
    for number in (1, 3):
        edition = make_edition()
        slots = [make_slot(edition, f"slot-{n}") for n in range(number)]
        actions.announce(
            edition=edition, laureates=[Winner(slot, 1, make_film(edition)) for slot in slots], at=AT
        )
        with CaptureQueriesContext(connection) as made:
            assert client.get(reverse("awards:laureates", args=[edition.slug])).status_code == 200
        counts.append(len(made))
    assert counts[0] == counts[1]


def test_the_wall_of_one_track(client, edition):
    Track.objects.create(edition=edition, slug="drawn", name={"en": "Animation"}, position=1)
    Track.objects.create(edition=edition, slug="empty", name={"en": "Nobody"}, position=2)
    Track.objects.create(edition=edition, slug="live", name={"en": "Fiction"}, position=3)
    slots = make_slot(edition, "grand", tier="grand"), make_slot(edition, "second")
    known = (("Inked", "Animation"), ("Shot", "Fiction"))
    films = [make_film(edition, title=title, track={"en": name}) for title, name in known]
    winners = [Winner(slot, 1, film) for slot, film in zip(slots, films, strict=True)]
    actions.announce(edition=edition, laureates=winners, at=AT)
    address = reverse("awards:laureates", args=["spring"])
    page = client.get(address).content.decode()
    assert "Inked" in page and "Shot" in page and "?track=empty" not in page
    page = client.get(address, {"track": "live"}).content.decode()
    assert "Shot" in page and "Inked" not in page.split("<main", 1)[1]
    assert client.get(address, {"track": "nonsense"}).status_code == 200


def test_a_contest_without_awards_keeps_nobody_waiting_for_them(client, edition):
    edition.status = "public"
    edition.save()
    pages = [reverse(f"awards:{name}", args=[edition.slug]) for name in ("laureates", "notice")]
    for page in pages:
        text = client.get(page).content.decode()
        assert "This edition has no awards" in text and "jury" not in text
    make_slot(edition, "grand")
    for page in pages:
        assert "This edition has no awards" not in client.get(page).content.decode()
