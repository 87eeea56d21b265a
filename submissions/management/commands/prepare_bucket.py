"""`manage.py prepare_bucket`: the bucket of STORAGE is made fit for films that go straight to it, and tried."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from submissions import storing


class Command(BaseCommand):
    help = (
        "Set the bucket's CORS and lifecycle rules, then do once what an upload does, and say what is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing, only try")
        parser.add_argument("--create", action="store_true", help="make the bucket when there is none")

    def handle(self, *args: Any, **options: Any) -> None:
        if storing.is_local():
            raise CommandError("Films are kept in a folder: STORAGE names no bucket (s3://…).")
        from submissions import bucket_setup

        said = []
        if options["create"]:
            said.append(self.tell(bucket_setup.make()))
        if not options["check"]:
            said += [self.tell(each) for each in bucket_setup.prepare()]
        said += [self.tell(each) for each in bucket_setup.examine()]
        if any(each.trouble for each in said):
            raise CommandError("The bucket is not ready for films.")
        self.stdout.write("The bucket is ready for films.")

    def tell(self, said: Any) -> Any:
        self.stdout.write(f"{'no ' if said.trouble else 'ok '} {said.what}")
        for line in said.trouble.splitlines():
            self.stdout.write(f"     {line}")
        self.stdout.flush()
        return said
