"""`manage.py check_blueprint FILE`: everything that is wrong with a blueprint, each fault with its line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from festival.edition.blueprint import BlueprintError, read_blueprint


class Command(BaseCommand):
    help = "Say what is wrong with a blueprint, with line numbers; nothing is made."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("blueprint", help="the name of one that comes along, or the path of a .toml file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = read_blueprint(options["blueprint"])
        except BlueprintError as error:
            raise CommandError("\n".join(error.errors)) from error
        counts = (("tracks", plan.tracks), ("phases", plan.phases), ("rounds", plan.rounds))
        said = ", ".join(f"{len(rows)} {name}" for name, rows in (*counts, ("awards", plan.awards)))
        self.stdout.write(f"Nothing is wrong with {plan.key!r}: {said}.")
