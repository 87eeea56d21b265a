"""How often an hour somebody may vote, ask for a code, or type a wrong one. Kept in the database, by keyed hash."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from festival.awards.models import AudiencePoll, AudienceTry
from festival.kit.errors import Refused

HOUR = timedelta(hours=1)
VOTES, LETTERS, MISSES = (
    20,
    3,
    60,
)  # an hour: votes and changes of one voter, letters to one address, wrong codes


def assert_rate(*, poll: AudiencePoll, kind: str, who: str, most: int, at: datetime) -> None:
    """Counts a try, and refuses it when it is one too many. Not to be called in a transaction that the refusal rolls
    back. What cannot be told apart ("") is not limited.
    """
    if not who:
        return
    mine = AudienceTry.objects.filter(poll=poll, kind=kind, who=who)
    with transaction.atomic():
        mine.filter(at__lte=at - HOUR).delete()
        if mine.count() < most:
            AudienceTry.objects.create(poll=poll, kind=kind, who=who, at=at)
            return
    raise Refused(_words(kind), status=429, code="rate")


def is_spent(*, poll: AudiencePoll, kind: str, who: str, most: int, at: datetime) -> bool:
    """Whether no more tries are left, without counting one."""
    rows = AudienceTry.objects.filter(poll=poll, kind=kind, who=who, at__gt=at - HOUR)
    return bool(who) and rows.count() >= most


def assert_not_spent(*, poll: AudiencePoll, kind: str, who: str, most: int, at: datetime) -> None:
    if is_spent(poll=poll, kind=kind, who=who, most=most, at=at):
        raise Refused(_words(kind), status=429, code="rate")


def _words(kind: str) -> str:
    match kind:
        case "voter":
            return _("You have changed your vote very often. Your last choice is kept; try again in an hour.")
        case "letter":
            return _(
                "Codes were sent to this address already. Look into the folder for spam, or try again in an hour."
            )
        case "miss":
            return _("Many codes that do not exist were typed here. Try again in an hour.")
        case _:
            return _(
                "Many votes come from your network at present. Try again in an hour, or through another network."
            )
