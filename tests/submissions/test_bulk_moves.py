"""One move with many entries: the preview tells the truth, and undoing restores what nobody touched since."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor, actor_of
from festival.people.roles import Role
from festival.post import delivery
from festival.post.models import Notice
from submissions import actions, bulk_moves
from submissions.desk_filters import Filters, filtered
from submissions.models import BulkStep, Entry, Event, FindingRow, Waiver
from submissions.timeline import happened
from tests import factories

pytestmark = pytest.mark.django_db


class Show:
    """Entries of many kinds, by title; a technician who made one of the films."""

    def __init__(self) -> None:
        self.edition: Edition = factories.make_edition()
        self.technician = factories.make_member(self.edition, Role.TECHNICIAN)
        for title, state, verdict in (
            ("Good", "submitted", "pass"),
            ("Mended", "fixing", "note"),
            ("Faulty", "submitted", "fix"),
            ("Waived", "submitted", "fix"),
            ("Waiting", "submitted", ""),
            ("In", "eligible", "pass"),
            ("Own", "submitted", "pass"),
            ("Named", "submitted", "pass"),
        ):
            entrant = {"entrant": self.technician.user} if title == "Own" else {}
            until = {"fix_until": timezone.now()} if state == "fixing" else {}
            entry = factories.make_entry(self.edition, title=title, state=state, **entrant, **until)
            if verdict:
                report = {"findings": [{"rule": "black", "severity": "fix"}] if verdict == "fix" else []}
                inspection = factories.make_inspection(entry, verdict=verdict, report=report)
                if verdict == "fix":
                    FindingRow.objects.create(inspection=inspection, rule="black", severity="fix")
            if title == "Waived":
                Waiver.objects.create(
                    version=inspection.version, rule="black", reason="Night.", by=self.technician.user,
                    at=timezone.now(),
                )  # fmt: skip
        factories.make_co_author(self["Named"], self.technician.user)

    def __getitem__(self, title: str) -> Entry:
        return Entry.objects.get(edition=self.edition, title=title)

    def plan(self, move: str, **filters: tuple[str, ...]) -> bulk_moves.Plan:
        rows = filtered(self.edition, Filters(**filters))
        return bulk_moves.plan_for(rows, edition=self.edition, move=move, by=self.technician)

    def titles(self, ids: list[int]) -> set[str]:
        return set(Entry.objects.filter(pk__in=ids).values_list("title", flat=True))

    def move(self, move: str, *, at: datetime | None = None, reason: str = "") -> BulkStep:
        return bulk_moves.move_many(
            edition=self.edition, plan=self.plan(move), move=move, query="", reason=reason,
            by=self.technician, at=at or timezone.now(),
        )  # fmt: skip


@pytest.fixture
def show() -> Show:
    return Show()


def test_the_plan_says_who_is_moved_and_who_is_not(show: Show) -> None:
    plan = show.plan("admit")
    assert show.titles(plan.entries) == {"Good", "Mended", "Waived"}
    assert show.titles(plan.faulty) == {"Faulty", "Waiting"}
    assert {why: show.titles(ids) for why, ids in plan.refused.items()} == {
        "state": {"In"}, "own": {"Own", "Named"}
    }  # fmt: skip
    assert (plan.fitting, plan.left) == (8, 0)
    asked = show.plan("ask_fix")
    assert show.titles(asked.entries) == {"Good", "Faulty", "Waived", "Waiting"}
    factories.make_correction(show["Good"], state="asked")
    assert show.titles(show.plan("refuse").refused["correction"]) == {"Good"}
    assert show.titles(show.plan("admit", code=(show["Good"].code,)).entries) == {"Good"}


def test_at_most_so_many_at_once(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_moves, "AT_MOST", 4)
    plan = show.plan("admit")
    assert (len(plan.entries), len(plan.faulty), plan.left) == (3, 1, 1)


def test_faulty_films_only_with_a_reason(show: Show) -> None:
    show.move("admit")
    assert show["Faulty"].state == "submitted" and show["Good"].state == "eligible"
    step = show.move("admit", reason="The festival wants it.")
    assert {show["Faulty"].state, show["Waiting"].state} == {"eligible"}
    assert step.changed and Event.objects.filter(values__reason="The festival wants it.").count() == 2
    with pytest.raises(Refused) as nothing:
        show.move("admit", reason="Again")
    assert nothing.value.code == "nothing"
    with pytest.raises(Refused) as silent:
        show.move("refuse", reason="  ")
    assert silent.value.code == "reason"


def test_letters_wait_and_then_go_out(show: Show) -> None:
    at = timezone.now()
    step = show.move("admit", at=at)
    letters = Notice.objects.filter(pk__in=[row[3] for row in step.changed])
    assert sorted(letters.values_list("kind", flat=True)) == [
        "entry_admitted", "entry_admitted", "entry_admitted_waived"
    ]  # fmt: skip
    assert set(letters.values_list("due_at", flat=True)) == {step.undo_until}
    delivery.take(at=at + timedelta(minutes=9))
    assert letters.filter(state="waiting").count() == 3
    delivery.take(at=step.undo_until)
    assert letters.filter(state="sending").count() == 3


@pytest.mark.parametrize("move", ["admit", "ask_fix", "refuse"])
def test_undoing_restores_what_nobody_touched(show: Show, move: str) -> None:
    before = {row.title: row.state for row in Entry.objects.all()}
    at = timezone.now()
    step = show.move(move, at=at, reason="Everything." if move != "admit" else "")
    touched = show.titles([row[0] for row in step.changed])
    assert len(touched) >= 3
    done = bulk_moves.undo(step=step, by=show.technician, at=at + timedelta(minutes=5))
    assert done.kept == []
    assert {row.title: row.state for row in Entry.objects.all()} == before
    assert not Notice.objects.filter(created_at=at).exists()
    entry = show[touched.pop()]
    kinds = list(entry.events.values_list("kind", flat=True))
    assert kinds[-2:] == [move, "taken_back"]
    assert move not in [step.title for step in happened(list(entry.events.all()))]
    assert len(happened(list(entry.events.filter(kind__in=(move, "taken_back"))))) == 0
    with pytest.raises(Refused) as twice:
        bulk_moves.undo(step=step, by=show.technician, at=at + timedelta(minutes=6))
    assert twice.value.code == "already"
    assert show.move(move, reason="Once more.").changed  # as if nothing had been


def test_undoing_leaves_what_has_moved_on_and_says_so(show: Show) -> None:
    at = timezone.now()
    step = show.move("admit", at=at)
    good, waived = show["Good"], show["Waived"]
    actions.withdraw(entry=good, by=actor_of(good.entrant), at=at + timedelta(minutes=1))
    letter = next(row[3] for row in step.changed if row[0] == waived.pk)
    Notice.objects.filter(pk=letter).update(state="sent", mailed_at=at)
    done = bulk_moves.undo(step=step, by=show.technician, at=at + timedelta(minutes=2))
    assert sorted(done.kept) == sorted([[good.pk, "moved_on"], [waived.pk, "letter_gone"]])
    assert (show["Good"].state, show["Waived"].state, show["Mended"].state) == (
        "withdrawn", "eligible", "fixing"
    )  # fmt: skip
    assert not Event.objects.filter(entry=good, kind="taken_back").exists()


def test_undoing_has_its_time_and_its_people(show: Show) -> None:
    at = timezone.now()
    step = show.move("admit", at=at)
    other = factories.make_member(show.edition, Role.TECHNICIAN)
    with pytest.raises(Refused) as stranger:
        bulk_moves.undo(step=step, by=other, at=at)
    assert stranger.value.status == 403
    with pytest.raises(Refused) as late:
        bulk_moves.undo(step=step, by=show.technician, at=step.undo_until)
    assert late.value.code == "over"
    organiser = factories.make_member(show.edition, Role.ORGANISER)
    assert bulk_moves.undo(step=step, by=organiser, at=at).undone_by == organiser.user


def test_the_plan_costs_the_same_for_many(show: Show) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            show.plan("admit")
        return len(asked)

    few = cost()
    for _number in range(4):
        factories.make_inspection(factories.make_entry(show.edition, state="submitted"), verdict="pass")
    assert cost() == few <= 6


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def test_from_the_table_to_the_undoing(show: Show) -> None:
    client = client_of(show.technician)
    base = f"/{show.edition.slug}/desk/entries/"
    query = QueryDict(mutable=True)
    query.setlist("code", [show["Good"].code, show["In"].code, show["Faulty"].code])
    url = f"{base}many/admit/?{query.urlencode()}"
    page = client.get(url)
    text = page.content.decode()
    for words in (
        "1 film is admitted, and its entrant is told.",
        "1 film has faults, or its inspection is not finished",
        "1 entry is left out: in their state this cannot be done",
    ):
        assert words in text, words
    assert "nothing would happen" not in text
    none = client.get(f"{base}many/admit/?code={show['In'].code}").content.decode()
    assert "None of them can take this step: nothing would happen." in none
    seen = page.context["plan"].digest
    assert client.post(url, {"seen": "another"}).status_code == 409
    assert show["Good"].state == "submitted"
    answer = client.post(url, {"seen": seen})
    step = BulkStep.objects.get()
    assert answer["Location"] == f"{base}steps/{step.pk}/"
    assert step.query == f"?{query.urlencode()}" and show["Good"].state == "eligible"
    assert "can be taken back until" in client.get(base).content.decode()
    assert "Take it back" in client.get(answer["Location"]).content.decode()
    assert client.post(f"{base}steps/{step.pk}/undo/").status_code == 302
    text = client.get(answer["Location"]).content.decode()
    assert "1 entry is as it was before" in text and "Take it back" not in text
    assert show["Good"].state == "submitted"
    assert client.get(f"{base}many/withdraw/").status_code == 404
    log = client.get(f"{base}{show['Good'].code}/").content.decode()
    assert "Taken back: Admitted to the competition" in log
