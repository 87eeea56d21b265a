"""The projectionist's page of a screening."""

import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from pypdf import PdfReader

from festival.people.roles import Role
from festival.premiere import actions
from tests.factories import make_edition, make_member
from tests.shows import make_film, make_hall, make_release, make_screening

pytestmark = pytest.mark.django_db
EVENING = datetime(2027, 4, 16, 11, tzinfo=UTC)  # 19:00 in Shanghai
NOW = datetime(2027, 4, 1, tzinfo=UTC)


def test_the_page_has_clock_times_and_what_each_file_is_as_the_public_knows_it(client):
    edition = make_edition("spring", time_zone="Asia/Shanghai")
    film = make_film(
        edition, title="灯下", title_en="Under the Lamp", minutes=12.5, file_format="dcp", width=4096, height=1716,
        frame_rate=Decimal("24.000"), channels=6,
    )  # fmt: skip
    screening = make_screening(make_hall(edition, name="Great Hall"), EVENING, title="Opening")
    actions.add_other(screening=screening, kind="intro", seconds=300, title={"en": "Welcome"}, at=NOW)
    actions.add_film(screening=screening, film=film, at=NOW)
    client.force_login(make_member(edition, Role.ORGANISER).user)
    address = reverse("premiere:run_of_show", args=["spring", screening.code])

    def text(**query):
        answer = client.get(address, query)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
        assert answer.headers["Cache-Control"] == "private, no-store"
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)

    draft = text(lang="en")
    for said in ("19:00:00", "19:05:00", "Welcome", "Under the Lamp", "2.39", "5.1", "DCP, 24 fps", "12:30"):
        assert said in draft, said
    assert "灯下" in text(lang="zh")
    make_release(edition)
    actions.change_screening(screening=screening, starts_at=EVENING + timedelta(hours=2), at=NOW)
    assert "19:05:00" in text(lang="en")
    make_release(edition)
    assert "21:05:00" in text(lang="en")
