"""An edition's cohorts are those of its blueprint, with their days on the edition's clocks."""

from datetime import UTC, date, datetime

import pytest

from festival.edition.blueprint import named
from festival.edition.blueprint_cohorts import DELIVERABLES, SUPPORT
from judging.setup import make_edition
from submissions.cohorts.models import Deliverable, SupportLine
from tests.factories import make_user


def test_the_blueprint_knows_the_kinds_there_are():
    assert tuple(Deliverable.Kind.values) == DELIVERABLES
    assert tuple(SupportLine.Kind.values) == SUPPORT


@pytest.mark.django_db
def test_cohorts_of_an_edition():
    plan = named("invited-premiere")
    edition = make_edition(plan=plan, slug="seven", opens=date(2027, 3, 1), owner=make_user("owner"))
    cohort = edition.cohorts.get()
    assert (cohort.places, cohort.track.slug, cohort.offers_next) == (7, "directors", False)
    assert cohort.starts_at == datetime(2027, 2, 28, 16, tzinfo=UTC)
    rough = cohort.milestones.get(slug="rough-cut")
    assert rough.due_at == datetime(2027, 4, 30, 16, tzinfo=UTC)  # the end of day 60 in Shanghai
    assert [part.slug for part in rough.deliverables.all()] == ["cut", "open"]
    assert [promise.kind for promise in cohort.promises.all()] == ["cash", "traffic", "credits"]
