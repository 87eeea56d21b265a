"""How many films one person may submit, where, and which film not twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from festival.edition.form_rules import LimitRules
from festival.edition.models import Edition, Track
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from submissions import actions, deadline_actions
from submissions.codes import assert_track_taken
from submissions.enter_view import left_sentence
from submissions.limits import hindrances, used_by
from submissions.models import Asset, Entry, FilmVersion, Match, Upload
from tests.factories import make_draft, make_edition, make_entry, make_inspection, make_member, make_user

pytestmark = pytest.mark.django_db
WHY = {"en": "More entries than we can judge."}


def edition_with(**limits: Any) -> Edition:
    """An open edition with two tracks and these limits."""
    edition = make_edition(call_open=True, form={"limits": limits})
    Track.objects.create(edition=edition, slug="second", name={"en": "Second"}, position=1)
    return edition


def ready(edition: Edition, entrant: Any, track: str = "open", film: str = "") -> Entry:
    """A draft that lacks nothing; `film` names its bytes, where they are known."""
    entry = make_draft(edition, entrant, track=edition.tracks.get(slug=track))
    version = make_inspection(entry, state="queued").version
    if film:
        is_film(version, film)
    return entry


def is_film(version: FilmVersion, film: str) -> None:
    sha256 = f"{sum(film.encode()):064}"
    asset, _made = Asset.objects.get_or_create(
        sha256=sha256, defaults={"size": 10, "key": f"originals/{sha256}", "created_at": timezone.now()}
    )
    FilmVersion.objects.filter(pk=version.pk).update(asset=asset)


def submit(entry: Entry) -> str:
    """The state afterwards, or the refusal's code."""
    try:
        return actions.submit(entry=entry, by=actor_of(entry.entrant), at=timezone.now()).state
    except Refused as refused:
        return refused.code


def test_per_person_and_withdrawing_makes_room() -> None:
    edition, entrant = edition_with(per_person=1), make_user()
    first, second = ready(edition, entrant), ready(edition, entrant, "second")
    assert submit(first) == "submitted"
    assert submit(second) == "too_many"
    sentence = "You have submitted 1 film: this contest takes no more from one person. Withdraw it to submit this one"
    assert [one.sentence for one in hindrances(second)] == [f"{sentence} instead."]
    assert submit(ready(edition, make_user())) == "submitted"
    actions.withdraw(entry=Entry.objects.get(pk=first.pk), by=actor_of(entrant), at=timezone.now())
    assert submit(second) == "submitted"


@pytest.mark.parametrize("state", ["submitted", "fixing", "eligible", "refused", "withdrawn", "draft"])
def test_what_counts(state: str) -> None:
    edition, entrant = edition_with(per_person=1), make_user()
    make_entry(edition, state=state, entrant=entrant)
    expected = "too_many" if state in ("submitted", "fixing", "eligible") else "submitted"
    assert submit(ready(edition, entrant)) == expected


def test_per_track_and_moving_to_another_one() -> None:
    edition, entrant = edition_with(per_track=1), make_user()
    assert submit(ready(edition, entrant)) == "submitted"
    entry = ready(edition, entrant)
    assert submit(entry) == "too_many_in_track"
    actions.save_entry(
        entry=entry,
        by=actor_of(entrant),
        at=timezone.now(),
        track=edition.tracks.get(slug="second"),
    )
    assert submit(entry) == "submitted"


def test_a_full_track() -> None:
    edition = edition_with()
    Track.objects.filter(edition=edition, slug="open").update(most_entries=1)
    late = ready(edition, make_user())
    assert submit(ready(edition, make_user())) == "submitted"
    assert submit(late) == "track_full"
    with pytest.raises(Refused) as refused:
        actions.create_entry(
            edition=edition, track=edition.tracks.get(slug="open"), title="More", by=actor_of(make_user()),
            at=timezone.now(),
        )  # fmt: skip
    assert refused.value.code == "track_full"
    assert_track_taken(edition.tracks.get(slug="second"), edition, codes=[])


def test_a_mended_film_is_not_counted_again() -> None:
    edition, entrant = edition_with(per_person=1), make_user()
    Track.objects.filter(edition=edition).update(most_entries=1)
    entry = make_entry(edition, state="fixing", entrant=entrant)
    assert hindrances(entry) == []


# --- The same film --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one_track", "track", "expected"),
    [
        (True, "second", "entered_in_track"),
        (True, "open", "entered_already"),
        (False, "second", "submitted"),
        (False, "open", "entered_already"),
    ],
)
def test_one_track_for_a_film(one_track: bool, track: str, expected: str) -> None:
    edition, entrant = edition_with(one_track_per_film=one_track), make_user()
    first = ready(edition, entrant, film="A")
    assert submit(first) == "submitted"
    assert submit(ready(edition, entrant, track, film="B")) == "submitted"
    again = ready(edition, entrant, track, film="A")
    assert submit(again) == expected
    if expected != "submitted":
        sentence = hindrances(again)[0].sentence
        assert f"as “{first.title}” ({first.code})" in sentence


def test_only_the_newest_film_of_the_other_entry_counts() -> None:
    edition, entrant = edition_with(), make_user()
    first = ready(edition, entrant, film="A")
    is_film(make_inspection(first, state="queued").version, "C")
    assert submit(first) == "submitted"
    assert submit(ready(edition, entrant, "second", film="A")) == "submitted"


