"""Writes of a judge at a look: scores, finish, recusal, what was really watched.

A save first takes its look, then reads the round; closing first closes the round, then takes the looks. So a score
is either in the standing or refused with a sentence, and never lost between the two.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.people.actor import Actor
from judging import queries, rounds_actions, watch_actions
from judging.logic.standing import plain
from judging.models import Allocation, Conflict, Criterion, Look, LookNote, Round, Score, Standing
from judging.watch_actions import own, still_open
from submissions.actions import log_event
from submissions.models import Entry

COMMENT_MAX = 4000
REASON_MAX = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A look as the database has it now: what a console compares its own state with."""

    revision: int
    state: str
    scores: Mapping[str, Decimal]
    comment: str
    saved_at: datetime | None
    feedback: str = ""
    confidence: str = ""
    stopped: str = ""
    stop_words: str = ""
    watched_seconds: int = 0
    played: tuple[tuple[float, float], ...] = ()
    missing: tuple[str, ...] = field(default=())  # slugs of criteria without a score

    @property
    def words(self) -> dict[str, str]:
        """What is given beside the scores."""
        return {
            "comment": self.comment,
            "feedback": self.feedback,
            "confidence": self.confidence,
            "stopped": self.stopped,
            "stop_words": self.stop_words,
        }

    def as_json(self) -> dict[str, object]:
        return {
            "revision": self.revision,
            "state": self.state,
            "scores": {slug: plain(value) for slug, value in self.scores.items()},
            **self.words,
            "saved_at": self.saved_at.isoformat() if self.saved_at else None,
            "watched": self.watched_seconds,
            "played": [list(part) for part in self.played],
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
        feedback=look.feedback,
        confidence=look.confidence,
        stopped=look.stopped,
        stop_words=look.stop_words,
        saved_at=look.saved_at,
        watched_seconds=look.watched_seconds,
        played=tuple((start, end) for start, end in look.played),
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
    feedback: str = "",
    confidence: str = "",
    stopped: str = "",
    stop_words: str = "",
    played: object = (),
    watched: int = 0,
    declared: bool = False,
) -> Kept:
    """Keep what the judge has given so far. `scores` holds every criterion that is scored; others are cleared.

    `comment` is read by the jury, `feedback` by the entrant. `revision` is the one the judge's page was made from. A
    repeated send of the same content is answered as if it were new; other content on an old revision raises Stale.
    `played`, `watched` and `declared` (the judge says that the film was watched, where no script could count it): see
    `watch_actions.record`.
    """
    own(look, by)
    _scored_here(look)
    given = {slug: value for slug, value in scores.items() if value is not None}
    words = _words(
        comment=comment, feedback=feedback, confidence=confidence, stopped=stopped, stop_words=stop_words
    )
    changed = Look.objects.filter(pk=look.pk, state=Look.State.PENDING, revision=revision).update(
        revision=F("revision") + 1, saved_at=at, **words
    )
    still_open(look)
    if not changed:
        fresh = kept(look.pk)
        if fresh.state != Look.State.RECUSED and dict(fresh.scores) == given and fresh.words == words:
            return fresh
        raise Stale(stale_text(fresh.state), fresh)
    if played or watched or declared:
        watch_actions.record(look, played=played, watched=watched, declared=declared, at=at)
    criteria = criteria_of(look.round)
    check_scores(look.round, criteria, given)
    if given:
        watch_actions.was_watched(look)
    Score.objects.filter(look=look).exclude(criterion__slug__in=given).delete()
    Score.objects.bulk_create(
        (Score(look=look, criterion=criteria[slug], value=value) for slug, value in given.items()),
        update_conflicts=True,
        unique_fields=["look", "criterion"],
        update_fields=["value"],
    )
    return kept(look.pk)


def _words(**given: str) -> dict[str, str]:
    """The words beside the scores, fit to be kept. Raises Refused for what is too long or no choice of ours."""
    words = {name: value.strip() for name, value in given.items()}
    for name in ("comment", "feedback", "stop_words"):
        most = REASON_MAX if name == "stop_words" else COMMENT_MAX
        if len(words[name]) > most:
            raise Refused(
                _(
                    "The comment is longer than %(max)d characters. Shorten it; the scores are kept on this page."
                )
                % {"max": most},
                status=400,
            )
    for name, choices in (("confidence", Look.Confidence.values), ("stopped", Look.Stop.values)):
        if words[name] and words[name] not in choices:
            raise Refused(_("This choice does not exist. Reload the page and choose again."), status=400)
    return words


def stale_text(state: str) -> str:
    if state == Look.State.SCORED:
        return _("This film has been finished meanwhile, in another tab or on another device.")
    if state == Look.State.RECUSED:
        return _("You have stood aside from this film meanwhile; it is no longer yours to score.")
    return _("This film has been scored meanwhile in another tab or on another device. Choose which to keep.")


