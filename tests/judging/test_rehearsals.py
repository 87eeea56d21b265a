"""Rehearsals from the desk: asked for, made by the worker, stopped, kept, and nothing left of the copy."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from festival.edition.blueprint import named
from festival.edition.models import Edition, Phase
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.models import User
from festival.people.roles import Role
from festival.post.models import Notice
from judging import rehearsal_actions as actions
from judging import tasks
from judging.models import Allocation, Rehearsal, Round
from judging.rehearsal.contest import HOST, Size
from judging.rehearsal.problem_words import per_cent, sentence
from judging.rehearsal.run import Wishes, rehearse
from judging.setup import make_edition
from submissions.models import Asset, Entry
from tests.factories import make_member, make_rehearsal, make_user

pytestmark = pytest.mark.django_db
ASKED = {
    "entries": 16,
    "judges": 6,
    "seed": 3,
    "workers": 2,
    "prices": {"judge_hour": 20.0, "currency": "CNY"},
}


@pytest.fixture
def owner() -> User:
    return make_user()


@pytest.fixture
def edition(owner: User) -> Edition:
    return make_edition(
        plan=named("tool-makers"), slug="contest", opens=date(2028, 3, 6), owner=owner, public=True
    )


def ask(edition: Edition, owner: User, **fields) -> Rehearsal:
    return actions.ask(edition=edition, by=actor_of(owner), at=timezone.now(), **ASKED | fields)


def test_the_copy_is_gone_when_the_report_is_there(edition: Edition, owner: User, mailoutbox) -> None:
    row = ask(edition, owner)
    actions.make(pk=row.pk, now=timezone.now)
    row.refresh_from_db()
    assert (row.state, row.progress, row.problem) == ("ready", 100, "")
    assert row.report["entries"] == 16
    assert row.report["cost"]["judges"] == pytest.approx(20 * row.report["judge_hours"], abs=0.2)
    assert list(Edition.objects.values_list("slug", flat=True)) == ["contest"]
    assert (Entry.objects.count(), Asset.objects.count(), Notice.objects.count(), mailoutbox) == (0, 0, 0, [])
    assert not User.objects.filter(email__contains=f"maker.{HOST}").exists()
    before = row.report
    actions.make(pk=row.pk, now=timezone.now)  # a second worker finds nothing to do
    row.refresh_from_db()
    assert row.report == before


def test_a_dead_workers_copy_makes_room_for_the_next(edition: Edition, owner: User) -> None:
    row = ask(edition, owner)
    plan = named("tool-makers")
    rehearse(plan, Wishes(size=Size(4, 6), seed=1, opens=date(2028, 3, 6), slug=actions.slug_of(row)))
    assert Edition.objects.count() == 2
    actions.make(pk=row.pk, now=timezone.now)
    row.refresh_from_db()
    assert (row.state, Edition.objects.count()) == ("ready", 1)


def test_stopped_on_the_way_it_leaves_nothing(edition: Edition, owner: User) -> None:
    row = ask(edition, owner)
    actions.stop(rehearsal=row, by=actor_of(owner), at=timezone.now())
    actions.make(pk=row.pk, now=timezone.now)
    row.refresh_from_db()
    assert (row.state, row.report, Edition.objects.count()) == ("stopped", {}, 1)


def test_one_at_a_time_and_a_silent_one_makes_room(edition: Edition, owner: User) -> None:
    row = ask(edition, owner)
    with pytest.raises(Refused, match="running already"):
        ask(edition, owner)
    Rehearsal.objects.filter(pk=row.pk).update(heard_at=timezone.now() - 2 * actions.PATIENCE)
    assert ask(edition, owner).number == 2
    row.refresh_from_db()
    assert row.state == "failed"
    with pytest.raises(IntegrityError), transaction.atomic():
        Rehearsal.objects.filter(pk=row.pk).update(state="running", ended_at=None)


def test_only_organisers_ask_stop_and_delete(edition: Edition, owner: User) -> None:
    row = make_rehearsal(edition, by=owner)
    chair = actor_of(make_member(edition, Role.CHAIR))
    for act in (
        lambda: actions.ask(edition=edition, by=chair, at=timezone.now(), **ASKED),
        lambda: actions.stop(rehearsal=row, by=chair, at=timezone.now()),
        lambda: actions.delete(rehearsal=row, by=chair),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.status == 403


def test_a_contest_without_a_call_is_not_rehearsed(edition: Edition, owner: User) -> None:
    edition.phases.filter(kind=Phase.Kind.CALL).delete()
    with pytest.raises(Refused, match="no call"):
        ask(edition, owner)


def test_the_pages(edition: Edition, owner: User, client: Client) -> None:
    client.force_login(owner)
    home = reverse("judging:rehearsals", args=[edition.slug])
    assert b"Rehearse this contest" in client.get(home).content
    wrong = client.post(reverse("judging:rehearsal_make", args=[edition.slug]), {"entries": "20000"})
    assert wrong.status_code == 400 and not Rehearsal.objects.exists()
    row = ask(edition, owner)
    Rehearsal.objects.filter(pk=row.pk).update(stage="longlist", progress=41)
    shown = client.get(home).content.decode()
    assert "41%" in shown and "Longlist" in shown and "every 2s" in shown
    client.post(reverse("judging:rehearsal_stop", args=[edition.slug, row.number]))
    assert "It will stop in a moment" in client.get(home).content.decode()
    client.post(reverse("judging:rehearsal_delete", args=[edition.slug, row.number]))
    assert Rehearsal.objects.filter(pk=row.pk).exists()  # it runs
    actions.make(pk=row.pk, now=timezone.now)
    ready = make_rehearsal(edition, by=owner, rounds=2)
    address = reverse("judging:rehearsal", args=[edition.slug, ready.number])
    page = client.get(address).content.decode()
    assert page.count('<svg class="span"') == 2 and page.count("plot__bars") == 3
    assert "too late, after the end of the call" in page and "CNY" in page
    assert "2 drafts were never submitted" in page  # three are drafts; one of them came too late
    assert "Entries: 20, admitted: 20. Judges: 2. Seed: 1." in page
    assert "half of the films have their report within 2 minutes" in page
    assert page.count('data-label="By the clock">212<') == page.count('data-label="Milliseconds">12<') == 1
    said = client.get(f"{address}report.md").content.decode()
    assert said.startswith("# Contest rehearsal") and "| Round 1 |" in said
    assert client.get(f"{address}report.json").json() == ready.report
    client.post(reverse("judging:rehearsal_delete", args=[edition.slug, ready.number]))
    assert client.get(address).status_code == 404


def test_the_clock_of_the_site_leaves_rounds_to_come_alone() -> None:
    """The beat gives no looks in a copy whose rounds are open only later; as soon as they are, it does."""
    rehearse(
        named("short-film"), Wishes(size=Size(9, 6), seed=1, opens=date(2058, 3, 6), slug="rehearsal-later")
    )
    rounds = Round.objects.filter(edition__slug="rehearsal-later")
    rounds.update(
        state=Round.State.OPEN, closed_at=None, adaptive=True, most_looks=5, cut_kind="count", cut_value=3
    )
    before = Allocation.objects.count()
    tasks.give_next_looks()
    assert Allocation.objects.count() == before
    rounds.update(opened_at=timezone.now() - timedelta(hours=1))
    tasks.give_next_looks()
    assert Allocation.objects.count() == before + 1


def test_why_there_is_no_timetable_is_said_in_the_readers_language() -> None:
    kept = {"code": "no_timetable", "why": {"en": "There is too much.", "zh": "太多了。"}}
    plain = {"code": "awards_refused", "why": "This round is not open."}  # as it was said when it was refused
    with override("zh-hans"):
        assert sentence(kept).endswith("太多了。") and "There" not in sentence(kept)
        assert "This round" not in sentence(plain)
        assert per_cent(1.0) == "100%"
    assert sentence(kept).endswith("There is too much.")
