"""Interviews of a rehearsal's teams: times are made, told, chosen, and some are changed."""

from datetime import datetime, time, timedelta
from math import ceil
from typing import TYPE_CHECKING

from festival.kit.clock import in_zone, moment_of
from festival.people.actor import Actor
from judging.models import Round
from submissions.cohorts import interview_actions
from submissions.cohorts.interview_queries import free_slots
from submissions.cohorts.models import Deliverable, Place

if TYPE_CHECKING:
    from judging.rehearsal.teams import Company

DAY = timedelta(days=1)
TIMES_BEFORE = 10 * DAY  # the times for interviews are there so long before the round
INTERVIEW = {"minutes": 30, "gap": 10}
DAY_BEGINS, DAY_ENDS = time(9), time(18)
INTERVIEWERS = 3
SPARE = 1.15  # times for each team


def plan(company: "Company") -> None:
    """A round that judges this cohort's teams before they have a film meets them, in its own days."""
    round = company.cohort.edition.rounds.filter(cohort=company.cohort).first()
    if round is None or round.slug not in company.made.rounds_at:
        return
    opens, closes = company.made.rounds_at[round.slug]
    films = company.cohort.milestones.filter(due_at__lte=closes, deliverables__kind=Deliverable.Kind.FILM)
    if company.mentors and company.begun and not films.exists():
        company.at(
            max(opens - TIMES_BEFORE, company.begun), lambda at: _make_times(company, round, closes, at)
        )


def _make_times(company: "Company", round: Round, closes: datetime, at: datetime) -> None:
    """A room, day after day, until every team could have a time; then the teams are told."""
    opens, zone = company.made.rounds_at[round.slug][0], company.cohort.edition.time_zone
    day, leaders = in_zone(opens, zone).date(), [judge.user for judge in company.made.judges[:INTERVIEWERS]]
    company.slots_wanted = ceil(company.cohort.places * SPARE)
    there = 0
    while there < company.slots_wanted and day < in_zone(closes, zone).date():
        begins, ends = (moment_of(datetime.combine(day, hour), zone) for hour in (DAY_BEGINS, DAY_ENDS))
        day += DAY
        if begins <= max(at, opens):
            continue
        slots = interview_actions.make_slots(
            cohort=company.cohort, starts_at=begins, ends_at=ends, room="Room 1", link="",
            interviewers=[user for user in leaders if user], by=company.made.organiser, at=at, **INTERVIEW,
        )  # fmt: skip
        there += len(slots)
    if not there:
        return
    company.times_made = True
    interview_actions.announce(cohort=company.cohort, by=company.made.organiser, at=at)
    for place in company.cohort.all_places.filter(state=Place.State.ACCEPTED):
        wait = company.truth.draw("books", place.rank).uniform(0.1, 5.0)
        company.at(at + timedelta(days=wait), lambda moment, pk=place.pk: choose(company, pk, moment))


def choose(company: "Company", pk: int, at: datetime) -> None:
    """The team takes a time, or the organiser gives it one; some change theirs once."""
    place = company.place(pk)
    if place is None:
        return
    team = company.team_of(place)
    draw = company.truth.draw("chooses", team)
    itself = draw.random() >= company.habits.no_time_chosen
    by = company.entrant(place) if itself else company.made.organiser
    _book(company, place, by, draw.random(), at)
    if itself and draw.random() < company.habits.time_changed:
        share = draw.random()
        company.at(at + DAY, lambda moment: _book(company, company.place(pk), by, share, moment))


def _book(company: "Company", place: Place | None, by: Actor, share: float, at: datetime) -> None:
    free = list(free_slots(company.cohort, at)) if place else []
    if place and free:
        interview_actions.book(place=place, slot=free[int(share * len(free))], by=by, at=at)
