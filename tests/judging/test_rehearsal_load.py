"""What a rehearsal says of queues, hours and costs: by hand, and by what must hold for any contest."""

import random

import pytest

from judging.rehearsal.load import HOUR, SOON, Weight, hours_of, per_day, queue
from judging.rehearsal.report import Prices, cost


def test_films_wait_for_the_one_worker_in_the_order_they_came():
    found = queue([0, 0, 0], [HOUR, HOUR, HOUR], 1)
    assert (found["median"], found["longest"]) == (2.0, 3.0)
    assert queue([0, 0, 0], [HOUR, HOUR, HOUR], 3)["longest"] == 1.0


def test_what_waits_is_counted_at_the_end_of_each_day():
    found = queue([0.0] * 3, [20 * HOUR] * 3, 1)  # done after 20, 40 and 60 hours
    assert found["waiting"] == [2, 1, 0]


def test_so_many_workers_are_enough_and_one_less_is_not():
    draw = random.Random(4)
    arrivals = sorted(draw.uniform(0, 24 * HOUR) for _film in range(300))
    work = [draw.uniform(0.2, 1.5) * HOUR for _film in arrivals]
    enough = queue(arrivals, work, 1)["enough"]
    assert (
        queue(arrivals, work, enough)["nearly_all"] <= SOON < queue(arrivals, work, enough - 1)["nearly_all"]
    )
    assert queue(arrivals, work, 100)["enough"] == enough


def test_nothing_comes_nothing_waits():
    assert queue([], [], 2)["longest"] == 0
    assert per_day([]) == [] and hours_of([]) is None


def test_films_are_counted_by_day():
    assert per_day([0, 10, 86_399, 86_400, 3 * 86_400]) == [3, 1, 0, 1]


def test_the_mean_of_hours_lies_within_its_interval_and_the_busiest_is_first():
    found = hours_of([1, 2, 3, 10])
    assert (found["mean"], found["most"], found["all"]) == (4.0, 10, [10, 3, 2, 1])
    assert 1 <= found["low"] < found["mean"] < found["high"] <= 10


def test_the_interval_of_the_mean_holds_the_truth_nineteen_times_of_twenty():
    draw = random.Random(9)
    held = 0
    for seed in range(200):
        found = hours_of([draw.gauss(10, 2) for _judge in range(60)], seed)
        held += found["low"] <= 10 <= found["high"]
    assert 180 <= held <= 200


@pytest.mark.parametrize(
    ("prices", "whole", "per_thousand"),
    [
        (Prices(), None, None),
        (Prices(worker_hour=2), 4.0, 40.0),
        (Prices(worker_hour=2, gigabyte_month=0.5, judge_hour=10, months_kept=2), 4 + 7.2 + 30, 412.0),
    ],
)
def test_money_is_said_for_what_has_a_price_alone(prices, whole, per_thousand):
    found = cost(
        films=100, seconds_of_film=7200, judge_hours=3, prices=prices, weight=Weight(1.0, 1e6, "site", 9)
    )
    assert (found["worker_hours"], found["gigabytes"]) == (2.0, 7.2)
    assert (found["whole"], found["per_thousand"]) == (whole, per_thousand)
