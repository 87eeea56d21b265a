"""Entries as a table: who may take which columns, what stands in them, and that no text becomes a formula."""

import csv
import io
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from festival.edition.models import Edition
from festival.people.roles import Role
from submissions.credit_people import Person
from submissions.desk_filters import Filters
from submissions.export import COLUMNS, rows_of, table_rows
from submissions.models import Asset, Entry, FilmVersion
from submissions.statement.facts import Use
from tests import factories

pytestmark = pytest.mark.django_db

REPORT = {
    "video": {"width": 1920, "height": 1080, "duration": 90.04, "frame_rate": 24.0},
    "audio": {"integrated_lufs": -17.5},
}
NAMES = [column.name for column in COLUMNS]


@pytest.fixture
def edition() -> Edition:
    return factories.make_edition(time_zone="Asia/Shanghai")


def member(client: Client, edition: Edition, role: Role) -> Client:
    client.force_login(factories.make_member(edition, role).user)
    return client


@pytest.fixture
def technician(client: Client, edition: Edition) -> Client:
    return member(client, edition, Role.TECHNICIAN)


def make_entries(edition: Edition, count: int = 1, **fields: object) -> list[Entry]:
    made = []
    for number in range(count):
        entry = factories.make_entry(edition, state="submitted", **{"title": f"Film {number}", **fields})
        factories.make_inspection(entry, report=REPORT, verdict="fix").finding_rows.create(
            rule="black", severity="fix"
        )
        factories.make_uses(entry, Use("video", "kling", version="2.1", share=60), Use("music", no_ai=True))
        made.append(entry)
    return made


def ask(client: Client, edition: Edition, form: str, columns: list[str], **filters: str) -> HttpResponseBase:
    query = urlencode([("format", form), *(("column", name) for name in columns), *filters.items()])
    return client.get(f"/{edition.slug}/desk/entries/download/?{query}")


def body(answer: HttpResponseBase) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def table(answer: HttpResponseBase) -> list[list[str]]:
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(body(answer).decode("utf-8-sig"), newline="")))


def test_every_column_in_csv(technician: Client, edition: Edition) -> None:
    (entry,) = make_entries(
        edition, title='=HYPERLINK("http://x")', synopsis={"en": "@all", "zh": "＋一"}, year=2026
    )
    Entry.objects.update(submitted_at=datetime(2026, 11, 1, 20, 30, tzinfo=UTC))
    asset = Asset.objects.create(sha256="5" * 64, size=10, key="originals/5", created_at=entry.created_at)
    FilmVersion.objects.update(asset=asset)
    head, row = table(ask(technician, edition, "csv", NAMES))
    said = dict(zip(head, row, strict=True))
    assert said["Code"] == entry.code
    assert said["Title of the film"] == '\'=HYPERLINK("http://x")'
    assert (said["Synopsis in English"], said["Synopsis in Chinese"]) == ("'@all", "'＋一")
    assert said["Submitted"] == "2026-11-02 04:30"  # in Shanghai
    assert (said["Length in seconds"], said["Picture size"], said["Frames a second"]) == (
        "90.04",
        "1920 × 1080",
        "24.0",
    )
    assert (said["Loudness in LUFS"], said["Findings"]) == ("-17.5", "The picture stays black")
    assert said["AI tools"] == "Video: Kling 2.1 60%; Music: No AI"
    assert said["File"] and int(said["Bytes"]) > 0 and said["SHA-256"] == "5" * 64
    assert "E-mail address" not in head and "Entrant" not in head  # for organisers alone


def test_the_same_for_excel(technician: Client, edition: Edition) -> None:
    make_entries(edition, title="=1+1", director="12")
    Entry.objects.update(submitted_at=datetime(2026, 11, 1, 20, 30, tzinfo=UTC))
    answer = ask(technician, edition, "xlsx", ["title", "director", "submitted", "seconds", "verdict"])
    assert answer["Content-Disposition"] == f'attachment; filename="entries-{edition.slug}.xlsx"'
    sheet = load_workbook(io.BytesIO(body(answer))).active
    assert sheet is not None and sheet.title == "Entries"
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[1] == ["=1+1", "12", datetime(2026, 11, 2, 4, 30), 90.04, "To be mended"]
    assert sheet["A2"].data_type == "s"  # text, not a formula


