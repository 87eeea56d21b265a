"""manage.py export_blueprint SLUG FOLDER: an edition as a blueprint, to run it again or to start another from it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from festival.edition.blueprint import BlueprintError, load
from festival.edition.blueprint_writer import write
from festival.edition.models import Edition
from judging.blueprint_export import plan_of


class Command(BaseCommand):
    help = "Write an edition as a blueprint with its rulebook: two files, from which another edition can be made."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("edition", help="the edition's address")
        parser.add_argument("folder", type=Path, help="where SLUG.toml and SLUG-rulebook.toml are written")

    def handle(self, *args: Any, **options: Any) -> None:
        slug, folder = options["edition"], options["folder"]
        edition = Edition.objects.filter(slug=slug).first()
        if edition is None:
            raise CommandError(f"There is no edition {slug!r}.")
        path, rulebook = folder / f"{slug}.toml", folder / f"{slug}-rulebook.toml"
        for one in (path, rulebook):
            if one.exists():
                raise CommandError(f"{one} is there already; name another folder, or move it away.")
        folder.mkdir(parents=True, exist_ok=True)
        plan = plan_of(edition)
        rulebook.write_text(plan.rulebook, encoding="utf-8")
        path.write_text(write(plan, rulebook.name), encoding="utf-8")
        try:
            load(path)
        except BlueprintError as error:
            self.stderr.write("The edition breaks rules that blueprints keep; mend this in the file:")
            self.stderr.write("\n".join(error.errors))
        self.stdout.write(f"Wrote {path} and {rulebook}.")