@transaction.atomic
def finish_look(*, look: Look, by: Actor, at: datetime, revision: int) -> Kept:
    """The judge is done with the film: every criterion has its score. Doing it twice is doing it once."""
    own(look, by)
    _scored_here(look)
    changed = Look.objects.filter(pk=look.pk, state=Look.State.PENDING, revision=revision).update(
        state=Look.State.SCORED, scored_at=at, revision=F("revision") + 1
    )
    still_open(look)
    fresh = kept(look.pk)
    if not changed:
        if fresh.state == Look.State.SCORED:
            return fresh
        raise Stale(stale_text(fresh.state), fresh)
    if fresh.missing:
        raise Refused(
            _("Give a score for every criterion before you finish this film."), status=400, code="incomplete"
        )
    watch_actions.has_reason_to_stop(look)
    watch_actions.not_too_near(look)
    log_finished(look, by, at)
    return fresh


def log_finished(look: Look, by: Actor, at: datetime) -> None:
    """The line that the entrant's pages count: seen by one more, and how much of it."""
    _log(look, "look_finished", by, at, look=look.pk, watched=watch_actions.share_watched(look.pk))


def was_counted(look: Look) -> bool:
    """Whether a standing has been frozen with what the look holds: the round was closed since, then reopened."""
    scored = Look.objects.filter(pk=look.pk).values_list("scored_at", flat=True).get()
    return (
        scored is not None and Standing.objects.filter(round_id=look.round_id, made_at__gte=scored).exists()
    )


@transaction.atomic
def reopen_look(*, look: Look, by: Actor, at: datetime) -> Kept:
    """Change one's mind while the round is open: the film goes back into the queue with its scores."""
    own(look, by)
    if was_counted(look):
        raise Refused(
            _(
                "This film’s scores were counted when the round was closed; since then you may have seen what others "
                "gave. They stay as they are."
            ),
            code="counted",
        )
    changed = Look.objects.filter(pk=look.pk, state=Look.State.SCORED).update(
        state=Look.State.PENDING, scored_at=None, revision=F("revision") + 1
    )
    still_open(look)
    if changed:
        _log(look, "look_reopened", by, at, look=look.pk)
    return kept(look.pk)


@transaction.atomic
def recuse(*, look: Look, by: Actor, at: datetime, reason: str) -> Allocation | None:
    """Stand aside: the judge's scores are dropped and the film goes to another judge, where there is one.

    Returns the allocation of the substitute, None when the judge had stood aside before. It cannot be undone.
    """
    own(look, by)
    reason = reason.strip()
    if not reason:
        raise Refused(
            _("Say in a few words why you stand aside; only the chair reads it."), status=400, code="reason"
        )
    Round.objects.select_for_update().get(pk=look.round_id)
    taken = give_up([look.pk], reason=reason, at=at)
    still_open(look)
    if not taken:
        return None
    _log(look, "look_recused", by, at, look=look.pk)
    # She does not get it in a later round either.
    row, made = Conflict.objects.get_or_create(
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
    if not made and row.state == Conflict.State.DISMISSED:
        row.state, row.decided_by, row.decided_at = Conflict.State.CONFIRMED, by.user, at
        row.reason = reason[:REASON_MAX]
        row.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    return rounds_actions.replace_look(look=look, by=by, at=at)


def give_up(look_ids: Collection[int], *, at: datetime, reason: str = "", taken: str = "") -> list[int]:
    """Take looks from their judge, with all that she gave; gives the numbers of those that were hers until now.

    `reason`: her own, of who stands aside; `taken`: of Look.Taken. Call it in a transaction that holds the round.
    """
    looks = Look.objects.filter(pk__in=look_ids).exclude(state=Look.State.RECUSED)
    hers = list(looks.select_for_update().values_list("pk", flat=True))
    Look.objects.filter(pk__in=hers).update(
        state=Look.State.RECUSED,
        reason=reason[:REASON_MAX],
        taken=taken,
        answer="",
        nominated=False,
        comment="",
        feedback="",
        confidence="",
        stopped="",
        stop_words="",
        scored_at=None,
        saved_at=at,
        revision=F("revision") + 1,
    )
    Score.objects.filter(look__in=hers).delete()
    LookNote.objects.filter(look__in=hers).delete()
    return hers


def _log(look: Look, kind: str, by: Actor, at: datetime, /, **values: Any) -> None:
    """A line in the entry's log. It says that a judge did something, never what was scored."""
    entry = Entry.objects.get(pk=look.entry_id)
    log_event(entry=entry, kind=kind, by=by, at=at, round=look.round.slug, **values)


def _scored_here(look: Look) -> None:
    if look.round.gate != Round.Gate.SCORE:
        raise Refused(_("In this round films are not scored. Reload the page."), status=400)


def criteria_of(round: Round) -> dict[str, Criterion]:
    return {criterion.slug: criterion for criterion in round.criteria.all()}


def check_scores(round: Round, criteria: Mapping[str, Criterion], given: Mapping[str, Decimal]) -> None:
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
