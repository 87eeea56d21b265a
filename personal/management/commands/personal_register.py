"""`manage.py personal_register [--language zh-hans]`: the register of personal data that the site keeps."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from festival.people.models import LANGUAGES
from personal import register


class Command(BaseCommand):
    help = (
        "Print the register of personal data in Markdown: what is kept, how long, what a deletion does, and why. Your "
        "own name, purposes, recipients and backups are for you to add; docs/privacy.md says what the law asks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--language", choices=[code for code, _name in LANGUAGES], default="en")

    def handle(self, **options: Any) -> None:
        with translation.override(options["language"]):
            self.stdout.write(register.markdown())
            self.stdout.write("")
            self.stdout.write(register.reasons())
