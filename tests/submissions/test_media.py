"""Links to stored files: for one account, for a while, with byte ranges, and nothing else."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.signing import Signer
from django.test import Client

from festival.people.actor import STRANGER, actor_of
from festival.people.models import User
from submissions import links
from submissions.links import disposition, media_url
from tests import factories

BYTES = bytes(range(256)) * 40


@pytest.fixture
def user(db: None, media: Path) -> User:
    for key in (
        "copies/film.mp4",
        "inspections/1/1/sheet.jpg",
        "originals/ab/cd/film.mov",
        "inspections/1/1/x.html",
    ):
        storages["default"].save(key, ContentFile(BYTES))
    return factories.make_user()


@pytest.fixture
def client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def body(response: object) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("asked", "status", "content_range", "start", "end"),
    [
        (None, 200, None, 0, 10240),
        ("bytes=0-", 206, "bytes 0-10239/10240", 0, 10240),
        ("bytes=100-199", 206, "bytes 100-199/10240", 100, 200),
        ("bytes=10000-99999", 206, "bytes 10000-10239/10240", 10000, 10240),
        ("bytes=-24", 206, "bytes 10216-10239/10240", 10216, 10240),
        ("bytes=10240-", 416, "bytes */10240", 0, 0),
        ("bytes=5-4", 416, "bytes */10240", 0, 0),
    ],
)
def test_ranges(
    user: User,
    client: Client,
    asked: str | None,
    status: int,
    content_range: str | None,
    start: int,
    end: int,
) -> None:
    headers = {"Range": asked} if asked else {}
    response = client.get(media_url(actor_of(user), "copies/film.mp4"), headers=headers)
    assert response.status_code == status
    assert response.headers.get("Content-Range") == content_range
    assert body(response) == BYTES[start:end]
    if status != 416:
        assert response.headers["Content-Type"] == "video/mp4"
        assert response.headers["Accept-Ranges"] == "bytes"


def test_copies_and_stills_are_shown_all_else_is_downloaded(user: User, client: Client) -> None:
    actor = actor_of(user)
    still = client.get(media_url(actor, "inspections/1/1/sheet.jpg"))
    assert still.headers["Content-Type"] == "image/jpeg"
    assert still.headers["Content-Disposition"].startswith("inline;")
    for key, name in (("originals/ab/cd/film.mov", "雪 “one”.mov"), ("inspections/1/1/x.html", "x.html")):
        response = client.get(media_url(actor, key, name=name))
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["Content-Disposition"] == disposition(name)
        assert body(response) == BYTES
    copy = client.get(media_url(actor, "copies/film.mp4", download=True))
    assert copy.headers["Content-Disposition"].startswith("attachment;")
    for response in (still, copy):
        assert body(response) == BYTES
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "private" in response.headers["Cache-Control"]


def test_only_for_the_account_it_was_made_for(user: User, client: Client) -> None:
    url = media_url(actor_of(user), "copies/film.mp4")
    assert body(client.get(url)) == BYTES
    other = Client()
    assert other.get(url).status_code == 403
    other.force_login(factories.make_user())
    assert other.get(url).status_code == 403
    public = media_url(STRANGER, "copies/film.mp4")
    assert body(Client().get(public)) == BYTES
    assert client.get(public).status_code == 403


def test_ends_after_a_while(user: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import django.core.signing

    url = media_url(actor_of(user), "copies/film.mp4")
    now = django.core.signing.time.time()
    monkeypatch.setattr(django.core.signing.time, "time", lambda: now + settings.LINK_SECONDS + 1)
    response = client.get(url)
    assert response.status_code == 410
    assert "Reload" in response.content.decode()


def test_the_same_page_has_the_same_links(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    step = settings.LINK_SECONDS // 6
    urls = set()
    for now in (step * 1000, step * 1000 + step - 1):
        monkeypatch.setattr(links.time, "time", lambda now=now: now)
        urls.add(media_url(actor_of(user), "copies/film.mp4"))
    assert len(urls) == 1


def test_forged_links_lead_nowhere(user: User, client: Client, tmp_path: Path) -> None:
    url = media_url(actor_of(user), "copies/film.mp4")
    token = url.split("/")[2]
    (tmp_path / "secret").write_text("secret")
    tokens = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token.partition(":")[2],
        "x",
        Signer(salt="another").sign_object(["copies/film.mp4", user.pk, 0]),
    ]
    for forged in tokens:
        assert client.get(f"/media/{forged}/film.mp4").status_code == 404
    for outside in ("../secret", "/etc/passwd", "copies/../../secret", "copies", "nothing.mp4"):
        response = client.get(media_url(actor_of(user), outside))
        assert response.status_code in (400, 404), outside
    assert client.post(url).status_code == 405


def test_disposition_is_written_as_rfc_6266_asks() -> None:
    assert disposition("film.mp4") == "attachment; filename=\"film.mp4\"; filename*=UTF-8''film.mp4"
    assert (
        disposition('a"b\r\n雪/x.mov')
        == "attachment; filename=\"a_b____x.mov\"; filename*=UTF-8''a%22b%0D%0A%E9%9B%AA_x.mov"
    )


def test_no_key_no_link(user: User) -> None:
    assert media_url(actor_of(user), "") == ""
