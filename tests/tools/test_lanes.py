"""Lanes: what is left out, what is counted, what makes the run fail."""

from pathlib import Path

import pytest

from tools import lanes
from tools.lanes import LANES, Lane, Outcome, choose, run_lane, summary
from tools.process import Failed
from tools.services import CephRGW

ROOT = Path(__file__).resolve().parents[2]


def test_a_lane_without_its_program_says_in_one_line_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    outcome = run_lane(Lane("s3", "s3", require=CephRGW.require), [], require_all=False)
    assert outcome.left_out
    assert not outcome.red
    assert str(outcome) == (
        "s3        left out: no Ceph gateway (radosgw, radosgw-admin, ceph-osd, ceph-mon, ceph, monmaptool, "
        "ceph-authtool): apt-get install --no-install-recommends radosgw ceph-osd ceph-mon"
    )


def test_where_everything_is_required_it_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    outcome = run_lane(Lane("s3", "s3", require=CephRGW.require), [], require_all=True)
    assert outcome.red
    assert summary([Outcome("unit", passed=3), outcome]).splitlines()[-1] == "3 passed, 1 failed"


def run_on(tmp_path: Path, source: str) -> Outcome:
    """Run a lane for real on one file of tests."""
    (tmp_path / "test_it.py").write_text(source)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    arguments = [
        "-c",
        str(tmp_path / "pytest.ini"),
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
        "-p",
        "no:django",
    ]
    return run_lane(Lane("unit", "not s3"), arguments, require_all=False)


def test_a_lane_counts_what_pytest_counted(tmp_path: Path) -> None:
    source = (
        "import pytest\ndef test_a(): pass\ndef test_b(): pass\ndef test_c(): assert 0\n"
        "@pytest.mark.skip\ndef test_d(): pass\n@pytest.fixture\ndef broken(): 1/0\ndef test_e(broken): pass\n"
    )
    outcome = run_on(tmp_path, source)
    assert (outcome.passed, outcome.failed, outcome.skipped) == (2, 2, 1)
    assert outcome.red


def test_a_lane_that_runs_no_test_is_red(tmp_path: Path) -> None:
    outcome = run_on(tmp_path, "")
    assert outcome.red
    assert outcome.note == "no test ran"


def test_a_lane_whose_tests_pass_is_green(tmp_path: Path) -> None:
    outcome = run_on(tmp_path, "def test_a(): pass\n")
    assert not outcome.red
    assert summary([outcome]).splitlines()[-1] == "1 passed, 0 failed"


def test_a_path_or_an_option_means_the_unit_lane_alone() -> None:
    assert [lane.name for lane in choose([])[0]] == [lane.name for lane in LANES]
    lanes_chosen, rest = choose(["tests/tools", "-k", "valkey"])
    assert ([lane.name for lane in lanes_chosen], rest) == (["unit"], ["tests/tools", "-k", "valkey"])
    lanes_chosen, rest = choose(["--lane", "s3", "-x"])
    assert ([lane.name for lane in lanes_chosen], rest) == (["s3"], ["-x"])
    with pytest.raises(Failed, match="no lane load"):
        choose(["--lane", "load"])


def test_a_test_run_does_not_see_another_sites_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://real")
    monkeypatch.setenv("STORAGE", "s3://real")
    given = lanes.environment(tmp_path, {})
    assert "DATABASE_URL" not in given
    assert "STORAGE" not in given
    assert given["FIRSTLIGHT_VAR"] == str(tmp_path / "var")
