"""Codes: made in bulk, redeemed once, never guessed, and what they open."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from festival.edition.models import Edition, Track
from festival.kit.codes import ALPHABET
from festival.kit.errors import Refused
from festival.people.actor import Actor, actor_of
from festival.people.models import User
from festival.people.roles import Role
from submissions import actions, code_actions
from submissions.models import Code, CodeMiss, Entry, Event
from tests.factories import make_code, make_draft, make_edition, make_inspection, make_member, make_user

pytestmark = pytest.mark.django_db


def by_invitation() -> Edition:
    """An open edition that is entered with a code, with a second track."""
    edition = make_edition(call_open=True, form={"limits": {"invitation_only": True}})
    Track.objects.create(edition=edition, slug="second", name={"en": "Second"}, position=1)
    return edition


def begin(
    edition: Edition, user: User, code: str = "", track: str = "open", at: datetime | None = None
) -> Entry | str:
    """The draft, or the refusal's code."""
    try:
        return actions.create_entry(
            edition=edition, track=edition.tracks.get(slug=track), title="Lamp", by=actor_of(user),
            at=at or timezone.now(), code=code,
        )  # fmt: skip
    except Refused as refused:
        return refused.code


# --- Invitations ----------------------------------------------------------------------------------------------


def test_an_invitation_opens_the_edition_as_often_as_it_says() -> None:
    edition = by_invitation()
    code = make_code(edition, uses=2, label="=cmd()")
    assert begin(edition, make_user()) == "code_missing"
    typed = f" {code.shown.lower()} "
    entry = begin(edition, make_user(), typed)
    assert isinstance(entry, Entry)
    assert isinstance(begin(edition, make_user(), typed), Entry)
    assert begin(edition, make_user(), typed) == "code_not_valid"
    code.refresh_from_db()
    assert (code.used, code.redemptions.count()) == (2, 2)
    event = Event.objects.get(entry=entry, kind="code_invitation")
    assert event.values == {"label": "=cmd()", "code": code.shown}


def test_a_code_for_one_track_opens_that_alone() -> None:
    edition = by_invitation()
    code = make_code(edition, track=edition.tracks.get(slug="second"))
    assert begin(edition, make_user(), code.code, "open") == "code_not_valid"
    assert isinstance(begin(edition, make_user(), code.code, "second"), Entry)


def test_a_track_by_invitation_in_an_open_edition() -> None:
    edition = make_edition(call_open=True)
    closed = Track.objects.create(
        edition=edition, slug="second", name={"en": "Second"}, position=1, invitation_only=True
    )
    user = make_user()
    entry = begin(edition, user)
    move = {"by": actor_of(user), "at": timezone.now(), "agreed": False, "track": closed}
    with pytest.raises(Refused) as refused:
        actions.save_entry(entry=entry, **move)
    assert refused.value.code == "code_missing"
    code = make_code(edition, track=closed)
    assert (
        code_actions.redeem_code(entry=entry, text=code.shown, by=actor_of(user), at=timezone.now()) == code
    )
    assert (
        code_actions.redeem_code(entry=entry, text=code.shown, by=actor_of(user), at=timezone.now()) == code
    )
    assert actions.save_entry(entry=entry, **move).track == closed
    code.refresh_from_db()
    assert code.used == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"revoked_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"used": 1},
        {"email": "somebody.else@example.org"},
    ],
)
def test_codes_that_are_good_no_more(fields: dict[str, object]) -> None:
    edition = by_invitation()
    code = make_code(edition, **fields)
    assert begin(edition, make_user(), code.code) == "code_not_valid"
    assert not Entry.objects.exists()


def test_a_code_for_an_address_is_for_its_account() -> None:
    edition = by_invitation()
    code = make_code(edition, email="Guest@Example.org")
    assert isinstance(begin(edition, make_user(email="guest@example.org"), code.code), Entry)


def test_a_code_of_another_edition_is_none_here() -> None:
    assert begin(by_invitation(), make_user(), make_code(make_edition()).code) == "no_such_code"


def test_ten_wrong_codes_an_hour() -> None:
    edition, user, now = by_invitation(), make_user(), timezone.now()
    good = make_code(edition).code
    for _number in range(10):
        assert begin(edition, user, "ABCD-EFGH-JKMN", at=now) == "no_such_code"
    assert begin(edition, user, good, at=now) == "too_many_codes"
    assert CodeMiss.objects.filter(user=user).count() == 10
    assert isinstance(begin(edition, make_user(), good, at=now), Entry)
    assert begin(edition, user, good, at=now + timedelta(minutes=59)) == "too_many_codes"
    assert begin(edition, user, good, at=now + timedelta(hours=1)) == "code_not_valid"  # used up by the other
    assert CodeMiss.objects.filter(user=user).count() == 0


# --- Late codes -----------------------------------------------------------------------------------------------


def test_a_late_code_opens_the_enter_page_after_the_deadline() -> None:
    edition, user = make_edition(call_open=False), make_user()
    client = Client()
    client.force_login(user)
    url = f"/{edition.slug}/enter/"
    assert 'name="code"' not in client.get(url).content.decode()
    code = make_code(edition, "late")
    assert f'value="{code.shown}"' in client.get(f"{url}?code={code.shown}").content.decode()
    track = edition.tracks.get().pk
    wrong = client.post(url, {"title": "Lamp", "track": track, "code": "ABCD-EFGH"})
    assert (wrong.status_code, "There is no such code here." in wrong.content.decode()) == (400, True)
    assert client.post(url, {"title": "Lamp", "track": track, "code": code.shown}).status_code == 302
    entry = Entry.objects.get()
    assert entry.late_until == code.until
    assert "data-upload" in client.get(f"/entries/{entry.code}/").content.decode()


