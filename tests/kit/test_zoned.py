"""A page shows the edition's clock, whatever the site's own."""

from datetime import UTC, datetime

import pytest
from django.template import engines


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Asia/Shanghai", "2026-11-23 06:06 CST"),
        ("Europe/Lisbon", "2026-11-22 22:06 WET"),
        ("America/New_York", "2026-11-22 17:06 EST"),
    ],
)
def test_zoned_moments_stay_in_their_zone(zone: str, text: str) -> None:
    template = engines["django"].from_string("{{ moment|zoned:zone|date:'Y-m-d H:i T' }}")
    moment = datetime(2026, 11, 22, 22, 6, tzinfo=UTC)
    assert template.render({"moment": moment, "zone": zone}) == text


def test_no_moment_is_nothing() -> None:
    assert engines["django"].from_string("{{ moment|zoned:'UTC'|date }}").render({"moment": None}) == ""
