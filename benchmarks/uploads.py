"""What receiving a film costs: the way of a part through the site, over a bare body sink on the same server.

    python -m benchmarks.uploads [--megabytes 1024] [--rounds 5]

The site runs as `./dev demo` runs it; the sink (`benchmarks/sink.py`) under a gunicorn started by the same command.
Both get the same parts over the same kind of connections in turns: one, three as the page uses, and six. Throughput is
wall-clock; CPU and memory are those of the web server's processes alone, read from /proc. The site syncs every part to
disk before it answers and the sink keeps nothing; FIRSTLIGHT_BENCH=/dev/shm leaves the disk out. Ends with 1 when the
site needs more CPU for a byte than 1/0.70 of the sink's, over the page's three connections or more.
"""

import argparse
import http.client
import json
import os
import re
import shutil
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tools.process import Process
from tools.services import free_port
from tools.site import ROOT, Site

PART = 16 << 20
LEAST_LINES = 3  # as the page and the program use
MB = 1e6
BAR = 0.70
HOME = "/first-light-2026/enter/"
WHO, PASSWORD = "studio@demo.example", "first-light-demo"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Used:
    """Of all processes of a web server: CPU seconds so far, and MB of memory now and at most."""

    cpu: float
    memory: float
    most: float


def used(process: Process) -> Used:
    """Sums over the master and its workers."""
    cpu = memory = most = 0.0
    for pid in family(process.pid):
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        cpu += (int(stat[11]) + int(stat[12])) / TICKS
        status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        memory += int(status["VmRSS"].split()[0]) * 1024 / MB
        most += int(status["VmHWM"].split()[0]) * 1024 / MB
    return Used(cpu, memory, most)


def family(pid: int) -> list[int]:
    """A process and all that came of it."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


class Visitor:
    """Somebody with a session at the site."""

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str, bytes]:
        """Status, Location, body; a mapping is sent as a form, anything else as JSON."""
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers["X-CSRFToken"] = self.cookies.get("csrftoken", "")
        headers["Referer"] = f"http://127.0.0.1:{self.line.port}/"
        data = None
        if body is not None:
            form = headers.get("Content-Type", "").startswith("application/x-www-form")
            data = (urllib.parse.urlencode(body) if form else json.dumps(body)).encode()
            headers.setdefault("Content-Type", "application/json")
        self.line.close()  # the server ends idle lines after two seconds
        self.line.request(method, path, data, headers)
        answer = self.line.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, answer.getheader("Location") or "", answer.read()

    def post_form(self, path: str, body: dict[str, str]) -> str:
        """Where the answer sends us."""
        self.ask("GET", path)
        status, where, said = self.ask(
            "POST", path, body, **{"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert status == 302, (status, said[:500])
        return where

    def json(self, path: str, body: Any) -> Any:
        status, _where, said = self.ask("POST", path, body, Accept="application/json")
        assert status in (200, 201), (status, said[:500])
        return json.loads(said)


def send_parts(port: int, urls: list[tuple[str, int]], cookie: str) -> None:
    """PUT these parts one after the other over one connection; in a process of its own."""
    data = memoryview(os.urandom(PART))
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=300)) as line:
        for url, length in urls:
            headers = {"Content-Type": "application/octet-stream", "Cookie": cookie}
            line.request("PUT", url, data[:length], headers)
            answer = line.getresponse()
            said = answer.read()
            assert answer.status == 200, (answer.status, said[:300])


def timed(
    port: int, urls: list[tuple[str, int]], lines: int, cookie: str, pool: ProcessPoolExecutor
) -> float:
    """Seconds until all parts are acknowledged over so many connections."""
    begun = time.perf_counter()
    jobs = [pool.submit(send_parts, port, urls[number::lines], cookie) for number in range(lines)]
    for job in jobs:
        job.result()
    return time.perf_counter() - begun


def signed(
    visitor: Visitor, entry: str, size: int, name: str
) -> tuple[dict[str, Any], list[tuple[str, int]]]:
    """A new upload and the addresses of all its parts."""
    session = visitor.json("/uploads/", {"entry": entry, "filename": name, "size": size, "fingerprint": name})
    urls: list[tuple[str, int]] = []
    while len(urls) < session["part_count"]:
        some = visitor.json(session["sign"], {"first": len(urls) + 1, "last": session["part_count"]})["parts"]
        urls += [(part["url"], part["length"]) for part in some]
    return session, urls


@contextmanager
def sink(folder: Path) -> Iterator[tuple[int, Process]]:
    """The sink under a gunicorn that is started as the site's is."""
    site = Site(folder, port=free_port())
    site.logs.mkdir(parents=True)
    # The same command; only the application is another.
    child = site._child
    site._child = lambda name, log, command, stack: child(  # type: ignore[method-assign]
        name, log, ["benchmarks.sink" if word == "festival.wsgi" else word for word in command], stack
    )
    with site._stack:
        process = site.start_web()
        process.wait_until(lambda: answers(site.port), seconds=60)
        yield site.port, process


