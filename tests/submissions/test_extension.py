"""A deadline moved later: kept, announced, and followed by uploads. Time for one entry, and for mending."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from festival.edition import deadline_actions as edition_actions
from festival.edition.frozen_actions import ReasonMissing
from festival.edition.models import DeadlineExtension, Edition, EditionChange, Track
from festival.kit import clock
from festival.kit.errors import Refused
from festival.people.actor import actor_of
from festival.people.roles import Role
from festival.post.models import Notice
from festival.post.words import render
from submissions import actions, deadline_actions
from submissions.in_time import assert_track_open
from submissions.intake import actions as intake
from submissions.models import Entry, Upload
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
DEADLINE = datetime(2027, 3, 1, 16, tzinfo=UTC)  # midnight in Shanghai
NEW = datetime(2027, 3, 8, 16, tzinfo=UTC)
AT = DEADLINE - timedelta(hours=1)
MOMENT = timedelta(microseconds=1)


def contest(**fields: object) -> Edition:
    edition = make_edition(time_zone="Asia/Shanghai", **fields)
    make_call(edition, opens=DEADLINE - timedelta(days=30), ends=DEADLINE)
    return edition


def extend(edition: Edition, until: datetime = NEW, *, at: datetime = AT, track: Track | None = None) -> str:
    """ "" or the refusal's code."""
    try:
        deadline_actions.extend_deadline(
            edition=edition, until=until, by=make_member(edition, Role.ORGANISER), at=at, track=track,
            reason={"en": "A storm.", "zh": "台风。"},
        )  # fmt: skip
    except Refused as refused:
        return refused.code
    return ""


def test_an_extension_opens_what_would_have_closed() -> None:
    edition = contest()
    entry = make_draft(edition)
    make_inspection(entry)
    assert extend(edition) == ""
    track = edition.tracks.get()
    assert_track_open(track, edition, DEADLINE)
    assert_track_open(track, edition, NEW - MOMENT)
    with pytest.raises(Refused, match="closed"):
        assert_track_open(track, edition, NEW)
    assert actions.submit(entry=entry, by=actor_of(entry.entrant), at=NEW - MOMENT).state == "submitted"
    row = DeadlineExtension.objects.get()
    assert (row.before, row.until, row.track, row.at) == (DEADLINE, NEW, None, AT)


@pytest.mark.parametrize(
    ("until", "at", "code"),
    [
        (DEADLINE - timedelta(days=1), AT - timedelta(days=3), "earlier"),
        (DEADLINE, AT, "earlier"),
        (DEADLINE + timedelta(minutes=59), AT, "within_grace"),
        (DEADLINE + timedelta(minutes=60), AT, ""),
        (DEADLINE + timedelta(days=1), DEADLINE + timedelta(days=1), "past"),
        (DEADLINE + timedelta(days=1, minutes=1), DEADLINE + timedelta(days=1), ""),
    ],
)
def test_only_ever_later(until: datetime, at: datetime, code: str) -> None:
    edition = contest()
    assert extend(edition, until, at=at) == code
    assert edition.phases.get().ends_at == (DEADLINE if code else until)
    assert DeadlineExtension.objects.count() == (0 if code else 1)


@pytest.mark.parametrize("own", [False, True])
def test_once_the_call_has_opened_it_asks_for_a_reason_and_before_that_not(own: bool) -> None:
    edition = contest()
    track = edition.tracks.get() if own else None
    make_draft(edition)
    move = {"edition": edition, "track": track, "by": make_member(edition, Role.ORGANISER)}
    with pytest.raises(ReasonMissing) as missing:
        deadline_actions.extend_deadline(until=NEW, at=AT, reason={"en": " "}, **move)
    [change] = missing.value.changes
    assert (change.what, change.before, change.after) == ("deadline", DEADLINE.isoformat(), NEW.isoformat())
    assert change.name == (track.name if track else {})
    assert not DeadlineExtension.objects.exists() and not Notice.objects.exists()
    assert edition.phases.get().ends_at == DEADLINE
    deadline_actions.extend_deadline(until=NEW, at=DEADLINE - timedelta(days=31), **move)
    if track:
        track.refresh_from_db()
    deadline_actions.extend_deadline(until=NEW + timedelta(days=1), at=AT, reason={"en": "A storm."}, **move)
    assert [row.reason for row in DeadlineExtension.objects.order_by("at")] == [{}, {"en": "A storm."}]
    assert Notice.objects.filter(kind="deadline_extended").count() == 2
    assert not EditionChange.objects.exists()  # told once, kept in its own history