def test_a_late_code_gives_a_draft_until_then_and_not_longer() -> None:
    edition = make_edition(call_open=False)
    entry, code = make_draft(edition), make_code(edition, "late")
    make_inspection(entry)
    me = actor_of(entry.entrant)
    with pytest.raises(Refused, match="closed"):
        actions.submit(entry=entry, by=me, at=timezone.now())
    client = Client()
    client.force_login(entry.entrant)
    page = client.get(f"/entries/{entry.code}/").content.decode()
    assert "Have a late code?" in page
    assert client.post(f"/entries/{entry.code}/code/", {"code": code.shown}).status_code == 302
    entry.refresh_from_db()
    assert entry.late_until == code.until
    with pytest.raises(Refused, match="closed"):
        actions.submit(entry=entry, by=me, at=code.until)
    assert actions.submit(entry=entry, by=me, at=code.until - timedelta(microseconds=1)).state == "submitted"


def test_a_late_code_that_gives_nothing_is_kept() -> None:
    edition = make_edition(call_open=True)
    entry = make_draft(edition)
    code = make_code(edition, "late", until=edition.phases.get().ends_at)
    with pytest.raises(Refused) as refused:
        code_actions.redeem_code(entry=entry, text=code.code, by=actor_of(entry.entrant), at=timezone.now())
    code.refresh_from_db()
    assert (refused.value.code, code.used) == ("code_not_needed", 0)


def test_a_late_code_for_one_track_does_not_move_to_another() -> None:
    edition = make_edition(call_open=False)
    other = Track.objects.create(edition=edition, slug="second", name={"en": "Second"}, position=1)
    code = make_code(edition, "late", track=edition.tracks.get(slug="open"))
    user = make_user()
    entry = begin(edition, user, code.code)
    with pytest.raises(Refused) as refused:
        actions.save_entry(entry=entry, by=actor_of(user), at=timezone.now(), track=other)
    assert refused.value.code == "code_not_valid"


# --- The desk -------------------------------------------------------------------------------------------------


def organiser_of(edition: Edition) -> tuple[Client, Actor]:
    actor = make_member(edition, Role.ORGANISER)
    client = Client()
    client.force_login(actor.user)
    return client, actor


def test_two_hundred_codes_and_their_table() -> None:
    edition = make_edition(call_open=True)
    client, _actor = organiser_of(edition)
    url = f"/{edition.slug}/desk/form/codes/"
    given = {"kind": "invitation", "label": "=1+1 schools", "count": "200", "uses": "3"}
    assert client.post(f"{url}new/", given).status_code == 302
    codes = list(Code.objects.filter(edition=edition))
    assert len({code.code for code in codes}) == 200
    assert {len(code.code) for code in codes} == {12}
    assert {letter for code in codes for letter in code.code} <= set(ALPHABET)
    assert not set("01OIL") & set(ALPHABET)
    assert "200 codes" in client.get(url).content.decode()
    body = b"".join(client.get(f"{url}download/?q=schools").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert {row["Code"] for row in rows} == {code.shown for code in codes}
    assert {row["Whom it is for"] for row in rows} == {"'=1+1 schools"}
    assert rows[0]["Link"] == f"http://testserver/{edition.slug}/enter/?code={rows[0]['Code']}"
    assert {row["State"] for row in rows} == {"Unused"}


def test_a_code_for_each_address() -> None:
    edition = make_edition(call_open=True)
    client, _actor = organiser_of(edition)
    url = f"/{edition.slug}/desk/form/codes/new/"
    given = {"kind": "late", "label": "Guests", "count": "1", "uses": "1", "until": "2099-03-01T23:59"}
    assert client.post(url, given | {"emails": "a@example.org\nnobody"}).status_code == 400
    assert (
        client.post(url, given | {"emails": "a@example.org\r\n\r\nB@example.org\nb@example.org"}).status_code
        == 302
    )
    assert set(Code.objects.values_list("email", flat=True)) == {"a@example.org", "b@example.org"}
    assert {code.until.isoformat() for code in Code.objects.all()} == {"2099-03-02T00:00:00+00:00"}
    assert client.post(url, {**given, "until": ""}).status_code == 400


def test_a_revoked_code_opens_nothing_and_what_it_opened_stays() -> None:
    edition = by_invitation()
    client, actor = organiser_of(edition)
    code = make_code(edition, uses=5)
    entry = begin(edition, make_user(), code.code)
    assert client.post(f"/{edition.slug}/desk/form/codes/{code.pk}/revoke/").status_code == 302
    assert begin(edition, make_user(), code.code) == "code_not_valid"
    make_inspection(entry)
    Entry.objects.filter(pk=entry.pk).update(director="Somebody", synopsis={"en": "x"}, ai_statement="x")
    sent = actions.submit(entry=Entry.objects.get(pk=entry.pk), by=actor_of(entry.entrant), at=timezone.now())
    assert sent.state == "submitted"
    with pytest.raises(Refused, match="already"):
        code_actions.revoke_code(code=code, by=actor, at=timezone.now())


def test_only_organisers_make_codes() -> None:
    edition = make_edition(call_open=True)
    with pytest.raises(Refused) as refused:
        code_actions.create_codes(
            edition=edition, kind="invitation", label="x", by=make_member(edition, Role.TECHNICIAN),
            at=timezone.now(),
        )  # fmt: skip
    assert refused.value.status == 403
