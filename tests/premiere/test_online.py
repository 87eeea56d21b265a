"""Online premieres: one start for everybody, doors, seats and regions, and a film that waits."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.premiere import actions
from festival.premiere.models import OnlineSeat, Screening
from festival.premiere.online import Hours, now_on
from festival.premiere.online_actions import has_seat, take_seat
from submissions import showing_actions
from submissions.inspection.synthetic import make_film as make_film_file
from submissions.models import Asset
from submissions.showing_words import VERSION
from tests.factories import make_edition, make_entry, make_inspection, make_subtitles
from tests.racing import together
from tests.shows import make_film, make_hall, make_release, make_screening

START = datetime(2027, 4, 16, 11, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def test_what_is_on_is_the_same_for_everybody_at_any_moment():
    lengths = [60, 600, 30]
    found = [
        now_on(START, lengths, START + timedelta(seconds=second))
        for second in (-1, 0, 59, 60, 659, 660, 689, 690)
    ]
    assert [on and on.index for on in found] == [None, 0, 0, 1, 1, 2, 2, None]
    assert found[4].since == START + MINUTE
    assert found[4].until == START + 11 * MINUTE
    assert now_on(START, [], START) is None


def test_doors_open_before_and_close_after_the_start():
    hours = Hours(START - 30 * MINUTE, START, START + 15 * MINUTE, START + 40 * MINUTE)
    moments = [-31, -30, -1, 0, 14, 15, 39, 40]
    assert [hours.state(START + one * MINUTE) for one in moments] == [
        "early", "doors", "doors", "running", "running", "running", "running", "over",
    ]  # fmt: skip
    assert [hours.open(START + one * MINUTE) for one in moments] == [
        False,
        True,
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    short = Hours(START, START, START + 15 * MINUTE, START + 5 * MINUTE)
    assert not short.open(START + 5 * MINUTE)


@pytest.fixture
def edition(db):
    return make_edition("spring", time_zone="Asia/Shanghai")


@pytest.fixture
def hall(edition):
    hall = make_hall(edition, turnaround=0, name="Stream")
    hall.online, hall.seats = True, 2
    hall.save()
    return hall


@pytest.fixture
def premiere(edition, hall):
    screening = make_screening(hall, START, films=[make_film(edition, minutes=30)], released=True)
    return actions.change_screening(screening=screening, premiere="world", at=timezone.now())


def sit(premiere, at=START, region="", key=""):
    return take_seat(screening=premiere, key=key, region=region, at=at)


def test_seats_are_taken_in_hours_and_kept(premiere):
    with pytest.raises(Refused, match="not open yet"):
        sit(premiere, START - 31 * MINUTE)
    key = sit(premiere, START - 30 * MINUTE)
    assert has_seat(screening=premiere, key=key)
    assert not has_seat(screening=premiere, key="") and not has_seat(screening=premiere, key=key + "x")
    with pytest.raises(Refused, match="doors are closed"):
        sit(premiere, START + 15 * MINUTE)
    assert sit(premiere, START + 20 * MINUTE, key=key) == key
    assert OnlineSeat.objects.count() == 1
    assert key not in OnlineSeat.objects.get().key_hash


def test_no_more_seats_than_there_are(premiere):
    keys = {sit(premiere), sit(premiere)}
    assert len(keys) == 2
    with pytest.raises(Refused, match="Every seat is taken") as refusal:
        sit(premiere)
    assert refusal.value.status == 409


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_come_at_once_do_not_share_the_last_seat():
    edition = make_edition("race")
    hall = make_hall(edition)
    hall.online, hall.seats = True, 1
    hall.save()
    screening = make_screening(hall, START, films=[make_film(edition)], released=True)
    results = together(*[lambda: sit(screening)] * 4)
    assert sorted(isinstance(one, Refused) for one in results) == [False, True, True, True]
    assert OnlineSeat.objects.count() == 1


def test_a_region_rule_is_closed_to_whoever_is_elsewhere_or_nowhere(premiere):
    actions.change_screening(screening=premiere, regions="DE, AT", at=timezone.now())
    for region in ("", "CN", "D"):
        with pytest.raises(Refused, match="only in: Germany, Austria") as refusal:
            sit(premiere, region=region)
        assert refusal.value.status == 403
    sit(premiere, region="AT")


def test_a_cancelled_premiere_gives_no_seats(premiere):
    actions.cancel_screening(screening=premiere, reason={"en": "The stream is down."}, at=timezone.now())
    make_release(premiere.edition)
    with pytest.raises(Refused, match="does not take place"):
        sit(premiere)
    assert "The stream is down." in Client().get(room_of(premiere)).content.decode()
    actions.reinstate_screening(screening=premiere, at=timezone.now())
    with pytest.raises(Refused, match="does not take place"):
        sit(premiere)  # what the desk has changed since is nobody's news before the next release
    assert "The stream is down." in Client().get(room_of(premiere)).content.decode()
    make_release(premiere.edition)
    assert "The stream is down." not in Client().get(room_of(premiere)).content.decode()


def room_of(screening):
    return reverse("premiere:online", args=[screening.edition.slug, screening.code])


def test_only_a_released_screening_of_an_online_hall_has_a_room(client, edition, hall):
    draft = make_screening(hall, START, films=[make_film(edition)])
    Screening.objects.filter(pk=draft.pk).update(held=True)
    real = make_screening(make_hall(edition), START, films=[make_film(edition)], released=True)
    assert client.get(room_of(draft)).status_code == client.get(room_of(real)).status_code == 404
    Screening.objects.filter(pk=draft.pk).update(held=False)
    make_release(edition)
    assert client.get(room_of(draft)).status_code == 200


def test_the_region_is_the_one_that_the_proxy_tells(client, edition, hall, settings):
    screening = make_screening(hall, timezone.now(), films=[make_film(edition)], released=True)
    actions.change_screening(screening=screening, regions="DE", at=timezone.now())
    seat = reverse("premiere:online_seat", args=[edition.slug, screening.code])
    assert client.post(seat, headers={"CF-IPCountry": "de"}).status_code == 403
    settings.REGION_HEADER = "CF-IPCountry"
    assert client.post(seat, headers={"CF-IPCountry": "fr"}).status_code == 403
    assert client.post(seat, headers={"CF-IPCountry": "de"}).status_code == 302


@pytest.fixture(scope="module")
def film_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    make_film_file(path, seconds=2, width=320, height=180)
    return path.read_bytes()


def keep(key, data):
    store = storages["default"]
    store.delete(key)
    return store.save(key, ContentFile(data))


@pytest.fixture
def lamp(edition, film_file, django_capture_on_commit_callbacks):
    """A film of the catalogue whose entrant lets everybody watch it, with a copy that is ready, and captions."""
    now = timezone.now()
    entry = make_entry(edition, title="Lamp", code="LAMP222")
    inspection = make_inspection(entry, seconds=2, copy_key=keep("copies/lamp-1.mp4", film_file))
    inspection.version.asset = Asset.objects.create(
        sha256="a" * 64, size=len(film_file), key=keep("originals/lamp.mp4", film_file), created_at=now
    )
    inspection.version.save()
    make_subtitles(entry)
    film = make_film(edition, minutes=10, source=entry.code, title="Lamp", published_at=now)
    with django_capture_on_commit_callbacks(execute=True):
        showing_actions.choose(entry=entry, what="film", seen=VERSION, by=actor_of(entry.entrant), at=now)
    return film


def played(client, address):
    return re.findall(r'<(?:video|track)[^>]* src="([^"]+)"', client.get(address).content.decode())


def test_a_film_waits_for_its_premiere_and_plays_there_for_who_has_a_seat(edition, hall, lamp):
    page = reverse("catalogue:film", args=[edition.slug, lamp.code])
    assert len(played(Client(), page)) == 2
    now = timezone.now()
    screening = make_screening(hall, now + 5 * MINUTE, films=[lamp], released=True)
    assert len(played(Client(), page)) == 2  # shown online, and no premiere: nothing waits
    actions.change_screening(screening=screening, premiere="world", at=now)
    assert played(Client(), page) == []
    seated, outside = Client(), Client()
    seat = reverse("premiere:online_seat", args=[edition.slug, screening.code])
    assert seated.post(seat).status_code == 302
    text = seated.get(room_of(screening)).content.decode()
    assert "You have a seat" in text and "<video" not in text
    assert "1 seat left" in outside.get(room_of(screening)).content.decode()

    actions.change_screening(screening=screening, starts_at=now - 2 * MINUTE, at=now)
    make_release(edition)
    video, captions = played(seated, room_of(screening))
    address, _mark, place = video.partition("#t=")
    assert 120 <= int(place) < 180
    file = seated.get(address)
    assert (file.status_code, file.headers["Content-Type"]) == (200, "video/mp4")
    assert b"ftyp" in file.getvalue()[:16]
    assert captions
    assert played(outside, room_of(screening)) == played(outside, page) == []

    actions.change_screening(screening=screening, starts_at=now - 11 * MINUTE, at=now)
    make_release(edition)
    assert played(seated, room_of(screening)) == []
    assert "It is over" in seated.get(room_of(screening)).content.decode()
    assert len(played(outside, page)) == 2


def test_a_film_that_nobody_may_watch_online_is_named_and_not_played(edition, hall):
    film = make_film(edition, minutes=10, title="Guest film")
    screening = make_screening(hall, timezone.now(), films=[film], released=True)
    client = Client()
    client.post(reverse("premiere:online_seat", args=[edition.slug, screening.code]))
    text = client.get(room_of(screening)).content.decode()
    assert "Guest film" in text and "cannot be watched on this site" in text and "<video" not in text
