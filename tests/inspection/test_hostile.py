"""Files that are no films, broken films, and films that would take too much: a report each, and nothing left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path
from statistics import median

import av
import psutil
import pytest

from festival.edition.rulebook import Rulebook
from submissions.inspection import confined
from submissions.inspection.confined import CancelledError, ChildError, run_limited
from submissions.inspection.limits import Limits
from submissions.inspection.runner import inspect_film
from submissions.inspection.synthetic import cut_in_half, make_film

NOTHING_ASKED = Rulebook()


def problem(path, out, **limits) -> tuple[str, dict[str, object]]:
    report = inspect_film(path, NOTHING_ASKED, out, limits=Limits(**limits))
    assert report.verdict == "unreadable"
    assert list(out.iterdir()) == []
    return report.problem.code, report.problem.values


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", seconds=3, width=320, height=180).path


@pytest.fixture(scope="module")
def long_film(tmp_path_factory) -> Path:
    """Takes a few seconds to decode: one second of film, thirty times over."""
    folder = tmp_path_factory.mktemp("film")
    second = make_film(
        folder / "second.mkv", seconds=1, width=1280, height=720, codec="mjpeg", pix_fmt="yuvj420p", audio=False,
        video_options={"qmin": "1", "qmax": "1"},
    ).path  # fmt: skip
    with av.open(str(folder / "long.mkv"), "w") as target:
        source = av.open(str(second))
        stream = target.add_stream_from_template(source.streams.video[0])
        packets = [(bytes(packet), packet.pts) for packet in source.demux(video=0) if packet.size]
        step = packets[1][1] - packets[0][1]
        for number in range(30 * len(packets)):
            packet = av.Packet(packets[number % len(packets)][0])
            packet.pts = packet.dts = number * step
            packet.time_base, packet.stream, packet.is_keyframe = (
                source.streams.video[0].time_base,
                stream,
                True,
            )
            target.mux(packet)
        source.close()
    return folder / "long.mkv"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ("empty", {})),
        (b"Dear festival, here is my film.\n" * 50, ("not_a_film", {"found": "text"})),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfilm.mp4\n", ("not_a_film", {"found": "playlist"})),
        (b"ffconcat version 1.0\nfile film.mp4\n", ("not_a_film", {"found": "playlist"})),
        (b"PK\x03\x04" + bytes(500), ("not_a_film", {"found": "archive"})),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), ("not_a_film", {"found": "image"})),
        (bytes(5000), ("not_a_film", {"found": "zeros"})),
        (bytes(range(256)) * 20, ("not_a_film", {"found": "unknown"})),
        (b"\0\0\0\x18ftypisom\0\0\2\0isommp41" + bytes(8), ("no_index", {})),
        (b"\x1a\x45\xdf\xa3\x84webm\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff", ("damaged", {})),
    ],
)
def test_what_is_no_film_is_named(tmp_path, film, content, expected):
    (tmp_path / "film.mp4").write_bytes(film.read_bytes())  # a neighbour that a playlist could reach
    (tmp_path / "upload.mp4").write_bytes(content)
    assert problem(tmp_path / "upload.mp4", tmp_path / "out") == expected


def test_a_file_that_is_not_there(tmp_path):
    assert problem(tmp_path / "none.mp4", tmp_path / "out")[0] == "missing"


def test_a_playlist_that_starts_like_a_film_opens_no_neighbour(tmp_path, film):
    """The demuxer is chosen by content; only the format whitelist keeps a concat script from being one."""
    from submissions.inspection.header import NotAFilmError
    from submissions.inspection.measure import open_film

    (tmp_path / "film.mp4").write_bytes(film.read_bytes())
    for text in ("ffconcat version 1.0\nfile film.mp4\n", "#EXTM3U\n#EXTINF:9,\nfilm.mp4\n#EXT-X-ENDLIST\n"):
        for name in ("upload.mp4", "upload.m3u8", "upload.ffconcat"):
            (tmp_path / name).write_text(text)
            with pytest.raises(NotAFilmError):
                open_film(tmp_path / name)


def test_cut_in_half_before_its_index(tmp_path, film):
    assert problem(cut_in_half(film, tmp_path / "half.mp4"), tmp_path / "out") == ("no_index", {})


def test_cut_in_half_after_its_index(tmp_path, film):
    """Decodes without one error; only the promised length gives it away."""
    with (
        av.open(str(film)) as source,
        av.open(str(tmp_path / "fast.mp4"), "w", options={"movflags": "+faststart"}) as target,
    ):
        streams = {stream: target.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream]
                target.mux(packet)
    half = cut_in_half(tmp_path / "fast.mp4", tmp_path / "half.mp4")
    report = inspect_film(half, NOTHING_ASKED, tmp_path / "out")
    truncated = next(finding for finding in report.findings if finding.rule == "truncated")
    assert report.verdict == "block"
    assert truncated.limit == pytest.approx(3.0, abs=0.05)
    assert 0.5 < truncated.measured < 2.5
    assert report.file.complete is False


def test_flipped_bytes_are_counted_and_never_crash(tmp_path, film):
    data = bytearray(film.read_bytes())
    start = data.index(b"mdat") + 64
    for at in range(start, start + 40_000, 97):
        data[at] ^= 0x55
    (tmp_path / "flipped.mp4").write_bytes(data)
    report = inspect_film(tmp_path / "flipped.mp4", NOTHING_ASKED, tmp_path / "out")
    assert report.problem is None
    assert "decode_errors" in {finding.rule for finding in report.findings}


def test_a_giant_picture_is_refused_from_its_header(tmp_path):
    path = make_film(tmp_path / "giant.mp4", seconds=0.1, width=6144, height=3456, audio=False).path
    code, values = problem(path, tmp_path / "out", memory_bytes=300 << 20)
    assert (code, values) == ("picture_too_large", {"width": 6144, "height": 3456})


def test_a_giant_picture_behind_a_small_header_is_not_decoded(tmp_path):
    """The codec's own data says 6144 × 3456 while the container says 640 × 360."""
    path = make_film(tmp_path / "giant.mp4", seconds=0.1, width=6144, height=3456, audio=False).path
    data = path.read_bytes()
    size, small = (6144).to_bytes(2) + (3456).to_bytes(2), (640).to_bytes(2) + (360).to_bytes(2)
    wide, narrow = (
        (6144).to_bytes(2) + b"\0\0" + (3456).to_bytes(2),
        (640).to_bytes(2) + b"\0\0" + (360).to_bytes(2),
    )
    assert size in data and wide in data
    path.write_bytes(data.replace(size, small).replace(wide, narrow))
    report = inspect_film(path, NOTHING_ASKED, tmp_path / "out")
    assert report.problem.code in ("damaged", "no_frames", "picture_too_large")
    assert report.cost.memory < 150 << 20


