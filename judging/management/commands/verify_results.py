"""Compute an exported edition's results again and compare them, byte for byte. Needs the code alone, no database."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from judging.results_replay import NotAnExport, verify


class Command(BaseCommand):
    help = "Replays an export of results; ends with 1 and names what differs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """REPORT."""
        parser.add_argument("report", help="a file that export_results has written")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each thing that was computed again."""
        path = Path(options["report"])
        try:
            raw = path.read_bytes()
            data = json.loads(raw)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}.") from None
        except ValueError as error:
            raise CommandError(f"{path}: this is not JSON: {error}.") from None
        if not isinstance(data, dict):
            raise CommandError(f"{path}: this is no export of results.")
        self.stdout.write(f"SHA-256 {hashlib.sha256(raw).hexdigest()}")
        different = []
        try:
            for check in verify(data, raw):
                self.stdout.write(f"{'same     ' if check.same else 'DIFFERENT'}  {check.what}")
                if not check.same:
                    different.append(check.what)
        except NotAnExport as error:
            raise CommandError(f"{path}: {error}") from None
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise CommandError(f"{path} is damaged: {type(error).__name__}: {error}.") from None
        if different:
            raise CommandError(f"{len(different)} of the results differ; the first: {different[0]}.")
        self.stdout.write("Everything came out the same.")
