"""After the announcement a laureate is no longer asked to keep it secret, whatever the calendar said."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from festival.catalogue.models import Film
from tests.factories import make_edition, make_entry

pytestmark = pytest.mark.django_db


def test_a_shown_film_may_be_spoken_of_and_is_not_withdrawn_from_the_page(client: Client) -> None:
    at = datetime(2027, 1, 1, tzinfo=UTC)
    entry = make_entry(make_edition(), decision="laureate", told="laureate", told_at=at)
    client.force_login(entry.entrant)
    address = f"/entries/{entry.code}/"
    before = client.get(address).content.decode()
    assert "The world may know" not in before
    assert f"{address}withdraw/" in before
    Film.objects.create(
        edition=entry.edition, code="SHOWN22", source=entry.code, title="Shown", seconds=60, published_at=at
    )
    after = client.get(address).content.decode()
    assert "The world may know" in after
    assert f"{address}withdraw/" not in after
    assert "The world may know" in client.get("/entries/").content.decode()
