"""Files beside a film: sent in forms and in parts, kept once by hash, read in the real child, and who sees them."""

import hashlib
import html
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image

from festival.edition.models import Edition, Phase
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.models import User
from festival.people.roles import Role
from judging.models import Look
from submissions import attachment_actions, attachment_job, tasks
from submissions.attachment_kinds import KINDS, read_purpose
from submissions.catalogue import write_films
from submissions.completeness import gaps, missing_for_submission
from submissions.intake.actions import receive_form_file, sweep_parts
from submissions.models import Asset, Attachment, Entry, Event, Upload
from tests import factories
from tests.submissions.uploading import Uploader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

GPS = 0x8825
Capture = Callable[..., Any]


def picture(width: int = 960, height: int = 540, colour: tuple[int, int, int] = (9, 99, 200)) -> bytes:
    """A photograph that says where it was taken."""
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (31.0, 14.0, 0.0)}
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "JPEG", exif=exif)
    return file.getvalue()


def edition_that_asks(**files: Any) -> Edition:
    return factories.make_edition(call_open=True, form={"files": files})


def client_of(user: User, language: str = "en") -> Client:
    user.language = language
    user.save()
    client = Client()
    client.force_login(user)
    return client


def send(
    entry: Entry, kind: str, *files: tuple[str, bytes], user: User | None = None, **more: str
) -> HttpResponse:
    """What the form of the page sends; nobody has read it yet."""
    chosen = [SimpleUploadedFile(name, data) for name, data in files]
    return client_of(user or entry.entrant).post(
        f"/entries/{entry.code}/files/{kind}/add/", {"file": chosen, **more}
    )


def keep(entry: Entry, kind: str, data: bytes, name: str = "file.jpg") -> Attachment:
    """A file that has arrived and been read."""
    receive_form_file(
        entry=entry, filename=name, size=len(data), source=io.BytesIO(data), by=actor_of(entry.entrant),
        at=timezone.now(), purpose=kind,
    )  # fmt: skip
    read_all()
    return Attachment.objects.latest("pk")


def read_all() -> None:
    for pk in Attachment.objects.filter(state="waiting").values_list("pk", flat=True):
        attachment_job.run(pk)


def page(entry: Entry, path: str = "files/", language: str = "en") -> str:
    answer = client_of(entry.entrant, language).get(f"/entries/{entry.code}/{path}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_a_poster_from_the_form_to_the_page(django_capture_on_commit_callbacks: Capture) -> None:
    draft = factories.make_draft(edition_that_asks(required=["poster_wide"]))
    assert [gap.sentence for gap in gaps(draft) if gap.step == "files"] == [
        "Add what is asked for: Poster, wide."
    ]
    data = picture(1600, 900)
    with django_capture_on_commit_callbacks() as waiting:
        answer = send(draft, "poster_wide", ("海报\u202e.jpg", data))
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"/entries/{draft.code}/files/#poster_wide",
    )
    row = draft.attachments.get()
    assert (row.state, row.asset, row.filename, row.size) == ("waiting", None, "海报.jpg", len(data))
    assert "Being read" in page(draft) and 'hx-trigger="every 2s"' in page(draft)
    assert "A file is still being read. This takes moments." in missing_for_submission(draft)
    for task in waiting:
        task()
    row.refresh_from_db()
    sha256 = hashlib.sha256(data).hexdigest()
    assert (row.state, row.asset.sha256, row.folder) == ("ready", sha256, f"pictures/{sha256}-1")
    assert Path(storages["default"].path(row.asset.key)).read_bytes() == data
    assert [tuple(each) for each in row.facts["picture"]["variants"]] == [
        (320, 180), (640, 360), (1280, 720), (1600, 900),
    ]  # fmt: skip
    assert list(Path(storages["default"].location).glob("pictures/*/*.jpg")) != []
    for path in Path(storages["default"].location).glob("pictures/*/*"):
        with Image.open(path) as image:
            assert dict(image.getexif().get_ifd(GPS)) == {}
    shown = page(draft)
    assert "1600 × 900 · JPEG" in shown and "every 2s" not in shown
    assert "The file says where it was taken. What we publish does not." in shown
    assert "1600 × 900 · JPEG" in page(draft, language="zh-hans")
    alone = page(draft, f"files/{row.pk}/")
    assert sha256 in alone and "Download the original" in alone
    assert missing_for_submission(draft) == ["Upload the film."]
    kinds = list(Event.objects.order_by("pk").values_list("kind", "values"))
    assert kinds == [
        ("file_added", {"file": "poster_wide", "filename": "海报.jpg"}),
        ("file_kept", {"file": "poster_wide", "filename": "海报.jpg", "sha256": sha256, "size": len(data)}),
    ]
    assert not Path(row.upload.pk.hex).exists() and Upload.objects.get().state == "complete"


