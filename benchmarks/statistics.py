"""What the desk's statistics and tables cost: `python -m benchmarks.statistics [--films 10000]`.

The films are those of `benchmarks.rejudge`, their stored reports as large as real ones, each with a statement of four
lines and up to three findings. Prints CPU seconds and queries of each part, and of judging every statement anew.
"""

import argparse
import os
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.rejudge import make_films, measured


def main() -> None:
    """Make the entries, then ask what the desk asks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=30, help="length of the film that is inspected once")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="festival.settings",
            FIRSTLIGHT_VAR=folder,
            DATABASE_URL=f"sqlite:///{folder}/bench.sqlite3",
            TASKS_EAGER="1",
        )
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        edition, _size = make_films(options.films, Path(folder), options.seconds)
        lines = make_statements(edition)
        print(f"{options.films} films, {lines} lines of statements")

        from django.http import QueryDict

        from festival.edition.rulebook import Rulebook
        from festival.kit.sheets import csv_lines, xlsx_file
        from submissions import desk_queries, export, statement_queries
        from submissions.desk_filters import Filters
        from submissions.statement_actions import judge_statements_anew

        rules = Rulebook.from_toml('[ai]\nmin_tools = 4\nsponsor_tools = ["kling"]\nmin_sponsor_share = 40\n')

        def part(name: str, work: Callable[[], object]) -> None:
            from django.db import connection
            from django.test.utils import CaptureQueriesContext

            with CaptureQueriesContext(connection) as asked:
                measured(name, options.films, work)
            print(f"    {len(asked)} queries")

        part("judging every statement", lambda: judge_statements_anew(edition=edition, rulebook=rules))
        part("by track", lambda: statement_queries.groups_by_track(edition))
        part("by tool", lambda: statement_queries.groups_by_tool(edition))
        part("what is found most", lambda: desk_queries.finding_counts(edition))
        part("tools to filter by", lambda: statement_queries.tool_counts(edition))
        shown, usual = Filters(tool=("kling",), finding=("black",)), export.COLUMNS[:6]
        part("a filtered page", lambda: desk_queries.entries_page(edition, shown, QueryDict(), usual))
        head = [str(column.title) for column in export.COLUMNS]

        def rows() -> Any:
            return export.rows_of(edition, Filters(), export.COLUMNS)

        part("all entries as CSV", lambda: sum(len(line) for line in csv_lines(head, rows(), "UTC")))
        part("all entries for Excel", lambda: xlsx_file(head, rows(), "UTC", "Entries").close())


def make_statements(edition: Any) -> int:
    """Four lines and up to three findings for each entry; gives how many lines there are."""
    from festival.edition.tools import shipped
    from submissions.models import FindingRow, Inspection, ToolUse

    chance, slugs = random.Random(7), [tool.slug for tool in shipped()]
    rows = list(Inspection.objects.values_list("pk", "version__entry_id"))
    uses, findings = [], []
    for inspection, entry in rows:
        for place, tool in enumerate(chance.choices(slugs, weights=range(len(slugs), 0, -1), k=4)):
            stage = ("image", "video", "voice", "music")[place]
            uses.append(
                ToolUse(entry_id=entry, position=place, stage=stage, tool=tool, share=chance.randint(1, 100))
            )
        for rule in chance.sample(
            ("black", "freeze", "loudness", "slideshow", "flicker"), chance.randint(0, 3)
        ):
            findings.append(FindingRow(inspection_id=inspection, rule=rule, severity="note"))
    ToolUse.objects.bulk_create(uses, batch_size=1000)
    FindingRow.objects.bulk_create(findings, batch_size=1000)
    return len(uses)


if __name__ == "__main__":
    main()
