"""Synthetic films: what is said to be planted is there, and a clean film is clean."""

from fractions import Fraction
from itertools import pairwise

import av
import numpy as np
import pytest
from PIL import Image

from submissions.inspection.synthetic import (
    DEMO_FILMS,
    LOOKS,
    Black,
    Freeze,
    Letterbox,
    Loud,
    Planted,
    Silence,
    cut_in_half,
    empty,
    main,
    make_film,
    poster,
    text_named_mp4,
    write_demo_film,
)

SMALL = {"width": 320, "height": 180}


def luma(path):
    """Every frame's luma (frames, height, width)."""
    with av.open(str(path)) as film:
        return np.stack([frame.to_ndarray(format="gray") for frame in film.decode(video=0)])


def sound(path):
    """All samples (channels, samples) and their rate."""
    with av.open(str(path)) as film:
        frames = list(film.decode(audio=0))
    return np.concatenate([frame.to_ndarray() for frame in frames], 1), frames[0].sample_rate


def loudness(path):
    """Integrated loudness (LUFS) and true peak (dBTP), measured by FFmpeg."""
    with av.open(str(path)) as film:
        stream = film.streams.audio[0]
        graph = av.filter.Graph()
        graph.link_nodes(
            graph.add_abuffer(template=stream),
            graph.add("ebur128", "metadata=1:peak=true"),
            graph.add("abuffersink"),
        ).configure()
        said, peak = {}, 0.0
        for frame in [*film.decode(stream), None]:
            graph.push(frame)
            while True:
                try:
                    said = graph.pull().metadata
                except (av.error.BlockingIOError, av.error.EOFError):
                    break
                peak = max(peak, float(said.get("lavfi.r128.true_peak", 0)))
    return float(said["lavfi.r128.I"]), 20 * np.log10(peak)


