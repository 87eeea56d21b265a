"""A film drawn along its time, and how that stands on the page of its report."""

import html
import re
from dataclasses import replace

import pytest
from django.test import Client

from submissions.film_chart import (
    LOUD_HEIGHT,
    NARROWEST,
    WIDTH,
    chart_of,
    cuts_path,
    loudness_path,
    marks,
    wave_path,
)
from submissions.inspection.facts import Curve
from submissions.inspection.report import Report, Shots
from tests.factories import make_draft, make_edition
from tests.submissions.reports import inspected, measured


def test_a_mark_lies_where_the_fault_is() -> None:
    assert marks([(25.0, 50.0)], 100.0) == ((250, 250),)


def test_a_single_frame_at_the_end_is_seen_and_stays_inside() -> None:
    assert marks([(99.99, 100.0)], 100.0) == ((WIDTH - NARROWEST, NARROWEST),)
    assert marks([(120.0, 130.0)], 100.0) == ((WIDTH - NARROWEST, NARROWEST),)


def test_stretches_that_touch_once_drawn_are_one_mark() -> None:
    assert marks([(10.0, 20.0), (0.0, 10.0), (20.0, 20.2)], 100.0) == ((0, 204),)
    assert len(marks([(second / 10, second / 10) for second in range(10_000)], 1000.0)) == 1


def test_loudness_is_a_closed_shape_within_the_picture() -> None:
    path = loudness_path(Curve(1.0, (-60.0, 0.0, -30.0, -70.0, -10.0)), 4.0)
    assert path == f"M0 {LOUD_HEIGHT}V48H250V0H500V24H750V48H1000V48Z"
    assert loudness_path(None, 4.0) == loudness_path(Curve(1.0, ()), 4.0) == ""


def test_the_waveform_is_as_high_above_as_below() -> None:
    path = wave_path(Curve(1.0, (1.0, 0.0, 0.5, 9.0)), 3.0)
    assert path == "M0 24V0H333V23.5H667V12H1000V36H667V24.5H333V48H0Z"
    assert wave_path(None, 3.0) == wave_path(Curve(1.0, ()), 3.0) == ""


def test_however_many_cuts_the_path_is_bounded() -> None:
    assert cuts_path((25.0, 50.0, 130.0), 100.0) == "M250 0V1M500 0V1"
    assert cuts_path([at / 100 for at in range(100_000)], 1000.0).count("M") <= WIDTH + 1


def test_an_unreadable_film_has_no_chart_and_a_short_one_two_ticks() -> None:
    assert chart_of(Report("unreadable")) is None
    short, long = chart_of(measured(seconds=3.0)), chart_of(measured(seconds=80.0))
    assert short and short.ticks == (0.0, 3.0)
    assert long and long.ticks == (0.0, 20.0, 40.0, 60.0, 80.0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "name"), [("en", "The film from beginning to end"), ("zh-hans", "全片时间线")]
)
def test_the_report_draws_its_findings_along_the_film(language: str, name: str) -> None:
    entry = make_draft(make_edition(call_open=True, rulebook='[black]\nmax_seconds = 2\nseverity = "fix"\n'))
    inspection = inspected(entry, black=9.0)
    with_curves = replace(measured(black=9.0), shots=Shots(2, 45.0, 45.0, 45.0, (45.0,)))
    with_curves = replace(
        with_curves, audio=replace(with_curves.audio, loudness_curve=Curve(1.0, (-23.0,) * 90))
    )
    inspection.report = {**with_curves.as_dict(), "findings": inspection.report["findings"]}
    inspection.save()
    entry.entrant.language = language
    entry.entrant.save()
    client = Client()
    client.force_login(entry.entrant)
    page = html.unescape(client.get(f"/entries/{entry.code}/").content.decode())
    assert name in page
    assert re.search(r'film-chart__marks--fix".*?<rect x="133" width="100"', page)  # 12 s of 90, for 9 s
    assert 'href="#finding-black"' in page and 'id="finding-black"' in page
    assert 'd="M500 0V1"' in page


@pytest.mark.django_db
def test_a_report_with_nothing_to_draw_draws_nothing() -> None:
    entry = make_draft(make_edition(call_open=True, rulebook=""))
    inspected(entry)
    client = Client()
    client.force_login(entry.entrant)
    assert "film-chart" not in client.get(f"/entries/{entry.code}/").content.decode().replace(
        "film-chart.css", ""
    )
