"""Every known trap, made as a real file and sent through the real inspector, with the guard that catches it.

Where a guard can be taken away, the same file is shown to do its harm without it.
"""

import ast
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import av.error
import pytest

from festival.edition.rulebook import Rulebook
from submissions.inspection import measure
from submissions.inspection.header import NotAFilmError, read_header
from submissions.inspection.limits import CODEC_OPTIONS, DEFAULT_LIMITS, MOST_STREAMS, OPEN_OPTIONS, Limits
from submissions.inspection.measure import check_header, open_film
from submissions.inspection.runner import copy_film, inspect_film
from tests.inspection import traps

ROOT = Path(__file__).parents[2]
NOTHING_ASKED = Rulebook()
MB = 1 << 20


def inspect(path, tmp_path, **limits):
    report = inspect_film(path, NOTHING_ASKED, tmp_path / "out", limits=Limits(**limits))
    if report.verdict == "unreadable":
        assert list((tmp_path / "out").iterdir()) == []
    return report


def bare_open(path, *, codec_options: dict[str, str]) -> dict[str, float]:
    """What opening and decoding takes in a process of its own: pictures, CPU seconds, megabytes."""
    code = f"""
import json, resource, sys, av, av.error
from submissions.inspection.limits import OPEN_OPTIONS
options = {codec_options!r}
pictures = 0
try:
    with av.open({str(path)!r}, container_options=OPEN_OPTIONS, options=options) as film:
        video = film.streams.video[0]
        video.codec_context.options = options
        for packet in film.demux(video):
            try:
                pictures += len(packet.decode())
            except (av.error.FFmpegError, ValueError):
                pass
except av.error.FFmpegError:
    pass
used = resource.getrusage(resource.RUSAGE_SELF)
with open("/proc/self/status") as status:
    [peak] = [line for line in status if line.startswith("VmHWM")]
print(json.dumps({{"pictures": pictures, "cpu": used.ru_utime, "mb": int(peak.split()[1]) / 1024}}))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    return json.loads(done.stdout)


# Sizes: read from the header where it tells, else refused by the decoder before it takes the memory


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("film.mp4", "libx264"),
        ("film.mov", "libx264"),
        ("film.mkv", "libx264"),
        ("film.webm", "libvpx-vp9"),
        ("film.avi", "mpeg4"),
    ],
)
def test_a_giant_in_the_container_is_refused_before_any_decoder_sees_it(tmp_path, name, codec):
    path = traps.with_giant_container(traps.plain_film(tmp_path / name, codec, (320, 288)))
    with pytest.raises(NotAFilmError) as caught:
        check_header(read_header(path), DEFAULT_LIMITS.frames)
    assert (caught.value.code, caught.value.values) == ("picture_too_large", {"width": 16384, "height": 8192})
    report = inspect(path, tmp_path)
    assert report.problem.code == "picture_too_large"
    assert report.cost.memory < 150 * MB


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.avi", "film.ts"])
def test_a_giant_in_the_codecs_own_parameters_takes_no_memory(tmp_path, name):
    """The container says 320 × 176, or nothing (TS); the decoder would take 600 MB and two seconds per film."""
    path = traps.with_giant_sps(traps.plain_film(tmp_path / name))
    unguarded = bare_open(path, codec_options={})
    assert unguarded["pictures"] > 0
    assert unguarded["mb"] > 400
    guarded = bare_open(path, codec_options=CODEC_OPTIONS)
    assert guarded["pictures"] == 0
    assert guarded["mb"] < 150
    report = inspect(path, tmp_path)
    assert (report.problem.code, report.problem.values) == (
        "picture_too_large",
        {"width": 16384, "height": 8192},
    )
    assert report.cost.memory < 200 * MB


def test_a_film_that_grows_on_the_way_is_stopped(tmp_path):
    """The first pictures are honest; then the transport stream brings parameters of 16,384 × 8,192."""
    small = traps.plain_film(tmp_path / "small.ts", frames=24)
    giant = traps.with_giant_sps(traps.plain_film(tmp_path / "giant.ts", frames=24))
    path = tmp_path / "film.ts"
    path.write_bytes(small.read_bytes() * 4 + giant.read_bytes())
    report = inspect(path, tmp_path)
    assert report.cost.memory < 200 * MB
    assert report.problem is None or report.problem.code == "picture_too_large"


def test_a_picture_that_changes_its_size_is_told(tmp_path):
    first = traps.plain_film(tmp_path / "first.ts", size=(320, 176))
    second = traps.plain_film(tmp_path / "second.ts", size=(640, 368))
    path = tmp_path / "film.ts"
    path.write_bytes(first.read_bytes() + second.read_bytes() + first.read_bytes())
    report = inspect(path, tmp_path)
    assert report.problem is None
    assert report.video.size_changes == 2
    assert "size_change" in {finding.rule for finding in report.findings}
    info = copy_film(path, tmp_path / "copy.mp4")
    assert (info.width, info.height) == (320, 176)


# Much work in few bytes


@pytest.fixture(scope="module")
def av1_bomb(tmp_path_factory) -> Path:
    """A minute of 4K AV1 at 60 frames a second in less than a megabyte."""
    path = tmp_path_factory.mktemp("bomb") / "bomb.webm"
    frame = av.VideoFrame(3840, 2160, "yuv420p")
    for plane in frame.planes:
        plane.update(b"\x80" * plane.buffer_size)
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libsvtav1", rate=60, options={"preset": "13", "svtav1-params": "lp=2"})
        stream.width, stream.height, stream.pix_fmt = 3840, 2160, "yuv420p"
        packets = []
        for number in range(12):
            frame.pts = number
            packets += stream.encode(frame)
        packets += stream.encode()
        for number in range(300 * len(packets)):
            packet = av.Packet(bytes(packets[number % len(packets)]))
            packet.pts = packet.dts = number
            packet.time_base, packet.stream = Fraction(1, 60), stream
            packet.is_keyframe = number % len(packets) == 0
            film.mux(packet)
    return path


def test_a_minute_of_4k_in_a_megabyte_is_ended_by_its_cpu_limit(tmp_path, av1_bomb):
    assert av1_bomb.stat().st_size < MB
    report = inspect(av1_bomb, tmp_path, cpu_base=2, cpu_factor=0)
    assert report.problem.code == "cpu"
    assert report.cost.wall < 30


def test_more_frames_than_can_be_meant_are_refused(tmp_path, av1_bomb):
    report = inspect(av1_bomb, tmp_path, frames=30)
    assert (report.problem.code, report.problem.values) == ("too_many_frames", {"most": 30})


def test_cpu_is_allowed_for_what_a_film_declares_but_never_without_bound(tmp_path):
    code = (
        "import resource, sys; from submissions.inspection.child import scale_cpu; "
        "from submissions.inspection.header import Header; from dataclasses import asdict; "
        "from submissions.inspection.limits import DEFAULT_LIMITS; "
        "resource.setrlimit(resource.RLIMIT_CPU, (60, 72005)); "
        "size, *length = map(float, sys.argv[1:]); "
        "scale_cpu(asdict(DEFAULT_LIMITS), Header('mp4', int(size), 3840, 2160, *length)); "
        "print(*resource.getrlimit(resource.RLIMIT_CPU))"
    )

    def bounds(*declared: str) -> list[int]:
        done = subprocess.run(
            [sys.executable, "-c", code, *declared], cwd=ROOT, capture_output=True, check=True
        )
        return [int(bound) for bound in done.stdout.split()]

    assert bounds("1", "10") == [300, 305]
    assert bounds("1", "1e9") == [72000, 72005]
    assert bounds("2e6") == [1020, 1025]  # nothing declared (TS, MXF): as long as its bytes could last


def test_nine_hundred_sound_tracks(tmp_path):
    path = traps.many_tracks(tmp_path / "film.mkv", 900)
    report = inspect(path, tmp_path)
    assert (report.problem.code, report.problem.values) == (
        "too_many_streams",
        {"streams": 901, "most": MOST_STREAMS},
    )
    assert report.cost.memory < 150 * MB


def test_too_many_tracks_of_an_avi(tmp_path):
    path = traps.many_tracks(tmp_path / "film.avi", 60)
    report = inspect(path, tmp_path)
    assert (report.problem.code, report.problem.values) == (
        "too_many_streams",
        {"streams": 61, "most": MOST_STREAMS},
    )


def test_the_demuxer_too_takes_no_more_tracks_than_that(tmp_path):
    """It stands behind the header, which does not know every container."""
    path = traps.many_tracks(tmp_path / "film.mkv", 60)
    with av.open(str(path)) as film:
        assert len(film.streams) == 61
    with pytest.raises((NotAFilmError, MemoryError)), open_film(path) as film:
        assert len(film.streams) <= MOST_STREAMS
        raise NotAFilmError("too_many_streams")


# Tables that lie


def test_a_table_of_two_hundred_million_frames(tmp_path):
    """stts: one run of 0x0fffffff frames."""
    path = traps.changed(traps.plain_film(tmp_path / "film.mp4"), b"stts", (0x0FFFFFFF).to_bytes(4), 12)
    report = inspect(path, tmp_path)
    assert report.problem.code in ("too_many_frames", "frame_rate_too_high")
    assert report.cost.memory < 150 * MB


def test_a_table_that_says_to_be_longer_than_the_file(tmp_path):
    """stts: 0x0fffffff runs."""
    path = traps.changed(traps.plain_film(tmp_path / "film.mp4"), b"stts", (0x0FFFFFFF).to_bytes(4), 8)
    report = inspect(path, tmp_path)
    assert report.cost.memory < 250 * MB
    assert report.problem is None or report.problem.code in (
        "damaged",
        "memory",
        "too_many_frames",
        "no_frames",
    )


def test_frames_that_last_forever(tmp_path):
    """stts: each frame 0x7ffffff0 ticks."""
    path = traps.changed(traps.plain_film(tmp_path / "film.mp4"), b"stts", (0x7FFFFFF0).to_bytes(4), 16)
    report = inspect(path, tmp_path)
    json.dumps(report.as_dict(), allow_nan=False)
    assert report.cost.cpu < 10


@pytest.mark.parametrize(("size", "count"), [(1, 0x0FFFFFFF), (0, 0x0FFFFFFF), (0x7FFFFFFF, 12)])
def test_a_table_of_sizes_that_lies(tmp_path, size, count):
    """stsz: one size for all, or a count far beyond the table."""
    path = traps.changed(
        traps.plain_film(tmp_path / "film.mp4"), b"stsz", size.to_bytes(4) + count.to_bytes(4), 8
    )
    report = inspect(path, tmp_path, memory_bytes=1 << 30)
    json.dumps(report.as_dict(), allow_nan=False)
    assert report.cost.cpu < 20
    assert report.cost.memory < 1 << 30


@pytest.mark.parametrize("kinds", [(b"moov",), (b"moov", b"trak", b"mdia", b"minf", b"stbl")])
def test_an_index_a_thousand_deep(tmp_path, kinds):
    report = inspect(traps.nested_boxes(tmp_path / "film.mp4", 1000, kinds), tmp_path)
    assert report.problem.code in ("damaged", "no_video", "no_index")


# Other things in a film's clothes


def test_pictures_of_thirty_thousand_pixels_named_mp4(tmp_path):
    for content in (traps.large_png(30_000), traps.large_jpeg(30_000)):
        path = tmp_path / "film.mp4"
        path.write_bytes(content)
        report = inspect(path, tmp_path)
        assert (report.problem.code, report.problem.values) == ("not_a_film", {"found": "image"})
        assert report.cost.memory < 100 * MB


def test_a_page_that_begins_like_a_film(tmp_path):
    """Type sniffers call it video/mp4."""
    page = (
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom<html><script>alert(document.domain)</script></html>"
        + b" " * 4000
    )
    (tmp_path / "film.mp4").write_bytes(page)
    assert inspect(tmp_path / "film.mp4", tmp_path).problem.code in ("no_index", "damaged")


def test_a_film_with_a_page_inside_is_a_film_and_the_copy_has_no_page(tmp_path):
    path = traps.plain_film(tmp_path / "film.mp4")
    page = b"<html><script>alert(1)</script></html>"
    path.write_bytes(path.read_bytes() + (len(page) + 8).to_bytes(4) + b"free" + page)
    assert inspect(path, tmp_path).problem is None
    copy_film(path, tmp_path / "copy.mp4")
    assert page not in (tmp_path / "copy.mp4").read_bytes()


@pytest.mark.parametrize("name", ["upload.mp4", "upload.m3u8", "upload.ffconcat", "upload.mkv"])
@pytest.mark.parametrize(
    "text", ["ffconcat version 1.0\nfile film.mp4\n", "#EXTM3U\n#EXTINF:9,\nfilm.mp4\n#EXT-X-ENDLIST\n"]
)
def test_a_playlist_opens_no_neighbour(tmp_path, name, text):
    """Three guards: the header's sniff, the list of formats, and the fence. Without the list FFmpeg reads it."""
    traps.plain_film(tmp_path / "film.mp4")
    (tmp_path / name).write_text(text)
    assert inspect(tmp_path / name, tmp_path).problem.values == {"found": "playlist"}
    with pytest.raises(NotAFilmError):
        open_film(tmp_path / name)
    if text.startswith("ffconcat"):
        open_to_all = {key: value for key, value in OPEN_OPTIONS.items() if key != "format_whitelist"}
        with av.open(str(tmp_path / name), container_options=open_to_all) as film:
            assert film.streams.video[0].width == 320


