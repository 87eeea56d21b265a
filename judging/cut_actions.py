"""Writes of cuts: drawn by a rule, moved by the chair with a reason, frozen when the next round opens."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition.blueprint_rounds import cut_fault
from festival.edition.frozen_actions import Change, record_changes
from festival.kit.errors import Refused
from festival.people.actor import Actor
from judging import gate_results, permissions
from judging.cut_queries import current_cut, lines_of
from judging.logic import cuts
from judging.logic.standing import plain
from judging.models import Cut, CutRow, Round
from submissions.lifecycle import State
from submissions.models import Entry

BATCH = 2000
WHY_MAX = 500


@transaction.atomic
def make_cut(
    *,
    round: Round,
    by: Actor,
    at: datetime,
    kind: str = "",
    value: Decimal | None = None,
    public: Mapping[str, str] | None = None,
) -> Cut:
    """Draw the line in a closed round's standing: by the rule that was planned, or by `kind` and `value`. Another
    rule than the announced one needs a reason that everybody reads.

    One that is there is set aside, with what the chair had moved in it. Refused once it is frozen, and when the
    standing does not have what the rule asks for.
    """
    _assert_chair(by, round)
    if not kind:
        kind, value = round.cut_kind, round.cut_value
    check_rule(round.gate, kind, value)
    hold(round)
    _record_rule(round, kind, value, public or {}, by, at)
    standing = round.standing
    lines = lines_of(standing)
    try:
        found = cuts.cut(lines, kind, value)
    except ValueError:
        raise Refused(
            _("This standing has no probabilities, so they cannot draw the line. Choose another rule."),
            status=400,
            code="no_chances",
        ) from None
    Cut.objects.filter(round=round, set_aside_at__isnull=True).update(set_aside_at=at)
    cut = Cut.objects.create(
        round=round,
        standing=standing,
        kind=kind,
        value=value,
        decided_by=round.decides if round.gate == Round.Gate.SCORE else Round.Decides.OFFICIAL,
        method=standing.method,
        method_version=standing.method_version,
        standing_digest=standing.result_digest,
        made_at=at,
        made_by=by.user,
    )
    ids = dict(Entry.objects.filter(edition_id=round.edition_id, rounds=round).values_list("code", "pk"))
    ranks = {line.film: line.rank for line in lines}
    CutRow.objects.bulk_create(
        (
            CutRow(cut=cut, entry_id=ids[film], reason=reason, rank=ranks[film])
            for film, reason in sorted(found.items())
        ),
        batch_size=BATCH,
    )
    return cut


def _record_rule(
    round: Round, kind: str, value: Decimal | None, public: Mapping[str, str], by: Actor, at: datetime
) -> None:
    """By another rule than the last cut of this round, or than was planned. Where none was announced, none changes."""
    last = round.cuts.first()
    known = _plain(last.kind, last.value) if last else _plain(round.cut_kind, round.cut_value)
    if known[0]:
        change = Change("round.cut", known, _plain(kind, value), name=round.name)
        record_changes(edition=round.edition, changes=[change], reason=public, by=by, at=at)


def _plain(kind: str, value: Decimal | None) -> list[str | None]:
    return [kind, None if value is None else plain(value)]


def check_rule(gate: str, kind: str, value: Decimal | None) -> None:
    """Refuse a cut that the gate cannot make, and a value that is none."""
    if kind not in gate_results.fitting_cuts(gate):
        raise Refused(_("Say by which rule the cut is made."), status=400, code="cut_kind")
    if cut_fault(kind, value):
        raise Refused(
            _("Say how many, or from where: a whole number, per cent up to 100, or a mark of the scale."),
            status=400,
            code="cut_value",
        )


@transaction.atomic
def move_film(*, cut: Cut, entry: Entry, goes_on: bool, why: str, by: Actor, at: datetime) -> CutRow:
    """The chair lets a film go on, or takes it out, with a reason; also how films tied at the line are decided.

    A later move of the same film takes the place of the earlier one. Nothing changes when it already is so by the
    rule.
    """
    round = cut.round
    _assert_chair(by, round)
    hold(round)
    assert_in_force(cut)
    why = why.strip()[:WHY_MAX]
    if not why:
        raise Refused(_("Say why: the reason stays beside the film."), status=400, code="why")
    if goes_on and not round.films.filter(pk=entry.pk, state=State.ELIGIBLE).exists():
        raise Refused(_("This film was not in the round, or has left the competition."), status=400)
    row = CutRow.objects.filter(cut=cut, entry=entry).first()
    if not goes_on and (row is None or row.reason == CutRow.Reason.TIE_LOST):
        raise Refused(_("This film is below the line already."), status=400)
    reason = CutRow.Reason.ADDED if goes_on else CutRow.Reason.REMOVED
    moved, _made = CutRow.objects.update_or_create(
        cut=cut, entry=entry, defaults={"reason": reason, "why": why, "by": by.user, "at": at}
    )
    return moved


@transaction.atomic
def play_wild_card(*, cut: Cut, entry: Entry, why: str, by: Actor, at: datetime) -> CutRow:
    """The organiser lets a film of the round go on past the gate: for himself or for a partner, as `why` says.

    Refused when the round has none left, for a film that goes on anyway, and for one that the chair took out.
    """
    round = cut.round
    if not permissions.can_play_wild_card(by, round):
        raise Refused(_("Only the organisers play wild cards."), status=403, code="not_allowed")
    hold(round)
    assert_in_force(cut)
    why = why.strip()[:WHY_MAX]
    if not why:
        raise Refused(_("Say why: the reason stays beside the film."), status=400, code="why")
    if not round.films.filter(pk=entry.pk, state=State.ELIGIBLE).exists():
        raise Refused(_("This film was not in the round, or has left the competition."), status=400)
    played = CutRow.objects.filter(cut=cut, reason=CutRow.Reason.WILD_CARD).count()
    if played >= round.wild_cards:
        raise Refused(_("No wild card is left in this round."), code="none_left")
    row = CutRow.objects.filter(cut=cut, entry=entry).first()
    if row is not None and row.goes_on:
        raise Refused(_("This film goes on already."), status=400, code="goes_on")
    if row is not None and row.reason == CutRow.Reason.REMOVED:
        raise Refused(
            _("The chair took this film out, with a reason: no wild card brings it back."), code="removed"
        )
    reason = CutRow.Reason.WILD_CARD
    played_row, _made = CutRow.objects.update_or_create(
        cut=cut, entry=entry, defaults={"reason": reason, "why": why, "by": by.user, "at": at}
    )
    return played_row


def freeze_intake(*, round: Round, at: datetime) -> list[int]:
    """The films that the round `after` lets through, and its cut frozen with them. Called while `round` opens."""
    earlier = round.after
    Round.objects.select_for_update().get(pk=earlier.pk)
    if earlier.state != Round.State.CLOSED:
        raise Refused(_("The round before is not closed yet; this one takes its films from it."))
    cut = current_cut(earlier)
    if cut is None:
        raise Refused(_("The round before has no cut yet. Make it first: it says which films go on."))
    Cut.objects.filter(pk=cut.pk, frozen_at__isnull=True).update(frozen_at=at)
    rows = CutRow.objects.filter(cut=cut).exclude(reason__in=CutRow.OUT)
    return list(rows.filter(entry__state=State.ELIGIBLE).values_list("entry_id", flat=True))


def hold(round: Round) -> None:
    """Hold the round, so that no round that takes its cut opens meanwhile."""
    fresh = Round.objects.select_for_update().get(pk=round.pk)
    if fresh.state != Round.State.CLOSED:
        raise Refused(_("The round is not closed yet. The cut is made from its frozen standing."))
    if Cut.objects.filter(round=round, frozen_at__isnull=False).exists():
        raise Refused(_("The next round has opened with this cut: it is frozen."), code="frozen")


def assert_in_force(cut: Cut) -> None:
    """Called while the round is held: refuse to work on a cut that another one has taken the place of."""
    if cut.set_aside_at or not Cut.objects.filter(pk=cut.pk, set_aside_at__isnull=True).exists():
        raise Refused(_("The cut has been drawn anew meanwhile. Reload the page."))


def _assert_chair(by: Actor, round: Round) -> None:
    if not permissions.can_chair(by, round):
        raise Refused(_("Only the jury chair decides over the cut."), status=403)
