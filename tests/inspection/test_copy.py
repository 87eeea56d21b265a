"""The judges' copy: what players need, from films of every odd kind."""

import os
import struct
from fractions import Fraction
from itertools import pairwise

import av
import numpy as np
import pytest

from submissions.inspection.copy import fitted_size, make_judge_copy, plays_from_start, top_boxes
from submissions.inspection.header import NotAFilmError
from submissions.inspection.limits import Limits
from submissions.inspection.runner import CancelledError, ChildError, copy_film
from submissions.inspection.survey import CopyCancelledError
from submissions.inspection.synthetic import Black, Silence, cut_in_half, empty, make_film, text_named_mp4

SMALL = {"width": 320, "height": 180}


def check_playable(path, info, *, width, height, rate=Fraction(24), seconds, sound=True):
    """What a browser needs of a film."""
    kinds = [kind for kind, _, _ in top_boxes(path)]
    assert kinds.index("moov") < kinds.index("mdat")
    assert plays_from_start(path)
    boxes = top_boxes(path)
    assert boxes[-1][1] + boxes[-1][2] == path.stat().st_size == info.bytes
    with av.open(str(path)) as film:
        picture = film.streams.video[0]
        context = picture.codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert context.profile in ("High", "Main")
        assert (context.width, context.height) == (width, height) == (info.width, info.height)
        assert picture.sample_aspect_ratio in (None, 0, 1)
        assert picture.average_rate == rate
        packets = [packet for packet in film.demux(picture) if packet.size]
        marks = sorted(packet.pts * packet.time_base for packet in packets if packet.is_keyframe)
        assert marks[0] == 0
        ends = [*marks, max(p.pts for p in packets) * packets[0].time_base]
        gaps = [float(b - a) for a, b in pairwise(ends)]
        assert max(gaps, default=0) <= (2.05 if info.method == "encoded" else 5)
    with av.open(str(path)) as film:
        frames = list(film.decode(video=0))
    times = [frame.time for frame in frames]
    assert times == pytest.approx([n / float(rate) for n in range(len(frames))], abs=0.001)
    assert len(frames) == info.frames
    assert len(frames) / rate == pytest.approx(seconds, abs=1.01 / float(rate))
    assert info.duration == pytest.approx(seconds, abs=1.01 / float(rate))
    assert info.audio is sound
    with av.open(str(path)) as film:
        assert len(film.streams.audio) == (1 if sound else 0)
        if sound:
            stream = film.streams.audio[0]
            assert (stream.codec_context.name, stream.layout.name) == ("aac", "stereo")
    return frames


def samples_of(path):
    with av.open(str(path)) as film:
        frames = list(film.decode(audio=0))
        assert frames[0].time == pytest.approx(0, abs=0.03)
        return np.concatenate([frame.to_ndarray() for frame in frames], 1), frames[0].sample_rate


def gray(frame):
    return frame.to_ndarray(format="gray").astype(int)


def means(path):
    with av.open(str(path)) as film:
        return np.array([gray(frame).mean() for frame in film.decode(video=0)])


def test_film_that_is_too_large_is_encoded(tmp_path):
    film = make_film(tmp_path / "film.mp4", seconds=5, width=1920, height=1080, look="ocean")
    info = make_judge_copy(film.path, tmp_path / "copy.mp4")
    assert info.method == "encoded"
    check_playable(tmp_path / "copy.mp4", info, width=1280, height=720, seconds=5)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.mp4", "film.mp4"]
    samples, rate = samples_of(tmp_path / "copy.mp4")
    assert samples.shape[1] / rate == pytest.approx(5, abs=0.05)


