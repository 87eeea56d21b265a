"""What was really played: merged, within the film, never faster than the clock."""

from math import inf, nan
from typing import Any

import pytest

from judging.logic import coverage


@pytest.mark.parametrize(
    ("parts", "merged"),
    [
        ([], []),
        ([(0, 60)] * 10, [(0, 60)]),
        ([(30, 40), (0, 10), (5, 20)], [(0, 20), (30, 40)]),
        ([(0, 10), (10.2, 20)], [(0, 20)]),
        ([(0, 10), (10.4, 20)], [(0, 10), (10.4, 20)]),
        ([(0, 50), (10, 20)], [(0, 50)]),
    ],
)
def test_a_minute_seen_ten_times_is_one_minute(parts: Any, merged: Any) -> None:
    assert coverage.union(parts) == merged


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (None, []),
        ("0-5", []),
        ([[5, 3], [1], [1, 2, 3], ["0", "9"], [True, 5], {}, [nan, 5], [0, inf], [10**400, 5]], []),
        ([[-4, 5.04]], [(0, 5)]),
        ([[55, 90]], [(55, 60)]),
        ([[70, 90]], []),
    ],
)
def test_a_report_is_held_to_the_film(raw: Any, kept: Any) -> None:
    assert coverage.spans(raw, 60) == kept


def test_of_too_many_parts_the_longest_stay() -> None:
    parts = [(float(at), at + (0.9 if at % 3 else 0.5)) for at in range(0, 900, 2)]
    kept = coverage.union(parts)
    assert (len(kept), kept) == (coverage.MOST, sorted(kept))
    assert {round(end - start, 1) for start, end in kept} == {0.9}


@pytest.mark.parametrize(
    ("kept", "claimed", "allowance", "after"),
    [
        ([], [(0, 60)], 8, [(0, 8)]),
        ([(0, 8)], [(0, 60)], 5, [(0, 13)]),
        ([(0, 8)], [(0, 8)], 0, [(0, 8)]),
        ([(0, 8)], [(0, 60)], -3, [(0, 8)]),
        ([(10, 20)], [(0, 30)], 12, [(0, 22)]),
        ([], [(0, 3), (50, 60)], 5, [(0, 3), (50, 52)]),
    ],
)
def test_a_claim_grows_only_by_what_the_clock_allows(
    kept: Any, claimed: Any, allowance: float, after: Any
) -> None:
    assert coverage.admit(kept, claimed, allowance) == after


@pytest.mark.parametrize(
    ("length", "seconds", "per_cent", "least"),
    [
        (180, 0, 0, 1),
        (180, 60, 30, 60),
        (600, 60, 30, 180),
        (30, 60, 30, 28),
        (1, 60, 100, 1),
        (0, 60, 30, 1),
        (100, 0, 100, 98),
    ],
)
def test_the_least_is_never_more_than_the_film(length: int, seconds: int, per_cent: int, least: int) -> None:
    assert coverage.least(length, seconds=seconds, per_cent=per_cent) == least


def test_whole_seconds_and_share() -> None:
    assert coverage.whole_seconds([(0, 1.9), (10, 11)]) == 2
    assert [coverage.share(*pair) for pair in ((30, 60), (70, 60), (5, 0))] == [50, 100, 0]
