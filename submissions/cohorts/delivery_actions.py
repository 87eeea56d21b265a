"""Writes of deliveries: parts are collected, handed in, reviewed; more time is given.

Every action holds the place's row, so that a team has one delivery under way for a milestone, and one tranche.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.kit.words import say
from festival.people.actor import Actor
from submissions.cohorts import letters, permissions, support_actions, time_actions
from submissions.cohorts.delivery_queries import due_of, missing_in
from submissions.cohorts.models import Deliverable, Delivery, DeliveryPart, Extension, Milestone, Place
from submissions.event_log import log_event
from submissions.models import Attachment, FilmVersion

State, Kind = Delivery.State, Deliverable.Kind
LONGEST = 20_000  # characters of a text, a message or a review


@transaction.atomic
def collect(
    *,
    place: Place,
    deliverable: Deliverable,
    by: Actor,
    at: datetime,
    version: FilmVersion | None = None,
    attachment: Attachment | None = None,
    text: str = "",
) -> DeliveryPart:
    """Put one thing into the team's delivery for the milestone; it takes the place of what was there for it.

    The first thing begins the delivery. Refused while one is being reviewed, and after one was accepted.
    """
    milestone = deliverable.milestone
    _hold_asked(milestone, deliverable)
    held = _hold(place)
    _assert_delivers(held, by)
    if milestone.cohort_id != held.cohort_id:
        raise Refused(_("This is not asked of your team."), status=400, code="other_cohort")
    given = _given(held, deliverable, version, attachment, text)
    delivery = _open(held, milestone, by, at)
    part, _made = DeliveryPart.objects.update_or_create(
        delivery=delivery, deliverable=deliverable, defaults=given
    )
    return part


@transaction.atomic
def take_out(*, part: DeliveryPart, by: Actor) -> None:
    """Take one thing out of a delivery that is not handed in."""
    held = _hold(part.delivery.place)
    _assert_delivers(held, by)
    delivery = Delivery.objects.get(pk=part.delivery_id)
    if delivery.state != State.OPEN:
        raise Refused(_("What was handed in is no longer changed."), code="not_open")
    part.delete()


Given = FilmVersion | Attachment | str | None


@transaction.atomic
def fill(
    *,
    place: Place,
    milestone: Milestone,
    given: Mapping[Deliverable, Given],
    message: str,
    by: Actor,
    at: datetime,
) -> Delivery | None:
    """Keep all that a team has put together so far: what is given for each deliverable, nothing takes it out again.

    None where nothing is given and no delivery was begun.
    """
    _hold_asked(milestone)
    held = _hold(place)
    _assert_delivers(held, by)
    there = {
        part.deliverable_id: part
        for part in DeliveryPart.objects.filter(
            delivery__place=held, delivery__milestone=milestone, delivery__state=State.OPEN
        )
    }
    for deliverable, thing in given.items():
        if thing:
            values: dict[str, Any] = {
                "version": thing if isinstance(thing, FilmVersion) else None,
                "attachment": thing if isinstance(thing, Attachment) else None,
                "text": thing if isinstance(thing, str) else "",
            }
            collect(place=held, deliverable=deliverable, by=by, at=at, **values)
        elif deliverable.pk in there:
            there[deliverable.pk].delete()
    begun = Delivery.objects.filter(place=held, milestone=milestone, state=State.OPEN).first()
    if begun is not None:
        begun.message = _text(message)
        begun.save(update_fields=["message"])
    return begun


@transaction.atomic
def hand_in(*, place: Place, milestone: Milestone, by: Actor, at: datetime, message: str = "") -> Delivery:
    """Hand the collected parts in; from now on they stay as they are. Late when due, extensions counted."""
    held = _hold(place)
    _assert_delivers(held, by)
    delivery = Delivery.objects.filter(place=held, milestone=milestone, state=State.OPEN).first()
    if delivery is None:
        raise Refused(_("There is nothing to hand in yet."), code="nothing")
    if missing := missing_in(delivery):
        names = ", ".join(say(one.name) for one in missing)
        text = _("This is missing: %(names)s.")
        raise Refused(text % {"names": names}, status=400, code="missing")
    if not delivery.parts.exists():
        raise Refused(_("There is nothing to hand in yet."), code="nothing")
    delivery.state, delivery.handed_in_at, delivery.by = State.HANDED_IN, at, by.user
    delivery.message, delivery.late = _text(message), at >= due_of(held, milestone)
    delivery.save()
    _log(delivery, "delivery_handed_in", by, at)
    time_actions.end_request(place=held, milestone=milestone, by=by, at=at)
    letters.tell_organisers(held, milestone, "delivery_handed_in", at)
    return delivery


KINDS = {
    State.ACCEPTED: "delivery_accepted",
    State.CHANGES: "delivery_changes",
    State.REJECTED: "delivery_rejected",
}
"""What the team is told, and what is logged, by the outcome of a review."""


@transaction.atomic
def review(
    *,
    delivery: Delivery,
    outcome: str,
    text: str,
    by: Actor,
    at: datetime,
    again_by: datetime | None = None,
) -> Delivery:
    """Accept what was handed in, whereupon the milestone's grant is due; ask for changes, and say which, and perhaps by
    when; or reject it for good, with the reason: then the milestone is not met, and its grant is never promised.
    """
    place = _hold(delivery.place)
    if not permissions.can_review(by, place):
        raise Refused(_("Only the organisers of this contest can do this."), status=403, code="not_allowed")
    if outcome not in KINDS:
        raise Refused(_("Accept it, ask for changes, or reject it."), status=400, code="no_outcome")
    held = Delivery.objects.select_related("milestone").get(pk=delivery.pk)
    held.place = place
    if held.state != State.HANDED_IN:
        raise Refused(_("This delivery was reviewed already. Look at it again."), code="changed")
    text = _text(text)
    if outcome == State.CHANGES and not text:
        raise Refused(_("Say what should be changed."), status=400, code="no_text")
    if outcome == State.REJECTED and not text:
        raise Refused(_("Say why it is rejected; the team reads it."), status=400, code="no_text")
    held.state = outcome
    held.reviewed_at, held.reviewer, held.review = at, by.user, text
    held.again_by = _again_by(held, again_by, at) if outcome == State.CHANGES else None
    held.save()
    if outcome == State.ACCEPTED:
        support_actions.promise_grant(delivery=held, by=by, at=at)
    _log(held, KINDS[State(outcome)], by, at)
    _tell(held, KINDS[State(outcome)], text, at)
    return held


@transaction.atomic
def reopen(
    *, delivery: Delivery, reason: str, by: Actor, at: datetime, again_by: datetime | None = None
) -> Delivery:
    """Let a team go on whose delivery was rejected: it makes the next version. With a reason that it reads."""
    place = _hold(delivery.place)
    if not permissions.can_review(by, place):
        raise Refused(_("Only the organisers of this contest can do this."), status=403, code="not_allowed")
    held = Delivery.objects.select_related("milestone").get(pk=delivery.pk)
    held.place = place
    if held.state != State.REJECTED:
        raise Refused(_("This delivery is not rejected any more. Look at it again."), code="changed")
    if place.state != Place.State.ACCEPTED:
        raise Refused(_("This team has no place any more."), code="no_team")
    reason = _text(reason)
    if not reason:
        raise Refused(_("Say why; the team reads it."), status=400, code="no_reason")
    held.state, held.reopened_at, held.reopener, held.reopening = State.CHANGES, at, by.user, reason
    held.again_by = _again_by(held, again_by, at)
    held.save()
    _log(held, "delivery_reopened", by, at)
    _tell(held, "delivery_reopened", reason, at)
    return held


def _again_by(delivery: Delivery, until: datetime | None, at: datetime) -> datetime | None:
    """The date of the next version, where one is said: to come, and before the cohort's end."""
    if until is None:
        return None
    if until <= at:
        raise Refused(_("This moment is over already. Choose a later one."), status=400, code="past")
    if until > delivery.place.cohort.ends_at:
        text = _("The cohort ends before. Choose an earlier day; nothing is taken afterwards.")
        raise Refused(text, status=400, code="after_end")
    return until


