"""Compute an exported edition's results again and compare them, byte for byte. Needs the code alone, no database."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from judging.fairness import printed
from judging.fairness.document import FORMAT as REPORT
from judging.logic.canonical import digest
from judging.results_replay import Check, NotAnExport, verify

GZIP = b"\x1f\x8b"


class Command(BaseCommand):
    help = "Replays the results that a fairness report follows from; ends with 1 and names what differs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """REPORT, and FILE where REPORT has no results in it."""
        parser.add_argument(
            "report",
            help="report with results, as its page at the desk or export_results gives it (.json, .json.gz); "
            "or, with --results, the report as it was published (.pdf, .json)",
        )
        parser.add_argument("--results", metavar="FILE", help="the file of results of a published report")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each thing that was computed again."""
        path = Path(options["results"] or options["report"])
        raw = _read(path)
        data = _parsed(path, raw)
        given = _read(Path(options["report"])) if options["results"] else None
        results = {name: value for name, value in data.items() if name != "report"}
        for name, value in (("results", results), ("report", data.get("report"))):
            self.stdout.write(f"SHA-256 of the {name:7} {digest(value)}")
        different = []
        try:
            for check in _checks(data, raw, given):
                self.stdout.write(f"{'same     ' if check.same else 'DIFFERENT'}  {check}")
                if not check.same:
                    different.append(str(check))
        except NotAnExport as error:
            raise CommandError(f"{path}: {error}") from None
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise CommandError(f"{path} is damaged: {type(error).__name__}: {error}.") from None
        if different:
            raise CommandError(f"{len(different)} of the results differ; the first: {different[0]}.")
        self.stdout.write("Everything came out the same.")


def _checks(data: dict[str, Any], raw: bytes, given: bytes | None) -> Iterator[Check]:
    yield from verify(data, raw)
    if given is not None:
        yield Check("the report that was given", printed.is_of(data["report"], given))


def _read(path: Path) -> bytes:
    """The file as it is, or unpacked."""
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if raw.startswith(GZIP) else raw
    except (OSError, EOFError, zlib.error) as error:  # BadGzipFile is an OSError
        raise CommandError(f"{path}: {getattr(error, 'strerror', None) or error}.") from None


def _parsed(path: Path, raw: bytes) -> dict[str, Any]:
    alone = f"{path}: this is a report without its results. Give the file of results with it: --results FILE."
    if raw.startswith(printed.PDF):
        raise CommandError(alone)
    try:
        data = json.loads(raw)
    except ValueError as error:
        raise CommandError(f"{path}: this is not JSON: {error}.") from None
    if not isinstance(data, dict):
        raise CommandError(f"{path}: this is no export of results.")
    if data.get("format") == REPORT:
        raise CommandError(alone)
    return data
