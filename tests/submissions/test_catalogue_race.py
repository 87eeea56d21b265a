"""An order for the catalogue that two workers have at once: each film is put in once, and counted once."""

import pytest
from django.db import connection
from django.utils import timezone

from festival.catalogue.models import Film
from festival.people.roles import Role
from submissions import catalogue_run
from submissions.models import CatalogueRun, Entry, Event
from tests.factories import make_edition, make_entry, make_inspection, make_member
from tests.racing import together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_workers_share_an_order() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    edition = make_edition()
    by = make_member(edition, Role.ORGANISER)
    for _count in range(12):
        make_inspection(make_entry(edition))
    odd = make_entry(edition)  # without a film
    run = CatalogueRun.objects.create(
        edition=edition,
        entries=list(Entry.objects.order_by("pk").values_list("pk", flat=True)),
        total=13,
        asked_at=timezone.now(),
        heard_at=timezone.now(),
        by=by.user,
    )
    together(*[lambda: catalogue_run.carry_on(pk=run.pk)] * 3)
    run.refresh_from_db()
    assert (run.state, run.done, run.new, run.refused) == ("done", 13, 12, [[odd.code, "no_length"]])
    assert Film.objects.count() == Film.objects.values("source").distinct().count() == 12
    assert Event.objects.filter(kind="catalogued").count() == 12
