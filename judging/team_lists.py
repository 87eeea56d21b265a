"""The teams that a cut lets through, on the list of the cohort that it fills.

A cut can be drawn anew until it is frozen, so the list is written when somebody says so, and when the cut is frozen.
Writing it again adds and puts in order; it never takes a team away: who is on the list without being in the cut is
named to whoever runs the cohort.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from festival.people.actor import SYSTEM
from judging import cut_queries, tie_actions
from judging.models import Cut, CutRow, Round
from submissions.cohorts import place_actions
from submissions.cohorts.models import Cohort, Place
from submissions.cohorts.place_queries import LIVE
from submissions.models import Entry

BY_NUMBER = (Round.Cut.COUNT, Round.Cut.SHARE, Round.Cut.BALLOT)  # below another line nobody is next


@dataclass(frozen=True, slots=True)
class TeamList:
    """A cohort's list beside the cut that fills it.

    `missing`: teams that the cut lets through and the list lacks; `beyond`: places of teams that are on the list, but
    neither in the cut nor next after it.
    """

    cohort: Cohort
    listed: int
    missing: int
    beyond: list[Place]


@transaction.atomic
def list_teams(*, cut: Cut, at: datetime) -> int:
    """Write the cut's teams on the lists of the cohorts it fills, the best first, and behind them as many of the next
    in the standing as there are places; gives how many were added. Twice is once. Who may is the caller's to ask.
    """
    added = 0
    for cohort in cohorts_of(cut.round):
        entries = _in_order(cut, cohort)
        added += len(place_actions.enlist(cohort=cohort, entries=entries, by=SYSTEM, at=at))
        place_actions.put_in_order(cohort=cohort, entries=entries)
    return added


def lists_of(cut: Cut) -> list[TeamList]:
    """Every cohort that the cut fills, with what differs."""
    found = []
    for cohort in cohorts_of(cut.round):
        inside = set(through(cut))
        order = {entry.pk for entry in _in_order(cut, cohort)}
        places = Place.objects.filter(cohort=cohort).select_related("entry").order_by("rank", "pk")
        rows = list(places)
        there = {row.entry_id for row in rows}
        beyond = [row for row in rows if row.state in LIVE and row.entry_id not in order]
        found.append(TeamList(cohort, sum(row.state in LIVE for row in rows), len(inside - there), beyond))
    return found


def cohorts_of(round: Round) -> list[Cohort]:
    """The cohorts that this round's cut fills."""
    return list(Cohort.objects.filter(edition=round.edition_id, source=round.slug))


def through(cut: Cut) -> list[int]:
    """The entries that the cut lets through, the best first."""
    return [row.entry_id for row in cut_queries.rows_of(cut) if row.goes_on]


def _in_order(cut: Cut, cohort: Cohort) -> list[Entry]:
    """The teams of the cut, then, where it cuts by number, as many of the next as the cohort has places.

    Whom the chair took out is not next.
    """
    inside = through(cut)
    ids = inside + (_next(cut, set(inside))[: cohort.places] if cut.kind in BY_NUMBER else [])
    entries = Entry.objects.in_bulk(ids)
    return [entries[pk] for pk in ids]


def _next(cut: Cut, inside: set[int]) -> list[int]:
    """The entries below the line in the order of the standing; ties as the tie rule settles them."""
    ranks = {line.film: line.rank for line in cut_queries.lines_of(cut.standing) if line.rank is not None}
    among = tie_actions.places_among_equals(cut.standing, ranks)
    films = sorted(ranks, key=lambda film: (ranks[film], among.get(film, 0), film))
    entries = dict(
        Entry.objects.filter(edition=cut.round.edition_id, code__in=films).values_list("code", "pk")
    )
    out = set(CutRow.objects.filter(cut=cut, reason=CutRow.Reason.REMOVED).values_list("entry_id", flat=True))
    return [entries[film] for film in films if entries[film] not in inside | out]
