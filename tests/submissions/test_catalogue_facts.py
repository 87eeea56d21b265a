"""What the catalogue takes from the inspected file: the true length, and what a hall must be able to play."""

from decimal import Decimal

import pytest

from submissions.catalogue import write_films
from tests.factories import make_edition, make_entry, make_inspection

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    return make_entry(make_edition("spring"), title="Lamp", running_time=300)


def report(seconds, *, codec="h264", rate=24.0, audio=None):
    video = {"duration": seconds, "codec": codec, "width": 1998, "height": 1080, "frame_rate": rate}
    return {"verdict": "pass", "video": video, "audio": audio, "findings": []}


def written(entry):
    return write_films(entries=[entry])[entry.pk]


def test_length_and_facts_are_those_of_the_newest_inspected_version(entry):
    make_inspection(entry, report=report(301.2))
    make_inspection(entry, report=report(310.6, codec="prores", rate=24000 / 1001, audio={"channels": 6}))
    make_inspection(entry, state="queued", report=report(999))
    film = written(entry)
    assert film.seconds == 311  # not the 300 that the entrant typed
    assert (film.file_format, film.width, film.height, film.channels) == ("prores", 1998, 1080, 6)
    assert film.frame_rate == Decimal("23.976")


def test_a_film_without_sound_is_silent_and_an_unknown_codec_is_another_format(entry):
    make_inspection(entry, report=report(10, codec="vp9"))
    film = written(entry)
    assert (film.file_format, film.channels) == ("other", 0)


def test_an_old_report_without_measures_leaves_them_unknown(entry):
    make_inspection(entry, seconds=60)
    film = written(entry)
    assert (film.seconds, film.file_format, film.width, film.frame_rate, film.channels) == (
        60,
        "",
        None,
        None,
        None,
    )