def test_two_organisers_at_once_move_it_once() -> None:
    edition = contest()
    organiser = make_member(edition, Role.ORGANISER)
    move = {"edition": edition, "track": None, "before": DEADLINE, "by": organiser, "at": AT}
    move["reason"] = {"en": "A storm."}
    edition_actions.move_deadline(until=NEW, **move)
    with pytest.raises(Refused, match="faster"):
        edition_actions.move_deadline(until=NEW + timedelta(days=1), **move)


def test_everybody_with_a_draft_is_told_once() -> None:
    edition = contest()
    two, one = make_user(language="en"), make_user()
    for _number in range(2):
        make_draft(edition, two)
    draft = make_draft(edition, one)
    make_entry(edition, state="submitted")
    make_draft(make_edition())
    extend(edition)
    told = {notice.user_id: notice for notice in Notice.objects.filter(kind="deadline_extended")}
    assert {user: notice.path for user, notice in told.items()} == {
        two.pk: "/entries/",
        one.pk: f"/entries/{draft.code}/",
    }
    words = render(told[one.pk])
    assert "1 March 2027, 23:59" in words.body and "8 March 2027, 23:59" in words.body
    assert words.body.endswith("A storm.")
    with translation.override("zh-hans"):
        assert render(told[one.pk]).body.endswith("台风。")


def test_it_is_announced_on_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    edition = make_edition(time_zone="Asia/Shanghai")
    now = timezone.now()
    end = now.replace(second=0, microsecond=0) + timedelta(days=1)
    make_call(edition, ends=end)
    entry = make_draft(edition)
    extend(edition, end + timedelta(days=7), at=now)
    client = Client()
    client.force_login(entry.entrant)
    for path in (f"/{edition.slug}/", f"/{edition.slug}/enter/", f"/entries/{entry.code}/"):
        page = client.get(path).content.decode()
        assert page.count("Extended: the deadline was ") == 1, path
        assert "A storm." in page
    monkeypatch.setattr(clock, "now", lambda: end + timedelta(days=8))
    assert "Extended" not in client.get(f"/{edition.slug}/enter/").content.decode()


def test_open_uploads_move_along() -> None:
    edition = contest()
    entry = make_draft(edition)
    me = actor_of(entry.entrant)
    begin = {"entry": entry, "filename": "f.mp4", "size": 10, "by": me}
    early = intake.create_upload(fingerprint="early", at=DEADLINE - timedelta(days=6), **begin)
    late = intake.create_upload(fingerprint="late", at=AT, **begin)
    grace = DEADLINE + timedelta(hours=1)
    assert [early.expires_at, late.expires_at] == [grace, grace]
    extend(edition)
    early, late = (Upload.objects.get(pk=one.pk) for one in (early, late))
    assert early.expires_at == DEADLINE + timedelta(days=1)  # a week after it began
    assert late.expires_at == AT + timedelta(days=7)


def test_a_track_of_its_own_deadline() -> None:
    edition = contest()
    track = Track.objects.create(
        edition=edition, slug="students", name={"en": "Students"}, ends_at=DEADLINE - timedelta(days=7)
    )
    draft = make_draft(edition, track=track)
    with pytest.raises(Refused) as refused:
        assert_track_open(track, edition, track.ends_at)
    assert refused.value.code == "track_closed"
    assert_track_open(edition.tracks.get(slug="open"), edition, track.ends_at)
    assert extend(edition) == ""  # the call's: this track keeps its own
    track.refresh_from_db()
    assert track.ends_at == DEADLINE - timedelta(days=7)
    assert not Notice.objects.filter(user=draft.entrant).exists()
    assert extend(edition, DEADLINE + timedelta(days=2), track=track) == ""
    assert_track_open(Track.objects.get(pk=track.pk), edition, DEADLINE + timedelta(days=1))
    assert Notice.objects.filter(user=draft.entrant, kind="deadline_extended").count() == 1


def test_a_track_may_end_after_the_call() -> None:
    edition = contest()
    Track.objects.create(edition=edition, slug="students", name={"en": "Students"}, ends_at=NEW)
    client = Client()
    client.force_login(make_user())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: DEADLINE + timedelta(days=1))
        page = client.get(f"/{edition.slug}/enter/").content.decode()
        assert "Open until 8 March 2027, 23:59 (Shanghai time)" in page
        assert page.count("<option") == 1
        answer = {"title": "Lamp", "track": edition.tracks.get(slug="students").pk}
        assert client.post(f"/{edition.slug}/enter/", answer).status_code == 302
        answer["track"] = edition.tracks.get(slug="open").pk
        assert client.post(f"/{edition.slug}/enter/", answer).status_code == 400


