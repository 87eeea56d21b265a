"""`calibrate` from a shell: tables from anywhere, the documented JSON, a sentence for every fault."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from judging.logic.__main__ import main
from judging.logic.scores import ranks_of
from judging.rehearsal.truth import CONFERENCE, Contest

PLAIN = "judge,entry,score\na,x,7\nb,x,6\na,y,3\nb,y,4.5\nc,z,9\na,z,8\n"


@pytest.fixture
def table(tmp_path: Path):
    def write(text: str | bytes, name: str = "scores.csv") -> str:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def answer(capsys, *arguments: str) -> dict:
    assert main(["calibrate", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_documented_json(table, capsys):
    found = answer(capsys, table(PLAIN), "--cut", "1")
    assert [row["entry"] for row in found["entries"]] == ["z", "x", "y"]
    assert [row["rank"] for row in found["entries"]] == [1, 2, 3]
    first = found["entries"][0]
    assert set(first) == {
        "entry", "raw_mean", "looks", "score", "sd", "p_cut", "rank", "rank_low", "rank_high", "own_scale", "undecided",
    }  # fmt: skip
    assert (first["raw_mean"], first["looks"]) == (8.5, 2)
    assert sum(row["p_cut"] for row in found["entries"]) == pytest.approx(1)
    assert [row["judge"] for row in found["judges"]] == ["a", "b", "c"]
    assert {"judge", "severity", "se"} <= set(found["judges"][0])
    assert set(found["variances"]) == {"entry", "judge", "residual"}


def test_without_a_cut_there_are_no_chances(table, capsys):
    assert {row["p_cut"] for row in answer(capsys, table(PLAIN))["entries"]} == {None}


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + PLAIN,
        PLAIN.replace(",", ";").replace("4.5", "4,5"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace("\n", "\r\n\r\n"),
        PLAIN.replace("judge,entry,score", " Judge ,ENTRY,Score"),
        PLAIN.replace("score", "score,remark").replace("7\n", "7,fine\n"),
    ],
    ids=["BOM", "semicolons", "tabs", "empty lines", "capitals", "more columns"],
)
def test_tables_as_people_have_them(table, capsys, text):
    assert answer(capsys, table(text), "--cut", "1") == answer(
        capsys, table(PLAIN, "plain.csv"), "--cut", "1"
    )


def test_chinese_names_in_an_old_encoding(table, capsys):
    found = answer(capsys, table(PLAIN.replace("x", "雨夜").encode("gb18030")))
    assert {row["entry"] for row in found["entries"]} == {"雨夜", "y", "z"}


def test_criteria_of_a_look_are_brought_together(table, capsys):
    text = "judge,entry,criterion,score\n"
    for judge, entry, story, craft in (
        ("a", "x", 8, 6),
        ("b", "x", 7, 5),
        ("a", "y", 4, 2),
        ("b", "y", 3, ""),
    ):
        text += f"{judge},{entry},story,{story}\n{judge},{entry},craft,{craft}\n"
    found = {row["entry"]: row for row in answer(capsys, table(text))["entries"]}
    assert (found["x"]["looks"], found["y"]["looks"]) == (2, 2)
    assert found["x"]["raw_mean"] == 6.5
    # b's look at y has no craft: her story counts as what it is beside the other stories.
    story, craft = (8 + 7 + 4 + 3) / 4, (6 + 5 + 2) / 3
    assert found["y"]["raw_mean"] == pytest.approx((3 + 3 + (story + craft) / 2 - story) / 2, abs=1e-6)


def test_the_order_of_lines_changes_nothing_where_a_criterion_is_there_twice(table, capsys):
    heading = "judge,entry,criterion,score,order"
    lines = ["a,x,s,1,2", "a,x,s,9,", "a,x,c,.1,3", "b,x,s,5,1", "b,y,s,4,2", "a,y,s,3,1"]
    found = [
        answer(capsys, table("\n".join([heading, *some]), "s.csv"))
        for some in (lines, lines[::-1], sorted(lines))
    ]
    assert found[0] == found[1] == found[2]
    first = next(row for row in found[0]["entries"] if row["entry"] == "x")
    assert first["looks"] == 2


def test_numbers_beyond_all_scales_are_refused(table, capsys):
    assert main(["calibrate", table(PLAIN + "a,v,1e14\n")]) == 2
    assert "line 8: '1e14' is not a score: write a number from -1e9 to 1e9." in capsys.readouterr().err
    found = answer(capsys, table("judge,entry,score\na,x,1e9\nb,x,-1e9\na,y,3e8\nb,y,5\n"), "--cut", "1")
    assert found["variances"]["residual"] > 1e17


def test_tracks_have_means_of_their_own_and_films_without_a_score_the_prior(table, capsys):
    text = "judge,entry,score,track\n"
    for film, track, base in (("x", "s", 8), ("y", "s", 7), ("v", "t", 3), ("w", "t", 2)):
        for judge in "abc":
            text += f"{judge},{film},{base + ord(judge) - 98},{track}\n"
    text += "a,unseen,,t\n"
    found = answer(capsys, table(text))
    assert set(found["tracks"]) == {"s", "t"}
    unseen = next(row for row in found["entries"] if row["entry"] == "unseen")
    assert (unseen["raw_mean"], unseen["looks"]) == (None, 0)
    assert unseen["score"] == pytest.approx(found["tracks"]["t"], abs=1e-5)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "scores.csv: the file is empty; it needs a heading line: judge, entry, score."),
        (
            "judge,film,score\na,x,1\n",
            "scores.csv, line 1: there is no column 'entry'.",
        ),
        (PLAIN + "a,v,good\n", "scores.csv, line 8: 'good' is not a score: write a number from -1e9 to 1e9."),
        (PLAIN + ",v,3\n", "scores.csv, line 8: judge and entry must both be named."),
        (PLAIN + "a,v,nan\n", "scores.csv, line 8: 'nan' is not a score: write a number from -1e9 to 1e9."),
        (PLAIN + "a,v,inf\n", "scores.csv, line 8: 'inf' is not a score: write a number from -1e9 to 1e9."),
        ("judge,entry,score\na,x,\n", "scores.csv: there are no scores."),
        (
            "judge,entry,score,track\na,x,1,s\nb,x,2,t\n",
            "scores.csv, line 3: entry 'x' is in track 't' here and in 's' before.",
        ),
        (
            "judge,entry,score,order\na,x,1,first\n",
            "line 2: 'first' is not a place in the order: write a number.",
        ),
    ],
)
def test_faults_are_named_with_their_line(table, capsys, text, sentence):
    assert main(["calibrate", table(text)]) == 2
    printed = capsys.readouterr()
    assert sentence in printed.err and printed.out == ""


def test_many_faults_are_counted(table, capsys):
    assert main(["calibrate", table("judge,entry,score\n" + "a,x,?\n" * 30)]) == 2
    printed = capsys.readouterr().err.splitlines()
    assert (len(printed), printed[-1]) == (21, "… and 10 more.")


@pytest.mark.parametrize("cut", ["0", "4", "-1"])
def test_a_cut_outside_the_films_is_refused(table, capsys, cut):
    assert main(["calibrate", table(PLAIN), f"--cut={cut}"]) == 2
    assert "--cut must be between 1 and the number of entries, 3." in capsys.readouterr().err


def test_a_file_that_is_not_there(capsys):
    assert main(["calibrate", "nowhere/scores.csv"]) == 2
    assert "nowhere/scores.csv: No such file or directory." in capsys.readouterr().err


def test_the_page_for_people(table, capsys):
    assert main(["calibrate", table(PLAIN), "--cut", "1"]) == 0
    page = capsys.readouterr().out
    assert "3 entries, 3 judges, 6 looks" in page
    assert "expected to be truly among the best 1" in page
    assert "severity" in page


def test_every_run_prints_the_same(tmp_path: Path):
    contest = Contest(CONFERENCE, films=300, judges=20, seed=1)
    contest.look_at_all(3)
    table = tmp_path / "scores.csv"
    lines = [
        f"j{judge},f{entry},{score}"
        for entry, judge, score in zip(contest.entry, contest.judge, contest.score, strict=True)
    ]
    command = [sys.executable, "-m", "judging.logic", "calibrate", str(table), "--cut", "20", "--json"]
    printed = []
    for order in (lines, lines[::-1]):
        table.write_text("\n".join(["judge,entry,score", *order]))
        printed.append(subprocess.run(command, capture_output=True, check=True).stdout)
    assert printed[0] == printed[1]


def test_scores_that_are_shown_equal_share_a_rank() -> None:
    """What differs beyond the decimals shown is the computer's rounding, not the films."""
    assert ranks_of([6.0, 5.0000001, 5.0, 4.0, float("nan")]) == [1, 2, 2, 4, None]


def test_nothing_is_never_minus_nothing(table, capsys):
    text = "judge,entry,score\n" + "".join(f"{judge},{film},7.1\n" for judge in "abc" for film in "uvwxyz")
    assert main(["calibrate", table(text), "--cut", "2", "--json"]) == 0
    printed = capsys.readouterr().out
    assert "-0.0" not in printed
    assert json.loads(printed)["panel"]["alpha"] is None
