"""A film goes from a real browser straight into a real bucket, through a broken line and a closed window.

The site is one of its own processes under its own strict policy; not one byte of the film passes through it.
"""

import hashlib
import random
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from submissions.inspection.synthetic import make_film
from tests.browser.people import Person
from tools.services import CephRGW, free_port
from tools.site import Site

pytestmark = [pytest.mark.s3]
BUCKET = "films"
PART = 5 << 20
PARTS = 7
OFFLINE = "net::ERR_INTERNET_DISCONNECTED"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real film of seven parts: behind it stands a box that every player passes over."""
    path = tmp_path_factory.mktemp("films") / "an-echo.mp4"
    make_film(path, seconds=6, look="ocean", title="海边的回声", subtitle="An Echo by the Sea")
    rest = PARTS * PART - 12_345 - path.stat().st_size - 8
    with path.open("ab") as file:
        file.write(struct.pack(">I4s", rest + 8, b"free") + random.Random(4).randbytes(rest))
    return path


@pytest.fixture(scope="module")
def bucket_site(s3_server: CephRGW, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose films are kept in a bucket that `prepare_bucket` made."""
    extra = {**s3_server.environment(BUCKET), "UPLOAD_PART_BYTES": str(PART)}
    site = Site(tmp_path_factory.mktemp("s3site"), port=free_port(), extra=extra)
    with site:
        said = site.manage("prepare_bucket", "--create")
        assert said.splitlines()[-1] == "The bucket is ready for films.", said
        site.manage("demo_setup", "--no-films")
        yield site


class Watched:
    """What a page sends: the parts that a bucket took, by number, and everything put to the site."""

    def __init__(self, page: Any, site: Site) -> None:
        self.taken: list[int] = []
        self.put_to_site: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.listed: list[int] = []
        self.site = site
        page.on("request", self.sent)
        page.on("response", self.answered)

    def sent(self, request: Any) -> None:
        if request.method == "PUT":
            self.headers.append(request.headers)
            if request.url.startswith(self.site.url):
                self.put_to_site.append(request.url)

    def answered(self, response: Any) -> None:
        if response.request.method == "PUT" and response.status == 200:
            self.taken.append(int(parse_qs(urlsplit(response.url).query)["partNumber"][0]))
        if urlsplit(response.url).path == "/uploads/" and response.status == 201:
            self.listed = [part["number"] for part in response.json()["parts"]]


def begin(person: Person) -> str:
    """A draft of one's own; gives the address of its page."""
    person.go("/first-light-2026/enter/")
    person.page.fill("input[name=title]", "An Echo by the Sea")
    person.page.click("main form button[type=submit]")
    person.page.wait_for_load_state()
    code = re.search(r"/entries/(\w+)/", person.page.url)
    assert code, person.page.url
    return f"/entries/{code[1]}/"


def test_broken_line_closed_window_resumed_and_inspected(
    bucket_site: Site, s3_server: CephRGW, chromium: Any, film: Path
) -> None:
    first = Person(chromium, bucket_site.url).log_in("studio")
    address = begin(first)
    policy = first.page.goto(address).headers["content-security-policy"]
    assert f"connect-src 'self' {s3_server.endpoint};" in policy
    assert "unsafe" not in policy
    seen = Watched(first.page, bucket_site)
    slow = first.context.new_cdp_session(first.page)
    line = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 10 << 20}
    slow.send("Network.enable")
    slow.send("Network.emulateNetworkConditions", line)
    first.page.set_input_files("#film-file", film)
    while len(seen.taken) < 2:
        first.page.wait_for_timeout(20)
    slow.send("Network.emulateNetworkConditions", {**line, "offline": True})
    first.page.wait_for_selector("text=The connection is interrupted")
    first.page.wait_for_timeout(500)
    assert set(first.faults) <= {f"console: Failed to load resource: {OFFLINE}"}
    assert 2 <= len(set(seen.taken)) < PARTS
    assert seen.put_to_site == []
    assert all("cookie" not in headers and "x-csrftoken" not in headers for headers in seen.headers)
    first.context.close()

    again = Person(chromium, bucket_site.url).log_in("studio").go(address)
    assert re.search(r"Unfinished: an-echo\.mp4, \d+% is here", again.text())
    after = Watched(again.page, bucket_site)
    with again.page.expect_navigation(timeout=60_000):
        again.page.set_input_files("#film-file", film)
    assert set(seen.taken) <= set(after.listed)
    assert sorted([*after.listed, *after.taken]) == list(
        range(1, PARTS + 1)
    )  # what was there was not sent again
    assert after.put_to_site == []
    again.until(address, "The film is technically fine")
    # The verdict is there before the copy has been put away: the page shows that by itself.
    again.page.wait_for_selector("video", state="attached", timeout=60_000)
    again.check("s3-inspected")
    # The copy plays: from an address of ours that leads on to the bucket, and seeks there.
    again.page.evaluate(
        "(async () => { const film = document.querySelector('video'); film.muted = true; await film.play(); })()"
    )
    for _attempt in range(100):
        if again.page.evaluate("document.querySelector('video').currentTime > 0.5"):
            break
        again.page.wait_for_timeout(100)
    played = again.page.evaluate(
        "(({currentSrc, currentTime}) => [new URL(currentSrc).pathname, currentTime > 0.5])"
        "(document.querySelector('video'))"
    )
    assert (played[0].startswith("/media/"), played[1]) == (True, True)

    client = boto3.client(
        "s3", endpoint_url=s3_server.endpoint, region_name=s3_server.REGION,
        aws_access_key_id=s3_server.KEY, aws_secret_access_key=s3_server.SECRET,
    )  # fmt: skip
    keys = [each["Key"] for each in client.list_objects_v2(Bucket=BUCKET)["Contents"]]
    digest = hashlib.sha256(film.read_bytes()).hexdigest()
    assert f"originals/{digest[:2]}/{digest[2:4]}/{digest}.mp4" in keys
    assert [key for key in keys if key.startswith("uploads/")] == []
    assert client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []) == []
    assert "PUT /" not in (bucket_site.logs / "web.log").read_text()
    assert [
        path for path in (bucket_site.var / "spool").glob("*") if re.fullmatch("[0-9a-f]{32}", path.name)
    ] == []
