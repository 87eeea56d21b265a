"""Tracks and phases come and go at the desk until the call opens, and the blueprint gives them back."""

import html
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from festival.edition.blueprint import Blueprint, named, parse
from festival.edition.blueprint_dates import order_faults
from festival.edition.blueprint_writer import write
from festival.edition.models import Edition, EditionChange, Phase, Track
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.people.roles import Role
from judging import part_actions
from judging.blueprint_export import plan_of
from judging.judge_queries import days_of
from judging.models import AwardList, Round, Standing
from judging.setup import make_edition
from tests.factories import (
    make_draft,
    make_member,
    make_round,
    make_user,
)

pytestmark = pytest.mark.django_db
OPENS = date(2027, 3, 1)


class Desk:
    """A contest that is being prepared, its organiser, and what she posts."""

    def __init__(self, blueprint: str = "short-film") -> None:
        self.edition: Edition = make_edition(
            plan=named(blueprint), slug="spring", opens=OPENS, owner=make_user(), public=True
        )
        self.by: Actor = make_member(self.edition, Role.ORGANISER)
        self.client = Client()
        self.client.force_login(self.by.user)

    def url(self, path: str = "") -> str:
        return f"/spring/desk/plan/parts/{path}"

    def read(self) -> str:
        return html.unescape(self.client.get(self.url()).content.decode())

    def post(self, path: str, **given: Any) -> Any:
        return self.client.post(self.url(path), given)

    def add_track(self, **given: Any) -> Any:
        whole = {"name_en": "Late Light", "name_zh": "晚光", "enters": "film"} | given
        return self.post("tracks/add/", **{f"track-{key}": value for key, value in whole.items()})

    def add_phase(self, kind: str, first: date, last: date, **given: Any) -> Any:
        whole = {"kind": kind, "first": first.isoformat(), "last": last.isoformat()} | given
        return self.post("phases/add/", **{f"phase-{key}": value for key, value in whole.items()})

    def track(self, slug: str = "late-light") -> Track:
        return self.edition.tracks.select_related("edition").get(slug=slug)

    def phase(self, kind: str) -> Phase:
        return self.edition.phases.filter(kind=kind).latest("pk")

    def plan(self) -> Blueprint:
        return plan_of(Edition.objects.get(pk=self.edition.pk))

    def deed(self) -> dict[str, Any]:
        return {"by": self.by, "at": timezone.now()}

    def open(self) -> None:
        self.edition.phases.filter(kind="call").update(starts_at=timezone.now() - timedelta(days=1))


def on(day: int) -> date:
    return OPENS + timedelta(days=day)


def written(plan: Blueprint, folder: Path) -> Blueprint:
    """The plan as its two files give it back."""
    (folder / "rules.toml").write_text(plan.rulebook, encoding="utf-8")
    return parse(write(plan, "rules.toml"), key=plan.key, folder=folder)


def said(response: Any) -> str:
    return html.unescape(response.content.decode())


# --- The way round: browser, edition, blueprint


@pytest.mark.parametrize("blueprint", ["short-film", "tool-makers", "incubator"])
def test_what_is_added_and_removed_comes_back_from_the_blueprint(blueprint: str, tmp_path: Path) -> None:
    desk = Desk(blueprint)
    before = desk.plan()
    jury = max(phase.ends_day for phase in before.phases if phase.kind == "jury")
    about = {"about_en": "Lights\n“late”", "about_zh": "光", "enters": "project"}
    assert desk.add_track(**about).status_code == 302
    assert desk.add_phase("jury", on(jury - 1), on(jury), name_en="The “last” days").status_code == 302
    assert desk.add_phase("online", on(jury + 30), on(jury + 40)).status_code == 302
    after = desk.plan()
    assert written(after, tmp_path) == after
    track, (last, online) = after.tracks[-1], after.phases[-2:]
    assert (track.slug, track.name) == ("late-light", {"en": "Late Light", "zh": "晚光"})
    assert (track.enters, track.about["zh"], track.ends_day) == ("project", "光", None)
    assert (last.kind, last.name, last.starts_day, last.ends_day) == (
        "jury",
        {"en": "The “last” days"},
        jury - 1,
        jury,
    )
    assert (online.name, online.starts_day, online.ends_day) == ({}, jury + 30, jury + 40)
    assert after.tracks[:-1] == before.tracks and after.phases[:-2] == before.phases

    assert desk.post("tracks/late-light/remove/").status_code == 302
    for kind in ("jury", "online"):
        assert desk.post(f"phases/{desk.phase(kind).pk}/remove/").status_code == 302
    assert desk.plan() == before == written(desk.plan(), tmp_path)


def test_the_page_lists_what_there_is() -> None:
    desk = Desk()
    make_draft(desk.edition, track=desk.edition.tracks.first())
    page = desk.read()
    for track in desk.edition.tracks.all():
        assert track.name["en"] in page
    assert "1 entry was begun in it." in page and "It has exactly one." in page
    links = desk.client.get("/spring/desk/plan/"), desk.client.get("/spring/desk/setup/")
    assert all(desk.url() in said(one) for one in links)


