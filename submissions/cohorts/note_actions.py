"""Writes of notes at moments of a delivered cut, of answers to them, and of what the team has dealt with."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.people.actor import Actor
from submissions.cohorts import permissions
from submissions.cohorts.models import CutNote, Deliverable, Delivery, DeliveryPart
from submissions.models import Inspection

LONGEST = 4000  # characters
MILLI = Decimal("0.001")


@transaction.atomic
def add_note(
    *,
    part: DeliveryPart,
    text: str,
    by: Actor,
    at: datetime,
    seconds: Decimal | None = None,
    answers: CutNote | None = None,
) -> CutNote:
    """A note on what was handed in: at a moment of a film, in seconds, or about the whole; or an answer to a note."""
    rows = DeliveryPart.objects.select_related(
        "delivery__place__cohort", "delivery__place__entry", "deliverable"
    )
    held = rows.get(pk=part.pk)
    if not permissions.can_note(by, held.delivery.place):
        raise Refused(_("You cannot write notes here."), status=403, code="not_allowed")
    if held.delivery.state == Delivery.State.OPEN:
        raise Refused(_("Notes can be written once it is handed in."), code="not_handed_in")
    text = text.strip()
    if not 0 < len(text) <= LONGEST:
        message = _("A note has from 1 to %(most)s characters.")
        raise Refused(message % {"most": LONGEST}, status=400, code="text")
    if answers is not None:
        if answers.part_id != held.pk or answers.answers_id is not None:
            raise Refused(_("This note cannot be answered here."), status=400, code="answers")
        seconds = None
    if seconds is not None:
        seconds = _moment(held, seconds)
    return CutNote.objects.create(part=held, seconds=seconds, text=text, answers=answers, by=by.user, at=at)


@transaction.atomic
def tick(*, note: CutNote, done: bool, by: Actor, at: datetime) -> CutNote:
    """The team has dealt with a note, or not yet after all. Twice is once: the first time is kept."""
    rows = CutNote.objects.select_for_update(of=("self",))
    held = rows.select_related("part__delivery__place__cohort", "part__delivery__place__entry").get(
        pk=note.pk
    )
    if not permissions.can_deliver(by, held.part.delivery.place):
        raise Refused(_("Only the team says what it has dealt with."), status=403, code="not_allowed")
    if held.answers_id is not None:
        raise Refused(_("Only notes are ticked, not the answers to them."), status=400, code="answer")
    if done != (held.done_at is not None):
        held.done_at = at if done else None
        held.save(update_fields=["done_at"])
    return held


@transaction.atomic
def remove_note(*, note: CutNote, by: Actor) -> None:
    """Take back a note of one's own that nobody has answered."""
    held = CutNote.objects.select_for_update(of=("self",)).get(pk=note.pk)
    if not by.known or held.by_id != by.id:
        raise Refused(_("Only who wrote a note can take it back."), status=403, code="not_allowed")
    if held.replies.exists():
        raise Refused(_("This note was answered already. Answer it instead."), code="answered")
    held.delete()


def _moment(part: DeliveryPart, seconds: Decimal) -> Decimal:
    """To the millisecond, and within the film where its length is known."""
    if part.deliverable.kind != Deliverable.Kind.FILM:
        raise Refused(_("Only a film has moments."), status=400, code="no_film")
    length = _length(part)
    if not seconds.is_finite() or seconds < 0 or (length is not None and seconds > length):
        raise Refused(_("This moment lies outside the film."), status=400, code="moment")
    return seconds.quantize(MILLI)


def _length(part: DeliveryPart) -> float | None:
    """Of the delivered version in seconds, as it was inspected last."""
    rows = Inspection.objects.filter(version=part.version_id, state=Inspection.State.DONE).order_by("-pk")
    report = rows.values_list("report", flat=True).first() or {}
    length = (report.get("video") or {}).get("duration")
    return length if isinstance(length, int | float) else None
