"""Entries from elsewhere: FilmFreeway's export as it is, films beside it, run again without doing anything twice."""

import csv
import io
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from festival.edition.models import Edition, Track
from festival.people.models import User
from submissions import storing
from submissions.importing import actions as importing
from submissions.importing import sheet as importing_sheet
from submissions.importing.films import FilmFile, FilmIndex, Folder
from submissions.importing.rows import RowReader
from submissions.importing.sheet import Line, SheetError, open_sheet
from submissions.lifecycle import State
from submissions.models import Asset, Entry, FilmVersion, ImportedRow, Inspection
from submissions.question_queries import answer_views
from tests.factories import make_edition, make_question

# The headings of FilmFreeway's submissions export that mean something here, and some that do not.
FREEWAY = (
    "First Name",
    "Last Name",
    "Email",
    "Tracking Number",
    "Project Title",
    "Project Title (Original Language)",
    "Synopsis",
    "Synopsis (Original Language)",
    "Duration",
    "Country of Origin",
    "Language",
    "Project Type",
    "Completion Date",
    "Directors",
    "Screenings / Awards",
    "Submission Categories",
    "Submission Date",
    "Submission Status",
    "Submission Custom Field 1",
    "Submission Custom Answer 1",
    "Phone",
)
LAMP = {
    "First Name": "Lan",
    "Last Name": "Wei",
    "Email": "Lan@Example.org",
    "Tracking Number": "FF-1001",
    "Project Title": "The Last Lamp",
    "Project Title (Original Language)": "最后一盏灯",
    "Synopsis": "A lamp goes out.",
    "Synopsis (Original Language)": "一盏灯熄灭了。",
    "Duration": "00:04:30",
    "Country of Origin": "China",
    "Language": "Mandarin, English",
    "Project Type": "Animation, Short",
    "Completion Date": "March 1, 2026",
    "Directors": "Wei Lan",
    "Screenings / Awards": "Somewhere, 2026",
    "Submission Categories": "Open",
    "Submission Date": "2026/03/05",
    "Submission Status": "In Consideration",
    "Submission Custom Field 1": "Which school?",
    "Submission Custom Answer 1": "BFA",
    "Phone": "12345",
}


def manifest(path: Path, *rows: dict[str, str], encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    """A CSV file with FilmFreeway's headings."""
    text = io.StringIO()
    writer = csv.DictWriter(text, FREEWAY, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    file = path / "manifest.csv"
    file.write_bytes(text.getvalue().encode(encoding))
    return file


def run(edition: Edition, file: Path, *arguments: str, fails: bool = False) -> str:
    """What the command prints."""
    out = io.StringIO()
    if fails:
        with pytest.raises(SystemExit):
            call_command("import_entries", edition.slug, str(file), *arguments, stdout=out)
    else:
        call_command("import_entries", edition.slug, str(file), *arguments, stdout=out)
    return out.getvalue()


# --- Reading ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_however_it_was_saved(tmp_path: Path, encoding: str, delimiter: str) -> None:
    sheet = open_sheet(manifest(tmp_path, LAMP, encoding=encoding, delimiter=delimiter))
    assert sheet.headings == FREEWAY
    assert [line.cells for line in sheet.lines()] == [LAMP]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "manifest.csv is empty, or its first line is. The first line must name the columns."),
        (b"PK\x03\x04rest", "manifest.csv is a spreadsheet file. Save it as CSV (UTF-8) and import that."),
        (b"a,b\0c", "manifest.csv is no text file. Save the table as CSV (UTF-8) and import that."),
        (
            b"a,b\n\xff\xff\xff,1",
            "manifest.csv is neither UTF-8 nor GB18030. Save the table as CSV (UTF-8) and import that.",
        ),
        (b"id,title,id\n1,A,2", "The column “id” is there twice. Rename or remove one of them."),
        (b'id,"title\n', "The heading line cannot be read: unexpected end of data."),
        (("c," * 600).encode(), "The file has 601 columns; 500 at most are read."),
    ],
)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "manifest.csv"
    file.write_bytes(content)
    with pytest.raises(SheetError) as refused:
        open_sheet(file)
    assert str(refused.value).removeprefix(f"{tmp_path}/") == sentence


def test_a_broken_quote_names_its_line_and_keeps_what_came_before(tmp_path: Path) -> None:
    file = tmp_path / "manifest.csv"
    file.write_text('id,title\n1,A\n2,"B\n3,C\n')
    lines = open_sheet(file).lines()
    assert next(lines) == Line(2, {"id": "1", "title": "A"})
    with pytest.raises(SheetError, match=r"^Line 4 cannot be read: unexpected end of data"):
        next(lines)