def test_originals_are_downloads_and_only_clean_variants_are_shown() -> None:
    draft = factories.make_draft(edition_that_asks())
    evil = b"<script>alert(1)</script>"
    row = keep(draft, "poster_wide", picture() + evil, "poster.html")
    shown = page(draft)
    client = client_of(draft.entrant)
    sources = set(re.findall(r'src="(/media/[^"]+)"', shown))
    sources |= {
        each.split(" ")[0] for group in re.findall(r'srcset="([^"]+)"', shown) for each in group.split(", ")
    }
    assert len(sources) == 3
    for url in sources:
        answer = client.get(url)
        body = b"".join(answer.streaming_content)
        assert answer.headers["Content-Type"] == "image/webp" and evil not in body
        assert Image.open(io.BytesIO(body)).size[0] in (320, 640, 960)
    [original] = re.findall(r'href="(/media/[^"]+)"', page(draft, f"files/{row.pk}/"))
    answer = client.get(original)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"poster.html.jpg\"; filename*=UTF-8''poster.html.jpg"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == picture() + evil


@pytest.mark.parametrize(
    ("kind", "name", "data", "problem", "sentence"),
    [
        ("poster_wide", "a.svg", b"<svg xmlns='x'/>", "svg", "This is an SVG drawing."),
        ("poster_wide", "a.jpg", b"<!doctype html>", "html", "This is a web page"),
        ("poster_wide", "a.jpg", b"PK\x03\x04" + bytes(99), "not_a_picture", "an archive (ZIP)"),
        ("still", "a.jpg", picture()[:5000], "truncated", "The picture ends in the middle"),
        (
            "trailer",
            "a.mov",
            b"PK\x03\x04" + bytes(99),
            "not_a_film",
            "This is no film but an archive (ZIP).",
        ),
        ("trailer", "a.mp4", b"\0\0\0\x18ftypisom" + bytes(500), "film", "The file contains no video"),
        ("document", "a.pdf", b"\x7fELF" + bytes(99), "not_a_document", "a program"),
    ],
)
def test_what_cannot_be_used_says_what_to_do_and_stands_in_the_way(
    kind: str, name: str, data: bytes, problem: str, sentence: str
) -> None:
    draft = factories.make_draft(edition_that_asks())
    row = keep(draft, kind, data, name)
    assert (row.state, row.problem) == ("refused", problem)
    for language in ("en", "zh-hans"):
        assert "Being read" not in page(draft, language=language)
    assert sentence in page(draft) or problem == "film"
    assert f"“{name}” cannot be used: remove it, or send another." in missing_for_submission(draft)
    client_of(draft.entrant).post(f"/entries/{draft.code}/files/{row.pk}/remove/")
    assert missing_for_submission(draft) == ["Upload the film."]
    assert Event.objects.get(kind="file_removed").values["filename"] == name


def test_the_new_one_takes_the_place_of_the_old_when_it_has_turned_out_usable() -> None:
    draft = factories.make_draft(edition_that_asks())
    first = keep(draft, "poster_tall", picture(600, 900))
    broken = keep(draft, "poster_tall", b"no picture", "broken.jpg")
    assert list(draft.attachments.values_list("pk", "state")) == [(first.pk, "ready"), (broken.pk, "refused")]
    second = keep(draft, "poster_tall", picture(800, 1200), "second.jpg")
    assert list(draft.attachments.values_list("pk", "state")) == [(second.pk, "ready")]
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_attachment(draft, "poster_tall")


def test_the_same_file_of_two_entries_is_kept_once() -> None:
    edition = edition_that_asks()
    data = picture()
    rows = [keep(factories.make_draft(edition), kind, data) for kind in ("still", "portrait")]
    assert Asset.objects.count() == 1 and rows[0].asset == rows[1].asset
    assert rows[0].folder == rows[1].folder
    assert len(list(Path(storages["default"].location).glob("pictures/*/*"))) == 6


def test_a_trailer_comes_in_parts_and_shows_its_length(film: Path) -> None:
    draft = factories.make_draft(edition_that_asks(required=["trailer"]))
    sender = Uploader.of(draft, film, name="trailer.mov")
    session = sender.create(purpose="trailer").json()
    sender.put_all(session)
    first, again = (sender.complete(session) for _twice in range(2))
    assert first.json() == again.json() == {"page": f"/entries/{draft.code}/files/"}
    read_all()
    row = draft.attachments.get()
    assert (row.kind, row.state, row.facts["film"]["codec"]) == ("trailer", "ready", "h264")
    assert row.facts["film"]["seconds"] == pytest.approx(3, abs=0.1)
    assert "0:03 · 640 × 360" in page(draft)
    assert draft.versions.count() == 0
    assert missing_for_submission(draft) == ["Upload the film."]