def test_good_film_is_repacked_bit_for_bit_with_the_index_moved_in_front(tmp_path):
    film = make_film(tmp_path / "film.mp4", seconds=3, **SMALL)
    assert not plays_from_start(film.path)
    info = make_judge_copy(film.path, tmp_path / "copy.mp4")
    assert info.method == "repacked"
    check_playable(tmp_path / "copy.mp4", info, width=320, height=180, seconds=3)

    def packets(path, kind):
        with av.open(str(path)) as opened:
            stream = opened.streams.get(**{kind: 0})[0]
            return [(p.pts * p.time_base, bytes(p)) for p in opened.demux(stream) if p.size]

    for kind in ("video", "audio"):
        assert packets(tmp_path / "copy.mp4", kind) == packets(film.path, kind)


@pytest.mark.parametrize(
    "wish",
    [
        {"video_options": {"g": "400", "sc_threshold": "0"}, "seconds": 6},
        {"codec": "libx265"},
        {"layout": "mono"},
        {"codec": "libx264", "pix_fmt": "yuv422p"},
        {"width": 1290},
    ],
    ids=["few-keyframes", "hevc", "mono", "4:2:2", "too-wide"],
)
def test_what_browsers_or_judges_would_stumble_over_is_encoded(tmp_path, wish):
    film = make_film(tmp_path / "film.mp4", **(SMALL | {"seconds": 2} | wish))
    info = make_judge_copy(film.path, tmp_path / "copy.mp4")
    assert info.method == "encoded"
    width, height = fitted_size(film.width, film.height)
    check_playable(tmp_path / "copy.mp4", info, width=width, height=height, seconds=film.seconds)


@pytest.mark.parametrize("method", ["repacked", "encoded"])
def test_nothing_tells_who_made_the_film(tmp_path, method):
    film = make_film(
        tmp_path / "film.mp4", seconds=1, **SMALL, layout="stereo" if method == "repacked" else "mono",
        metadata={"title": "Secret Title", "artist": "Secret Author", "comment": "Secret Comment"},
    )  # fmt: skip
    assert b"Secret" in film.path.read_bytes()
    info = make_judge_copy(film.path, tmp_path / "copy.mp4")
    assert info.method == method
    assert b"Secret" not in (tmp_path / "copy.mp4").read_bytes()


@pytest.mark.parametrize(
    ("size", "fitted"),
    [
        ((1920, 1080), (1280, 720)),
        ((1080, 1920), (720, 1280)),
        ((4096, 1716), (1280, 536)),
        ((1080, 1080), (720, 720)),
        ((640, 360), (640, 360)),
        ((321, 181), (320, 180)),
        ((5, 3000), (2, 1280)),
    ],
)
def test_fitted_size(size, fitted):
    assert fitted_size(*size) == fitted


