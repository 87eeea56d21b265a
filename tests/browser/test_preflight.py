"""The look at a film before its upload, in a real browser: what it reads, what it says, what it costs."""

import base64
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from festival.edition.rulebook import Rulebook
from submissions.inspection.header import NotAFilmError, check_header, read_header
from submissions.inspection.limits import DEFAULT_LIMITS
from submissions.inspection.preflight import judge_seen, read_seen
from submissions.inspection.report import Report
from submissions.inspection.runner import inspect_film
from submissions.inspection.synthetic import make_film, text_named_mp4
from submissions.models import Entry, FilmVersion, Upload
from tests.browser.people import Person
from tests.browser.preflight_films import FTYP, HOSTILE, make_films, repacked
from tests.factories import make_call, make_draft, make_edition, make_user
from tests.fuzz.corpus import make_corpus
from tests.fuzz.mutate import mutant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Asks of every film something else than it has, so that each fact that is known becomes a finding.
CONTRARY = Rulebook.from_toml(
    """
[duration]
min = 3
max = 5
[file]
max_bytes = 40_000
containers = ["mxf"]
fast_start = true
[video]
codecs = ["vp8"]
landscape = ["1920x1080"]
aspects = ["4:3"]
frame_rates = [50]
constant = true
square_pixels = true
[audio]
required = true
channels = [5]
codecs = ["truehd"]
sample_rates = [96000]
"""
)
AHEAD = {
    "duration_min", "duration_max", "file_size", "container", "video_codec", "resolution", "aspect", "frame_rate",
    "constant_frame_rate", "square_pixels", "audio_required", "audio_channels", "audio_codec", "sample_rate",
    "fast_start", "truncated",
}  # fmt: skip
# What cannot be known there: no container but these two is read, Matroska has no table of its frames, and some
# decoders know better about shape, channels and rate than the container.
UNSEEN = {
    "h264.ts": AHEAD - {"file_size", "container"},
    "mpeg4.avi": AHEAD - {"file_size", "container"},
    "mpeg4.mp4": {"resolution", "aspect", "audio_channels", "sample_rate"},
    "hevc.mkv": {"audio_channels", "sample_rate"},
}
EXAMINE = """async () => {
    const { examine } = await import("/static/js/preflight.js");
    const started = performance.now();
    const facts = await examine(document.getElementById("probe").files[0]);
    return { facts, ms: performance.now() - started };
}"""


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return make_films(tmp_path_factory.mktemp("builds"))


@pytest.fixture
def probe(chromium: Any, live_server: Any, db: None) -> Iterator[Any]:
    """A page of the site with a field for files and nothing that listens to it."""
    context = chromium.new_context(base_url=live_server.url)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.evaluate(
        """() => {
            const field = Object.assign(document.createElement("input"), { type: "file", id: "probe" });
            document.body.append(field);
        }"""
    )
    yield page
    context.close()


def examined(page: Any, path: Path) -> tuple[dict[str, Any], float]:
    """What the browser reads of a file, and how many milliseconds it took."""
    page.set_input_files("#probe", path)
    answer = page.evaluate(EXAMINE)
    return answer["facts"], answer["ms"]


def judged(facts: dict[str, Any]) -> Any:
    return judge_seen(read_seen(facts["size"], base64.b64decode(facts["head"]), facts), CONTRARY)


def test_what_it_reads_is_what_the_inspection_finds(probe: Any, films: list[Path], tmp_path: Path) -> None:
    for film in films:
        facts, ms = examined(probe, film)
        if ms > 1000:  # a busy machine: what was not read in time is not known
            facts, _ms = examined(probe, film)
        report = inspect_film(film, CONTRARY, tmp_path / film.name)
        same_header(film, facts)
        same_facts(film, facts, report)
        same_findings(film, facts, report)


def same_header(film: Path, facts: dict[str, Any]) -> None:
    try:
        header = read_header(film)
    except NotAFilmError as error:
        assert (film.name, error.code, facts["indexed"]) == ("half.mp4", "no_index", False)
        return
    if header.container in ("avi", "ts"):
        assert facts["streams"] is None, film.name
        return
    seen = tuple(facts[name] for name in ("streams", "width", "height", "frames", "size"))
    assert seen == (header.streams, header.width, header.height, header.frames or None, header.bytes), (
        film.name
    )
    assert facts["duration"] == pytest.approx(header.duration), film.name
    assert (facts["promised"] <= facts["size"]) == header.complete, film.name


