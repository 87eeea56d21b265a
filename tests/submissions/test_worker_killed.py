"""Real processes, killed without warning: the web server in the middle of a part, the worker and the broker in the
middle of an inspection. Whatever was acknowledged is there, and every film is inspected exactly once."""

import http.client
import io
import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django.fixtures import Settings

from festival.people.actor import actor_of
from festival.people.tokens import make_token
from festival.post.models import Notice
from submissions.inspection.synthetic import make_film
from submissions.intake.local_parts import LocalParts
from submissions.models import Asset, Attachment, Entry, Event, Inspection, Upload
from submissions.views.uploads import PROGRAM
from tests.submissions.uploading import Uploader
from tests.waiting import eventually
from tools.process import Process
from tools.services import Valkey, free_port
from tools.site import PYTHON, ROOT

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

QUICK = {"LEASE_SECONDS": "3", "REAP_SECONDS": "1"}


@pytest.fixture(scope="session")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Long enough to be killed in the middle of its inspection."""
    path = tmp_path_factory.mktemp("films") / "long.mp4"
    make_film(path, seconds=16, width=640, height=360, seed=3)
    return path


@pytest.fixture
def places(media: Path, settings: Settings) -> dict[str, str]:
    """Where this test's spool and storage are, for other processes; the reaper comes round soon."""
    settings.REAP_SECONDS = float(QUICK["REAP_SECONDS"])
    return {
        "STORAGE": f"file://{media / 'media'}",
        "SPOOL": str(media / "spool"),
        "UPLOAD_PART_BYTES": "65536",
    }


