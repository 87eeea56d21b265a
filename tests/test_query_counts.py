"""No page asks the database more often because there is more to list: first one more of everything, then four."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

# Pages with a list on them, and who reads them.
from tests.one_more import one_more
from tests.read_pages import PAGES
from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    one_more(made)
    return made


MOST = 30  # queries of one page


def counts(world: World) -> dict[str, int]:
    """Queries by page; of rounds the open, the closed and a planned one."""
    by_name = {name: count_of(world, who, url_of(world, name)) for name, who in PAGES.items()}
    rounds = {
        slug: count_of(world, "owner", url_of(world, "judging:round", round=slug))
        for slug in ("closed", "later-2")
    }
    return by_name | rounds


def url_of(world: World, name: str, **given: str) -> str:
    return reverse(name, kwargs=world.arguments(name) | given)


def count_of(world: World, who: str, url: str) -> int:
    client = Client()
    if who != "stranger":
        client.force_login(world.people[who])
    with CaptureQueriesContext(connection) as asked:
        response = client.get(url)
        body = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200, (url, response.status_code)
    assert body
    return len(asked)


def test_pages_do_not_ask_more_for_more(world: World) -> None:
    few = counts(world)
    for _number in range(3):
        one_more(world)
    many = counts(world)
    assert many == few
    assert {name: count for name, count in few.items() if count > MOST} == {}
