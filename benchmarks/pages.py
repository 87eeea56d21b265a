"""What every page costs at two sizes: `python -m benchmarks.pages [--entries 1000 10000] [--postgres]`.

Asks each page that somebody reads, as that person, through the whole of the site as it runs in production (DEBUG
off, templates cached, sessions and cache in the database), and prints milliseconds (median of 20) and queries at all
sizes side by side, worst first. The budget: 60 ms a page, 80 ms where somebody searches, and as many queries at every
size. Below it: the rate at which tables stream with the memory it takes, and how long it takes to compute and store
a standing. `--only WORD,WORD` takes the pages whose names contain one of them; "streams" and
"standing" are the figures below. The database is a SQLite file of its own, or with
`--postgres` a PostgreSQL of its own, removed at the end unless `--keep FOLDER` names where it stays for another run.
Needs requirements-dev.txt.
"""

import argparse
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

BUDGET, SEARCH = 60.0, 80.0  # ms
FILMS = {
    "submissions:handoff_all",
    "submissions:handoff_one",
}  # the films themselves: no file stands behind them
AGAIN = 2  # how often a page over its budget is measured anew: what others do on the machine only adds


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--keep", default="", help="a folder in which the built databases stay")
    parser.add_argument("--one", default="", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        found = measure(asked.entries[0], asked.only, asked.rounds)
        Path(asked.one).write_text(json.dumps(found))
        return
    found = {size: in_its_own_process(size, asked) for size in asked.entries}
    print_table(found)


def in_its_own_process(size: int, asked: argparse.Namespace) -> dict[str, Any]:
    """Pages and figures of one size."""

    from tools.services import Postgres

    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        kind = "postgres" if asked.postgres else "sqlite"
        home = Path(asked.keep, f"{kind}-{size}").resolve() if asked.keep else Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{home}/bench.sqlite3"
        if asked.postgres:
            kept = home / "data" if asked.keep else None
            url = stack.enter_context(Postgres(log=Path(folder, "postgres.log"), kept=kept)).create("bench")
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "festival.settings",
            "FIRSTLIGHT_VAR": str(home),
            "DATABASE_URL": url,
            "TASKS_EAGER": "1",
        }
        result = Path(folder, "result.json")
        if asked.postgres:
            stack.enter_context(awake())
        line = [sys.executable, "-m", "benchmarks.pages", "--one", str(result), "--entries", str(size)]
        subprocess.run(
            [*line, "--only", asked.only, "--rounds", str(asked.rounds)], env=environment, check=True
        )
        return json.loads(result.read_text())


