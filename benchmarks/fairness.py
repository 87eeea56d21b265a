"""What a fairness report costs: `python -m benchmarks.fairness [--films 10000] [--judges 60] [--looks 3]`.

One scored round is closed, the report is made from the database, and its file is verified. The database is a SQLite
file of its own, removed at the end. Needs requirements-dev.txt. Prints seconds by the clock and the size of the file.
"""

import argparse
import io
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def main() -> None:
    """Make the round, the report, and verify it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=10_000)
    parser.add_argument("--judges", type=int, default=60)
    parser.add_argument("--looks", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="festival.settings",
            FIRSTLIGHT_VAR=folder,
            DATABASE_URL=f"sqlite:///{folder}/bench.sqlite3",
        )
        run(Path(folder), films=options.films, judges=options.judges, looks=options.looks)


def run(folder: Path, **size: int) -> None:
    import django

    django.setup()
    from django.core.files.storage import storages
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    from judging import fairness_actions, rounds_actions
    from judging.models import FairnessReport
    from tests.judging.scored import scored_round

    edition, round, chair, _contest = scored_round(
        places=55, at=timezone.now(), cut_kind="count", cut_value=55, **size
    )
    timed(
        "closing the round",
        lambda: rounds_actions.close_round(round=round, by=chair, at=timezone.now()),
    )
    row = FairnessReport.objects.create(
        edition=edition, number=1, asked_at=timezone.now(), made_by=chair.user
    )
    timed("making the report", lambda: fairness_actions.make(pk=row.pk, now=timezone.now))
    row.refresh_from_db()
    if row.state != "ready":
        raise SystemExit("The report could not be made.")
    file = folder / "results.json.gz"
    file.write_bytes(storages["default"].open(row.key).read())
    print(f"{'the file':20} {row.size / 1e3:8.0f} kB")
    timed("verifying it", lambda: call_command("verify_results", str(file), stdout=io.StringIO()))


def timed(what: str, doing: Callable[[], Any]) -> None:
    began = time.monotonic()
    doing()
    print(f"{what:20} {time.monotonic() - began:8.1f} s")


if __name__ == "__main__":
    main()
