"""The report on the entrant's page: what is wrong, and the command that mends it."""

import html

import pytest
from django.test import Client

from tests.factories import make_draft, make_edition
from tests.submissions.reports import inspected

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
