"""Drafts, deadlines and moves: what is refused, and that nothing happens twice."""

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from festival.kit.errors import Refused
from festival.people.actor import STRANGER, SYSTEM, actor_of
from festival.people.roles import Role
from festival.post.models import Notice
from submissions import actions
from submissions.completeness import missing_for_submission
from submissions.in_time import assert_track_open
from submissions.lifecycle import State
from submissions.models import Entry, Event
from tests.factories import (
    make_call,
    make_draft,
    make_edition,
    make_entry,
    make_inspection,
    make_member,
    make_user,
)

SECOND = timedelta(seconds=1)


def kinds(entry: Entry) -> list[str]:
    return list(entry.events.values_list("kind", flat=True))


def mine(entry: Entry):
    return actor_of(entry.entrant)


# --- The call -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "opens", "ends"),
    [
        ("Asia/Shanghai", datetime(2027, 1, 1), datetime(2027, 3, 2)),
        # Clocks go forward: the last day of the call has 23 hours; and back: it has 25.
        ("Europe/Berlin", datetime(2027, 3, 1), datetime(2027, 3, 29)),
        ("America/New_York", datetime(2027, 10, 1), datetime(2027, 11, 8)),
    ],
)
def test_the_call_is_open_from_its_first_moment_until_its_last(
    zone: str, opens: datetime, ends: datetime
) -> None:
    edition = make_edition(time_zone=zone)
    first, last = opens.replace(tzinfo=ZoneInfo(zone)), ends.replace(tzinfo=ZoneInfo(zone))
    make_call(edition, opens=first, ends=last)
    early, late, gone = make_draft(edition), make_draft(edition), make_draft(edition)
    for entry in (early, late, gone):
        make_inspection(entry, state="queued")

    with pytest.raises(Refused) as refused:
        actions.submit(entry=early, by=mine(early), at=first - SECOND)
    assert (refused.value.code, refused.value.status) == ("call_not_open", 409)
    assert actions.submit(entry=early, by=mine(early), at=first).state == State.SUBMITTED

    assert (
        actions.submit(entry=late, by=mine(late), at=last - timedelta(microseconds=1)).state
        == State.SUBMITTED
    )
    with pytest.raises(Refused) as refused:
        actions.submit(entry=gone, by=mine(gone), at=last)
    assert (refused.value.code, refused.value.status) == ("call_closed", 410)
    gone.refresh_from_db()
    assert (gone.state, gone.submitted_at, kinds(gone)) == (State.DRAFT, None, [])


@pytest.mark.django_db
def test_a_day_of_25_hours_counts_all_of_them() -> None:
    """On 7 November 2027 New York's 01:30 happens twice; the deadline is the midnight after both."""
    zone = ZoneInfo("America/New_York")
    edition = make_edition(time_zone="America/New_York")
    make_call(edition, opens=datetime(2027, 10, 1, tzinfo=zone), ends=datetime(2027, 11, 8, tzinfo=zone))
    track = edition.tracks.get()
    assert_track_open(track, edition, datetime(2027, 11, 8, 4, 59, 59, tzinfo=UTC))  # 23:59:59 in New York
    with pytest.raises(Refused):
        assert_track_open(track, edition, datetime(2027, 11, 8, 5, tzinfo=UTC))


@pytest.mark.django_db
def test_no_draft_begins_outside_the_call() -> None:
    edition = make_edition(call_open=False)
    with pytest.raises(Refused, match="closed"):
        actions.create_entry(
            edition=edition,
            track=edition.tracks.get(),
            title="Late",
            by=actor_of(make_user()),
            at=timezone.now(),
        )
    assert not Entry.objects.exists() and not Event.objects.exists()


@pytest.mark.django_db
def test_an_edition_without_a_call_takes_nothing() -> None:
    edition = make_edition()
    with pytest.raises(Refused):
        assert_track_open(edition.tracks.get(), edition, timezone.now())


# --- Drafts -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_draft_saved_elsewhere_is_not_overwritten_unseen() -> None:
    edition = make_edition(call_open=True)
    entry = make_draft(edition, title="As opened")
    seen, later = entry.updated_at, timezone.now() + SECOND
    save = {"by": mine(entry), "track": entry.track, "synopsis": {}}
    actions.save_entry(entry=Entry.objects.get(pk=entry.pk), at=later, seen=seen, title="Other tab", **save)
    with pytest.raises(Refused) as refused:
        actions.save_entry(entry=entry, at=later + SECOND, seen=seen, title="This tab", **save)
    assert refused.value.code == "changed"
    assert Entry.objects.get(pk=entry.pk).title == "Other tab"
    actions.save_entry(entry=entry, at=later + SECOND, seen=entry.updated_at, title="This tab", **save)
    assert Entry.objects.get(pk=entry.pk).title == "This tab"


