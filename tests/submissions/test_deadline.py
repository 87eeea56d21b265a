"""A film that was being uploaded at the deadline has an hour more: both sides of each edge."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from festival.kit import clock
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from submissions import actions
from submissions.intake import actions as intake
from submissions.lifecycle import State
from submissions.models import Entry, Event, FilmVersion, Upload
from submissions.window import LAST_MOMENT
from tests.factories import make_call, make_draft, make_edition, make_entry, make_inspection

pytestmark = pytest.mark.django_db
DEADLINE = datetime(2027, 3, 1, 16, tzinfo=UTC)
HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)


def draft_of(*, begun: datetime, arrived: datetime) -> Entry:
    """A draft whose film began to be uploaded and arrived then."""
    edition = make_edition(time_zone="Asia/Shanghai")
    make_call(edition, opens=DEADLINE - timedelta(days=30), ends=DEADLINE)
    return with_film(make_draft(edition), begun=begun, arrived=arrived)


def with_film(entry: Entry, *, begun: datetime, arrived: datetime) -> Entry:
    version = make_inspection(entry, state="queued").version
    FilmVersion.objects.filter(pk=version.pk).update(created_at=arrived)
    Upload.objects.filter(pk=version.upload_id).update(created_at=begun, completed_at=arrived)
    return entry


def submit(entry: Entry, at: datetime) -> str:
    """The entry's state afterwards, or the refusal's code."""
    try:
        return actions.submit(entry=entry, by=actor_of(entry.entrant), at=at).state
    except Refused as refused:
        assert refused.status == 410
        return refused.code


@pytest.mark.parametrize(
    ("begun", "arrived", "at", "outcome"),
    [
        # On its way at the deadline: one hour more, to the last moment of it.
        (DEADLINE - MOMENT, DEADLINE, DEADLINE, State.SUBMITTED),
        (DEADLINE - MOMENT, DEADLINE, DEADLINE + HOUR - MOMENT, State.SUBMITTED),
        (DEADLINE - MOMENT, DEADLINE, DEADLINE + HOUR, "call_closed"),
        # Arrived in the last minute: before the entrant heard of it the deadline may have struck.
        (DEADLINE - HOUR, DEADLINE - MOMENT, DEADLINE, State.SUBMITTED),
        (DEADLINE - HOUR, DEADLINE + MOMENT - LAST_MOMENT, DEADLINE + HOUR - MOMENT, State.SUBMITTED),
        # Arrived before that: the entrant could have submitted.
        (DEADLINE - HOUR, DEADLINE - LAST_MOMENT, DEADLINE - MOMENT, State.SUBMITTED),
        (DEADLINE - HOUR, DEADLINE - LAST_MOMENT, DEADLINE, "call_closed"),
        # Begun at the deadline: too late (the upload itself would have been refused).
        (DEADLINE, DEADLINE + MOMENT, DEADLINE + 2 * MOMENT, "call_closed"),
    ],
)
def test_the_call(begun: datetime, arrived: datetime, at: datetime, outcome: str) -> None:
    assert submit(draft_of(begun=begun, arrived=arrived), at) == outcome


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        (DEADLINE, State.SUBMITTED),
        (DEADLINE + HOUR - MOMENT, State.SUBMITTED),
        (DEADLINE + HOUR, "fix_window_over"),
    ],
)
def test_the_fix_window(at: datetime, outcome: str) -> None:
    edition = make_edition()
    entry = make_entry(edition, state="fixing", fix_until=DEADLINE, synopsis={"en": "x"}, ai_statement="x")
    with_film(entry, begun=DEADLINE - 5 * HOUR, arrived=DEADLINE - 4 * HOUR)
    Event.objects.create(entry=entry, kind="ask_fix", at=DEADLINE - 3 * HOUR, values={"version": 1})
    assert submit(entry, DEADLINE) == "fix_window_over"  # the film that was not accepted counts for nothing
    with_film(entry, begun=DEADLINE - MOMENT, arrived=DEADLINE)
    assert submit(entry, at) == outcome


def test_the_refusal_names_the_deadline_and_the_grace() -> None:
    entry = draft_of(begun=DEADLINE - HOUR, arrived=DEADLINE - LAST_MOMENT)
    with pytest.raises(Refused, match=r"closed on 1 March 2027, 23:59 \(Shanghai time\).* for 60 minutes"):
        actions.submit(entry=entry, by=actor_of(entry.entrant), at=DEADLINE)


def test_the_page_offers_what_is_still_possible(client, monkeypatch) -> None:
    entry = draft_of(begun=DEADLINE - HOUR, arrived=DEADLINE - LAST_MOMENT)
    client.force_login(entry.entrant)
    url = reverse("submissions:entry", args=[entry.code])

    def page(at: datetime) -> str:
        monkeypatch.setattr(clock, "now", lambda: at)
        return client.get(url).content.decode()

    submits, uploads = reverse("submissions:submit", args=[entry.code]), "data-upload"
    assert submits in page(DEADLINE - MOMENT)
    closed = page(DEADLINE)
    assert (submits in closed, uploads in closed) == (False, False)
    upload = intake.create_upload(
        entry=entry,
        filename="f.mp4",
        size=10,
        fingerprint="f",
        by=actor_of(entry.entrant),
        at=DEADLINE - MOMENT,
    )
    open_still = page(DEADLINE)
    assert (submits in open_still, uploads in open_still) == (False, True)
    Upload.objects.filter(pk=upload.pk).update(state="aborted")
    with_film(entry, begun=DEADLINE - MOMENT, arrived=DEADLINE)
    in_grace = page(DEADLINE + MOMENT)
    assert submits in in_grace
    assert "Submit it by 2 March 2027, 00:59 (Shanghai time)" in in_grace
    assert submits not in page(DEADLINE + HOUR)
