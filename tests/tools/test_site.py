"""A whole site of real processes: it answers, works, keeps its data, and leaves nothing behind."""

import urllib.request
from pathlib import Path

from tests.waiting import eventually
from tools.guard import descendants
from tools.services import free_port
from tools.site import Site


def get(url: str) -> tuple[int, bytes]:
    with urllib.request.urlopen(url, timeout=10) as response:
        return response.status, response.read()


def test_a_site_starts_twice_on_the_same_data(tmp_path: Path) -> None:
    with Site(tmp_path, port=free_port()) as site:
        assert get(f"{site.url}/readyz") == (200, b"ok")
        worker = site.logs / "worker.log"
        eventually(lambda: "ready." in worker.read_text(), seconds=60)
        site.watch()
        processes = [process.pid for process in site.processes]
        below = [pid for parent in processes for pid in descendants(parent)]
        assert len(below) >= 4  # the web server's and the worker's own children
        site.manage(
            "shell",
            "-c",
            "from festival.people.models import User; User.objects.create_user('a@example.org')",
        )
    assert not [pid for pid in (*processes, *below) if Path(f"/proc/{pid}").exists()]

    written = (tmp_path / "prepared").stat().st_mtime_ns
    with Site(tmp_path, port=free_port()) as again:
        assert get(f"{again.url}/healthz") == (200, b"ok")
        count = again.manage(
            "shell", "-v0", "-c", "from festival.people.models import User; print(User.objects.count())"
        )
        assert count.strip() == "1"
    assert (tmp_path / "prepared").stat().st_mtime_ns == written
