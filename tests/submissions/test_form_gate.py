"""Files in forms are written to the disk only where one is awaited, from whom, and while there is room."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from festival.kit import arriving
from submissions.models import Entry

FORM = "/uploads/form/"


def a_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("film.mp4", b"x" * 100_000)


def received(response: object) -> list[str]:
    return list(response.wsgi_request.FILES)  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/", "/accounts/login/", "/nowhere/", FORM])
def test_nobody_without_an_account_writes_anything(url: str) -> None:
    for client in (Client(), Client(enforce_csrf_checks=True)):
        assert received(client.post(url, {"film": a_file()})) == []


def test_only_the_upload_page_takes_files(draft: Entry, client: Client) -> None:
    client.force_login(draft.entrant)
    url = reverse("submissions:edit", args=[draft.code])
    answer = client.post(url, {"title": "Before the file", "film": a_file()})
    assert (received(answer), answer.wsgi_request.POST["title"]) == ([], "Before the file")
    answer = client.post(FORM, {"entry": draft.code, "film": a_file()})
    assert (received(answer), answer.status_code) == (["film"], 302)
    assert draft.versions.get().size == 100_000


def test_the_subtitle_form_takes_small_files_alone(draft: Entry, client: Client) -> None:
    client.force_login(draft.entrant)
    url = reverse("submissions:subtitles_add", args=[draft.code])
    small = SimpleUploadedFile("film.srt", b"x" * 100_000)
    answer = client.post(url, {"language": "en", "file": small})
    assert (received(answer), answer.status_code) == (["file"], 302)
    for size in (2_000_000, 40_000_000):  # drained; broken off
        large = SimpleUploadedFile("film.srt", b"x" * size)
        answer = client.post(url, {"language": "en", "file": large})
        assert (received(answer), answer.status_code) == ([], 413)
        assert arriving.was_too_large(answer.wsgi_request)
    assert received(Client().post(url, {"language": "en", "file": a_file()})) == []


def test_a_full_disk_is_said_before_anything_is_written(draft: Entry, client: Client) -> None:
    client.force_login(draft.entrant)
    with override_settings(UPLOAD_RESERVE_BYTES=10**18):
        answer = client.post(FORM, {"entry": draft.code, "film": a_file()})
    assert (received(answer), answer.status_code) == ([], 507)
    assert "no room for this film" in answer.content.decode()
    assert arriving.had_no_room(answer.wsgi_request)
    assert not draft.versions.exists()