def test_a_closed_track_and_its_drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    edition = contest()
    organiser = make_member(edition, Role.ORGANISER)
    track = edition.tracks.get()
    other = Track.objects.create(edition=edition, slug="second", name={"en": "Second"}, position=1)
    entry = make_draft(edition, track=track)
    make_inspection(entry)
    reason = {"en": "Too few films.", "zh": "影片太少。"}
    edition_actions.close_track(track=track, reason=reason, by=organiser, at=AT)
    edition_actions.close_track(track=track, reason=reason, by=organiser, at=DEADLINE)
    me, after = actor_of(entry.entrant), AT + timedelta(minutes=1)
    entry = Entry.objects.get(pk=entry.pk)
    assert entry.track.closed_at == AT
    with pytest.raises(Refused, match="The track “Open” closed") as refused:
        actions.submit(entry=entry, by=me, at=after)
    assert refused.value.code == "track_closed"
    with pytest.raises(Refused):
        intake.create_upload(entry=entry, filename="f.mp4", size=10, fingerprint="f", by=me, at=after)
    client = Client()
    client.force_login(entry.entrant)
    monkeypatch.setattr(clock, "now", lambda: after)
    page = client.get(f"/entries/{entry.code}/").content.decode()
    assert "The track “Open” is closed." in page and "Too few films." in page
    assert f"/entries/{entry.code}/edit/" in page
    choices = client.get(f"/entries/{entry.code}/edit/").content.decode()
    assert f'<option value="{other.pk}"' in choices
    actions.save_entry(entry=entry, by=me, at=after, track=other)
    assert actions.submit(entry=entry, by=me, at=after).state == "submitted"
    edition_actions.open_track(track=track, by=organiser, at=AT, reason=reason)
    assert_track_open(Track.objects.get(pk=track.pk), edition, after)


def test_a_track_closed_after_its_deadline_does_not_open_by_an_extension() -> None:
    edition = contest()
    track = edition.tracks.get()
    organiser = make_member(edition, Role.ORGANISER)
    edition_actions.close_track(
        track=track, reason={"en": "It is over."}, by=organiser, at=DEADLINE + timedelta(minutes=5)
    )
    track.refresh_from_db()
    assert track.closed_at == DEADLINE


@pytest.mark.parametrize(("grace", "open_at_deadline"), [(0, False), (15, True)])
def test_grace_minutes_are_the_editions(grace: int, open_at_deadline: bool) -> None:
    edition = contest(form={"limits": {"grace_minutes": grace}})
    entry = make_draft(edition)
    me = actor_of(entry.entrant)
    upload = intake.create_upload(
        entry=entry, filename="f.mp4", size=10, fingerprint="f", by=me, at=DEADLINE - MOMENT
    )
    assert upload.expires_at == DEADLINE + timedelta(minutes=grace)
    version = make_inspection(entry).version
    entry.versions.update(created_at=DEADLINE)
    Upload.objects.filter(pk=version.upload_id).update(created_at=DEADLINE - MOMENT)
    if open_at_deadline:
        last = DEADLINE + timedelta(minutes=grace)
        with pytest.raises(Refused, match="for 15 minutes"):
            actions.submit(entry=entry, by=me, at=last)
        assert actions.submit(entry=entry, by=me, at=last - MOMENT).state == "submitted"
    else:
        with pytest.raises(Refused, match=r"closed on 1 March 2027, 23:59 \(Shanghai time\)\. Write"):
            actions.submit(entry=entry, by=me, at=DEADLINE)


# --- One entry ------------------------------------------------------------------------------------------------


def test_time_for_one_draft_by_its_code() -> None:
    edition = make_edition(call_open=False)
    entry, other = make_draft(edition), make_draft(edition)
    for one in (entry, other):
        make_inspection(one)
    client = Client()
    client.force_login(make_member(edition, Role.ORGANISER).user)
    url = f"/{edition.slug}/desk/form/deadline/entry/"
    given = {"code": entry.code.lower(), "until": "2099-03-01T23:59", "reason": "In hospital."}
    assert client.post(url, {**given, "code": "NOSUCH2"}).status_code == 400
    assert client.post(url, given).status_code == 302
    entry.refresh_from_db()
    assert entry.late_until == datetime(2099, 3, 2, tzinfo=UTC)
    assert entry.events.get(kind="time_given").values["reason"] == "In hospital."
    notice = Notice.objects.get(user=entry.entrant, kind="time_given")
    assert "1 March 2099, 23:59" in render(notice).subject
    assert "In hospital." in render(notice).body
    assert actions.submit(entry=entry, by=actor_of(entry.entrant), at=timezone.now()).state == "submitted"
    with pytest.raises(Refused, match="closed"):
        actions.submit(entry=other, by=actor_of(other.entrant), at=timezone.now())


