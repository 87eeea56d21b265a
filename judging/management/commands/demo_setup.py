"""Fill the demonstration. `./dev demo` runs this while web server and worker are up."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from judging import demo


class Command(BaseCommand):
    help = (
        "Fill a small demonstration: people, an edition, a dozen films. Only with DEMO=1; may be run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-films", action="store_true", help="people and the edition only")

    def handle(self, *args: Any, no_films: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration has public passwords. It runs only with DEMO=1.")
        var = Path(settings.VAR)
        people = demo.make_people()
        demo.make_demo_edition(people)
        partial = var / "demo.json.part"
        partial.write_text(json.dumps({"accounts": demo.log_ins(), "edition": demo.SLUG}))
        partial.rename(var / "demo.json")
        demo.fill(var / "demo-films", self.stdout.write, films=not no_films)
