"""Writes of places: invited, offered, taken or not, and left.

Every action holds the cohort's row first and the place's second, so that no more places are offered and accepted
together than there are, and no two answers are taken.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.kit.errors import Refused
from festival.kit.incoming import one_line
from festival.people.actor import SYSTEM, Actor
from festival.people.models import LANGUAGES
from submissions.actions import begin_draft
from submissions.cohorts import interview_actions, letters, permissions, support_actions, time_actions
from submissions.cohorts.links import hash_of, token_of
from submissions.cohorts.models import Cohort, Place
from submissions.cohorts.place_queries import LIVE, free_places, next_waiting, overdue
from submissions.event_log import log_event
from submissions.lifecycle import State as EntryState
from submissions.models import Entry
from submissions.permissions import is_entrant

State = Place.State
OVER = (EntryState.WITHDRAWN, EntryState.REFUSED)


@transaction.atomic
def invite(
    *,
    cohort: Cohort,
    email: str,
    name: str,
    language: str,
    by: Actor,
    at: datetime,
    note: str = "",
    rank: int | None = None,
) -> Place:
    """Put somebody on the list of a cohort that is filled by invitation: at `rank`, or at the end.

    No letter goes out before the place is offered. Refused for an address that is on the list.
    """
    held = _hold_cohort(cohort, by)
    if held.source or held.track_id is None:
        raise Refused(_("The places of this cohort are filled by a round of judging."), code="by_round")
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(_("This is no e-mail address."), status=400, code="address") from None
    if language not in dict(LANGUAGES):
        raise Refused(_("Choose the language of the letter."), status=400, code="no_language")
    if Place.objects.filter(cohort=held, email=email, state__in=LIVE).exists():
        raise Refused(_("This address is on the list already."), code="twice")
    return Place.objects.create(
        cohort=held,
        email=email,
        name=one_line(name)[:120],
        language=language,
        note=note.strip(),
        rank=_make_room(held, rank),
        created_at=at,
        by=by.user,
    )


@transaction.atomic
def invite_many(
    *, cohort: Cohort, people: Sequence[tuple[str, str]], language: str, note: str, by: Actor, at: datetime
) -> list[Place]:
    """Put several on the list, pairs of name and address in their order: all of them, or none."""
    return [
        invite(cohort=cohort, email=email, name=name, language=language, note=note, by=by, at=at)
        for name, email in people
    ]


@transaction.atomic
def offer_free(*, cohort: Cohort, by: Actor, at: datetime) -> list[Place]:
    """Offer every free place, the first on the waiting list first."""
    held = _hold_cohort(cohort, by)
    offered = []
    for _number in range(free_places(held)):
        place = offer_next(cohort=held, by=by, at=at)
        if place is None:
            break
        offered.append(place)
    return offered


@transaction.atomic
def enlist(*, cohort: Cohort, entries: Sequence[Entry], by: Actor, at: datetime) -> list[Place]:
    """The entries that a round let through, the best first, at the end of the list. Those on it stay where they are."""
    held = _hold_cohort(cohort, by)
    if not held.source:
        raise Refused(_("The places of this cohort are filled by invitation."), code="by_invitation")
    if any(entry.edition_id != held.edition_id for entry in entries):
        raise Refused(_("These entries belong to another contest."), status=400, code="other_edition")
    there = set(Place.objects.filter(cohort=held, entry__isnull=False).values_list("entry", flat=True))
    first = _make_room(held, None)
    new = [entry for entry in dict.fromkeys(entries) if entry.pk not in there]
    return Place.objects.bulk_create(
        Place(cohort=held, entry=entry, rank=first + number, created_at=at, by=by.user)
        for number, entry in enumerate(new)
    )


@transaction.atomic
def put_in_order(*, cohort: Cohort, entries: Sequence[Entry]) -> None:
    """Those who still wait take their ranks in this order; who waits without being in it comes after them.

    Called by what fills the cohort, after `enlist`. Offered and taken places keep their ranks.
    """
    held = _hold_cohort(cohort)
    order = {entry.pk: number for number, entry in enumerate(entries)}
    waiting = list(Place.objects.filter(cohort=held, state=State.WAITING).order_by("rank", "pk"))
    ranks = [place.rank for place in waiting]
    last = len(order)
    waiting.sort(key=lambda place: order.get(place.entry_id or 0, last))
    for place, rank in zip(waiting, ranks, strict=True):
        place.rank = rank
    Place.objects.bulk_update(waiting, ["rank"], batch_size=500)


@transaction.atomic
def offer(*, place: Place, by: Actor, at: datetime) -> Place:
    """Offer a place to one on the list, and write to them. Refused when every place is offered or taken."""
    cohort = _hold_cohort(place.cohort, by)
    return _offer(cohort, _hold(place), by, at)


@transaction.atomic
def offer_next(*, cohort: Cohort, by: Actor, at: datetime) -> Place | None:
    """Offer a free place to the first on the waiting list; None when nobody waits."""
    held = _hold_cohort(cohort, by)
    waiting = next_waiting(held)
    return _offer(held, _hold(waiting), by, at) if waiting else None


@transaction.atomic
def accept(*, place: Place, by: Actor, at: datetime, entry: Entry | None = None, title: str = "") -> Place:
    """Take an offered place. Who was invited by address names an entry in the cohort's track, or one is begun.

    What the cohort promises is written into the team's ledger.
    """
    cohort = _hold_cohort(place.cohort)
    held = _hold(place)
    _assert_open(held, at)
    if not by.known:
        raise Refused(_("Log in to take the place."), status=403, code="login")
    if held.entry is None:
        held.entry = _entry_for(cohort, held, by, at, entry, title)
    elif not permissions.is_team(by, held):
        raise Refused(_("Only the entrant can take the place."), status=403, code="not_allowed")
    elif held.entry.state in OVER:
        raise Refused(_("This entry is no longer in the competition."), code="entry_over")
    held.state, held.user, held.answered_at = State.ACCEPTED, by.user, at
    held.save()
    support_actions.promise_all(place=held, by=SYSTEM, at=at)
    log_event(entry=held.entry, kind="place_accepted", by=by, at=at, cohort=cohort.name)
    letters.tell_desk(held, "place_accepted", at)
    return held


@transaction.atomic
def decline(*, place: Place, by: Actor, at: datetime, reason: str = "") -> Place:
    """Say no to an offered place. The link in the letter is enough for it; with an entry it is the entrant's.

    Where the cohort offers by itself, the next on the list is asked at once.
    """
    cohort = _hold_cohort(place.cohort)
    held = _hold(place)
    _assert_open(held, at)
    if held.entry is not None and not permissions.is_team(by, held):
        raise Refused(_("Only the entrant can decline the place."), status=403, code="not_allowed")
    held.state, held.user, held.answered_at = State.DECLINED, by.user, at
    held.reason = reason.strip()
    held.save()
    _over(cohort, held, "place_declined", by, at)
    return held


@transaction.atomic
def leave(*, place: Place, by: Actor, at: datetime, reason: str) -> Place:
    """End a place before its time: the team leaves, or the organisers take it, or an offer, back. With a reason."""
    cohort = _hold_cohort(place.cohort)
    held = _hold(place)
    organises = permissions.can_run(by, cohort.edition)
    if not (organises or (held.state == State.ACCEPTED and permissions.is_team(by, held))):
        raise Refused(_("You cannot end this place."), status=403, code="not_allowed")
    if held.state not in LIVE:
        raise Refused(_("This place is over already."), code="over")
    if not reason.strip():
        raise Refused(_("Say why."), status=400, code="no_reason")
    held.state, held.ended_at, held.reason = State.LEFT, at, reason.strip()
    held.save()
    interview_actions.release(place=held, at=at)
    time_actions.end_requests(place=held, by=by, at=at)
    _over(cohort, held, "place_left", by, at)
    return held


def lapse(*, at: datetime) -> int:
    """End every offer that was not answered in time, and ask the next where a cohort offers by itself.

    Run by the clock; a transaction for each cohort. Gives how many offers ended.
    """
    count = 0
    cohorts = overdue(at).order_by("cohort").values_list("cohort", flat=True).distinct()
    for pk in list(cohorts):
        count += lapse_in(pk, at)
    return count


@transaction.atomic
def lapse_in(cohort_pk: int, at: datetime) -> int:
    """The same for one cohort."""
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("edition").get(pk=cohort_pk)
    rows = overdue(at).filter(cohort=cohort).select_for_update(of=("self",))
    ended = list(rows.select_related("cohort__edition", "entry__entrant").order_by("rank", "pk"))
    for place in ended:
        place.state = State.LAPSED
        place.save(update_fields=["state"])
        letters.tell_team(place, "place_lapsed", at)
    for place in ended:
        _over(cohort, place, "place_lapsed", SYSTEM, at)
    return len(ended)


def _over(cohort: Cohort, place: Place, kind: str, by: Actor, at: datetime) -> None:
    """After a place became free: the log, a word to who offered it, and the next where it goes by itself."""
    if place.entry is not None:
        log_event(entry=place.entry, kind=kind, by=by, at=at, cohort=cohort.name)
    if place.by_id != by.id:
        _tell_who_offered(place, kind, at)
    if not cohort.offers_next or place.offered_at is None or at >= cohort.ends_at:
        return
    waiting = next_waiting(cohort)
    if waiting is not None and free_places(cohort) > 0:
        waiting.instead_of = place
        _offer(cohort, waiting, SYSTEM, at)


def _tell_who_offered(place: Place, kind: str, at: datetime) -> None:
    """Declining, not answering, and giving up what was taken are three things, and each is called by its name."""
    if kind == "place_lapsed":
        letters.tell_desk(place, "place_unanswered", at)
    else:
        told = "place_ended" if kind == "place_left" else "place_declined"
        letters.tell_desk(place, told, at, reason=place.reason)


def _offer(cohort: Cohort, place: Place, by: Actor, at: datetime) -> Place:
    """Both rows are held."""
    if place.state != State.WAITING:
        raise Refused(_("This place was offered already. Look at the list again."), code="changed")
    if at >= cohort.ends_at:
        raise Refused(_("This cohort is over."), code="over")
    if place.entry is not None and place.entry.state in OVER:
        raise Refused(_("This entry is no longer in the competition."), code="entry_over")
    if free_places(cohort) < 1:
        text = ngettext(
            "The only place is offered or taken. Wait for the answer, or end the offer.",
            "All %(count)d places are offered or taken. Wait for an answer, or end an offer.",
            cohort.places,
        )
        raise Refused(text % {"count": cohort.places}, code="full")
    place.state, place.offered_at, place.answer_by = State.OFFERED, at, _answer_by(cohort, at)
    if by.user is not None:
        place.by = by.user
    if place.entry is None:
        place.token_hash = hash_of(token_of(place))
        place.wanted_at, place.mailed_at, place.attempts, place.problem = at, None, 0, Place.Problem.NONE
    else:
        log_event(entry=place.entry, kind="place_offered", by=by, at=at, cohort=cohort.name)
    place.save()
    letters.tell_offer(place, at)
    return place


def _answer_by(cohort: Cohort, at: datetime) -> datetime:
    """The end of the last day to answer, on the edition's clocks; the cohort's end where that comes first."""
    zone = ZoneInfo(cohort.edition.time_zone)
    day = at.astimezone(zone).date() + timedelta(days=cohort.answer_days + 1)
    return min(datetime.combine(day, time(), zone), cohort.ends_at)


def _entry_for(
    cohort: Cohort, place: Place, by: Actor, at: datetime, entry: Entry | None, title: str
) -> Entry:
    track = cohort.track
    assert track is not None  # held by `invite`
    if entry is None:
        title = one_line(title)[:200]
        if not title:
            raise Refused(_("Give the film a title; it can be changed later."), status=400, code="no_title")
        return begin_draft(
            edition=cohort.edition, track=track, title=title, by=by, at=at, director=place.name
        )
    held = Entry.objects.select_for_update(of=("self",)).select_related("entrant").get(pk=entry.pk)
    mine = is_entrant(by, held) and held.track_id == track.pk and held.state not in OVER
    if not mine:
        raise Refused(_("Name an entry of yours in the track of this cohort."), status=400, code="entry")
    if Place.objects.filter(cohort=cohort, entry=held, state__in=LIVE).exists():
        raise Refused(_("This entry has a place in the cohort already."), code="twice")
    return held


def _assert_open(place: Place, at: datetime) -> None:
    if place.state == State.ACCEPTED:
        raise Refused(_("This place was taken already."), code="already")
    if place.state != State.OFFERED or (place.answer_by is not None and at >= place.answer_by):
        raise Refused(
            _("This offer is over. Write to the organisers if you still want the place."),
            status=410,
            code="over",
        )


def _make_room(cohort: Cohort, rank: int | None) -> int:
    """The rank of a new place: the end of the list, or `rank`, from which on everybody moves one back."""
    last = Place.objects.filter(cohort=cohort).aggregate(last=Max("rank"))["last"] or 0
    if rank is None or rank > last:
        return last + 1
    rank = max(rank, 1)
    Place.objects.filter(cohort=cohort, rank__gte=rank).update(rank=F("rank") + 1)
    return rank


def _hold_cohort(cohort: Cohort, by: Actor | None = None) -> Cohort:
    """The row, held; `by`: who must be an organiser, where one is named."""
    rows = Cohort.objects.select_for_update(of=("self",)).select_related("edition", "track")
    held = rows.get(pk=cohort.pk)
    if by is not None and by is not SYSTEM and not permissions.can_run(by, held.edition):
        raise Refused(_("Only the organisers of this contest can do this."), status=403, code="not_allowed")
    return held


def _hold(place: Place) -> Place:
    rows = Place.objects.select_for_update(of=("self",))
    return rows.select_related("cohort__edition", "cohort__track", "entry__entrant", "by").get(pk=place.pk)