def _tell(delivery: Delivery, kind: str, text: str, at: datetime) -> None:
    """The letter to the team; with a date for the next version it is another one."""
    values = {"milestone": delivery.milestone.name, "reason": text}
    if delivery.again_by is not None:
        kind, values["deadline"] = f"{kind}_by", delivery.again_by.isoformat()
    letters.tell_team(delivery.place, kind, at, **values)


@transaction.atomic
def extend(
    *,
    place: Place,
    milestone: Milestone,
    until: datetime,
    reason: str,
    by: Actor,
    at: datetime,
    request: int | None = None,
) -> Extension:
    """Give one team more time for a milestone. Refused for a moment that is over, or not later than it has now.

    `request` is the id of the team's request that it grants, None for none. Refused when that one was decided or taken
    back meanwhile, or when one stands there that the organiser has not seen.
    """
    held = _hold(place)
    if not permissions.can_run(by, held.cohort.edition_id):
        raise Refused(_("Only the organisers of this contest can do this."), status=403, code="not_allowed")
    if held.state != Place.State.ACCEPTED or milestone.cohort_id != held.cohort_id:
        raise Refused(_("This team has no such milestone."), code="no_team")
    if not _text(reason):
        raise Refused(_("Say why; the team reads it."), status=400, code="no_reason")
    if until <= at:
        raise Refused(_("This moment is over already. Choose a later one."), status=400, code="past")
    if until <= due_of(held, milestone):
        raise Refused(_("The team has as much time already. Choose a later day."), status=400, code="earlier")
    time_actions.grant_request(place=held, milestone=milestone, request=request, by=by, at=at)
    row = Extension.objects.create(
        place=held, milestone=milestone, until=until, reason=_text(reason), by=by.user, at=at
    )
    if held.entry is not None:
        values = {"milestone": milestone.name, "deadline": until.isoformat(), "reason": row.reason}
        log_event(entry=held.entry, kind="milestone_extended", by=by, at=at, **values)
    letters.tell_team(
        held,
        "milestone_extended",
        at,
        milestone=milestone.name,
        deadline=until.isoformat(),
        reason=row.reason,
    )
    return row


