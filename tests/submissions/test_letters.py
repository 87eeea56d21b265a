"""Every state change of an entry writes a letter; reminders and audiences; what the desk does not see of drafts."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from festival.edition.models import Edition, Phase
from festival.people.actor import SYSTEM, actor_of
from festival.people.roles import Role
from festival.post.kinds import EDITABLE
from festival.post.models import Notice, Reminder
from festival.post.registry import AUDIENCES, shielded
from submissions import actions, inspect_actions, letters, queries, reminders
from submissions.completeness import gaps
from submissions.lifecycle import MOVES
from submissions.models import Entry, Inspection, Waiver
from tests.factories import (
    make_call,
    make_draft,
    make_edition,
    make_entry,
    make_inspection,
    make_member,
    make_user,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now


def report(*rules: str) -> dict[str, Any]:
    findings = [{"rule": rule, "severity": "fix"} for rule in rules]
    return {"verdict": "fix" if rules else "pass", "video": {"duration": 60}, "findings": findings}


def told() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("kind", flat=True))


def make_moves() -> dict[str, Any]:
    """Each move of the life-cycle table, made through its action on an entry that allows it."""
    edition = make_edition(call_open=True)
    technician = make_member(edition, Role.TECHNICIAN)
    draft = make_draft(edition)
    make_inspection(draft, state="running", lease_token=draft_token(), lease_until=NOW())
    one, two, three, four = (make_entry(edition, state="submitted") for _number in range(4))
    return {
        "submit": lambda: actions.submit(entry=draft, by=actor_of(draft.entrant), at=NOW()),
        "admit": lambda: actions.admit(entry=one, by=technician, at=NOW()),
        "ask_fix": lambda: actions.ask_fix(entry=two, by=technician, at=NOW(), reason="Cut off."),
        "refuse": lambda: actions.refuse(entry=three, by=technician, at=NOW(), reason="Not yours."),
        "withdraw": lambda: actions.withdraw(entry=four, by=actor_of(four.entrant), at=NOW()),
    }


def draft_token() -> str:
    return "00000000-0000-0000-0000-000000000001"


def test_every_move_has_its_letters_and_every_letter_its_words() -> None:
    assert list(letters.LETTERS) == list(MOVES)
    assert {kind for kinds in letters.LETTERS.values() for kind in kinds} <= set(EDITABLE)


@pytest.mark.parametrize("name", [name for name, kinds in letters.LETTERS.items() if kinds])
def test_every_move_writes_one_of_its_letters(name: str) -> None:
    make_moves()[name]()
    (kind,) = told()
    assert kind in letters.LETTERS[name]


@pytest.mark.parametrize(
    ("rules", "waived", "kind"),
    [
        (["black"], [], "entry_needs_fix"),
        (["subtitles_required"], [], "entry_needs_subtitles"),
        (["subtitles_required", "black"], [], "entry_needs_fix"),
        (["subtitles_required", "black"], ["black"], "entry_needs_subtitles"),
        (["black"], ["black"], "entry_admitted_waived"),
        ([], [], "entry_admitted"),
    ],
)
def test_what_the_report_says_decides_which_letter(rules: list[str], waived: list[str], kind: str) -> None:
    edition = make_edition()
    technician = make_member(edition, Role.TECHNICIAN)
    entry = make_entry(edition, state="submitted")
    found = report(*rules)
    inspection = make_inspection(entry, report=found, verdict=found["verdict"])
    for rule in waived:
        Waiver.objects.create(
            version=inspection.version, rule=rule, reason="Fine.", by=technician.user, at=NOW()
        )
    actions.settle(entry=entry, at=NOW())
    assert told() == [kind]
    values = Notice.objects.get().values
    if kind == "entry_admitted_waived":
        assert values["findings"] == {"en": "– The picture stays black", "zh": "– 黑场过长"}
    if kind.startswith("entry_needs"):
        assert values["until"] == Entry.objects.get().fix_until.isoformat()


def test_a_film_whose_inspection_fails_through_our_fault() -> None:
    entry = make_entry(make_edition(), state="submitted")
    inspection = make_inspection(entry, state="running", lease_token=draft_token(), lease_until=NOW())
    lease = inspect_actions.Lease(inspection.pk, inspection.lease_token, 1)
    inspect_actions.give_back(lease=lease, error="Disk full.", at=NOW())
    assert told() == []
    Inspection.objects.filter(pk=inspection.pk).update(
        state="running", lease_token=draft_token(), lease_until=NOW()
    )
    last = inspect_actions.Lease(inspection.pk, inspection.lease_token, inspect_actions.ATTEMPTS)
    inspect_actions.give_back(lease=last, error="Disk full.", at=NOW())
    assert told() == ["inspection_failed"]
    assert "Disk" not in str(Notice.objects.get().values)


@pytest.mark.parametrize(
    ("rules", "kind"),
    [([], "film_passed"), (["black"], "film_has_faults"), (["subtitles_form"], "film_needs_subtitles")],
)
def test_a_draft_s_film_and_its_subtitles_are_told_apart(rules: list[str], kind: str) -> None:
    entry = make_entry(make_edition(), state="draft")
    found = report(*rules)
    letters.tell_inspected(entry, make_inspection(entry, report=found, verdict=found["verdict"]), NOW())
    assert told() == [kind]


# --- Reminders ----------------------------------------------------------------------------------------------


def make_closing(left: timedelta, **fields: Any) -> tuple[Edition, Phase]:
    edition = make_edition(**fields)
    return edition, make_call(edition, opens=NOW() - timedelta(days=30), ends=NOW() + left)


def test_drafts_are_reminded_once_of_each_day_with_what_is_left_to_do() -> None:
    edition, call = make_closing(timedelta(days=10))
    bare = make_entry(edition, state="draft", director="")
    whole = make_draft(edition)
    make_inspection(whole)
    make_entry(edition, state="submitted")
    make_entry(edition, state="withdrawn")
    assert reminders.remind_drafts(at=call.ends_at - timedelta(days=7, minutes=1)) == 0
    for _twice in range(2):
        reminders.remind_drafts(at=call.ends_at - timedelta(days=7))
        reminders.remind_drafts(at=call.ends_at - timedelta(days=6, hours=1))
    assert told() == ["draft_reminder"] * 2
    first, second = Notice.objects.order_by("pk")
    assert "– Say who directed the film." in first.values["missing"]["en"]
    assert "– 请上传影片。" in first.values["missing"]["zh"]
    assert second.values["missing"]["en"] == "– Submit the entry: everything else is there."
    assert (first.user, second.user) == (bare.entrant, whole.entrant)
    assert reminders.remind_drafts(at=call.ends_at - timedelta(days=4)) == 0
    assert reminders.remind_drafts(at=call.ends_at - timedelta(hours=2)) == 2
    assert list(Reminder.objects.order_by("pk").values_list("days", "count")) == [(7, 2), (1, 2)]


def test_a_draft_that_can_no_longer_be_submitted_is_not_reminded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a track or an entry has a deadline of its own, `deadline.deadline_of` says so."""
    edition, call = make_closing(timedelta(hours=20))
    own = {make_entry(edition, state="draft").pk: end for end in (None, NOW(), NOW() + timedelta(hours=2))}
    monkeypatch.setattr(reminders, "deadline_of", lambda entry, _calendar: own[entry.pk])
    assert reminders.remind_drafts(at=NOW()) == 1
    assert (
        Notice.objects.get().values["deadline"] == own[Notice.objects.get().user.entries.get().pk].isoformat()
    )
    assert call.ends_at > NOW()


