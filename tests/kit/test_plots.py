"""Plots are numbers that fit their frame."""

import re

from festival.kit.plots import HIGH, NARROWEST, WIDE, bars, columns


def test_bars_are_as_long_as_their_counts() -> None:
    found = bars([("a", 400, "/a"), ("b", 100, ""), ("c", 1, ""), ("d", 0, "")], whole=800)
    assert [bar.width for bar in found] == [WIDE, 250, NARROWEST, 0]
    assert [bar.share for bar in found] == [0.5, 0.125, 1 / 800, 0]
    assert bars([]) == []
    assert [bar.share for bar in bars([("a", 0, "")])] == [0]


def test_columns_stand_on_the_ground_and_reach_the_top() -> None:
    plot = columns([0, 5, 10], line=[2.5, 5, 20])
    tops = [float(top) for top in re.findall(r"M[\d.]+ 240V([\d.]+)h", plot.columns)]
    assert tops == [HIGH * 0.75, HIGH * 0.5]  # the line is higher than the highest column
    assert plot.top == 20
    assert plot.line == "M166.7 210L500 180L833.3 0"
    assert columns([]).columns == columns([0, 0]).columns == ""
