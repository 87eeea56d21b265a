"""What is made up of teams in a rehearsal: their decisions, those who review, and what would have gone wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from judging.models import Round
from judging.rehearsal.agenda import NEXT_MORNING, Agenda, Desk
from judging.rehearsal.meetings import quorum_of
from judging.rehearsal.team_problems import problems_of
from judging.rehearsal.team_truth import HABITS, Teams, review_hours
from judging.rehearsal.truth import OF_PAGES, Jury

AT = datetime(2028, 6, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
MANY = 4000


def share(answers):
    return sum(answers) / MANY


def test_teams_do_what_is_declared_as_often_as_is_declared():
    truth = Teams(3, "camp")
    answers = [truth.answer(team)[0] for team in range(MANY)]
    assert share(one == "decline" for one in answers) == pytest.approx(HABITS.declines, abs=0.02)
    assert share(one == "silent" for one in answers) == pytest.approx(HABITS.silent, abs=0.02)
    delivered = [truth.delivers("cut", team)[1] for team in range(MANY)]
    assert share(days is None for days in delivered) == pytest.approx(HABITS.never, abs=0.02)
    assert share(days is not None and days > 0 for days in delivered) == pytest.approx(HABITS.late, abs=0.02)
    for number, back in enumerate(HABITS.changes, 1):
        said = [truth.review("cut", team, number) for team in range(MANY)]
        assert share(one == "changes" for one in said) == pytest.approx(back, abs=0.02)
        assert share(one == "rejected" for one in said) == pytest.approx(HABITS.rejected, abs=0.02)
    assert answers == [Teams(3, "camp").answer(team)[0] for team in range(MANY)]
    assert answers != [Teams(3, "production").answer(team)[0] for team in range(MANY)]


def test_a_cut_is_watched_twice_and_pages_are_read():
    assert review_hours(["film"], 900) == pytest.approx(0.25 + 0.5)
    assert review_hours(["document", "document"]) == pytest.approx(0.25 + 1.0)


def test_those_who_review_have_two_hours_a_day_and_none_while_the_jury_meets():
    desk = Desk(reviewers=["one", "two"], busy=[(AT + 3 * DAY, AT + 10 * DAY)])
    first = AT + NEXT_MORNING + DAY
    assert desk.takes(AT, 2.0) == (first, "one")
    assert desk.takes(AT, 4.0) == (first + DAY, "two")
    assert desk.takes(AT, 4.0) == (first + 2 * DAY, "one")
    # Whoever has time first would begin while the jury meets.
    assert desk.takes(AT + 2.6 * DAY, 2.0) == (AT + 11 * DAY, "two")


def test_what_is_planned_comes_in_the_order_of_its_moments():
    agenda, seen = Agenda(), []
    agenda.add(AT + 2 * DAY, lambda at: seen.append("last"))
    agenda.add(AT, lambda at: (seen.append("first"), agenda.add(at + DAY, lambda _at: seen.append("then"))))
    agenda.go_on(AT + 2 * DAY)
    assert seen == ["first", "then"]
    agenda.go_on(AT + 3 * DAY)
    assert seen == ["first", "then", "last"]


def test_pages_and_the_film_that_is_made_of_them_are_alike_and_not_the_same():
    jury = Jury(MANY, 4, seed=5)
    both = float((jury.pages * jury.quality).mean())
    assert both == pytest.approx(OF_PAGES, abs=0.05)
    assert float(jury.pages.std()) == pytest.approx(1, abs=0.05)
    read, seen = (
        sum(jury.opinions(0, film, 1, done=0, reads=reads)[0] * jury.pages[film] for film in range(MANY))
        / MANY
        for reads in (True, False)
    )
    assert read == pytest.approx(1, abs=0.1)
    assert seen == pytest.approx(OF_PAGES * jury.scale[1], abs=0.1)


MILESTONE = {
    "name": {"en": "Rough cut"}, "caught_out": 0, "never": 0, "rejected": 0, "after_next": 0, "unreviewed": 0,
    "busy": {}, "at_end": False,
}  # fmt: skip
COHORT = {
    "slug": "camp", "name": {"en": "Camp"}, "places": 3, "teams": 3, "times": 0, "times_wanted": 0,
    "milestones": [MILESTONE], "support": [{"unit": "CNY", "withheld": 0.0}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, []),
        ({"teams": 2}, ["places_empty"]),
        ({"times_wanted": 4, "times": 2}, ["times_short"]),
        ({"support": [{"unit": "CNY", "withheld": 50_000.0}]}, ["withheld"]),
        ({"milestones": [MILESTONE | {"busy": {"en": "Jury"}, "never": 1}]}, ["never_delivered", "reviewers_busy"]),
        ({"milestones": [MILESTONE | {"caught_out": 1, "at_end": True}]}, ["caught_out", "due_at_end"]),
        ({"milestones": [MILESTONE | {"rejected": 1, "after_next": 2}]}, ["turned_down", "after_next"]),
    ],
)  # fmt: skip
def test_what_would_have_gone_wrong_is_named(change, code):
    assert [row["code"] for row in problems_of({"cohorts": [COHORT | change], "refused": {}})] == code


def test_what_the_site_refuses_is_named():
    [row] = problems_of({"cohorts": [COHORT], "refused": {"full": 2}})
    assert (row["code"], row["why"], row["count"]) == ("team_refused", "full", 2)


def test_who_stopped_on_the_way_and_a_tenth_of_the_others_stay_away_from_the_meeting():
    jury = Jury(10, MANY, seed=2)
    stays = [judge for judge in range(MANY) if jury.stops_after[judge] == 1]
    away = {judge for judge in range(MANY) if jury.absent(3, judge)}
    assert set(range(MANY)) - set(stays) <= away
    assert len(away & set(stays)) / len(stays) == pytest.approx(jury.habits.absent, abs=0.02)
    assert away != {judge for judge in range(MANY) if jury.absent(4, judge)}


@pytest.mark.parametrize(
    ("gate", "quorum", "members", "needed"),
    [("ballot", 3, 8, 3), ("ballot", 5, 4, 4), ("score", 1, 8, 5), ("score", 1, 1, 1)],
)
def test_the_quorum_is_the_rounds_own_or_more_than_half(gate, quorum, members, needed):
    assert quorum_of(Round(gate=gate, quorum=quorum), members) == needed
