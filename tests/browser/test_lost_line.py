"""The line breaks half-way, the window is closed, the entrant comes back, and mends what the inspection found.

In both languages, on a site of its own; the film is mended with the command that its page gives.
"""

import random
import re
import shlex
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest

from submissions.inspection.synthetic import make_film
from tests.browser.entering import declare, enter
from tests.browser.people import CHINESE, ENGLISH, Person
from tools.services import free_port
from tools.site import Site

pytestmark = pytest.mark.browser
PART = 1 << 20
PARTS = 12
OFFLINE = "net::ERR_INTERNET_DISCONNECTED"


@dataclass(frozen=True)
class Words:
    """What the pages say."""

    title: str
    broken: str
    unfinished: str
    faint: str
    mend: str
    fine: str
    admitted: str


ENGLISH_WORDS = Words(
    "A Quiet Lamp", "The connection is interrupted", r"Unfinished: film\.mp4, (\d+)% is here", "too quiet",
    "Please send a mended film by", "The film is technically fine", "Admitted to the competition",
)  # fmt: skip
CHINESE_WORDS = Words(
    "微弱的灯", "连接中断", r"未完成的上传：film\.mp4，已上传(\d+)%", "声音过小", "前提交修正版",
    "影片技术指标合格", "已进入评选",
)  # fmt: skip


@pytest.fixture(scope="module")
def small_parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that takes films in parts of a megabyte."""
    site = Site(tmp_path_factory.mktemp("line"), port=free_port(), extra={"UPLOAD_PART_BYTES": str(PART)})
    with site:
        site.manage("demo_setup", "--no-films")
        yield site


@pytest.fixture
def film(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A real film that is far too quiet, of twelve parts: behind it stands a box that every player passes over."""
    path = tmp_path / "film.mp4"
    # Two accounts with one film would be held for a technician.
    look, seed = ("ocean", 1) if "[en]" in request.node.name else ("mountains", 2)
    make_film(path, seconds=6, look=look, seed=seed, lufs=-40)
    rest = PARTS * PART - 12_345 - path.stat().st_size - 8
    filling = random.Random(request.node.name).randbytes(rest)
    with path.open("ab") as file:
        file.write(struct.pack(">I4s", rest + 8, b"free") + filling)
    return path


class Line:
    """The browser's line to the site: as fast as is said, or cut."""

    def __init__(self, person: Person) -> None:
        self.devtools = person.context.new_cdp_session(person.page)
        self.devtools.send("Network.enable")

    def set(self, *, speed: int, cut: bool = False) -> None:
        conditions = {"offline": cut, "latency": 20, "downloadThroughput": -1, "uploadThroughput": speed}
        self.devtools.send("Network.emulateNetworkConditions", conditions)


def percent(person: Person) -> int:
    return int(re.sub(r"\D", "", person.page.inner_text("#film [data-part=percent]")) or 0)


def wait_for_percent(person: Person, least: int) -> None:
    for _attempt in range(600):
        if percent(person) >= least:
            return
        person.page.wait_for_timeout(50)
    raise AssertionError(f"never came to {least} %: {person.text()}")


@pytest.mark.parametrize(
    ("who", "locale", "width", "words"),
    [("entrant", ENGLISH, 1280, ENGLISH_WORDS), ("studio", CHINESE, 390, CHINESE_WORDS)],
    ids=["en", "zh"],
)
def test_lost_line_back_again_findings_mended_and_passed(
    small_parts: Site,
    chromium: Any,
    film: Path,
    shots: Path | None,
    who: str,
    locale: str,
    width: int,
    words: Words,
) -> None:
    open_as = lambda: Person(chromium, small_parts.url, locale=locale, width=width, shots=shots).log_in(who)  # noqa: E731
    name = f"line-{locale[:2]}"
    person = open_as()
    story = {"title": words.title, "synopsis_en": "A lamp.", "synopsis_zh": "一盏灯。", "director": "Mira",
             "country": "PT", "language": "Portuguese", "year": "2026", "ai_statement": "Kling."}  # fmt: skip
    address = enter(person, story, [("video", "kling"), ("music", "-none")])
    declare(person, address)

    # The line breaks, and the upload goes on by itself when it is back
    line = Line(person)
    person.go(address)
    line.set(speed=3 * PART)
    person.page.set_input_files("#film-file", film)
    wait_for_percent(person, 15)
    person.expected.append(OFFLINE)
    line.set(speed=0, cut=True)
    person.page.wait_for_selector(f"text={words.broken}")
    person.check(f"{name}-broken")
    line.set(speed=3 * PART)
    wait_for_percent(person, 50)

    # The window is closed; on another day the rest is sent, and nothing twice
    assert percent(person) < 95
    person.context.close()
    person = open_as().go(address)
    person.check(f"{name}-unfinished")
    said = re.search(words.unfinished, person.text())
    assert said, person.text()
    assert 25 <= int(said[1]) < 95
    sent: list[str] = []
    person.page.on("request", lambda request: sent.append(request.url) if request.method == "PUT" else None)
    with person.page.expect_navigation(timeout=60_000):
        person.page.set_input_files("#film-file", film)
    assert len(sent) == len(set(sent)) == PARTS - round(int(said[1]) * PARTS / 100)

    # What was found, and how to mend it
    person.until(address, words.faint).check(f"{name}-findings")
    person.post("/submit/")
    person.until(address, words.mend).check(f"{name}-to-mend")
    command = person.page.text_content("pre code")
    assert command
    mended = run_command(command, film.parent)
    with person.page.expect_navigation(timeout=60_000):
        person.page.set_input_files("#film-file", mended)
    person.until(address, words.fine).check(f"{name}-mended")
    person.post("/submit/")
    person.until(address, words.admitted).check(f"{name}-admitted")
    person.context.close()


def run_command(command: str, folder: Path) -> Path:
    """Do what the page says, as it stands there; gives the mended film."""
    program, *arguments = shlex.split(command)
    assert program == "ffmpeg"
    found = shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([found, "-nostdin", *arguments], cwd=folder, check=True, capture_output=True, timeout=120)
    return folder / arguments[-1]