def same_facts(film: Path, facts: dict[str, Any], report: Report) -> None:
    """Where the browser says something, it is what was measured: lengths to 0.05 s, rates to a thousandth."""
    if report.file is None or report.video is None or facts["streams"] is None:
        return
    video, sound = facts["video"], facts["sound"]
    measured = {
        "codec": report.video.codec,
        "width": report.video.width,
        "height": report.video.height,
        "constant": report.video.constant,
    }
    said = {name: video[name] for name in measured if video.get(name) is not None}
    assert said == {name: measured[name] for name in said}, film.name
    if video.get("constant") is not None:
        assert video["frame_rate"] == pytest.approx(report.video.frame_rate, rel=0.001), film.name
    if report.file.complete and video.get("duration") is not None:
        assert video["duration"] == pytest.approx(report.video.duration, abs=0.05), film.name
    assert facts.get("fast_start") == report.file.structure.fast_start, film.name
    if report.audio is None:
        assert sound == "none", film.name
    else:
        heard = {
            "codec": report.audio.codec,
            "channels": report.audio.channels,
            "sample_rate": report.audio.sample_rate,
        }
        said = {name: sound[name] for name in heard if sound.get(name) is not None}
        assert said == {name: heard[name] for name in said}, film.name


def same_findings(film: Path, facts: dict[str, Any], report: Report) -> None:
    """Nothing that the report does not find, with the same weight; and nothing left out that could be known."""
    preview = judged(facts)
    if report.problem:
        assert preview.problem == report.problem, film.name
        return
    ahead = {(finding.rule, finding.severity) for finding in preview.findings}
    full = {(finding.rule, finding.severity) for finding in report.findings}
    assert ahead <= full, film.name
    unseen = UNSEEN.get(film.name, set()) | (
        {"frame_rate", "constant_frame_rate"} if report.file.container in ("mkv", "webm") else set()
    )
    left_out = {rule for rule, _severity in full - ahead if rule in AHEAD}
    assert left_out <= unseen, f"{film.name}: {left_out - unseen}"


