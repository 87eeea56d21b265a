"""What every test may use: compiled texts, real services, a real browser. Nothing here stands in for anything."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as search

from tools import databases, messages
from tools.process import Missing, Process
from tools.services import CHROMIUM_FLAGS, CephRGW, find_chromium, free_port
from tools.site import PYTHON, ROOT, Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server", "client_of"}


# On a busy machine a search takes longer; that says nothing about what it searches.
search.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
search.load_profile("patient")


def pytest_configure(config: pytest.Config) -> None:
    messages.compile_catalogues()
    import festival.celery  # noqa: F401  (as manage.py and wsgi do: tasks go through its settings)


# Files that take longest go first, so that at the end no process works on one of them alone; then those that start
# workers, and others by their number of tests.
LONGEST = (
    "premiere/test_solver_properties.py",
    "tools/test_pages_benchmark.py",
    "fuzz/test_fuzz.py",
    "examples/test_rulebooks.py",
    "submissions/test_upload_program.py",
    "judging/test_laurels_shapes.py",
    "tools/test_site.py",
    "judging/test_rehearsal.py",
    "inspection/test_glance.py",
    "test_query_counts.py",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the database, so that the postgres lane runs it a second time; and put files in their turn."""
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.database)
    sizes = Counter(item.path for item in items)
    first = {ROOT / "tests" / name: place for place, name in enumerate(LONGEST)}
    workers = {item.path for item in items if item.get_closest_marker("worker")}

    def turn(item: pytest.Item) -> tuple[int, bool, int, str]:
        path = item.path
        return first.get(path, len(first)), path not in workers, -sizes[path], str(path)

    items.sort(key=turn)


def left_out(missing: Missing) -> None:
    """A program is not here: skip, or fail where everything is required."""
    if os.environ.get("FIRSTLIGHT_REQUIRE_ALL", "") not in ("", "0"):
        pytest.fail(str(missing))
    pytest.skip(str(missing))


@pytest.fixture(scope="session")
def django_db_keepdb(
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_use_migrations: bool,
    django_db_modify_db_settings: None,
) -> bool:
    """Copy the database that this run has migrated, before pytest-django asks for it.

    On SQLite a copy is laid where the test database will be looked for, and kept; PostgreSQL makes its own copy. Then
    Django migrates as ever and finds nothing to do.
    """
    from django.db import connection

    if django_db_keepdb or django_db_createdb or not django_db_use_migrations or not databases.shared():
        return django_db_keepdb
    if connection.vendor == "sqlite":
        databases.copy_sqlite(Path(connection.creation._get_test_db_name()))
        return True
    if template := os.environ.get("FIRSTLIGHT_TEMPLATE"):
        databases.migrate_template(template)
        connection.settings_dict["TEST"]["TEMPLATE"] = connection.settings_dict["NAME"]
    return False


@pytest.fixture(autouse=True)
def _default_language() -> None:
    """Each test starts in the default language: a page asked for in Chinese leaves its thread in Chinese."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture
def start_worker(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """A function that starts a real Celery worker on this test's database and queue; it may be called twice.

    Tasks sent by the test then go through the queue instead of running at once. `**environment` adds
    variables; `beat=True` starts the worker's clock too, which sends the reaper round.
    """
    from django.db import connection

    from festival.celery import app

    if connection.vendor != "postgresql" or "BROKER_URL" not in os.environ:
        pytest.skip("real workers need PostgreSQL and a queue: ./dev test --lane postgres")
    database = connection.settings_dict
    base = {
        **os.environ,
        "DATABASE_URL": f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}",
        "TASKS_EAGER": "0",
    }
    started: list[Process] = []

    def start(*, beat: bool = False, **environment: str) -> Process:
        command = [
            PYTHON,
            "-m",
            "celery",
            "-A",
            "festival.celery",
            "worker",
            "--loglevel=INFO",
            "--concurrency=1",
        ]
        command += ["-B"] if beat else []
        log = tmp_path / f"worker-{len(started)}.log"
        process = Process("worker", command, log=log, env={**base, **environment}, cwd=ROOT, grace=3)
        started.append(process.start(quiet=True))
        return process

    eager, app.conf.task_always_eager = app.conf.task_always_eager, False
    app.control.purge()
    try:
        yield start
    finally:
        for process in started:
            process.stop()
        app.control.purge()
        app.conf.task_always_eager = eager


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CephRGW]:
    """A real S3 server on loopback, with checks of signatures, expiry and sizes."""
    server = CephRGW(logs=tmp_path_factory.mktemp("ceph"))
    try:
        server.require()
    except Missing as missing:
        left_out(missing)
    with server:
        yield server


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A whole site of its own processes (web, worker, queue, SQLite) with nothing in it yet."""
    with Site(tmp_path_factory.mktemp("site"), port=free_port()) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """A real Chromium without a window."""
    from playwright.sync_api import sync_playwright

    try:
        path = find_chromium()
    except Missing as missing:
        left_out(missing)
    # Playwright keeps an event loop in this thread; Django would refuse its database calls beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
