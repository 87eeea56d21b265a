"""The film beside its report: times lead into it, and its player offers the subtitles."""

import html
import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse
from django.utils import translation

from festival.people.actor import actor_of
from festival.people.roles import Role
from judging.models import Look
from submissions import inspect_job
from submissions.film_moments import MOST_STRETCHES, Copy, Mark, Moment, Piece
from submissions.links import media_url
from submissions.models import Entry, Inspection
from submissions.player import tracks_of
from tests import factories
from tests.inspection.subtitled import with_track
from tests.submissions.reports import inspected
from tests.submissions.uploading import Uploader

COPY = Copy("/media/x/film.mp4")


def test_times_in_a_sentence_lead_a_second_before_them() -> None:
    times = [(12.0, 16.5), (0.4, 0.4), (30.0, 31.0)]
    text = "Black at 0:12.0–0:16.5, 0:00.4 and 1 more; at most 2 seconds."
    assert COPY.pieces(text, times) == [
        Piece("Black at "),
        Piece("0:12.0–0:16.5", Moment("/media/x/film.mp4#t=11", "11")),
        Piece(", "),
        Piece("0:00.4", Moment("/media/x/film.mp4#t=0", "0")),
        Piece(" and 1 more; at most 2 seconds."),
    ]
    assert "".join(piece.text for piece in COPY.pieces(text, times)) == text
    assert COPY.pieces("No time at all.", times) == [Piece("No time at all.")]


def test_every_stretch_can_be_reached_and_very_many_are_cut_off() -> None:
    assert COPY.stretches([(1.0, 2.0)] * 3) == []
    many = COPY.stretches([(n + 0.0, n + 0.5) for n in range(1000)])
    assert len(many) == MOST_STRETCHES
    assert many[3] == Piece("0:03.0–0:03.5", Moment("/media/x/film.mp4#t=2", "2"))
    assert COPY.marks([(25.0, 50.0)], 100.0) == (Mark(250, 250, Moment("/media/x/film.mp4#t=24", "24")),)


def test_without_a_copy_nothing_leads_anywhere() -> None:
    none = Copy("")
    assert none.before(3.0) is None
    assert none.pieces("At 0:12.0–0:16.5.", [(12.0, 16.5)])[1] == Piece("0:12.0–0:16.5")
    assert none.stretches([(1.0, 2.0)] * 9) == []
    assert none.marks([(25.0, 50.0)], 100.0) == (Mark(250, 250),)


def client_of(user: object, language: str = "en") -> Client:
    user.language = language  # type: ignore[attr-defined]
    user.save()  # type: ignore[attr-defined]
    client = Client()
    client.force_login(user)
    return client


def pages_of(entry: Entry, language: str = "en") -> list[str]:
    """The desk's page of an entry, and its entrant's."""
    technician = factories.make_member(entry.edition, Role.TECHNICIAN)
    desk = client_of(technician.user, language).get(f"/{entry.edition.slug}/desk/entries/{entry.code}/")
    own = client_of(entry.entrant, language).get(f"/entries/{entry.code}/")
    return [html.unescape(answer.content.decode()) for answer in (desk, own)]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_desk_and_the_entrant_see_the_film_and_are_led_into_it(language: str) -> None:
    edition = factories.make_edition(call_open=True, rulebook='[black]\nmax_seconds = 2\nseverity = "fix"\n')
    entry = factories.make_entry(edition, state="submitted")
    inspection = inspected(entry, black=9.0)
    inspection.report["findings"][0]["stills"] = ["black-1.jpg"]
    inspection.report["stills"] = [{"file": "black-1.jpg", "about": "black", "time": 16.5}]
    inspection.save()
    for page in pages_of(entry, language):
        found = re.search(
            r'<figure class="screen film-stage" data-film>.*?src="(/media/[^"]+/none\.mp4)"', page
        )
        assert found
        link = re.escape(found[1])
        assert re.search(rf'href="{link}#t=11" data-at="11">0:12\.0–0:21\.0</a>', page)
        assert re.search(rf'href="{link}#t=15\.5" data-at="15\.5"><img ', page)
        assert re.search(
            rf'<a href="{link}#t=10\.97" data-at="10\.97" tabindex="-1"><rect x="133" width="100"', page
        )
        assert "js/desk-film" in page


@pytest.mark.django_db
def test_an_entrant_without_a_copy_sees_no_film() -> None:
    entry = factories.make_draft(factories.make_edition(call_open=True))
    factories.make_inspection(entry, copy_key="")
    own = client_of(entry.entrant).get(f"/entries/{entry.code}/").content.decode()
    assert "data-film" not in own


@pytest.mark.django_db
def test_two_findings_of_one_rule_have_places_of_their_own() -> None:
    entry = factories.make_draft(factories.make_edition(call_open=True))
    inspection = factories.make_inspection(entry)
    issue = {"track": 1, "place": "inside", "language": "en", "issues": [["overlap", 1, None, None]]}
    found = {"rule": "subtitles_form", "severity": "note", "measured": issue, "times": [[1.0, 2.0]]}
    inspection.report["video"] = {
        "codec": "h264", "width": 640, "height": 360, "frame_rate": 24.0, "frames": 1440, "duration": 60.0,
    }  # fmt: skip
    inspection.report["findings"] = [found, {**found, "measured": {**issue, "track": 2}}]
    inspection.save()
    page = client_of(entry.entrant).get(f"/entries/{entry.code}/").content.decode()
    assert re.findall(r'<li id="(finding-[^"]+)"', page) == [
        "finding-subtitles_form",
        "finding-subtitles_form-2",
    ]
    assert re.findall(r'href="#(finding-[^"]+)"', page) == [
        "finding-subtitles_form",
        "finding-subtitles_form-2",
    ]