@pytest.mark.parametrize(
    ("name", "wish", "sound"),
    [
        ("film.mkv", {"codec": "ffv1", "pix_fmt": "yuv444p", "width": 321, "height": 181}, True),
        ("film.mp4", {"codec": "libx265", "pix_fmt": "yuv420p10le"}, True),
        ("film.mp4", {"width": 180, "height": 320, "codec": "libx265"}, True),
        ("film.mp4", {"audio": False, "codec": "libx265"}, False),
        ("film.mkv", {"layout": "5.1"}, True),
        ("film.mkv", {"fps": Fraction(24000, 1001)}, True),
        ("film.mov", {"codec": "prores_ks", "pix_fmt": "yuv422p10le", "audio_codec": "pcm_s16le"}, True),
        ("film.ts", {"fps": 25}, True),
        ("film.avi", {"codec": "mpeg4", "audio_codec": "libmp3lame"}, True),
        ("film.webm", {"codec": "libvpx", "audio_codec": "libopus", "fps": 30}, True),
        ("film.mp4", {"fps": 50, "codec": "libx265"}, True),
    ],
    ids=[
        "odd-444",
        "10-bit",
        "portrait",
        "no-sound",
        "5.1",
        "23.976-mkv",
        "prores",
        "ts",
        "avi",
        "webm",
        "50fps",
    ],
)
def test_every_kind_of_film(tmp_path, name, wish, sound):
    film = make_film(
        tmp_path / name, seconds=2, **(SMALL | {"faults": [Black(1, 1.5), Silence(1, 1.5)]} | wish)
    )
    info = make_judge_copy(film.path, tmp_path / "copy.mp4")
    width, height = fitted_size(film.width, film.height)
    path = tmp_path / "copy.mp4"
    frames = check_playable(
        path, info, width=width, height=height, rate=film.fps, seconds=film.seconds, sound=sound
    )
    # The picture goes black and the sound silent at the same time as in the film.
    black = film.of(Black)[0]
    dark = [n for n, frame in enumerate(frames) if (gray(frame) < 24).mean() > 0.98]
    assert abs(dark[0] - round(black.start * film.fps)) <= 1
    assert abs(dark[-1] + 1 - round(black.end * film.fps)) <= 1
    if sound:
        samples, rate = samples_of(path)
        # Hundredths of a second; before 0.5 s a decoder's own delay may be silent.
        levels = np.abs(samples[:, : rate * 2 // 480 * 480]).max(0).reshape(-1, 480).max(1)
        quiet = np.flatnonzero(levels < 2e-3)
        quiet = quiet[quiet * 480 / rate > 0.5]
        assert quiet[0] * 480 / rate == pytest.approx(black.start, abs=0.06)
        assert (quiet[-1] + 1) * 480 / rate == pytest.approx(black.end, abs=0.06)


def test_colours_stay(tmp_path):
    film = make_film(tmp_path / "film.mp4", seconds=1, look="terraces", codec="libx265", **SMALL)
    make_judge_copy(film.path, tmp_path / "copy.mp4")
    with av.open(str(film.path)) as one, av.open(str(tmp_path / "copy.mp4")) as two:
        for before, after in zip(one.decode(video=0), two.decode(video=0), strict=True):
            difference = before.to_ndarray(format="rgb24").mean((0, 1)) - after.to_ndarray(
                format="rgb24"
            ).mean((0, 1))
            assert np.abs(difference).max() < 2


def test_mono_is_as_loud_on_both_sides(tmp_path):
    film = make_film(tmp_path / "film.mp4", seconds=2, layout="mono", **SMALL)
    make_judge_copy(film.path, tmp_path / "copy.mp4")
    before, _ = samples_of(film.path)
    after, _ = samples_of(tmp_path / "copy.mp4")
    levels = [np.sqrt((channel**2).mean()) for channel in (*before, *after)]
    assert levels[1] == pytest.approx(levels[2], rel=1e-3)
    assert levels[1] == pytest.approx(levels[0], rel=0.05)


@pytest.mark.parametrize(
    ("turn", "matrix"), [(-90, (0, 1, -1, 0)), (90, (0, -1, 1, 0)), (180, (-1, 0, 0, -1))]
)
def test_rotation_is_done_to_the_pixels(tmp_path, turn, matrix):
    film = make_film(tmp_path / "plain.mp4", seconds=1, look="mountains", **SMALL)
    data = film.path.read_bytes()
    identity = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    a, b, c, d = (value << 16 for value in matrix)
    at = data.index(identity, data.index(b"tkhd"))
    turned = tmp_path / "turned.mp4"
    turned.write_bytes(data[:at] + struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30) + data[at + 36 :])
    info = make_judge_copy(turned, tmp_path / "copy.mp4")
    assert info.method == "encoded"
    size = (320, 180) if turn == 180 else (180, 320)
    frames = check_playable(tmp_path / "copy.mp4", info, width=size[0], height=size[1], seconds=1)
    assert all(frame.rotation == 0 for frame in frames)
    with av.open(str(turned)) as opened:
        original = next(opened.decode(video=0))
        assert original.rotation in ((turn,) if turn != 180 else (180, -180))
    expected = np.rot90(gray(original), turn // 90)  # counter-clockwise, as FFmpeg counts
    assert np.abs(expected - gray(frames[0])).mean() < 4


def test_pixels_become_square(tmp_path):
    film = make_film(tmp_path / "film.mkv", seconds=1, **SMALL)
    wide = tmp_path / "wide.mkv"
    with av.open(str(film.path)) as source, av.open(str(wide), "w") as target:
        out = target.add_stream("libx264", rate=24)
        out.width, out.height, out.pix_fmt = 320, 180, "yuv420p"
        out.codec_context.sample_aspect_ratio = Fraction(4, 3)
        for frame in source.decode(video=0):
            frame.pict_type = 0
            target.mux(out.encode(frame))
        target.mux(out.encode(None))
    info = make_judge_copy(wide, tmp_path / "copy.mp4")
    check_playable(tmp_path / "copy.mp4", info, width=428, height=180, seconds=1, sound=False)


def test_variable_frame_rate_becomes_constant_without_drift(tmp_path):
    film = make_film(tmp_path / "film.mp4", seconds=4, fps=30, faults=[Black(2, 3)], **SMALL)
    uneven = tmp_path / "uneven.mkv"
    with av.open(str(film.path)) as source, av.open(str(uneven), "w") as target:
        out = target.add_stream("libx264", rate=30)
        out.width, out.height, out.pix_fmt = 320, 180, "yuv420p"
        for n, frame in enumerate(source.decode(video=0)):
            if n < 40 and n % 3 == 1:
                continue  # a phone that drops frames
            frame.pict_type = 0
            target.mux(out.encode(frame))
        target.mux(out.encode(None))
    info = make_judge_copy(uneven, tmp_path / "copy.mp4")
    frames = check_playable(
        tmp_path / "copy.mp4", info, width=320, height=180, rate=Fraction(30), seconds=4, sound=False
    )
    dark = [n for n, frame in enumerate(frames) if (gray(frame) < 24).mean() > 0.98]
    assert dark == list(range(60, 90))


def test_size_that_changes_on_the_way_is_fitted_with_bars(tmp_path):
    parts = []
    for n, size in enumerate(({"width": 320, "height": 180}, {"width": 240, "height": 240})):
        make_film(tmp_path / f"{n}.ts", seconds=1, look="terraces", audio=False, codec="mpeg2video", **size)
        parts.append(tmp_path / f"{n}.ts")
    joined = tmp_path / "joined.ts"
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))
    info = make_judge_copy(joined, tmp_path / "copy.mp4")
    assert (info.width, info.height) == (320, 180)
    with av.open(str(tmp_path / "copy.mp4")) as film:
        frames = [gray(frame) for frame in film.decode(video=0)]
    assert frames[5][:, :60].mean() > 60
    assert frames[-3][:, :66].max() < 40  # bars beside the square picture
    assert frames[-3][:, 80:240].mean() > 60