def test_a_row_with_more_cells_than_headings_says_so(tmp_path: Path) -> None:
    file = tmp_path / "manifest.csv"
    file.write_text("id,title\n\n1,A lamp, and more\n2,B,,\n")
    first, second = open_sheet(file).lines()
    assert first.problem.startswith("The row has 3 cells, the heading 2:")
    assert second.problem == ""


@pytest.mark.django_db
def test_a_row_of_filmfreeway_is_an_entry() -> None:
    edition = make_edition(time_zone="Asia/Shanghai")
    school = make_question(edition, text="Which school?")
    reader = RowReader(edition, FREEWAY, at=timezone.now())
    assert reader.unknown == ["Phone"]
    row = reader.read(Line(2, LAMP))
    assert (row.problems, row.notes) == ([], [])
    assert (row.key, row.email, row.name, row.track) == (
        "FF-1001",
        "lan@example.org",
        "Lan Wei",
        edition.tracks.get(),
    )
    assert row.values == {
        "title": "最后一盏灯",
        "title_en": "The Last Lamp",
        "director": "Wei Lan",
        "ai_statement": "",
        "synopsis": {"en": "A lamp goes out.", "zh": "一盏灯熄灭了。"},
        "country": "CN",
        "language": "zh, en",
        "running_time": 270,
        "showings": "Somewhere, 2026",
        "year": 2026,
        "genre": "animation",
    }
    assert row.answers == {school.pk: "BFA"}
    assert row.submitted_at is not None and row.submitted_at.isoformat() == "2026-03-04T16:00:00+00:00"
    assert RowReader(edition, FREEWAY, at=timezone.now()).read(Line(9, LAMP)).digest == row.digest