@pytest.fixture
def own_queue(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A queue on which nobody ever put the film: the worker's reaper must find it in the database."""
    with Valkey(tmp_path / "queue") as queue:
        yield {"BROKER_URL": queue.url}


def row() -> Inspection:
    return Inspection.objects.get()


def assert_inspected_once(film: Path) -> None:
    eventually(lambda: row().state in ("done", "failed"), seconds=120)
    done = row()
    assert (done.state, done.verdict, done.error) == ("done", "pass", "")
    assert Path(storages["default"].path(Asset.objects.get().key)).read_bytes() == film.read_bytes()
    assert storages["default"].exists(done.copy_key)
    assert storages["default"].exists(f"{done.folder}/sheet.jpg")
    assert Event.objects.filter(kind="inspected").count() == 1
    assert Notice.objects.filter(kind="film_passed").count() == 1


def kill(process: Process) -> None:
    os.kill(process.pid, signal.SIGKILL)
    eventually(lambda: not process.alive)


@pytest.mark.parametrize(("stage", "attempts"), [("glance", 1), ("inspect", 2)])
def test_worker_killed_in_the_middle(
    start_worker: Callable[..., Process],
    draft: Entry,
    long_film: Path,
    places: dict[str, str],
    own_queue: dict[str, str],
    stage: str,
    attempts: int,
) -> None:
    """Whoever dies while the film is put away has made no attempt at inspecting it."""
    Uploader.of(draft, long_film).send()
    first = start_worker(beat=True, **own_queue, **places, **QUICK)
    eventually(lambda: (row().state, row().stage) == ("running", stage), seconds=90, every=0.02)
    kill(first)
    # Nobody has noticed yet, or, on a machine so busy that the short lease ran out, the film waits again.
    assert row().state in ("running", "queued")
    start_worker(beat=True, **own_queue, **places, **QUICK)
    assert_inspected_once(long_film)
    assert row().attempts == attempts


def test_worker_killed_while_it_reads_a_picture(
    start_worker: Callable[..., Process], draft: Entry, places: dict[str, str], own_queue: dict[str, str]
) -> None:
    """Nothing of it was lost or is done twice: the next worker reads the picture."""
    file = io.BytesIO()
    Image.linear_gradient("L").resize((9000, 9000)).convert("RGB").save(file, "PNG", compress_level=1)
    sender = Uploader.of(draft, file.getvalue(), name="poster.png")
    session = sender.create(purpose="poster_wide").json()
    sender.put_all(session)
    assert sender.complete(session).status_code == 200

    def poster() -> Attachment:
        return Attachment.objects.select_related("asset").get()

    first = start_worker(beat=True, **own_queue, **places, **QUICK)
    eventually(lambda: poster().lease_until is not None, seconds=90, every=0.02)
    kill(first)
    assert poster().state == "waiting"
    start_worker(beat=True, **own_queue, **places, **QUICK)
    eventually(lambda: poster().state != "waiting", seconds=90)
    done = poster()
    assert (done.state, done.attempts, len(done.facts["picture"]["variants"])) == ("ready", 2, 4)
    assert Path(storages["default"].path(done.asset.key)).read_bytes() == sender.data
    assert Event.objects.filter(kind="file_kept").count() == 1


def test_broker_killed_in_the_middle(
    start_worker: Callable[..., Process],
    draft: Entry,
    long_film: Path,
    places: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The queue dies with everything in it, while one film is being inspected: its data folder is gone too."""
    with Valkey(tmp_path / "queue-1") as queue:
        Uploader.of(draft, long_film).send()
        start_worker(beat=True, BROKER_URL=queue.url, **places, **QUICK)
        eventually(lambda: (row().state, row().stage) == ("running", "inspect"), seconds=90, every=0.02)
        assert queue.process
        kill(queue.process)
    with Valkey(tmp_path / "queue-2") as queue:
        start_worker(beat=True, BROKER_URL=queue.url, **places, **QUICK)
        assert_inspected_once(long_film)


@contextmanager
def web_server(folder: Path, environment: dict[str, str], port: int) -> Iterator[Process]:
    database = connection.settings_dict
    base = {
        **os.environ,
        **environment,
        "DATABASE_URL": f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}",
        "SITE_URL": f"http://127.0.0.1:{port}",
    }
    command = [
        PYTHON,
        "-m",
        "gunicorn",
        "festival.wsgi",
        f"--bind=127.0.0.1:{port}",
        "--worker-class=gthread",
    ]
    command += ["--workers=1", "--threads=4", "--no-control-socket"]
    process = Process("web server", command, log=folder / "web.log", env=base, cwd=ROOT, grace=1)
    with process.start(quiet=True):
        process.wait_until(lambda: ask(port, "GET", "/healthz", {})[0] == 200, seconds=60)
        yield process


def ask(
    port: int, method: str, path: str, headers: dict[str, str], body: bytes | None = None
) -> tuple[int, Any]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request(method, path, body, headers)
        answer = line.getresponse()
        content = answer.read()
    finally:
        line.close()
    return answer.status, json.loads(content) if content.startswith(b"{") else content


def test_upload_goes_on_after_the_server_was_killed(
    start_worker: Callable[..., Process],
    draft: Entry,
    film: Path,
    places: dict[str, str],
    own_queue: dict[str, str],
    tmp_path: Path,
) -> None:
    client = Client()
    client.force_login(draft.entrant)
    token = "a" * 32
    headers = {
        "Cookie": f"sessionid={client.cookies['sessionid'].value}; csrftoken={token}",
        "X-CSRFToken": token,
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    data, port, size = film.read_bytes(), free_port(), 65_536
    said = {"entry": draft.code, "filename": "film.mp4", "size": len(data), "fingerprint": "film"}

    def piece(number: int) -> bytes:
        return data[(number - 1) * size : number * size]

    def create() -> dict[str, Any]:
        status, session = ask(port, "POST", "/uploads/", headers, json.dumps(said).encode())
        assert status == 201, session
        return session

    def sign(session: dict[str, Any]) -> dict[int, str]:
        _status, answer = ask(port, "POST", session["sign"], headers, b"{}")
        return {part["number"]: part["url"] for part in answer["parts"]}

    def put(session: dict[str, Any], numbers: range) -> None:
        for number, url in sign(session).items():
            if number in numbers:
                status, answer = ask(port, "PUT", url, headers, piece(number))
                assert status == 200, answer

    def half_a_part(url: str, number: int) -> http.client.HTTPConnection:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        line.putrequest("PUT", url)
        for name, value in {**headers, "Content-Length": str(len(piece(number)))}.items():
            line.putheader(name, value)
        line.endheaders(piece(number)[: size // 2])
        return line

    with web_server(tmp_path, places, port) as server:
        session = create()
        assert session["part_count"] > 4
        put(session, range(1, 3))
        folder = LocalParts().folder(Upload.objects.get().pk)
        # the entrant's line breaks in the middle of part 3
        half_a_part(sign(session)[3], 3).close()
        eventually(lambda: not list(folder.glob(".00003-*")))
        # the server is killed in the middle of part 3
        broken = half_a_part(sign(session)[3], 3)
        eventually(lambda: list(folder.glob(".00003-*")))
        kill(server)
        broken.close()
    with web_server(tmp_path, places, port):
        again = create()
        assert again["id"] == session["id"]
        assert [part["number"] for part in again["parts"]] == [1, 2]
        put(again, range(3, session["part_count"] + 1))
        for _twice in range(2):
            status, answer = ask(port, "POST", session["complete"], headers, b"{}")
            assert (status, answer["version"]) == (200, 1)
    start_worker(beat=True, **own_queue, **places, **QUICK)
    assert_inspected_once(film)


def test_program_goes_on_after_the_server_was_killed(
    start_worker: Callable[..., Process],
    draft: Entry,
    film: Path,
    places: dict[str, str],
    own_queue: dict[str, str],
    tmp_path: Path,
) -> None:
    """The program for many films bears the death of the server and its return, and needs no second call."""
    token = make_token(by=actor_of(draft.entrant), name="Laptop", at=timezone.now())[1]
    port = free_port()
    command = [PYTHON, str(PROGRAM), "--site", f"http://127.0.0.1:{port}", "upload", "--parallel", "1"]
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "FIRSTLIGHT_TOKEN": token}
    with web_server(tmp_path, places, port) as server:
        program = subprocess.Popen(
            [*command, draft.code, str(film)], env=environment, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        eventually(lambda: Upload.objects.exists() and LocalParts().list(Upload.objects.get()))
        kill(server)
    assert program.poll() is None
    with web_server(tmp_path, places, port):
        said, heard = program.communicate(timeout=90)
    assert (program.returncode, "arrived as version 1" in said) == (0, True), heard
    start_worker(beat=True, **own_queue, **places, **QUICK)
    assert_inspected_once(film)