def steps(frames):
    """Mean absolute difference from each frame to the next."""
    return np.array([np.abs(b.astype(int) - a).mean() for a, b in pairwise(frames)])


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_clean_film_moves_is_lit_and_has_fitting_sound(tmp_path, look):
    planted = make_film(tmp_path / "film.mp4", seconds=5, seed=2, look=look, title="Night", **SMALL)
    frames = luma(planted.path)
    assert frames.shape == (planted.frames, 180, 320) == (120, 180, 320)
    moves = steps(frames)
    assert moves.min() > 0.6  # nothing that could be taken for a freeze
    assert max((frame < 38).mean() for frame in frames) < 0.9  # nor for black
    for cut in planted.cuts:  # a cut stands out from the movement around it
        at = round(cut * 24) - 1
        assert moves[at] > 1.8 * np.median(moves)
    integrated, peak = loudness(planted.path)
    assert integrated == pytest.approx(-20, abs=0.5)
    assert peak < -3
    samples, rate = sound(planted.path)
    assert samples.shape[0] == 2
    assert samples.shape[1] / rate == pytest.approx(5, abs=0.05)
    tenths = (samples[:, : rate * 5 // 4800 * 4800].reshape(2, -1, 4800) ** 2).mean((0, 2))
    assert 10 * np.log10(tenths.min()) > -55  # no silence
    assert np.abs(samples[0] - samples[1]).max() > 0.01  # stereo


def test_films_of_different_seeds_differ_and_the_same_seed_repeats(tmp_path):
    first, again, other = (
        make_film(tmp_path / f"{name}.mp4", seconds=1, seed=seed, **SMALL).path
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert first.read_bytes() == again.read_bytes()
    assert np.abs(luma(first)[5].astype(int) - luma(other)[5]).mean() > 5


def test_black_freeze_and_silence_are_where_they_are_said_to_be(tmp_path):
    asked = (Black(1.01, 2.02), Freeze(3.0, 4.5), Silence(0.5, 2.5))
    planted = make_film(tmp_path / "film.mp4", seconds=5, seed=3, look="ocean", faults=asked, **SMALL)
    black, freeze, silence = planted.faults
    assert (black, freeze, silence) == (Black(24 / 24, 48 / 24), Freeze(3.0, 4.5), Silence(0.5, 2.5))
    assert planted.of(Black) == (black,)
    frames = luma(planted.path)
    dark = (frames <= 20).mean((1, 2)) > 0.98
    assert np.flatnonzero(dark).tolist() == list(range(24, 48))
    still = steps(frames) < 0.3
    assert (steps(frames)[72:107] < 1.5).all()  # frames 72 … 107 are one picture, which the encoder refines
    assert still[72:107].mean() > 0.7
    assert not still[:23].any() and not still[49:71].any() and not still[108:].any()
    samples, rate = sound(planted.path)
    inside = samples[:, int(0.55 * rate) : int(2.45 * rate)]
    assert 20 * np.log10(np.abs(inside).max() + 1e-9) < -60
    assert np.abs(samples[:, : int(0.45 * rate)]).max() > 0.01


def test_cuts_hidden_by_a_fault_are_not_named(tmp_path):
    whole = make_film(tmp_path / "a.mp4", seconds=6, seed=3, **SMALL)
    assert len(whole.cuts) == 1
    cut = whole.cuts[0]
    hidden = make_film(tmp_path / "b.mp4", seconds=6, seed=3, faults=[Freeze(cut - 1, cut + 1)], **SMALL)
    assert hidden.cuts == ()


def test_loud_film_is_as_loud_as_said(tmp_path):
    planted = make_film(tmp_path / "film.mp4", seconds=4, faults=[Loud(-8)], **SMALL)
    integrated, peak = loudness(planted.path)
    assert planted.lufs == -8
    assert integrated == pytest.approx(-8, abs=0.7)
    assert peak > -1


def test_letterbox_bars(tmp_path):
    planted = make_film(tmp_path / "film.mp4", seconds=1, faults=[Letterbox(2.39)], **SMALL)
    bar = Letterbox(2.39).rows(320, 180)
    assert bar == 24  # (180 − 320 ÷ 2.39) ÷ 2 = 23.05, even
    frames = luma(planted.path)[6:]
    assert frames[:, :bar].max() <= 24 and frames[:, -bar:].max() <= 24
    assert frames[:, bar + 2 : bar + 8].mean() > 40


@pytest.mark.parametrize(
    "wish",
    [
        {"width": 180, "height": 320, "fps": 25},
        {"fps": Fraction(24000, 1001), "layout": "5.1"},
        {"audio": False, "fps": 60},
        {"codec": "libx265", "pix_fmt": "yuv420p10le", "layout": "mono"},
        {"codec": "ffv1", "pix_fmt": "yuv444p", "width": 321, "height": 181, "audio_codec": "pcm_s16le"},
    ],
    ids=["portrait", "ntsc-5.1", "no-sound", "hevc-10-mono", "odd-ffv1"],
)
def test_sizes_rates_and_codecs(tmp_path, wish):
    wish = SMALL | wish
    path = tmp_path / ("film.mkv" if wish.get("codec") == "ffv1" else "film.mp4")
    planted = make_film(path, seconds=1, **wish)
    with av.open(str(path)) as film:
        picture = film.streams.video[0]
        assert (picture.width, picture.height) == (wish["width"], wish["height"])
        assert picture.average_rate == planted.fps == Fraction(wish.get("fps", 24))
        assert picture.codec_context.pix_fmt == wish.get("pix_fmt", "yuv420p")
        channels = [stream.codec_context.layout.nb_channels for stream in film.streams.audio]
        expected = {"stereo": 2, "mono": 1, "5.1": 6}[wish.get("layout", "stereo")]
        assert channels == ([] if wish.get("audio") is False else [expected])
    assert len(luma(path)) == planted.frames == round(planted.fps)


@pytest.mark.parametrize(
    "wish", [{"seconds": 0}, {"width": 321}, {"look": "nothing"}, {"faults": [Black(1, 9)]}], ids=str
)
def test_what_cannot_be_is_refused(tmp_path, wish):
    with pytest.raises(ValueError):
        make_film(tmp_path / "film.mp4", **(SMALL | {"seconds": 2} | wish))


def test_title_is_readable_in_the_first_seconds(tmp_path):
    plain = make_film(tmp_path / "a.mp4", seconds=2.5, seed=4, width=640, height=360)
    titled = make_film(
        tmp_path / "b.mp4", seconds=2.5, seed=4, width=640, height=360, title="山", subtitle="Mountain"
    )
    difference = np.abs(luma(titled.path).astype(int) - luma(plain.path)).max((1, 2))
    assert difference[24] > 60
    assert difference[-6:].max() < 40


def test_broken_files(tmp_path):
    planted = make_film(tmp_path / "film.mp4", seconds=1, **SMALL)
    half = cut_in_half(planted.path, tmp_path / "half.mp4")
    assert half.stat().st_size == planted.path.stat().st_size // 2
    for broken in (half, text_named_mp4(tmp_path / "text.mp4"), empty(tmp_path / "empty.mp4")):
        with pytest.raises((av.error.InvalidDataError, av.error.EOFError)):
            av.open(str(broken))


def test_poster(tmp_path):
    path = poster(
        tmp_path / "poster.jpg", seed=3, look="lanterns", title="灯", subtitle="Lantern", size=(400, 600)
    )
    with Image.open(path) as picture:
        assert (picture.format, picture.size) == ("JPEG", (400, 600))
        assert np.asarray(picture.convert("L")).std() > 10


def test_demo_films_have_the_promised_mixture():
    assert len(DEMO_FILMS) >= 12
    assert sum(film.clean for film in DEMO_FILMS) >= 6
    kinds = [type(fault) for film in DEMO_FILMS for fault in film.faults]
    assert sorted(kind.__name__ for kind in kinds) == ["Black", "Freeze", "Loud", "Silence"]
    assert sum(film.broken for film in DEMO_FILMS) == 1
    assert [(film.width, film.height) for film in DEMO_FILMS if film.width < 1280] == [(640, 360)]
    for words in ("slug", "title_zh", "title_en", "synopsis_zh", "synopsis_en", "director_zh", "director_en"):
        said = [getattr(film, words) for film in DEMO_FILMS]
        assert all(said) and len(set(said)) == len(said)
    assert len({(film.look, film.seed) for film in DEMO_FILMS}) == len(DEMO_FILMS)


def test_demo_film_is_written_under_its_slug(tmp_path):
    small = next(film for film in DEMO_FILMS if film.width == 640)
    planted = write_demo_film(small, tmp_path)
    assert planted == Planted(
        path=tmp_path / "small-theatre-of-ink.mp4", look="ink", seed=small.seed, seconds=6.0, frames=144,
        width=640, height=360, fps=Fraction(24), cuts=planted.cuts, faults=(), lufs=-20.0,
    )  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["small-theatre-of-ink.mp4"]


def test_command_refuses_no_folder(capsys):
    with pytest.raises(SystemExit):
        main([])
    assert "folder" in capsys.readouterr().err
