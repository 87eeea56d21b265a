"""`manage.py rehearse open-call --entries 500 --judges 30 --seed 7`: a contest tried out before its call opens."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management.base import BaseCommand, CommandError

from festival.edition.blueprint import Blueprint, BlueprintError
from festival.edition.models import Edition
from festival.edition.rulebook import Rulebook
from festival.kit.errors import Refused
from judging.blueprint_export import plan_of
from judging.logic.forecast import judges_expected
from judging.management.commands.make_edition import read_blueprint, read_day
from judging.rehearsal.contest import ONE_BY_ONE, PREFIX, Size, slug_of
from judging.rehearsal.filmed import Filmed, inspect_all
from judging.rehearsal.report import Prices, Row
from judging.rehearsal.run import Wishes, rehearse, remove
from judging.rehearsal.words import lines_of, markdown

JUDGES = 12  # where nobody says how many
OPENS_IN = timedelta(days=14)  # ahead of the site's own clock, which leaves what is to come alone


class Command(BaseCommand):
    help = "Rehearse a contest with synthetic films and judges, and say what would have gone wrong."
    said: tuple[str, int] = ("", -1)

    def add_arguments(self, parser: ArgumentParser) -> None:
        def number(name: str, usual: int, text: str) -> None:
            parser.add_argument(name, type=int, default=usual, metavar="N", help=f"{text} ({usual})")

        parser.add_argument(
            "blueprint", nargs="?", help="name of a blueprint, path of a .toml file, or address of an edition"
        )
        number("--entries", 200, "films that arrive")
        parser.add_argument(
            "--judges",
            type=int,
            metavar="N",
            help=f"members of the jury (the most of any round of the plan, or {JUDGES})",
        )
        number("--seed", 1, "the same seed, the same contest")
        number("--workers", 2, "films that are inspected at once")
        number("--one-by-one", ONE_BY_ONE, "films, and looks of a round, that go singly through the actions")
        parser.add_argument(
            "--opens", metavar="YYYY-MM-DD", help="first day of the call; in two weeks if left out"
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="write the report there: .json, .md or .txt"
        )
        parser.add_argument(
            "--films", type=Path, metavar="FOLDER",
            help="inspect the films in this folder really; an empty one is filled with small films with planted faults",
        )  # fmt: skip
        for name, text in (
            ("worker-hour", "an hour of a worker"),
            ("gigabyte-month", "a gigabyte kept for a month"),
            ("judge-hour", "an hour of a judge"),
        ):
            parser.add_argument(f"--{name}", type=float, metavar="PRICE", help=f"price of {text}")
        parser.add_argument("--currency", default="", metavar="CNY", help="of the prices")
        parser.add_argument("--remove", metavar="SLUG", help="take an earlier rehearsal away again")
        parser.add_argument(
            "--again", action="store_true", help="take the earlier one of this blueprint and seed away first"
        )
        parser.add_argument("--leave-nothing", action="store_true", help="take this one away at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            self._remove(options["remove"])
            if not options["blueprint"]:
                return
        if not options["blueprint"]:
            raise CommandError("Say which blueprint is to be rehearsed.")
        if any(options[name] is not None and options[name] < 1 for name in ("entries", "judges", "workers")):
            raise CommandError("A rehearsal needs at least one film, one judge and one worker.")
        if getattr(staticfiles_storage, "hashed_files", True) == {} and not settings.DEBUG:
            raise CommandError("No page could be shown yet: run `python manage.py collectstatic` first.")
        try:
            edition = (
                Edition.objects.filter(slug=options["blueprint"]).exclude(slug__startswith=PREFIX).first()
            )
            plan = plan_of(edition) if edition else read_blueprint(options["blueprint"])
            if options["again"] and Edition.objects.filter(slug=slug_of(plan, options["seed"])).exists():
                self._remove(slug_of(plan, options["seed"]))
            judges = options["judges"] or judges_expected(plan.rounds) or JUDGES
            opens = read_day(options["opens"], plan.time_zone)
            wishes = Wishes(
                size=Size(options["entries"], judges, options["one_by_one"]),
                seed=options["seed"],
                opens=opens if options["opens"] else opens + OPENS_IN,
                prices=Prices(
                    options["worker_hour"], options["gigabyte_month"], options["judge_hour"],
                    currency=options["currency"],
                ),
                workers=options["workers"],
                films=self._films(options["films"], plan),
            )  # fmt: skip
            found = rehearse(plan, wishes, say=self._say if options["verbosity"] else lambda *_: None)
        except BlueprintError as error:
            raise CommandError("\n".join(error.errors)) from error
        for line in lines_of(found):
            self.stdout.write(line)
        if options["report"]:
            options["report"].write_text(as_file(found, options["report"].suffix))
        if options["leave_nothing"]:
            self._remove(found["edition"])
        else:
            self.stdout.write(
                f"The edition stays as {found['edition']!r}; --remove {found['edition']} takes it away."
            )

    def _say(self, stage: str, share: float) -> None:
        now = (stage, round(share * 100))
        if now != self.said:
            self.said = now
            self.stderr.write(f"{now[1]:3} %  {stage}")

    def _remove(self, slug: str) -> None:
        try:
            self.stdout.write(f"{slug}: {remove(slug)} rows removed.")
        except Refused as refused:
            raise CommandError(str(refused)) from refused

    def _films(self, folder: Path | None, plan: Blueprint) -> Filmed | None:
        if folder is None:
            return None
        try:
            return inspect_all(
                folder, Rulebook.from_toml(plan.rulebook), lambda name: self.stderr.write(name)
            )
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error


def as_file(report: Row, ending: str) -> str:
    """The report as JSON, Markdown or plain text, by a file's ending."""
    if ending == ".md":
        return markdown(report)
    if ending == ".txt":
        return "\n".join(lines_of(report)) + "\n"
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"
