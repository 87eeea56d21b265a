"""Compute an exported edition's results again and compare them, byte for byte. Needs the code alone, no database."""

import gzip
import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from judging.logic.canonical import digest
from judging.results_replay import NotAnExport, verify


GZIP = b"\x1f\x8b"


class Command(BaseCommand):
    help = "Replays an export of results; ends with 1 and names what differs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """REPORT."""
        parser.add_argument("report", help="a file that export_results has written, or that the fairness report’s page gives (.json, .json.gz)")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each thing that was computed again."""
        path = Path(options["report"])
        try:
            raw = path.read_bytes()
            if raw[:2] == GZIP:
                raw = gzip.decompress(raw)
            data = json.loads(raw)
        except (OSError, EOFError, zlib.error) as error:  # BadGzipFile is an OSError
            raise CommandError(f"{path}: {getattr(error, 'strerror', None) or error}.") from None
        except ValueError as error:
            raise CommandError(f"{path}: this is not JSON: {error}.") from None
        if not isinstance(data, dict):
            raise CommandError(f"{path}: this is no export of results.")
        self.stdout.write(f"SHA-256 of the file      {hashlib.sha256(raw).hexdigest()}")
        if data.get("report"):
            self.stdout.write(f"SHA-256 of the report    {digest(data['report'])}")
        different = []
        try:
            for check in verify(data, raw):
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
