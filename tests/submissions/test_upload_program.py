"""The program for many films, run as entrants run it: against a server that listens, killed, resumed, refused."""

import ast
import csv
import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from festival.people.actor import actor_of
from festival.people.tokens import make_token
from submissions.intake.bucket_parts import BucketParts
from submissions.intake.local_parts import LocalParts
from submissions.intake.parts import Part
from submissions.models import Entry, FilmVersion, Upload
from submissions.views.uploads import PROGRAM
from tests import factories
from tests.waiting import eventually

PART = 65_536
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def films(tmp_path: Path) -> list[Path]:
    """Two files with difficult names."""
    folder = tmp_path / "films"
    folder.mkdir()
    paths = [folder / "雪 🌨️ “one”.mov", folder / "two.mov"]
    for number, path in enumerate(paths):
        path.write_bytes(bytes([number]) * (5 * PART + 17))
    return paths


@pytest.fixture
def entries(live_server: LiveServer, media: Path, no_queue: None) -> list[Entry]:
    edition = factories.make_edition(rulebook='[file]\nmax_bytes = "1 MB"\n', call_open=True)
    first = factories.make_draft(edition)
    return [first, factories.make_draft(edition, first.entrant)]


@pytest.fixture
def token(entries: list[Entry]) -> str:
    return make_token(by=actor_of(entries[0].entrant), name="Laptop", at=timezone.now())[1]


@pytest.fixture
def command(
    live_server: LiveServer, tmp_path: Path, token: str, settings: Settings
) -> tuple[list[str], dict[str, str]]:
    """The program as it is downloaded from this site, and its environment."""
    settings.SITE_URL = live_server.url
    answer = Client().get("/uploads/program/firstlight_upload.py")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="firstlight_upload.py"'
    path = tmp_path / "firstlight_upload.py"
    path.write_bytes(answer.content)
    environment = {"PATH": os.environ["PATH"], "XDG_CONFIG_HOME": str(tmp_path / "config"), "LANG": "C.UTF-8"}
    return [sys.executable, "-W", "error", str(path)], {**environment, "FIRSTLIGHT_TOKEN": token}


@pytest.fixture
def run(command: tuple[list[str], dict[str, str]]) -> Run:
    def run(*arguments: object, said: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command[0], "--patience", "5", *map(str, arguments)],
            env={**command[1], **environment}, input=said, capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    return run


def sent(entry: Entry) -> bytes:
    return b"".join(LocalParts().blocks(entry.versions.get().upload))


def test_several_films_in_one_go(
    run: Run, entries: list[Entry], films: list[Path], live_server: LiveServer
) -> None:
    done = run("upload", entries[0].code, films[0], entries[1].code, films[1])
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 2), done.stderr
    assert (
        f"{entries[0].code}: {films[0].name} has arrived as version 1. {live_server.url}/entries/"
        in done.stdout
    )
    for entry, path in zip(entries, films, strict=True):
        assert entry.versions.get().filename == path.name
        assert sent(entry) == path.read_bytes()


def test_a_table_and_nothing_sent_when_dry(run: Run, entries: list[Entry], films: list[Path]) -> None:
    table = films[0].parent / "films.csv"
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        rows = [
            ("Entry", "File"),
            *((entry.code, path.name) for entry, path in zip(entries, films, strict=True)),
            (),
        ]
        csv.writer(file).writerows(rows)
    dry = run("upload", "--csv", table, "--dry-run")
    assert (dry.returncode, dry.stdout.count("would be sent (328 kB)")) == (0, 2), dry.stderr
    assert Upload.objects.count() == 0
    assert run("upload", "--csv", table).returncode == 0
    assert [sent(entry) for entry in entries] == [path.read_bytes() for path in films]


