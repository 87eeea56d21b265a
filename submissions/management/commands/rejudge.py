"""`manage.py rejudge EDITION [--rulebook FILE] [--apply --reason …]`: a rulebook over films already inspected."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from festival.edition.models import Edition, RulebookChange
from festival.edition.rulebook import Rulebook, RulebookError
from festival.kit.errors import Refused
from festival.people.actor import SYSTEM
from submissions import rulebook_actions
from submissions.rejudging import Outcome, count_outcome


class Command(BaseCommand):
    help = "Judge the stored reports of an edition again, without opening a film, and tell which verdicts change."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("edition", metavar="EDITION", help="the edition's address")
        parser.add_argument("--rulebook", metavar="FILE", help="this rulebook instead of the edition's own")
        parser.add_argument("--apply", action="store_true", help="put it in force and write the new verdicts")
        parser.add_argument(
            "--reason", default="", help="why the rulebook is changed; stands on the rules page"
        )

    def handle(self, **options: Any) -> None:
        try:
            edition = Edition.objects.get(slug=options["edition"])
        except Edition.DoesNotExist:
            raise CommandError(f"There is no edition {options['edition']!r}.") from None
        toml = edition.rulebook
        try:
            if options["rulebook"]:
                toml = Path(options["rulebook"]).read_text(encoding="utf-8")
            rulebook = Rulebook.from_toml(toml)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The rulebook cannot be read: {error}") from None
        except RulebookError as error:
            raise CommandError(str(error)) from None
        changes = toml.strip() != edition.rulebook.strip()
        if options["apply"] and changes and not options["reason"].strip():
            raise CommandError("Say why with --reason: everybody reads it on the rules page.")
        self.say(count_outcome(edition, rulebook))
        if not options["apply"]:
            self.stdout.write("Nothing was changed. Add --apply to write this.")
            return
        try:
            count = self.apply(edition, toml, options["reason"]) if changes else self.again(edition, rulebook)
        except Refused as refusal:
            raise CommandError(str(refusal.text)) from None
        self.stdout.write(f"{count} reports judged again and written.")

    def apply(self, edition: Edition, toml: str, reason: str) -> int:
        change = rulebook_actions.propose(
            edition=edition, toml=toml, by=SYSTEM, at=timezone.now(), at_once=True
        )
        change = rulebook_actions.put_in_force(
            change=change, reason=reason, by=SYSTEM, at=timezone.now(), at_once=True
        )
        assert change.state == RulebookChange.State.APPLIED
        return change.done

    def again(self, edition: Edition, rulebook: Rulebook) -> int:
        """The edition's own rulebook, as after an update of the rules' code."""
        return rulebook_actions.rewrite(edition=edition, rulebook=rulebook)

    def say(self, outcome: Outcome) -> None:
        """From which verdict to which, how many; then the films."""
        self.stdout.write(f"{outcome.films} films judged from their stored reports")
        for before, after, count in outcome.moves:
            if before != after:
                self.stdout.write(f"{before:>10} → {after:<10} {count}")
        if all(before == after for before, after, _count in outcome.moves):
            self.stdout.write("No verdict changes.")
        for code, before, after in outcome.changed:
            self.stdout.write(f"  {code or '(draft)'}: {before} → {after}")
        if outcome.admit or outcome.ask_fix:
            self.stdout.write(
                f"{outcome.admit} entries would be admitted, {outcome.ask_fix} asked for a mended film"
            )
        for rule, now, then in outcome.statements:
            self.stdout.write(f"{rule}: broken by {then} AI statements instead of {now}")
        if outcome.unread:
            self.stdout.write(f"{outcome.unread} reports of another engine stay as they are")
