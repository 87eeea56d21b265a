"""The people of an entry's credits as plain values, and what follows from them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256

from festival.edition.form_rules import MOST_PEOPLE, CreditRules
from festival.kit.words import canonical
from submissions.models import Credit, Entry


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the credits; see `Credit`."""

    name: str = ""
    name_other: str = ""
    roles: tuple[str, ...] = ()
    role_other: str = ""
    email: str = ""
    country: str = ""
    is_representative: bool = False
    is_self: bool = False


def people_of(entry: Entry) -> tuple[Person, ...]:
    """The entry's lines in billing order. No query where the credits were fetched with it."""
    return tuple(person_of(credit) for credit in in_order(entry.credits.all()))


def in_order(credits: Iterable[Credit]) -> list[Credit]:
    return sorted(credits, key=lambda credit: credit.position)


def person_of(credit: Credit) -> Person:
    values = {field.name: getattr(credit, field.name) for field in fields(Person)}
    return Person(**values | {"roles": tuple(credit.roles)})


def digest_of(people: Sequence[Person]) -> str:
    """What two states of the lines are told apart by: a page says which one it showed."""
    return sha256(canonical([asdict(person) for person in people])).hexdigest()[:16]


def most_people(rules: CreditRules) -> int:
    """How many lines can be kept in this edition."""
    return min(rules.team_most or MOST_PEOPLE, MOST_PEOPLE)


def director_line(people: Iterable[Person]) -> str:
    """The directors as a list prints them: "Ann Lee, 李雷"; empty where the credits name none."""
    names = [person.name for person in people if "director" in person.roles and person.name]
    between = "、" if names and all(_is_han(name) for name in names) else ", "
    return between.join(names)


def _is_han(name: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in name)


def representative_of(entry: Entry) -> Credit | None:
    """Who speaks for the team. No query where the credits were fetched."""
    return next((credit for credit in entry.credits.all() if credit.is_representative), None)
