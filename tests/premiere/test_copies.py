"""Copies: announced, arrived, approved, chosen; the projectionist's page, and what is read on the day."""

import hashlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from festival.kit.errors import Refused
from festival.people.roles import Role
from festival.premiere import (
    actions,
    checks,
    copy_actions,
    copy_queries,
    journal,
    proposal_inputs,
    rehearsal_actions,
    snapshots,
)
from festival.premiere.copy_choice import copy_for
from festival.premiere.models import Copy, CopyCheck, Screening
from festival.premiere.run_sheet import sheet_of
from submissions.models import Asset, FilmVersion
from tests.factories import make_edition, make_entry, make_inspection, make_member
from tests.premiere.test_proposals import WISHES
from tests.shows import make_film, make_hall, make_release, make_screening

pytestmark = pytest.mark.django_db
EVENING = datetime(2027, 4, 16, 11, tzinfo=UTC)  # 19:00 in Shanghai
NOW = datetime(2027, 4, 1, tzinfo=UTC)
ONE, TWO = "1" * 64, "2" * 64


def make_copy(film, name="V1.mov", *, sha256=ONE, approved=False, arrived=True, **fields):
    fields.setdefault("file_format", "prores")
    return Copy.objects.create(
        film=film, name=name, file_name=name, sha256=sha256,
        arrived_at=NOW if arrived else None, approved_at=NOW if approved else None, **fields,
    )  # fmt: skip


@pytest.fixture
def show():
    edition = make_edition("spring", time_zone="Asia/Shanghai")
    film = make_film(
        edition, title="灯下", title_en="Under the Lamp", file_format="h264", frame_rate=Decimal(25)
    )
    return make_screening(make_hall(edition), EVENING, films=[film], title="Opening"), film


def fields(copy, **changes):
    return {name: getattr(copy, name) for name in copy_actions.FIELDS} | changes


def test_a_copy_that_is_approved_goes_before_one_that_has_only_arrived(show):
    screening, film = show
    announced = make_copy(film, "V1", arrived=False)
    assert copy_for([], screening.hall) is None
    arrived = make_copy(film, "V2", sha256=TWO)
    assert copy_for([announced, arrived], screening.hall) == arrived
    approved = make_copy(film, "V0", sha256="0" * 64, approved=True)
    assert copy_for([approved, arrived, announced], screening.hall) == approved
    assert copy_for([approved, arrived, announced], screening.hall, announced.pk) == announced


def test_of_two_that_are_approved_the_hall_plays_the_one_that_it_can(show):
    screening, film = show
    screening.hall.formats = ["dcp"]
    dcp = make_copy(film, "DCP", approved=True, file_format="dcp")
    newer = make_copy(film, "ProRes", sha256=TWO, approved=True)
    assert copy_for([dcp, newer], screening.hall) == dcp


def test_another_file_takes_the_approval_back_and_a_note_does_not(show):
    screening, film = show
    by = make_member(screening.edition, Role.TECHNICIAN)
    copy = make_copy(film)
    copy_actions.approve(copy=copy, sha256=ONE, by=by, at=NOW)
    copy.refresh_from_db()
    assert (copy.approved_at, copy.approved_by) == (NOW, by.user)
    noted = copy_actions.write_copy(
        film=film, copy=copy, by=by, at=NOW, arrived=True, **fields(copy, note="Key by mail")
    )
    assert noted.approved_at == NOW
    other = copy_actions.write_copy(
        film=film, copy=noted, by=by, at=NOW, arrived=True, **fields(noted, sha256=TWO)
    )
    assert (other.approved_at, other.approved_by, other.arrived_at) == (None, None, NOW)
    with pytest.raises(Refused) as refusal:
        copy_actions.approve(copy=copy, sha256=ONE, by=by, at=NOW)
    assert refusal.value.code == "changed"


def test_nobody_approves_what_has_no_sum_and_no_film_has_a_sum_twice(show):
    screening, film = show
    by = make_member(screening.edition, Role.ORGANISER)
    bare = make_copy(film, sha256="")
    with pytest.raises(Refused) as refusal:
        copy_actions.approve(copy=bare, sha256="", by=by, at=NOW)
    assert refusal.value.code == "no_sum"
    with pytest.raises(IntegrityError), transaction.atomic():
        Copy.objects.filter(pk=bare.pk).update(approved_at=NOW)
    make_copy(film)
    with pytest.raises(Refused) as refusal:
        copy_actions.write_copy(film=film, by=by, at=NOW, arrived=False, **fields(bare, sha256=ONE))
    assert (refusal.value.code, film.copies.count()) == ("sum_twice", 2)


