"""`manage.py make_edition short-film spring-2027 --owner you@example.org`: an edition out of a blueprint."""

from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug
from django.utils import timezone

from festival.edition.blueprint import BlueprintError, read_blueprint
from festival.people.models import User
from judging.setup import make_edition


class Command(BaseCommand):
    help = "Make an edition out of a blueprint: its tracks, calendar, rules, rounds, award slots and venues."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("blueprint", help="the name of one that comes along, or the path of a .toml file")
        parser.add_argument("slug", help="its address: letters, digits and hyphens")
        parser.add_argument("--owner", required=True, metavar="EMAIL", help="the account that will own it")
        parser.add_argument("--opens", metavar="YYYY-MM-DD", help="first day of the call; today if left out")
        parser.add_argument("--public", action="store_true", help="show it to everybody at once")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = read_blueprint(options["blueprint"])
            opens = read_day(options["opens"], plan.time_zone)
            slug, owner = read_slug(options["slug"]), find_owner(options["owner"])
            edition = make_edition(plan=plan, slug=slug, opens=opens, owner=owner, public=options["public"])
        except BlueprintError as error:
            raise CommandError("\n".join(error.errors)) from error
        self.stdout.write(f"Made {edition.name.get('en', slug)!r}: {settings.SITE_URL}/{edition.slug}/")
        if not options["public"]:
            self.stdout.write("Only its team sees it; --public would have shown it to everybody.")


def read_day(text: str | None, zone: str) -> date:
    """The first day of the call; today on the clocks of the edition's zone when none is given."""
    if text is None:
        return timezone.now().astimezone(ZoneInfo(zone)).date()
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise CommandError(f"--opens must be a day like 2027-03-01, not {text!r}.") from error


def read_slug(slug: str) -> str:
    """An address of at most 40 letters, digits, hyphens and underscores."""
    try:
        validate_slug(slug)
    except ValidationError as error:
        raise CommandError(f"{slug!r} cannot be an address: use letters, digits and hyphens only.") from error
    if len(slug) > 40:
        raise CommandError(f"{slug!r} is too long for an address: at most 40 characters.")
    return slug


def find_owner(email: str) -> User:
    """The account with this address."""
    try:
        return User.objects.get_by_natural_key(email)
    except User.DoesNotExist as error:
        raise CommandError(
            f"There is no account {email!r}. Create it on the site, or with manage.py createsuperuser."
        ) from error
