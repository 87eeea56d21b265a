"""Moments and stretches of time as people read them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from festival.kit.words import day_text, deadline_text, moment_text, time_left

END = datetime(2027, 3, 1, 16, tzinfo=UTC)  # midnight in Shanghai


@pytest.mark.parametrize(
    ("left", "english", "chinese"),
    [
        (timedelta(days=20, hours=5), "20 days", "20天"),
        (timedelta(days=7, minutes=-1), "6 days, 23 hours", "6天23小时"),
        (timedelta(days=1, minutes=40), "1 day", "1天"),
        (timedelta(hours=2, minutes=1), "2 hours, 1 minute", "2小时1分钟"),
        (timedelta(minutes=59, seconds=59), "59 minutes", "59分钟"),
        (timedelta(seconds=3), "1 minute", "1分钟"),
    ],
)
def test_time_left(left: timedelta, english: str, chinese: str) -> None:
    assert time_left(END, END - left) == english
    with translation.override("zh-hans"):
        assert time_left(END, END - left) == chinese


def test_a_deadline_is_the_last_minute_with_its_place() -> None:
    assert deadline_text(END, "Asia/Shanghai") == "1 March 2027, 23:59 (Shanghai time)"
    assert moment_text(END, "Europe/Berlin") == "1 March 2027, 17:00 (Berlin time)"
    assert moment_text(END, "UTC") == "1 March 2027, 16:00 (UTC time)"
    assert day_text(END, "Asia/Shanghai") == "2 March 2027"
    with translation.override("zh-hans"):
        assert deadline_text(END, "Asia/Shanghai") == "2027年3月1日23:59（北京时间）"
        assert moment_text(END, "Europe/Berlin") == "2027年3月1日17:00（柏林时间）"