def test_a_fix_window_prolonged_at_the_entrys_page() -> None:
    edition = make_edition(call_open=False)
    entry = make_entry(edition, state="fixing")
    make_inspection(entry, verdict="fix")
    client = Client()
    client.force_login(make_member(edition, Role.TECHNICIAN).user)
    page = f"/{edition.slug}/desk/entries/{entry.code}/"
    assert "More time to mend" in client.get(page).content.decode()
    given = {"until": "2099-03-01T18:00", "reason": "The studio flooded."}
    assert client.post(f"{page}time/", {**given, "reason": ""}).status_code == 400
    assert client.post(f"{page}time/", {**given, "until": "2001-01-01T00:00"}).status_code == 400
    assert client.post(f"{page}time/", given).status_code == 302
    entry.refresh_from_db()
    assert entry.fix_until == datetime(2099, 3, 1, 18, tzinfo=UTC)
    assert "More time given, until 1 March 2099, 18:00 (UTC time)" in client.get(page).content.decode()
    assert "1 March 2099, 18:00" in render(Notice.objects.get(kind="time_given")).subject


def test_nobody_gives_their_own_film_time_and_nothing_is_given_to_what_awaits_nothing() -> None:
    edition = make_edition(call_open=True)
    technician = make_member(edition, Role.TECHNICIAN)
    more = {"until": NEW + timedelta(days=9999), "reason": "So.", "by": technician, "at": timezone.now()}
    with pytest.raises(Refused) as refused:
        deadline_actions.give_time(entry=make_draft(edition, technician.user), **more)
    assert refused.value.status == 403
    with pytest.raises(Refused) as refused:
        deadline_actions.give_time(entry=make_entry(edition, state="eligible"), **more)
    assert refused.value.code == "not_awaited"


def test_the_desks_page_extends_and_keeps_the_history() -> None:
    edition = make_edition(call_open=True, time_zone="Asia/Shanghai")
    client = Client()
    client.force_login(make_member(edition, Role.ORGANISER).user)
    url = f"/{edition.slug}/desk/form/deadline/"
    before = client.post(url, {"until": "2020-01-01T00:00", "track": ""})
    assert (before.status_code, "over already" in before.content.decode()) == (400, True)
    given = {"until": "2099-03-01T23:59", "track": "", "reason_en": ""}
    asked = client.post(url, given)
    said = asked.content.decode()
    assert (asked.status_code, "Why is this changed?" in said, "1 March 2099, 23:59" in said) == (
        400,
        True,
        True,
    )
    assert not DeadlineExtension.objects.exists()
    assert client.post(url, {**given, "change_reason_en": "A storm."}).status_code == 302
    page = client.get(url).content.decode()
    assert page.count("1 March 2099, 23:59 (Shanghai time)") == 2  # as it is, and in the history
    assert "A storm." in page


def test_a_tracks_own_end_is_set_before_the_call_opens_and_not_after() -> None:
    edition = make_edition()
    now = timezone.now()
    call = make_call(edition, opens=now + timedelta(days=1), ends=now + timedelta(days=30))
    organiser, track = make_member(edition, Role.ORGANISER), edition.tracks.get()
    terms = {"track": track, "invitation_only": False, "most_entries": 0, "by": organiser}
    with pytest.raises(Refused) as refused:
        edition_actions.save_track_terms(ends_at=call.starts_at, at=now, **terms)
    assert refused.value.code == "too_early"
    own = now + timedelta(days=9)
    edition_actions.save_track_terms(ends_at=own, at=now, **terms)
    with pytest.raises(Refused) as refused:
        edition_actions.save_track_terms(ends_at=None, at=call.starts_at, **terms)
    assert refused.value.code == "call_opened"
    with pytest.raises(ReasonMissing):
        edition_actions.save_track_terms(ends_at=own, at=call.starts_at, **{**terms, "most_entries": 7})
    why = {"en": "The halls are smaller."}
    edition_actions.save_track_terms(
        ends_at=own, at=call.starts_at, reason=why, **{**terms, "most_entries": 7}
    )
    track.refresh_from_db()
    assert (track.ends_at, track.most_entries) == (own, 7)
