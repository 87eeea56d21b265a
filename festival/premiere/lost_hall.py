"""A hall that is lost for a day: what was to run there, and the one step that says so of all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.premiere import actions, journal, permissions, queries, rehearsal_actions
from festival.premiere.models import Hall, Opening, Rehearsal, Screening
from festival.premiere.programme.document import festival_day

Kind = journal.Kind


@dataclass(frozen=True, slots=True)
class HallDay:
    """What books a hall on a festival's day, in the order of time."""

    public: Sequence[Screening]  # is cancelled
    drafts: Sequence[Screening]  # is taken off the table
    rehearsals: Sequence[Rehearsal]  # of screenings elsewhere or on another day: is taken out
    hours: Sequence[Opening]  # is taken out; empty where the hall would count as always open then

    @property
    def codes(self) -> str:
        """What a page showed, to be compared when its form comes back."""
        return "-".join(row.code for row in (*self.public, *self.drafts, *self.rehearsals))

    def __bool__(self) -> bool:
        return bool(self.public or self.drafts or self.rehearsals)


def hall_day(hall: Hall, day: date, zone: str) -> HallDay:
    """Three queries. What begins before four in the morning is of the day before."""
    rows = queries.bookings_of(hall).filter(rehearses=None).order_by("starts_at", "pk")
    shown = [row for row in rows if festival_day(row.starts_at, zone) == day]
    rehearsals = Rehearsal.objects.filter(hall=hall).select_related("rehearses").order_by("starts_at", "pk")
    lost = {row.pk for row in shown}
    openings = list(hall.openings.all())
    hours = [one for one in openings if festival_day(one.opens_at, zone) == day]
    return HallDay(
        [row for row in shown if row.released_at],
        [row for row in shown if not row.released_at],
        [
            one
            for one in rehearsals
            if festival_day(one.starts_at, zone) == day and one.rehearses_id not in lost
        ],
        hours if len(hours) < len(openings) else [],
    )


def days_of(hall: Hall, zone: str) -> list[date]:
    """The days on which something is booked in a hall."""
    moments = queries.bookings_of(hall).values_list("starts_at", flat=True)
    return sorted({festival_day(moment, zone) for moment in moments})


@transaction.atomic
def lose_hall(
    *, hall: Hall, day: date, reason: dict[str, str], seen: str, by: Actor, at: datetime
) -> HallDay:
    """Nothing takes place in this hall on this day. The next release says so to the public.

    What the public knows is cancelled with the reason, what it does not know is taken off the table, rehearsals and
    the day's hours are taken out. `seen`: the `codes` that were on the page; refused when others are there now.
    """
    edition = Edition.objects.select_for_update().get(pk=hall.venue.edition_id)
    if not permissions.can_programme(by, edition):
        raise Refused(_("Only an organiser changes the programme."), status=403)
    found = hall_day(hall, day, edition.time_zone)
    if found.codes != seen:
        raise Refused(
            _("The timetable of this hall has been changed meanwhile. Look at it again."), code="changed"
        )
    for row in found.public:
        with journal.kept(edition=edition, kind=Kind.CANCELLED, code=row.code, by=by, at=at):
            actions.cancel_screening(screening=row, reason=reason, at=at)
    for row in found.drafts:
        with journal.kept(edition=edition, kind=Kind.DELETED, code=row.code, by=by, at=at):
            actions.delete_screening(screening=row)
    for one in found.rehearsals:
        assert one.rehearses
        with journal.kept(edition=edition, kind=Kind.CHANGED, code=one.rehearses.code, by=by, at=at):
            rehearsal_actions.drop_rehearsal(rehearsal=one)
    hall.openings.filter(pk__in=[one.pk for one in found.hours]).delete()
    return found
