"""`manage.py erase_account ADDRESS [--withdraw] [--apply]`: the deletion of an account that was asked for by post."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from festival.kit.errors import Refused
from festival.people.addresses import account_with
from festival.people.models import User
from personal import erase_actions
from personal.fates import Plan, plan_for
from personal.models import Erasure
from submissions.models import Entry


class Command(BaseCommand):
    help = (
        "Delete the account with an address at once, for a request by post or by mail. Make sure first that it comes "
        "from the person concerned. Without --apply nothing is changed: it only says what would be."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", metavar="ADDRESS", help="an e-mail address of the account")
        parser.add_argument(
            "--withdraw", action="store_true", help="withdraw what is still in a running contest"
        )
        parser.add_argument("--apply", action="store_true", help="do it; there is no way back")

    def handle(self, **options: Any) -> None:
        address = options["address"].strip().lower()
        user = User.objects.filter(email=address).first() or account_with(address)
        if user is None:
            raise CommandError("No account has this address.")
        erasure = Erasure.objects.filter(user=user).first()
        if erasure is None or erasure.state == Erasure.State.WAITING:
            plan = plan_for(user)
            self.say(user, plan)
            obstacles = plan.in_the_way(withdraw=options["withdraw"], by_operator=True)
            if obstacles:
                raise CommandError("\n".join(str(obstacle.text) for obstacle in obstacles))
        if not options["apply"]:
            self.stdout.write("Nothing was changed. Add --apply to delete the account.")
            return
        self.apply(user, erasure, options["withdraw"])

    def apply(self, user: User, erasure: Erasure | None, withdraw: bool) -> None:
        now = timezone.now()
        try:
            if erasure is None:
                erasure = erase_actions.ask(
                    user=user, withdraw=withdraw, at=now, way=Erasure.Way.OPERATOR, grace=timedelta(0)
                )
            else:
                erase_actions.bring_forward(erasure=erasure, withdraw=withdraw, at=now)
        except Refused as refusal:
            raise CommandError(str(refusal.text)) from None
        erase_actions.work(erasure.pk)
        row = Erasure.objects.filter(pk=erasure.pk).first()
        if row is None:
            raise CommandError("Something stands in the way since then; the account stays.")
        if row.state != Erasure.State.DONE:
            self.stdout.write(
                "Begun. A worker is still at one of the films; the site's workers finish it in minutes."
            )
            return
        self.stdout.write("Deleted.")
        for what, rows in row.counts.items():
            if isinstance(rows, dict):
                rows = ", ".join(f"{table} {number}" for table, number in sorted(rows.items()))
            self.stdout.write(f"  {what}: {rows}")

    def say(self, user: User, plan: Plan) -> None:
        self.stdout.write(f"Account {user.pk}, since {user.date_joined:%Y-%m-%d}")
        for what, entries in (
            ("drafts, deleted", plan.drafts),
            ("out of the running, emptied", plan.closed),
            ("published, what was published stays", plan.shown),
            ("in a running contest", plan.running),
        ):
            self._list(what, entries)
        self.stdout.write(f"{plan.looks:>4} films judged: scores stay under deleted-{user.pk}")
        self.stdout.write(
            f"{plan.credits:>4} films of others whose credits name the person: the name stays there"
        )

    def _list(self, what: str, entries: list[Entry]) -> None:
        codes = " ".join(entry.code for entry in entries)
        self.stdout.write(f"{len(entries):>4} entries {what}{': ' if codes else ''}{codes}")