def test_a_trailer_and_the_film_may_be_the_same_file_at_the_same_time(film: Path) -> None:
    draft = factories.make_draft(edition_that_asks())
    sender = Uploader.of(draft, film)
    ids = {sender.create().json()["id"], sender.create(purpose="trailer").json()["id"]}
    assert len(ids) == 2
    assert sender.create(purpose="trailer").json()["id"] in ids
    shown = page(draft)
    assert shown.count("Unfinished: film.mp4, 0% is here") == 1
    assert page(draft, "").count("Unfinished: film.mp4, 0% is here") == 1


@pytest.mark.parametrize(
    ("purpose", "size", "status", "error"),
    [
        ("poster_wide", 50_000_001, 413, "too_large"),
        ("trailer", 2_000_000_001, 413, "too_large"),
        ("evidence/video", 4_000_000_001, 413, "too_large"),
        ("evidence/nothing", 10, 400, "bad_purpose"),
        ("film", 10, 400, "bad_purpose"),
        ("rights", 10, 400, "bad_purpose"),
        ("rights/nothing", 10, 400, "bad_purpose"),
        ("../../etc", 10, 400, "bad_purpose"),
    ],
)
def test_what_is_refused_before_the_first_byte(purpose: str, size: int, status: int, error: str) -> None:
    draft = factories.make_draft(edition_that_asks())
    answer = Uploader.of(draft, b"x").create(purpose=purpose, size=size)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert not Upload.objects.exists()


def test_several_stills_their_number_and_their_order() -> None:
    draft = factories.make_draft(edition_that_asks(stills_least=2, stills_most=3))
    files = [(f"{number}.jpg", picture(colour=(number, 0, 0))) for number in range(3)]
    assert send(draft, "still", *files[:1]).status_code == 302
    read_all()
    assert "Add at least 2 stills; there are 1." in missing_for_submission(draft)
    assert send(draft, "still", *files[1:]).status_code == 302
    read_all()
    assert missing_for_submission(draft) == ["Upload the film."]
    full = send(draft, "still", ("3.jpg", picture()))
    assert full.status_code == 409
    assert "There are 3 files of this kind already." in html.unescape(full.content.decode())

    def names() -> list[str]:
        return list(draft.attachments.values_list("filename", flat=True))

    client = client_of(draft.entrant)
    first, _second, third = draft.attachments.all()
    for pk, way, after in (
        (third.pk, "up", ["0.jpg", "2.jpg", "1.jpg"]),
        (first.pk, "up", ["0.jpg", "2.jpg", "1.jpg"]),
        (first.pk, "down", ["2.jpg", "0.jpg", "1.jpg"]),
    ):
        client.post(f"/entries/{draft.code}/files/{pk}/move/{way}/")
        assert names() == after
    order = {"ids": [first.pk, "x", third.pk, 10**12]}
    answer = client.post(f"/entries/{draft.code}/files/still/order/", order, content_type="application/json")
    assert (answer.status_code, names()) == (200, ["0.jpg", "2.jpg", "1.jpg"])


def test_what_the_form_itself_refuses() -> None:
    draft = factories.make_draft(edition_that_asks())
    for files, status, sentence in (
        ([], 400, "Choose the file first."),
        ([("a.jpg", b"")], 400, "The file is empty (0 bytes)."),
        ([("a.jpg", b"x" * 51_000_000)], 413, "This is more than can be taken at once: at most 50 MB."),
    ):
        answer = send(draft, "poster_wide", *files)
        assert (answer.status_code, sentence in html.unescape(answer.content.decode())) == (status, True)
    assert send(draft, "nothing", ("a.jpg", b"x")).status_code == 404
    assert not Upload.objects.exists()


