"""The same file under two accounts: a technician decides, and nobody learns whose the other one is."""

import pytest
from django.test import Client
from django.utils import timezone

from festival.edition.models import Edition
from festival.people.actor import actor_of
from festival.people.models import User
from festival.people.roles import Role
from submissions import actions
from submissions.match_actions import judge_match
from submissions.models import Entry, Match
from tests.factories import make_draft, make_edition, make_entry, make_inspection, make_member, make_user
from tests.submissions.test_limits import is_film

pytestmark = pytest.mark.django_db


def enter(edition: Edition, user: User, film: str, verdict: str = "pass") -> Entry:
    """An entry with this film, hashed and inspected, submitted just now."""
    entry = make_draft(edition, user)
    is_film(make_inspection(entry, verdict=verdict).version, film)
    return actions.submit(entry=entry, by=actor_of(user), at=timezone.now())


def state(entry: Entry) -> str:
    return Entry.objects.get(pk=entry.pk).state


def test_the_second_account_waits_for_a_technician() -> None:
    edition = make_edition(call_open=True)
    first, second = enter(edition, make_user(), "A"), enter(edition, make_user(), "A")
    other = enter(edition, make_user(), "B")
    assert [state(one) for one in (first, second, other)] == ["eligible", "submitted", "eligible"]
    match = Match.objects.get()
    assert (match.kind, match.state, {match.first.entry, match.second.entry}) == (
        "file",
        "open",
        {first, second},
    )
    actions.settle(entry=second, at=timezone.now())
    assert (state(second), Match.objects.count()) == ("submitted", 1)


@pytest.mark.parametrize(("decision", "expected"), [("dismissed", "eligible"), ("confirmed", "submitted")])
def test_a_technician_decides(decision: str, expected: str) -> None:
    edition = make_edition(call_open=True)
    technician = make_member(edition, Role.TECHNICIAN)
    enter(edition, make_user(), "A")
    second = enter(edition, make_user(), "A")
    judge_match(
        match=Match.objects.get(), entry=second, state=Match.State(decision), by=technician, at=timezone.now(),
        reason="One studio, two accounts.",
    )  # fmt: skip
    assert state(second) == expected
    actions.settle(entry=second, at=timezone.now())
    assert state(second) == expected


@pytest.mark.parametrize("gone", ["withdrawn", "refused", "draft"])
def test_what_is_not_in_the_running_holds_nobody_back(gone: str) -> None:
    edition = make_edition(call_open=True)
    other = make_entry(edition, state=gone)
    is_film(make_inspection(other).version, "A")
    assert state(enter(edition, make_user(), "A")) == "eligible"


def test_another_edition_and_a_replaced_film_hold_nobody_back() -> None:
    edition = make_edition(call_open=True)
    enter(make_edition(call_open=True), make_user(), "A")
    replaced = make_entry(edition, state="eligible")
    is_film(make_inspection(replaced).version, "A")
    is_film(make_inspection(replaced).version, "C")
    assert state(enter(edition, make_user(), "A")) == "eligible"


def test_ones_own_film_in_two_tracks_before_the_hash_was_known() -> None:
    """Submitting could not see it: the file had not been hashed."""
    edition, user = make_edition(call_open=True), make_user()
    first, second = make_draft(edition, user), make_draft(edition, user)
    made = [make_inspection(entry, state="queued", verdict="") for entry in (first, second)]
    for entry in (first, second):
        assert actions.submit(entry=entry, by=actor_of(user), at=timezone.now()).state == "submitted"
    for inspection in made:
        is_film(inspection.version, "A")
        type(inspection).objects.filter(pk=inspection.pk).update(state="done", verdict="pass")
    for entry in (first, second):
        actions.settle(entry=entry, at=timezone.now())
    assert [state(entry) for entry in (first, second)] == ["submitted", "submitted"]


def test_a_film_to_be_mended_is_asked_for_as_always() -> None:
    edition = make_edition(call_open=True)
    enter(edition, make_user(), "A")
    assert state(enter(edition, make_user(), "A", verdict="fix")) == "fixing"


def test_the_desk_finds_it_and_the_entrants_learn_nothing() -> None:
    edition = make_edition(call_open=True)
    one, two = make_user("Ada Rivers"), make_user("Lin Brook")
    first, second = enter(edition, one, "A"), enter(edition, two, "A")
    enter(edition, make_user(), "B")
    desk = Client()
    desk.force_login(make_member(edition, Role.TECHNICIAN).user)
    listed = desk.get(f"/{edition.slug}/desk/entries/?match=account").content.decode()
    assert "2 entries" in listed
    assert listed.count("Entered by another account too") == 2
    page = desk.get(f"/{edition.slug}/desk/entries/{second.code}/").content.decode()
    assert "The same file was entered by another account" in page
    for user, mine, other in ((one, first, second), (two, second, first)):
        client = Client()
        client.force_login(user)
        for path in (f"/entries/{mine.code}/", "/entries/"):
            seen = client.get(path).content.decode()
            assert other.code not in seen and str(other.entrant) not in seen and "same file" not in seen
    client = Client()
    client.force_login(two)
    assert "A technician is looking at your entry" in client.get(f"/entries/{second.code}/").content.decode()
