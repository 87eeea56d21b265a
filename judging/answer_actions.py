"""Writes of a judge at a look without scores: pass or fail, nominate or not. One answer ends the look.

The order is that of looks_actions: first the look is taken, then the round is read.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.kit.errors import Refused
from festival.people.actor import Actor
from judging import looks_actions, watch_actions
from judging.looks_actions import COMMENT_MAX, Kept, Stale, kept
from judging.models import Look, PanelFilm, Round


@dataclass(frozen=True, slots=True)
class Seen:
    """What was watched, as `watch_actions.record` takes it."""

    played: object = ()
    watched: int = 0
    declared: bool = False


ANSWERS = (Look.Answer.PASS, Look.Answer.FAIL, Look.Answer.UNSURE)


@transaction.atomic
def give_answer(
    *,
    look: Look,
    by: Actor,
    at: datetime,
    revision: int,
    answer: str,
    comment: str = "",
    played: object = (),
    watched: int = 0,
    declared: bool = False,
) -> Kept:
    """Pass, fail or unsure, with a reason where the judge wants to give one. Doing it twice is doing it once."""
    if look.round.gate != Round.Gate.PASS_FAIL or answer not in ANSWERS:
        raise Refused(_("Choose: pass, fail, or unsure."), status=400, code="answer")
    seen = Seen(played, watched, declared)
    return _finish(look, by, at, revision, comment, seen, answer=answer)


@transaction.atomic
def nominate(
    *,
    look: Look,
    by: Actor,
    at: datetime,
    revision: int,
    nominated: bool,
    comment: str = "",
    played: object = (),
    watched: int = 0,
    declared: bool = False,
) -> Kept:
    """Nominate the film or not. Refused when the judge has given all the nominations she has.

    Her looks of the round are held meanwhile, so that two tabs cannot give one too many.
    """
    if look.round.gate != Round.Gate.PANEL:
        raise Refused(_("In this round no films are nominated. Reload the page."), status=400)
    list(
        Look.objects.select_for_update()
        .filter(round_id=look.round_id, judge_id=look.judge_id)
        .values_list("pk", flat=True)
    )
    seen = Seen(played, watched, declared)
    fresh = _finish(look, by, at, revision, comment, seen, nominated=nominated)
    if nominated:
        most, given = nominations_of(look)
        if given > most:
            raise Refused(
                ngettext(
                    "You have %(count)d nomination, and it is given. Take it back from the other film first.",
                    "You have %(count)d nominations, and all are given. Take one back from another film first.",
                    most,
                )
                % {"count": most},
                code="all_given",
            )
    return fresh


def nominations_of(look: Look) -> tuple[int, int]:
    """How many films the judge may nominate from her panel, and how many she has. Two queries."""
    film = PanelFilm.objects.filter(round_id=look.round_id, entry_id=look.entry_id).select_related("panel")
    row = film.first()
    most = (row.panel.most_nominations if row else None) or look.round.most_nominations
    given = Look.objects.filter(round_id=look.round_id, judge_id=look.judge_id, nominated=True).exclude(
        state=Look.State.RECUSED
    )
    return most, given.filter(entry__state="eligible").count()


def _finish(
    look: Look,
    by: Actor,
    at: datetime,
    revision: int,
    comment: str,
    seen: Seen,
    **said: object,
) -> Kept:
    watch_actions.own(look, by)
    comment = comment.strip()
    if len(comment) > COMMENT_MAX:
        raise Refused(
            _("The reason is longer than %(max)d characters. Shorten it.") % {"max": COMMENT_MAX}, status=400
        )
    changed = Look.objects.filter(pk=look.pk, state=Look.State.PENDING, revision=revision).update(
        state=Look.State.SCORED,
        revision=F("revision") + 1,
        comment=comment,
        saved_at=at,
        scored_at=at,
        **said,
    )
    watch_actions.still_open(look)
    if not changed:
        fresh = kept(look.pk)
        same = Look.objects.filter(pk=look.pk, state=Look.State.SCORED, comment=comment, **said).exists()
        if same:
            return fresh
        raise Stale(looks_actions.stale_text(fresh.state), fresh)
    if seen.played or seen.watched or seen.declared:
        watch_actions.record(look, played=seen.played, watched=seen.watched, declared=seen.declared, at=at)
    watch_actions.was_watched(look)
    watch_actions.not_too_near(look)
    looks_actions.log_finished(look, by, at)
    return kept(look.pk)