def test_evidence_has_a_stage_a_hash_and_a_time() -> None:
    draft = factories.make_draft(edition_that_asks())
    assert send(draft, "evidence", ("prompts.bat", b"a lamp in the snow"), stage="video").status_code == 302
    read_all()
    row = draft.attachments.get()
    assert (row.stage, row.facts) == ("video", {"document": {"form": "text", "files": 0}})
    sha256 = hashlib.sha256(b"a lamp in the snow").hexdigest()
    shown = page(draft)
    assert sha256 in shown and "Text · 18 B · Video" in shown
    [original] = re.findall(r'href="(/media/[^"]+)"', page(draft, f"files/{row.pk}/"))
    assert original.endswith("/prompts.bat.txt")  # nobody starts it by opening it
    answer = client_of(draft.entrant).post(
        f"/entries/{draft.code}/files/{row.pk}/",
        {"caption_en": " Shot 4 ", "caption_zh": "", "stage": "edit"},
    )
    row.refresh_from_db()
    assert (answer.status_code, row.caption, row.stage) == (302, {"en": "Shot 4"}, "edit")
    submitted(draft)
    technician = factories.make_member(draft.edition, Role.TECHNICIAN)
    desk = (
        client_of(technician.user).get(f"/{draft.edition.slug}/desk/entries/{draft.code}/").content.decode()
    )
    assert sha256 in desk and "Editing" in desk and "Shot 4" in desk


def submitted(entry: Entry) -> None:
    Entry.objects.filter(pk=entry.pk).update(state="eligible", submitted_at=timezone.now())
    entry.refresh_from_db()


def test_names_are_kept_fit_to_show() -> None:
    draft = factories.make_draft(edition_that_asks())
    for name, kept in (
        ("../../etc/passwd", "passwd"),
        ("C:\\stills\\🎬 雪.jpg", "🎬 雪.jpg"),
        ("\u202egpj.exe", "gpj.exe"),
        ("a" * 400 + ".jpeg", "a" * 250 + ".jpeg"),
    ):
        session = Uploader.of(draft, b"x", name=name).create(purpose="document", fingerprint=name).json()
        assert session["filename"] == kept


def test_only_its_entrant_and_only_a_draft() -> None:
    draft = factories.make_draft(edition_that_asks())
    row = keep(draft, "document", b"words", "words.txt")
    other = factories.make_draft(draft.edition)
    technician = factories.make_member(draft.edition, Role.TECHNICIAN).user
    for who in (other.entrant, technician):
        assert send(draft, "still", ("a.jpg", picture()), user=who).status_code == 404
        assert client_of(who).get(f"/entries/{draft.code}/files/{row.pk}/").status_code == 404
    # Another entry's file is out of reach from one's own page.
    mine = client_of(other.entrant)
    assert mine.get(f"/entries/{other.code}/files/{row.pk}/").status_code == 404
    mine.post(f"/entries/{other.code}/files/{row.pk}/remove/")
    assert Attachment.objects.filter(pk=row.pk).exists()
    submitted(draft)
    client = client_of(draft.entrant)
    assert client.get(f"/entries/{draft.code}/files/").headers["Location"] == f"/entries/{draft.code}/#files"
    assert client.get(f"/entries/{draft.code}/files/{row.pk}/").status_code == 200
    assert "words.txt" in page(draft, "")
    for path in (f"{row.pk}/remove/", f"{row.pk}/move/up/", f"{row.pk}/", "document/add/"):
        assert client.post(f"/entries/{draft.code}/files/{path}").status_code == 409
    assert Uploader.of(draft, b"x").create(purpose="still").status_code == 409
    assert draft.attachments.get().pk == row.pk
    late = factories.make_draft(draft.edition)
    kept = keep(late, "document", b"words", "words.txt")
    Phase.objects.filter(edition=draft.edition).update(ends_at=timezone.now() - timedelta(hours=2))
    assert client_of(late.entrant).post(f"/entries/{late.code}/files/{kept.pk}/remove/").status_code == 410
    assert Uploader.of(late, b"x").create(purpose="still").status_code == 410


def test_links_are_good_for_one_account_alone_and_judges_have_none() -> None:
    draft = factories.make_draft(edition_that_asks())
    keep(draft, "poster_wide", picture(), "name-of-the-director.jpg")
    document = keep(draft, "document", b"names and addresses", "names.txt")
    urls = re.findall(r'"(/media/[^" ]+)', page(draft, f"files/{document.pk}/") + page(draft))
    assert len(urls) >= 2
    judge = factories.make_member(draft.edition, Role.JUDGE)
    stranger = Client()
    for url in urls:
        assert stranger.get(url).status_code == 403
        assert client_of(judge.user).get(url).status_code == 403
    submitted(draft)
    factories.make_inspection(draft)
    round_ = factories.make_round(draft.edition, opened_at=timezone.now())
    look = Look.objects.create(round=round_, judge=judge.user, entry=draft, position=1)
    console = client_of(judge.user).get(f"/looks/{look.pk}/")
    assert console.status_code == 200
    assert b"pictures/" not in console.content and b"names" not in console.content
    assert client_of(judge.user).get(f"/{draft.edition.slug}/desk/entries/{draft.code}/").status_code in (
        403,
        404,
    )