def test_sound_that_starts_late_stays_where_it_belongs(tmp_path):
    film = make_film(tmp_path / "film.mp4", seconds=3, faults=[Silence(0, 0.5)], codec="libx265", **SMALL)
    late = tmp_path / "late.mkv"
    with av.open(str(film.path)) as source, av.open(str(late), "w") as target:
        streams = {s.index: target.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.dts is None:
                continue
            if packet.stream.type == "audio" and packet.pts * packet.time_base < 0.3:
                continue  # the track itself begins late
            packet.stream = streams[packet.stream_index]
            target.mux(packet)
    make_judge_copy(late, tmp_path / "copy.mp4")
    before, rate = samples_of(film.path)
    after, _ = samples_of(tmp_path / "copy.mp4")
    begins = [np.flatnonzero(np.abs(sound[0]) > 0.01)[0] / rate for sound in (before, after)]
    assert begins[1] == pytest.approx(begins[0], abs=0.03)


def test_progress_rises_to_one(tmp_path):
    film = make_film(tmp_path / "film.mp4", seconds=4, width=640, height=360, codec="libx265")
    shares = []
    make_judge_copy(film.path, tmp_path / "copy.mp4", shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert all(0 <= share <= 1 for share in shares)


def test_cancelling_leaves_nothing(tmp_path):
    film = make_film(tmp_path / "film.mp4", seconds=2, codec="libx265", **SMALL)
    (tmp_path / "copy.mp4").write_bytes(b"the copy of before")
    with pytest.raises(CopyCancelledError):
        make_judge_copy(film.path, tmp_path / "copy.mp4", cancelled=lambda: True)
    assert sorted(os.listdir(tmp_path)) == ["copy.mp4", "film.mp4"]
    assert (tmp_path / "copy.mp4").read_bytes() == b"the copy of before"


def test_what_is_no_film_is_refused_and_leaves_nothing(tmp_path):
    film = make_film(tmp_path / "film.mp4", seconds=1, **SMALL)
    playlist = tmp_path / "list.mp4"
    playlist.write_text(f"ffconcat version 1.0\nfile {film.path.name}\n")
    hls = tmp_path / "hls.m3u8"
    hls.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{film.path}\n#EXT-X-ENDLIST\n")
    bad = [
        text_named_mp4(tmp_path / "text.mp4"), empty(tmp_path / "empty.mp4"),
        cut_in_half(film.path, tmp_path / "half.mp4"), playlist, hls,
    ]  # fmt: skip
    for path in bad:
        with pytest.raises(NotAFilmError):
            make_judge_copy(path, tmp_path / "copy.mp4")
    assert not (tmp_path / "copy.mp4").exists()
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".part")]