NO_NUMBER = (
    "The row has no number. Add a column “Tracking Number” with a different number in each row: "
    "by it a row is recognised when the import is run again."
)
NO_TRACK = (
    "The track “Drama” is not one of this edition's (open, other). Say which it is with "
    '--tracks "Drama=SLUG", or give one for all with --track.'
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "problems", "notes"),
    [
        ({"Tracking Number": ""}, [NO_NUMBER], []),
        ({"Email": "nobody"}, ["“nobody” is no e-mail address."], []),
        ({"Project Title": "", "Project Title (Original Language)": ""}, ["The row has no title."], []),
        ({"Submission Categories": "Drama"}, [NO_TRACK], []),
        ({"Duration": "long"}, [], ["Running time “long” was left out: not understood."]),
        ({"Completion Date": "soon"}, [], ["Year “soon” was left out: not understood."]),
        ({"Project Type": "Sculpture"}, [], ["The form “Sculpture” was left out: not understood."]),
        ({"Synopsis (Original Language)": "Une lampe s'éteint."}, [],
         ["A second synopsis, neither in English nor in Chinese, was left out."]),
        ({"Submission Custom Field 1": "Shoe size?"}, [],
         ["The answer to “Shoe size?” was left out: no such question here."]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_row_is_said(
    change: dict[str, str], problems: list[str], notes: list[str]
) -> None:
    edition = make_edition()
    Track.objects.create(edition=edition, slug="other", name={"en": "Other"}, position=1)
    make_question(edition, text="Which school?")
    row = RowReader(edition, FREEWAY, at=timezone.now()).read(Line(2, LAMP | change))
    assert (row.problems, row.notes) == (problems, notes)


@pytest.mark.django_db
def test_a_number_that_is_there_twice_and_a_track_by_another_name() -> None:
    edition = make_edition()
    other = Track.objects.create(
        edition=edition, slug="other", name={"en": "Other", "zh": "其他"}, position=1
    )
    reader = RowReader(edition, FREEWAY, tracks={"Animated Short": "other"}, track="open", at=timezone.now())
    first = reader.read(Line(2, LAMP | {"Submission Categories": "Best Score, Animated Short"}))
    second = reader.read(Line(3, LAMP | {"Submission Categories": "其他"}))
    third = reader.read(Line(4, LAMP | {"Tracking Number": "3", "Submission Categories": "Anything"}))
    assert (first.track, second.track, third.track) == (other, other, edition.tracks.get(slug="open"))
    assert second.problems == ["The number FF-1001 is there twice."]
    with pytest.raises(ValueError, match=r"There is no track 'drama'; there are open, other\."):
        RowReader(edition, FREEWAY, track="drama", at=timezone.now())


# --- Films --------------------------------------------------------------------------------------------------


def test_films_are_found_by_name_stem_and_number(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("1001_The Lamp.mp4", "a/最后一盏灯.MOV", "a/lamp.mkv", "lamp.mp4", "notes.txt"):
        (tmp_path / name).write_bytes(b"film")
    (tmp_path / "link.mp4").symlink_to("/etc/passwd")
    index = FilmIndex(Folder(tmp_path))

    def names(*wanted: str) -> list[str]:
        return [film.name for film in index.find(*wanted)]

    assert index.count == 4
    assert names("", "1001") == names("1001_the lamp.mp4") == ["1001_The Lamp.mp4"]
    assert names("最后一盏灯") == ["a/最后一盏灯.MOV"]
    assert names("lamp") == ["a/lamp.mkv", "lamp.mp4"]
    assert names("a/lamp.mkv", "lamp") == ["a/lamp.mkv"]
    assert names("the") == names("link") == names("../lamp.mp4") == []


# --- The command --------------------------------------------------------------------------------------------


@pytest.fixture
def edition(db: None, media: Path) -> Edition:
    return make_edition(call_open=False)


def test_a_dry_run_tells_and_writes_nothing(edition: Edition, tmp_path: Path) -> None:
    wrong = LAMP | {"Tracking Number": "FF-1002", "Email": ""}
    said = run(edition, manifest(tmp_path, LAMP, wrong), fails=True)
    assert "2 rows: 1 refused, 1 would be created." in said and "Nothing was written." in said
    assert "line 3, FF-1002: The row has no e-mail address." in said
    assert (Entry.objects.count(), User.objects.count(), ImportedRow.objects.count()) == (0, 0, 0)


def test_a_long_table_needs_no_more_queries_and_hardly_more_memory(
    edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a row nothing but its number is kept. A million rows: `python -m benchmarks.imports`."""

    monkeypatch.setattr(importing_sheet, "BLOCK", 4096)  # else it is larger than the table

    def asked_and_peak(count: int) -> tuple[int, int]:
        rows = (LAMP | {"Tracking Number": f"FF-{number}"} for number in range(count))
        file = manifest(tmp_path, *rows)
        tracemalloc.start()
        with CaptureQueriesContext(connection) as asked:
            said = run(edition, file, "--report", str(tmp_path / "report.csv"))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert f"{count} rows: {count} would be created." in said
        return len(asked), peak

    few, short = asked_and_peak(2_000)
    many, long = asked_and_peak(4_000)
    assert few == many
    assert (long - short) / 2_000 < 400  # bytes a row; the row itself has 1,500


def test_entries_films_and_accounts_once_however_often_it_is_run(
    edition: Edition, tmp_path: Path, film: Path
) -> None:
    films = tmp_path / "films"
    films.mkdir()
    (films / "FF-1001 最后一盏灯.mp4").write_bytes(film.read_bytes())
    second = LAMP | {"Tracking Number": "FF-1002", "Project Title": "Another", "Email": "other@example.org"}
    gone = LAMP | {"Tracking Number": "FF-1003", "Submission Status": "Withdrawn"}
    file = manifest(tmp_path, LAMP, second, gone)
    arguments = ("--films", str(films), "--apply", "--submit", "--report", str(tmp_path / "report.csv"))
    said = run(edition, file, *arguments)
    assert "3 rows: 1 created, 1 created and submitted, 1 left out." in said
    lamp = Entry.objects.get(title="最后一盏灯", imported__key="FF-1001")
    assert lamp.state == State.SUBMITTED
    assert lamp.submitted_at is not None and lamp.submitted_at.date().isoformat() == "2026-03-05"
    assert lamp.versions.get().asset.size == film.stat().st_size
    assert not lamp.entrant.has_usable_password()
    assert Entry.objects.get(imported__key="FF-1002").state == State.DRAFT
    with open(tmp_path / "report.csv", encoding="utf-8-sig", newline="") as report:
        rows = list(csv.DictReader(report))
    assert [(row["number"], row["result"], row["film"]) for row in rows] == [
        ("FF-1001", "created and submitted", "FF-1001 最后一盏灯.mp4 (brought in)"),
        ("FF-1002", "created", ""),
        ("FF-1003", "left out", ""),
    ]
    counts = [model.objects.count() for model in (Entry, User, FilmVersion, Asset, Inspection, ImportedRow)]
    again = run(edition, file, *arguments)
    assert "3 rows: 1 left out, 2 unchanged." in again
    assert [
        model.objects.count() for model in (Entry, User, FilmVersion, Asset, Inspection, ImportedRow)
    ] == counts
    assert counts == [2, 2, 1, 1, 1, 2]
    assert (films / "FF-1001 最后一盏灯.mp4").read_bytes() == film.read_bytes()  # the organiser's file stays


def test_a_changed_row_changes_a_draft_and_not_what_was_submitted(edition: Edition, tmp_path: Path) -> None:
    second = LAMP | {"Tracking Number": "FF-1002"}
    run(edition, manifest(tmp_path, LAMP, second), "--apply")
    Entry.objects.filter(imported__key="FF-1002").update(state="eligible", submitted_at=timezone.now())
    changed = [row | {"Project Title (Original Language)": "新的片名"} for row in (LAMP, second)]
    said = run(edition, manifest(tmp_path, *changed), "--apply")
    assert "2 rows: 1 kept, 1 updated." in said
    titles = dict(ImportedRow.objects.values_list("key", "entry__title"))
    assert titles == {"FF-1001": "新的片名", "FF-1002": "最后一盏灯"}


def test_an_import_that_was_killed_goes_on(
    edition: Edition, tmp_path: Path, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "films").mkdir()
    (tmp_path / "films/FF-1001.mp4").write_bytes(film.read_bytes())
    file = manifest(tmp_path, LAMP)
    arguments = ("--films", str(tmp_path / "films"), "--apply", "--submit")
    whole = storing.store_original

    def die(*_arguments: Any, **_options: Any) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(storing, "store_original", die)
    with pytest.raises(KeyboardInterrupt):
        call_command("import_entries", edition.slug, str(file), *arguments, stdout=io.StringIO())
    assert (Entry.objects.get().state, FilmVersion.objects.count(), Asset.objects.count()) == ("draft", 0, 0)
    monkeypatch.setattr(storing, "store_original", whole)
    assert "1 rows: 1 unchanged and submitted." in run(edition, file, *arguments)
    assert (Entry.objects.get().state, FilmVersion.objects.count(), Asset.objects.count()) == (
        "submitted",
        1,
        1,
    )


def test_a_film_that_is_not_there_or_not_certain_is_said(edition: Edition, tmp_path: Path) -> None:
    films = tmp_path / "films"
    (films / "a").mkdir(parents=True)
    (films / "a/FF-1001.mp4").write_bytes(b"1")
    (films / "FF-1001.mov").write_bytes(b"2")
    missing = LAMP | {"Tracking Number": "FF-1002"}
    said = run(edition, manifest(tmp_path, LAMP, missing), "--films", str(films))
    assert "Several films could be meant: FF-1001.mov, a/FF-1001.mp4. Name one in a column “File”." in said
    assert "line 3, FF-1002: No film was found for 'FF-1002'." in said
    empty = FilmFile("empty.mp4", 0)
    row = RowReader(edition, FREEWAY, at=timezone.now()).read(Line(2, LAMP))
    imported = importing.write_row(edition=edition, row=row, at=timezone.now()).imported
    with pytest.raises(OSError, match="the file is empty"):
        importing.bring_film(imported=imported, film=empty, films=Folder(films), at=timezone.now())


def test_answers_come_along_and_submission_keeps_their_words(edition: Edition, tmp_path: Path) -> None:
    make_question(edition, text="Which school?")
    run(edition, manifest(tmp_path, LAMP), "--apply")
    assert [(view.question, view.text) for view in answer_views(Entry.objects.get())] == [
        ("Which school?", "BFA")
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--track", "drama"), "There is no track 'drama'; there are open."),
        (("--films", "/nowhere/at/all"), "/nowhere/at/all is no folder"),
        (("--tracks", "Drama=drama"), "There is no track 'drama'; there are open."),
    ],
)
def test_a_wrong_option_is_said_before_anything_is_written(
    edition: Edition, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("import_entries", edition.slug, str(manifest(tmp_path, LAMP)), "--apply", *arguments)
    assert (str(refused.value), Entry.objects.count()) == (sentence, 0)


def test_a_manifest_that_breaks_off_keeps_what_came_before(edition: Edition, tmp_path: Path) -> None:
    file = manifest(tmp_path, LAMP)
    file.write_bytes(file.read_bytes() + b'"broken')
    with pytest.raises(CommandError, match="What was read before it stays imported"):
        call_command("import_entries", edition.slug, str(file), "--apply", stdout=io.StringIO())
    assert Entry.objects.count() == 1