def test_what_is_due_first_comes_first_and_says_how_far_it_is(show):
    screening, film = show
    edition = screening.edition
    other = make_film(edition)
    early = make_screening(make_hall(edition), EVENING - timedelta(days=2), films=[other, film])
    [first, second] = sorted(copy_queries.needs_of(edition), key=lambda one: one.film.pk)
    assert (first.film, first.due, first.first, first.state) == (
        film,
        EVENING - timedelta(days=3),
        early,
        "missing",
    )
    rehearsal_actions.plan_rehearsal(
        screening=early, starts_at=EVENING - timedelta(days=4), minutes=30, at=NOW
    )
    make_copy(film, arrived=False)
    make_copy(other, approved=True)
    needs = {one.film: one for one in copy_queries.needs_of(edition)}
    assert [needs[film].due, needs[film].state, needs[other].state] == [
        EVENING - timedelta(days=4), "due", "approved",
    ]  # fmt: skip
    assert needs[film].late(EVENING) and not needs[film].late(NOW) and not needs[other].late(EVENING)
    assert second.film == other


def test_a_film_without_an_approved_copy_is_a_finding_once_copies_are_looked_after(show):
    screening, film = show
    edition = screening.edition
    assert [one.kind for one in checks.check(edition)] == []
    other = make_copy(make_film(edition))
    assert [(one.kind, one.level, one.values["copy"]) for one in checks.check(edition)] == [
        ("copy", "warn", "missing")
    ]
    other.delete()
    make_copy(film, approved=True, file_format="dcp")
    hall = screening.hall
    hall.formats = ["dcp"]
    hall.save()
    assert checks.check(edition) == []  # the copy is what the hall plays, whatever the entrant sent in


def test_a_choice_of_copies_is_a_change_of_the_table_and_is_taken_back(show):
    screening, film = show
    edition = screening.edition
    copy = make_copy(film)
    by = make_member(edition, Role.ORGANISER)
    [line] = screening.items.all()
    before = snapshots.take(edition)
    with journal.kept(edition=edition, kind=journal.Kind.CHANGED, by=by, at=NOW, code=screening.code):
        copy_actions.choose(
            screening=screening, due_at=EVENING, lines={line.pk: (copy, {"en": "Lights out"})}, at=NOW
        )
    kept = snapshots.take(edition)
    [row] = kept["screenings"]
    assert (row["copies_due_at"], row["items"][0]["copy"], row["items"][0]["cue"]) == (
        EVENING.isoformat(), copy.pk, {"en": "Lights out"},
    )  # fmt: skip
    journal.undo(edition=edition, by=by, at=NOW)
    without = snapshots.take(edition)["screenings"][0] | {"revision": 0}
    assert without == before["screenings"][0] | {"revision": 0}
    snapshots.put(edition, kept, at=NOW)
    [line] = screening.items.all()
    assert (line.copy, line.cue) == (copy, {"en": "Lights out"})
    copy.delete()
    snapshots.put(edition, kept, at=NOW)
    assert screening.items.get().copy is None
    again = actions.repeat_screening(
        screening=Screening.objects.get(), hall=screening.hall, starts_at=EVENING + timedelta(days=1), at=NOW
    )
    assert again.items.get().cue == {"en": "Lights out"}


def test_copies_and_cues_go_with_the_released_running_order(show):
    screening, film = show
    copy = make_copy(film, approved=True)
    actions.add_other(screening=screening, kind="qa", seconds=600, title={}, at=NOW)
    lines = {line.pk: (None, {"en": f"Cue {line.kind}"}) for line in screening.items.all()}
    copy_actions.choose(screening=screening, due_at=None, lines=lines, at=NOW)
    make_release(screening.edition)
    actions.move_item(item=screening.items.get(kind="qa"), up=True, at=NOW)
    sheet = sheet_of(Screening.objects.get())
    assert [(line.item.kind, line.copy, line.cue.en) for line in sheet.lines] == [
        ("film", copy, "Cue film"), ("qa", None, "Cue qa"),
    ]  # fmt: skip


def test_the_entrants_files_become_copies_once(client):
    edition = make_edition("spring")
    entry = make_entry(edition)
    asset = Asset.objects.create(sha256=ONE, size=7, key="originals/1", created_at=NOW)
    FilmVersion.objects.filter(pk=make_inspection(entry).version_id).update(asset=asset, filename="灯下.mov")
    film = make_film(edition, source=entry.code, file_format="prores", channels=6)
    make_screening(make_hall(edition), EVENING, films=[film, make_film(edition)])
    make_film(edition)  # in no running order
    organiser = make_member(edition, Role.ORGANISER)
    take = {"edition": edition, "by": organiser, "at": NOW}
    assert [copy_actions.take_originals(**take), copy_actions.take_originals(**take)] == [1, 0]
    copy = Copy.objects.get()
    assert (copy.film, copy.name, copy.sha256, copy.size, copy.file_format, copy.channels, copy.original) == (
        film, "灯下.mov", ONE, 7, "prores", 6, True,
    )  # fmt: skip
    assert copy.arrived_at and not copy.approved_at
    client.force_login(organiser.user)
    answer = client.get(reverse("premiere:copy_file", args=["spring", copy.pk]))
    assert answer.status_code == 302 and "/media/" in answer.url
    written = copy_actions.write_copy(
        film=film, copy=copy, by=organiser, at=NOW, arrived=False, **fields(copy, sha256=TWO, note="Fine")
    )
    assert (written.sha256, written.note, written.arrived_at) == (ONE, "Fine", NOW)
    entry.state = "withdrawn"
    entry.save()
    assert client.get(reverse("premiere:copy_file", args=["spring", copy.pk])).status_code == 404


