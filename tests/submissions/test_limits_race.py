"""Two tabs at the same moment: exactly as many get through as may."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from festival.edition.models import Edition, Track
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from submissions import actions
from submissions.models import Code, Entry
from tests.factories import make_code, make_draft, make_edition, make_inspection, make_user
from tests.racing import together
from tests.submissions.test_limits import is_film

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")


def submitting(entry: Entry) -> Callable[[], Any]:
    return lambda: actions.submit(entry=entry, by=actor_of(entry.entrant), at=timezone.now())


def drafts(edition: Edition, entrants: list[Any], state: str = "queued") -> list[Entry]:
    made = [make_draft(edition, entrant) for entrant in entrants]
    for entry in made:
        make_inspection(entry, state=state)
    return made


def codes_of(results: list[Any]) -> list[str]:
    return sorted(one.code for one in results if isinstance(one, Refused))


@pytest.mark.parametrize("attempt", range(4))
def test_one_person_in_four_tabs(attempt: int) -> None:
    edition, me = make_edition(call_open=True, form={"limits": {"per_person": 1}}), make_user()
    results = together(*(submitting(entry) for entry in drafts(edition, [me] * 4)))
    assert codes_of(results) == ["too_many"] * 3
    assert Entry.objects.filter(entrant=me, submitted_at__isnull=False).count() == 1


@pytest.mark.parametrize("attempt", range(4))
def test_four_people_and_the_last_place_of_a_track(attempt: int) -> None:
    edition = make_edition(call_open=True)
    Track.objects.filter(edition=edition).update(most_entries=1)
    results = together(*(submitting(entry) for entry in drafts(edition, [make_user() for _one in range(4)])))
    assert codes_of(results) == ["track_full"] * 3


@pytest.mark.parametrize("attempt", range(4))
def test_a_code_is_not_used_more_often_than_it_may(attempt: int) -> None:
    edition = make_edition(call_open=True, form={"limits": {"invitation_only": True}})
    code, track = make_code(edition, uses=2), edition.tracks.get()
    people = [actor_of(make_user()) for _one in range(5)]

    def begin(by: Any) -> Callable[[], Any]:
        return lambda: actions.create_entry(
            edition=edition, track=track, title="Lamp", by=by, at=timezone.now(), code=code.code
        )

    results = together(*(begin(by) for by in people))
    assert codes_of(results) == ["code_not_valid"] * 3
    assert (Entry.objects.count(), Code.objects.get().used, code.redemptions.count()) == (2, 2, 2)


@pytest.mark.parametrize("attempt", range(4))
def test_the_same_film_under_two_accounts_is_not_admitted_twice(attempt: int) -> None:
    edition = make_edition(call_open=True)
    both = drafts(edition, [make_user(), make_user()], state="done")
    for entry in both:
        is_film(entry.versions.get(), "A")
    together(*(submitting(entry) for entry in both))
    assert sorted(Entry.objects.values_list("state", flat=True)) == ["eligible", "submitted"]
