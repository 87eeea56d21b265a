"""Real films of a rehearsal: planted, inspected, and found again; what they weigh, where films like them are judged."""

from pathlib import Path

import pytest

from festival.edition.rulebook_default import DEFAULT
from judging.rehearsal.filmed import KINDS, UNREADABLE, inspect_all, plant, usable
from judging.rehearsal.load import BENCHMARKS
from judging.rehearsal.weights import measured

FEW = [kind for kind in KINDS if kind[0] in ("freeze", UNREADABLE)] + [KINDS[0]]


def test_every_planted_fault_is_found_and_nothing_else(tmp_path: Path) -> None:
    plant(tmp_path, FEW)
    found = inspect_all(tmp_path, DEFAULT)
    assert found.row == {"films": 3, "planted": 2, "found": 2, "false": 0}
    assert sorted(report["verdict"] for report, _bytes in found.reports) == ["fix", "pass", "unreadable"]
    assert len(usable(found.reports)) == 2
    assert not found.weighs  # so small that no contest is made of them


def test_a_folder_without_films_is_said(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("No film.")
    with pytest.raises(ValueError, match="no films"):
        inspect_all(tmp_path, DEFAULT)


def test_a_second_of_film_weighs_what_all_seconds_weigh_together() -> None:
    films = [
        ({"video": {"duration": 100.0}, "cost": {"cpu": 50.0}}, 200_000_000),
        ({"video": {"duration": 300.0}, "cost": {"cpu": 350.0}}, 200_000_000),
        ({"video": None, "cost": {"cpu": 1.0}}, 5),  # unreadable: says nothing
    ]
    found = measured(films, source="films")
    assert (found.worker_seconds, found.bytes, found.films) == (1.0, 1_000_000, 2)
    assert measured(films, source="site", least=3) == BENCHMARKS
