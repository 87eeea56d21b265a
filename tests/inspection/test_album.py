"""Pictures for people: what is kept, where it stands in time, and that posters show one clear picture."""

import re

import numpy as np
import pytest
from PIL import Image

from submissions.inspection.evenly import Evenly
from submissions.inspection.posters import CANDIDATES, REACH, Posters, worth
from submissions.inspection.sprite import CUES, MOST, NAME, SpriteSheet


@pytest.mark.parametrize(("count", "step"), [(1, 1.0), (7, 0.5), (500, 0.1), (40, 30.0)])
def test_evenly_keeps_a_bounded_number_in_order_and_finds_the_nearest_before(count, step):
    kept = Evenly(0.4, 16)
    for n in range(count):
        if kept.due(n * step):
            kept.keep(n * step, n * step)
    assert 1 <= len(kept) <= 16
    assert kept.all() == sorted(kept.all())
    assert kept.at(-1.0) == kept.at(0.0) == 0.0
    end = (count - 1) * step
    for time in np.linspace(0, end, 50):
        assert kept.at(time) <= time + 1e-6
        assert time - kept.at(time) <= max(2 * kept.every, step) + 1e-6
    assert kept.spread(5) == sorted(set(kept.spread(5))) and len(kept.spread(5)) == min(5, len(kept))


def grey(level, size=(320, 180)):
    return Image.new("RGB", size, (level, level, level))


@pytest.mark.parametrize("seconds", [3, 99, 1000])
def test_a_sprite_shows_the_picture_of_each_moment(tmp_path, seconds):
    sheet = SpriteSheet(min(1.0, seconds / 24))
    for n in range(seconds * 8):
        sheet.look(grey(round(n / 8 / seconds * 250)), n / 8)
    sprite = sheet.write(tmp_path, float(seconds))
    assert (sprite.width, sprite.height, sprite.columns) == (160, 90, 10)
    assert 1 < sprite.count <= MOST
    said = (tmp_path / CUES).read_text()
    cues = re.findall(
        r"(\d+):(\d+):([\d.]+) --> (\d+):(\d+):([\d.]+)\nsprite\.jpg#xywh=(\d+),(\d+),160,90", said
    )
    assert len(cues) == sprite.count and said.startswith("WEBVTT\n\n")
    last = 0.0
    with Image.open(tmp_path / NAME) as picture:
        for n, cue in enumerate(cues):
            start, end = (int(h) * 3600 + int(m) * 60 + float(s) for h, m, s in (cue[:3], cue[3:6]))
            left, top = int(cue[6]), int(cue[7])
            assert start == pytest.approx(last, abs=0.002)
            assert (left, top) == (n % 10 * 160, n // 10 * 90)
            assert n == int((start + 0.002) / sprite.every)
            shown = picture.getpixel((left + 80, top + 45))[0] / 250 * seconds
            assert start - 2 * sprite.every <= shown <= end + sprite.every
            last = end
    assert last == pytest.approx(seconds, abs=0.001)


def test_no_picture_no_sprite(tmp_path):
    assert SpriteSheet(1.0).write(tmp_path, 10.0) is None
    assert list(tmp_path.iterdir()) == []


SHARP = np.random.default_rng(5).integers(0, 255, (2, 90, 160), np.uint8)


def shown(tmp_path, samples, rate=24):
    """The times of the posters of a film whose luma samples are these."""
    made = []
    posters = Posters(tmp_path, len(samples) / rate, lambda frame: made.append(frame) or grey(frame))
    for n, sample in enumerate(samples):
        posters.look(sample)
        if n % 4 == 0:
            posters.offer(n, Image.fromarray(sample).convert("RGB"), n / rate)
    stills = posters.finish()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(still.file for still in stills)
    assert [still.file for still in stills] == [f"poster-{n}.jpg" for n in range(1, len(stills) + 1)]
    assert len(stills) <= CANDIDATES
    return [still.time for still in stills]


def test_a_dissolve_is_no_poster(tmp_path):
    """Three seconds of one picture, two of a dissolve that is the richest of all, three of the other."""
    first, second = SHARP[0] // 3, SHARP[1] // 3
    shares = np.concatenate([np.zeros(72), np.linspace(0, 1, 48), np.ones(72)])
    samples = [((1 - s) * first + s * second).astype(np.uint8) for s in shares]
    times = shown(tmp_path, samples)
    assert times
    assert [time for time in times if 3.0 + REACH / 24 < time < 5.0 - REACH / 24] == []


def test_blended_frames_are_no_posters(tmp_path):
    """Every second frame is the mean of its neighbours, as when 12 frames were blown up to 24 by blending."""
    rng = np.random.default_rng(8)
    whole = rng.integers(0, 255, (60, 90, 160), np.uint8)
    samples = []
    for n in range(59):
        samples += [whole[n], ((whole[n].astype(int) + whole[n + 1]) // 2).astype(np.uint8)]
    offered = [n for n in range(len(samples)) if n % 3 == 0]  # whole and blended ones in turn
    posters = Posters(tmp_path, len(samples) / 24, lambda _frame: grey(1))
    for n, sample in enumerate(samples):
        posters.look(sample)
        if n in offered:
            posters.offer(n, Image.fromarray(sample).convert("RGB"), n / 24)
    numbers = [round(still.time * 24) for still in posters.finish()]
    assert numbers and all(n % 2 == 0 for n in numbers)


@pytest.mark.parametrize("first", range(2 * REACH))
def test_what_is_offered_near_the_beginning_is_no_trouble(tmp_path, first):
    """Fewer frames stand before it than after, as in a film of one frame a second."""
    posters = Posters(tmp_path, 30.0, lambda _frame: grey(1))
    for n in range(30):
        posters.look(SHARP[n % 2])
        if n == first:
            posters.offer(n, Image.fromarray(SHARP[n % 2]).convert("RGB"), float(n))
    assert [still.time for still in posters.finish()] == [float(first)]


def test_a_blend_near_the_beginning_is_no_poster(tmp_path):
    between = ((SHARP[0].astype(int) + SHARP[1]) // 2).astype(np.uint8)
    posters = Posters(tmp_path, 30.0, lambda _frame: grey(1))
    for n, sample in enumerate([SHARP[0], between, SHARP[1], *[SHARP[0]] * 9]):
        posters.look(sample)
        if n in (1, 8):
            posters.offer(n, Image.fromarray(sample).convert("RGB"), float(n))
    assert [still.time for still in posters.finish()] == [8.0]


def test_a_film_of_one_frame_has_a_poster(tmp_path):
    assert shown(tmp_path, [SHARP[0]]) == [0.0]


def test_bright_sharp_and_rich_is_worth_more():
    sharp = Image.fromarray(SHARP[0])
    soft = sharp.resize((20, 12)).resize((160, 90))
    dark = sharp.point(lambda level: level // 10)
    assert worth(sharp) > worth(soft) > worth(grey(128))
    assert worth(sharp) > worth(dark)
    assert worth(sharp) > worth(sharp.point(lambda level: 235 + level // 13))