def test_too_many_frames_are_refused(tmp_path):
    film = make_film(tmp_path / "film.mp4", seconds=2, **SMALL)
    with pytest.raises(NotAFilmError) as refused:
        make_judge_copy(film.path, tmp_path / "copy.mp4", most_frames=40)
    assert refused.value.code == "too_many_frames"


def test_damaged_packets_are_counted_and_the_rest_is_copied(tmp_path):
    film = make_film(tmp_path / "film.ts", seconds=3, codec="mpeg2video", **SMALL)
    data = bytearray(film.path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 6000] = bytes(6000)
    damaged = tmp_path / "damaged.ts"
    damaged.write_bytes(data)
    info = make_judge_copy(damaged, tmp_path / "copy.mp4")
    assert info.frames >= 60
    assert plays_from_start(tmp_path / "copy.mp4")


def test_copy_in_the_limited_child(tmp_path):
    film = make_film(tmp_path / "film.mp4", seconds=2, codec="libx265", **SMALL)
    told = []
    info = copy_film(
        film.path, tmp_path / "copy.mp4", on_progress=lambda stage, share: told.append((stage, share))
    )
    check_playable(tmp_path / "copy.mp4", info, width=320, height=180, seconds=2)
    assert told[0] == ("start", None) and told[-1] == ("copy", 1.0)
    assert sorted(os.listdir(tmp_path)) == ["copy.mp4", "film.mp4"]


def test_child_says_what_is_no_film_and_can_be_called_off(tmp_path):
    with pytest.raises(ChildError) as refused:
        copy_film(text_named_mp4(tmp_path / "text.mp4"), tmp_path / "copy.mp4")
    assert refused.value.problem.code == "not_a_film"
    film = make_film(tmp_path / "film.mp4", seconds=2, codec="libx265", **SMALL)
    with pytest.raises(CancelledError):
        copy_film(film.path, tmp_path / "copy.mp4", cancelled=lambda: True)
    assert sorted(os.listdir(tmp_path)) == ["film.mp4", "text.mp4"]


def test_copy_that_grows_too_large_ends_in_a_problem(tmp_path):
    film = make_film(tmp_path / "film.mp4", seconds=2, codec="libx265", width=640, height=360)
    with pytest.raises(ChildError):
        copy_film(film.path, tmp_path / "copy.mp4", limits=Limits(file_bytes=20_000, copy_bytes=20_000))
    assert sorted(os.listdir(tmp_path)) == ["film.mp4"]
