"""Writes of what was really watched: the evidence behind a score."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.kit.words import clock_time
from festival.people.actor import Actor
from judging.conflict_queries import conflicts_of
from judging.logic import coverage
from judging.models import Look, Round
from submissions.queries import judge_copies

DAY = 86_400  # seconds; the length that is taken for a film whose length is not known
FASTEST = 2.0  # playback speed, where a round allows it

Parts = Sequence[Sequence[float]]


def mark_opened(*, look: Look, at: datetime) -> None:
    """The console was shown: from now on the clock runs against which reports are held."""
    Look.objects.filter(pk=look.pk, opened_at__isnull=True).update(opened_at=at)


@transaction.atomic
def record_watching(*, look: Look, by: Actor, played: object, at: datetime) -> int:
    """Parts of the film that the console has played. Only grows; returns the seconds of the film seen in all."""
    own(look, by)
    record(look, played=played, at=at)
    return Look.objects.values_list("watched_seconds", flat=True).get(pk=look.pk)


def record(
    look: Look, *, played: object = (), watched: int = 0, declared: bool = False, at: datetime
) -> None:
    """Add to what is kept, while the round is open. Call it in a transaction.

    `played` is a browser's claim: it cannot grow faster than the clock since the last report, nor in all faster than
    since the console was first shown, at the speed that the round allows. `watched` is a caller's own word for the
    first seconds of the film.
    """
    # The look alone: whoever held the round beside it would wait for the chair who closes it, and she for them.
    held = Look.objects.select_for_update(of=("self",))
    mine = held.filter(pk=look.pk, round__state=Round.State.OPEN)
    mine = mine.filter(to_read=False).exclude(state=Look.State.RECUSED)
    found = mine.only("played", "played_at", "opened_at", "seconds").first()
    if found is None:
        return
    length = found.seconds or DAY
    kept = coverage.union(found.played)
    parts = kept
    claim = coverage.spans(played, length)
    if claim:
        speed = FASTEST if look.round.allow_speed else 1.0
        parts = coverage.admit(kept, claim, _allowance(found, kept, speed, at))
    if watched:
        parts = coverage.union([*parts, (0, min(watched, length))])
    values: dict[str, Any] = {"watched_declared": True} if declared else {}
    if parts != kept:
        values |= {"played": parts, "played_at": at, "watched_seconds": coverage.whole_seconds(parts)}
    if values:
        Look.objects.filter(pk=look.pk).update(**values)


def _allowance(look: Look, kept: Parts, speed: float, at: datetime) -> float:
    opened = look.opened_at or at
    since = max((at - max(look.played_at or opened, opened)).total_seconds(), 0.0)
    in_all = max((at - opened).total_seconds(), 0.0)
    room = in_all * speed + coverage.TOLERANCE - (coverage.total(kept) if look.played_at else 0.0)
    return min(since * speed + coverage.TOLERANCE, room)


def least_of(look: Look) -> int:
    """Seconds to be seen of this film before it may be scored; none of a project."""
    if look.to_read:
        return 0
    return coverage.least(
        look.seconds, seconds=look.round.min_watch_seconds, per_cent=look.round.min_watch_share
    )


def not_too_near(look: Look) -> None:
    """A judge who has come too near to a film since she got it, as co-author, say, does not judge it."""
    edition = look.round.edition
    if conflicts_of(edition, [look.entry_id], [look.judge_id], settled=True):
        raise Refused(
            _(
                "You are too near to this film to judge it: it is yours, or names people you have declared. "
                "Stand aside, so that somebody else gets it."
            ),
            code="conflict",
        )


def was_watched(look: Look) -> None:
    """A score for a film that could be watched, and was not for the round's least, is refused."""
    if look.to_read:
        return
    watched, declared, entry = Look.objects.values_list(
        "watched_seconds", "watched_declared", "entry_id"
    ).get(pk=look.pk)
    least = least_of(look)
    if watched >= least or declared or entry not in judge_copies([entry]):
        return
    if not watched:
        raise Refused(
            _("Watch the film before you score it: nothing of it has been played yet."),
            status=400,
            code="not_watched",
        )
    raise Refused(
        _("This film can be scored once %(least)s of it have been played; so far it is %(watched)s.")
        % {"least": clock_time(least), "watched": clock_time(watched)},
        status=400,
        code="not_watched",
    )


def has_reason_to_stop(look: Look) -> None:
    """In a round with a least, who has not seen the film to its end says why. Read after the look was taken."""
    if look.to_read or not (look.round.min_watch_seconds or look.round.min_watch_share):
        return
    now = Look.objects.get(pk=look.pk)
    if now.stopped == Look.Stop.OTHER and not now.stop_words:
        raise Refused(_("Say in a few words why you stopped."), status=400, code="stop_words")
    seen = coverage.share(now.watched_seconds, now.seconds) >= coverage.TO_THE_END
    if seen or now.stopped or now.watched_declared or not now.seconds:
        return
    if now.entry_id in judge_copies([now.entry_id]):
        raise Refused(
            _("You have not seen this film to its end. Watch on, or choose why you stopped."),
            status=400,
            code="stop_reason",
        )


def share_watched(pk: int) -> int | None:
    """Per cent of the film that was really played; None where nothing could count it."""
    look = Look.objects.get(pk=pk)
    if look.to_read or not look.seconds or (look.watched_declared and not look.watched_seconds):
        return None
    return coverage.share(look.watched_seconds, look.seconds)


def own(look: Look, by: Actor) -> None:
    if look.judge_id != by.id:
        raise Refused(_("This film was given to another judge."), status=403)


def still_open(look: Look) -> None:
    """Read after the look was taken, never before: see the top of looks_actions. The scale may have been changed,
    too.
    """
    look.round.refresh_from_db(fields=["state", "scale_min", "scale_max", "scale_step"])
    if look.round.state != Round.State.OPEN:
        raise Refused(
            _("The round has been closed. What you gave before is counted; this change came too late."),
            code="closed",
        )
