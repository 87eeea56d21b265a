"""What a row of an import costs: `python -m benchmarks.imports [--rows 1000000] [--written 2000]`.

A dry run over a table of so many rows, then a real import of the first of them and the same once more. The database
is a SQLite file of its own, removed at the end. Prints CPU of this process, queries and the growth of the peak
memory.
"""

import argparse
import csv
import os
import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

HEADINGS = (
    "Tracking Number", "Project Title", "Project Title (Original Language)", "Email", "First Name", "Last Name",
    "Synopsis", "Duration", "Country of Origin", "Language", "Submission Categories", "Submission Date", "Phone",
)  # fmt: skip


def main() -> None:
    """Write the table, look at it, import a part of it twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--written", type=int, default=2_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="festival.settings",
            FIRSTLIGHT_VAR=folder,
            DATABASE_URL=f"sqlite:///{folder}/bench.sqlite3",
        )
        run(Path(folder), options.rows, options.written)


def run(folder: Path, rows: int, written: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from benchmarks.letters import counted
    from benchmarks.rejudge import measured
    from festival.edition.models import Edition, Track

    edition = Edition.objects.create(slug="many", name={"en": "Many", "zh": "多"}, status="public")
    Track.objects.create(edition=edition, slug="open", name={"en": "Open"})
    whole, part = folder / "whole.csv", folder / "part.csv"
    size = write_table(whole, rows)
    print(f"{rows} rows, {size / 1e6:.0f} MB")
    with whole.open(encoding="utf-8") as source, part.open("w", encoding="utf-8") as target:
        target.writelines(islice(source, written + 1))

    def bring(path: Path, *options: str) -> Callable[[], Any]:
        with_report = ("--report", str(folder / "report.csv"))
        return lambda: call_command("import_entries", "many", str(path), *with_report, *options)

    counted("dry run", rows, measured, bring(whole), unit="row")
    counted("import", written, measured, bring(part, "--apply"), unit="row")
    counted("the same again", written, measured, bring(part, "--apply"), unit="row")


def write_table(path: Path, rows: int) -> int:
    """A table as another service exports it; gives its size in bytes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADINGS)
        for number in range(rows):
            table.writerow((
                f"FF-{number:07}", f"The Lamp, Part {number}", f"灯塔之{number}", f"person{number}@example.org", "Lan",
                "Wei", "A lamp goes out, and somebody comes to light it again.", "00:04:30", "China", "Mandarin",
                "Open", "2026-03-05", "+86 0",
            ))  # fmt: skip
    return path.stat().st_size


if __name__ == "__main__":
    main()
