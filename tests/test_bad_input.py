"""Bad input at every address, by somebody who may be there: a sentence or a page comes back, never a breakdown."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.permission_arguments import BODIES
from tests.permission_decisions import DECISIONS
from tests.world import PEOPLE, World, make_world

LONG = "9" * 5000
NAMES = (
    *(
        "entry",
        "title",
        "title_en",
        "title_zh",
        "synopsis_en",
        "director",
        "country",
        "year",
        "seen",
    ),
    *(
        "ai_statement",
        "caption_en",
        "stage",
        "item",
        "declaration",
        "required",
        "stills_least",
        "document",
        "text_en",
        "uses-TOTAL_FORMS",
        "uses-INITIAL_FORMS",
        "uses-0-stage",
        "uses-0-tool",
        "uses-0-other",
        "uses-0-share",
        "track",
        "reason",
        "films",
        "first",
        "pending",
        "agree",
        "revision",
        "comment",
        "played",
    ),
    *("feedback", "confidence", "stopped", "stop_words", "id", "number", "text", "jury"),
    *(
        "declared",
        "seconds",
        "score-story",
        "score-",
        "film",
        "citation_en",
        "email",
        "role",
        "name",
        "language",
    ),
    *(
        "venue_name_en",
        "address_en",
        "name_en",
        "seats",
        "turnaround_minutes",
        "hall",
        "day",
        "time",
        "note_en",
    ),
    *("until", "closed", "closed_reason_en", "most_entries", "per_person", "per_track", "grace_minutes"),
    *("names", "message", "request", "showings"),
    *("label", "count", "emails", "uses", "expires_at", "ends_at", "reason_en"),
    *("kind", "minutes", "length", "up", "next", "login", "password", "password1", "code", "first", "last"),
    *("address", "withdraw", "page"),
    *(
        "ground",
        "contact",
        "topic",
        "upheld",
        "follows",
        "decision",
        "public_en",
        "days",
        "holidays",
        "workdays",
    ),
)
VALUES = (
    "a\x00b",
    LONG,
    "NaN",
    "1e-999999999",
    "9223372036854775808",
    "\u202e🎬\u2067../../etc/passwd\r\nBcc: x@example.org",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
)
ASKED = ("page", "q", "state", "venue", "lang", "next", "signature", "tool", "finding", "code", "kind")
READ_JSON = (
    *("submissions:upload_create", "submissions:upload_sign"),
    *("judging:save", "judging:finish", "judging:watched", "judging:note"),
)
JSON_BODIES = (
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"12",
    b"\xff\xfe",
    b"{",
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"size": ' + b"9" * 5000 + b"}",
    b'{"size": 1e999, "first": NaN, "last": Infinity, "revision": -Infinity, "seconds": {}}',
    b" " * 3_000_000 + b"{}",
)
JSON_VALUES = (
    None,
    True,
    -1,
    1.5,
    2**63,
    10**40,
    "",
    "a\x00b",
    "\ud800",
    "1e-999999999",
    [],
    {},
    ["\x00"],
    {"a": 1},
)
JSON_NAMES = (
    *(
        "entry",
        "filename",
        "purpose",
        "size",
        "fingerprint",
        "first",
        "last",
        "scores",
        "comment",
        "revision",
        "watched",
    ),
    *("declared", "seconds", "played", "feedback", "confidence", "stopped", "stop_words"),
    *("id", "number", "text", "jury"),
)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


def somebody(world: World, name: str) -> Client:
    """The first who may pass; whoever may not is turned away before anything is read."""
    who = next((one for one in PEOPLE[1:] if one in DECISIONS[name]), "account")
    client = Client(raise_request_exception=True)
    client.force_login(world.people[who])
    return client


def stands(client: Client, method: str, url: str, *args: Any, **options: Any) -> None:
    with transaction.atomic():
        response = getattr(client, method)(url, *args, **options)
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    assert response.status_code < 500


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(DECISIONS))
def test_forms_and_questions(world: World, name: str, django_db_blocker: Any) -> None:
    url = reverse(name, kwargs=world.arguments(name))
    usual = BODIES.get(name, lambda world: {})(world)
    client = somebody(world, name)
    with django_db_blocker.unblock():
        for value in VALUES:
            stands(client, "get", url, dict.fromkeys(ASKED, value), headers={"Range": f"bytes={LONG}-"})
            stands(client, "post", url, dict.fromkeys(NAMES, value) | usual)
        stands(client, "post", url, b"[" * 100_000, content_type="application/json")


@pytest.mark.django_db
@pytest.mark.parametrize("name", READ_JSON)
def test_json(world: World, name: str, django_db_blocker: Any) -> None:
    url = reverse(name, kwargs=world.arguments(name))
    usual = BODIES.get(name, lambda world: {})(world)
    client = somebody(world, name)
    with django_db_blocker.unblock():
        for body in JSON_BODIES:
            stands(client, "post", url, body, content_type="application/json")
        for value in JSON_VALUES:
            body = dict.fromkeys(JSON_NAMES, value)
            for more in ({}, usual, {"scores": {"story": value, "\ud800": 1}}):
                stands(client, "post", url, json.dumps(body | more), content_type="application/json")