def test_scrambled_samples_and_unknown_codecs_are_named(tmp_path):
    for tag in (b"encv", b"dav1", b"zzzz"):
        path = traps.changed(traps.plain_film(tmp_path / "film.mp4"), b"avc1\0\0\0\0\0\0\0\1", tag)
        report = inspect(path, tmp_path)
        assert report.problem.code in ("unknown_codec", "no_frames", "no_video"), tag


def test_a_giant_behind_an_unknown_tag(tmp_path):
    """A tag that the header does not know must not hide the size beside it."""
    path = traps.with_giant_container(traps.plain_film(tmp_path / "film.mp4"))
    traps.changed(path, b"avc1\0\0\0\0\0\0\0\1", b"encv")
    report = inspect(path, tmp_path)
    assert report.problem.code in ("picture_too_large", "unknown_codec")
    assert report.cost.memory < 150 * MB


def test_tracks_of_data_do_not_disturb(tmp_path):
    """A timecode track has packets that no decoder takes."""
    small = traps.plain_film(tmp_path / "small.mp4")
    with av.open(str(small)) as source, av.open(str(tmp_path / "film.mov"), "w") as target:
        target.metadata["timecode"] = "10:00:00:00"
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    with av.open(str(tmp_path / "film.mov")) as film:
        assert [stream.type for stream in film.streams] == ["video", "data"]
    report = inspect(tmp_path / "film.mov", tmp_path)
    assert report.problem is None
    assert report.video.frames == 12
    assert copy_film(tmp_path / "film.mov", tmp_path / "copy.mp4").frames == 12


