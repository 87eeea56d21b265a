"""`python -m judging.logic`: tables in, looks out, and every fault with its line."""

import json
import os
import subprocess
import sys

import pytest

from judging.logic.__main__ import main

FILMS = "entry,seconds,track,languages\n" + "".join(
    f"f{number},{60 + number * 7},{'ab'[number % 2]},{'en zh' if number % 3 else 'zh'}\n"
    for number in range(40)
)
JUDGES = "judge,hours,tracks,languages\nann,,,en zh\nbo,,a b,zh\ncy,2,,\ndi,2.5,b,zh\n"
CONFLICTS = "judge,entry\nann,f0\nbo,f1\n"


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """Write the tables and run the command in this process: status, output, errors."""
    monkeypatch.chdir(tmp_path)

    def run(films=FILMS, judges=JUDGES, conflicts=None, *options, looks="2"):
        arguments = ["allocate"]
        for name, table in (("films.csv", films), ("judges.csv", judges), ("conflicts.csv", conflicts)):
            if table is None:
                continue
            (tmp_path / name).write_bytes(table if isinstance(table, bytes) else table.encode())
            arguments += ["--conflicts", name] if name == "conflicts.csv" else [name]
        status = main([*arguments, "--looks", looks, *options])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_json(run):
    status, out, err = run(FILMS, JUDGES, CONFLICTS, "--json", "--seed", "9")
    said = json.loads(out)
    assert (status, err) == (0, "")
    assert list(said) == [
        "method", "version", "seed", "inputs_digest", "result_digest", "assignments", "unserved", "loads",
        "comparability", "notes",
    ]  # fmt: skip
    pairs = [(row["judge"], row["entry"]) for row in said["assignments"]]
    assert len(pairs) == len(set(pairs)) == 80
    assert not {("ann", "f0"), ("bo", "f1")} & set(pairs)
    assert not {film for judge, film in pairs if judge == "di"} & {f"f{number}" for number in range(0, 40, 2)}
    assert (said["seed"], said["unserved"], said["notes"]) == ("9", [], [])
    assert [(load["judge"], load["limit"]) for load in said["loads"]] == [
        ("ann", None), ("bo", None), ("cy", 7200), ("di", 9000),
    ]  # fmt: skip
    assert run(FILMS, JUDGES, CONFLICTS, "--json", "--seed", "9")[1] == out
    assert run(FILMS, JUDGES, CONFLICTS, "--json", "--seed", "8")[1] != out


@pytest.mark.parametrize(
    "films",
    [
        FILMS.replace("\n", "\r\n"),
        "\ufeff" + FILMS,
        FILMS.encode("utf-16"),
        FILMS.replace(",", ";"),
        FILMS.replace(",", "\t").replace("entry", " Entry "),
        "\n" + FILMS + "\n,,,\n\n",
    ],
)
def test_tables_are_read_forgivingly(run, films):
    assert run(films, JUDGES, None, "--json")[1] == run(FILMS, JUDGES, None, "--json")[1]


def test_columns_in_any_order_and_more_of_them(run):
    films = "title,languages,seconds,entry\n" + 'A,"en, zh",60.2,x\n"B,\nb",,61,y\nC,EN,62\n'
    status, _out, err = run(films, "judge\nann\n")
    assert (status, err) == (2, "films.csv, line 5: entry is empty.\n")
    status, out, _err = run(films.replace("62\n", "62,z\n"), "judge\nann\n", None, "--json", looks="1")
    assert (status, {row["entry"] for row in json.loads(out)["assignments"]}) == (0, {"x", "y", "z"})
    assert json.loads(out)["loads"][0]["seconds"] == 61 + 61 + 62


