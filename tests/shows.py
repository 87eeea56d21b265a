"""Plain functions that make what is shown: films of the catalogue, halls, screenings, award slots, standings."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from festival.awards.models import AwardSlot
from festival.catalogue.models import Film
from festival.edition.models import Edition, Track
from festival.people.actor import Actor
from festival.people.roles import Role
from festival.premiere import actions as premiere
from festival.premiere import publishing, release_actions, snapshots
from festival.premiere.models import Hall, Release, Screening, Venue
from festival.premiere.programme.codec import to_json
from judging.models import Round, Standing, StandingRow
from submissions.models import Entry
from tests.factories import make_member, make_round, make_user

_count = itertools.count(1)


def make_film(edition: Edition, *, minutes: float = 10, **fields: Any) -> Film:
    """A film of the catalogue, unpublished."""
    number = next(_count)
    fields.setdefault("title", f"Shown {number}")
    fields.setdefault("code", f"S{number:06}")
    return Film.objects.create(edition=edition, seconds=int(minutes * 60), **fields)


def make_hall(edition: Edition, *, turnaround: int = 20, name: str = "One") -> Hall:
    """A hall in a venue of its own."""
    venue = Venue.objects.create(edition=edition, name={"en": "House", "zh": "影院"})
    return Hall.objects.create(
        venue=venue, name={"en": name, "zh": name}, seats=100, turnaround_minutes=turnaround
    )


def make_screening(
    hall: Hall,
    starts_at: datetime,
    *,
    films: Sequence[Film] = (),
    released: bool = False,
    title: str = "Shorts",
) -> Screening:
    """A screening through the actions, with its running order."""
    at = timezone.now()
    edition = hall.venue.edition
    screening = premiere.create_screening(
        edition=edition, hall=hall, starts_at=starts_at, title={"en": title, "zh": title}, at=at
    )
    for film in films:
        premiere.add_film(screening=screening, film=film, at=at)
    if released:
        make_release(edition)
    return Screening.objects.get(pk=screening.pk)


def make_release(edition: Edition) -> Release:
    """The timetable as it is becomes public, by an organiser."""
    by = make_member(edition, Role.ORGANISER)
    return release_actions.make_release(edition=edition, note={}, by=by, at=timezone.now())


def write_release(edition: Edition) -> Release:
    """A version of the programme as a row alone, whatever the checks say of it."""
    at = timezone.now()
    number = edition.releases.count() + 1
    rows = publishing.to_release(edition)
    programme = publishing.programme_of(edition, rows, number=number, at=at, changes={})
    return Release.objects.create(
        edition=edition,
        number=number,
        at=at,
        document=snapshots.take(edition),
        programme=to_json(programme),
        digest=publishing.digest_of(programme),
    )


def make_slot(
    edition: Edition, slug: str, *, places: int = 1, track: Track | None = None, **fields: Any
) -> AwardSlot:
    """An award slot, last in precedence."""
    fields.setdefault("tier", "special" if track else "second")
    return AwardSlot.objects.create(
        edition=edition,
        slug=slug,
        name={"en": slug.title(), "zh": slug},
        places=places,
        track=track,
        position=AwardSlot.objects.filter(edition=edition).count(),
        **fields,
    )


def make_standing(
    edition: Edition, ranks: Sequence[tuple[Entry, int | None]], *, by: Actor | None = None
) -> Standing:
    """A closed round with a standing of these ranks: rows only, no looks behind them."""
    at = timezone.now()
    round = make_round(edition, opened_at=at - timedelta(days=9))
    round.films.set([entry for entry, _rank in ranks])
    Round.objects.filter(pk=round.pk).update(state="closed", closed_at=at)
    round.refresh_from_db()
    standing = Standing.objects.create(
        round=round,
        method="weighted_mean",
        method_version=1,
        inputs={"method": "weighted_mean", "weights": {}, "films": [], "looks": []},
        inputs_digest="",
        result_digest="",
        made_at=at,
        made_by=by.user if by else make_user(),
    )
    StandingRow.objects.bulk_create(
        StandingRow(standing=standing, entry=entry, rank=rank, mean=Decimal(10 - (rank or 0)), looks=2)
        for entry, rank in ranks
    )
    return standing
