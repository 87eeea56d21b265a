"""Writes of a judge at a look: scores, finish, recusal, what was really watched.

A save first takes its look, then reads the round; closing first closes the round, then takes the looks. So a score
is either in the standing or refused with a sentence, and never lost between the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.people.actor import Actor
from judging import queries, rounds_actions
from judging.logic.standing import plain
from judging.models import Allocation, Conflict, Criterion, Look, Round, Score
from submissions.actions import log_event
from submissions.models import Entry
from submissions.queries import judge_copies

COMMENT_MAX = 4000
REASON_MAX = 500
DAY = 86_400  # seconds; the most that is counted for a film whose length is not known
WATCH_TOLERANCE = 3  # a film may be counted as played up to three times its length


@dataclass(frozen=True, slots=True)
class Kept:
    """A look as the database has it now: what a console compares its own state with."""

    revision: int
    state: str
    scores: Mapping[str, Decimal]
    comment: str
    saved_at: datetime | None
    watched_seconds: int = 0
    missing: tuple[str, ...] = field(default=())  # slugs of criteria without a score

    def as_json(self) -> dict[str, object]:
        return {
            "revision": self.revision,
            "state": self.state,
            "scores": {slug: plain(value) for slug, value in self.scores.items()},
            "comment": self.comment,
            "saved_at": self.saved_at.isoformat() if self.saved_at else None,
            "watched": self.watched_seconds,
            "missing": list(self.missing),
        }


class Stale(Refused):
    """The look was changed in another tab or on another device. `fresh` is how it stands."""

    def __init__(self, text: str, fresh: Kept) -> None:
        super().__init__(text, status=409, code="stale")
        self.fresh = fresh


def kept(look_id: int) -> Kept:
    """The look with its scores, read anew."""
    look = Look.objects.select_related("round").get(pk=look_id)
    scores = queries.scores_of(look_id)
    slugs = look.round.criteria.order_by("position", "pk").values_list("slug", flat=True)
    return Kept(
        revision=look.revision,
        state=look.state,
        scores=scores,
        comment=look.comment,
        saved_at=look.saved_at,
        watched_seconds=look.watched_seconds,
        missing=tuple(slug for slug in slugs if slug not in scores),
    )


@transaction.atomic
def save_scores(
    *,
    look: Look,
    by: Actor,
    at: datetime,
    revision: int,
    scores: Mapping[str, Decimal | None],
    comment: str,
    watched: int = 0,
    declared: bool = False,
) -> Kept:
    """Keep what the judge has given so far. `scores` holds every criterion that is scored; others are cleared.

    `revision` is the one the judge's page was made from. A repeated send of the same content is answered as if it
    were new; other content on an old revision raises Stale. `declared`: the judge says that the film was watched,
    where no script could count it.
    """
    _own(look, by)
    _scored_here(look)
    given = {slug: value for slug, value in scores.items() if value is not None}
    comment = comment.strip()
    if len(comment) > COMMENT_MAX:
        raise Refused(
            _("The comment is longer than %(max)d characters. Shorten it; the scores are kept on this page.")
            % {"max": COMMENT_MAX},
            status=400,
        )
    changed = Look.objects.filter(pk=look.pk, state=Look.State.PENDING, revision=revision).update(
        revision=F("revision") + 1, comment=comment, saved_at=at
    )
    _still_open(look)
    if not changed:
        fresh = kept(look.pk)
        if fresh.state != Look.State.RECUSED and dict(fresh.scores) == given and fresh.comment == comment:
            return fresh
        raise Stale(_stale_text(fresh.state), fresh)
    if watched or declared:
        _record(look, watched, declared)
    criteria = _criteria(look.round)
    _check(look.round, criteria, given)
    if given:
        _was_watched(look)
    Score.objects.filter(look=look).exclude(criterion__slug__in=given).delete()
    Score.objects.bulk_create(
        (Score(look=look, criterion=criteria[slug], value=value) for slug, value in given.items()),
        update_conflicts=True,
        unique_fields=["look", "criterion"],
        update_fields=["value"],
    )
    return kept(look.pk)


def _stale_text(state: str) -> str:
    if state == Look.State.SCORED:
        return _("This film has been finished meanwhile, in another tab or on another device.")
    if state == Look.State.RECUSED:
        return _("You have stood aside from this film meanwhile; it is no longer yours to score.")
    return _("This film has been scored meanwhile in another tab or on another device. Choose which to keep.")


@transaction.atomic
def finish_look(*, look: Look, by: Actor, at: datetime, revision: int) -> Kept:
    """The judge is done with the film: every criterion has its score. Doing it twice is doing it once."""
    _own(look, by)
    _scored_here(look)
    changed = Look.objects.filter(pk=look.pk, state=Look.State.PENDING, revision=revision).update(
        state=Look.State.SCORED, scored_at=at, revision=F("revision") + 1
    )
    _still_open(look)
    fresh = kept(look.pk)
    if not changed:
        if fresh.state == Look.State.SCORED:
            return fresh
        raise Stale(_stale_text(fresh.state), fresh)
    if fresh.missing:
        raise Refused(
            _("Give a score for every criterion before you finish this film."), status=400, code="incomplete"
        )
    log_finished(look, by, at)
    return fresh


def log_finished(look: Look, by: Actor, at: datetime) -> None:
    """The line that the entrant's pages count: seen by one more, and how much of it."""
    _log(look, "look_finished", by, at, look=look.pk, watched=_share_watched(look.pk))


