"""Writes of requests for more time: a team asks and takes back, an organiser declines.

Granting is `delivery_actions.extend`, which calls `grant_request`: more time is written in one way, asked for or not.
Everybody who writes here holds the place's row first.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.people.actor import Actor
from submissions.cohorts import letters, permissions
from submissions.cohorts.delivery_queries import SETTLED, due_of, open_request
from submissions.cohorts.models import Delivery, Milestone, Place, TimeRequest
from submissions.event_log import log_event

State = TimeRequest.State
LONGEST = 2000  # characters of why, and of the answer
MOST_A_DAY = 5


@transaction.atomic
def ask(
    *, place: Place, milestone: Milestone, until: datetime, message: str, by: Actor, at: datetime
) -> TimeRequest:
    """The team asks for more time for a milestone, and says why. The organisers are told.

    Refused while one waits, once what was handed in is before the organisers, accepted or rejected, for a day that is
    no later than it has now or after the cohort's end, and (429) beyond MOST_A_DAY.
    """
    held = _hold(place)
    if not permissions.can_ask_time(by, held) or milestone.cohort_id != held.cohort_id:
        text = _("Only the entrant of a team that has its place can do this.")
        raise Refused(text, status=403, code="not_allowed")
    mine = Delivery.objects.filter(place=held, milestone=milestone)
    newest = mine.order_by("-number").first()
    if newest is not None and newest.state in SETTLED:
        raise Refused(
            _("Nothing more is asked for here now, so there is no more time to ask for."), code="settled"
        )
    if open_request(held, milestone) is not None:
        raise Refused(_("You have asked already. Take it back first to ask for another day."), code="open")
    message = _text(message)
    if not message:
        raise Refused(_("Say why: the organisers decide by it."), status=400, code="no_reason")
    if until <= at:
        raise Refused(_("This moment is over already. Choose a later one."), status=400, code="past")
    if until <= due_of(held, milestone):
        raise Refused(_("You have as much time already. Choose a later day."), status=400, code="earlier")
    if until > held.cohort.ends_at:
        text = _("The cohort ends before. Choose an earlier day; nothing is taken afterwards.")
        raise Refused(text, status=400, code="after_end")
    recent = TimeRequest.objects.filter(place=held, at__gt=at - timedelta(days=1))
    if recent.count() >= MOST_A_DAY:
        text = _("You have asked %(count)d times within a day. Ask again tomorrow.")
        raise Refused(text % {"count": MOST_A_DAY}, status=429, code="too_many")
    row = TimeRequest.objects.create(
        place=held, milestone=milestone, until=until, message=message, by=by.user, at=at
    )
    _log(row, "time_asked", by, at, deadline=until.isoformat())
    letters.tell_organisers(
        held, milestone, "milestone_time_asked", at, deadline=until.isoformat(), reason=message
    )
    return row


@transaction.atomic
def take_back(*, place: Place, milestone: Milestone, by: Actor, at: datetime) -> None:
    """The team needs it no longer. Twice is once; refused when it was decided meanwhile."""
    held = _hold(place)
    if not permissions.can_ask_time(by, held):
        text = _("Only the entrant of a team that has its place can do this.")
        raise Refused(text, status=403, code="not_allowed")
    newest = TimeRequest.objects.filter(place=held, milestone=milestone).first()
    if newest is None or newest.state == State.OVER:
        return
    if newest.state != State.ASKED:
        raise Refused(_("The organisers have decided meanwhile. Reload the page."), code="changed")
    end_request(place=held, milestone=milestone, by=by, at=at)


@transaction.atomic
def decline(
    *, place: Place, milestone: Milestone, request: int | None, answer: str, by: Actor, at: datetime
) -> TimeRequest:
    """The day stays, with a sentence that the team reads."""
    held = _hold(place)
    if not permissions.can_run(by, held.cohort.edition_id):
        raise Refused(_("Only the organisers of this contest can do this."), status=403, code="not_allowed")
    row = _as_seen(held, milestone, request)
    if row is None:
        raise Refused(
            _("This request was answered or taken back meanwhile. Look at it again."), code="changed"
        )
    answer = _text(answer)
    if not answer:
        raise Refused(_("Say why; the team reads it."), status=400, code="no_reason")
    row.answer = answer
    _decide(row, State.DECLINED, by, at)
    _log(row, "time_declined", by, at, reason=answer)
    letters.tell_team(
        held,
        "milestone_time_declined",
        at,
        milestone=milestone.name,
        deadline=due_of(held, milestone).isoformat(),
        reason=answer,
    )
    return row


def grant_request(
    *, place: Place, milestone: Milestone, request: int | None, by: Actor, at: datetime
) -> TimeRequest | None:
    """The team's request is granted; the caller holds the place's row, and writes how much time it is given."""
    row = _as_seen(place, milestone, request)
    if row is not None:
        _decide(row, State.GRANTED, by, at)
    return row


def end_request(*, place: Place, milestone: Milestone, by: Actor, at: datetime) -> None:
    """Nobody needs to decide any more: it was taken back, or the team has handed in. The place's row is held."""
    row = open_request(place, milestone)
    if row is not None:
        row.place, row.milestone = place, milestone
        _decide(row, State.OVER, by, at)
        _log(row, "time_taken_back", by, at)


def end_requests(*, place: Place, by: Actor, at: datetime) -> None:
    """The same for all of a team whose place is over; the log says that it is."""
    for row in TimeRequest.objects.filter(place=place, state=State.ASKED):
        _decide(row, State.OVER, by, at)


def _as_seen(place: Place, milestone: Milestone, request: int | None) -> TimeRequest | None:
    """The open request, if it is the one that the organiser has seen; None where none was seen and none is there."""
    row = open_request(place, milestone)
    if (row.pk if row else None) == request:
        if row is not None:
            row.place, row.milestone = place, milestone
        return row
    if row is None:
        raise Refused(
            _("This request was answered or taken back meanwhile. Look at it again."), code="changed"
        )
    raise Refused(_("The team has asked for more time meanwhile. Look at it again."), code="changed")


def _decide(row: TimeRequest, state: TimeRequest.State, by: Actor, at: datetime) -> None:
    row.state, row.decided_by, row.decided_at = state, by.user, at
    row.save(update_fields=["state", "decided_by", "decided_at", "answer"])


def _log(row: TimeRequest, kind: str, by: Actor, at: datetime, **values: str) -> None:
    if row.place.entry is not None:
        log_event(entry=row.place.entry, kind=kind, by=by, at=at, milestone=row.milestone.name, **values)


def _text(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST:
        message = _("At most %(most)s characters are taken here.")
        raise Refused(message % {"most": LONGEST}, status=413, code="too_long")
    return text


def _hold(place: Place) -> Place:
    rows = Place.objects.select_for_update(of=("self",))
    return rows.select_related("cohort__edition", "entry__entrant", "by").get(pk=place.pk)
