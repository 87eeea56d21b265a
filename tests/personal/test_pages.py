"""The pages of one's own data: what they say before anything happens, and who may come so far."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from festival.edition.actions import add_member
from festival.kit.errors import Refused
from festival.people.models import User
from festival.people.roles import Role
from judging.models import Look
from personal import erase_actions, export_actions
from personal.fates import Fate, entries_of, fate_of, plan_for
from personal.models import DataExport, Erasure
from submissions.models import Entry
from tests.factories import PASSWORD, make_edition, make_entry, make_inspection, make_round, make_user
from tests.personal.lives import Life
from tests.shows import make_film

CONFIRM = "/account/delete/confirm/"


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def proved(user: User) -> Client:
    """Logged in, and the password given a moment ago."""
    client = logged_in(user)
    response = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": CONFIRM})
    assert response.headers["Location"] == CONFIRM
    return client


@pytest.fixture
def user(db: None) -> User:
    return make_user("Ann", email="ann@example.org")


def test_the_password_is_asked_for_before_the_last_step(user: User) -> None:
    client = logged_in(user)
    response = client.get(CONFIRM)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/reauthenticate/")
    late = client.post(CONFIRM, {"address": user.email})
    assert (late.status_code, late.headers["Location"]) == (302, CONFIRM)
    assert not Erasure.objects.exists()


def test_the_address_is_typed_in(user: User) -> None:
    client = proved(user)
    wrong = client.post(CONFIRM, {"address": "somebody@example.org"})
    assert wrong.status_code == 400
    assert "ann@example.org" in wrong.content.decode()
    assert not Erasure.objects.exists()
    right = client.post(CONFIRM, {"address": " ANN@example.org "})
    assert right.headers["Location"] == "/account/delete/"
    row = Erasure.objects.get()
    assert (row.user, row.state, row.due_at - row.asked_at) == (user, "waiting", erase_actions.GRACE)
    user.refresh_from_db()
    assert user.is_active


def test_it_can_be_taken_back_on_the_page(user: User) -> None:
    row = erase_actions.ask(user=user, withdraw=False, at=timezone.now())
    client = logged_in(user)
    assert "/account/delete/keep/" in client.get("/account/delete/").content.decode()
    client.post("/account/delete/keep/")
    client.post("/account/delete/keep/")
    assert not Erasure.objects.filter(pk=row.pk).exists()


def test_it_can_be_taken_back_by_the_link_without_logging_in(
    user: User, mailoutbox: list, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        row = erase_actions.ask(user=user, withdraw=False, at=timezone.now())
    erase_actions.work(row.pk)  # the letter goes out once
    assert [mail.to for mail in mailoutbox] == [["ann@example.org"]]
    link = re.search(r"/account/delete/keep/\S+/", mailoutbox[0].body)
    assert link
    stranger = Client()
    assert stranger.get(link[0]).status_code == 200
    assert Erasure.objects.filter(pk=row.pk).exists()
    assert "Nothing was deleted" in stranger.post(link[0]).content.decode()
    assert not Erasure.objects.filter(pk=row.pk).exists()
    assert stranger.get(link[0]).status_code == 200
    assert stranger.get("/account/delete/keep/forged/").status_code == 404


def test_the_link_comes_too_late_once_it_is_carried_out(user: User, mailoutbox: list) -> None:
    row = erase_actions.ask(user=user, withdraw=False, at=timezone.now())
    erase_actions.tell_asked(pk=row.pk, at=timezone.now())
    link = re.search(r"/account/delete/keep/\S+/", mailoutbox[0].body)
    assert link
    Erasure.objects.filter(pk=row.pk).update(due_at=row.asked_at)
    erase_actions.work(row.pk)
    assert Client().post(link[0]).status_code == 410


def test_nothing_happens_before_it_is_due(user: User) -> None:
    row = erase_actions.ask(user=user, withdraw=False, at=timezone.now())
    erase_actions.work(row.pk)
    assert not erase_actions.begin(pk=row.pk, at=row.due_at - timedelta(seconds=1))
    row.refresh_from_db()
    assert row.state == "waiting"
    later = row.due_at + timedelta(hours=1)
    assert erase_actions.remind(at=later) == 1
    assert erase_actions.remind(at=later) == 0


@pytest.fixture
def running(user: User) -> Entry:
    edition = make_edition()
    return make_entry(edition, entrant=user, title="Running", state="eligible")


def test_what_is_in_a_running_contest_is_withdrawn_or_waited_for(user: User, running: Entry) -> None:
    with pytest.raises(Refused) as refused:
        erase_actions.ask(user=user, withdraw=False, at=timezone.now())
    assert refused.value.code == "in_the_way"
    assert "“Running”" in str(refused.value.text)
    client = proved(user)
    unsaid = client.post(CONFIRM, {"address": user.email})
    assert unsaid.status_code == 400
    client.post(CONFIRM, {"address": user.email, "withdraw": "on"})
    row = Erasure.objects.get()
    assert row.withdraw
    running.refresh_from_db()
    assert running.state == "eligible"  # nothing before the day
    Erasure.objects.filter(pk=row.pk).update(due_at=row.asked_at)
    erase_actions.work(row.pk)
    running.refresh_from_db()
    assert (running.state, running.title) == ("withdrawn", "")
    kinds = list(running.events.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["withdraw", "erased"]


def test_a_public_film_without_a_result_cannot_be_withdrawn(user: User, running: Entry) -> None:
    make_film(running.edition, source=running.code, published_at=timezone.now())
    plan = plan_for(user)
    assert [one.code for one in plan.in_the_way(withdraw=True)] == ["public"]
    assert not plan.can_withdraw
    assert logged_in(user).get("/account/delete/").status_code == 200
    assert proved(user).get(CONFIRM).headers["Location"] == "/account/delete/"


def test_what_comes_in_the_way_later_keeps_the_account_and_is_told(
    user: User, running: Entry, mailoutbox: list
) -> None:
    Entry.objects.filter(pk=running.pk).update(state="withdrawn")
    row = erase_actions.ask(user=user, withdraw=False, at=timezone.now())
    add_member(edition=make_edition("later"), user=user, role=Role.OWNER)
    Erasure.objects.filter(pk=row.pk).update(due_at=row.asked_at, told_at=row.asked_at)
    erase_actions.work(row.pk)
    assert not Erasure.objects.exists()
    user.refresh_from_db()
    assert user.is_active
    assert [mail.subject for mail in mailoutbox] == ["Your account was not deleted"]
    assert "only owner of “Later”" in mailoutbox[0].body


def test_open_looks_and_the_last_owner_stand_in_the_way(user: User) -> None:
    edition = make_edition("mine", owner=user)
    add_member(edition=edition, user=user, role=Role.JUDGE)
    entry = make_entry(edition)
    make_inspection(entry)
    round = make_round(edition, opened_at=timezone.now())
    look = Look.objects.create(round=round, judge=user, entry=entry, position=1)
    assert [one.code for one in plan_for(user).obstacles] == ["looks", "owner"]
    html = logged_in(user).get("/account/delete/").content.decode()
    assert reverse("judging:queue", args=["mine", round.slug]) in html
    assert reverse("edition:team", args=["mine"]) in html
    assert CONFIRM not in html
    Look.objects.filter(pk=look.pk).update(state="recused", reason="No time.")
    add_member(edition=edition, user=make_user(), role=Role.OWNER)
    assert plan_for(user).obstacles == []


@pytest.mark.parametrize(
    ("state", "told", "archived", "fate"),
    [
        ("draft", "", False, Fate.DRAFT),
        ("submitted", "", False, Fate.RUNNING),
        ("fixing", "", False, Fate.RUNNING),
        ("eligible", "", False, Fate.RUNNING),
        ("eligible", "", True, Fate.CLOSED),
        ("eligible", "not_selected", False, Fate.CLOSED),
        ("eligible", "laureate", False, Fate.SHOWN),
        ("refused", "", False, Fate.CLOSED),
        ("withdrawn", "", False, Fate.CLOSED),
        ("withdrawn", "laureate", False, Fate.CLOSED),
    ],
)
def test_fates(user: User, state: str, told: str, archived: bool, fate: Fate) -> None:
    edition = make_edition(status="archived" if archived else "public")
    more = {"told": told, "decision": told, "told_at": timezone.now()} if told else {}
    make_entry(edition, entrant=user, state=state, **more)
    assert fate_of(entries_of(user.pk).get()) == fate


def test_a_draft_that_was_withdrawn_was_seen_by_nobody(user: User) -> None:
    make_entry(make_edition(), entrant=user, state="withdrawn", submitted_at=None)
    assert fate_of(entries_of(user.pk).get()) == Fate.DRAFT


def test_a_published_film_stays_whatever_became_of_its_entry(user: User) -> None:
    edition = make_edition()
    entry = make_entry(edition, entrant=user, state="withdrawn")
    film = make_film(edition, source=entry.code)
    assert fate_of(entries_of(user.pk).get()) == Fate.CLOSED
    film.published_at = timezone.now()
    film.save()
    assert fate_of(entries_of(user.pk).get()) == Fate.SHOWN


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_of_a_long_life(life: Life, language: str) -> None:
    assert life.client
    life.client.cookies["django_language"] = language
    for page in ("/account/data/", "/account/delete/"):
        assert life.client.get(page).status_code == 200
    html = life.client.get("/account/delete/").content.decode()
    for title in ("Film draft", "Film lost", "Film laureate"):
        assert title in html


def test_the_page_of_the_copy_shows_progress_and_then_the_link(user: User) -> None:
    client = logged_in(user)
    assert client.post("/account/data/copy/").headers["Location"] == "/account/data/"
    row = DataExport.objects.get()
    part = client.get("/account/data/", headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" in part and "<h1>" not in part
    lease = export_actions.claim(pk=row.pk, at=timezone.now())
    assert lease
    export_actions.renew(lease=lease, at=timezone.now(), progress=40)
    assert "40%" in client.get("/account/data/").content.decode()
    export_actions.record_ready(lease=lease, key="exports/x.zip", size=1200, at=timezone.now())
    html = client.get("/account/data/").content.decode()
    assert "firstlight-data.zip" in html and "every 2s" not in html
    assert client.post("/account/data/copy/").status_code == 429


def test_withdrawing_in_the_very_moment_it_is_announced_keeps_what_was_published(
    user: User, running: Entry
) -> None:
    """The plan was made; then the film got its page. It stays, and the entry with it."""
    row = erase_actions.ask(user=user, withdraw=True, at=timezone.now(), grace=timedelta(0))
    assert erase_actions.begin(pk=row.pk, at=timezone.now())
    make_film(running.edition, source=running.code, published_at=timezone.now())
    assert erase_actions.carry_on(pk=row.pk, at=timezone.now())
    running.refresh_from_db()
    assert (running.state, running.title) == ("eligible", "Running")


def test_nobody_can_be_deleted_twice(user: User) -> None:
    row = erase_actions.ask(user=user, withdraw=False, at=timezone.now(), grace=timedelta(0))
    assert erase_actions.ask(user=user, withdraw=False, at=timezone.now()).pk == row.pk
    erase_actions.work(row.pk)
    erase_actions.work(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("done", 1)


def test_of_two_workers_one_carries_it_out(user: User) -> None:
    now = timezone.now()
    row = erase_actions.ask(user=user, withdraw=False, at=now, grace=timedelta(0))
    assert erase_actions.begin(pk=row.pk, at=now)
    Erasure.objects.filter(pk=row.pk).update(lease_until=now + timedelta(minutes=1))
    assert not erase_actions.carry_on(pk=row.pk, at=now)
    assert erase_actions.carry_on(pk=row.pk, at=now + timedelta(minutes=2))


def test_a_worker_at_one_of_the_films_is_waited_for(user: User) -> None:
    now = timezone.now()
    entry = make_entry(make_edition(), entrant=user, state="draft")
    inspection = make_inspection(
        entry, state="running", lease_token=uuid.uuid4(), lease_until=now + timedelta(seconds=30)
    )
    row = erase_actions.ask(user=user, withdraw=False, at=now, grace=timedelta(0))
    erase_actions.work(row.pk)
    row.refresh_from_db()
    inspection.refresh_from_db()
    assert (row.state, inspection.state) == ("running", "failed")
    assert erase_actions.remind(at=now + timedelta(seconds=5)) == 0
    later = now + timedelta(hours=1)
    assert erase_actions.remind(at=later) == 1
    assert erase_actions.carry_on(pk=row.pk, at=later)
    assert not Entry.objects.filter(pk=entry.pk).exists()
