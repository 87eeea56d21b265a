"""Judges' profiles, and the time plan in the database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from festival.edition.models import Phase
from festival.kit.errors import Refused
from festival.people.roles import Role
from judging import (
    allocation_inputs,
    invitation_brief,
    judge_actions,
    judge_queries,
    plan_queries,
    progress_queries,
    rounds_actions,
)
from judging.judge_actions import ProfileGiven
from judging.models import JudgeProfile, Look
from judging.time_plan import HOUR
from tests.factories import make_edition, make_entry, make_inspection, make_member, make_panel, make_round

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 20, tzinfo=UTC)  # 2 March in Shanghai
FIRST = datetime(2027, 2, 28, 16, tzinfo=UTC)  # 1 March, 00:00 there


@pytest.fixture
def edition():
    made = make_edition(time_zone="Asia/Shanghai")
    Phase.objects.create(edition=made, kind="jury", starts_at=FIRST, ends_at=FIRST + timedelta(days=4))
    return made


@pytest.fixture
def judge(edition):
    return make_member(edition, Role.JUDGE, "Judge")


def given(minutes=120, days=None, **more):
    fields = {"languages": "zh, en", "tracks": [], "forms": ["animation"], "sitting_minutes": 60} | more
    return ProfileGiven(minutes_per_day=minutes, days=days or {}, **fields)


def test_a_judge_writes_her_own_profile_and_an_organiser_may_too(edition, judge):
    organiser, stranger = make_member(edition, Role.ORGANISER), make_member(edition, Role.JUDGE)
    for by, minutes in ((judge, 60), (organiser, 90)):
        judge_actions.save_profile(
            edition=edition, user=judge.user, given=given(minutes, {date(2027, 3, 2): 0}), by=by, at=AT
        )
    profile = JudgeProfile.objects.get()
    assert (profile.minutes_per_day, profile.forms, profile.updated_by_id) == (
        90,
        ["animation"],
        organiser.id,
    )
    assert list(profile.days.values_list("day", "minutes")) == [(date(2027, 3, 2), 0)]
    for by, user in ((stranger, judge.user), (organiser, organiser.user)):
        with pytest.raises(Refused):
            judge_actions.save_profile(edition=edition, user=user, given=given(), by=by, at=AT)


def test_hours_are_counted_over_the_days_of_the_jury(edition, judge):
    make_member(edition, Role.JUDGE, "Silent")
    judge_actions.save_profile(
        edition=edition, user=judge.user, given=given(60, {date(2027, 3, 2): 180}), by=judge, at=AT
    )
    assert judge_queries.jury_days(edition) == [date(2027, 3, day) for day in (1, 2, 3, 4)]
    assert [(row.name, row.hours) for row in judge_queries.judges_for_desk(edition)] == [
        ("Judge", 6), ("Silent", None),
    ]  # fmt: skip


def test_a_round_has_the_days_of_its_phase_where_there_are_as_many_phases_as_rounds(edition, judge):
    first, second = make_round(edition, "first"), make_round(edition, "second", position=1)
    later = FIRST + timedelta(days=20)
    assert judge_queries.days_of(first) == judge_queries.days_of(second) == judge_queries.jury_days(edition)
    edition.phases.create(kind="jury", starts_at=later, ends_at=later + timedelta(days=2))
    assert judge_queries.days_of(first) == [date(2027, 3, day) for day in (1, 2, 3, 4)]
    assert judge_queries.days_of(second) == [date(2027, 3, day) for day in (21, 22)]
    assert len(judge_queries.jury_days(edition)) == 6
    # Phases that overlap are nobody's own.
    edition.phases.filter(starts_at=later).update(starts_at=FIRST + timedelta(days=2))
    assert judge_queries.days_of(first) == judge_queries.days_of(second) == judge_queries.jury_days(edition)
    edition.phases.filter(ends_at=later + timedelta(days=2)).update(starts_at=later)
    # Looks in the other round do not take hours from this one.
    judge_actions.save_profile(edition=edition, user=judge.user, given=given(60), by=judge, at=AT)
    entry = make_entry(edition)
    make_inspection(entry, seconds=1800)
    assert [one.seconds for one in allocation_inputs.judges_of(second, [])] == [7200]
    Look.objects.create(round=first, entry=entry, judge=judge.user, position=1, seconds=1800)
    assert [one.seconds for one in allocation_inputs.judges_of(second, [])] == [7200]
    edition.phases.order_by("-starts_at").first().delete()
    assert [one.seconds for one in allocation_inputs.judges_of(second, [])] == [4 * 3600 - 1800]


def test_the_plan_before_opening_counts_real_lengths_and_the_days_that_are_left(edition, judge):
    for seconds in (600, 1200):
        make_inspection(make_entry(edition), seconds=seconds)
    round = make_round(edition, looks_per_film=2, overhead_seconds=100)
    judge_actions.save_profile(edition=edition, user=judge.user, given=given(60), by=judge, at=AT)
    intake, plan = plan_queries.before_opening(round, AT)
    assert (intake.films, intake.seconds, intake.sure) == (2, 1800, True)
    assert (plan.needed, plan.looks, plan.stated) == (4000, 4, 3 * HOUR)
    assert [row.day.day for row in plan.days] == [2, 3, 4]


def test_the_plan_while_open_counts_what_is_left(edition, judge):
    chair = make_member(edition, Role.CHAIR)
    for _number in range(2):
        make_inspection(make_entry(edition), seconds=600)
    round = make_round(edition, looks_per_film=1, overhead_seconds=0)
    rounds_actions.open_round(round=round, by=chair, at=AT)
    assert plan_queries.while_open(round, progress_queries.judges_progress(round), AT).needed == 1200
    round.looks.filter(pk=round.looks.first().pk).update(state="scored", scored_at=AT)
    assert plan_queries.while_open(round, progress_queries.judges_progress(round), AT).needed == 600


def test_a_later_round_expects_what_the_cut_before_lets_through(edition, judge):
    for _number in range(4):
        make_inspection(make_entry(edition), seconds=600)
    first = make_round(edition, "first", cut_kind="share", cut_value=Decimal("50"))
    final = make_round(edition, "final", position=1, after=first)
    intake = plan_queries.intake_of(final)
    assert (intake.films, intake.seconds, intake.sure) == (2, 1200, False)


def test_while_no_film_is_there_the_plan_reckons_with_what_is_expected(edition, judge, client):
    edition.rulebook = "[duration]\nmin = 60\nmax = 300\n"
    edition.save()
    first = make_round(edition, "first", gate="pass_fail", cut_kind="passed", expects=500, looks_per_film=2)
    second = make_round(
        edition, "second", position=1, after=first, expects=200, cut_kind="count", cut_value=30
    )
    third = make_round(edition, "third", position=2, after=second)
    found = [plan_queries.intake_of(one) for one in (first, second, third)]
    assert [(row.films, row.seconds, row.reckoned) for row in found] == [
        (500, 90_000, True), (200, 36_000, True), (30, 5_400, True),
    ]  # fmt: skip
    _intake, plan = plan_queries.before_opening(first, AT)
    assert plan.needed == 2 * (90_000 + 500 * first.overhead_seconds)
    assert "about 500 films" in invitation_brief.brief_for_judges(edition)[1].text
    client.force_login(make_member(edition, Role.CHAIR).user)
    page = client.get(f"/{edition.slug}/desk/rounds/first/").content.decode()
    assert "Films expected" in page and "There are no films yet" in page
    make_inspection(make_entry(edition), seconds=600)
    found = [plan_queries.intake_of(one) for one in (first, second)]
    assert [(row.films, row.seconds, row.reckoned) for row in found] == [(1, 600, False)] * 2


def test_a_contest_of_projects_reckons_with_the_time_to_read_one(edition):
    edition.tracks.update(enters="project")
    round = make_round(edition, expects=20, reading_minutes=15)
    assert plan_queries.intake_of(round).seconds == 20 * 15 * 60


def test_of_films_that_only_judges_let_through_no_more_are_reckoned_with_than_expected(edition, judge):
    for _number in range(4):
        make_inspection(make_entry(edition), seconds=600)
    first = make_round(edition, "first", gate="pass_fail", cut_kind="passed")
    intake = plan_queries.intake_of(make_round(edition, "next", position=1, after=first, expects=3))
    assert (intake.films, intake.seconds, intake.sure, intake.reckoned) == (3, 1800, False, False)


@pytest.mark.parametrize(
    ("films", "kind", "value", "through"),
    [
        (10, "count", 3, 3),
        (2, "count", 3, 2),
        (10, "share", "12.5", 2),
        (10, "passed", None, 10),
        (10, "", None, 10),
    ],
)
def test_how_many_a_planned_cut_lets_through(films, kind, value, through):
    assert plan_queries.expected(films, kind, None if value is None else Decimal(value)) == through


def test_on_panels_each_judge_watches_the_panels_part(edition, judge):
    make_member(edition, Role.JUDGE, "On no panel")
    make_inspection(make_entry(edition), seconds=600)
    round = make_round(edition, gate="panel", overhead_seconds=0)
    make_panel(round, "One", [judge])
    make_panel(round, "Two", [make_member(edition, Role.JUDGE), make_member(edition, Role.JUDGE)])
    _intake, plan = plan_queries.before_opening(round, AT)
    assert (plan.judges, plan.needed, plan.each) == (3, 900, 300)