@contextmanager
def awake() -> Iterator[None]:
    """No processor sleeps while site and database take turns: an idle virtual machine needs a good part of a
    millisecond to wake for each query and again for its answer, a site at work does not. One loop for each, at the
    lowest priority.
    """
    loop = "import os\nos.nice(19)\nwhile True: pass"
    loops = [subprocess.Popen([sys.executable, "-c", loop]) for _each in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for one in loops:
            one.kill()
            one.wait()


def measure(size: int, only: str, rounds: int) -> dict[str, Any]:
    """Build (or find) the edition of this size, and ask everything."""
    import django

    django.setup()
    logging.disable(logging.WARNING)
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, transaction

    from tools import databases

    kept = Path(settings.VAR, "world.pickle")
    figures: dict[str, float | str] = {}
    if not kept.exists():
        begun = time.perf_counter()
        if databases.shared() and connection.vendor == "sqlite":  # a test run has one that is migrated
            databases.copy_sqlite(Path(settings.DATABASES["default"]["NAME"]))
        call_command("migrate", verbosity=0)
        call_command("createcachetable")
        call_command("collectstatic", verbosity=0, interactive=False)
        from benchmarks import full_edition

        with transaction.atomic():
            world = full_edition.build(size)
        remember(world, kept)
        with connection.cursor() as cursor:
            # As the autovacuum of a site at work has done: without it PostgreSQL reads tables where an index would do.
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        print(f"{size} entries made in {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    call_command("migrate", verbosity=0)  # a kept one may be older than the code
    world = recall(kept)
    pages = {}
    for name, who, url in addresses(world):
        if any(word in name for word in only.split(",")):
            pages[name] = ask(world, who, url, SEARCH if "search" in name else BUDGET, rounds)
            print(name, pages[name], file=sys.stderr, flush=True)
    if not only or "streams" in only:
        figures |= streams(world)
    if not only or "standing" in only:
        figures |= standing(world)
    return {"pages": pages, "figures": figures}


def remember(world: Any, path: Path) -> None:
    import pickle

    path.write_bytes(pickle.dumps(world))


def recall(path: Path) -> Any:
    import pickle

    return pickle.loads(path.read_bytes())  # noqa: S301  (written by ourselves)


def addresses(world: Any) -> Iterator[tuple[str, str, str]]:
    """Name, reader and address of every page: those with lists, as tests/test_query_counts.py names them, their
    variants (closed round, search, filters, later pages), and all others that answer somebody with a page.
    """
    from django.urls import reverse

    from submissions.export import COLUMNS
    from tests.permission_decisions import DECISIONS
    from tests.read_pages import PAGES
    from tests.test_query_counts import url_of

    for name, who in PAGES.items():
        yield name, who, url_of(world, name)
    desk = url_of(world, "submissions:desk_entries")
    for what, query in {
        "search, Latin": "q=Lamp+12",
        "search, Chinese": "q=%E7%81%AF%E4%B9%8B",
        "search, none found": "q=zzzzqqqq",
        "search, name": "q=Maker+77",
        "search, code": "q=N000777",
        "state": "state=eligible",
        "verdict": "verdict=fix",
        "finding": "finding=loudness",
        "tool": "tool=kling",
        "match": "match=open",
        "late": "late=yes",
        "many filters": "state=eligible&state=fixing&verdict=fix&tool=kling&tool=suno&country=CN&country=FR",
        "by title": "sort=title",
        "every column": "&".join(f"column={column.name}" for column in COLUMNS),
        **far_down(world),
    }.items():
        yield f"submissions:desk_entries ({what})", "technician", f"{desk}?{query}"
    for name in ("round", "round_plan", "round_close", "round_panels"):
        yield f"judging:{name} (closed)", "owner", url_of(world, f"judging:{name}", round="closed")
    yield "judging:round (planned)", "owner", url_of(world, "judging:round", round="later-2")
    yield (
        "judging:round (closed, page 20)",
        "owner",
        url_of(world, "judging:round", round="closed") + "?page=20",
    )
    yield "post:outbox (search)", "owner", url_of(world, "post:outbox") + "?q=maker77"
    yield "post:outbox (failed)", "owner", url_of(world, "post:outbox") + "?state=failed"
    yield "post:mailing (search)", "owner", url_of(world, "post:mailing") + "?q=maker77"
    yield (
        "submissions:desk_entry (admitted)",
        "owner",
        reverse("submissions:desk_entry", args=[world.edition.slug, "N000001"]),
    )
    yield "judging:desk (technician)", "technician", url_of(world, "judging:desk")
    yield "edition:front (judge)", "judge", url_of(world, "edition:front")
    for name in sorted(set(DECISIONS) - set(PAGES) - FILMS):
        if not name.startswith(("account_", "mfa_", "people:language")):
            yield f"{name} *", "", url_of(world, name)


def far_down(world: Any) -> dict[str, str]:
    """Pages of the entries nine tenths down, forwards and back."""
    from festival.kit.keyset import Mark
    from submissions.desk_filters import submitted

    rows = submitted(world.edition).order_by("-submitted_at", "-pk")
    pk, at = rows.values_list("pk", "submitted_at")[rows.count() * 9 // 10]
    mark = Mark(at, pk)
    return {f"far down, {name}": urlencode({name: str(mark)}) for name in ("after", "before")}


def ask(world: Any, who: str, url: str, budget: float, rounds: int) -> dict[str, Any] | None:
    """Milliseconds and queries of an address; None where it is no page. Without `who` the first who may."""
    from django.test import Client

    people = [who] if who else ["owner", "judge", "entrant", "rival", "coauthor", "stranger"]
    for one in people:
        client = Client(SERVER_NAME="localhost", raise_request_exception=bool(who))
        if one != "stranger":
            client.force_login(world.people[one])
        status, kind, queries, _ms = get(client, url)  # fills what is filled once: templates, texts
        if status == 200:
            break
    else:
        if who:
            raise SystemExit(f"{url} answers {who} with {status}")
        return None
    best = 1e9
    for _again in range(1 + AGAIN):
        best = min(best, statistics.median(get(client, url)[3] for _ in range(rounds)))
        if best <= budget or "text/html" not in kind:
            break
    queries = get(client, url)[2]
    return {"ms": best, "queries": queries, "page": "text/html" in kind, "budget": budget}


def get(client: Any, url: str) -> tuple[int, str, int, float]:
    """Status, kind, queries and milliseconds of one request, its answer read to the end."""
    from django.db import connection

    asked = 0

    def count(execute: Any, *rest: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*rest)

    begun, waited = time.perf_counter(), waiting()
    with connection.execute_wrapper(count):
        response = client.get(url)
        if response.streaming:
            for _part in response.streaming_content:
                pass
    ms = (time.perf_counter() - begun - waiting() + waited) * 1000
    return response.status_code, response.headers.get("Content-Type", ""), asked, ms


def waiting() -> float:
    """Seconds for which this process and the database's were ready, but others had the processor (Linux)."""
    from django.db import connection

    processes = ["self"]
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        processes.append(str(connection.connection.info.backend_pid))
    found = (Path("/proc", one, "schedstat").read_text().split()[1] for one in processes)
    return sum(map(int, found)) / 1e9


def streams(world: Any) -> dict[str, float | str]:
    """Rows a second of the tables for spreadsheets, and the memory line: how many MB more than before
    it the process holds when a tenth, half and all of the rows have gone out, and at most.
    """
    from django.test import Client

    from tests.test_query_counts import url_of

    client = Client(SERVER_NAME="localhost")
    client.force_login(world.people["owner"])
    from submissions.export import COLUMNS

    found: dict[str, float | str] = {}
    entries = url_of(world, "submissions:desk_download")
    usual = (
        "code",
        "title",
        "title_en",
        "director",
        "country",
        "track",
        "state",
        "submitted",
        "seconds",
        "verdict",
    )
    columns = "&".join(f"column={name}" for name in usual)
    more = "&".join(f"column={name}" for name in ("credits", "findings", "tools", "size", "sha256", "email"))
    for name, url in {
        "CSV of entries, ten columns": f"{entries}?format=csv&{columns}",
        "CSV of entries, sixteen with credits, findings, tools": f"{entries}?format=csv&{columns}&{more}",
        "CSV of entries, the usual columns": f"{entries}?format=csv&{asking(one for one in COLUMNS if one.usual)}",
        f"CSV of entries, all {len(COLUMNS)} columns": f"{entries}?format=csv&{asking(COLUMNS)}",
        "CSV of a standing": url_of(world, "judging:round_csv", round="closed"),
    }.items():
        list(client.get(f"{url}&q=zzzz" if "?" in url else url).streaming_content)  # what is filled once
        rates, held = [], memory()
        line: list[tuple[int, float]] = []  # of the first round: later ones use what that has taken
        for round in range(4):
            begun, waited, rows = time.perf_counter(), waiting(), 0
            for part in client.get(url).streaming_content:
                rows += part.count(b"\n")
                if not round:
                    line.append((rows, memory() - held))
            rates.append(rows / (time.perf_counter() - begun - waiting() + waited))
        said = ", ".join(
            f"{next(more for rows, more in line if rows * 100 >= line[-1][0] * share):+.1f} at {share} %"
            for share in (10, 50, 100)
        )
        found[f"{name}: rows/s"] = max(rates)
        found[f"{name}: memory line, MB more than before it, of the rows"] = (
            f"{said}; peak {max(more for _rows, more in line):+.1f}"
        )
    return found


def asking(columns: Iterable[Any]) -> str:
    return "&".join(f"column={one.name}" for one in columns)


def memory() -> float:
    """MB that the process holds now, without what it sees of files: SQLite maps its own (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1]) / 1024


def standing(world: Any) -> dict[str, float]:
    """Seconds to compute and store the standing of the closed round: the whole, and its parts. Rolled back."""
    from django.db import transaction
    from django.utils import timezone

    from festival.people.actor import actor_of
    from judging import standing_actions
    from judging.models import Score

    closed = world.edition.rounds.get(slug="closed")
    whole = []
    for _round in range(3):
        with transaction.atomic():
            closed.standings.update(superseded_at=timezone.now())
            begun, waited = time.perf_counter(), waiting()
            standing_actions.freeze(round=closed, by=actor_of(world.people["chair"]), at=timezone.now())
            whole.append(time.perf_counter() - begun - waiting() + waited)
            transaction.set_rollback(True)
    return {
        "standing of the closed round, computed and stored: s": min(whole),
        "its films": closed.films.count(),
        "its scores": Score.objects.filter(look__round=closed).count(),
    }


def print_table(found: dict[int, dict[str, Any]]) -> None:
    sizes = list(found)
    names = {name: one for size in sizes for name, one in found[size]["pages"].items() if one}
    rows = [(name, [found[size]["pages"].get(name) for size in sizes]) for name in names]
    rows = [(name, cells) for name, cells in rows if all(cells)]
    rows.sort(key=lambda row: -max(cell["ms"] for cell in row[1]))
    for title, pages in (("page", True), ("file", False)):
        print(f"\n| {title} | " + " | ".join(f"ms at {size}" for size in sizes), end=" | ")
        print(" | ".join(f"queries at {size}" for size in sizes), end=" | |\n")
        print("|---|" + "---|" * (2 * len(sizes) + 1))
        for name, cells in rows:
            if cells[0]["page"] != pages:
                continue
            told = []
            if pages and max(cell["ms"] for cell in cells) > cells[0]["budget"]:
                told.append("over budget")
            if len({cell["queries"] for cell in cells}) > 1:
                told.append("queries differ")
            times = " | ".join(f"{cell['ms']:.1f}" for cell in cells)
            print(
                f"| {name} | {times} | {' | '.join(str(cell['queries']) for cell in cells)} | {', '.join(told)} |"
            )
    print()
    for name in found[sizes[-1]]["figures"]:
        told = ((size, found[size]["figures"].get(name, "–")) for size in sizes)
        print(
            f"{name}: "
            + " | ".join(f"{one if isinstance(one, str) else f'{one:,.1f}'} ({size})" for size, one in told)
        )


if __name__ == "__main__":
    main()
