"""Numbers of a calendar drawn as lanes."""

from datetime import date
from itertools import pairwise

from festival.kit.timeline_svg import Line, chart

MONDAY = date(2027, 3, 1)


def test_a_lane_has_its_days_and_the_axis_its_months():
    drawn = chart(
        [
            Line("Call", "", "call", [(MONDAY, date(2027, 3, 31))], [date(2027, 3, 20)]),
            Line("Premiere", "", "premiere", [(date(2027, 5, 14), date(2027, 5, 14))]),
        ],
        date(2027, 3, 10),
    )
    assert (drawn.first, drawn.last, drawn.days) == (date(2027, 2, 27), date(2027, 5, 16), 79)
    assert [lane.bars for lane in drawn.lanes] == [[(2, 31)], [(76, 1)]]
    assert (drawn.lanes[0].marks, drawn.today) == ("M21.5 0v1", "M11.5 0v1")
    assert [month for _place, month in drawn.months] == [MONDAY, date(2027, 4, 1), date(2027, 5, 1)]
    assert drawn.months[1][0] == f"{100 * 33 / 79:.2f}%"


def test_weekends_are_saturdays_and_sundays_also_at_the_edges():
    # From Saturday 27 February to Wednesday 17 March.
    drawn = chart([Line("", "", "jury", [(MONDAY, date(2027, 3, 15))])], MONDAY)
    assert drawn.weekends == "M0 0h2v1h-2zM7 0h2v1h-2zM14 0h2v1h-2z"
    # From Sunday 28 February.
    drawn = chart([Line("", "", "jury", [(date(2027, 3, 2), date(2027, 3, 4))])], MONDAY)
    assert drawn.weekends == "M0 0h1v1h-1zM6 0h1v1h-1z"


def test_today_outside_and_nothing_to_draw():
    assert chart([Line("", "", "jury", [(MONDAY, MONDAY)])], date(2028, 1, 1)).today == ""
    assert chart([Line("", "", "jury")], MONDAY) is None


def test_months_that_lie_too_close_are_not_all_named():
    drawn = chart([Line("", "", "jury", [(MONDAY, date(2030, 3, 1))])], MONDAY)
    places = [float(place.removesuffix("%")) for place, _month in drawn.months]
    assert len(places) > 5
    assert min(after - before for before, after in pairwise(places)) >= 9
