"""Whether the jury's hours are enough, without a database."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from judging import plan_words
from judging.time_plan import HOUR, JudgeTime, needed_seconds, plan

FIRST = date(2027, 3, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(12)]


def judge(hours, name="Judge"):
    return JudgeTime(name, {day: round(hours * 60) for day in DAYS})


def test_films_cost_their_length_and_something_more_for_every_look():
    assert needed_seconds(seconds=600, films=4, looks=3, overhead=40) == (600 + 160) * 3


def test_ten_thousand_films_are_1500_hours_and_the_sentence_says_so():
    """10,000 films of three minutes, three looks: 50 hours for each of 30 judges who have stated 20."""
    needed = needed_seconds(seconds=10_000 * 180, films=10_000, looks=3, overhead=0)
    found = plan(needed=needed, looks=30_000, judges=[judge(20 / 12)] * 30, days=DAYS)
    assert (found.needed, found.each, found.stated, found.missing, found.done_on) == (
        1500 * HOUR, 50 * HOUR, 600 * HOUR, 900 * HOUR, None,
    )  # fmt: skip
    with translation.override("en"):
        assert plan_words.summary(found) == (
            "1,500 hours of judging, 30 judges: 50 hours each in 12 days. Stated: 20 hours each."
        )
        assert plan_words.warnings(found) == [
            "Missing: 900 hours. More judges, fewer looks, or a screening first."
        ]
    with translation.override("zh-hans"):
        assert plan_words.summary(found) == (
            "评审共需1,500小时，30位评委，12天内每人50小时。评委人均填报20小时。"
        )


def test_a_plan_that_fits_says_by_when_and_who_has_less_than_a_share():
    found = plan(needed=24 * HOUR, looks=10, judges=[judge(2, "Ada"), judge(0.5, "Bo")], days=DAYS)
    assert (found.fits, found.done_on, found.short) == (True, DAYS[9], ("Bo",))
    assert [row.stated_so_far for row in found.days[:2]] == [2.5 * HOUR, 5 * HOUR]
    assert [row.needed_so_far for row in found.days[-2:]] == [22 * HOUR, 24 * HOUR]
    with translation.override("en"):
        assert plan_words.warnings(found) == [
            "Bo has stated less than an equal share; others have to watch more."
        ]


def test_who_has_said_nothing_counts_with_none_and_is_told():
    found = plan(needed=HOUR, looks=1, judges=[JudgeTime("Ada", stated=False), judge(3, "Bo")], days=DAYS)
    assert (found.unstated, found.stated_each, found.short) == (1, 36 * HOUR, ())
    with translation.override("en"):
        assert plan_words.warnings(found) == ["1 judge has not stated any hours and counts with none."]


@pytest.mark.parametrize(
    ("judges", "days", "sentence"),
    [
        ([], DAYS, "There are no judges yet, so nothing can be planned."),
        (
            [judge(1)],
            [],
            "2 hours of judging, 1 judge: 2 hours each. No days of the jury are left on the calendar.",
        ),
        (
            [JudgeTime("Ada", stated=False)],
            DAYS[:1],
            "2 hours of judging, 1 judge: 2 hours each in 1 day. Nobody has stated hours yet.",
        ),
    ],
)
def test_a_plan_without_judges_or_days(judges, days, sentence):
    with translation.override("en"):
        assert plan_words.summary(plan(needed=2 * HOUR, looks=1, judges=judges, days=days)) == sentence


@given(
    st.integers(0, 10**7),
    st.lists(st.lists(st.integers(0, 1440), min_size=12, max_size=12), max_size=5),
)
def test_sums_add_up(needed, minutes):
    judges = [JudgeTime(str(place), dict(zip(DAYS, row, strict=True))) for place, row in enumerate(minutes)]
    found = plan(needed=needed, looks=1, judges=judges, days=DAYS)
    assert found.stated == 60 * sum(map(sum, minutes)) == sum(row.stated for row in found.days)
    assert found.days[-1].stated_so_far == found.stated
    assert found.days[-1].needed_so_far == needed
    assert found.missing == max(needed - found.stated, 0)
    assert (found.done_on is not None) == found.fits
    assert found.each * len(judges) >= needed or not judges
