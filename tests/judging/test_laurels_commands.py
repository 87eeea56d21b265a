"""`python -m judging.logic laurels` and `ballots`: the documented examples run, and faults have their place."""

import json
import re
from pathlib import Path

import pytest

from judging.logic.__main__ import main

DOCS = Path(__file__).parents[2] / "docs" / "judging-logic.md"
EXAMPLES = re.findall(r"```json (laurels|ballots)\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
PROBLEM = next(json.loads(text) for kind, text in EXAMPLES if kind == "laurels")


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """Run a command on a document: status, output, errors."""
    monkeypatch.chdir(tmp_path)

    def run(command, document):
        text = document if isinstance(document, str) else json.dumps(document)
        Path("in.json").write_text(text, encoding="utf-8")
        status = main([command, "in.json"])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_the_documented_examples(run):
    said = [run(kind, text) for kind, text in EXAMPLES]
    assert [(status, err) for status, _out, err in said] == [(0, "")] * 3
    assert said == [run(kind, text) for kind, text in EXAMPLES]
    laurels, ranked, motion = (json.loads(out) for _status, out, _err in said)
    assert [(row["slot"], row["film"]) for row in laurels["places"]] == [
        ("grand", "F1"), ("jury", "F4"), ("sponsor", "F3"), ("audience", "F3"), ("honour", "F5"),
    ]  # fmt: skip
    assert [(row["film"], row["why"]["code"]) for row in laurels["passed_over"]] == [("F2", "cap")]
    assert ranked["order"] == [["A"], ["C"], ["B"]]
    assert (motion["result"], motion["by_casting_vote"]) == ("carried", True)


def test_rules_that_clash_are_named(run):
    film = {"film": "F1"}
    slot = {"places": 1, "decided_by": "standing", "order": "o"}
    document = {
        "slots": [{"slot": "a", **slot}, {"slot": "b", **slot}],
        "entries": [film],
        "orders": {"o": [{**film, "rank": 1}]},
    }
    status, _out, err = run("laurels", document)
    assert (status, err) == (
        1,
        (
            "No list keeps these rules together: slot 'a' must be filled; slot 'b' must be filled; "
            "one film has one award, but for slots that combine.\n"
        ),
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"slot": []}, "the document: there is no field 'slot'; known are"),
        ({"slots": 3}, "slots: must be a list, not 3."),
        ({"slots": [{"slot": "a", "places": 0, "decided_by": "standing", "order": "final"}]},
         "slots[0].places: is 0; it must be from 1 to 10000."),
        ({"slots": [{"slot": "a", "places": True, "decided_by": "standing", "order": "final"}]},
         "slots[0].places: must be a whole number, not true."),
        ({"orders": {"final": [{"film": "F9", "rank": 1}]}}, "orders.final[0].film: there is no entry 'F9'."),
        ({"quotas": [{"name": "q", "attribute": "a", "value": 1, "least": 2, "most": 1}]},
         "quotas[0]: least is 2 and most is 1."),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_its_place(run, change, said):
    status, out, err = run("laurels", {**PROBLEM, **change})
    assert (status, out, err.startswith(said)) == (2, "", True), err


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "in.json, line 1, column 2: this is not JSON"),
        ('{"a": NaN}', "in.json: this is not JSON that can be read: NaN is not a number."),
        ({"method": "best"}, "method: must be one of"),
        ({"method": "points", "films": ["A"], "ballots": [{"voter": "v", "votes": {"B": 1}}]},
         "ballots[0].votes.B: there is no film 'B'."),
        ({"method": "majority", "recused": ["v"], "ballots": [{"voter": "v", "vote": "yes"}]},
         "ballots[0].voter: 'v' is recused."),
    ],
)  # fmt: skip
def test_a_fault_in_ballots_is_named_by_its_place(run, document, said):
    status, out, err = run("ballots", document)
    assert (status, out, err.startswith(said)) == (2, "", True), err