@pytest.mark.django_db
@pytest.mark.parametrize("state", [state for state in State if state != State.DRAFT])
def test_only_a_draft_is_written(state: str) -> None:
    entry = make_entry(make_edition(call_open=True), state=state, title="Kept")
    with pytest.raises(Refused) as refused:
        actions.save_entry(entry=entry, by=mine(entry), at=timezone.now(), track=entry.track, title="Changed")
    assert refused.value.code == "not_a_draft"
    assert Entry.objects.get(pk=entry.pk).title == "Kept"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ({"title": " "}, "Give the film a title."),
        ({"director": ""}, "Say who directed the film."),
        ({"synopsis": {}}, "Write a synopsis in at least one language."),
        ({"ai_statement": ""}, "Say which AI tools you used, and what a person did."),
    ],
)
def test_an_incomplete_entry_says_what_is_missing(lacking: dict, sentence: str) -> None:
    edition = make_edition(call_open=True)
    entry = make_draft(edition, **lacking)
    assert missing_for_submission(entry) == [sentence, "Upload the film."]
    make_inspection(entry, state="queued")
    with pytest.raises(Refused) as refused:
        actions.submit(entry=entry, by=mine(entry), at=timezone.now())
    assert (refused.value.text, refused.value.code, refused.value.status) == (sentence, "incomplete", 400)
    assert Entry.objects.get(pk=entry.pk).state == State.DRAFT


# --- Submitting ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_submitting_writes_state_time_log_and_letter(django_capture_on_commit_callbacks, mailoutbox) -> None:
    entry = make_draft(make_edition(call_open=True), title="Lamp")
    make_inspection(entry, state="queued")
    at = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        actions.submit(entry=entry, by=mine(entry), at=at)
    entry.refresh_from_db()
    assert (entry.state, entry.submitted_at, kinds(entry)) == (State.SUBMITTED, at, ["submit"])
    assert [mail.subject for mail in mailoutbox] == ["“Lamp” has been submitted"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        ("pass", "eligible"),
        ("note", "eligible"),
        ("fix", "fixing"),
        ("block", "fixing"),
        ("unreadable", "fixing"),
    ],
)
def test_an_inspection_that_came_first_decides_at_once(verdict: str, state: str) -> None:
    entry = make_draft(make_edition(call_open=True, fix_days=3))
    make_inspection(entry, verdict=verdict)
    at = timezone.now()
    actions.submit(entry=entry, by=mine(entry), at=at)
    entry.refresh_from_db()
    assert entry.state == state
    assert entry.fix_until == (at + timedelta(days=3) if state == "fixing" else None)


@pytest.mark.django_db
def test_the_second_tab_is_told() -> None:
    entry = make_draft(make_edition(call_open=True))
    make_inspection(entry, state="queued")
    other_tab = Entry.objects.get(pk=entry.pk)
    actions.submit(entry=entry, by=mine(entry), at=timezone.now())
    with pytest.raises(Refused) as refused:
        actions.submit(entry=other_tab, by=mine(entry), at=timezone.now())
    assert refused.value.code == "already"
    assert kinds(entry) == ["submit"]


@pytest.mark.django_db(transaction=True)
def test_two_submitting_at_once_submit_once() -> None:
    """Two connections, one moment: one event, one notice, one refusal."""
    entry = make_draft(make_edition(call_open=True))
    make_inspection(entry, state="queued")
    start = threading.Barrier(2)
    answers: list[str] = []

    def tab() -> None:
        try:
            seen = Entry.objects.select_related("edition", "entrant").get(pk=entry.pk)
            start.wait(timeout=10)
            actions.submit(entry=seen, by=actor_of(seen.entrant), at=timezone.now())
            answers.append("submitted")
        except Refused as error:
            answers.append(error.code)
        finally:
            connection.close()

    tabs = [threading.Thread(target=tab) for _number in range(2)]
    for thread in tabs:
        thread.start()
    for thread in tabs:
        thread.join(timeout=30)
    assert sorted(answers) == ["already", "submitted"]
    assert kinds(entry) == ["submit"]
    assert Notice.objects.filter(kind="entry_submitted").count() == 1


