"""The report on the entrant's page: what is wrong, and the command that mends it."""

import html
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from submissions.inspection.facts import Curve
from submissions.inspection.report import Report, Sprite, Still
from submissions.models import Entry, Inspection
from tests.factories import make_draft, make_edition, make_inspection
from tests.submissions.reports import inspected, measured

pytestmark = pytest.mark.django_db


def test_a_film_that_is_too_quiet_comes_with_its_command() -> None:
    entry = make_draft(
        make_edition(call_open=True, rulebook="[audio]\nloudness_min = -20\nloudness_max = -14\n")
    )
    inspection = inspected(entry, loudness=-23.0)
    inspection.version.filename = "夜航 final.mp4"
    inspection.version.save()
    client = Client()
    client.force_login(entry.entrant)
    page = html.unescape(client.get(f"/entries/{entry.code}/").content.decode())
    assert "Mend it with ffmpeg" in page
    command = page.split('<pre tabindex="0"><code>')[1].split("</code>")[0]
    assert command == (
        'ffmpeg -i "夜航 final.mp4" -map 0:V:0 -map 0:a? -map_metadata 0 -c:v copy -af "volume=6.00dB,'
        'aresample=192000,alimiter=limit=0.8414:level=false:attack=5:release=50,aresample=48000" -c:a aac '
        '-b:a 320k -ar 48000 -movflags +faststart+use_metadata_tags "夜航 final-mended.mp4"'
    )


def page_of(entry: Entry) -> str:
    client = Client()
    client.force_login(entry.entrant)
    return html.unescape(client.get(f"/entries/{entry.code}/").content.decode())


def with_pictures() -> Report:
    film = measured(seconds=90.0)
    assert film.audio is not None
    return replace(
        film,
        audio=replace(film.audio, waveform=Curve(0.1, (0.2, 0.9))),
        sprite=Sprite("sprite.jpg", "sprite.vtt", 90, 10, 160, 90, 1.0),
        stills=(
            Still("sheet.jpg", "sheet"),
            Still("poster-1.jpg", "poster", 61.5),
            Still("poster-2.jpg", "poster", 7.25),
        ),
    )


def test_the_report_shows_waveform_scrubbing_and_candidates_for_the_still() -> None:
    entry = make_draft(make_edition(call_open=True))
    make_inspection(entry, report=with_pictures().as_dict(), verdict="pass", copy_key="copies/x-1.mp4")
    page = page_of(entry)
    [chart] = re.findall(r'<figure class="film-chart"([^>]*)>', page)
    told = dict(re.findall(r'data-([a-z]+)="([^"]*)"', chart))
    assert {name: told[name] for name in ("chart", "count", "columns", "width", "height")} == {
        "chart": "90.0", "count": "90", "columns": "10", "width": "160", "height": "90"
    }  # fmt: skip
    assert "film-chart__waves" in page
    strip = page.split("Stills that may stand for the film")[2].split("</ol>")[0]
    assert re.findall(r"<figcaption>([^<]*)</figcaption>", strip) == ["1:01.5", "0:07.2"]
    [poster] = re.findall(r'<video [^>]*poster="([^"]*)"', page)
    assert poster in strip


def waiting(entry: Entry, **film: Any) -> Inspection:
    """An inspection under way, after its first look."""
    look = replace(measured(**film), depth="keyframes", stills=(Still("sheet.jpg", "sheet"),))
    return make_inspection(
        entry, state="queued", stage="inspect", verdict="", report={}, glance=look.as_dict()
    )


def test_the_first_look_is_shown_until_there_is_a_report() -> None:
    entry = make_draft(make_edition(call_open=True))
    inspection = waiting(entry, seconds=90.0)
    page = page_of(entry)
    assert "First look" in page and "The full inspection follows" in page
    assert "Nothing is wrong so far: file, size, length and pace fit the rules." in page
    assert "Inspection report" not in page
    assert "1:30" in page.split("First look")[1]
    inspection.report, inspection.verdict, inspection.state = measured().as_dict(), "pass", "done"
    inspection.save()
    page = page_of(entry)
    assert "First look" not in page and "Inspection report" in page


def test_a_first_look_at_what_is_no_film_says_so() -> None:
    entry = make_draft(make_edition(call_open=True))
    problem = {"code": "not_a_film", "values": {}}
    look = Report("unreadable", depth="keyframes").as_dict() | {"problem": problem}
    make_inspection(entry, state="queued", stage="inspect", verdict="", report={}, glance=look)
    look_at = page_of(entry).split("First look")[1]
    assert "notice--block" in look_at.split("</section>")[0]
