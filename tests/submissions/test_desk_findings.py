"""Findings at the desk: waived with a reason, filtered and counted by rule, inspected again in sets."""

import importlib

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from festival.edition.models import Edition, Track
from festival.kit.errors import Refused
from festival.people.roles import Role
from submissions import actions, bulk_inspection, waiver_actions
from submissions.models import Entry, Event, FindingRow, Inspection, Waiver
from tests import factories
from tests.submissions.reports import inspected

pytestmark = pytest.mark.django_db

RULES = """
[duration]
min = 60
[black]
max_seconds = 2
severity = "fix"
[audio]
loudness_min = -30
severity = { loudness = "note" }
"""


@pytest.fixture
def edition() -> Edition:
    return factories.make_edition(rulebook=RULES)


@pytest.fixture
def technician(edition: Edition) -> Client:
    client = Client()
    client.force_login(factories.make_member(edition, Role.TECHNICIAN, "Tess Technician").user)
    return client


def page_of(client: Client, edition: Edition, entry: Entry) -> str:
    return client.get(f"/{edition.slug}/desk/entries/{entry.code}/").content.decode()


def waive(client: Client, edition: Edition, entry: Entry, rule: str, reason: str = "Meant so") -> int:
    url = f"/{edition.slug}/desk/entries/{entry.code}/waive/"
    return client.post(url, {"rule": rule, "reason": reason}).status_code


def test_waived_findings_admit_without_further_reason(technician: Client, edition: Edition) -> None:
    entry = factories.make_entry(edition, state="submitted")
    inspected(entry, seconds=30, black=6, loudness=-40)  # blocks, to be mended, note
    admit = f"/{edition.slug}/desk/entries/{entry.code}/move/admit/"
    assert waive(technician, edition, entry, "black", " ") == 400
    assert waive(technician, edition, entry, "freeze") == 409  # was not found
    assert waive(technician, edition, entry, "loudness") == 409  # a note stands against nobody
    assert waive(technician, edition, entry, "black", "A title on black.") == 302
    assert waive(technician, edition, entry, "black") == 409
    assert technician.post(admit).status_code == 400  # still too short
    assert waive(technician, edition, entry, "duration_min", "It was commissioned so.") == 302

    page = page_of(technician, edition, entry)
    assert "Tess Technician" in page and "A title on black." in page and "It was commissioned so." in page
    assert [(each.kind, each.values["rule"]) for each in Event.objects.filter(kind="waived")] == [
        ("waived", "black"),
        ("waived", "duration_min"),
    ]
    client = Client()
    client.force_login(entry.entrant)
    theirs = client.get(f"/entries/{entry.code}/").content.decode()
    assert theirs.count("Accepted by the technicians") == 2
    assert "Tess" not in theirs and "title on black" not in theirs
    assert technician.post(admit).status_code == 302
    entry.refresh_from_db()
    assert entry.state == "eligible"


def test_settling_takes_a_waived_film_for_passed(technician: Client, edition: Edition) -> None:
    entry = factories.make_entry(edition, state="submitted")
    inspected(entry, black=6)
    assert waive(technician, edition, entry, "black") == 302
    entry.refresh_from_db()
    assert entry.state == "submitted"  # waiving itself admits nobody
    actions.settle(entry=entry, at=timezone.now())
    entry.refresh_from_db()
    assert entry.state == "eligible"


def test_a_waiver_holds_for_one_version_and_can_be_taken_back(technician: Client, edition: Edition) -> None:
    entry = factories.make_entry(edition, state="submitted")
    inspected(entry, black=6)
    assert waive(technician, edition, entry, "black") == 302
    back = f"/{edition.slug}/desk/entries/{entry.code}/waive/black/drop/"
    assert technician.post(back).status_code == 302
    assert not Waiver.objects.exists()
    assert technician.post(back).status_code == 409
    assert waive(technician, edition, entry, "black") == 302
    inspected(entry, black=7)  # the next version
    actions.settle(entry=entry, at=timezone.now())
    entry.refresh_from_db()
    assert entry.state == "fixing"


def test_own_films_and_decided_ones_are_not_waived(edition: Edition) -> None:
    technician = factories.make_member(edition, Role.TECHNICIAN)
    own = factories.make_entry(edition, state="submitted", entrant=technician.user)
    inspected(own, black=6)
    refused = factories.make_entry(edition, state="refused")
    inspected(refused, black=6)
    client = Client()
    client.force_login(technician.user)
    for entry in (own, refused):
        assert waive(client, edition, entry, "black") == 403
        assert "/waive/" not in page_of(client, edition, entry)
    with pytest.raises(Refused):
        waiver_actions.unwaive_finding(entry=own, rule="black", by=technician, at=timezone.now())