def test_a_film_cut_anywhere_gives_a_report(tmp_path):
    for name, codec in (("film.mp4", "libx264"), ("film.mkv", "libx264"), ("film.ts", "mpeg2video")):
        whole = traps.plain_film(tmp_path / name, codec).read_bytes()
        for share in (0.02, 0.5, 0.98):
            (tmp_path / name).write_bytes(whole[: int(len(whole) * share)])
            report = inspect(tmp_path / name, tmp_path)
            assert report.problem is None or report.problem.code in (
                "no_index",
                "damaged",
                "no_video",
                "no_frames",
            )
            assert report.video is None or report.video.frames <= 12


# The code itself


def film_openings() -> list[tuple[str, ast.Call]]:
    found = []
    for package in ("submissions", "festival", "judging"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in ("av.open", "av.container.open"):
                    found.append((str(path.relative_to(ROOT)), node))
    return found


def test_films_are_opened_by_path_and_with_every_guard():
    """A file object drops the whitelist of protocols: a playlist in it would fetch addresses."""
    reading = 0
    for where, call in film_openings():
        path, *others = call.args
        assert isinstance(path, ast.Call), where
        assert ast.unparse(path.func) == "str", where
        if others and ast.literal_eval(others[0]) == "w":
            continue
        reading += 1
        options = {word.arg: ast.unparse(word.value) for word in call.keywords}
        assert options == {"container_options": "OPEN_OPTIONS", "options": "CODEC_OPTIONS"}, where
    assert reading >= 1


def test_no_other_way_to_open_a_film_is_imported():
    for package in ("submissions", "festival", "judging"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "av":
                    assert not {name.name for name in node.names} & {"open", "container"}, path
                if isinstance(node, ast.Import):
                    assert all(name.asname is None for name in node.names if name.name.startswith("av")), path


def test_the_guards_of_opening_are_what_they_must_be():
    formats = set(OPEN_OPTIONS["format_whitelist"].split(","))
    assert formats.isdisjoint(
        {"concat", "hls", "dash", "sdp", "rtsp", "image2", "lavfi", "tedcaptions", "imf"}
    )
    assert OPEN_OPTIONS["protocol_whitelist"] == "file"
    assert measure.OPEN_OPTIONS is OPEN_OPTIONS
