"""What may be watched on a film's public page: only what its entrant allows, only once it is public, and not after."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from festival.awards.actions import Winner, announce
from festival.catalogue import actions as catalogue
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from submissions import showing_actions, transfer_actions
from submissions.inspection.container import look_inside
from submissions.inspection.synthetic import make_film as make_film_file
from submissions.models import Asset, Event, OnlineShowing, PublishedCopy
from submissions.showing_words import TEXTS, VERSION
from submissions.statement.facts import Use
from tests.factories import (
    make_attachment,
    make_edition,
    make_entry,
    make_inspection,
    make_subtitles,
    make_user,
    make_uses,
)
from tests.shows import make_film, make_slot

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
LABEL = '{"Label":"1","ContentProducer":"001191440300708461136T1XGW3","ProduceID":"7"}'


@pytest.fixture(scope="module")
def film_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    make_film_file(path, seconds=2, width=320, height=180, metadata={"AIGC": LABEL})
    return path.read_bytes()


def keep(key, data):
    store = storages["default"]
    store.delete(key)
    return store.save(key, ContentFile(data))


@pytest.fixture
def entry(film_file):
    """An entry with a film, its judges' copy, and its trailer; in the catalogue, not public."""
    entry = make_entry(make_edition("spring"), title="Lamp", code="LAMP222")
    make_uses(entry, Use("video", "kling", version="2.1", share=70), Use("music", no_ai=True))
    inspection = make_inspection(entry, seconds=2, copy_key=keep("copies/lamp-1.mp4", film_file))
    inspection.version.asset = Asset.objects.create(
        sha256="a" * 64, size=len(film_file), key=keep("originals/lamp.mp4", film_file), created_at=AT
    )
    inspection.version.save()
    make_film(entry.edition, source=entry.code, title="Lamp", code="LAMPLIT")
    return entry


def choose(entry, what, *, seen=VERSION, by=None, at=None):
    showing_actions.choose(
        entry=entry, what=what, seen=seen, by=by or actor_of(entry.entrant), at=at or timezone.now()
    )


def publish(entry):
    catalogue.publish(films=entry.edition.films.all(), at=AT)


def shown(client=None):
    """The addresses that the public page shows a player."""
    answer = (client or Client()).get("/spring/films/LAMPLIT/")
    return re.findall(r'<(?:video|track)[^>]* src="([^"]+)"', answer.content.decode())


def test_nothing_moves_unless_its_entrant_says_so(entry, django_capture_on_commit_callbacks) -> None:
    publish(entry)
    with django_capture_on_commit_callbacks(execute=True):
        showing_actions.settle(at=AT)
    assert (shown(), PublishedCopy.objects.count()) == ([], 0)