def test_an_extended_deadline_has_reminders_of_its_own() -> None:
    edition, call = make_closing(timedelta(hours=20))
    make_entry(edition, state="draft")
    assert reminders.remind_drafts(at=NOW()) == 1
    Phase.objects.filter(pk=call.pk).update(ends_at=call.ends_at + timedelta(days=6))
    assert reminders.remind_drafts(at=NOW()) == 1


@pytest.mark.parametrize(
    ("fields", "left", "opens"),
    [
        ({"reminder_days": []}, timedelta(hours=20), True),
        ({"reminder_days": [3]}, timedelta(hours=20), True),
        ({}, timedelta(hours=-1), True),
        ({}, timedelta(days=5), True),
    ],
)
def test_no_reminder(fields: dict[str, Any], left: timedelta, opens: bool) -> None:
    edition, _call = make_closing(left, **fields)
    make_entry(edition, state="draft")
    assert reminders.remind_drafts(at=NOW()) == 0
    assert not Reminder.objects.exists()


def test_two_workers_at_once_remind_once() -> None:
    edition, call = make_closing(timedelta(hours=20))
    make_entry(edition, state="draft")
    assert reminders.write_reminder(call=call, days=1, at=NOW()) == 1
    assert reminders.write_reminder(call=call, days=1, at=NOW()) == 0
    assert told() == ["draft_reminder"]


