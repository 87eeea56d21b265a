"""The search for garbage rests during a long reckoning, and only then."""

import gc

import pytest

from festival.kit import collecting


def test_the_search_rests_within_and_goes_on_after_whatever_happens() -> None:
    assert gc.isenabled()
    with pytest.raises(RuntimeError), collecting.no_search():
        assert not gc.isenabled()
        raise RuntimeError
    assert gc.isenabled()


def test_one_within_another_leaves_it_as_it_was() -> None:
    with collecting.no_search():
        with collecting.no_search():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
