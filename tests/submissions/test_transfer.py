"""An entry handed over to another account: offered and accepted, or given by an organiser."""

import html
import threading
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.models import User
from festival.people.roles import Role
from festival.post.models import Notice
from submissions import actions, transfer_actions
from submissions.consent_actions import agree_to_all
from submissions.credit_people import Person, people_of
from submissions.models import (
    Consent,
    CreditDeclaration,
    Entry,
    RepresentativeIdentity,
    TransferOffer,
    Upload,
)
from submissions.signed_letters import token_of
from tests.factories import (
    make_co_author,
    make_credits,
    make_declaration,
    make_draft,
    make_edition,
    make_entry,
    make_inspection,
    make_invitation,
    make_member,
    make_offer,
    make_user,
)
from tests.waiting import eventually

pytestmark = pytest.mark.django_db
ADDRESS = "new@example.org"


@pytest.fixture
def edition() -> Edition:
    return make_edition(call_open=True)


@pytest.fixture
def entry(edition: Edition) -> Entry:
    return make_draft(edition, make_user("Old Owner"), title="Lamp")


@pytest.fixture
def new(db: None) -> User:
    return make_confirmed(ADDRESS)


def make_confirmed(email: str, *, verified: bool = True) -> User:
    user = make_user("New Owner", email=f"main-{email}")
    EmailAddress.objects.create(user=user, email=email, verified=verified)
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said(response: Any) -> str:
    return html.unescape(response.content.decode())


def refused(call: Any) -> tuple[str, int]:
    with pytest.raises(Refused) as refusal:
        call()
    return refusal.value.code, refusal.value.status


def accept(row: TransferOffer, user: User, **more: Any) -> Entry:
    return transfer_actions.accept(**{"offer": row, "by": actor_of(user), "at": timezone.now()} | more)


def test_an_entry_is_offered_by_mail_and_taken_over(
    entry: Entry, new: User, django_capture_on_commit_callbacks: Any, mailoutbox: list[Any]
) -> None:
    make_inspection(entry)
    old, path = entry.entrant, f"/entries/{entry.code}/transfer/"
    assert "You lose access to it" in said(client_of(old).get(path))
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of(old).post(path, {"email": "NEW@example.org", "language": "zh-hans"})
    assert answer.url == path
    (letter,) = mailoutbox
    assert (letter.to, letter.subject) == ([ADDRESS], "《Lamp》：有作品拟移交给您")
    link = f"/entries/offer/{token_of(TransferOffer.objects.get())}/"
    assert link in letter.body
    assert "Offered to new@example.org" in said(client_of(old).get(path))
    assert "whose confirmed address is new@example.org" in said(Client().get(link))
    assert "Take the entry over" not in said(client_of(old).get(link))
    assert "Take the entry over" in said(client_of(new).get(link))
    with django_capture_on_commit_callbacks(execute=True):
        assert client_of(new).post(f"{link}answer/", {"answer": "yes"}).url == f"/entries/{entry.code}/"
    fresh = Entry.objects.get()
    assert fresh.entrant == new
    assert {upload.user for upload in Upload.objects.all()} == {new}
    assert client_of(new).get(f"/entries/{entry.code}/").status_code == 200
    assert client_of(old).get(f"/entries/{entry.code}/").status_code == 404
    assert sorted((one.user.name, one.kind) for one in Notice.objects.all()) == [
        ("New Owner", "entry_received"),
        ("Old Owner", "entry_handed_over"),
    ]
    assert sorted(to for mail in mailoutbox[1:] for to in mail.to) == sorted([new.email, old.email])
    done = fresh.events.get(kind="transferred")
    assert (done.actor, done.values) == (new, {"before": "Old Owner", "after": "New Owner"})
    assert "The entry went from Old Owner to New Owner" in said(client_of(new).get(f"/entries/{entry.code}/"))
    assert Client().get(link).status_code == 410


def test_only_the_confirmed_address_takes_it(entry: Entry, new: User) -> None:
    row = make_offer(entry, ADDRESS)
    unconfirmed = make_user(email="else@example.org")
    EmailAddress.objects.create(user=unconfirmed, email=ADDRESS, verified=False)
    for user in (unconfirmed, make_user(), entry.entrant):
        assert refused(lambda user=user: accept(row, user)) == ("other_account", 403)
    assert accept(row, new).entrant == new


def test_a_name_among_an_accounts_own_addresses_is_no_transfer(entry: Entry) -> None:
    owner = actor_of(entry.entrant)
    EmailAddress.objects.create(user=entry.entrant, email="second@example.org", verified=True)
    for email in (entry.entrant.email, "Second@example.org"):
        call = {"entry": entry, "email": email, "language": "en", "by": owner, "at": timezone.now()}
        assert refused(lambda call=call: transfer_actions.offer(**call)) == ("own_entry", 400)


