"""Copies are found however they were altered, shared shots with their times, and nothing where nothing is shared."""

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.remakes import REMAKES, Remake, join, remake, take_prints
from festival.edition.rulebook_default import DEFAULT
from submissions.inspection import matching
from submissions.inspection.fingerprint import FILE, MIRROR, VERSION, Prints, hash_picture
from submissions.inspection.matching import Archive, Likeness, archived, compare, shortlist
from submissions.inspection.report import PrintFacts
from submissions.inspection.runner import inspect_film
from submissions.inspection.synthetic import Black, make_film

SMALL = {"width": 320, "height": 180, "seconds": 10.0}
PLANTED = [replace(how, height=120) if how.height else how for how in REMAKES]


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("films")
    looks = ("mountains", "ocean", "rain", "strokes")
    return {
        look: make_film(folder / f"{look}.mp4", look=look, seed=seed, **SMALL).path
        for seed, look in enumerate(looks, 40)
    }


@pytest.fixture(scope="module")
def prints(films: dict[str, Path]) -> dict[str, Prints]:
    return {look: take_prints(path) for look, path in films.items()}


def of_kind(found: list[Likeness], kind: str) -> Likeness | None:
    return next((likeness for likeness in found if likeness.kind == kind), None)


def archive_of(all_prints: list[Prints]) -> tuple[Archive, Archive]:
    """What the site keeps: everything of all films in a row."""
    kept = [archived(each) for each in all_prints]
    columns = (list(column) for column in zip(*kept))
    pictures, sounds = (
        Archive(np.concatenate(column), np.cumsum([len(each) for each in column])) for column in columns
    )
    return pictures, sounds


@pytest.mark.parametrize("how", PLANTED, ids=lambda how: how.name)
def test_altered_copy_is_found_from_both_sides(
    how: Remake, films: dict[str, Path], prints: dict[str, Prints], tmp_path: Path
) -> None:
    copy = take_prints(remake(films["mountains"], tmp_path / "copy.mp4", how))
    original = prints["mountains"]
    others = [prints[look] for look in ("ocean", "rain", "strokes")]
    assert shortlist(copy, *archive_of([*others, original]))[0] == 3
    assert shortlist(original, *archive_of([copy, *others]))[0] == 0
    for one, other in ((copy, original), (original, copy)):
        found = of_kind(compare(one, other), "picture")
        assert found is not None
        assert found.share >= 0.5
        assert found.mirrored == (how.name == "mirrored")
        assert len(found.ranges) == 1
        whole = found.ranges[0]
        assert whole.start <= 1 and whole.end >= one.times[-1] - 1
        assert whole.other_start <= 1 and whole.other_end >= other.times[-1] - 1
    if how.speed == 1:
        heard = of_kind(compare(copy, original), "sound")
        assert heard is not None and not heard.mirrored
        assert abs(heard.ranges[0].start - heard.ranges[0].other_start) <= 0.3


def test_unrelated_films_have_nothing_in_common(prints: dict[str, Prints]) -> None:
    for one, other in itertools.permutations(prints.values(), 2):
        assert compare(one, other) == []
    for look, one in prints.items():
        others = [other for name, other in prints.items() if name != look]
        met = shortlist(one, *archive_of(others))
        assert all(compare(one, others[place]) == [] for place in met)


def test_shared_shot_with_its_times_in_both_films(
    films: dict[str, Path], prints: dict[str, Prints], tmp_path: Path
) -> None:
    cuts = [("rain", 0, 4), ("mountains", 3, 7), ("rain", 4, 9)]
    parts = [
        remake(films[look], tmp_path / f"{n}.mp4", Remake("part", crf=30), start=start, end=end)
        for n, (look, start, end) in enumerate(cuts)
    ]
    joined = take_prints(join(parts, tmp_path / "joined.mp4"))
    found = of_kind(compare(joined, prints["mountains"]), "picture")
    assert found is not None
    assert [len(found.ranges), found.mirrored] == [1, False]
    times = found.ranges[0]
    measured = (times.start, times.end, times.other_start, times.other_end)
    assert measured == pytest.approx((4, 8, 3, 7), abs=1.0)
    back = of_kind(compare(prints["mountains"], joined), "picture")
    assert back is not None
    times = back.ranges[0]
    assert (times.start, times.end, times.other_start, times.other_end) == pytest.approx((3, 7, 4, 8), abs=1)
    rain = of_kind(compare(joined, prints["rain"]), "picture")
    assert rain is not None
    assert [round(each.start) for each in rain.ranges] == [0, 8]
    assert shortlist(joined, *archive_of([prints["ocean"], prints["mountains"], prints["rain"]])) == [2, 1]


def test_black_is_no_picture_and_silence_no_sound(tmp_path: Path) -> None:
    path = make_film(tmp_path / "black.mp4", faults=[Black(0, 3.5)], audio=False, **SMALL).path
    taken = take_prints(path)
    assert taken.times[0] >= 3.5
    assert len(taken.sounds) == 0


def test_the_inspection_leaves_them_in_a_small_file(films: dict[str, Path], tmp_path: Path) -> None:
    report = inspect_film(films["ocean"], DEFAULT, tmp_path)
    data = (tmp_path / FILE).read_bytes()
    kept = Prints.from_bytes(data)
    assert report.prints == PrintFacts(VERSION, len(kept.times), np.count_nonzero(kept.sounds))
    assert len(kept.times) == 20
    assert len(data) < 100 * 10
    assert kept.to_bytes() == data
    for broken in (b"", data[:-1], b"x" + data[1:], data[:7] + b"\x63" + data[8:]):
        with pytest.raises(ValueError):
            Prints.from_bytes(broken)


def test_mirroring_a_picture_turns_known_bits() -> None:
    grey = np.random.default_rng(1).uniform(0, 255, (90, 160)).astype(np.float32)
    edges = (0.0, 90.0), (0.0, 160.0)
    assert hash_picture(grey[:, ::-1], *edges).bits ^ int(MIRROR) == hash_picture(grey, *edges).bits


def test_shortlist_meets_what_differs_by_few_bits_only() -> None:
    rng = np.random.default_rng(5)
    hashes = rng.integers(0, 2**64, 30_000, dtype=np.uint64)
    asked = hashes[100:110].copy()
    for n, flips in enumerate((0, 1, 2, 3, 3, 3, 3, 3, 3, 3)):
        for bit in rng.choice(64, flips, replace=False):
            asked[n] ^= np.uint64(1) << np.uint64(bit)
    met = matching._films_met(np.unique(asked), Archive(hashes, np.arange(100, 30_001, 100)))
    assert met[1] == 10
    assert met.sum() == 10