# --- Tracks


def test_addresses_are_made_from_the_english_name_and_never_taken_twice() -> None:
    desk = Desk()
    for name in ("Late Light", "Late Light", "", "L" * 190):
        assert desk.add_track(name_en=name).status_code == 302
    slugs = list(desk.edition.tracks.values_list("slug", flat=True))
    assert slugs[-4:] == ["late-light", "late-light-2", "track", "l" * 36]
    assert desk.add_track(name_en="", name_zh="").status_code == 400
    assert desk.add_track(enters="song").status_code == 400
    assert desk.edition.tracks.count() == len(slugs)


def test_a_track_stays_while_an_entry_was_begun_in_it() -> None:
    desk = Desk()
    desk.add_track()
    make_draft(desk.edition, track=desk.track())
    with pytest.raises(Refused, match="1 entry was begun in it"):
        part_actions.remove_track(track=desk.track(), **desk.deed())
    desk.post("tracks/late-light/remove/")
    assert desk.track()


def test_the_last_track_stays() -> None:
    desk = Desk()
    desk.add_track()
    for award in desk.edition.award_slots.exclude(track=None):
        award.delete()
    for row in desk.edition.tracks.exclude(slug="late-light"):
        desk.post(f"tracks/{row.slug}/remove/")
    assert [row.slug for row in desk.edition.tracks.all()] == ["late-light"]
    with pytest.raises(Refused, match="only track"):
        part_actions.remove_track(track=desk.track(), **desk.deed())


# --- Phases


def test_as_many_phases_of_the_jury_as_rounds_give_each_round_its_own_days() -> None:
    desk = Desk()
    Round.objects.filter(edition=desk.edition).delete()
    early, late = (make_round(desk.edition, slug=slug, position=n) for n, slug in enumerate("ab"))
    last = desk.phase("jury")
    Phase.objects.filter(pk=last.pk).update(ends_at=last.ends_at - timedelta(days=1))
    was = days_of(late)
    assert days_of(early) == was
    until = was[-1] + timedelta(days=1)
    assert desk.add_phase("jury", until, until).status_code == 302
    assert days_of(late) == [until] and days_of(early) == was
    desk.post(f"phases/{desk.phase('jury').pk}/remove/")
    assert days_of(late) == was and desk.phase("jury") == last


@pytest.mark.parametrize(
    ("kind", "first", "last", "words"),
    [
        ("jury", 3, 2, "before it begins"),
        ("jury", 0, 1, "before the call does on"),
        ("awards", 1, 2, "the jury ends on"),
        ("premiere", 0, 1, "before the call is on"),
        ("online", 3640, 3660, "ten years"),
        ("notice", 300, 301, "objections are decided in 5 working days"),
    ],
)
def test_what_a_blueprint_may_not_say_is_refused(kind: str, first: int, last: int, words: str) -> None:
    desk = Desk()
    before = desk.plan()
    answer = desk.add_phase(kind, on(first), on(last))
    assert answer.status_code == 400 and words in said(answer)
    assert desk.plan() == before


def test_a_second_call_is_no_choice_and_the_call_stays() -> None:
    desk = Desk()
    assert desk.add_phase("call", on(0), on(9)).status_code == 400
    call = desk.phase("call")
    for deed in (
        lambda: part_actions.remove_phase(phase=call, **desk.deed()),
        lambda: part_actions.add_phase(
            edition=desk.edition, kind="call", name={}, days=(on(0), on(9)), **desk.deed()
        ),
    ):
        with pytest.raises(Refused, match="exactly one"):
            deed()
    assert desk.phase("call") == call


def test_the_longer_of_two_inspections_stays_while_films_arrive(tmp_path: Path) -> None:
    desk = Desk()
    first = desk.phase("inspection")
    opens = desk.phase("call").starts_at.date()
    assert desk.add_phase("inspection", opens, opens + timedelta(days=2)).status_code == 302
    assert not list(order_faults(desk.plan().phases))
    assert written(desk.plan(), tmp_path) == desk.plan()
    with pytest.raises(Refused, match="while films arrive"):
        part_actions.remove_phase(phase=first, **desk.deed())


@pytest.mark.parametrize("kind", ["jury", "notice"])
def test_phases_stay_where_something_follows_from_them(kind: str) -> None:
    desk = Desk()
    round = Round.objects.filter(edition=desk.edition)[0]
    days = on(200), on(220)
    phase = part_actions.add_phase(edition=desk.edition, kind="notice", name={}, days=days, **desk.deed())
    if kind == "jury":
        phase = desk.phase("jury")
        Round.objects.filter(pk=round.pk).update(state=Round.State.OPEN, opened_at=timezone.now())
    else:
        standing = Standing.objects.create(
            round=round, method="weighted_mean", method_version=1, inputs={}, inputs_digest="0" * 64,
            result_digest="0" * 64, made_at=timezone.now(), made_by=desk.by.user,
        )  # fmt: skip
        AwardList.objects.create(
            edition=desk.edition, standing=standing, proposed_at=timezone.now(), proposed_by=desk.by.user
        )
    with pytest.raises(Refused) as refused:
        part_actions.remove_phase(phase=phase, **desk.deed())
    assert refused.value.code == "stays"