def _share_watched(pk: int) -> int | None:
    """Per cent of the film that was really played; None where nothing could count it."""
    look = Look.objects.get(pk=pk)
    if not look.seconds or (look.watched_declared and not look.watched_seconds):
        return None
    return min(100, round(100 * look.watched_seconds / look.seconds))


@transaction.atomic
def reopen_look(*, look: Look, by: Actor, at: datetime) -> Kept:
    """Change one's mind while the round is open: the film goes back into the queue with its scores."""
    _own(look, by)
    changed = Look.objects.filter(pk=look.pk, state=Look.State.SCORED).update(
        state=Look.State.PENDING, scored_at=None, revision=F("revision") + 1
    )
    _still_open(look)
    if changed:
        _log(look, "look_reopened", by, at)
    return kept(look.pk)


@transaction.atomic
def recuse(*, look: Look, by: Actor, at: datetime, reason: str) -> Allocation | None:
    """Stand aside: the judge's scores are dropped and the film goes to another judge, where there is one.

    Returns the allocation of the substitute, None when the judge had stood aside before. It cannot be undone.
    """
    _own(look, by)
    reason = reason.strip()
    if not reason:
        raise Refused(
            _("Say in a few words why you stand aside; only the chair reads it."), status=400, code="reason"
        )
    Round.objects.select_for_update().get(pk=look.round_id)
    changed = (
        Look.objects.filter(pk=look.pk)
        .exclude(state=Look.State.RECUSED)
        .update(
            state=Look.State.RECUSED,
            reason=reason[:REASON_MAX],
            answer="",
            nominated=False,
            scored_at=None,
            saved_at=at,
            revision=F("revision") + 1,
        )
    )
    _still_open(look)
    if not changed:
        return None
    Score.objects.filter(look=look).delete()
    _log(look, "look_recused", by, at)
    # She does not get it in a later round either.
    Conflict.objects.get_or_create(
        edition_id=look.round.edition_id,
        judge_id=look.judge_id,
        kind=Conflict.Kind.FILM,
        party_key="",
        entry_id=look.entry_id,
        defaults={
            "source": Conflict.Source.RECUSED,
            "state": Conflict.State.CONFIRMED,
            "reason": reason[:REASON_MAX],
            "by": by.user,
            "at": at,
        },
    )
    return rounds_actions.replace_look(look=look, by=by, at=at)


def record_watching(*, look: Look, by: Actor, seconds: int) -> int:
    """Seconds of the film that were really played, in all. Only grows; returns what is kept now."""
    _own(look, by)
    _record(look, seconds, declared=False)
    return Look.objects.values_list("watched_seconds", flat=True).get(pk=look.pk)


def _record(look: Look, seconds: int, declared: bool) -> None:
    mine = Look.objects.filter(pk=look.pk, round__state=Round.State.OPEN)
    seconds = min(seconds, look.seconds * WATCH_TOLERANCE or DAY)
    mine.filter(watched_seconds__lt=seconds).update(watched_seconds=seconds)
    if declared:
        mine.update(watched_declared=True)


def _log(look: Look, kind: str, by: Actor, at: datetime, /, **values: Any) -> None:
    """A line in the entry's log. It says that a judge did something, never what was scored."""
    entry = Entry.objects.get(pk=look.entry_id)
    log_event(entry=entry, kind=kind, by=by, at=at, round=look.round.slug, **values)


def _own(look: Look, by: Actor) -> None:
    if look.judge_id != by.id:
        raise Refused(_("This film was given to another judge."), status=403)


def _scored_here(look: Look) -> None:
    if look.round.gate != Round.Gate.SCORE:
        raise Refused(_("In this round films are not scored. Reload the page."), status=400)


def _still_open(look: Look) -> None:
    """Read after the look was taken, never before: see the top of this file. The scale may have been changed, too."""
    look.round.refresh_from_db(fields=["state", "scale_min", "scale_max", "scale_step"])
    if look.round.state != Round.State.OPEN:
        raise Refused(
            _("The round has been closed. What you gave before is counted; this change came too late."),
            code="closed",
        )


def _criteria(round: Round) -> dict[str, Criterion]:
    return {criterion.slug: criterion for criterion in round.criteria.all()}


def _check(round: Round, criteria: Mapping[str, Criterion], given: Mapping[str, Decimal]) -> None:
    """Refuse a criterion the round does not have, and a value that is not on its scale."""
    for slug, value in given.items():
        if slug not in criteria:
            raise Refused(_("This round has no criterion “%(slug)s”.") % {"slug": slug}, status=400)
        on_scale = round.scale_min <= value <= round.scale_max
        if not on_scale or (value - round.scale_min) % round.scale_step:
            raise Refused(
                _("%(value)s is not on the scale from %(low)s to %(high)s in steps of %(step)s.")
                % {
                    "value": plain(value),
                    "low": plain(round.scale_min),
                    "high": plain(round.scale_max),
                    "step": plain(round.scale_step),
                },
                status=400,
                code="scale",
            )


def _was_watched(look: Look) -> None:
    """A score for a film that could be watched, and was not for a second, is refused."""
    watched, declared, entry = Look.objects.values_list(
        "watched_seconds", "watched_declared", "entry_id"
    ).get(pk=look.pk)
    if not watched and not declared and entry in judge_copies([entry]):
        raise Refused(
            _("Watch the film before you score it: nothing of it has been played yet."),
            status=400,
            code="not_watched",
        )


# Looks without scores end by the same steps: judging.answer_actions.
assert_own, assert_open, assert_watched = _own, _still_open, _was_watched
count_watched, stale_text = _record, _stale_text