@pytest.mark.parametrize(
    ("tables", "sentences"),
    [
        ({"films": ""}, ["films.csv: the file is empty; it needs a heading line: entry, seconds."]),
        ({"films": "entry,length\na,1\n"}, ["films.csv, line 1: there is no column 'seconds'."]),
        ({"films": "entry,entry,seconds\n"}, ["films.csv, line 1: column 'entry' is there twice."]),
        (
            {"films": "entry,seconds\na,1\na,2\nb,-3\nc,long\n,4\nd,nan\ne,1e99\n"},
            [
                "films.csv, line 3: entry 'a' is in line 2 already.",
                "films.csv, line 4: seconds is '-3'; it must be a number from 0 to 604,800.",
                "films.csv, line 5: seconds is 'long'; it must be a number from 0 to 604,800.",
                "films.csv, line 6: entry is empty.",
                "films.csv, line 7: seconds is 'nan'; it must be a number from 0 to 604,800.",
                "films.csv, line 8: seconds is '1e99'; it must be a number from 0 to 604,800.",
            ],
        ),
        (
            {"films": "entry,seconds\nb,x\n", "judges": "judge,hours\nann,many\n"},
            [
                "films.csv, line 2: seconds is 'x'; it must be a number from 0 to 604,800.",
                "judges.csv, line 2: hours is 'many'; it must be a number from 0 to 100,000.",
            ],
        ),
        (
            {"films": "entry,seconds\nä,1\n".encode("latin-1")},
            ["films.csv, line 2: this is not UTF-8. Save the table as CSV UTF-8."],
        ),
        (
            {"films": "\n\nentry,seconds\na,x\n"},
            ["films.csv, line 4: seconds is 'x'; it must be a number from 0 to 604,800."],
        ),
        (
            {"films": 'entry,seconds,languages\na,1,en,zh\nb,"1,800",\nc,1_0,,\n'},
            [
                "films.csv, line 2: 4 cells, but the heading has 3; a cell with ',' needs quotation marks.",
                "films.csv, line 3: seconds is '1,800'; write it without a comma.",
                "films.csv, line 4: seconds is '1_0'; it must be a number from 0 to 604,800.",
            ],
        ),
        (
            {"films": 'entry,seconds,title\na,1,A\nb,2,"B\nc,3,C\n'},
            ["films.csv, line 3: unexpected end of data; is there a quotation mark too many?"],
        ),
        ({"conflicts": "judge,entry\nann,\n"}, ["conflicts.csv, line 2: a conflict needs a judge and an entry."]),
    ],
)  # fmt: skip
def test_faults_are_named_by_file_and_line(run, tables, sentences):
    status, out, err = run(**tables)
    assert (status, out, err.splitlines()) == (2, "", sentences)


def test_a_track_of_several_words(run):
    films = "entry,seconds,track\na,1,Short Film\nb,1,AI/VR\nc,1,Short\n"
    judges = "judge,tracks\nann,short film\nbo,SHORT AI/VR\n"
    said = json.loads(run(films, judges, None, "--json", looks="1")[1])
    assert {row["entry"]: row["judge"] for row in said["assignments"]} == {"a": "ann", "b": "bo", "c": "bo"}


def test_tenths_of_an_hour_are_whole_seconds(run):
    said = json.loads(run("entry,seconds\na,14760\n", "judge,hours\nann,4.1\n", None, "--json", looks="1")[1])
    assert (said["loads"][0]["limit"], said["unserved"]) == (14760, [])


@pytest.mark.parametrize("looks", ["three", "0", "-1", "1001", "2.5"])
def test_a_number_of_looks_that_cannot_be(run, capsys, looks):
    with pytest.raises(SystemExit) as stopped:
        run(looks=looks)
    assert stopped.value.code == 2
    assert "a number from 1 to 1000 is needed" in capsys.readouterr().err


def test_a_missing_file(run, capsys):
    run()
    assert main(["allocate", "nowhere.csv", "judges.csv", "--looks", "2"]) == 2
    assert capsys.readouterr().err == "nowhere.csv: No such file or directory.\n"


def test_what_is_passed_over_is_told(run):
    status, out, err = run("entry,seconds\nx,\n", "judge\nann\n", "judge,entry\nbob,x\nann,y\n", looks="1")
    assert status == 0
    assert err.splitlines() == [
        "films.csv, line 2: seconds is empty; the film counts as of no length.",
        "conflicts.csv, line 2: there is no judge 'bob' in judges.csv; the conflict is passed over.",
        "conflicts.csv, line 3: there is no entry 'y' in films.csv; the conflict is passed over.",
    ]
    assert out.startswith("1 looks, seed 0\n")


