"""The permission walk: every address × everybody. An address without a decision here fails the build.

For each address DECISIONS names those who may pass. They must get something other than a refusal from at least one
of GET and POST; everybody else must be refused by both: sent to the log-in, 403, or 404. Every request runs in a
transaction that is rolled back, so that a withdrawal in one does not change the next.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.world import PEOPLE, World, make_world

EVERYBODY = frozenset(PEOPLE)
SIGNED_IN = EVERYBODY - {"stranger"}
OWNERS = frozenset({"owner"})
ORGANISERS = frozenset({"owner", "organiser"})
TECHNICIANS = ORGANISERS | {"technician"}
CHAIRS = frozenset({"owner", "chair"})
DESK = TECHNICIANS | CHAIRS
JUDGE = frozenset({"judge"})
ENTRANT = frozenset({"entrant"})

DECISIONS: dict[str, frozenset[str]] = {}

# What stands in an address where it is not the world's usual entry, look or round.
ARGUMENTS: dict[str, Callable[[World], dict[str, object]]] = {}

# Addresses of allauth: pages about one's own account, decided by allauth; who is in none of these is refused.
ALLAUTH_OPEN = re.compile(
    r"^account_(login|signup|inactive|confirm|email_verification|reset|reauth)|^mfa_authenticate"
)


def addresses(patterns: list | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every named address with its namespace."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inside = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from addresses(pattern.url_patterns, inside)
        else:
            yield f"{prefix}{pattern.name}", pattern


def parts_of(name: str) -> list[str]:
    """The names of the parts that an address takes."""
    pattern = dict(addresses())[name]
    return list(pattern.pattern.regex.groupindex)


def test_every_address_has_a_decision() -> None:
    names = {name for name, _pattern in addresses()}
    ours = {name for name in names if not name.startswith(("account_", "mfa_"))}
    assert ours == set(DECISIONS)


def refused(status: int, location: str) -> bool:
    return status in (403, 404) or (status == 302 and "/accounts/login/" in location)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: object) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


def ask(world: World, who: str, method: str, url: str) -> tuple[int, str]:
    """Status and Location of one request by `who`; nothing it wrote remains."""
    client = Client(raise_request_exception=False)
    if who != "stranger":
        client.force_login(world.people[who])
    with transaction.atomic():
        response = getattr(client, method)(url)
        transaction.set_rollback(True)
    return response.status_code, response.headers.get("Location", "")


@pytest.mark.parametrize("name", sorted(DECISIONS))
def test_walk(world: World, name: str, django_db_blocker: object) -> None:
    url = reverse(name, kwargs=world.arguments(name))
    with django_db_blocker.unblock():
        for who in PEOPLE:
            answers = {method: ask(world, who, method, url) for method in ("get", "post")}
            given = {method: answer for method, answer in answers.items() if answer[0] != 405}
            assert given, f"{name} answers neither GET nor POST"
            assert all(status < 500 for status, _where in given.values()), f"{who} breaks {name}: {answers}"
            passes = not all(refused(*answer) for answer in given.values())
            assert passes == (who in DECISIONS[name]), f"{who} at {name} ({url}): {answers}"