# --- Who, and until when


def test_a_draft_whose_call_has_begun_is_still_free() -> None:
    desk = Desk()
    desk.open()
    Edition.objects.filter(pk=desk.edition.pk).update(status=Edition.Status.DRAFT)
    assert desk.add_track().status_code == 302 and desk.track()


def test_actions_refuse_everybody_but_organisers() -> None:
    desk = Desk()
    other = {"by": make_member(desk.edition, Role.CHAIR, "Chair"), "at": timezone.now()}
    track, phase = desk.edition.tracks.first(), desk.phase("premiere")
    assert track is not None
    for deed in (
        lambda: part_actions.add_track(
            edition=desk.edition, name={"en": "A"}, about={}, enters="film", **other
        ),
        lambda: part_actions.remove_track(track=track, **other),
        lambda: part_actions.add_phase(
            edition=desk.edition, kind="online", name={}, days=(on(300), on(310)), **other
        ),
        lambda: part_actions.remove_phase(phase=phase, **other),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.status == 403


def test_parts_of_another_contest_are_not_found() -> None:
    desk = Desk()
    other = make_edition(plan=named("tool-makers"), slug="other", opens=OPENS, owner=make_user(), public=True)
    phase = other.phases.exclude(kind="call").first()
    assert phase is not None
    assert desk.post(f"phases/{phase.pk}/remove/").status_code == 404
    only = other.tracks.exclude(slug__in=desk.edition.tracks.values("slug")).first()
    assert only is None or desk.post(f"tracks/{only.slug}/remove/").status_code == 404
    assert other.phases.filter(pk=phase.pk).exists()


# --- What they are called


def test_tracks_and_phases_are_called_something_else(tmp_path: Path) -> None:
    desk = Desk()
    track, jury = desk.edition.tracks.first(), desk.phase("jury")
    given = {"name_en": "Late Light", "name_zh": "晚光", "about_en": "Dusk.", "about_zh": "黄昏。"}
    assert desk.post(f"tracks/track/{track.slug}/", **given).status_code == 302
    assert desk.post(f"phases/{jury.pk}/", name_en="The jury meets", name_zh="评审会").status_code == 302
    plan = desk.plan()
    assert (plan.tracks[0].slug, plan.tracks[0].name, plan.tracks[0].about) == (
        track.slug, {"en": "Late Light", "zh": "晚光"}, {"en": "Dusk.", "zh": "黄昏。"},
    )  # fmt: skip
    assert {"en": "The jury meets", "zh": "评审会"} in [phase.name for phase in plan.phases]
    (tmp_path / "rules.toml").write_text(plan.rulebook, encoding="utf-8")
    again = parse(write(plan, "rules.toml"), key=plan.key, folder=tmp_path)
    assert (again.tracks, again.phases) == (plan.tracks, plan.phases)
    assert not EditionChange.objects.exists()
    assert desk.post(f"tracks/track/{track.slug}/", name_en="", name_zh="").status_code == 400


def test_another_name_after_the_opening_has_a_reason_that_everybody_reads() -> None:
    desk = Desk()
    desk.open()
    track, awards = desk.edition.tracks.first(), desk.phase("awards")
    for path, given in (
        (f"tracks/track/{track.slug}/", {"name_zh": "晚光单元"}),
        (f"phases/{awards.pk}/", {}),
    ):
        before = desk.plan()
        assert "change_reason" in desk.post(path, **given).content.decode()
        assert desk.plan() == before
        assert desk.post(path, **given, change_reason_en="A better name.").status_code == 302
    assert sorted(EditionChange.objects.values_list("what", flat=True)) == [
        "phase.name",
        "track.about",
        "track.name",
    ]
    page = html.unescape(desk.client.get("/spring/changes/").content.decode())
    assert "晚光单元" in page and "A better name." in page and "called after its kind" in page


def test_who_may_not_organise_names_nothing() -> None:
    desk = Desk()
    chair = {"by": make_member(desk.edition, Role.CHAIR), "at": timezone.now()}
    for rename in (
        lambda: part_actions.rename_track(
            track=desk.edition.tracks.first(), name={"en": "X"}, about={}, **chair
        ),
        lambda: part_actions.rename_phase(phase=desk.phase("jury"), name={"en": "X"}, **chair),
    ):
        with pytest.raises(Refused) as refused:
            rename()
        assert refused.value.status == 403