def test_the_database_keeps_one_waiver_with_a_reason(edition: Edition) -> None:
    inspection = inspected(factories.make_entry(edition), black=6)
    row = {"version": inspection.version, "rule": "black", "by": factories.make_user(), "at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Waiver.objects.create(**row, reason="")
    Waiver.objects.create(**row, reason="Once")
    with pytest.raises(IntegrityError), transaction.atomic():
        Waiver.objects.create(**row, reason="Twice")


def test_filter_and_counts_by_finding(technician: Client, edition: Edition) -> None:
    """Only the newest report of a film counts, and only of this edition's submitted films."""
    black = factories.make_entry(edition)
    inspected(black, black=6, loudness=-40)
    quiet = factories.make_entry(edition)
    inspected(quiet, black=6)
    inspected(quiet, loudness=-40)
    inspected(factories.make_entry(edition, state="draft"), black=6)
    inspected(factories.make_entry(factories.make_edition(rulebook=RULES)), black=6)

    def shown(query: str) -> set[str]:
        response = technician.get(f"/{edition.slug}/desk/entries/?{query}")
        return {row.entry.code for row in response.context["page"]}

    assert shown("finding=black") == {black.code}
    assert shown("finding=loudness") == {black.code, quiet.code}
    assert shown("finding=loudness&q=" + quiet.code) == {quiet.code}
    assert shown("finding=freeze") == set()
    assert shown("finding=%00'") == {black.code, quiet.code}  # no rule at all: not asked
    response = technician.get(f"/{edition.slug}/desk/entries/")
    field = next(field for field in response.context["fields"] if field.name == "finding")
    assert [(one.value, one.label, one.count) for one in field.options][1] == (
        "black", "The picture stays black", 1
    )  # fmt: skip
    assert [(one.value, one.count) for one in field.options] == [("loudness", 2), ("black", 1)]
    assert 'The picture stays black <span class="quiet num">1</span>' in response.content.decode()


def test_statistics(technician: Client, edition: Edition) -> None:
    other = Track.objects.create(edition=edition, slug="animation", name={"en": "Animation"}, position=1)
    for film in ({"black": 6}, {"black": 6, "loudness": -40}, {}):
        inspected(factories.make_entry(edition), **film)
    inspected(factories.make_entry(edition, track=other), seconds=10)
    factories.make_inspection(factories.make_entry(edition, track=other), state="queued", report={})
    response = technician.get(f"/{edition.slug}/desk/inspections/")
    (_heading, _column, _key, by_track), (*_words, by_tool) = response.context["groups"]
    assert [(group.key, group.verdicts, group.films) for group in by_track] == [
        ("open", {"fix": 2, "pass": 1}, 3),
        ("animation", {"block": 1, "": 1}, 2),
    ]
    assert [[(rule, count) for rule, _label, count in group.findings] for group in by_track] == [
        [("black", 2), ("loudness", 1)],
        [("duration_min", 1)],
    ]
    assert by_tool == []
    assert [(rule, count) for rule, _label, count in response.context["findings"]] == [
        ("black", 2),
        ("duration_min", 1),
        ("loudness", 1),
    ]
    assert "?finding=black" in response.content.decode()


@pytest.mark.parametrize("page", ["entries/", "entries/?finding=black", "inspections/", "inspections/again/"])
def test_pages_cost_the_same_for_one_and_for_many(technician: Client, edition: Edition, page: str) -> None:
    url = f"/{edition.slug}/desk/{page}"

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert technician.get(url).status_code == 200
        return len(captured)

    inspected(factories.make_entry(edition), black=6)
    queries()
    few = queries()
    inspected(factories.make_entry(edition), black=6, loudness=-40)
    inspected(factories.make_entry(edition), seconds=10)
    assert queries() == few


def test_inspect_what_the_filters_show_again(edition: Edition) -> None:
    actor = factories.make_member(edition, Role.TECHNICIAN)
    client = Client()
    client.force_login(actor.user)
    black = [factories.make_entry(edition) for _count in range(2)]
    for entry in black:
        inspected(entry, black=6)
    inspected(factories.make_entry(edition))
    own = factories.make_entry(edition, entrant=actor.user)
    inspected(own, black=6)
    url = f"/{edition.slug}/desk/inspections/again/?finding=black"
    response = client.get(url)
    assert "2 films are inspected again" in response.content.decode()
    assert "cannot be taken back, and nothing is lost by it" in response.content.decode()
    assert Inspection.objects.filter(state="queued").count() == 0
    response = client.post(url)
    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"/{edition.slug}/desk/entries/?finding=black",
    )
    queued = Inspection.objects.filter(state="queued")
    assert {each.version.entry_id for each in queued} == {entry.pk for entry in black}
    assert Event.objects.filter(kind="reinspect", actor=actor.user).count() == 2
    assert client.post(url).status_code == 302  # they have no findings until they are inspected
    assert queued.count() == 2


def test_running_ones_are_left_out_and_no_more_than_so_many(
    technician: Client, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_inspection, "AT_MOST", 2)
    entries = [factories.make_entry(edition) for _count in range(4)]
    for entry in entries:
        inspected(entry)
    factories.make_inspection(entries[0], state="queued", report={})
    empty = factories.make_entry(edition)
    url = f"/{edition.slug}/desk/inspections/again/"
    plan = technician.get(url).context["plan"]
    assert plan.entries == [entries[1].pk, entries[2].pk]  # the oldest inspections first
    assert (plan.fitting, plan.running, plan.own, plan.empty, plan.left) == (5, 1, 0, 1, 1)
    for expected in (3, 4, 4):
        assert technician.post(url).status_code == 302
        assert Inspection.objects.filter(state="queued").count() == expected
    assert not empty.versions.exists()


def test_rows_are_filled_from_stored_reports(edition: Edition) -> None:
    inspection = inspected(factories.make_entry(edition), seconds=10, black=6, loudness=-40)
    factories.make_inspection(factories.make_entry(edition), state="queued", report={})
    rows = set(FindingRow.objects.values_list("inspection_id", "rule", "severity"))
    FindingRow.objects.all().delete()
    importlib.import_module("submissions.migrations.0003_fill_findings").fill(apps, None)
    assert rows == {
        (inspection.pk, "duration_min", "block"),
        (inspection.pk, "black", "fix"),
        (inspection.pk, "loudness", "note"),
    }
    assert set(FindingRow.objects.values_list("inspection_id", "rule", "severity")) == rows
