"""The hand-off pack: every byte as it came, checked by other programs, and never silently short."""

import csv
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime

import av
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from festival.awards.models import Laureate
from festival.people.roles import Role
from submissions import published_actions
from submissions.handoff import pack
from submissions.handoff.overview import Overview, overview
from submissions.inspection.container import look_inside
from submissions.inspection.provenance import read_provenance
from submissions.inspection.synthetic import make_film as make_film_file
from submissions.models import Asset, Entry, PublishedCopy
from tests.factories import (
    make_attachment,
    make_edition,
    make_entry,
    make_inspection,
    make_member,
    make_subtitles,
)
from tests.inspection import signing
from tests.shows import make_film, make_slot

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
FILM = bytes(range(256)) * 12_000  # three megabytes: more than a piece
DIGEST = hashlib.sha256(FILM).hexdigest()


@pytest.fixture
def edition():
    return make_edition("spring")


@pytest.fixture
def organiser(edition):
    return make_member(edition, Role.ORGANISER).user


def keep(key, data):
    store = storages["default"]
    store.delete(key)
    return store.save(key, ContentFile(data))


def laureate(edition, title="=火星/上的雪", code="MARS222"):
    """A public film with its original, posters, and subtitles in the store."""
    entry = make_entry(edition, title=title, code=code, synopsis={"zh": "很远。"})
    inspection = make_inspection(entry, seconds=61.5)
    inspection.report = inspection.report | {"provenance": {"aigc": {"grade": "absent"}}}
    inspection.save()
    asset = Asset.objects.filter(sha256=DIGEST).first() or Asset.objects.create(
        sha256=DIGEST, size=len(FILM), key=keep("originals/mars.mp4", FILM), created_at=AT
    )
    inspection.version.asset = asset
    inspection.version.save()
    poster = make_attachment(entry, "poster_wide")
    keep(f"{poster.folder}/1600.jpg", b"a poster")
    subtitles = make_subtitles(entry, "zh-Hans", filename="../字幕.SRT")
    words = "1\n00:00:01,000 --> 00:00:02,000\n雪\n".encode()
    Asset.objects.filter(pk=subtitles.asset_id).update(
        sha256=hashlib.sha256(words + code.encode()).hexdigest()
    )
    subtitles.asset.refresh_from_db()
    keep(subtitles.asset.key, words + code.encode())
    keep(subtitles.webvtt_key, b"WEBVTT\n")
    film = make_film(edition, source=code, title=title, published_at=AT)
    Laureate.objects.create(
        slot=make_slot(edition, f"grand-{code.lower()}"), film=film, place=1, announced_at=AT
    )
    return entry


def zipped(client, organiser, *args):
    client.force_login(organiser)
    name = "submissions:handoff_one" if args else "submissions:handoff_all"
    answer = client.get(reverse(name, args=["spring", *args]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_the_pack_holds_all_of_it_and_every_byte_is_right(client, edition, organiser, tmp_path) -> None:
    laureate(edition)
    raw = zipped(client, organiser)
    folder = "MARS222-火星-上的雪"
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == sorted(
            [
                "README.txt",
                "SHA256SUMS",
                "films.csv",
                f"{folder}/metadata.json",
                f"{folder}/original.mp4",
                f"{folder}/poster-landscape.jpg",
                f"{folder}/subtitles-zh-Hans.srt",
                f"{folder}/subtitles-zh-Hans.web.vtt",
            ]
        )
        assert archive.read(f"{folder}/original.mp4") == FILM
        metadata = json.loads(archive.read(f"{folder}/metadata.json"))
        assert metadata["original"] == {
            "file": "original.mp4", "sha256": DIGEST, "bytes": len(FILM), "sent_as": "film.mp4",
        }  # fmt: skip
        assert metadata["posters"] == {"landscape": "poster-landscape.jpg", "portrait": None}
        assert metadata["awards"] == [{"en": "Grand-Mars222", "zh": "grand-mars222"}]
        [row] = csv.DictReader(io.StringIO(archive.read("films.csv").decode("utf-8-sig")))
        assert (row["title"], row["seconds"], row["original_sha256"]) == ("'=火星/上的雪", "61.5", DIGEST)
        assert row["aigc_label"] == metadata["aigc_label"]["aigc"]["grade"] == "absent"
        sums = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines())
        assert {name: hashlib.sha256(archive.read(name)).hexdigest() for name in sums} == sums
        assert set(sums) == set(archive.namelist()) - {"SHA256SUMS"}
        archive.extractall(tmp_path)
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path, check=True)


def test_one_film_alone(client, edition, organiser) -> None:
    laureate(edition)
    laureate(edition, "Second", "SECOND2")
    with zipfile.ZipFile(io.BytesIO(zipped(client, organiser, "SECOND2"))) as archive:
        assert {name.split("/")[0] for name in archive.namelist() if "/" in name} == {"SECOND2-Second"}