def test_a_worker_that_dies_over_it_leaves_it_to_the_next_and_three_make_a_refusal() -> None:
    draft = factories.make_draft(edition_that_asks())
    send(draft, "still", ("a.jpg", picture()))
    row = draft.attachments.get()
    at = timezone.now()
    held = attachment_actions.claim(pk=row.pk, at=at)
    assert held is not None and attachment_actions.claim(pk=row.pk, at=at) is None
    assert attachment_actions.remind(at=at) == 0  # it lives, as far as anybody knows
    later = at + timedelta(seconds=60)
    assert attachment_actions.remind(at=later) == 1
    attachment_job.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("ready", 2)
    Attachment.objects.filter(pk=row.pk).update(state="waiting", attempts=3)
    attachment_job.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.problem) == ("refused", "crashed")
    assert "tried several times" in page(draft)


def test_a_task_that_was_lost_is_sent_again_by_the_reaper(
    django_capture_on_commit_callbacks: Capture, settings: Any
) -> None:
    draft = factories.make_draft(edition_that_asks())
    send(draft, "still", ("a.jpg", picture()))
    settings.REAP_SECONDS = 1
    Attachment.objects.update(hinted_at=timezone.now() - timedelta(seconds=10))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.reap()
    assert draft.attachments.get().state == "ready"


def test_what_was_recorded_or_removed_meanwhile_stays_so() -> None:
    draft = factories.make_draft(edition_that_asks())
    row = keep(draft, "still", picture())
    assert not attachment_actions.record_refusal(pk=row.pk, code="broken", at=timezone.now())
    assert not attachment_actions.record_ready(row=row, facts={}, folder="", at=timezone.now())
    attachment_actions.remove_attachment(
        entry=draft, pk=row.pk, by=actor_of(draft.entrant), at=timezone.now()
    )
    attachment_job.run(row.pk)
    assert not Attachment.objects.exists()


def test_parts_are_swept_once_the_file_is_kept_or_gone(media: Path) -> None:
    draft = factories.make_draft(edition_that_asks())
    for name in ("kept.txt", "gone.txt"):
        send(draft, "document", (name, name.encode()))
    kept, gone = draft.attachments.all()
    folders = {row.filename: media / "spool" / row.upload.pk.hex for row in (kept, gone)}
    attachment_actions.remove_attachment(
        entry=draft, pk=gone.pk, by=actor_of(draft.entrant), at=timezone.now()
    )
    later = timezone.now() + timedelta(hours=1)
    assert sweep_parts(at=later) == 1
    assert (folders["kept.txt"].exists(), folders["gone.txt"].exists()) == (True, False)
    read_all()
    assert not folders["kept.txt"].exists()


def test_the_catalogue_takes_the_clean_poster_else_the_first_still() -> None:
    entry = factories.make_draft(edition_that_asks())
    keep(entry, "still", picture(1600, 900, (200, 0, 0)))
    keep(entry, "still", picture(1600, 900, (0, 0, 200)))
    factories.make_inspection(entry)

    def colour() -> tuple[int, ...]:
        film = write_films(entries=[entry])[entry.pk]
        with storages["default"].open(film.still) as file:
            still = Image.open(file)
            assert (still.format, still.size, dict(still.getexif())) == ("JPEG", (1280, 720), {})
            return tuple(round(level / 50) for level in still.getpixel((5, 5)))

    assert colour() == (4, 0, 0)
    keep(entry, "poster_wide", picture(1600, 900, (0, 200, 0)))
    assert colour() == (0, 4, 0)


def test_every_kind_has_a_purpose_that_reads_back() -> None:
    for text in (
        *(key for key in KINDS if key not in ("rights", "answer", "delivery")),
        "evidence/music",
        "rights/music",
        "answer/12",
        "delivery/7",
    ):
        assert str(read_purpose(text)) == text
    assert [
        read_purpose(text)
        for text in (
            "",
            "still/x",
            "evidence/x",
            "rights",
            "answer/x",
            "answer",
            "delivery/x",
            "delivery",
            "x",
        )
    ] == [None] * 9


def test_who_is_not_the_entrant_is_told_so() -> None:
    draft = factories.make_draft(edition_that_asks())
    with pytest.raises(Refused) as refused:
        attachment_actions.assert_awaited(
            entry=draft, by=actor_of(factories.make_user()), purpose="still", at=timezone.now()
        )
    assert (refused.value.status, refused.value.code) == (403, "not_allowed")