def test_what_was_read_on_the_day_is_kept_and_told(client, show):
    screening, film = show
    content = b"the film"
    copy = make_copy(film, sha256=hashlib.sha256(content).hexdigest(), approved=True)
    technician = make_member(screening.edition, Role.TECHNICIAN)
    client.force_login(technician.user)
    address = reverse("premiere:copy_check", args=["spring", screening.code])

    def read(data, name="V1.mov"):
        answer = client.post(address, {"sha256": hashlib.sha256(data).hexdigest(), "file_name": name})
        said = answer.json()
        return answer.status_code, said["whole"], said.get("copy")

    assert read(content, "renamed.mov") == (200, True, copy.pk)
    assert read(b"half") == (200, False, copy.pk)
    assert read(b"half", "other.mov") == (200, False, None)
    assert client.post(address, {"sha256": "no"}).status_code == 400
    assert [(one.whole, one.by) for one in CopyCheck.objects.order_by("pk")] == [
        (True, technician.user), (False, technician.user),
    ]  # fmt: skip
    text = client.get(reverse("premiere:projection", args=["spring", screening.code])).content.decode()
    assert copy.sha256 in text and "Another file" in text and "19:00:00" in text
    sums = client.get(reverse("premiere:sums", args=["spring", screening.code]))
    assert sums.content.decode() == f"{copy.sha256} *V1.mov\n"


def test_a_form_takes_a_line_of_a_list_of_sums(client, show):
    screening, film = show
    client.force_login(make_member(screening.edition, Role.TECHNICIAN).user)
    address = reverse("premiere:copy_new", args=["spring"])
    given = {
        "film": film.pk,
        "name": "LAMP_F_ZH_51",
        "file_format": "dcp",
        "sha256": f"{'A' * 64} *PKL_1.xml",
    }
    assert client.post(address, given).status_code == 302
    copy = Copy.objects.get()
    assert (copy.sha256, copy.file_name, copy.arrived_at) == ("a" * 64, "PKL_1.xml", None)
    for wrong in ({"sha256": "abc"}, {"sha256": ONE}, {"film": ""}, {"size": "0"}, {"name": ""}):
        assert client.post(address, given | wrong).status_code == 400, wrong
    assert client.post(address, given).status_code == 409
    assert "LAMP_F_ZH_51" in client.get(reverse("premiere:copies", args=["spring"])).content.decode()


def test_the_form_of_a_screening_offers_a_films_own_copies_alone(client, show):
    screening, film = show
    copy, foreign = make_copy(film), make_copy(make_film(screening.edition))
    client.force_login(make_member(screening.edition, Role.ORGANISER).user)
    [line] = screening.items.all()
    address = reverse("premiere:lines", args=["spring", screening.code])
    cue = {f"cue-{line.pk}_en": "Lights out", f"cue-{line.pk}_zh": "灭灯"}
    assert client.post(address, {f"copy-{line.pk}": foreign.pk} | cue).status_code == 400
    assert (
        client.post(address, {f"copy-{line.pk}": copy.pk, "due_at": "2027-04-15T12:00"} | cue).status_code
        == 302
    )
    line.refresh_from_db()
    screening.refresh_from_db()
    assert (line.copy, line.cue) == (copy, {"en": "Lights out", "zh": "灭灯"})
    assert screening.copies_due_at == datetime(2027, 4, 15, 4, tzinfo=UTC)


def test_the_solver_hears_of_a_films_copies(show):
    screening, film = show
    wishes = {**WISHES, "first_day": "2027-04-16"}
    other = make_film(screening.edition, file_format="h264", frame_rate=Decimal(25), channels=6)
    make_copy(other, "DCP", approved=True, file_format="dcp", frame_rate=Decimal(24), channels=2)
    make_copy(other, "ProRes", sha256=TWO, arrived=False)
    inputs = proposal_inputs.inputs_of(screening.edition, wishes, "new")
    told = {row["film"]: row for row in inputs.problem["films"]}
    assert [(told[one.code]["formats"], told[one.code]["rate"]) for one in (film, other)] == [
        (["H.264"], "25"), (["DCP", "ProRes"], "24"),
    ]  # fmt: skip
    assert told[other.code]["surround"] is False