@pytest.mark.parametrize(
    ("films", "judges", "looks", "given", "reasons"),
    [
        ("entry,seconds\n", "judge\n", "3", 0, []),
        ("entry,seconds\nx,9\n", "judge\n", "3", 0, [("x", 3, "no_judges")]),
        ("entry,seconds\nx,9\n", "judge\nann\n", "3", 1, [("x", 2, "too_few_judges")]),
        ("entry,seconds\nx,0\ny,0\n", "judge,hours\nann,\nbo,\n", "1", 2, []),
        ("entry,seconds\nx,9\ny,9\n", "judge,hours\nann,0\nbo,0.003\n", "1", 1, None),
        ("entry,seconds,track\nx,9,a\n", "judge,tracks\nann,b c\n", "1", 0, [("x", 1, "track")]),
        ("entry,seconds,languages\nx,9,a\n", "judge,languages\nann,b c\n", "1", 0, [("x", 1, "language")]),
    ],
)
def test_small_and_empty_contests(run, films, judges, looks, given, reasons):
    status, out, _err = run(films, judges, None, "--json", looks=looks)
    said = json.loads(out)
    assert (status, len(said["assignments"])) == (0, given)
    if reasons is None:
        assert [(row["looks"], row["reason"]) for row in said["unserved"]] == [(1, "no_hours")]
    else:
        assert [(row["entry"], row["looks"], row["reason"]) for row in said["unserved"]] == reasons
    assert run(films, judges, looks=looks)[0] == 0


def test_the_summary_for_people(run):
    _status, out, _err = run(FILMS, JUDGES, CONFLICTS, looks="4")
    lines = out.splitlines()
    assert lines[0].endswith(" looks, seed 0")
    assert lines[2].split() == ["judge", "looks", "minutes", "share", "off"]
    assert [line.split()[0] for line in lines[3:7]] == ["ann", "bo", "cy", "di"]
    assert "  fewer judges may see it than looks are wanted: 21" in lines
    assert any(line.startswith("Comparability, in SD of the noise") for line in lines)


def test_panels_and_shared_hours(run):
    _status, out, _err = run(FILMS, "judge\nann\nbo\ncy\ndi\n", None, "--json", "--panels", "2", looks="1")
    said = json.loads(out)
    panels = [row["judges"] for row in said["panels"]]
    assert sorted(judge for panel in panels for judge in panel) == ["ann", "bo", "cy", "di"]
    assert len(said["assignments"]) == 80
    assert {load["panel"] for load in said["loads"]} == {"1", "2"}
    judges = "judge,hours\nann,0.1\nbo,0.2\n"
    assert len(json.loads(run(FILMS, judges, None, "--json", looks="2")[1])["unserved"]) > 0
    assert json.loads(run(FILMS, judges, None, "--json", "--share-hours", looks="2")[1])["unserved"] == []


@pytest.mark.parametrize(("arguments", "status"), [([], 2), (["--help"], 0), (["dance"], 2)])
def test_the_commands_are_listed(capsys, arguments, status):
    assert main(arguments) == status
    captured = capsys.readouterr()
    assert "allocate" in captured.out + captured.err


def test_from_a_shell(tmp_path):
    """No Django, no site: the module alone."""
    (tmp_path / "f.csv").write_text(FILMS, encoding="utf-8")
    (tmp_path / "j.csv").write_text(JUDGES, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "judging.logic",
        "allocate",
        str(tmp_path / "f.csv"),
        str(tmp_path / "j.csv"),
    ]
    done = subprocess.run([*command, "--looks", "2", "--json"], capture_output=True, text=True, check=True)
    assert len(json.loads(done.stdout)["assignments"]) == 80
    (tmp_path / "j.csv").write_text(JUDGES.replace("ann", "安"), encoding="utf-8")
    plain = os.environ | {"PYTHONIOENCODING": "ascii"}
    for form in ([], ["--json"]):
        done = subprocess.run([*command, "--looks", "2", *form], capture_output=True, check=True, env=plain)
        assert "安" in done.stdout.decode()
    command[command.index(str(tmp_path / "f.csv"))] = "-"
    done = subprocess.run(
        [*command, "--looks", "2", "--json"], input=FILMS.encode(), capture_output=True, check=True
    )
    assert len(json.loads(done.stdout)["assignments"]) == 80
    wrong = subprocess.run([*command, "--looks", "0"], capture_output=True, text=True, check=False)
    assert (wrong.returncode, wrong.stdout) == (2, "")
