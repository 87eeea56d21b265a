"""Cohorts of a rehearsal that are filled by invitation: their teams come first, and send their films in at the end."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from judging.rehearsal.contest import Arrival, Contest, calls
from judging.rehearsal.team_files import AS_SENT
from judging.rehearsal.teams import Company
from submissions.cohorts.models import Place
from submissions.models import Entry, FilmVersion, FindingRow, Inspection, Upload

LAST_HOURS = 72.0  # of the call, in which invited teams send their films in


def begin(made: Contest, companies: Sequence[Company]) -> None:
    """The cohorts that are filled by invitation go on until the call ends; then who has a place sends the film in,
    within the last days, and the drafts that were made up for all others are taken away.
    """
    _opens, ends = calls(made.edition)
    invited = [company for company in companies if not company.cohort.source]
    tracks = {company.cohort.track_id for company in invited}
    drafts = Entry.objects.filter(edition=made.edition, track__in=tracks)
    FilmVersion.objects.filter(entry__in=drafts).update(number=AS_SENT)
    for company in invited:
        rows = drafts.filter(track=company.cohort.track_id).select_related("entrant").order_by("pk")
        people_there = {entry.entrant.email: entry.director for entry in rows if entry.entrant}
        company.begin_by_list([(name, email) for email, name in people_there.items()])
    if not invited:
        return
    invited[0].agenda.go_on(ends)
    places = Place.objects.filter(cohort__in=[one.cohort for one in invited], state=Place.State.ACCEPTED)
    taken = set(places.values_list("entry_id", flat=True))
    known = set(Place.objects.filter(entry__in=drafts).values_list("entry_id", flat=True))
    gone = set(drafts.values_list("pk", flat=True))
    made.arrivals = sorted(
        (
            _in_the_last_days(made, one, ends) if one.entry in taken else one
            for one in made.arrivals
            if one.entry in taken or one.entry not in gone
        ),
        key=lambda one: (one.at, made.films[one.entry]),
    )
    _forget(made, gone - known)


def _in_the_last_days(made: Contest, arrival: Arrival, ends: datetime) -> Arrival:
    """Moved to the last days of the call, with its report and its mended film."""
    draw = random.Random(f"{made.seed} last days {made.films[arrival.entry]}")
    by = ends - timedelta(hours=draw.uniform(1, LAST_HOURS)) - arrival.at
    mended = arrival.mended_at + by if arrival.mended_at else None
    return replace(arrival, at=arrival.at + by, inspected_at=arrival.inspected_at + by, mended_at=mended)


def _forget(made: Contest, entries: set[int]) -> None:
    """Take drafts away that nobody is to make."""
    FindingRow.objects.filter(inspection__version__entry__in=entries).delete()
    Inspection.objects.filter(version__entry__in=entries).delete()
    FilmVersion.objects.filter(entry__in=entries).delete()
    Upload.objects.filter(entry__in=entries).delete()
    Entry.objects.filter(pk__in=entries).delete()
    made.films = {pk: number for pk, number in made.films.items() if pk not in entries}