# The player's subtitles


@pytest.mark.django_db
def test_a_track_in_the_film_reaches_the_player(draft: Entry, tmp_path: Path) -> None:
    cues = [("00:00:00,500", "00:00:02,000", "Bonsoir, <b>tout le monde</b>")]
    film = with_track(tmp_path, "film.mkv", None, cues, language="fre")
    assert Uploader.of(draft, film, name="film.mkv").send().status_code == 200
    inspection = Inspection.objects.get()
    inspect_job.run(inspection.pk)
    inspection.refresh_from_db()
    assert inspection.report["subtitles"][0]["file"] == "subtitles-1.vtt"
    client = client_of(draft.entrant)
    page = html.unescape(client.get(f"/entries/{draft.code}/").content.decode())
    (track,) = re.findall(r"<track [^>]+>", page)
    found = re.fullmatch(
        r'<track kind="subtitles" src="(/media/[^"]+/subtitles\.vtt)" srclang="fr" label="French">', track
    )
    assert found
    answer = client.get(found[1])
    assert answer.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert b"".join(answer.streaming_content).decode() == (
        "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nBonsoir, tout le monde\n"
    )
    assert Client().get(found[1]).status_code == 403


@pytest.mark.django_db
def test_a_judge_reads_the_language_and_nothing_else() -> None:
    edition = factories.make_edition(blind=True)
    judge = factories.make_member(edition, Role.JUDGE)
    entry = factories.make_entry(edition, language="普通话", title="Snow")
    inspection = factories.make_inspection(entry, folder="inspections/1/1")
    inspection.report["subtitles"] = [
        {"form": "srt", "place": "inside", "language": "eng", "guessed": "latin", "file": "subtitles-1.vtt"},
        {"form": "pgs", "place": "inside", "language": "fre", "file": ""},
        {"form": "srt", "place": "inside", "language": "ger", "file": "../../secret.vtt"},
    ]
    inspection.save()
    factories.make_subtitles(entry, "zh-Hans", filename="Mara Lindqvist.srt")
    factories.make_subtitles(entry, "en", filename="Mara Lindqvist.srt")
    factories.make_subtitles(entry, "de", state="waiting")
    round = factories.make_round(edition, opened_at=entry.created_at)
    look = Look.objects.create(round=round, judge=judge.user, entry=entry, position=1)
    page = html.unescape(
        client_of(judge.user).get(reverse("judging:console", args=[look.pk])).content.decode()
    )
    tracks = re.findall(r'<track [^>]*srclang="([^"]*)" label="([^"]*)"( default)?>', page)
    assert tracks == [
        ("en", "English", " default"), ("zh-Hans", "Chinese, simplified", ""), ("en", "English 2", ""),
    ]  # fmt: skip
    assert "Lindqvist" not in page
    console = reverse("judging:console", args=[look.pk])
    page = html.unescape(client_of(judge.user, "zh-hans").get(console).content.decode())
    tracks = re.findall(r'<track [^>]*srclang="([^"]*)" label="([^"]*)"( default)?>', page)
    assert tracks == [("en", "英文", ""), ("zh-Hans", "中文（简体）", ""), ("en", "英文 2", "")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoken", "on"),
    [
        ("", None),
        ("Mandarin", "en"),
        ("English", None),
        ("French and English", None),
        ("None", "en"),
        ("en", None),
    ],
)
def test_subtitles_are_on_where_the_film_speaks_another_language(spoken: str, on: str | None) -> None:
    entry = factories.make_entry(factories.make_edition())
    files = [factories.make_subtitles(entry, language) for language in ("en", "zh-Hans")]
    with translation.override("en"):
        tracks = tracks_of(actor_of(entry.entrant), folder="", embedded=[], beside=files, spoken=spoken)
    assert [track.tag for track in tracks if track.on] == ([on] if on else [])


@pytest.mark.django_db
def test_everything_comes_by_our_own_address_even_where_films_lie_in_a_bucket(media: Path) -> None:
    actor = actor_of(factories.make_user())
    storages["default"].save("originals/ab/cd/side.vtt", ContentFile(b"WEBVTT\n"))
    backend = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": "films", "endpoint_url": "http://127.0.0.1:9", "region_name": "default",
                    "access_key": "key", "secret_key": "secret"},
    }  # fmt: skip
    with override_settings(STORAGES={"default": backend}):
        for url in (
            media_url(actor, "copies/film.mp4"),
            media_url(actor, "subtitles/x.vtt"),
            media_url(actor, "subtitles/x.vtt", download=True),
        ):
            assert url.startswith("/media/")
    # What somebody sent in is never shown as subtitles, only downloaded.
    client = client_of(actor.user)
    answer = client.get(media_url(actor, "originals/ab/cd/side.vtt"))
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert b"".join(answer.streaming_content) == b"WEBVTT\n"
