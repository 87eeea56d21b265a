"""What teams of a cohort do, as it is made up for a rehearsal: plain values, without Django.

Everything that a team decides has a stream of chance of its own, named by seed, cohort, occasion and team: what it does
does not depend on the order in which others are asked.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Answer = Literal["accept", "decline", "silent"]
Review = Literal["accepted", "changes", "rejected"]


@dataclass(frozen=True, slots=True)
class TeamHabits:
    """Shares from 0 to 1; docs/rehearsal.md says them, and that they are assumptions."""

    declines: float = 0.10  # of those to whom a place is offered
    silent: float = 0.07  # do not answer in time
    leaves: float = 0.04  # of the teams, on the way
    never: float = 0.03  # of a team's milestones: nothing is delivered
    late: float = 0.15  # of the deliveries
    asks_time: float = 0.08  # of the milestones: the team asks for a week more before it is due
    changes: tuple[float, ...] = (0.30, 0.15, 0.05)  # of first, second, later versions: sent back
    rejected: float = 0.02  # of the versions, whichever: turned down for good
    reopened: float = 0.5  # of the rejected: the organisers think better of it, and open it again
    optional: float = 0.5  # of what is not required is delivered all the same
    no_time_chosen: float = 0.06  # of the teams: the organiser gives them a time for the interview
    time_changed: float = 0.05  # of the booked times: given back for another
    done: float = 0.8  # of what is agreed in a session


HABITS = TeamHabits()
LATE_DAYS = (0.2, 5.0)  # so long after what was due
EARLY_DAYS = (0.1, 4.0)  # so long before
AGAIN_DAYS = (2.0, 9.0)  # from the answer to the next version
REOPENED_DAYS = (1.0, 4.0)  # from a rejection until it is opened again
MORE_DAYS = 7.0  # that a team is given which asks for more time
REVIEW_HOURS = {"document": 0.5, "picture": 0.1, "text": 0.15, "link": 0.15}
WRITING_HOURS = 0.25  # what a review takes beside that
TWICE = 2  # a cut is watched so often
SESSION_MINUTES = 45


@dataclass(frozen=True, slots=True)
class Teams:
    """The decisions of a cohort's teams."""

    seed: int
    cohort: str
    habits: TeamHabits = HABITS

    def draw(self, occasion: str, team: int) -> random.Random:
        """The chance of this team at this occasion."""
        return random.Random(f"{self.seed} {self.cohort} {occasion} {team}")

    def answer(self, team: int) -> tuple[Answer, float]:
        """What the team says to an offer, and after which share of the time it has."""
        draw = self.draw("answer", team)
        said, share = draw.random(), draw.uniform(0.05, 0.9)
        if said < self.habits.declines:
            return "decline", share
        return ("silent", 1.0) if said < self.habits.declines + self.habits.silent else ("accept", share)

    def leaves(self, team: int) -> float | None:
        """After which share of its time the team gives its place up; None: never."""
        draw = self.draw("leaves", team)
        return draw.uniform(0.1, 0.9) if draw.random() < self.habits.leaves else None

    def delivers(self, milestone: str, team: int) -> tuple[bool, float | None]:
        """Whether it asks for more time, and how many days after what is due it delivers; None: never."""
        draw = self.draw(f"deliver {milestone}", team)
        said, asks, late = draw.random(), draw.random(), draw.uniform(*LATE_DAYS)
        early = draw.uniform(*EARLY_DAYS)
        if said < self.habits.never:
            return False, None
        return asks < self.habits.asks_time, late if said < self.habits.never + self.habits.late else -early

    def review(self, milestone: str, team: int, number: int) -> Review:
        """What the organisers say to a version, counted from 1."""
        said = self.draw(f"review {milestone} {number}", team).random()
        if said < self.habits.rejected:
            return "rejected"
        shares = self.habits.changes
        back = shares[min(number, len(shares)) - 1]
        return "changes" if said < self.habits.rejected + back else "accepted"

    def reopened(self, milestone: str, team: int, number: int) -> float | None:
        """After how many days a rejected version is opened again; None: never."""
        draw = self.draw(f"reopen {milestone} {number}", team)
        days = draw.uniform(*REOPENED_DAYS)
        return days if draw.random() < self.habits.reopened else None


def review_hours(kinds: Iterable[str], film_seconds: float = 0.0) -> float:
    """What a delivery of such things asks of a reviewer: a film is watched twice."""
    hours = WRITING_HOURS + TWICE * film_seconds / 3600
    return hours + sum(REVIEW_HOURS.get(kind, 0.0) for kind in kinds)