def test_organisers_may_reach_the_entrants(client: Client, edition: Edition) -> None:
    (entry,) = make_entries(edition)
    organiser = member(client, edition, Role.ORGANISER)
    assert table(ask(organiser, edition, "csv", ["email"])) == [["E-mail address"], [entry.entrant.email]]


@pytest.mark.parametrize("role", [Role.JUDGE, Role.CHAIR])
def test_others_take_nothing_away(client: Client, edition: Edition, role: Role) -> None:
    make_entries(edition)
    assert ask(member(client, edition, role), edition, "csv", ["code"]).status_code == 403


def test_only_what_the_list_shows_and_never_a_draft(technician: Client, edition: Edition) -> None:
    first, second = make_entries(edition, 2)
    factories.make_entry(edition, state="draft", title="Film 0")
    make_entries(factories.make_edition(slug="another"))
    assert table(ask(technician, edition, "csv", ["code"]))[1:] == [[first.code], [second.code]]
    assert table(ask(technician, edition, "csv", ["code"], q="Film 1"))[1:] == [[second.code]]
    assert table(ask(technician, edition, "csv", ["code"], q="nothing")) == [["Code"]]


def test_an_entry_without_a_film_has_empty_cells(technician: Client, edition: Edition) -> None:
    entry = factories.make_entry(edition, state="submitted")
    assert table(ask(technician, edition, "csv", ["code", "seconds", "size", "file", "sha256", "tools"]))[1] == [
        entry.code, "", "", "", "", "",
    ]  # fmt: skip


def test_no_column_is_answered_in_words(technician: Client, edition: Edition) -> None:
    make_entries(edition)
    answer = ask(technician, edition, "csv", [])
    assert (answer.status_code, b"Choose at least one column." in answer.content) == (400, True)  # type: ignore[attr-defined]
    assert ask(technician, edition, "csv", ["email"]).status_code == 400  # not theirs, and nothing else asked
    assert ask(technician, edition, "doc", ["code"]).status_code == 200  # the form


def test_the_form_keeps_the_filters(technician: Client, edition: Edition) -> None:
    make_entries(edition, 2)
    page = technician.get(f"/{edition.slug}/desk/entries/download/?q=Film+1").content.decode()
    assert '<input type="hidden" name="q" value="Film 1">' in page
    assert "1 entry, as the list shows it." in page
    assert 'value="title" checked' in page and 'value="sha256">' in page
    listed = technician.get(f"/{edition.slug}/desk/entries/?q=Film+1").content.decode()
    assert f'formaction="/{edition.slug}/desk/entries/download/"' in listed
    assert '<input type="hidden" name="q" value="Film 1">' in listed
    assert f'href="/{edition.slug}/desk/entries/download/?q=Film+1&amp;format=csv&amp;column=code' in listed


def test_the_file_says_the_same_as_the_page(technician: Client, edition: Edition) -> None:
    """Facts straight from the database, and those of the rows that the desk's page is made of."""
    entry = make_entries(edition, 3)[0]
    factories.make_credits(
        entry,
        Person(
            "Ann Lee", roles=("director", "other"), role_other="Lamps", is_representative=True, is_self=True
        ),
        Person("Bo", roles=("editor",), email="bo@example.org"),
    )
    factories.make_entry(edition, state="submitted")
    ids = list(Entry.objects.order_by("submitted_at", "pk").values_list("pk", flat=True))
    for few in ([column] for column in COLUMNS):
        assert [list(row) for row in rows_of(edition, Filters(), few)] == [
            [column.cell(row) for column in few] for row in table_rows(edition, ids, few)
        ]
    file = [list(row) for row in rows_of(edition, Filters(), COLUMNS)]
    assert file == [[column.cell(row) for column in COLUMNS] for row in table_rows(edition, ids, COLUMNS)]
    assert "Ann Lee (Direction, Lamps)" in file[0][NAMES.index("credits")] and len(file) == 4


def test_queries_do_not_grow_with_entries(technician: Client, edition: Edition) -> None:
    counts = []
    for more in (1, 5):
        make_entries(edition, more)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            table(ask(technician, edition, "csv", NAMES))
        counts.append(len(asked))
    assert counts[0] == counts[1]
