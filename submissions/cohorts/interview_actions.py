"""Writes of interviews: slots made from a span of time, booked by teams, moved, given back.

Every action holds the edition's row first, so that within an edition no room, no interviewer and no team is in two
interviews at once; that a team has one slot and a slot one team, the database holds too.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.kit.incoming import one_line
from festival.kit.words import moment_text
from festival.people.actor import Actor
from festival.people.models import User
from submissions.cohorts import mentoring_letters, permissions
from submissions.cohorts.interview_queries import interviewers_for, span
from submissions.cohorts.models import Cohort, Interview, Place

MOST_SLOTS = 100  # made at once
MOST_MINUTES = 8 * 60


@transaction.atomic
def make_slots(
    *,
    cohort: Cohort,
    starts_at: datetime,
    ends_at: datetime,
    minutes: int,
    gap: int,
    room: str,
    link: str,
    interviewers: Sequence[User],
    by: Actor,
    at: datetime,
) -> list[Interview]:
    """Free slots of `minutes` in one room, one after the other with `gap` minutes between them, as many as end by
    `ends_at`. All have the same interviewers.

    Refused where the room or an interviewer is taken in between, and where not one fits.
    """
    held = _hold(cohort, by)
    if starts_at <= at:
        raise Refused(_("This moment is over already. Choose a later one."), status=400, code="past")
    if not 1 <= minutes <= MOST_MINUTES or not 0 <= gap <= MOST_MINUTES:
        raise Refused(_("Say how many minutes an interview takes, up to 480."), status=400, code="minutes")
    times = span(starts_at, ends_at, minutes, gap)
    if not times:
        raise Refused(_("Not one interview fits between these times."), status=400, code="none_fits")
    if len(times) > MOST_SLOTS:
        text = ngettext(
            "That is more than %(most)d time at once.",
            "That are more than %(most)d times at once.",
            MOST_SLOTS,
        )
        raise Refused(text % {"most": MOST_SLOTS}, status=400, code="too_many")
    room, people = _room(room), _interviewers(held, interviewers)
    for start, end in times:
        _assert_free(held, start, end, room, people)
    rows = Interview.objects.bulk_create(
        Interview(cohort=held, starts_at=start, ends_at=end, room=room, link=link) for start, end in times
    )
    through = Interview.interviewers.through
    through.objects.bulk_create(through(interview=row, user=user) for row in rows for user in people)
    return rows


@transaction.atomic
def change_slot(
    *,
    slot: Interview,
    starts_at: datetime,
    minutes: int,
    room: str,
    link: str,
    interviewers: Sequence[User],
    by: Actor,
    at: datetime,
) -> Interview:
    """Another time, room or other interviewers; a team that has the slot keeps it and is told, as are all who come."""
    cohort = _hold(slot.cohort, by)
    held = _fresh(slot)
    if starts_at <= at:
        raise Refused(_("This moment is over already. Choose a later one."), status=400, code="past")
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refused(_("Say how many minutes an interview takes, up to 480."), status=400, code="minutes")
    room, people = _room(room), _interviewers(cohort, interviewers)
    end = starts_at + timedelta(minutes=minutes)
    _assert_free(cohort, starts_at, end, room, people, but=held)
    before, was = list(held.interviewers.all()), held.starts_at
    if held.place is not None:
        _assert_team_free(held.place, starts_at, end, but=held)
        held.changes = _next_change(cohort)
    held.starts_at, held.ends_at, held.room, held.link = starts_at, end, room, link
    held.save()
    held.interviewers.set(people)
    if held.place is not None:
        mentoring_letters.tell_booked(held, held.place, by, at)
        gone = [user for user in before if user not in people]
        mentoring_letters.tell_cancelled(held.place, was, gone, by, at)
    return held


@transaction.atomic
def remove_slot(*, slot: Interview, by: Actor) -> None:
    """Take a slot away that nobody has booked."""
    _hold(slot.cohort, by)
    if not Interview.objects.filter(pk=slot.pk, place=None).delete()[0]:
        raise Refused(_("A team has this time. Take it back from the team first."), code="booked")


@transaction.atomic
def announce(*, cohort: Cohort, by: Actor, at: datetime) -> int:
    """Tell every team that has its place and no time yet that it can choose; gives how many.

    Refused without free times.
    """
    held = _hold(cohort, by)
    if not Interview.objects.filter(cohort=held, place=None, starts_at__gt=at).exists():
        raise Refused(_("There are no free times. Make some first."), code="none_free")
    rows = Place.objects.filter(cohort=held, state=Place.State.ACCEPTED, interview=None)
    places = list(rows.select_related("cohort__edition", "entry__entrant"))
    for place in places:
        mentoring_letters.tell_entrant(place, "interviews_open", at)
    return len(places)


@transaction.atomic
def book(*, place: Place, slot: Interview, by: Actor, at: datetime) -> Interview:
    """Give a team a free slot: chosen by its entrant, or by an organiser. One that it had before becomes free.

    Refused when another team was faster, when the slot has begun, and when the team is in another interview then.
    """
    cohort = _hold(place.cohort)
    held, new = _place(place), _fresh(slot)
    if not permissions.can_book(by, held):
        raise Refused(_("You cannot choose a time for this team."), status=403, code="not_allowed")
    if new.cohort_id != held.cohort_id:
        raise Refused(_("This time belongs to another cohort."), status=400, code="other_cohort")
    if new.place_id == held.pk:
        return new
    if new.place_id is not None:
        raise Refused(_("Another team was faster. Choose another time."), code="taken")
    if new.starts_at <= at:
        raise Refused(_("This moment is over already. Choose a later one."), code="past")
    old = Interview.objects.filter(place=held).prefetch_related("interviewers").first()
    if old is not None and old.starts_at <= at:
        raise Refused(_("The interview of this team has begun already."), code="begun")
    _assert_team_free(held, new.starts_at, new.ends_at, but=old)
    changes = _next_change(cohort)
    if old is not None:
        old.place = old.booked_at = None
        old.save(update_fields=["place", "booked_at"])
    new.place, new.booked_at, new.changes = held, at, changes
    new.save(update_fields=["place", "booked_at", "changes"])
    mentoring_letters.tell_booked(new, held, by, at)
    if old is not None:
        coming = set(new.interviewers.all())
        gone = [user for user in old.interviewers.all() if user not in coming]
        mentoring_letters.tell_cancelled(held, old.starts_at, gone, by, at)
    return new


@transaction.atomic
def cancel(*, place: Place, by: Actor, at: datetime, reason: str = "") -> Interview:
    """Give a team's slot back, or, as an organiser, take it back with a reason. The slot is free again."""
    _hold(place.cohort)
    held = _place(place)
    if not permissions.can_book(by, held):
        raise Refused(_("You cannot choose a time for this team."), status=403, code="not_allowed")
    slot = Interview.objects.filter(place=held).first()
    if slot is None:
        raise Refused(_("This team has no time for an interview."), code="none")
    if slot.starts_at <= at:
        raise Refused(_("The interview of this team has begun already."), code="begun")
    reason = reason.strip()
    if not reason and not permissions.is_team(by, held):
        raise Refused(_("Say why; the team reads it."), status=400, code="no_reason")
    assert held.entry is not None
    people = {user.pk: user for user in (held.entry.entrant, *slot.interviewers.all())}
    release(place=held, at=at)
    mentoring_letters.tell_cancelled(held, slot.starts_at, people.values(), by, at, reason)
    return slot