@pytest.mark.parametrize("how", ["taken back", "declined", "over", "another", "withdrawn", "given"])
def test_an_offer_that_no_longer_stands(entry: Entry, new: User, how: str) -> None:
    row, now, owner = make_offer(entry, ADDRESS), timezone.now(), actor_of(entry.entrant)
    link = f"/entries/offer/{token_of(row)}/"
    at = now
    if how == "taken back":
        for _twice in range(2):
            assert client_of(entry.entrant).post(f"/entries/{entry.code}/transfer/back/").status_code == 302
    if how == "declined":
        assert client_of(new).post(f"{link}answer/", {"answer": "no"}).url == "/entries/"
        assert Notice.objects.get().kind == "transfer_declined"
    if how == "over":
        at = now + timedelta(days=15)
    if how == "another":
        transfer_actions.offer(entry=entry, email="x@example.org", language="en", by=owner, at=now)
    if how == "withdrawn":
        Entry.objects.filter(pk=entry.pk).update(state="withdrawn")
    if how == "given":
        Entry.objects.filter(pk=entry.pk).update(entrant=make_user())
    assert refused(lambda: accept(row, new, at=at)) == ("over", 410)
    assert Entry.objects.get().entrant != new
    if how in ("taken back", "another"):
        assert Client().get(link).status_code == 404
    assert TransferOffer.objects.filter(entry=entry, state="open").count() <= 1


@pytest.mark.parametrize(("role", "may"), [(Role.JUDGE, False), (Role.CHAIR, False), (Role.TECHNICIAN, True)])
def test_nobody_of_the_jury_takes_an_entry(entry: Entry, role: Role, may: bool) -> None:
    member = make_member(entry.edition, role).user
    EmailAddress.objects.create(user=member, email=member.email, verified=True)
    row = make_offer(entry, member.email)
    if may:
        assert accept(row, member).entrant == member
    else:
        assert refused(lambda: accept(row, member)) == ("jury", 403)


def test_a_judge_elsewhere_may(entry: Entry) -> None:
    judge = make_member(make_edition(), Role.JUDGE).user
    EmailAddress.objects.create(user=judge, email=judge.email, verified=True)
    assert accept(make_offer(entry, judge.email), judge).entrant == judge


def test_who_is_credited_stays_as_a_co_author_and_back_again(entry: Entry, new: User) -> None:
    old = entry.entrant
    make_credits(
        entry,
        Person(name="Old Owner", roles=("director",), is_self=True, is_representative=True),
        Person(name="New Owner", roles=("music",), email="someplace@example.org"),
    )
    make_invitation(entry, "someplace@example.org", state="accepted", user=new)
    accept(make_offer(entry, ADDRESS), new)
    fresh = Entry.objects.get()
    first, second = people_of(fresh)
    assert (first.is_self, first.email, first.is_representative) == (False, old.email, True)
    assert second.is_self
    assert fresh.credits.get(position=0).agreed
    assert "you read it as a co-author" in said(client_of(old).get(f"/entries/{entry.code}/"))
    EmailAddress.objects.create(user=old, email=old.email, verified=True)
    accept(make_offer(Entry.objects.get(), old.email), old)
    fresh = Entry.objects.get()
    first, second = people_of(fresh)
    assert (fresh.entrant, first.is_self, second.is_self) == (old, True, False)
    assert second.email == "someplace@example.org"
    assert "you read it as a co-author" in said(client_of(new).get(f"/entries/{entry.code}/"))


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_what_the_other_account_declared_counts_no_longer_in_a_draft(
    edition: Edition, new: User, state: str
) -> None:
    now = timezone.now()
    entry = make_entry(edition, state="draft")
    make_declaration(edition)
    agree_to_all(entry=entry, by=actor_of(entry.entrant), at=now)
    Entry.objects.update(state=state, submitted_at=None if state == "draft" else now)
    entry.refresh_from_db()
    co_author = make_user(email="co@example.org")
    make_co_author(entry, co_author)
    for email in ("", "co@example.org"):
        CreditDeclaration.objects.create(
            entry=entry, kind="age", email=email, by=entry.entrant, at=now, version="1", text="Old enough."
        )
    RepresentativeIdentity.objects.create(
        entry=entry, legal_name="Old", document="passport", by=entry.entrant, at=now
    )
    accept(make_offer(entry, ADDRESS), new)
    kept = state != "draft"
    valid = CreditDeclaration.objects.filter(void_at__isnull=True).values_list("email", flat=True)
    assert sorted(valid) == (["", "co@example.org"] if kept else ["co@example.org"])
    assert RepresentativeIdentity.objects.exists() == kept
    assert (Consent.objects.get(entry=entry).until is None) == kept


