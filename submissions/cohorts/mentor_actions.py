"""Writes of mentoring: who accompanies a team, what was talked about, and what is to be done."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.kit.incoming import one_line
from festival.people.actor import Actor
from festival.people.addresses import account_with
from submissions.cohorts import mentoring_letters, permissions
from submissions.cohorts.models import ActionItem, Mentor, Place, Session
from submissions.permissions import is_maker

LONGEST = 20_000  # characters of notes
LONGEST_ITEM = 400
MOST_MINUTES = 24 * 60


@transaction.atomic
def add_mentor(*, places: Sequence[Place], email: str, by: Actor, at: datetime) -> list[Mentor]:
    """Name an account as the mentor of these teams; she sees them and no others. Teams she has already are left alone.

    Refused for an address without an account, and for a team whose film she makes herself.
    """
    held = [_hold(place) for place in sorted(places, key=lambda place: place.pk)]
    if not held:
        raise Refused(_("Choose at least one team."), status=400, code="no_team")
    if not all(permissions.can_run(by, place.cohort.edition_id) for place in held):
        raise Refused(_("Only the organisers of this contest can do this."), status=403, code="not_allowed")
    for place in held:
        _assert_accepted(place)
    user = account_with(email.strip())
    if user is None:
        raise Refused(
            _(
                "There is no account with this address, or the address is not confirmed. Ask her to make one first."
            ),
            status=400,
            code="no_account",
        )
    actor = Actor(user=user)
    for place in held:
        if place.entry is not None and is_maker(actor, place.entry):
            raise Refused(
                _("%(person)s makes “%(title)s” and cannot be its mentor.")
                % {"person": user, "title": place.entry.title},
                code="own",
            )
    named = []
    for place in held:
        row, made = Mentor.objects.get_or_create(place=place, user=user, defaults={"added_at": at})
        if made:
            named.append(row)
            mentoring_letters.tell([user], place, "mentor_named", at)
            mentoring_letters.tell_entrant(place, "mentor_joins", at, person=one_line(str(user)))
    return named


@transaction.atomic
def remove_mentor(*, mentor: Mentor, by: Actor) -> None:
    """From now on she does not see the team; what she wrote stays."""
    if not permissions.can_run(by, mentor.place.cohort.edition_id):
        raise Refused(_("Only the organisers of this contest can do this."), status=403, code="not_allowed")
    Mentor.objects.filter(pk=mentor.pk).delete()


@transaction.atomic
def write_session(
    *,
    place: Place,
    held_at: datetime,
    minutes: int | None,
    notes: str,
    inner: str,
    by: Actor,
    at: datetime,
    session: Session | None = None,
) -> Session:
    """A session as it was, or `session` changed. The team reads `notes`; `inner` is for mentors and organisers alone.

    The entrant is told once there are notes to be read. Refused without a word, and for a day that has not come.
    """
    held = _hold(place)
    if session is None:
        row = Session(place=held, by=by.user, at=at)
    else:
        row = Session.objects.select_for_update(of=("self",)).get(pk=session.pk, place=held)
        row.place = held
    allowed = permissions.can_mentor(by, held) if session is None else permissions.can_rewrite(by, row)
    if not allowed:
        raise Refused(_("You cannot write notes here."), status=403, code="not_allowed")
    notes, inner = notes.strip()[:LONGEST], inner.strip()[:LONGEST]
    if not notes and not inner:
        raise Refused(_("Write something first."), status=400, code="no_text")
    if held_at > at:
        raise Refused(_("This session has not been held yet."), status=400, code="future")
    if minutes is not None and not 0 < minutes <= MOST_MINUTES:
        raise Refused(_("Say how many minutes it took, or leave it empty."), status=400, code="minutes")
    news = bool(notes) and not row.notes
    row.held_at, row.minutes, row.notes, row.inner = held_at, minutes, notes, inner
    row.save()
    if news:
        mentoring_letters.tell_entrant(held, "session_noted", at, **{"from": held_at.isoformat()})
    return row


@transaction.atomic
def remove_session(*, session: Session, by: Actor) -> None:
    """Take a session away, with its notes; what was agreed in it stays."""
    if not permissions.can_rewrite(by, session):
        raise Refused(_("Only who wrote it can take it away."), status=403, code="not_allowed")
    Session.objects.filter(pk=session.pk).delete()


@transaction.atomic
def add_item(
    *,
    place: Place,
    text: str,
    of_team: bool,
    due_on: date | None,
    by: Actor,
    at: datetime,
    session: Session | None = None,
) -> ActionItem:
    """Something to be done: by the team, or else by its mentors. The team writes down only what is its own to do."""
    held = _hold(place)
    _assert_accepted(held)
    if not permissions.can_add_item(by, held):
        raise Refused(_("You cannot write down here what is to be done."), status=403, code="not_allowed")
    text = one_line(text)
    if not 0 < len(text) <= LONGEST_ITEM:
        message = _("Say what is to be done, in at most %(most)s characters.")
        raise Refused(message % {"most": LONGEST_ITEM}, status=400, code="text")
    if session is not None and session.place_id != held.pk:
        raise Refused(_("This session was another team's."), status=400, code="session")
    return ActionItem.objects.create(
        place=held,
        session=session,
        text=text,
        of_team=of_team or not permissions.can_mentor(by, held),
        due_on=due_on,
        by=by.user,
        at=at,
    )


@transaction.atomic
def tick_item(*, item: ActionItem, done: bool, by: Actor, at: datetime) -> ActionItem:
    """It is done, or not yet after all. Twice is once: the first time is kept."""
    place = _hold(item.place)
    held = ActionItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    held.place = place
    if not permissions.can_tick(by, held):
        raise Refused(_("This is for somebody else to tick."), status=403, code="not_allowed")
    if done != (held.done_at is not None):
        held.done_at = at if done else None
        held.save(update_fields=["done_at"])
    return held


@transaction.atomic
def remove_item(*, item: ActionItem, by: Actor) -> None:
    """Take away what is no longer to be done: who wrote it, and the organisers; the team what it wrote itself."""
    own = item.by_id == by.id and permissions.can_tick(by, item)
    if not (own or permissions.can_rewrite(by, item)):
        raise Refused(_("Only who wrote it can take it away."), status=403, code="not_allowed")
    ActionItem.objects.filter(pk=item.pk).delete()


def _assert_accepted(place: Place) -> None:
    if place.state != Place.State.ACCEPTED:
        raise Refused(_("This team does not have its place now."), code="no_team")


def _hold(place: Place) -> Place:
    rows = Place.objects.select_for_update(of=("self",))
    return rows.select_related("cohort__edition", "entry__entrant").get(pk=place.pk)