# --- The fix window -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_within_the_fix_window_a_mended_film_is_taken_after_the_deadline_too() -> None:
    edition = make_edition(call_open=True, fix_days=1)
    entry = make_draft(edition)
    make_inspection(entry, verdict="block")
    at = timezone.now()
    actions.submit(entry=entry, by=mine(entry), at=at)
    edition.phases.update(ends_at=at + SECOND)
    with pytest.raises(Refused, match="the one that was not accepted"):
        actions.submit(entry=entry, by=mine(entry), at=at + SECOND)
    make_inspection(entry, state="queued")
    entry = Entry.objects.get(pk=entry.pk)
    with pytest.raises(Refused) as refused:
        actions.submit(entry=entry, by=mine(entry), at=entry.fix_until)
    assert refused.value.status == 410
    actions.submit(entry=entry, by=mine(entry), at=entry.fix_until - SECOND)
    assert kinds(entry) == ["submit", "ask_fix", "submit"]
    assert Entry.objects.get(pk=entry.pk).state == State.SUBMITTED


@pytest.mark.django_db
def test_a_second_fix_asks_for_a_third_version() -> None:
    entry = make_draft(make_edition(call_open=True))
    at = timezone.now()
    for number in (1, 2):
        make_inspection(entry, verdict="fix")
        actions.submit(entry=entry, by=mine(entry), at=at)
        entry.refresh_from_db()
        assert entry.events.filter(kind="ask_fix").last().values == {"version": number}
        assert missing_for_submission(entry) == [
            "Upload the mended film: the version sent so far is the one that was not accepted."
        ]
    make_inspection(entry, verdict="pass")
    actions.submit(entry=entry, by=mine(entry), at=at)
    assert Entry.objects.get(pk=entry.pk).state == State.ELIGIBLE


# --- Moves --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "submitted", "fixing", "eligible"])
def test_withdrawing(state: str) -> None:
    entry = make_entry(make_edition(), state=state)
    actions.withdraw(entry=entry, by=mine(entry), at=timezone.now())
    assert Entry.objects.get(pk=entry.pk).state == State.WITHDRAWN
    assert kinds(entry) == ["withdraw"]
    with pytest.raises(Refused):
        actions.withdraw(entry=entry, by=mine(entry), at=timezone.now())
    assert kinds(entry) == ["withdraw"]


@pytest.mark.django_db
def test_a_move_from_a_state_that_is_no_more_is_refused_with_the_fresh_one() -> None:
    edition = make_edition()
    technician = make_member(edition, Role.TECHNICIAN)
    entry = make_entry(edition, state="submitted")
    stale = Entry.objects.get(pk=entry.pk)
    actions.withdraw(entry=entry, by=mine(entry), at=timezone.now())
    with pytest.raises(Refused, match="Withdrawn") as refused:
        actions.admit(entry=stale, by=technician, at=timezone.now())
    assert refused.value.status == 409
    assert (stale.state, kinds(entry)) == (State.WITHDRAWN, ["withdraw"])
    assert list(Notice.objects.values_list("kind", flat=True)) == ["entry_withdrawn"]


@pytest.mark.django_db
def test_moves_are_made_by_those_the_table_names() -> None:
    edition = make_edition()
    technician, judge = make_member(edition, Role.TECHNICIAN), make_member(edition, Role.JUDGE)
    entry = make_entry(edition, state="submitted")
    for by in (STRANGER, judge, mine(entry)):
        with pytest.raises(Refused) as refused:
            actions.move(entry=entry, name="admit", by=by, at=timezone.now())
        assert refused.value.status == 403
    for by in (STRANGER, judge, technician, SYSTEM):
        with pytest.raises(Refused):
            actions.withdraw(entry=entry, by=by, at=timezone.now())
    assert Entry.objects.get(pk=entry.pk).state == State.SUBMITTED
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_nobody_decides_over_a_film_of_their_own() -> None:
    edition = make_edition()
    technician = make_member(edition, Role.TECHNICIAN)
    entry = make_entry(edition, state="submitted", entrant=technician.user)
    with pytest.raises(Refused) as refused:
        actions.admit(entry=entry, by=technician, at=timezone.now())
    assert refused.value.status == 403


@pytest.mark.django_db
def test_a_refusal_needs_a_reason_and_says_it() -> None:
    edition = make_edition()
    technician = make_member(edition, Role.TECHNICIAN)
    entry = make_entry(edition, state="submitted")
    with pytest.raises(Refused, match="Say why"):
        actions.refuse(entry=entry, by=technician, at=timezone.now(), reason="  ")
    actions.refuse(entry=entry, by=technician, at=timezone.now(), reason="A stock watermark.")
    assert Notice.objects.get().values["reason"] == "A stock watermark."