def test_an_original_that_has_changed_or_is_gone_breaks_the_pack_off(client, edition, organiser) -> None:
    laureate(edition)
    keep("originals/mars.mp4", FILM[:-1] + b"!")
    with pytest.raises(pack.Broken):
        zipped(client, organiser)
    storages["default"].delete("originals/mars.mp4")
    with pytest.raises(OSError):
        zipped(client, organiser)


def test_nothing_that_is_not_public_is_in_it(client, edition, organiser) -> None:
    entry = laureate(edition)
    make_film(edition, source=make_entry(edition).code)
    client.force_login(organiser)
    page = client.get(reverse("submissions:handoff", args=["spring"])).content.decode()
    assert entry.code in page and "no portrait" in page and "All 1" not in page
    edition.films.update(published_at=None)
    assert client.get(reverse("submissions:handoff_all", args=["spring"])).status_code == 409
    client.force_login(make_member(edition, Role.TECHNICIAN).user)
    assert client.get(reverse("submissions:handoff_all", args=["spring"])).status_code == 403


def test_memory_stays_flat_and_queries_do_not_grow(edition) -> None:
    first = laureate(edition)
    with CaptureQueriesContext(connection) as few:
        pack.items([first], {})
    more = [first, *(laureate(edition, f"Film {n}", f"MORE{n}22") for n in range(3))]
    for entry in more:
        entry.track  # noqa: B018  (fetched with the entry on the page)
    with CaptureQueriesContext(connection) as many:
        items = pack.items(more, {})
    assert len(few) == len(many) == 5
    largest = max(len(piece) for piece in pack.stream(items))
    assert largest < pack.PIECE + (64 << 10)


def test_the_figures_of_all_films_are_those_of_the_packs(edition) -> None:
    films = [laureate(edition, f"Film {n}", f"MORE{n}22") for n in range(5)]
    about = {"edition": edition, "at": AT, "purpose": PublishedCopy.Purpose.HANDOFF}
    wanted = {film.pk: film.versions.get().asset_id for film in films}
    published_actions.ask(wanted=wanted, **about)
    copies = PublishedCopy.objects.order_by("entry__code")
    ready = {"state": "ready", "key": "copies/x.mp4", "sha256": "a" * 64, "size": 7}
    kept = {
        "container": "mp4",
        "label": {"found": "", "written": "", "grade": ""},
        "c2pa": {"original": "absent", "copy": "absent"},
    }
    copies.filter(entry=films[0]).update(**ready, facts=kept | {"left_out": []})
    copies.filter(entry=films[1]).update(state="refused", problem="broken")
    copies.filter(entry=films[2]).update(**ready, propagator="Somebody else")  # another's: none
    copies.filter(entry=films[3]).delete()
    entries = Entry.objects.filter(edition=edition).select_related("track", "edition").order_by("code")
    found = overview(entries, published_actions.propagator_of(edition))
    assert found == Overview(wanted, 5 * len(FILM) + 7, 3, True)
    states = [item.copy.state if item.copy else "" for item in pack.items(entries, {})]
    assert states == ["ready", "refused", "", "", "waiting"]


LABEL = (
    '{ "Label":"1", "ContentProducer":"001191440300708461136T1XGW3", "ProduceID":"a\\u4e2d/81f",'
    ' "ReservedCode1":"签", "ContentPropagator":"", "PropagateID":"", "ReservedCode2":"" }'
)


def with_real_film(entry, tmp_path, *, label="", sign=False):
    """Put a film in the store that is one, in the stead of the bytes."""
    path = tmp_path / "film.mp4"
    make_film_file(path, seconds=2, width=320, height=180, metadata={"AIGC": label} if label else None)
    if sign:
        signing.sign(path, tmp_path / "signed.mp4")
        path = tmp_path / "signed.mp4"
    data = path.read_bytes()
    asset = Asset.objects.create(
        sha256=hashlib.sha256(data).hexdigest(), size=len(data), key=keep(f"originals/{entry.code}.mp4", data),
        created_at=AT,
    )  # fmt: skip
    entry.versions.update(asset=asset)
    return asset


def prepared(client, organiser, run_all):
    client.force_login(organiser)
    with run_all(execute=True):
        assert client.post(reverse("submissions:handoff_prepare", args=["spring"])).status_code == 302


