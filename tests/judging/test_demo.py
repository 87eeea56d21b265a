"""What the demonstration begins with."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest

from judging import demo


@pytest.mark.django_db
def test_the_meeting_of_the_demo_is_in_the_afternoon_of_the_jurys_last_day_but_one() -> None:
    edition = demo.make_demo_edition(demo.make_people())
    meeting, jury = edition.meetings.get(), edition.phases.get(kind="jury")
    begins = meeting.starts_at.astimezone(ZoneInfo(edition.time_zone))
    assert begins.time() == time(14)
    assert (jury.ends_at.astimezone(begins.tzinfo).date() - begins.date()).days == 2
