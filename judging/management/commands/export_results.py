"""Write what an edition's results follow from into a file that `verify_results` checks."""

import gzip
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from festival.edition.models import Edition
from judging.results_export import export


class Command(BaseCommand):
    help = "Exports rounds, standings, votes and award lists of an edition with all their inputs."

    def add_arguments(self, parser: CommandParser) -> None:
        """EDITION and FILE."""
        parser.add_argument("edition", help="its address, for example spring-2027")
        parser.add_argument(
            "file", help="where to write (.json, or .json.gz: compressed); it must not be there yet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Says how large it is. The file is whole or not there."""
        edition = Edition.objects.filter(slug=options["edition"]).first()
        if edition is None:
            raise CommandError(f"There is no edition {options['edition']!r}.")
        target = Path(options["file"])
        if target.exists():
            raise CommandError(f"{target} is there already. Choose another name.")
        data = export(edition) + b"\n"
        if target.suffix == ".gz":
            data = gzip.compress(data, mtime=0)
        part = target.with_name(f"{target.name}.part")
        try:
            part.write_bytes(data)
            part.replace(target)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise CommandError(f"{target}: {error.strerror or error}.") from None
        self.stdout.write(f"{target}: {len(data):,} bytes")
