"""A small storm at the deadline over real programs: twenty uploads while they are killed and started again.

The large ones are `python -m benchmarks.storm`. Kills come after so many acknowledged parts, not after so many seconds.
"""

import hashlib
import json
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.storm import ledger
from benchmarks.storm.figures import Storm
from benchmarks.storm.places import Embedded, Full
from benchmarks.storm.plan import WAYS
from benchmarks.storm.run import Weather, module, storm, tell
from benchmarks.storm.stream import Film
from tools.services import CephRGW

SMALL = Weather(
    uploads=20, seed=7, kill_at=(0.15, 0.5), least=14, largest=3_000_000, longest_wait=2, stuck=120, minutes=6,
)  # fmt: skip


def assert_all_there(one: Storm, victims: tuple[str, ...]) -> None:
    assert one.verdict["broken"] == []
    assert [kill.what for kill in one.kills] == list(victims)
    assert {person.way for person in one.plan.people} == set(WAYS)
    # How many were in time is for the machine to say; all that were have their film (`verdict.versions`).
    assert one.verdict["acknowledged"] == one.verdict["versions"] >= 8


@pytest.mark.worker
def test_on_one_machine(tmp_path: Path) -> None:
    victims = ("web", "worker")
    weather = replace(SMALL, victims=victims)
    place = Embedded(tmp_path, quick=True)
    assert_all_there(storm(place, weather, tell), victims)
    assert_noticed(place)


def assert_noticed(place: Embedded) -> None:
    """The verdict sees one byte that is not as it was sent, and an entry that nobody submitted."""
    original = max(place.site.var.glob("media/originals/*/*/*"), key=lambda path: path.stat().st_size)
    number = original.stat().st_size // 2
    with original.open("r+b") as file:
        file.seek(number)
        byte = file.read(1)
        file.seek(number)
        file.write(bytes([byte[0] ^ 1]))
    lines = list(ledger.read(place.folder / "ledger.jsonl"))
    submitted = next(line for line in lines if line.what == "submit" and line.good)
    with (place.folder / "ledger.jsonl").open("w") as file:
        for line in lines:
            if line.what != "submit" or line.who != submitted.who:
                file.write(json.dumps(asdict(line)) + "\n")
    module(place, "verdict")
    broken = json.loads((place.folder / "verdict.json").read_text())["broken"]
    assert sorted(said.partition(":")[0] for said in broken) == ["originals", "submitted"]


@pytest.mark.s3
def test_with_a_database_server_and_a_bucket(tmp_path: Path, s3_server: CephRGW) -> None:
    victims = ("database", "bucket")
    weather = replace(SMALL, victims=victims)
    assert_all_there(storm(Full(tmp_path, quick=True, rgw=s3_server), weather, tell), victims)


@given(
    size=st.integers(1, 300_000),
    cuts=st.lists(st.integers(0, 300_000), max_size=4),
    head=st.binary(max_size=99),
)
def test_the_bytes_of_a_film_do_not_depend_on_how_they_are_asked_for(
    size: int, cuts: list[int], head: bytes
) -> None:
    film = Film(5, size, head)
    whole = b"".join(film.pieces(0, film.size))
    edges = [0, *sorted(min(cut, film.size) for cut in cuts), film.size]
    pieces = (b"".join(film.pieces(start, end - start)) for start, end in pairwise(edges))
    assert b"".join(pieces) == whole
    assert (len(whole), hashlib.sha256(whole).hexdigest()) == (film.size, film.sha256)
    assert b"".join(Film(6, size, head).pieces(0, film.size)) != whole or size < 16