def release(*, place: Place, at: datetime) -> None:
    """Free the slot of a team that no longer needs it, unless it has begun."""
    Interview.objects.filter(place=place, starts_at__gt=at).update(place=None, booked_at=None)


def _room(text: str) -> str:
    room = one_line(text)[:200]
    if not room:
        raise Refused(_("Say where: a room, or online."), status=400, code="room")
    return room


def _interviewers(cohort: Cohort, users: Sequence[User]) -> list[User]:
    known = {user.pk for user in interviewers_for(cohort.edition)}
    if not users or any(user.pk not in known for user in users):
        raise Refused(_("Choose who leads the interviews."), status=400, code="interviewers")
    return list(users)


def _assert_free(
    cohort: Cohort,
    start: datetime,
    end: datetime,
    room: str,
    people: Sequence[User],
    but: Interview | None = None,
) -> None:
    """The edition's row is held."""
    rows = Interview.objects.filter(
        cohort__edition=cohort.edition_id, starts_at__lt=end, ends_at__gt=start
    ).exclude(pk=but.pk if but else None)
    clash = rows.filter(Q(room__iexact=room) | Q(interviewers__in=people)).distinct().first()
    if clash is None:
        return
    when = moment_text(clash.starts_at, cohort.edition.time_zone)
    if clash.room.lower() == room.lower():
        text = _("There is an interview in %(room)s already: %(when)s.")
        raise Refused(text % {"room": clash.room, "when": when}, code="room_taken")
    name = next(str(user) for user in clash.interviewers.all() if user in people)
    text = _("%(person)s is in another interview then: %(when)s, %(room)s.")
    raise Refused(text % {"person": name, "when": when, "room": clash.room}, code="interviewer_taken")


def _assert_team_free(place: Place, start: datetime, end: datetime, but: Interview | None) -> None:
    """A team can have places in two cohorts of an edition."""
    rows = Interview.objects.filter(place__entry=place.entry_id, starts_at__lt=end, ends_at__gt=start)
    if rows.exclude(pk=but.pk if but else None).exists():
        raise Refused(_("The team is in another interview then."), code="team_taken")


def _next_change(cohort: Cohort) -> int:
    last = Interview.objects.filter(cohort=cohort).aggregate(last=Max("changes"))["last"]
    return (last or 0) + 1


def _hold(cohort: Cohort, by: Actor | None = None) -> Cohort:
    """The edition's row, held; `by`: who must be an organiser, where one is named."""
    Edition.objects.select_for_update(of=("self",), no_key=True).get(pk=cohort.edition_id)
    held = Cohort.objects.select_related("edition").get(pk=cohort.pk)
    if by is not None and not permissions.can_run(by, held.edition):
        raise Refused(_("Only the organisers of this contest can do this."), status=403, code="not_allowed")
    return held


def _fresh(slot: Interview) -> Interview:
    found = Interview.objects.select_related("place__cohort__edition", "place__entry__entrant").filter(
        pk=slot.pk
    )
    row = found.first()
    if row is None:
        raise Refused(_("This time was taken away. Choose another."), code="gone")
    return row


def _place(place: Place) -> Place:
    rows = Place.objects.select_for_update(of=("self",))
    return rows.select_related("cohort__edition", "entry__entrant").get(pk=place.pk)
