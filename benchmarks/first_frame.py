"""How long a judge waits for the first picture of a film, on a slow line.

    python -m benchmarks.first_frame [--runs 5] [--copy COPY]

A site of its own processes (gunicorn, hashed and compressed static files), a 1080p film with moving grain that went
through the real making of judge copies, and Chromium on a line of 4 and of 20 Mbit/s with 50 ms of delay. *First* is a
judge's first film of the day with nothing kept by the browser; *next* is the one after it, opened by its link at once.
Times are medians, from navigation to the first picture on the screen (requestVideoFrameCallback) and from a press of K
to the first picture that follows. The bytes are what the line carried until the first picture.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tools.services import CHROMIUM_FLAGS, find_chromium, free_port
from tools.site import PYTHON, ROOT, Site

LINES = (4, 20)  # Mbit/s
DELAY = 50  # ms
WATCH = """
(() => {
  const seen = (video) => {
    if (window.firstFrame !== undefined) return;
    window.firstFrame = null;
    video.requestVideoFrameCallback((now) => { window.firstFrame = now; });
  };
  new MutationObserver(() => {
    const video = document.querySelector("video[data-video]");
    if (video) seen(video);
  }).observe(document, { childList: true, subtree: true });
})();
"""
PRESS = """
() => new Promise((done) => {
  const video = document.querySelector("video[data-video]");
  const from = performance.now();
  video.requestVideoFrameCallback(function look(now, about) {
    if (about.mediaTime > 0) done(now - from);
    else video.requestVideoFrameCallback(look);
  });
  document.querySelector("[data-play]").click();
})
"""


def make_copy(folder: Path) -> Path:
    """The judge copy of three minutes as festivals get them: 1080p, cuts, grain that changes on every frame."""
    from benchmarks.cost import KINDS, make, make_source
    from submissions.inspection.copy import make_judge_copy

    copy = folder / "copy.mp4"
    make_judge_copy(make(KINDS[0], make_source(folder), folder), copy)
    return copy


def fill(copy: Path) -> None:
    """Runs with the site's own settings: two films to judge, one judge logged in; prints what the browser needs."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.files import File
    from django.core.files.storage import storages
    from django.test import Client

    from festival.kit import clock
    from festival.people.roles import Role
    from judging import rounds_actions
    from judging.models import Look
    from tests import factories

    settings.ALLOWED_HOSTS = ["*"]
    edition = factories.make_edition()
    chair = factories.make_member(edition, Role.CHAIR)
    judge = factories.make_member(edition, Role.JUDGE)
    for number in range(2):
        with copy.open("rb") as file:
            key = storages["default"].save(f"copies/first-frame-{number}.mp4", File(file))
        factories.make_inspection(factories.make_entry(edition), seconds=60, copy_key=key)
    round = factories.make_round(edition, looks_per_film=1)
    rounds_actions.open_round(round=round, by=chair, at=clock.now(), seed=1)
    client = Client()
    client.force_login(judge.user)
    looks = Look.objects.filter(judge=judge.user).order_by("position").values_list("pk", flat=True)
    print(json.dumps({"session": client.cookies["sessionid"].value, "looks": list(looks)}))


class Line:
    """A page behind a slow line, and what came over it."""

    def __init__(self, context: Any, mbit: float) -> None:
        self.page = context.new_page()
        self.page.add_init_script(WATCH)
        self.came: list[tuple[float, str, int]] = []
        self.kinds: dict[str, str] = {}
        self.begun = 0.0
        self.cdp = context.new_cdp_session(self.page)
        self.cdp.send("Network.enable")
        self.cdp.on("Network.requestWillBeSent", self._sent)
        self.cdp.on("Network.dataReceived", self._received)
        self.cdp.on("Network.loadingFinished", self._finished)
        self.cdp.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": DELAY,
                "downloadThroughput": mbit * 125_000,
                "uploadThroughput": mbit * 125_000,
            },
        )

    def _sent(self, event: dict[str, Any]) -> None:
        kind = event.get("type", "Other")
        self.kinds[event["requestId"]] = kind
        if kind == "Document":
            self.begun, self.came = event["timestamp"], []

    def _received(self, event: dict[str, Any]) -> None:
        if self.kinds.get(event["requestId"]) == "Media":  # not compressed, and not finished by then
            self.came.append((event["timestamp"], "Media", event["dataLength"]))

    def _finished(self, event: dict[str, Any]) -> None:
        kind = self.kinds.get(event["requestId"], "Other")
        if kind != "Media":  # what the line carried, head included; nothing for what the browser had
            self.came.append((event["timestamp"], kind, event["encodedDataLength"]))

    def open(self, url: str) -> dict[str, Any]:
        """Seconds to the first picture, bytes until then by kind, seconds from the key to the next picture."""
        self.page.goto(url, wait_until="commit")
        for _ in range(400):
            at = self.page.evaluate("() => window.firstFrame ?? null")
            if at is not None:
                break
            self.page.wait_for_timeout(25)
        else:
            raise RuntimeError("no picture within ten seconds")
        seconds = at / 1000
        kinds: dict[str, int] = {}
        for when, kind, size in self.came:
            if when - self.begun <= seconds:
                kinds[kind] = kinds.get(kind, 0) + size
        return {"seconds": seconds, "kinds": kinds, "play": self.page.evaluate(PRESS) / 1000}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--copy", type=Path, help="a judge copy to take; without it one is made")
    parser.add_argument("--fill", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.fill:
        fill(given.fill)
        return
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy = given.copy or make_copy(folder)
        site = Site(folder / "site", port=free_port())
        site.start(worker=False)
        try:
            command = [PYTHON, "-m", "benchmarks.first_frame", "--fill", str(copy)]
            environment = {**site.environment(), "DJANGO_SETTINGS_MODULE": "festival.settings"}
            out = subprocess.run(
                command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
            )
            about = json.loads(out.stdout.splitlines()[-1])
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
                measure(browser, site, about, given.runs)
                browser.close()
        finally:
            site.stop()


def measure(browser: Any, site: Site, about: dict[str, Any], runs: int) -> None:
    addresses = [f"{site.url}/looks/{pk}/" for pk in about["looks"]]
    print(
        "| line | film | to the first picture, s | from the key, s | bytes until then | of which film | page |"
    )
    print("|---|---|---|---|---|---|---|")
    for mbit in LINES:
        rows: dict[str, list[dict[str, Any]]] = {"first": [], "next": []}
        for _ in range(runs):
            context = browser.new_context(viewport={"width": 1280, "height": 800})
            context.add_cookies([{"name": "sessionid", "value": about["session"], "url": site.url}])
            line = Line(context, mbit)
            for place, address in zip(rows, addresses, strict=False):
                rows[place].append(line.open(address))
            context.close()
        for place, many in rows.items():
            middle = lambda of: statistics.median(of(one) for one in many)  # noqa: E731, B023
            film = middle(lambda one: one["kinds"].get("Media", 0))
            whole = middle(lambda one: sum(one["kinds"].values()))
            print(
                f"| {mbit} Mbit/s | {place} | {middle(lambda one: one['seconds']):.2f} | "
                f"{middle(lambda one: one['play']):.2f} | {whole / 1000:.0f} kB | {film / 1000:.0f} kB | "
                f"{(whole - film) / 1000:.0f} kB |",
                flush=True,
            )
            if os.environ.get("FF_KINDS"):
                print(many[0], file=sys.stderr)


if __name__ == "__main__":
    main()