def _given(
    place: Place,
    deliverable: Deliverable,
    version: FilmVersion | None,
    attachment: Attachment | None,
    text: str,
) -> dict[str, object]:
    """The one thing that fits the deliverable's kind, as the part's columns."""
    text = _text(text)
    if deliverable.kind == Kind.FILM:
        if version is None or version.entry_id != place.entry_id or version.is_gone:
            raise Refused(_("Choose a version of your film."), status=400, code="no_film")
        return {"version": version, "attachment": None, "text": ""}
    if deliverable.kind in (Kind.DOCUMENT, Kind.PICTURE):
        return {"version": None, "attachment": _file(place, deliverable, attachment), "text": ""}
    if deliverable.kind == Kind.LINK:
        address = urlsplit(text)
        if address.scheme not in ("http", "https") or not address.hostname or len(text.split()) != 1:
            raise Refused(_("Give a web address that begins with https://."), status=400, code="no_link")
    if not text:
        raise Refused(_("Write something first."), status=400, code="no_text")
    return {"version": None, "attachment": None, "text": text}


def _file(place: Place, deliverable: Deliverable, attachment: Attachment | None) -> Attachment:
    if attachment is None or attachment.entry_id != place.entry_id:
        raise Refused(_("Choose a file of yours."), status=400, code="no_file")
    if attachment.state != Attachment.State.READY:
        raise Refused(_("This file is still being read, or cannot be used."), code="not_ready")
    is_picture = "picture" in attachment.facts
    if is_picture != (deliverable.kind == Kind.PICTURE):
        raise Refused(
            _("This file is of another kind than what is asked for."), status=400, code="other_kind"
        )
    elsewhere = DeliveryPart.objects.filter(attachment=attachment)
    if elsewhere.exclude(deliverable=deliverable, delivery__state=State.OPEN).exists():
        raise Refused(_("This file was delivered already. Send a new one."), code="twice")
    return attachment


def _open(place: Place, milestone: Milestone, by: Actor, at: datetime) -> Delivery:
    """The delivery that is being collected, or a new one."""
    rows = Delivery.objects.filter(place=place, milestone=milestone)
    newest = rows.order_by("-number").first()
    if newest is not None and newest.state == State.OPEN:
        return newest
    if newest is not None and newest.state == State.HANDED_IN:
        raise Refused(_("What you handed in is being reviewed. Wait for the answer."), code="in_review")
    if newest is not None and newest.state == State.ACCEPTED:
        raise Refused(_("This milestone is accepted: nothing more is asked for."), code="accepted")
    if newest is not None and newest.state == State.REJECTED:
        text = _("What you handed in was rejected: nothing more is taken for this milestone.")
        raise Refused(text, code="rejected")
    last = rows.aggregate(last=Max("number"))["last"] or 0
    return Delivery.objects.create(
        place=place, milestone=milestone, number=last + 1, created_at=at, by=by.user
    )


def _assert_delivers(place: Place, by: Actor) -> None:
    if not permissions.can_deliver(by, place):
        text = _("Only the entrant of a team that has its place can do this.")
        raise Refused(text, status=403, code="not_allowed")


def _log(delivery: Delivery, kind: str, by: Actor, at: datetime) -> None:
    entry = delivery.place.entry
    if entry is not None:
        name = delivery.milestone.name
        log_event(entry=entry, kind=kind, by=by, at=at, milestone=name, number=delivery.number)


def _text(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST:
        message = _("At most %(most)s characters are taken here.")
        raise Refused(message % {"most": LONGEST}, status=413, code="too_long")
    return text


def _hold_asked(milestone: Milestone, *deliverables: Deliverable) -> None:
    """Before the place is held: an organiser who takes what is asked for away (`judging.cohort_setup_actions`, which
    holds milestones and then writes for places) comes before this, or after it.
    """
    there = list(Milestone.objects.select_for_update(no_key=True).filter(pk=milestone.pk).values("pk"))
    asked = Deliverable.objects.filter(pk__in=[one.pk for one in deliverables], milestone=milestone)
    if not there or asked.count() < len(deliverables):
        raise Refused(_("This is not asked for any more. Reload the page."), code="gone")


def _hold(place: Place) -> Place:
    rows = Place.objects.select_for_update(of=("self",))
    return rows.select_related("cohort__edition", "entry__entrant", "by").get(pk=place.pk)