def test_killed_in_the_middle_and_continued(
    command: tuple[list[str], dict[str, str]],
    run: Run,
    entries: list[Entry],
    films: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    films[0].write_bytes(os.urandom(15 * PART))
    put = LocalParts.put

    def slowly(*arguments: Any, **options: Any) -> Part:
        time.sleep(0.2)  # so that there is a middle to be killed in
        return put(*arguments, **options)

    words = [*command[0], "upload", "--parallel", "1", entries[0].code, str(films[0])]
    with (
        monkeypatch.context() as patched,
        subprocess.Popen(words, env=command[1], stderr=subprocess.DEVNULL) as process,
    ):
        patched.setattr(LocalParts, "put", slowly)
        eventually(lambda: Upload.objects.exists() and len(LocalParts().list(Upload.objects.get())) >= 3)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    here = {part.number: part.etag for part in LocalParts().list(Upload.objects.get())}
    assert 3 <= len(here) < 15
    done = run("upload", entries[0].code, films[0])
    assert (done.returncode, Upload.objects.count()) == (0, 1), done.stderr
    assert re.search(r"continued: \d+ % is there already", done.stderr)
    after = {part.number: part.etag for part in LocalParts().list(Upload.objects.get())}
    assert {number: after[number] for number in here} == here  # none of them was sent again
    assert sent(entries[0]) == films[0].read_bytes()


def test_refusals_are_told_and_the_others_go_on(run: Run, entries: list[Entry], films: list[Path]) -> None:
    large = films[0].with_name("large.mov")
    large.write_bytes(bytes(1_000_001))
    Entry.objects.filter(pk=entries[0].pk).update(state="withdrawn")
    done = run("upload", entries[0].code, films[0], entries[1].code, large, entries[1].code, films[1])
    assert done.returncode == 1
    assert f"{entries[0].code} awaits no film" in done.stderr
    assert "takes films of up to 1.0 MB" in done.stderr
    assert sent(entries[1]) == films[1].read_bytes()


def test_what_is_wrong_here(run: Run, entries: list[Entry], films: list[Path], tmp_path: Path) -> None:
    empty = tmp_path / "empty.mov"
    empty.touch()
    table = tmp_path / "bad.csv"
    table.write_text("F000001\n")
    code = entries[0].code
    for arguments, sentence in (
        (("upload", code), "Give an entry and a file"),
        (("upload",), "Name at least one film"),
        (("upload", code, tmp_path / "none.mov"), "cannot be read: No such file"),
        (("upload", code, empty), "is empty"),
        (("upload", "--csv", table), "line 1: an entry and a file"),
    ):
        done = run(*arguments)
        assert (done.returncode, sentence in done.stderr, "Traceback" in done.stderr) == (2, True, False), (
            done.stderr
        )
    bad = run("upload", code, films[0], FIRSTLIGHT_TOKEN="firstlight-upload-nonsense")
    assert (bad.returncode, "not good any more" in bad.stderr) == (2, True)
    assert run("upload", code, films[0], FIRSTLIGHT_TOKEN="").returncode == 2
    assert FilmVersion.objects.count() == 0


def test_nobody_answers(run: Run, entries: list[Entry], films: list[Path]) -> None:
    done = run("--site", "http://127.0.0.1:9", "--patience", "1", "upload", entries[0].code, films[0])
    assert (done.returncode, "The same command continues" in done.stderr) == (3, True)


def test_login_keeps_the_token_for_this_account_alone(
    run: Run, entries: list[Entry], token: str, tmp_path: Path, live_server: LiveServer
) -> None:
    who = str(entries[0].entrant)
    bad = run("login", said="nonsense\n", FIRSTLIGHT_TOKEN="")
    assert bad.returncode == 2
    done = run("login", said=f"{token}\n", FIRSTLIGHT_TOKEN="")
    assert (done.returncode, who in done.stdout) == (0, True), done.stderr
    kept = tmp_path / "config" / "firstlight" / "tokens.json"
    assert json.loads(kept.read_text()) == {live_server.url: token}
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    listed = run("list", FIRSTLIGHT_TOKEN="")
    assert {line.split()[0] for line in listed.stdout.splitlines()} == {entry.code for entry in entries}


def test_it_speaks_chinese(run: Run, entries: list[Entry], films: list[Path]) -> None:
    done = run("upload", entries[0].code, films[0], LANG="zh_CN.UTF-8")
    assert (done.returncode, "已送达，为第 1 版" in done.stdout) == (0, True), done.stderr


def assigned(tree: ast.AST, name: str) -> list[ast.expr]:
    """What a name is given, wherever that happens."""
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == name
    ]


def strings_said(tree: ast.AST) -> set[str]:
    """Every sentence that goes through words(), as itself or as `text`."""
    said: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "words":
            said += assigned(tree, "text") if isinstance(node.args[0], ast.Name) else [node.args[0]]
    return {part.value for each in said for part in ast.walk(each) if isinstance(part, ast.Constant)}


def test_every_sentence_has_its_chinese() -> None:
    tree = ast.parse(PROGRAM.read_text(), feature_version=(3, 9))
    chinese = ast.literal_eval(assigned(tree, "CHINESE")[0])
    assert strings_said(tree) == set(chinese)
    for english, other in chinese.items():
        assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", other)), english


@pytest.mark.s3
def test_straight_to_a_bucket(bucket: str, run: Run, entries: list[Entry], films: list[Path]) -> None:
    films[0].write_bytes(os.urandom(11 << 20))
    edition = entries[0].edition
    edition.rulebook = ""
    edition.save()
    done = run("upload", entries[0].code, films[0])
    assert (done.returncode, "arrived as version 1" in done.stdout) == (0, True), done.stderr
    upload = Upload.objects.get()
    assert (upload.place, upload.part_count) == ("bucket", 3)
    assert b"".join(BucketParts().blocks(upload)) == films[0].read_bytes()
    assert not LocalParts().folder(upload.pk).exists()