def test_too_many_frames_are_refused(tmp_path, film):
    assert problem(film, tmp_path / "out", frames=50) == ("too_many_frames", {"most": 50})


def test_the_cpu_limit_ends_the_child(tmp_path, long_film):
    assert problem(long_film, tmp_path / "out", cpu_base=1, cpu_factor=0)[0] == "cpu"


def test_the_memory_limit_ends_the_child(tmp_path, long_film):
    assert problem(long_film, tmp_path / "out", memory_bytes=260 << 20)[0] in ("memory", "crashed")


def test_the_wall_limit_ends_the_child(tmp_path, long_film):
    assert problem(long_film, tmp_path / "out", wall_seconds=0.6)[0] == "too_slow"


def test_a_child_that_hangs_is_ended(tmp_path, film):
    def stop(stage, _share):
        if stage == "start":
            for child in psutil.Process().children():
                child.suspend()

    started = time.monotonic()
    report = inspect_film(film, NOTHING_ASKED, tmp_path / "out", stop, limits=Limits(silent_seconds=1))
    assert (report.verdict, report.problem.code) == ("unreadable", "stalled")
    assert time.monotonic() - started < 30
    assert psutil.Process().children() == []
    assert list((tmp_path / "out").iterdir()) == []


def test_a_child_that_is_killed_gives_a_report(tmp_path, long_film):
    def kill(stage, _share):
        if stage == "measure":
            for child in psutil.Process().children():
                child.send_signal(signal.SIGKILL)

    report = inspect_film(long_film, NOTHING_ASKED, tmp_path / "out", kill)
    assert (report.verdict, report.problem.code) == ("unreadable", "killed")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_decoder_that_crashes_gives_a_report(tmp_path, long_film):
    def crash(stage, _share):
        if stage == "measure":
            for child in psutil.Process().children():
                child.send_signal(signal.SIGSEGV)

    report = inspect_film(long_film, NOTHING_ASKED, tmp_path / "out", crash)
    assert (report.verdict, report.problem.code) == ("unreadable", "crashed")


