"""Facts that file and packets tell: each checked against a film made so on purpose."""

from fractions import Fraction

import av
import numpy as np
import pytest

from festival.edition.rulebook import Rulebook
from submissions.inspection.container import look_inside
from submissions.inspection.file_facts import PacketLog, clean, display_aspect, pace_of, ratio_text
from submissions.inspection.runner import inspect_film
from submissions.inspection.synthetic import make_film

NOTHING_ASKED = Rulebook()


def inspect(path, tmp_path, **options):
    report = inspect_film(path, NOTHING_ASKED, tmp_path / "out", **options)
    assert report.problem is None, report.problem
    return report


def remux(source, target, *, options=None, tags=None, keep=None):
    """The same packets in another container; `keep(packet)` says which."""
    with av.open(str(source)) as film, av.open(str(target), "w", options=options or {}) as copy:
        copy.metadata.update(tags or {})
        streams = {stream.index: copy.add_stream_from_template(stream) for stream in film.streams}
        for packet in film.demux():
            if packet.dts is not None and (keep is None or keep(packet)):
                packet.stream = streams[packet.stream.index]
                copy.mux(packet)
    return target


def grey(
    path,
    *,
    codec="libx264",
    times=range(24),
    size=(64, 64),
    options=None,
    form="yuv420p",
    aspect=None,
    **context,
):
    """A grey film whose frames stand at `times`, in 24ths of a second."""
    with av.open(str(path), "w") as film:
        stream = film.add_stream(codec, rate=24, options=options or {"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *size, form
        stream.time_base = stream.codec_context.time_base = Fraction(1, 240)
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        for name, value in context.items():
            setattr(stream.codec_context, name, value)
        for n, time in enumerate(times):
            noise = np.random.default_rng(n).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(noise, "rgb24").reformat(format=form)
            frame.pts, frame.time_base = round(time * 10), Fraction(1, 240)
            for name, value in context.items():
                setattr(frame, name, value)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    options = {"g": "24", "keyint_min": "24", "sc_threshold": "0"}
    return make_film(path, seconds=3, width=320, height=180, video_options=options).path


def test_the_build_of_the_file(tmp_path, film):
    file = inspect(film, tmp_path, sha256="ab" * 32).file
    assert file.structure.parts == ("ftyp", "free", "mdat", "moov")
    assert (file.structure.brand, file.structure.fast_start, file.structure.fragmented) == (
        "isom",
        False,
        False,
    )
    assert [(track.kind, track.codec, track.channels) for track in file.tracks] == [
        ("video", "h264", 0),
        ("audio", "aac", 2),
    ]
    assert file.sha256 == "ab" * 32
    assert file.durations.spread < 0.05
    # The encoder's reordering is cut off by an edit list: two frames of 24.
    assert file.tracks[0].edits[0].start == pytest.approx(2 / 24, abs=0.001)


@pytest.mark.parametrize(
    ("name", "options", "parts", "fast", "fragmented"),
    [
        ("fast.mp4", {"movflags": "faststart"}, ("ftyp", "moov", "free", "mdat"), True, False),
        ("pieces.mp4", {"movflags": "frag_keyframe+empty_moov"}, ("ftyp", "moov", "moof+mdat×3", "mfra"), True, True),
        ("film.mkv", {}, ("EBML", "SeekHead", "Void", "Info", "Tracks", "Tags", "Cluster×3", "Cues"), None, False),
        ("film.ts", {}, (), None, False),
    ],
)  # fmt: skip
def test_containers_are_seen_through(tmp_path, film, name, options, parts, fast, fragmented):
    structure = inspect(remux(film, tmp_path / name, options=options), tmp_path).file.structure
    assert (structure.parts, structure.fast_start, structure.fragmented) == (parts, fast, fragmented)


def test_groups_and_bit_rate_are_those_of_the_packets(tmp_path, film):
    video = inspect(film, tmp_path).video
    assert (video.groups.count, video.groups.mean, video.groups.longest) == (3, 1.0, 1.0)
    with av.open(str(film)) as opened:
        sizes = [
            (float(packet.pts * packet.time_base), packet.size)
            for packet in opened.demux(video=0)
            if packet.size
        ]
    total = sum(size for _, size in sizes)
    assert video.bit_rate == round(total * 8 / 3)
    first = sum(size for time, size in sizes if time < 1)
    assert video.bit_rates.values[0] == pytest.approx(first * 8 / 1000, abs=1)
    assert sum(video.bit_rates.values) / 3 == pytest.approx(video.bit_rate / 1000, abs=1)


def test_a_film_of_one_group_says_where_the_longest_is(tmp_path):
    path = grey(
        tmp_path / "film.mp4",
        times=range(48),
        options={"preset": "ultrafast", "g": "36", "sc_threshold": "0"},
    )
    groups = inspect(path, tmp_path).video.groups
    assert (groups.count, groups.longest, groups.longest_at) == (2, 1.5, 0.0)


def test_uneven_frames_are_counted_by_their_length(tmp_path):
    path = grey(tmp_path / "film.mp4", times=[0, 1, 2, 3, 6, 7, 8, 9, 12, 13, 14, 15], codec="libx264")
    video = inspect(path, tmp_path).video
    assert not video.constant
    assert video.pace.kinds == 2
    assert video.pace.steps == ((41.7, 9), (125.0, 2))


def test_shape_depth_and_colour(tmp_path):
    path = grey(
        tmp_path / "film.mov", codec="prores_ks", form="yuv422p10le", size=(72, 64), aspect=Fraction(16, 15),
        options={}, color_primaries=9, color_trc=16, colorspace=9, color_range=1,
    )  # fmt: skip
    video = inspect(path, tmp_path).video
    assert (video.pixel_aspect, video.bit_depth, video.chroma) == ("16:15", 10, "4:2:2")
    assert video.width == round(72 * 16 / 15)
    assert (video.colour.primaries, video.colour.transfer, video.colour.matrix) == (
        "bt2020",
        "smpte2084",
        "bt2020nc",
    )
    assert (video.hdr.kind, video.hdr.mastering_max) == ("pq", None)


def test_the_light_of_a_bright_film(tmp_path):
    light = "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400"
    path = grey(
        tmp_path / "film.mp4", codec="libx265", form="yuv420p10le", color_primaries=9, color_trc=16, colorspace=9,
        options={"preset": "ultrafast", "x265-params": f"log-level=error:repeat-headers=1:hdr10=1:{light}"},
    )  # fmt: skip
    hdr = inspect(path, tmp_path).video.hdr
    assert (hdr.kind, hdr.mastering_max, hdr.mastering_min) == ("pq", 1000.0, 0.005)
    assert (hdr.content_max, hdr.frame_average_max) == (1000, 400)


def test_what_says_nothing_of_its_colours(tmp_path):
    colour = inspect(grey(tmp_path / "film.mp4"), tmp_path).video.colour
    assert (colour.primaries, colour.transfer) == ("", "")


def test_tags_are_cleaned_and_shortened(tmp_path, film):
    tags = {"title": "<b>夜\u0007航</b>\n", "comment": "x" * 5000, "timecode": "01:00:00:00"}
    file = inspect(remux(film, tmp_path / "film.mov", tags=tags), tmp_path).file
    assert file.tags["title"] == "<b>夜 航</b>"
    assert len(file.tags["comment"]) == 200
    assert file.timecode == "01:00:00:00"
    assert clean("a\0b\u202ec", 10) == "a b c"


def test_lengths_that_disagree(tmp_path, film):
    short = remux(
        film, tmp_path / "film.mp4", keep=lambda p: p.stream.type == "video" or p.pts * p.time_base < 1.5
    )
    file = inspect(short, tmp_path).file
    assert file.durations.video == pytest.approx(3.0, abs=0.05)
    assert file.durations.spread == pytest.approx(1.5, abs=0.05)


def test_damage_is_placed(tmp_path, film):
    source = remux(film, tmp_path / "film.mkv")
    with av.open(str(source)) as opened:
        places = [
            (float(packet.pts * packet.time_base), packet.pos, packet.size)
            for packet in opened.demux(video=0) if packet.size
        ]  # fmt: skip
    data = bytearray(source.read_bytes())
    hurt = next(place for place in sorted(places) if place[0] >= 2.0)
    at = data.index(bytes(data[hurt[1] : hurt[1] + 16]))
    for n in range(at + 12, at + hurt[2] - 4):
        data[n] = 0xFF
    (tmp_path / "hurt.mkv").write_bytes(data)
    video = inspect(tmp_path / "hurt.mkv", tmp_path).video
    assert video.errors >= 1
    assert all(abs(time - hurt[0]) < 0.3 for time in video.error_times)


def test_a_packet_log_bears_silly_times():
    class Packet:
        size, is_keyframe, dts, time_base = 1000, True, None, Fraction(1)

        def __init__(self, pts):
            self.pts = pts

    log = PacketLog(0.0)
    for pts in (0, 1, None, -5, 10**15):
        log.see(Packet(pts))
    assert log.bit_rates(2.0).values == (8.0, 16.0)
    long = PacketLog(0.0)
    for pts in range(10_000):
        long.see(Packet(pts))
    curve = long.bit_rates(10_000.0)
    assert (curve.every, len(curve.values), set(curve.values)) == (3.0, 3334, {8.0})


def test_shapes_in_words():
    assert [display_aspect(*size) for size in ((1920, 1080), (1080, 1920), (2048, 858), (1440, 1080))] == [
        "16:9", "9:16", "2.39:1", "4:3",
    ]  # fmt: skip
    assert (ratio_text(None), ratio_text(Fraction(16, 15))) == ("1:1", "16:15")
    assert pace_of([0.0]).kinds == 0


def test_damaged_boxes_end_the_walk(tmp_path, film):
    whole = film.read_bytes()
    for cut in range(0, len(whole), len(whole) // 40):
        (tmp_path / "film.mp4").write_bytes(whole[:cut] + bytes(20) + whole[cut + 20 :])
        look_inside(tmp_path / "film.mp4", "mp4")
    for kind in ("mp4", "mkv", "avi", "flv", "ts"):
        (tmp_path / "noise").write_bytes(np.random.default_rng(3).bytes(5000))
        assert look_inside(tmp_path / "noise", kind).labels == []
