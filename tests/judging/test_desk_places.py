"""The desk's navigation: who is shown which places, in which groups, and where one is."""

import pytest
from django.test import RequestFactory

from festival.edition.models import Edition
from festival.people.roles import Role
from judging.templatetags.desk import Group, desk_places, place_here
from tests.factories import make_edition, make_member
from tests.submissions.cohorts.making import make_cohort

pytestmark = pytest.mark.django_db


def places(edition: Edition, role: Role, path: str = "") -> list[Group]:
    request = RequestFactory().get(f"/{edition.slug}/desk/{path}")
    request.actor = make_member(edition, role)
    return desk_places({"edition": edition, "request": request})


def labels(groups: list[Group]) -> dict[str, int]:
    return {group.label: len(group.places) for group in groups}


def test_everybody_has_the_groups_in_which_there_is_something_for_them() -> None:
    edition = make_edition()
    organiser = {
        "": 1, "Setting up": 4, "Entries": 3, "Judging": 4, "Awards and premiere": 4, "Letters and team": 4,
    }  # fmt: skip
    assert labels(places(edition, Role.ORGANISER)) == organiser
    assert labels(places(edition, Role.TECHNICIAN)) == {"": 1, "Entries": 3, "Awards and premiere": 2}
    chair = labels(places(edition, Role.CHAIR))
    assert chair == {"": 1, "Setting up": 1, "Judging": 4, "Awards and premiere": 2, "Letters and team": 1}
    make_cohort(edition)
    teams = labels(places(edition, Role.ORGANISER))
    assert teams["Entries and teams"] == 5 and sum(teams.values()) == 22
    assert desk_places({}) == []


@pytest.mark.parametrize(
    ("path", "group", "place"),
    [
        ("", "", "Overview"),
        ("setup/terms/", "Setting up", "Plan"),
        ("form/residence/", "Setting up", "Entry form"),
        ("entries/ABC2345/", "Entries", "Entries"),
        ("rounds/jury/cut/", "Judging", "Rounds"),
        ("awards/prizes/", "Awards and premiere", "Awards"),
        ("objections/", "Awards and premiere", "Awards"),
        ("handoff/", "Awards and premiere", "Catalogue"),
        ("team/", "Letters and team", "Team"),
    ],
)
def test_one_place_is_where_the_reader_is(path: str, group: str, place: str) -> None:
    groups = places(make_edition(), Role.OWNER, path)
    current = [(one.label, row.label) for one in groups for row in one.places if row.current]
    here = place_here(groups)
    assert current == [(group, place)] and here is not None and here.label == place
