"""Reads of corrections."""

from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, QuerySet, Value, When

from festival.catalogue.models import Film
from festival.edition.models import Edition
from submissions.correction_fields import IN_CATALOGUE
from submissions.lifecycle import State
from submissions.models import Correction, CorrectionChange, Entry, Event, Question

PAGE = 50
CATALOGUED = ("catalogued", "announced")  # events at which the catalogue took the entry's texts


def with_corrections() -> Prefetch:
    """For an entry's pages: its corrections, newest first, with who was concerned and what was changed."""
    rows = Correction.objects.select_related("asked_by", "decided_by", "closed_by")
    return Prefetch("corrections", rows.prefetch_related("changes"))


def open_of(entry: Entry) -> Correction | None:
    """The one that waits or was granted; its time may be over. No query where corrections were fetched."""
    fetched = getattr(entry, "_prefetched_objects_cache", {}).get("corrections")
    rows = entry.corrections.filter(state__in=Correction.OPEN) if fetched is None else fetched
    return next((row for row in rows if row.state in Correction.OPEN), None)


def granted_of(entry: Entry, at: datetime) -> Correction | None:
    """The correction that is open to the entrant at this moment."""
    row = open_of(entry)
    return row if row is not None and is_running(row, at) else None


def open_until(entry: Entry) -> datetime | None:
    """Until when its granted correction is open; None where none was granted."""
    row = open_of(entry)
    return row.until if row else None


def is_running(correction: Correction, at: datetime) -> bool:
    """Whether something can be corrected; the row may still say so when its time is over."""
    granted = correction.state == Correction.State.GRANTED
    return granted and correction.until is not None and at < correction.until


def grants(entry: Entry, part: str, at: datetime) -> bool:
    """Whether this part of a submitted entry is open to its entrant."""
    if entry.submitted_at is None or entry.state in (State.REFUSED, State.WITHDRAWN):
        return False
    row = granted_of(entry, at)
    return row is not None and part in row.granted


def for_desk(edition: Edition, number: str | None) -> Page:
    """The edition's corrections: those that wait, oldest first; those that are open; then the others, newest first.

    Each with its entry, of the edition with its questions: a constant number of queries.
    """
    stands = Correction.State
    place = Case(
        When(state=stands.ASKED, then=Value(0)),
        When(state=stands.GRANTED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    waiting = Case(When(state=stands.ASKED, then="asked_at"), default=None)
    ending = Case(When(state=stands.GRANTED, then="until"), default=None)
    rows = Correction.objects.filter(entry__edition=edition).select_related("entry__entrant", "decided_by")
    rows = rows.annotate(place=place, waiting=waiting, ending=ending)
    rows = rows.order_by("place", "waiting", "ending", "-asked_at", "-pk")
    page = Paginator(rows, PAGE).get_page(number)
    known = Edition.objects.prefetch_related(questions_with_words()).get(pk=edition.pk)
    for row in page.object_list:
        row.entry.edition = known
    return page


def questions_with_words() -> Prefetch:
    """For editions: what names of questions are read from."""
    return Prefetch("questions", Question.objects.prefetch_related("wordings", "tracks"))


def waiting(edition: Edition) -> QuerySet[Correction]:
    """Requests that nobody has decided."""
    return Correction.objects.filter(entry__edition=edition, state=Correction.State.ASKED)


def outdated_in_catalogue(edition: Edition) -> QuerySet[Entry]:
    """Entries of which the catalogue holds what stood there before a correction."""
    films = Film.objects.filter(edition=edition).exclude(source="").values("source")
    later = Event.objects.filter(
        entry=OuterRef("correction__entry"), kind__in=CATALOGUED, pk__gt=OuterRef("event")
    )
    changes = CorrectionChange.objects.filter(correction__entry__edition=edition, field__in=IN_CATALOGUE)
    changed = changes.filter(~Exists(later)).values("correction__entry_id")
    return Entry.objects.filter(edition=edition, code__in=films, pk__in=changed)