def test_nothing_is_made_or_shown_before_the_announcement(entry, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        choose(entry, "film")
        showing_actions.settle(at=AT)
    assert PublishedCopy.objects.count() == 0
    for who in (None, entry.entrant):
        client = Client()
        if who:
            client.force_login(who)
        assert client.get("/spring/films/LAMPLIT/").status_code == 404
    film = entry.edition.films.get()
    announce(edition=entry.edition, laureates=[Winner(make_slot(entry.edition, "grand"), 1, film)], at=AT)
    with django_capture_on_commit_callbacks(execute=True):
        showing_actions.settle(at=AT)
    assert len(shown()) == 1


def test_the_film_plays_in_parts_with_captions_and_its_label(
    entry, django_capture_on_commit_callbacks, tmp_path
) -> None:
    publish(entry)
    make_subtitles(entry, "en")
    with django_capture_on_commit_callbacks(execute=True):
        choose(entry, "film")
    video, captions = shown()
    assert captions.endswith("/subtitles.vtt")
    part = Client().get(video, headers={"Range": "bytes=0-99"})
    assert (part.status_code, len(b"".join(part.streaming_content))) == (206, 100)
    assert part.headers["Content-Security-Policy"].startswith("default-src 'none'")
    copy = PublishedCopy.objects.get()
    with storages["default"].open(copy.key) as file:
        (tmp_path / "shown.mp4").write_bytes(file.read())
    [label] = [
        one.value for one in look_inside(tmp_path / "shown.mp4", "mp4").labels if one.key == "AIGC"
    ]  # fmt: skip
    assert json.loads(label) == json.loads(LABEL) | {"ContentPropagator": "首映", "PropagateID": "LAMP222"}
    page = Client().get("/spring/films/LAMPLIT/").content.decode()
    assert page.count("AI-generated") >= 2
    assert "data-label>AI-generated</p>" in page


def test_a_link_is_good_for_its_reader_and_for_a_time(
    entry, django_capture_on_commit_callbacks, settings
) -> None:
    publish(entry)
    with django_capture_on_commit_callbacks(execute=True):
        choose(entry, "film")
    client = Client()
    client.force_login(make_user())
    [video] = shown()
    assert client.get(video).status_code == 403
    settings.LINK_SECONDS = -1
    assert Client().get(video).status_code == 410


def test_taken_back_it_is_gone_at_once_and_kept_on_record(entry, django_capture_on_commit_callbacks) -> None:
    publish(entry)
    with django_capture_on_commit_callbacks(execute=True):
        choose(entry, "film", at=AT)
    [video] = shown()
    key = PublishedCopy.objects.get().key
    with django_capture_on_commit_callbacks(execute=True):
        choose(entry, "", seen=0, at=AT + timedelta(days=1))
    assert (shown(), Client().get(video).status_code) == ([], 404)
    assert not storages["default"].exists(key)
    [row] = OnlineShowing.objects.all()
    assert (row.what, row.at, row.until) == ("film", AT, AT + timedelta(days=1))
    said = Event.objects.filter(entry=entry, kind="showing_chosen").order_by("pk")
    assert [event.values["what"] for event in said] == ["film", ""]


def test_a_trailer_is_encoded_for_browsers_and_the_film_stays_hidden(
    entry, django_capture_on_commit_callbacks, tmp_path
) -> None:
    publish(entry)
    trailer = make_attachment(entry, "trailer", facts={"film": {"seconds": 2}})
    make_film_file(
        tmp_path / "t.mov", seconds=2, width=320, height=180, codec="prores_ks", pix_fmt="yuv422p10le",
        audio_codec="pcm_s16le",
    )  # fmt: skip
    keep(trailer.asset.key, (tmp_path / "t.mov").read_bytes())
    with django_capture_on_commit_callbacks(execute=True):
        choose(entry, "trailer")
    copy = PublishedCopy.objects.get()
    assert (copy.purpose, copy.state, copy.facts["container"]) == ("trailer", "ready", "mp4")
    assert [address.rsplit("/", 1)[-1] for address in shown()] == ["trailer.mp4"]
    assert json.loads(copy.facts["label"]["written"])["Label"] == "2"


def test_only_its_entrant_chooses_and_only_what_stood_on_the_page(entry) -> None:
    for wrong in ({"by": actor_of(make_user())}, {"seen": VERSION - 1}, {"seen": 0}):
        with pytest.raises(Refused):
            choose(entry, "film", **wrong)
    with pytest.raises(Refused):
        choose(entry, "everything")
    assert OnlineShowing.objects.count() == 0
    assert all(set(texts) == {"trailer", "film"} for texts in TEXTS.values())


def test_another_account_or_a_withdrawn_entry_shows_nothing(
    entry, django_capture_on_commit_callbacks
) -> None:
    publish(entry)
    with django_capture_on_commit_callbacks(execute=True):
        choose(entry, "film")
        transfer_actions._hand_over(entry, make_user(), actor_of(entry.entrant), timezone.now())
    assert (shown(), PublishedCopy.objects.count()) == ([], 0)
    entry.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        choose(entry, "film")
    assert len(shown()) == 1
    type(entry).objects.filter(pk=entry.pk).update(state="withdrawn")
    assert shown() == []
    with django_capture_on_commit_callbacks(execute=True):
        showing_actions.settle(at=timezone.now())
    assert PublishedCopy.objects.count() == 0


def test_the_entrants_page_says_where_it_stands(entry, django_capture_on_commit_callbacks) -> None:
    client = Client()
    client.force_login(entry.entrant)
    url = reverse("submissions:showing", args=["LAMP222"])
    assert "I can take it back at any time" in client.get(url).content.decode()
    assert client.post(url, {"what": "film", "seen": VERSION}).status_code == 302
    assert "Nothing is public yet" in client.get(url).content.decode()
    publish(entry)
    with django_capture_on_commit_callbacks(execute=True):
        showing_actions.settle(at=timezone.now())
    assert "It can be watched on the public page" in client.get(url).content.decode()
    assert client.post(url, {"what": "trailer", "seen": VERSION}).status_code == 302
    assert "There is no trailer yet" in client.get(url).content.decode()
    entry_page = client.get(reverse("submissions:entry", args=["LAMP222"])).content.decode()
    assert "Everybody may watch the trailer" in entry_page


def test_the_page_says_in_words_how_it_was_made(entry) -> None:
    from submissions.catalogue import write_films

    write_films(entries=[entry])
    publish(entry)
    english = Client().get("/spring/films/LAMPLIT/").content.decode()
    assert "Made with Kling 2.1 (video, 70% of the film). Without AI: music." in english
    assert "AI-generated, as declared by its makers" in english
    assert "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource" in english
    chinese = Client()
    chinese.cookies["django_language"] = "zh-hans"
    assert "AI生成合成内容（作者声明）" in chinese.get("/spring/films/LAMPLIT/").content.decode()


def test_stills_come_with_what_is_to_be_seen_and_cost_no_more_queries(entry) -> None:
    publish(entry)
    make_attachment(entry, caption={"en": "A lamp in the snow"})
    with CaptureQueriesContext(connection) as few:
        page = Client().get("/spring/films/LAMPLIT/").content.decode()
    assert 'alt="A lamp in the snow"' in page
    for number in range(3):
        make_attachment(entry, position=50 + number)
        make_slot(entry.edition, f"slot-{number}").laureates.create(
            film=entry.edition.films.get(), place=1, announced_at=AT
        )
    with CaptureQueriesContext(connection) as many:
        page = Client().get("/spring/films/LAMPLIT/").content.decode()
    assert page.count('sizes="(min-width: 62rem)') == 4
    assert len(few) == len(many)


def test_an_award_that_was_taken_back_is_not_on_the_page(entry) -> None:
    publish(entry)
    slot = make_slot(entry.edition, "taken")
    slot.laureates.create(film=entry.edition.films.get(), place=1, announced_at=AT, withdrawn_at=AT)
    assert "Taken" not in Client().get("/spring/films/LAMPLIT/").content.decode()
