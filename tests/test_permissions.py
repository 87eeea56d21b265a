"""The permission walk: every address × everybody. An address without a decision here fails the build.

For each address DECISIONS names those who may pass. They must get something other than a refusal from at least one
of GET, POST and PUT; everybody else must be refused by all: sent to the log-in, 403, or 404. Every request runs in a
transaction that is rolled back, so that a withdrawal in one does not change the next.
"""

import json
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from tests.permission_arguments import BODIES, SIGNED
from tests.permission_decisions import DECISIONS
from tests.world import PEOPLE, World, make_world


def addresses(
    patterns: list | None = None, prefix: str = "", parts: tuple[str, ...] = ()
) -> Iterator[tuple[str, list[str]]]:
    """Every address by its name with namespace, and the names of the parts it takes."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        taken = (*parts, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inside = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from addresses(pattern.url_patterns, inside, taken)
        else:
            yield f"{prefix}{pattern.name}", list(taken)


def parts_of(name: str) -> list[str]:
    """The names of the parts that an address takes."""
    return dict(addresses())[name]


def test_every_address_has_a_decision() -> None:
    names = {name for name, _parts in addresses()}
    assert names == set(DECISIONS)


def refused(status: int, location: str) -> bool:
    return status in (403, 404) or (status == 302 and "/accounts/login/" in location)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: object) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


def ask(world: World, who: str, method: str, url: str, body: dict[str, object]) -> tuple[int, str]:
    """Status and Location of one request by `who`; nothing it wrote remains."""
    client = Client(raise_request_exception=False)
    if who != "stranger":
        client.force_login(world.people[who])
    with transaction.atomic():
        if method == "get":
            response = client.get(url)
        elif url.startswith("/uploads/") and not url.endswith("/form/"):
            response = client.post(url, json.dumps(body), content_type="application/json")
        elif method == "put":
            response = client.put(url)
        else:
            response = client.post(url, body)
        if response.streaming:
            b"".join(response.streaming_content)  # reading to the end closes the file
        transaction.set_rollback(True)
    return response.status_code, response.headers.get("Location", "")


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(DECISIONS))
def test_walk(world: World, name: str, django_db_blocker: object) -> None:
    url = SIGNED[name](world) if name in SIGNED else reverse(name, kwargs=world.arguments(name))
    body = BODIES.get(name, lambda world: {})(world)
    with django_db_blocker.unblock():
        for who in PEOPLE:
            answers = {method: ask(world, who, method, url, body) for method in ("get", "post", "put")}
            given = {method: answer for method, answer in answers.items() if answer[0] != 405}
            assert given, f"{name} answers no method"
            assert all(status < 500 for status, _where in given.values()), f"{who} breaks {name}: {answers}"
            passes = not all(refused(*answer) for answer in given.values())
            assert passes == (who in DECISIONS[name]), f"{who} at {name} ({url}): {answers}"
