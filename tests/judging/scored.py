"""A round that many judges have scored, written in sets: what pages about results are tried on."""

from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np

from festival.awards.models import AwardSlot
from festival.edition.models import Edition
from festival.people.actor import Actor
from festival.people.roles import Role
from judging.models import Look, Round, Score
from judging.rehearsal.truth import FILM, Contest, World
from submissions.lifecycle import State
from submissions.models import Entry
from tests.factories import make_edition, make_entry, make_member, make_round

SECONDS = 180


def scored_round(
    *,
    films: int = 40,
    judges: int = 8,
    looks: int = 4,
    places: int = 6,
    at: datetime,
    world: World = FILM,
    seed: int = 1,
    **fields: object,
) -> tuple[Edition, Round, Actor, Contest]:
    """An open round whose looks are all done, its chair, and the contest it was drawn from."""
    edition = make_edition()
    chair = make_member(edition, Role.CHAIR, "Chair")
    jury = [make_member(edition, Role.JUDGE, f"Judge {number:02}") for number in range(judges)]
    entrant = make_entry(edition, code="F-00000", state=State.ELIGIBLE)
    Entry.objects.bulk_create(
        Entry(
            edition=edition, track=entrant.track, entrant=entrant.entrant, code=f"F-{number:05}",
            title=f"Film {number}", state=State.ELIGIBLE, created_at=at,
            updated_at=at,
            submitted_at=at,
        )
        for number in range(1, films)
    )  # fmt: skip
    if places:
        AwardSlot.objects.create(
            edition=edition, slug="prize", name={"en": "Prize"}, tier="first", places=places
        )
    round = make_round(edition, opened_at=at, looks_per_film=looks, seed=7, **fields)
    entries = list(Entry.objects.filter(edition=edition).order_by("code"))
    round.films.set(entries)
    contest = Contest(world, films=films, judges=judges, seed=seed)
    contest.look_at_all(looks)
    order = np.zeros(judges, int)
    rows = []
    for entry, judge in zip(contest.entry, contest.judge, strict=True):
        order[judge] += 1
        rows.append(
            Look(
                round=round,
                judge=jury[judge].user,
                entry=entries[entry],
                state=Look.State.SCORED,
                position=int(order[judge]),
                seconds=SECONDS,
                watched_seconds=SECONDS,
                scored_at=at + timedelta(minutes=5 * int(order[judge])),
                saved_at=at,
            )
        )
    made = Look.objects.bulk_create(rows)
    criteria = list(round.criteria.all())
    Score.objects.bulk_create(
        Score(look=look, criterion=criterion, value=Decimal(str(value)))
        for look, value in zip(made, contest.score, strict=True)
        for criterion in criteria
    )
    return edition, round, chair, contest