def test_hostile_files_end_soon_and_are_not_judged_for_what_they_are_not(probe: Any, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    for name, data in HOSTILE.items():
        path.write_bytes(data)
        facts, ms = examined(probe, path)
        assert ms < 3000, f"{name} took {ms:.0f} ms"
        assert facts["size"] == len(data), name
        assert judged(facts).verdict in ("pass", "note", "fix", "block", "unreadable"), name


def test_mutated_films_never_break_it(probe: Any, tmp_path: Path) -> None:
    """It never throws, and never finds a film unreadable by its header that `read_header` would take."""
    films = [path.read_bytes() for path in make_corpus(tmp_path / "corpus")]
    path, slowest = tmp_path / "film.mp4", 0.0
    for number in range(int(os.environ.get("FIRSTLIGHT_PREFLIGHT_MUTANTS", "150"))):
        data, _done = mutant(films, 11, number)
        path.write_bytes(data)
        facts, ms = examined(probe, path)
        slowest = max(slowest, ms)
        problem = judged(facts).problem
        if problem and problem.code != "no_video":
            with pytest.raises(NotAFilmError):
                check_header(read_header(path), DEFAULT_LIMITS.frames)
    assert slowest < 3000


# The page

RULES = """
[file]
max_bytes = "4 GB"
containers = ["mp4"]
fast_start = true
[video]
min_width = 640
min_height = 360
[audio]
required = true
"""


@pytest.fixture
def draft(transactional_db: None) -> Entry:
    edition = make_edition(rulebook=RULES)
    make_call(edition)
    return make_draft(edition, make_user("Mira"))


@pytest.fixture
def open_as(chromium: Any, live_server: Any, draft: Entry) -> Iterator[Any]:
    """A function that opens the entry's page in a browser of its entrant."""
    people: list[Person] = []

    def opened(**options: Any) -> Person:
        person = Person(chromium, live_server.url, **options)
        client = Client()
        client.force_login(draft.entrant)
        language = "zh-hans" if options.get("locale") == "zh-CN" else "en"
        for name, value in (("sessionid", client.cookies["sessionid"].value), ("django_language", language)):
            person.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        person.page.on("filechooser", lambda _chooser: None)  # from now on no window of the system opens
        people.append(person)
        return person.go(f"/entries/{draft.code}/")

    yield opened
    for person in people:
        person.context.close()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good")
    made = make_film(folder / "made.mp4", seconds=2, width=640, height=360).path
    return repacked(made, folder / "film.mp4", options={"movflags": "faststart"})


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("faulty") / "small.mp4"
    return make_film(path, seconds=2, width=320, height=180, audio=False).path


def decided(page: Any) -> Any:
    """The page once it asks what to do."""
    page.wait_for_selector('[data-part="decision"]:not([hidden])')
    return page


def rules_shown(page: Any) -> list[str]:
    return page.eval_on_selector_all(
        '[data-part="preflight"] .findings__rule', "all => all.map(e => e.innerText)"
    )


def test_a_film_with_nothing_to_say_is_uploaded_at_once(open_as: Any, draft: Entry, good: Path) -> None:
    person = open_as()
    with person.page.expect_navigation():
        person.page.set_input_files("#film-file", good)
    assert FilmVersion.objects.get(entry=draft).size == good.stat().st_size
    assert person.faults == []


def test_findings_are_read_before_a_byte_is_sent(
    open_as: Any, draft: Entry, good: Path, faulty: Path
) -> None:
    person = open_as()
    page = person.page
    page.set_input_files("#film-file", faulty)
    decided(page)
    assert rules_shown(page) == ["audio_required", "resolution", "fast_start"]
    assert page.evaluate("document.activeElement.tagName") == "H3"
    assert "320 × 180" in page.inner_text('[data-part="preflight"]')
    assert Upload.objects.count() == 0
    person.check("preflight-findings")

    page.keyboard.press("Tab")  # the first button: another file
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Enter")
    assert rules_shown(page) == []
    with page.expect_navigation():
        chosen.value.set_files(good)
    assert FilmVersion.objects.get(entry=draft).filename == "film.mp4"
    assert person.faults == []


def test_the_entrant_may_upload_anyway(open_as: Any, draft: Entry, faulty: Path) -> None:
    page = open_as().page
    page.set_input_files("#film-file", faulty)
    decided(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert FilmVersion.objects.get(entry=draft).filename == "small.mp4"


def test_what_is_no_film_and_what_is_too_large(open_as: Any, tmp_path: Path) -> None:
    person = open_as(locale="zh-CN", width=390)
    page = person.page
    page.set_input_files("#film-file", text_named_mp4(tmp_path / "letter.mp4"))
    decided(page)
    assert "其内容是纯文本" in page.inner_text('[data-part="preflight"]')
    assert page.is_visible('[data-part="anyway"]')
    person.check("preflight-letter-zh")

    with page.expect_file_chooser() as chosen:
        page.click('[data-part="other"]')
    huge = tmp_path / "huge.mp4"
    with huge.open("wb") as file:
        file.write(
            HOSTILE["beyond"][: len(FTYP)] + struct.pack(">I4sQ", 1, b"mdat", 6_000_000_000 - len(FTYP))
        )
        file.truncate(6_000_000_000)
    before = page.evaluate("performance.now()")
    chosen.value.set_files(huge)
    decided(page)
    assert page.evaluate("performance.now()") - before < 3000
    assert "索引缺失" in page.inner_text('[data-part="preflight"]')
    assert not page.is_visible('[data-part="anyway"]')
    person.check("preflight-huge-zh")
    assert Upload.objects.count() == 0


def test_an_upload_that_was_begun_goes_on_without_a_word(
    open_as: Any, draft: Entry, faulty: Path, settings: Any
) -> None:
    person = open_as()
    page = person.page
    page.set_input_files("#film-file", faulty)
    decided(page)
    page.route("**/parts/**", lambda route: route.abort())
    page.click('[data-part="anyway"]')
    page.wait_for_selector('[data-part="progress"]:not([hidden])')
    for _attempt in range(100):
        if Upload.objects.exists():
            break
        page.wait_for_timeout(50)
    person.go("/entries/")
    page.unroute("**/parts/**")
    person.go(f"/entries/{draft.code}/")
    with page.expect_navigation():
        page.set_input_files("#film-file", faulty)
    assert Upload.objects.count() == FilmVersion.objects.count() == 1


def test_without_the_server_s_answer_the_film_is_uploaded(open_as: Any, draft: Entry, faulty: Path) -> None:
    page = open_as().page
    page.route("**/uploads/preflight/", lambda route: route.abort())
    with page.expect_navigation():
        page.set_input_files("#film-file", faulty)
    assert FilmVersion.objects.count() == 1