def answers(port: int) -> bool:
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as line:
            line.request("GET", "/healthz")
            return line.getresponse().status == 200
    except OSError:
        return False


@dataclass
class Row:
    """One number of connections: MB/s and CPU seconds a GB of both, round by round."""

    lines: int
    sink: list[float]
    ours: list[float]
    sink_cpu: list[float]
    ours_cpu: list[float]

    @property
    def quotient(self) -> float:
        return median(ours / sink for ours, sink in zip(self.ours, self.sink, strict=True))

    def __str__(self) -> str:
        cells = (
            str(self.lines),
            f"{median(self.sink):.0f}",
            f"{median(self.ours):.0f}",
            f"**{self.quotient:.2f}**",
            f"{median(self.sink_cpu):.2f}",
            f"{median(self.ours_cpu):.2f}",
        )
        return f"| {' | '.join(cells)} |"


def measure(size: int, rounds: int, lines: tuple[int, ...]) -> bool:
    """Print the table; whether every quotient reaches the bar."""
    with tempfile.TemporaryDirectory(
        prefix="fl-uploads-", dir=os.environ.get("FIRSTLIGHT_BENCH", "/tmp")
    ) as name:
        folder = Path(name)
        site = Site(folder / "site", port=free_port(), extra={"UPLOADS_PER_ACCOUNT": "100"})
        with (
            ProcessPoolExecutor(max(lines)) as pool,
            sink(folder / "sink") as (sink_port, sink_process),
            site._stack,
        ):
            site.prepare()
            site.manage("demo_setup", "--no-films")
            web = site.start_web()
            web.wait_until(site.answers, seconds=120)
            visitor = Visitor(site.port)
            visitor.post_form("/accounts/login/", {
                "login": WHO, "password": PASSWORD, "csrfmiddlewaretoken": csrf(visitor, "/accounts/login/"),
            })  # fmt: skip
            where = visitor.post_form(HOME, {
                "title": "Weight", "track": first_track(visitor), "csrfmiddlewaretoken": csrf(visitor, HOME),
            })  # fmt: skip
            code = re.search(r"/entries/(\w+)/", where)
            assert code, where
            cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
            before = used(web)
            rows = [Row(number, [], [], [], []) for number in lines]
            for turn in range(rounds):
                for row in rows:
                    session, urls = signed(visitor, code[1], size, f"film-{turn}-{row.lines}.mp4")
                    start = used(sink_process).cpu
                    seconds = timed(sink_port, urls, row.lines, cookie, pool)
                    row.sink.append(size / MB / seconds)
                    row.sink_cpu.append((used(sink_process).cpu - start) / size * 1e9)
                    start = used(web).cpu
                    seconds = timed(site.port, urls, row.lines, cookie, pool)
                    row.ours.append(size / MB / seconds)
                    row.ours_cpu.append((used(web).cpu - start) / size * 1e9)
                    visitor.json(session["abort"], {})
                    print(
                        f"round {turn + 1}, {row.lines}: {row.ours[-1]:.0f} ÷ {row.sink[-1]:.0f} MB/s "
                        f"= {row.ours[-1] / row.sink[-1]:.2f}",
                        file=sys.stderr, flush=True,
                    )  # fmt: skip
            after = used(web)
    print("| connections | sink, MB/s | site, MB/s | site ÷ sink | sink, CPU s a GB | site, CPU s a GB |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        print(row)
    total = size * rounds * len(lines) / 1e9
    print(
        f"\nMemory of the web server (master and two workers): {before.memory:.0f} MB before, {after.memory:.0f} MB "
        f"after {total:.1f} GB, {after.most:.0f} MB at most."
    )
    return all(median(row.sink_cpu) >= BAR * median(row.ours_cpu) for row in rows if row.lines >= LEAST_LINES)


def csrf(visitor: Visitor, path: str) -> str:
    found = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', visitor.ask("GET", path)[2])
    assert found, path
    return found[1].decode()


def first_track(visitor: Visitor) -> str:
    page = visitor.ask("GET", HOME)[2].decode()
    found = re.search(r'name="track"[^>]*value="(\d+)"', page) or re.search(r'<option value="(\d+)"', page)
    return found[1] if found else ""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=1024, help="of each upload")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 3, 6])
    options = parser.parse_args()
    size = options.megabytes << 20
    if shutil.disk_usage("/tmp").free < 4 * size:
        print("There is too little room in /tmp for this.", file=sys.stderr)
        return 2
    return 0 if measure(size, options.rounds, tuple(options.connections)) else 1


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
