"""Until when a team may send what its milestones ask for: also after the call, and after its entry was admitted."""

from datetime import datetime

from django.db.models import Exists, Max, OuterRef

from submissions.cohorts.delivery_queries import SETTLED
from submissions.cohorts.models import Deliverable, Delivery, Place
from submissions.lifecycle import State
from submissions.models import Entry
from submissions.service import rounds_under_way

FILES = (Deliverable.Kind.DOCUMENT, Deliverable.Kind.PICTURE)
OVER = (State.WITHDRAWN, State.REFUSED)


def cut_until(entry: Entry, at: datetime) -> datetime | None:
    """Until when a version of the film is taken for a milestone; None where none is.

    A film that the jury has before it now is not changed under its eyes.
    """
    if entry.state not in (State.DRAFT, State.ELIGIBLE) or is_judged(entry):
        return None
    return _until(entry, at, kind=Deliverable.Kind.FILM)


def file_until(entry: Entry, deliverable: str, at: datetime) -> datetime | None:
    """Until when a file is taken for this deliverable (its number, as a purpose has it); None where none is."""
    if entry.state in OVER or not deliverable.isdigit():
        return None
    return _until(entry, at, pk=int(deliverable), kind__in=FILES)


def purpose_until(entry: Entry, purpose: str, at: datetime) -> datetime | None:
    """The same by the purpose of an upload: "" is the film."""
    kind, _slash, of = purpose.partition("/")
    if not purpose:
        return cut_until(entry, at)
    return file_until(entry, of, at) if kind == "delivery" else None


def is_judged(entry: Entry) -> bool:
    """Whether a round that is open has this film, as its log says."""
    kinds = ("judging_began", "judging_ended")
    return bool(rounds_under_way(list(entry.events.filter(kind__in=kinds).order_by("at", "pk"))))


def _until(entry: Entry, at: datetime, **wanted: object) -> datetime | None:
    """The end of the cohort that still waits for a deliverable of the team."""
    places = Place.objects.filter(
        entry=entry,
        state=Place.State.ACCEPTED,
        cohort__ends_at__gt=at,
        cohort=OuterRef("milestone__cohort"),
    )
    done = Delivery.objects.filter(
        place__entry=entry,
        place__cohort=OuterRef("milestone__cohort"),
        milestone=OuterRef("milestone"),
        state__in=SETTLED,
    )
    rows = Deliverable.objects.filter(Exists(places), ~Exists(done), **wanted)
    return rows.aggregate(until=Max("milestone__cohort__ends_at"))["until"]
