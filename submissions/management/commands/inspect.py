"""`manage.py inspect FILM... [--rulebook R.toml | --edition SLUG] [--subtitles FILE[:LANG]]`

The engine's own report, printed.
"""

import tempfile
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from festival.edition.models import Edition
from submissions.inspection.__main__ import main


class Command(BaseCommand):
    help = "Inspect film files and print the reports. Nothing is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("films", nargs="+", metavar="FILM")
        parser.add_argument("--rulebook", metavar="R.toml", help="judge by this rulebook")
        parser.add_argument("--edition", metavar="SLUG", help="judge by this edition's rulebook")
        parser.add_argument("--json", action="store_true", help="one JSON object per film and line")
        parser.add_argument("--stills", metavar="DIR", help="keep contact sheet and stills here")
        parser.add_argument(
            "--subtitles",
            action="append",
            default=[],
            metavar="FILE[:LANG]",
            help="a subtitle file beside the film and its language; may be given several times",
        )
        parser.add_argument("--language", choices=["en", "zh"], default="en")

    def handle(self, *, films: list[str], language: str, json: bool, **options: Any) -> None:
        arguments = [*films, "--language", language, *(["--json"] if json else [])]
        for file in options["subtitles"]:
            arguments += ["--subtitles", file]
        if options["stills"]:
            arguments += ["--stills", options["stills"]]
        if options["rulebook"]:
            arguments += ["--rulebook", options["rulebook"]]
        if not options["edition"]:
            raise SystemExit(main(arguments))
        try:
            rulebook = Edition.objects.values_list("rulebook", flat=True).get(slug=options["edition"])
        except Edition.DoesNotExist:
            raise CommandError(f"There is no edition {options['edition']!r}.") from None
        with tempfile.NamedTemporaryFile("w", suffix=".toml", encoding="utf-8") as file:
            file.write(rulebook)
            file.flush()
            raise SystemExit(main([*arguments, "--rulebook", file.name]))
