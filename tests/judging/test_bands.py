"""Rank bands: never wider than they say, never a rank."""

import itertools

import pytest

from judging.logic.bands import LEAST_FILMS, OUTSIDE, bands_of


def row(*places: int) -> dict[str, int]:
    return {f"f{number}": place for number, place in enumerate(places)}


def test_a_hundred_films_in_a_row() -> None:
    found = bands_of(row(*range(1, 101)), [10, 25, 50])
    counts = {band: list(found.values()).count(band) for band in (10, 25, 50, OUTSIDE)}
    assert counts == {10: 10, 25: 15, 50: 25, OUTSIDE: 50}
    assert (found["f9"], found["f10"], found["f49"], found["f50"]) == (10, 25, 50, OUTSIDE)


def test_films_that_share_a_rank_stand_last_among_their_equals() -> None:
    places = row(*range(1, 9), *[9] * 4, *range(13, 101))  # ranks 9 to 12 are one
    found = bands_of(places, [10, 25])
    assert [found[f"f{number}"] for number in range(7, 13)] == [10, 25, 25, 25, 25, 25]


def test_of_films_tied_across_the_widest_band_nothing_is_said() -> None:
    places = row(*[1] * 80, *[81] * 20)
    found = bands_of(places, [10, 50])
    assert set(found) == {f"f{number}" for number in range(80, 100)}
    assert set(found.values()) == {OUTSIDE}


@pytest.mark.parametrize(("films", "said"), [(LEAST_FILMS - 1, False), (LEAST_FILMS, True)])
def test_a_small_round_gives_no_band(films: int, said: bool) -> None:
    assert bool(bands_of(row(*range(1, films + 1)), [10, 50])) is said


def test_a_band_of_one_film_would_be_a_rank_and_is_not_given() -> None:
    found = bands_of(row(*range(1, 31)), [5, 50])  # 5 % of 30 films is one film
    assert found["f0"] == 50


def test_without_bands_nothing_is_said() -> None:
    assert bands_of(row(*range(1, 101)), []) == {}


def test_no_band_holds_more_films_than_it_says() -> None:
    for sizes in itertools.product((1, 2, 7), repeat=5):
        places, at = [], 1
        for size in sizes * 2:
            places += [at] * size
            at += size
        found = bands_of(row(*places), [10, 25, 50])
        for band in (10, 25, 50):
            inside = sum(1 for one in found.values() if one and one <= band)
            assert inside * 100 <= band * len(places)