def unpacked(raw, code):
    """The published copy on disk, and what the pack says of it."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        [folder] = [name.split("/")[0] for name in archive.namelist() if name.endswith("metadata.json")]
        metadata = json.loads(archive.read(f"{folder}/metadata.json"))
        about = metadata["published"]
        data = archive.read(f"{folder}/{about['file']}")
        assert hashlib.sha256(data).hexdigest() == about["sha256"]
        assert archive.read(f"{folder}/original.mp4")
        return data, metadata


def packets_of(path, kind):
    with av.open(str(path)) as film:
        return [bytes(packet) for packet in film.demux(getattr(film.streams, kind)[0]) if packet.size]


def test_the_published_copy_has_the_propagators_part_and_the_producers_as_it_was(
    client, edition, organiser, tmp_path, django_capture_on_commit_callbacks
) -> None:
    entry = laureate(edition)
    original = with_real_film(entry, tmp_path, label=LABEL)
    prepared(client, organiser, django_capture_on_commit_callbacks)
    data, metadata = unpacked(zipped(client, organiser), entry.code)
    (tmp_path / "copy.mp4").write_bytes(data)
    with av.open(str(tmp_path / "copy.mp4")) as film:
        written = film.metadata["AIGC"]
    filled = '"ContentPropagator":"首映", "PropagateID":"MARS222"'
    assert written == LABEL.replace('"ContentPropagator":"", "PropagateID":""', filled)
    about = metadata["published"]
    assert (about["aigc_label"], about["producer_part"]) == (written, "identical")
    assert about["label_to_show"]["zh"] == "AI生成合成内容"
    for kind in ("video", "audio"):
        assert packets_of(tmp_path / "copy.mp4", kind) == packets_of(tmp_path / "film.mp4", kind)
    with storages["default"].open(original.key) as file:
        assert hashlib.sha256(file.read()).hexdigest() == original.sha256


def test_a_film_without_a_label_gets_one_as_its_makers_declare(
    client, edition, organiser, tmp_path, django_capture_on_commit_callbacks, settings
) -> None:
    settings.LABEL_PROPAGATOR = "001191110000802100433B10001"
    entry = laureate(edition)
    entry.ai_statement = "Everything was generated."
    entry.save()
    with_real_film(entry, tmp_path, sign=True)
    prepared(client, organiser, django_capture_on_commit_callbacks)
    data, metadata = unpacked(zipped(client, organiser), entry.code)
    about = metadata["published"]
    assert json.loads(about["aigc_label"]) == {
        "Label": "2", "ContentProducer": "", "ProduceID": "", "ReservedCode1": "",
        "ContentPropagator": "001191110000802100433B10001", "PropagateID": "MARS222", "ReservedCode2": "",
    }  # fmt: skip
    assert about["producer_part"] == "none in the original"
    assert about["content_credentials"] == {
        "original": "valid", "published": "absent", "carrier": "original.mp4",
    }  # fmt: skip
    path = tmp_path / "copy.mp4"
    path.write_bytes(data)
    read = read_provenance(path, "mp4", look_inside(path, "mp4"))
    assert (read.aigc.grade, read.c2pa.state) == ("conformant", "absent")


def test_a_film_of_which_nobody_says_ai_gets_no_label(
    client, edition, organiser, tmp_path, django_capture_on_commit_callbacks
) -> None:
    entry = laureate(edition)
    with_real_film(entry, tmp_path)
    prepared(client, organiser, django_capture_on_commit_callbacks)
    _data, metadata = unpacked(zipped(client, organiser), entry.code)
    assert (metadata["published"]["aigc_label"], metadata["published"]["producer_part"]) == ("", "no label")


def test_the_pack_says_what_is_not_ready_and_a_copy_is_made_once(
    client, edition, organiser, tmp_path, django_capture_on_commit_callbacks, settings
) -> None:
    entry = laureate(edition)  # its original is no film
    prepared(client, organiser, django_capture_on_commit_callbacks)
    with zipfile.ZipFile(io.BytesIO(zipped(client, organiser))) as archive:
        about = json.loads(archive.read("MARS222-火星-上的雪/metadata.json"))["published"]
    assert about == {"state": "refused", "problem": "not_a_film"}
    with_real_film(entry, tmp_path, label=LABEL)
    prepared(client, organiser, django_capture_on_commit_callbacks)
    [first] = PublishedCopy.objects.all()
    assert (first.state, first.problem) == ("ready", "")
    prepared(client, organiser, django_capture_on_commit_callbacks)
    assert PublishedCopy.objects.get() == first
    settings.LABEL_PROPAGATOR = "Somebody else"
    assert (
        client.get(reverse("submissions:handoff", args=["spring"])).content.decode().count("not made yet")
        == 1
    )
    prepared(client, organiser, django_capture_on_commit_callbacks)
    again = PublishedCopy.objects.get()
    assert again.key != first.key
    assert (storages["default"].exists(again.key), storages["default"].exists(first.key)) == (True, False)