@pytest.mark.parametrize(
    ("kind", "state", "share", "expected"),
    [
        ("picture", "confirmed", 0.9, "entered_in_track"),
        ("picture", "confirmed", 0.2, "submitted"),  # a passage that both share
        ("sound", "confirmed", 1.0, "submitted"),  # the same music
        ("picture", "open", 0.9, "submitted"),
    ],
)
def test_a_film_that_a_technician_has_confirmed_to_be_the_same(
    kind: str, state: str, share: float, expected: str
) -> None:
    edition, entrant = edition_with(), make_user()
    first, second = ready(edition, entrant), ready(edition, entrant, "second")
    assert submit(first) == "submitted"
    now = timezone.now()
    Match.objects.create(
        first=first.versions.get(), second=second.versions.get(), kind=kind, share=share, found_at=now,
        state=state, at=None if state == "open" else now,
    )  # fmt: skip
    assert submit(second) == expected


# --- What is said before --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "used", "sentence"),
    [
        ({}, 0, ""),
        ({"per_person": 3}, 1, "You can submit 2 more films."),
        ({"per_person": 3, "per_track": 2}, 1, "You can submit 1 more film."),
        ({"per_person": 1}, 2, "You have submitted as many films as one person may."),
    ],
)
def test_how_many_are_left(limits: dict[str, int], used: int, sentence: str) -> None:
    edition, entrant = edition_with(**limits), make_user()
    for _number in range(used):
        make_entry(edition, entrant=entrant)
    track = edition.tracks.get(slug="open")
    assert left_sentence(LimitRules(**limits), used_by(entrant.pk, edition.pk), track) == sentence


def test_the_pages_say_it_early() -> None:
    edition, entrant = edition_with(per_person=1), make_user()
    client = Client()
    client.force_login(entrant)
    entry = ready(edition, entrant)
    assert "You can submit 1 more film." in client.get(f"/entries/{entry.code}/").content.decode()
    page = client.get(f"/{edition.slug}/enter/").content.decode()
    assert "One person may submit 1 film." in page
    assert "You can submit 1 more film. Drafts do not count" in page
    make_entry(edition, entrant=entrant)
    page = client.get(f"/entries/{entry.code}/").content.decode()
    assert "This entry cannot be submitted as it is" in page
    assert f"/entries/{entry.code}/submit/" not in page


def test_that_a_film_takes_part_in_one_track_is_said_where_there_are_several() -> None:
    edition = edition_with()
    url, client = f"/{edition.slug}/enter/", Client()
    assert "A film takes part in one track only." in client.get(url).content.decode()
    Track.objects.filter(edition=edition).exclude(slug="open").delete()
    assert edition.tracks.count() == 1
    assert "one track only" not in client.get(url).content.decode()


# --- The desk's page ------------------------------------------------------------------------------------------


def test_limits_are_written_into_the_form_and_nothing_else_of_it() -> None:
    form = {"fields": {"year": "required"}, "limits": {"per_person": 5}}
    edition = make_edition(call_open=True, form=form)
    client = Client()
    client.force_login(make_member(edition, Role.ORGANISER).user)
    url = f"/{edition.slug}/desk/form/limits/"
    assert 'value="5"' in client.get(url).content.decode()
    given = {"per_person": "2", "per_track": "0", "grace_minutes": "15", "invitation_only": "on"}
    asked = client.post(url, given)
    assert asked.status_code == 400 and "Why is this changed?" in asked.content.decode()
    assert Edition.objects.get(pk=edition.pk).form == form
    assert (
        client.post(url, given | {"change_reason_en": "More entries than we can judge."}).status_code == 302
    )
    edition.refresh_from_db()
    assert edition.form["fields"] == {"year": "required"}
    assert LimitRules(**edition.form["limits"]) == LimitRules(
        per_person=2, one_track_per_film=False, invitation_only=True, grace_minutes=15
    )
    assert client.post(url, given | {"per_person": "5000"}).status_code == 400


def test_the_grace_is_not_shortened_while_it_runs() -> None:
    edition = make_edition()
    now = timezone.now()
    edition.phases.create(kind="call", starts_at=now - timedelta(days=9), ends_at=now - timedelta(minutes=5))
    organiser = make_member(edition, Role.ORGANISER)
    with pytest.raises(Refused) as refused:
        deadline_actions.save_limits(
            edition=edition, limits=LimitRules(grace_minutes=10), by=organiser, at=now
        )
    assert refused.value.code == "grace_runs"
    later = now + timedelta(hours=1)
    deadline_actions.save_limits(
        edition=edition, limits=LimitRules(grace_minutes=10), by=organiser, at=later, reason=WHY
    )
    edition.refresh_from_db()
    assert edition.form["limits"]["grace_minutes"] == 10


def test_uploads_follow_the_grace() -> None:
    edition = make_edition(call_open=True)
    deadline = edition.phases.get().ends_at
    entry = make_draft(edition)
    now = deadline - timedelta(days=1)
    upload = Upload.objects.create(
        entry=entry, user=entry.entrant, filename="f.mp4", size=10, part_size=10, fingerprint="f",
        created_at=now, expires_at=deadline + timedelta(minutes=60),
    )  # fmt: skip
    organiser = make_member(edition, Role.ORGANISER)
    for minutes in (0, 90):
        limits = LimitRules(grace_minutes=minutes)
        deadline_actions.save_limits(edition=edition, limits=limits, by=organiser, at=now, reason=WHY)
        upload.refresh_from_db()
        assert upload.expires_at == deadline + timedelta(minutes=minutes)
