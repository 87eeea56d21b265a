"""Tracks and phases come and go once the call has opened, too: with a reason, and not what entrants have planned by."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from festival.edition.frozen_actions import ReasonMissing
from festival.edition.models import DeadlineExtension, EditionChange, Phase
from festival.kit.errors import Refused
from festival.post.models import Notice
from judging import part_actions
from tests.factories import make_draft
from tests.judging.test_parts import Desk, said, written
from tests.shows import make_hall, make_screening

pytestmark = pytest.mark.django_db
WHY = {"en": "A partner asked for it.", "zh": "合作方的要求。"}
REASON = {"change_reason_en": WHY["en"], "change_reason_zh": WHY["zh"]}


def opened() -> Desk:
    """The call has been open since yesterday; everything else lies years ahead."""
    desk = Desk()
    desk.open()
    return desk


def later(desk: Desk, days: int) -> date:
    """So many days after everything."""
    return max(phase.ends_at for phase in desk.edition.phases.all()).date() + timedelta(days=days)


def phase(desk: Desk, kind: str, **fields: Any) -> Phase:
    starts_at: datetime = fields.pop("starts_at", timezone.now() + timedelta(days=5000))
    return Phase.objects.create(
        edition=desk.edition, kind=kind, starts_at=starts_at, ends_at=starts_at + timedelta(days=9), **fields
    )


def deed(desk: Desk) -> dict[str, Any]:
    return desk.deed() | {"reason": WHY}


# --- Tracks


def test_a_track_is_added_late_and_everybody_with_a_draft_is_told(tmp_path: Path) -> None:
    desk = opened()
    draft = make_draft(desk.edition)
    asked = desk.add_track()
    assert asked.status_code == 400 and "Late Light: Track" in said(asked) and "Films" in said(asked)
    assert not desk.edition.tracks.filter(slug="late-light").exists()
    whole = {"track-name_en": "Late Light", "track-name_zh": "晚光", "track-enters": "film"} | REASON
    assert desk.post("tracks/add/", **whole).status_code == 302
    row = EditionChange.objects.get()
    assert (row.what, row.before, row.after, row.tracks) == ("track.slot", None, {"enters": "film"}, [])
    assert Notice.objects.get(kind="edition_changed").user == draft.entrant
    page = desk.client.get("/spring/changes/").content.decode()
    assert "Late Light: Track" in page and WHY["en"] in page
    plan = desk.plan()
    assert plan.tracks[-1].slug == "late-light" and written(plan, tmp_path) == plan


def test_no_track_is_added_once_the_call_is_over() -> None:
    desk = opened()
    desk.edition.phases.filter(kind="call").update(ends_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(Refused) as refused:
        part_actions.add_track(edition=desk.edition, name={"en": "A"}, about={}, enters="film", **deed(desk))
    assert refused.value.code == "over"
    page = desk.read()
    assert "nobody could enter in a new track" in page and "tracks/add/" not in page


def test_an_empty_track_is_removed_with_a_reason_and_nobody_is_written_to(tmp_path: Path) -> None:
    desk = opened()
    make_draft(desk.edition)
    part_actions.add_track(
        edition=desk.edition, name={"en": "Late Light"}, about={}, enters="film", **deed(desk)
    )
    Notice.objects.all().delete()
    assert "tracks/late-light/remove/" in desk.read()
    assert desk.post("tracks/late-light/remove/").status_code == 400
    assert desk.track()
    assert desk.post("tracks/late-light/remove/", **REASON).status_code == 302
    assert not desk.edition.tracks.filter(slug="late-light").exists()
    row = EditionChange.objects.latest("pk")
    assert (row.before, row.after, row.tracks) == ({"enters": "film"}, None, ["late-light"])
    assert "not there" in desk.client.get("/spring/changes/").content.decode()
    assert not Notice.objects.exists() and written(desk.plan(), tmp_path) == desk.plan()


def test_a_track_with_a_draft_or_with_a_moved_deadline_stays() -> None:
    desk = opened()
    part_actions.add_track(
        edition=desk.edition, name={"en": "Late Light"}, about={}, enters="film", **deed(desk)
    )
    now = timezone.now()
    row = DeadlineExtension.objects.create(
        edition=desk.edition, track=desk.track(), before=now, until=now + timedelta(days=3), at=now
    )
    with pytest.raises(Refused, match="the history of its deadline"):
        part_actions.remove_track(track=desk.track(), **deed(desk))
    row.delete()
    make_draft(desk.edition, track=desk.track())
    with pytest.raises(Refused, match="1 entry was begun in it"):
        part_actions.remove_track(track=desk.track(), **deed(desk))


# --- Phases


def test_a_phase_in_the_future_comes_and_goes_with_a_reason(tmp_path: Path) -> None:
    desk = opened()
    first, last = later(desk, 10), later(desk, 20)
    assert desk.add_phase("online", first, last).status_code == 400
    whole = {
        "phase-kind": "online",
        "phase-first": first.isoformat(),
        "phase-last": last.isoformat(),
    } | REASON
    assert desk.post("phases/add/", **whole).status_code == 302
    added = desk.phase("online")
    assert written(desk.plan(), tmp_path) == desk.plan()
    page = desk.client.get("/spring/changes/").content.decode()
    assert "Online showcase: Phase" in page and WHY["en"] in page
    assert f"phases/{added.pk}/remove/" in desk.read()
    with pytest.raises(ReasonMissing):
        part_actions.remove_phase(phase=added, **desk.deed())
    assert desk.post(f"phases/{added.pk}/remove/", **REASON).status_code == 302
    assert not Phase.objects.filter(pk=added.pk).exists()
    assert [row.what for row in EditionChange.objects.all()] == ["phase.slot"] * 2
    assert written(desk.plan(), tmp_path) == desk.plan()
    with pytest.raises(Refused) as refused:
        part_actions.remove_phase(phase=added, **deed(desk))
    assert refused.value.code == "gone"


def test_what_is_added_late_begins_in_the_future() -> None:
    desk = opened()
    today = timezone.now().date()
    with pytest.raises(Refused) as refused:
        part_actions.add_phase(
            edition=desk.edition, kind="online", name={}, days=(today, later(desk, 9)), **deed(desk)
        )
    assert refused.value.code == "begun"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("call", "exactly one"),
        ("inspection", "It has begun"),
        ("notice", "A public notice was announced"),
        ("jury", "the only phase of its kind stays"),
        ("awards", "the only phase of its kind stays"),
        ("premiere", "1 screening is in its days"),
    ],
)
def test_what_entrants_have_planned_by_stays(kind: str, words: str) -> None:
    desk = opened()
    desk.edition.phases.exclude(kind="call").delete()
    row = desk.phase("call")
    if kind == "inspection":
        row = phase(desk, kind, starts_at=timezone.now() - timedelta(days=1))
    elif kind != "call":
        row = phase(desk, kind)
    if kind == "premiere":
        make_screening(make_hall(desk.edition), row.starts_at + timedelta(hours=20))
    with pytest.raises(Refused, match=words) as refused:
        part_actions.remove_phase(phase=row, **deed(desk))
    assert refused.value.code == "stays"
    assert refused.value.text in desk.read() and Phase.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("kind", ["jury", "awards"])
def test_one_of_two_phases_of_a_kind_goes(kind: str) -> None:
    desk = opened()
    desk.edition.phases.exclude(kind="call").delete()
    one, two = phase(desk, kind), phase(desk, kind)
    part_actions.remove_phase(phase=two, **deed(desk))
    assert list(desk.edition.phases.filter(kind=kind)) == [one]
