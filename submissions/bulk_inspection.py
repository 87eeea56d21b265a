"""Inspecting many films again, in sets: by today's rulebook and engine."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from festival.edition import permissions
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor
from submissions.inspect_actions import queue_inspections
from submissions.models import Entry, Event, FilmVersion, Inspection, Upload
from submissions.queries import latest_inspection

AT_MOST = 500
UNDER_WAY = (Inspection.State.QUEUED, Inspection.State.RUNNING)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be inspected: at most AT_MOST entries, the oldest inspections first; and what is left out."""

    entries: list[int]
    fitting: int  # entries that the filters show
    running: int  # are being inspected already
    own: int  # of the one who asks
    empty: int  # have no film

    @property
    def left(self) -> int:
        """How many remain for another time."""
        return self.fitting - self.running - self.own - self.empty - len(self.entries)


def plan_for(entries: QuerySet[Entry], *, by: Actor) -> Plan:
    """Two queries. Nobody orders inspections of a film of their own."""
    under_way = Inspection.objects.filter(state__in=UNDER_WAY)
    rows = list(
        entries.order_by()
        .annotate(inspection_id=latest_inspection())
        .order_by(F("inspection_id").asc(nulls_first=True), "pk")
        .values_list("pk", "entrant_id")
    )
    edition_films = FilmVersion.objects.filter(entry__in=entries.order_by())
    edition_films = edition_films.exclude(asset=None, upload__state=Upload.State.ABORTED)  # gone
    filmed = set(edition_films.values_list("entry_id", flat=True))
    busy = set(
        under_way.filter(version__in=edition_films.order_by()).values_list("version__entry_id", flat=True)
    )
    own = {pk for pk, entrant in rows if entrant == by.id}
    free = [pk for pk, _entrant in rows if pk in filmed and pk not in busy and pk not in own]
    return Plan(
        entries=free[:AT_MOST],
        fitting=len(rows),
        own=len(own),
        running=len(busy - own),
        empty=sum(pk not in filmed and pk not in own for pk, _entrant in rows),
    )


def reinspect_many(*, edition: Edition, plan: Plan, by: Actor, at: datetime) -> int:
    """Queue the plan's films, a line in the log of each. Gives how many; a constant number of queries."""
    if not permissions.can_inspect(by, edition):
        raise Refused(_("Only the technicians of this contest can do this."), status=403, code="not_allowed")
    newest: dict[int, FilmVersion] = {}
    entries = Q(entry_id__in=plan.entries, entry__edition=edition)
    for version in FilmVersion.objects.filter(entries).order_by("number"):
        newest[version.entry_id] = version
    versions = list(newest.values())
    try:
        with transaction.atomic():
            queue_inspections(versions=versions, at=at)
            Event.objects.bulk_create(
                Event(
                    entry_id=version.entry_id,
                    kind="reinspect",
                    actor=by.user,
                    at=at,
                    values={"version": version.number},
                )
                for version in versions
            )
    except IntegrityError:
        raise Refused(
            _("Somebody was faster with one of these films. Look at the list again, then repeat."),
            code="running",
        ) from None
    return len(versions)
