"""Writes of further looks: one more for films that the chair names, in an open round, or in one reopened for them.

A closed round is frozen. To give looks all the same the chair reopens it, with a reason that its judges read: the
standing is superseded and kept, the cut set aside with what was moved in it, and only looks are added: rules, films
and what judges have given stay as they are. Closing again freezes the next standing.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from festival.kit.errors import Refused
from festival.people.actor import Actor
from judging import further_queries, permissions, standing_actions, standing_inputs
from judging.hand_out import hand_out
from judging.models import Allocation, AwardList, Cut, Look, Round, RoundChange, Standing
from submissions.lifecycle import State
from submissions.models import Entry, Event

BATCH = 2000
REASON_MAX = 500
BARS = {
    "gate": gettext_lazy("In this round every film has all the looks there are: none can be added."),
    "frozen": gettext_lazy("A later round has opened with these films: this one stays closed."),
    "meeting": gettext_lazy(
        "The jury has met over this round and read its scores: further looks would no longer be independent."
    ),
    "confirmed": gettext_lazy("Awards from this standing have been confirmed: the round stays closed."),
}


@transaction.atomic
def reopen_for_looks(
    *, round: Round, entries: Sequence[Entry], reason: str, by: Actor, at: datetime
) -> Allocation:
    """Reopen a closed round and give each of `entries` one more look, by judges who have not seen it.

    Refused once a later round has opened from its cut, once awards have been confirmed, without a reason, and when
    nobody is left who may see any of the films.
    """
    if not permissions.can_chair(by, round):
        raise Refused(_("Only the jury chair reopens a round."), status=403)
    fresh = Round.objects.select_for_update(of=("self",)).select_related("edition").get(pk=round.pk)
    # Held before it is asked: the chair may be confirming awards at this moment.
    list(AwardList.objects.select_for_update().filter(edition_id=fresh.edition_id).values_list("pk"))
    if fresh.state != Round.State.CLOSED:
        raise Refused(_("This round is not closed. Reload the page."))
    bar = further_queries.bar_of(fresh)
    if bar:
        raise Refused(str(BARS[bar]), code=bar)
    reason = reason.strip()[:REASON_MAX]
    if not reason:
        raise Refused(
            _("Say why the round is reopened: the reason stays on record, and its judges read it."),
            status=400,
            code="reason",
        )
    before = fresh.standing
    Standing.objects.filter(pk=before.pk).update(superseded_at=at)
    Cut.objects.filter(round=fresh, set_aside_at__isnull=True).update(set_aside_at=at)
    fresh.state, fresh.closed_at, fresh.reopened_at = Round.State.OPEN, None, at
    fresh.save(update_fields=["state", "closed_at", "reopened_at"])
    kept = _give(fresh, entries, by, at, standing=before.number)
    RoundChange.objects.create(
        round=fresh,
        what="reopened",
        before={"standing": before.number},
        after={"looks": kept.looks_made, "films": len(kept.choice["films"])},
        reason=reason,
        by=by.user,
        at=at,
    )
    values = {"round": fresh.slug, "name": fresh.name, "looks": fresh.looks_per_film}
    ids = fresh.films.filter(state=State.ELIGIBLE).values_list("pk", flat=True)
    Event.objects.bulk_create(
        (Event(entry_id=pk, kind="judging_began", actor=by.user, at=at, values=values) for pk in ids),
        batch_size=BATCH,
    )
    return kept


@transaction.atomic
def give_looks(*, round: Round, entries: Sequence[Entry], by: Actor, at: datetime) -> Allocation:
    """One more look each for `entries` of an open round."""
    return _give(_open(round, by), entries, by, at)


@transaction.atomic
def give_undecided(*, round: Round, by: Actor, at: datetime) -> Allocation:
    """One more look for every film of an open round that its finished looks leave undecided, and that waits for none.

    Which films these are is not told: the standing is nobody's before the round is closed.
    """
    fresh = _open(round, by)
    inputs = standing_inputs.of_round(fresh) if fresh.gate == Round.Gate.SCORE else None
    cut = standing_inputs.cut_of(fresh, len(inputs["films"])) if inputs else None
    models = standing_actions.modelled(inputs, cut=cut, seed=fresh.seed) if inputs and cut else None
    if models is None:
        raise Refused(
            _("Nothing can be said yet: there are no scores, or the plan does not say how many films go on."),
            status=400,
            code="no_scores",
        )
    waiting = Look.objects.filter(round=fresh, state=Look.State.PENDING).values("entry_id")
    codes = [row.film for row in models.rows if row.undecided]
    entries = fresh.films.filter(code__in=codes, state=State.ELIGIBLE).exclude(pk__in=waiting)
    return _give(fresh, list(entries.order_by("code")[: further_queries.MOST]), by, at)


def _open(round: Round, by: Actor) -> Round:
    if not permissions.can_chair(by, round):
        raise Refused(_("Only the jury chair hands out looks."), status=403)
    fresh = Round.objects.select_for_update(of=("self",)).select_related("edition").get(pk=round.pk)
    if fresh.state != Round.State.OPEN:
        raise Refused(_("This round is not open."))
    if fresh.gate not in further_queries.GATES:
        raise Refused(str(BARS["gate"]), status=400, code="gate")
    return fresh


def _give(
    round: Round, entries: Sequence[Entry], by: Actor, at: datetime, standing: int | None = None
) -> Allocation:
    codes = [entry.code for entry in entries]
    if not codes:
        raise Refused(_("No film is named that could get another look."), status=400, code="no_films")
    if len(codes) > further_queries.MOST:
        raise Refused(
            _("At most %(most)d films get another look at once.") % {"most": further_queries.MOST},
            status=400,
        )
    known = set(round.films.filter(code__in=codes, state=State.ELIGIBLE).values_list("code", flat=True))
    if known != set(codes):
        raise Refused(_("This film was not in the round, or has left the competition."), status=400)
    kept = hand_out(
        round,
        by,
        at,
        more=dict.fromkeys(codes, 1),
        purpose=Allocation.Purpose.FURTHER,
        choice={"films": sorted(codes), **({"standing": standing} if standing else {})},
    )
    if not kept.looks_made:
        raise Refused(
            _("No judge is left who may see these films and has language and time. Nothing was changed."),
            code="nobody",
        )
    return kept