@pytest.mark.parametrize(("state", "may"), [("eligible", True), ("refused", False), ("withdrawn", False)])
def test_in_which_states_an_entry_goes_over(edition: Edition, new: User, state: str, may: bool) -> None:
    entry = make_entry(edition, state=state)
    path = f"/entries/{entry.code}/transfer/"
    assert client_of(entry.entrant).get(path).status_code == (200 if may else 302)
    if not may:
        row = make_offer(entry, ADDRESS)
        assert refused(lambda: accept(row, new)) == ("over", 410)


def test_an_organiser_gives_an_entry_with_a_reason(edition: Edition, new: User) -> None:
    entry, organiser = make_entry(edition, title="Lamp"), make_member(edition, Role.ORGANISER)
    pending = make_offer(entry, "third@example.org")
    old, path = entry.entrant, f"/{edition.slug}/desk/entries/{entry.code}/transfer/"
    client = client_of(organiser.user)
    assert f'href="{path}"' in said(client.get(f"/{edition.slug}/desk/entries/{entry.code}/"))
    for wrong in (
        {"email": ADDRESS},
        {"email": "none@example.org", "reason": "x"},
        {"email": "x", "reason": "x"},
    ):
        assert client.post(path, wrong).status_code == 400
    assert Entry.objects.get().entrant == old
    assert client.post(path, {"email": ADDRESS, "reason": "Ann left the studio."}).status_code == 302
    assert Entry.objects.get().entrant == new
    for notice in Notice.objects.all():
        assert notice.values["reason"] == "Ann left the studio."
    log = said(client.get(f"/{edition.slug}/desk/entries/{entry.code}/"))
    assert "Handed over from" in log and "Ann left the studio." in log
    pending.refresh_from_db()
    assert pending.state == "withdrawn"


def test_an_organiser_gives_no_entry_of_her_own_and_a_technician_none(edition: Edition) -> None:
    organiser, technician = make_member(edition, Role.ORGANISER), make_member(edition, Role.TECHNICIAN)
    own = make_entry(edition, entrant=organiser.user)
    named = make_entry(edition)
    make_co_author(named, organiser.user)
    draft = make_draft(edition)
    for entry, client, status in (
        (own, client_of(organiser.user), 403),
        (named, client_of(organiser.user), 403),
        (named, client_of(technician.user), 403),
        (draft, client_of(organiser.user), 404),
    ):
        path = f"/{edition.slug}/desk/entries/{entry.code}/transfer/"
        assert client.post(path, {"email": ADDRESS, "reason": "x"}).status_code == status


def test_offers_are_limited_like_other_letters(entry: Entry) -> None:
    client, path = client_of(entry.entrant), f"/entries/{entry.code}/transfer/"
    sent = {"email": ADDRESS, "language": "en"}
    assert client.post(path, sent).status_code == 302
    again = client.post(path, sent)
    assert again.status_code == 400
    assert "You can send the letter again in" in said(again)
    assert TransferOffer.objects.get().state == "open"


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_one_takes_the_entry_over() -> None:
    entry = make_draft(make_edition(call_open=True))
    new = make_confirmed(ADDRESS)
    row, start, outcomes = make_offer(entry, ADDRESS), threading.Barrier(2), []

    def click() -> None:
        try:
            start.wait(timeout=10)
            accept(row, new)
            outcomes.append("taken")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _number in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join(timeout=30)
    assert sorted(outcomes) == ["over", "taken"]
    assert entry.events.filter(kind="transferred").count() == 1


def waits_for_a_row() -> bool:
    """Whether somebody waits for a lock that another session holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


@pytest.mark.django_db(transaction=True)
def test_a_report_that_comes_in_while_the_entry_goes_over_finds_it() -> None:
    """Whoever waits for the row reads it as it is afterwards: on PostgreSQL a join to the old entrant would miss it."""
    entry = make_entry(make_edition(call_open=True), state="submitted")
    make_inspection(entry)
    new = make_confirmed(ADDRESS)
    row, waiting, failed = make_offer(entry, ADDRESS), threading.Event(), []

    def settle() -> None:
        try:
            waiting.wait(timeout=10)
            actions.settle(entry=entry, at=timezone.now())
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=settle)
    other.start()
    with transaction.atomic():
        accept(row, new)
        waiting.set()
        if connection.vendor == "postgresql":
            eventually(waits_for_a_row)
    other.join(timeout=30)
    assert failed == []
    assert (Entry.objects.get().state, Entry.objects.get().entrant) == ("eligible", new)
    assert Notice.objects.get(kind="entry_admitted").user == new