def test_cancelling_takes_effect_at_once(tmp_path, long_film):
    asked = []

    def cancelled() -> bool:
        if psutil.Process().children() and time.monotonic() - began > 0.7:
            asked.append(time.monotonic())
        return bool(asked)

    began = time.monotonic()
    with pytest.raises(CancelledError):
        inspect_film(long_film, NOTHING_ASKED, tmp_path / "out", cancelled=cancelled)
    assert len(asked) == 1 and time.monotonic() - asked[0] < 10  # asked once, not until the film ended
    assert psutil.Process().children() == []
    assert list((tmp_path / "out").iterdir()) == []


def test_progress_rises_and_comes_at_least_every_second(tmp_path, long_film):
    said = []
    inspect_film(
        long_film,
        NOTHING_ASKED,
        tmp_path / "out",
        lambda stage, share: said.append((time.monotonic(), stage, share)),
    )
    # The middle one of the pauses: on a busy machine a single one may be longer through no fault of the engine.
    assert median(after[0] - before[0] for before, after in pairwise(said)) < 1
    shares = [share for _, stage, share in said if stage == "measure" and share is not None]
    assert shares == sorted(shares)
    assert shares[-1] > 0.5


def test_the_child_dies_with_its_parent(tmp_path, long_film):
    code = (
        "import sys; from submissions.inspection.runner import inspect_film; "
        "from festival.edition.rulebook import Rulebook; "
        f"inspect_film({str(long_film)!r}, Rulebook(), {str(tmp_path / 'out')!r}, "
        "lambda stage, share: print(stage, flush=True))"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=root
    ) as parent:
        for line in parent.stdout:
            if line.strip() == "measure":
                break
        [child] = psutil.Process(parent.pid).children()
        parent.kill()
    child.wait(timeout=2)
    assert not child.is_running()


def test_the_child_has_no_network_and_no_secrets(tmp_path, film, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    seen = {}

    def look(stage, _share):
        for child in psutil.Process().children():
            if stage == "measure" and not seen:
                seen["environment"] = child.environ()
                seen["namespace"] = os.readlink(f"/proc/{child.pid}/ns/net")

    inspect_film(film, NOTHING_ASKED, tmp_path / "out", look)
    assert "DATABASE_URL" not in seen["environment"]
    if "network_namespace" not in confined._told_missing:
        assert seen["namespace"] != os.readlink("/proc/self/ns/net")


def test_an_operation_that_fails_is_told_to_the_caller(tmp_path, film):
    with pytest.raises(ChildError) as caught:
        run_limited("nothing", film, tmp_path / "out", {})
    assert caught.value.problem.code == "crashed"


def test_many_at_once_do_not_disturb_each_other(tmp_path, film):
    verdicts = []

    def inspect(number: int) -> None:
        verdicts.append(inspect_film(film, NOTHING_ASKED, tmp_path / str(number)).verdict)

    threads = [threading.Thread(target=inspect, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verdicts == ["pass"] * 3
