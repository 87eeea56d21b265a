"""What films have in common, from the inspection to the technician: found once, judged once, never an entrant's."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.remakes import REMAKES, remake
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from submissions import inspect_job, match_actions, match_archive, match_job, match_queries, tasks
from submissions.inspection.fingerprint import Prints
from submissions.models import Asset, Entry, Event, FilmPrints, FilmVersion, Inspection, Match
from tests import factories
from tests.submissions.uploading import Uploader


def inspected(entry: Entry, film: Path) -> Inspection:
    answer = Uploader.of(entry, film).send()
    assert answer.status_code == 200, answer.content
    inspection = Inspection.objects.order_by("-pk")[0]
    inspect_job.run(inspection.pk)
    inspection.refresh_from_db()
    assert inspection.state == "done", inspection.error
    return inspection


def prints_of(seed: int, count: int = 40) -> Prints:
    rng = np.random.default_rng(seed)
    pictures = rng.integers(0, 2**64, (count, 3), dtype=np.uint64)
    return Prints(np.arange(count) / 2, pictures, rng.integers(1, 2**64, 30, dtype=np.uint64))


def with_prints(entry: Entry, prints: Prints) -> Inspection:
    """A submitted film as rows, with these fingerprints."""
    inspection = factories.make_inspection(entry)
    match_actions.keep_prints(version=inspection.version, data=prints.to_bytes(), at=timezone.now())
    return inspection


@pytest.fixture
def edition(db: None, media: Path) -> Edition:
    return factories.make_edition(rulebook='[file]\nmax_bytes = "20 MB"\n')


def test_copy_in_another_entry_is_found_by_the_job_and_shown_at_the_desk(
    draft: Entry, film: Path, tmp_path: Path
) -> None:
    other = factories.make_entry(draft.edition, state="draft", title="Snow on Venus")
    mirrored = next(how for how in REMAKES if how.name == "mirrored")
    first = inspected(draft, film)
    assert FilmPrints.objects.get().matched_at is None
    assert match_job.run(first.version_id) == []
    second = inspected(other, remake(film, tmp_path / "copy.mp4", mirrored))
    new = match_job.run(second.version_id)
    assert [(match.kind, match.mirrored) for match in new if match.kind == "picture"] == [("picture", True)]
    match = Match.objects.get(kind="picture")
    assert (match.first_id, match.second_id, match.state) == (first.version_id, second.version_id, "open")
    assert match.share == 1
    assert match.ranges[0] == pytest.approx([0, 3, 0, 3], abs=1)
    assert FilmPrints.objects.filter(matched_at__isnull=True).count() == 0
    assert {event.entry_id for event in Event.objects.filter(kind="match_found")} == {draft.pk, other.pk}

    client = Client()
    client.force_login(factories.make_member(draft.edition, Role.TECHNICIAN).user)
    desk = f"/{draft.edition.slug}/desk/entries/"
    Entry.objects.filter(pk=draft.pk).update(state="submitted", submitted_at=timezone.now())
    assert "Snow on Venus" not in client.get(f"{desk}{draft.code}/").text  # a draft is nobody's business
    assert draft.code not in client.get(f"{desk}?match=open").text
    Entry.objects.filter(pk=other.pk).update(state="submitted", submitted_at=timezone.now())
    page = client.get(f"{desk}{draft.code}/").text
    assert f"{desk}{other.code}/" in page
    assert page.split('id="matches"')[1].split("</section>")[0].count("#t=") == 2 * len(Match.objects.all())
    listed = client.get(f"{desk}?match=open").text
    assert draft.code in listed and other.code in listed

    for entrant, entry in ((draft.entrant, draft), (other.entrant, other)):
        own = Client()
        own.force_login(entrant)
        text = own.get(f"/entries/{entry.code}/").text
        assert "match" not in text.lower() and "in common" not in text


def test_the_same_file_in_two_entries(draft: Entry, film: Path) -> None:
    other = factories.make_entry(draft.edition, state="draft")
    inspected(draft, film)
    second = inspected(other, film)
    assert [match.kind for match in match_job.run(second.version_id)] == ["file"]
    assert Match.objects.get().share == 1


def test_matching_twice_and_from_both_sides_is_one_match(edition: Edition) -> None:
    copy = prints_of(1)
    one = with_prints(factories.make_entry(edition), prints_of(1))
    two = with_prints(factories.make_entry(edition), copy)
    with_prints(factories.make_entry(edition), prints_of(2))
    for version in (one.version_id, two.version_id, two.version_id, one.version_id):
        tasks.match(version)
    assert sorted(Match.objects.values_list("kind", flat=True)) == ["picture", "sound"]
    assert Event.objects.filter(kind="match_found").count() == 2
    assert match_job.run(10**9) == []


def test_earlier_editions_count_and_later_ones_do_not(edition: Edition) -> None:
    later = factories.make_edition()
    Edition.objects.filter(pk=later.pk).update(created_at=edition.created_at + timedelta(days=300))
    old = with_prints(factories.make_entry(edition), prints_of(1))
    new_entry = factories.make_entry(later)
    new = with_prints(new_entry, prints_of(1))
    assert match_job.run(old.version_id) == []
    assert len(match_job.run(new.version_id)) == 2
    technician = factories.make_member(Edition.objects.get(pk=later.pk), Role.TECHNICIAN)
    view = match_queries.views_of(new_entry, technician)[0]
    assert (view.seen, view.other.edition_id, view.moments[0][1].url) == (False, edition.pk, "")


def test_a_newer_version_takes_the_place_of_an_open_match_only(edition: Edition) -> None:
    entry = factories.make_entry(edition)
    with_prints(factories.make_entry(edition), prints_of(1))
    old = with_prints(entry, prints_of(1))
    match_job.run(old.version_id)
    Match.objects.filter(kind="sound").update(state="dismissed", at=timezone.now(), reason="Bought music")
    new = with_prints(entry, prints_of(9))
    assert match_job.run(new.version_id) == []
    assert [match.kind for match in Match.objects.all()] == ["sound"]
    assert match_job.run(old.version_id) == []  # a late task of the old version brings nothing back
    assert Match.objects.count() == 1


def test_judged_once_with_a_reason_and_not_by_its_entrant(edition: Edition) -> None:
    entry, other = factories.make_entry(edition), factories.make_entry(edition)
    with_prints(other, prints_of(1))
    match_job.run(with_prints(entry, prints_of(1)).version_id)
    technician = factories.make_member(edition, Role.TECHNICIAN)
    match = match_queries.of_entry(entry).get(kind="picture")
    how = {"match": match, "entry": entry, "at": timezone.now()}
    refusals = [
        ({"state": Match.State.DISMISSED, "by": technician}, 400),
        ({"state": Match.State.CONFIRMED, "by": actor_of(entry.entrant)}, 403),
        ({"state": Match.State.CONFIRMED, "by": factories.make_member(edition, Role.JUDGE)}, 403),
    ]
    for values, status in refusals:
        with pytest.raises(Refused) as refused:
            match_actions.judge_match(**how, **values)
        assert refused.value.status == status
    client = Client()
    client.force_login(technician.user)
    url = f"/{edition.slug}/desk/entries/{entry.code}/matches/{match.pk}/"
    assert client.post(f"{url}dismiss/", {"reason": "The same free music"}).status_code == 302
    assert client.post(f"{url}confirm/").status_code == 409
    assert client.post(f"{url}nonsense/").status_code == 404
    stranger = factories.make_entry(edition)
    elsewhere = url.replace(entry.code, stranger.code)
    assert client.post(f"{elsewhere}confirm/").status_code == 404
    match.refresh_from_db()
    assert (match.state, match.reason, match.by) == ("dismissed", "The same free music", technician.user)
    assert Event.objects.get(kind="match_dismissed").values == {"reason": "The same free music"}
    page = client.get(f"/{edition.slug}/desk/entries/{entry.code}/").text
    assert "The same free music" in page


def queries_of(action: object) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        action()
    return len(captured)


def test_queries_do_not_grow_with_films(edition: Edition) -> None:
    entry = factories.make_entry(edition)
    mine = with_prints(entry, prints_of(500))
    client = Client()
    client.force_login(factories.make_member(edition, Role.TECHNICIAN).user)
    urls = [f"/{edition.slug}/desk/entries/{entry.code}/", f"/{edition.slug}/desk/entries/?match=open"]
    for seed in range(2):
        with_prints(factories.make_entry(edition), prints_of(seed))
    few = queries_of(lambda: match_job.run(mine.version_id))
    for seed in range(2, 12):
        with_prints(factories.make_entry(edition), prints_of(seed))
    FilmPrints.objects.filter(version=mine.version_id).update(matched_at=None)
    assert queries_of(lambda: match_job.run(mine.version_id)) == few
    assert queries_of(lambda: match_job.run(mine.version_id)) == 1  # twice on the queue, once done
    shown = []
    for _ in range(2):
        for _ in range(3):
            copy = with_prints(factories.make_entry(edition), prints_of(500))
            match_job.run(copy.version_id)
        client.get(urls[0])
        shown.append([queries_of(lambda url=url: client.get(url)) for url in urls])
    assert shown[0] == shown[1]


def test_files_are_made_again_from_the_database(edition: Edition) -> None:
    films = [with_prints(factories.make_entry(edition), prints_of(seed)) for seed in range(4)]
    ids = list(FilmPrints.objects.order_by("pk").values_list("pk", flat=True))
    shelf = match_archive.opened(ids[:2])
    assert shelf.ids.tolist() == ids[:2]
    folder = next(Path(settings.SPOOL).glob("prints-*"))
    (folder / "films").write_bytes((folder / "films").read_bytes() + b"torn")
    with (folder / "pictures").open("ab") as file:
        file.write(b"a crash in the middle of a film")
    shelf = match_archive.opened(ids)
    assert shelf.ids.tolist() == ids
    every = [Prints.from_bytes(bytes(film.version.prints.data)).pictures[::2].reshape(-1) for film in films]
    assert np.array_equal(shelf.pictures.hashes, np.concatenate(every))
    assert shelf.pictures.ends.tolist() == [60, 120, 180, 240]
    for name in ("films", "pictures", "sounds"):
        (folder / name).unlink()
    assert match_archive.opened(ids).ids.tolist() == ids


def test_fingerprints_of_another_version_are_passed_over(edition: Edition) -> None:
    version = with_prints(factories.make_entry(edition), prints_of(1)).version
    FilmPrints.objects.update(data=b"FLPRINT\x01" + bytes(40))
    with_prints(factories.make_entry(edition), prints_of(1))
    assert match_job.run(version.pk) == []
    assert FilmPrints.objects.get(version=version).matched_at is not None


def test_lost_tasks_are_found_by_the_reaper(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    with_prints(factories.make_entry(edition), prints_of(1))
    version = with_prints(factories.make_entry(edition), prints_of(1)).version
    queued: list[int] = []
    monkeypatch.setattr(match_actions, "queue_matching", queued.append)
    now = timezone.now()
    assert match_actions.remind(at=now) == 0
    late = now + timedelta(seconds=match_actions.WAIT_REAPS * settings.REAP_SECONDS + 1)
    assert match_actions.remind(at=late) == 2
    assert match_actions.remind(at=late) == 0  # they wait; nobody multiplies them
    much_later = now + timedelta(days=1)
    assert match_actions.remind(at=much_later) == 2
    assert match_actions.remind(at=much_later + timedelta(hours=12)) == 0  # ever more rarely
    assert version.pk in queued
    for each in queued:
        match_job.run(each)
    assert match_actions.remind(at=late) == 0


def test_the_same_file_is_told_beside_it_at_once(edition: Edition) -> None:
    """Before any inspection, in every version, and only of entries that the technician may open."""
    elsewhere = factories.make_edition()
    technician = factories.make_member(edition, Role.TECHNICIAN)
    asset = Asset.objects.create(sha256="a" * 64, size=10, key="originals/a", created_at=timezone.now())

    def sent(place: Edition, **fields: Any) -> Entry:
        entry = factories.make_entry(place, state=fields.pop("state", "submitted"), **fields)
        for _version in range(2):  # the same file twice is told once
            inspection = factories.make_inspection(entry, state="queued")
            FilmVersion.objects.filter(pk=inspection.version_id).update(asset=asset)
        return entry

    mine, second, draft, foreign = sent(edition), sent(edition), sent(edition, state="draft"), sent(elsewhere)
    client = Client()
    client.force_login(technician.user)
    page = client.get(f"/{edition.slug}/desk/entries/{mine.code}/").content.decode()
    assert page.count("This very file was also sent for:") == 2  # beside both versions
    assert f"/{edition.slug}/desk/entries/{second.code}/" in page
    for hidden in (draft, foreign):
        assert hidden.code not in page
    other = client.get(f"/{edition.slug}/desk/entries/{second.code}/").content.decode()
    assert f"/{edition.slug}/desk/entries/{mine.code}/" in other
    assert (
        client.get(f"/{edition.slug}/desk/entries/{factories.make_entry(edition).code}/").status_code == 200
    )