def test_what_a_reminder_costs_does_not_grow_with_drafts() -> None:
    counts = []
    for number in (1, 8):
        edition, _call = make_closing(timedelta(hours=20))
        for _more in range(number):
            make_inspection(make_draft(edition))
        with CaptureQueriesContext(connection) as asked:
            assert reminders.remind_drafts(at=NOW()) == number
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_drafts_with_their_form_ask_for_nothing_more(django_assert_num_queries) -> None:
    """A part of the form that `gaps` reads and `queries.with_form` does not fetch fails here."""
    edition = make_edition()
    for _number in range(3):
        make_inspection(make_draft(edition))
    rows = list(queries.with_form(Entry.objects.all()))
    with django_assert_num_queries(0):
        for entry in rows:
            gaps(entry)


# --- Audiences ----------------------------------------------------------------------------------------------


def test_audiences_find_whom_they_name() -> None:
    edition = make_edition(call_open=True)
    track = edition.tracks.first()
    user = make_user()
    entries = {
        state: make_entry(edition, state=state)
        for state in ("draft", "submitted", "fixing", "eligible", "refused", "withdrawn")
    }
    complete = make_draft(edition, entrant=user)
    make_inspection(complete)
    make_entry(edition, state="eligible", entrant=user)
    make_entry(make_edition(), state="eligible")

    def found(key: str, chunk: int = 500) -> list[str]:
        rows = list(AUDIENCES[key].recipients(edition, track, chunk))
        assert all(set(AUDIENCES[key].given) <= {*row.values, "deadline"} for row in rows)
        return [row.about for row in rows]

    assert found("drafts") == [entries["draft"].code, complete.code]
    assert found("drafts_missing") == [entries["draft"].code]
    assert found("submitted") == [entries["submitted"].code]
    assert found("fixing") == [entries["fixing"].code]
    assert len(found("eligible")) == len(found("eligible", chunk=1)) == 2
    assert found("refused") == [entries["refused"].code]
    people = [row.user_id for row in AUDIENCES["entrants"].recipients(edition, None, 500)]
    expected = {entries[state].entrant_id for state in entries if state != "withdrawn"} | {user.pk}
    assert (len(people), set(people)) == (6, expected)
    other = edition.tracks.create(slug="other", name={"en": "Other"})
    assert list(AUDIENCES["eligible"].recipients(edition, other, 500)) == []


def test_only_drafts_are_hidden_from_the_desk() -> None:
    edition = make_edition()
    draft, entry = make_entry(edition, state="draft"), make_entry(edition, state="submitted")
    assert shielded([draft.code, entry.code, "NOTHING", ""]) == {draft.code}
    assert shielded([]) == set()


def test_the_system_writes_as_people_do() -> None:
    entry = make_entry(make_edition(), state="submitted")
    actions.admit(entry=entry, by=SYSTEM, at=NOW())
    assert Notice.objects.get().user == entry.entrant
