"""`manage.py import_entries EDITION MANIFEST.csv [--films DIR | s3://…] [--apply]`: entries from elsewhere."""

import csv
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from festival.edition.models import Edition
from festival.kit.sheets import tame
from submissions.importing import actions
from submissions.importing.films import FilmFile, FilmIndex, Films, Folder, Prefix
from submissions.importing.rows import Row, RowReader
from submissions.importing.sheet import Sheet, SheetError, open_sheet
from submissions.models import ImportedRow

SHOWN = 20  # rows with something to say that are printed; the report has them all
COLUMNS = ("line", "number", "title", "result", "code", "film", "remarks")


class Command(BaseCommand):
    help = (
        "Import entries from a CSV file: FilmFreeway's submissions export as it is, or any table with a column of "
        "numbers, titles and e-mail addresses. Without --apply nothing is written: the report says what would be. "
        "Running it again goes on where it stopped and changes nothing twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("edition", metavar="EDITION")
        parser.add_argument("manifest", metavar="MANIFEST.csv", type=Path)
        parser.add_argument("--films", metavar="DIR|s3://BUCKET/PREFIX", help="where the films lie")
        parser.add_argument("--apply", action="store_true", help="write; without it, only tell")
        parser.add_argument("--submit", action="store_true", help="submit every entry that has its film")
        parser.add_argument(
            "--owner", default="", metavar="EMAIL", help="the account of rows without an address"
        )
        parser.add_argument(
            "--track", default="", metavar="SLUG", help="the track of rows whose own is not known"
        )
        parser.add_argument(
            "--tracks",
            action="append",
            default=[],
            metavar='"CATEGORY=SLUG"',
            help="what a category of the manifest is called here; may be given several times",
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE.csv", help="write the report, row by row, here"
        )

    def handle(self, *, edition: str, manifest: Path, **options: Any) -> None:
        try:
            place = Edition.objects.get(slug=edition)
        except Edition.DoesNotExist:
            raise CommandError(f"There is no edition {edition!r}.") from None
        tracks = dict(pair.rpartition("=")[::2] for pair in options["tracks"])
        try:
            sheet = open_sheet(manifest)
            films = _films(options["films"])
            index = FilmIndex(films) if films else None
            reader = RowReader(
                place,
                sheet.headings,
                owner=options["owner"],
                track=options["track"],
                tracks=tracks,
                at=timezone.now(),
            )
        except (SheetError, ValueError, OSError) as error:
            raise CommandError(str(error)) from None
        self._say(sheet, reader, index)
        with ExitStack() as stack:
            report = None
            if options["report"]:
                file = stack.enter_context(open(options["report"], "w", encoding="utf-8-sig", newline=""))
                report = csv.writer(file)
                report.writerow(COLUMNS)
            run = _Run(place, films, index, apply=options["apply"], submit=options["submit"])
            try:
                results = self._rows(run, reader, sheet, report)
            except SheetError as error:
                raise CommandError(f"{error} What was read before it stays imported.") from None
        self._sum_up(results, apply=options["apply"], report=options["report"])
        if results["refused"] or results["film failed"]:
            sys.exit(1)

    def _say(self, sheet: Sheet, reader: RowReader, index: FilmIndex | None) -> None:
        self.stdout.write(f"Read as {sheet.encoding}, columns separated by {sheet.delimiter!r}.")
        self.stdout.write(f"Taken: {', '.join(reader.columns) or 'no column at all'}.")
        if reader.unknown:
            self.stdout.write(f"Not taken: {', '.join(reader.unknown)}.")
        if index is not None:
            self.stdout.write(f"{index.count} films found.")

    def _rows(self, run: "_Run", reader: RowReader, sheet: Sheet, report: Any) -> Counter[str]:
        results: Counter[str] = Counter()
        began, said = time.monotonic(), 0
        for count, line in enumerate(sheet.lines(), 1):
            row = reader.read(line)
            result, code, film, remarks = run.row(row)
            results[result] += 1
            if film.startswith("failed"):
                results["film failed"] += 1
            if report:
                cells = (row.line, row.key, row.title, result, code, film, " ".join(remarks))
                report.writerow([tame(cell) if isinstance(cell, str) else cell for cell in cells])
            if remarks and said < SHOWN:
                said += 1
                self.stdout.write(f"line {row.line}, {row.key or '–'}: {' '.join(remarks)}")
            if sys.stderr.isatty() and count % 20 == 0:
                self.stderr.write(
                    f"\r{count} rows, {count / (time.monotonic() - began):.0f} a second", ending=""
                )
        return results

    def _sum_up(self, results: Counter[str], *, apply: bool, report: Path | None) -> None:
        total = sum(count for result, count in results.items() if result != "film failed")
        self.stdout.write(
            f"{total} rows: "
            + (", ".join(f"{count} {result}" for result, count in sorted(results.items())) or "nothing to do")
            + "."
        )
        if report:
            self.stdout.write(f"The report is in {report}.")
        if not apply:
            self.stdout.write("Nothing was written. Add --apply to import.")


class _Run:
    """What is done with each row."""

    def __init__(
        self, edition: Edition, films: Films | None, index: FilmIndex | None, *, apply: bool, submit: bool
    ) -> None:
        self.edition, self.films, self.index, self.apply, self.submit = edition, films, index, apply, submit
        self.known = (
            {} if apply else dict(ImportedRow.objects.filter(edition=edition).values_list("key", "digest"))
        )

    def row(self, row: Row) -> tuple[str, str, str, list[str]]:
        """Result, code of the entry, what became of the film, and remarks."""
        if row.problems:
            return "refused", "", "", [*row.problems, *row.notes]
        if row.gone:
            return "left out", "", "", [f"Its status there is “{row.gone}”."]
        film, remark = self._film(row)
        if remark and row.wants_film and film is None:
            return "refused", "", "", [remark, *row.notes]
        remarks = [*([remark] if remark else []), *row.notes]
        if not self.apply:
            old = self.known.get(row.key)
            would = (
                "would be created"
                if old is None
                else "unchanged"
                if old == row.digest
                else "would be updated"
            )
            return would, "", film.name if film else "", remarks
        at = timezone.now()
        written = actions.write_row(edition=self.edition, row=row, at=at)
        said = ""
        if film and self.films and written.result != "kept":
            try:
                brought = actions.bring_film(imported=written.imported, film=film, films=self.films, at=at)
                said = f"{film.name} ({'brought in' if brought else 'was there'})"
            except OSError as error:
                said, remarks = f"failed: {film.name}", [f"The film could not be read: {error}.", *remarks]
        result = written.result
        if written.result == "kept":
            remarks.insert(0, "The row has changed, but the entry was submitted: it stays as it is.")
        if self.submit and actions.submit_imported(imported=written.imported, submitted_at=row.submitted_at):
            result = f"{result} and submitted"
        return result, written.imported.entry.code, said, remarks

    def _film(self, row: Row) -> tuple[FilmFile | None, str]:
        if self.index is None:
            return None, ""
        found = self.index.find(*row.film)
        if len(found) == 1:
            return found[0], ""
        if not found:
            return None, f"No film was found for {row.film[0]!r}." if row.film else "No film was found."
        names = ", ".join(film.name for film in found[:3])
        return None, f"Several films could be meant: {names}. Name one in a column “File”."


def _films(address: str | None) -> Films | None:
    if not address:
        return None
    if not address.startswith("s3://"):
        return Folder(Path(address))
    import boto3

    place = urlsplit(address)
    endpoint = parse_qs(place.query).get("endpoint", [""])[0] or getattr(
        storages["default"], "endpoint_url", None
    )
    return Prefix(address.partition("?")[0], boto3.client("s3", endpoint_url=endpoint))
