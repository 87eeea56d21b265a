"""Striking names out of text that stays: whole names, and nothing else."""

import pytest

from personal.scrubbing import Needles

HER = Needles(("ann.lee@example.org",), ("Ann", "李", "李雷", "Zhūshā"))


@pytest.mark.parametrize(
    ("text", "struck"),
    [
        ("Ann wrote it.", "[…] wrote it."),
        ("Annabel and Joann wrote it.", "Annabel and Joann wrote it."),
        ("From ANN.LEE@example.org: yes", "From […]: yes"),
        ("not.ann.lee@example.org", "not.ann.lee@example.org"),
        ("ann.lee@example.org.cn", "[…].cn"),
        ("导演李雷说", "导演[…]说"),
        ("李子", "李子"),  # one character may be anything
        ("李", "[…]"),
        ("Zhūshā’s film", "[…]’s film"),
        ("", ""),
    ],
)
def test_in_a_sentence(text: str, struck: str) -> None:
    assert HER.out_of(text) == struck


def test_in_json_at_any_depth_and_by_key() -> None:
    value = {
        "person": "Ann",
        "names": ["Bo", "Ann"],
        "n": 1,
        "deep": {"x": ["by Ann"]},
        "filename": "a.mov",
        "label": "",
    }
    assert HER.out_of(value, ("filename", "label")) == {
        "person": "[…]",
        "names": ["Bo", "[…]"],
        "n": 1,
        "deep": {"x": ["by […]"]},
        "filename": "[…]",
        "label": "",
    }


def test_nobody_in_particular() -> None:
    assert Needles(()).out_of("Ann") == "Ann"
