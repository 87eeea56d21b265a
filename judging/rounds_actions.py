"""Writes of rounds: set up, open, hand out looks, close, replay."""

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.blueprint import Blueprint
from festival.edition.models import Edition
from festival.kit import remembered
from festival.kit.errors import Refused
from festival.people.actor import Actor
from judging import (
    ballot_queries,
    cut_actions,
    cut_queries,
    feedback_queries,
    panel_actions,
    permissions,
    queries,
    standing_actions,
    team_lists,
)
from judging.hand_out import hand_out
from judging.logic import standing
from judging.models import Allocation, Criterion, Look, Panel, Round, Standing
from submissions.lifecycle import State
from submissions.models import Entry, Event

BATCH = 2000


@transaction.atomic
def create_rounds(*, edition: Edition, plan: Blueprint) -> list[Round]:
    """The rounds of a blueprint with their criteria, planned and not yet open."""
    rounds: dict[str, Round] = {}
    cohorts = {cohort.slug: cohort for cohort in edition.cohorts.all()}
    for position, row in enumerate(plan.rounds):
        low, high, step = row.scale
        round = Round.objects.create(
            edition=edition,
            slug=row.slug,
            name=row.name,
            position=position,
            gate=row.gate,
            after=rounds.get(row.after),
            cohort=cohorts.get(row.cohort),
            looks_per_film=row.looks,
            scale_min=low,
            scale_max=high,
            scale_step=step,
            official_rule=row.official,
            decides=row.decides,
            pass_rule=row.pass_rule,
            pass_least=row.pass_least,
            most_nominations=row.nominations,
            ballot=row.ballot,
            ballot_points=row.ballot_points,
            quorum=row.quorum,
            cut_kind=row.cut.kind if row.cut else "",
            cut_value=row.cut.value if row.cut else None,
            wild_cards=row.wild_cards,
            expects=row.expects,
            expects_judges=row.judges,
            tie_criterion=row.tie_criterion,
            tie_last=row.tie_last,
            blind=row.blind,
            overhead_seconds=row.overhead,
            reading_minutes=row.reading_minutes,
            adaptive=row.adaptive,
            most_looks=row.most_looks,
            looks_budget=row.budget or None,
            second_look=row.second_look,
        )
        Criterion.objects.bulk_create(
            Criterion(
                round=round,
                slug=criterion.slug,
                name=criterion.name,
                about=criterion.about,
                weight=criterion.weight,
                anchors=[
                    {"value": standing.plain(anchor.value), "text": anchor.text}
                    for anchor in criterion.anchors
                ],
                position=place,
            )
            for place, criterion in enumerate(row.criteria)
        )
        Panel.objects.bulk_create(
            Panel(round=round, name=one.name, position=place, most_nominations=one.nominations or None)
            for place, one in enumerate(row.panels)
        )
        rounds[row.slug] = round
    return list(rounds.values())


@transaction.atomic
def open_round(
    *, round: Round, by: Actor, at: datetime, entries: Iterable[Entry] | None = None, seed: int | None = None
) -> Allocation | None:
    """Freeze gate, criteria, scale and method, draw the seed, and give every film its looks.

    Takes what the round before lets through, freezing its cut, or the teams that have their places in a cohort;
    without either all admitted films of the edition, late ones too, or only `entries`. Gives no allocation where a jury
    votes: everybody has the whole list. Refused when somebody opened it before, when weights do not sum to 100, when a
    panel is not complete, and when there are no judges or no films.
    """
    if not permissions.can_chair(by, round):
        raise Refused(_("Only the jury chair opens a round."), status=403)
    check_ready(round)
    if not queries.jury_of(round):
        if queries.named_for(round):
            raise Refused(
                _("Those who were named for this round have left the jury. Name others."), status=400
            )
        raise Refused(_("There are no judges yet. Name judges on the team page first."), status=400)
    drawn = secrets.randbits(62) if seed is None else seed
    changed = Round.objects.filter(pk=round.pk, state=Round.State.PLANNED).update(
        state=Round.State.OPEN,
        opened_at=at,
        seed=drawn,
        takes_all=entries is None and round.after_id is None and round.cohort_id is None,
    )
    if not changed:
        raise Refused(_("This round has been opened already. Reload the page to see how far it is."))
    round.refresh_from_db(fields=["state", "opened_at", "seed", "takes_all"])
    if round.after_id is not None:
        _add_films(round, cut_actions.freeze_intake(round=round, at=at), by, at)
        cut = cut_queries.current_cut(round.after)
        assert cut is not None  # frozen a line above
        team_lists.list_teams(cut=cut, at=at)
    elif round.cohort_id is not None:
        _add_films(round, list(queries.teams_of(round).values_list("pk", flat=True)), by, at)
    elif entries is not None:
        eligible = [entry for entry in entries if entry.state == State.ELIGIBLE]
        _add_films(round, [entry.pk for entry in eligible], by, at)
    else:
        _take_all(round, by, at)
    if not round.films.exists():
        if round.after_id is not None:
            raise Refused(_("No film goes on from the round before: change its cut first."), status=400)
        if round.cohort_id is not None:
            raise Refused(_("No team has taken its place in the cohort yet."), status=400)
        raise Refused(_("There are no films yet: no entry has been admitted to the competition."), status=400)
    return None if round.gate == Round.Gate.BALLOT else hand_out(round, by, at)


def check_ready(round: Round) -> None:
    """Refuse what would make the round's results meaningless, once it is open."""
    if round.gate == Round.Gate.SCORE:
        weights = sum(round.criteria.values_list("weight", flat=True), Decimal(0))
        if weights != 100:
            raise Refused(
                _("The weights of the criteria sum to %(sum)s; they must sum to 100 before the round opens.")
                % {"sum": standing.plain(weights)},
                status=400,
            )
    if round.gate == Round.Gate.PANEL:
        panel_actions.check_panels(round)


@transaction.atomic
def add_late_films(*, round: Round, by: Actor, at: datetime) -> Allocation | None:
    """Give the looks that are missing: of films admitted late, of judges who left, of recusals nobody could take.

    Looks that exist stay as they are, except those of former judges, which are given to others.
    """
    if not permissions.can_chair(by, round):
        raise Refused(_("Only the jury chair hands out looks."), status=403)
    _lock_open(round)
    if round.takes_all:
        _take_all(round, by, at)
    (
        Look.objects.filter(round=round, state=Look.State.PENDING)
        .exclude(judge_id__in=list(queries.jury_of(round)))
        .update(state=Look.State.RECUSED, taken=Look.Taken.LEFT_JURY, saved_at=at, answer="", nominated=False)
    )
    return None if round.gate == Round.Gate.BALLOT else hand_out(round, by, at)


def _lock_open(round: Round) -> None:
    """Hold the round until the end of the transaction, so that two allocations never cross."""
    fresh = Round.objects.select_for_update().get(pk=round.pk)
    if fresh.state != Round.State.OPEN:
        raise Refused(_("This round is not open."))


def _take_all(round: Round, by: Actor, at: datetime) -> None:
    _add_films(round, list(queries.late_films(round).values_list("pk", flat=True)), by, at)


def _add_films(round: Round, entry_ids: list[int], by: Actor, at: datetime) -> None:
    link = Round.films.through
    link.objects.bulk_create((link(round_id=round.pk, entry_id=pk) for pk in entry_ids), batch_size=BATCH)
    # The floor below reads in the log how far the jury is.
    values = {"round": round.slug, "name": round.name, "looks": round.looks_per_film}
    Event.objects.bulk_create(
        (Event(entry_id=pk, kind="judging_began", actor=by.user, at=at, values=values) for pk in entry_ids),
        batch_size=BATCH,
    )


@transaction.atomic
def replace_look(*, look: Look, by: Actor, at: datetime) -> Allocation:
    """Give the film of a recused look to another judge, where there is one. Called by `looks_actions.recuse`."""
    return hand_out(look.round, by, at, only=[look.entry_id])


@transaction.atomic
def replace_looks(*, round: Round, entry_ids: Collection[int], by: Actor, at: datetime) -> Allocation:
    """The same for several films of a round at once. Called when a conflict takes looks away."""
    return hand_out(round, by, at, only=entry_ids)


@transaction.atomic
def close_round(*, round: Round, by: Actor, at: datetime, confirmed_pending: int = 0) -> Standing:
    """End the round and freeze its standing.

    `confirmed_pending` is how many unfinished looks the chair saw and agreed to lose; refused when there are more
    now. A score saved before this is in the standing; one that comes later is refused and its judge is told.
    """
    if not permissions.can_chair(by, round):
        raise Refused(_("Only the jury chair closes a round."), status=403)
    changed = Round.objects.filter(pk=round.pk, state=Round.State.OPEN).update(
        state=Round.State.CLOSED, closed_at=at
    )
    if not changed:
        raise Refused(_("This round is not open, so it cannot be closed. Reload the page."))
    remembered.forget(feedback_queries.counts_name(round.edition_id))
    # Waits for judges who are saving at this moment (they hold their look, then read the round).
    list(Look.objects.select_for_update().filter(round=round).values_list("pk", flat=True))
    pending = queries.pending_looks(round)
    if pending > confirmed_pending:
        raise Refused(
            ngettext(
                "%(count)d look is not finished; its scores would not count. Confirm that you close without it.",
                "%(count)d looks are not finished; their scores would not count. Confirm that you close without them.",
                pending,
            )
            % {"count": pending},
            code="pending",
        )
    round.refresh_from_db()
    if round.gate == Round.Gate.BALLOT:
        _assert_quorum(round)
    frozen = standing_actions.freeze(round=round, by=by, at=at)
    ids = frozen.rows.values_list("entry_id", flat=True)
    Event.objects.bulk_create(
        (
            Event(entry_id=pk, kind="judging_ended", actor=by.user, at=at, values={"round": round.slug})
            for pk in ids
        ),
        batch_size=BATCH,
    )
    kind, value = _rule_of_cut(round)
    if kind:
        _make_planned_cut(round, by, at, kind, value)
    return frozen


def _rule_of_cut(round: Round) -> tuple[str, Decimal | None]:
    """As planned; after the round was reopened, the rule of the cut that was then set aside."""
    last = round.cuts.first() if round.reopened_at else None
    return (last.kind, last.value) if last else (round.cut_kind, round.cut_value)


def _assert_quorum(round: Round) -> None:
    cast = ballot_queries.ballots_cast(round)
    if cast < round.quorum:
        raise Refused(
            _("%(cast)d of the %(quorum)d ballots that are needed have been cast. The round stays open.")
            % {"cast": cast, "quorum": round.quorum},
            code="quorum",
        )


def _make_planned_cut(round: Round, by: Actor, at: datetime, kind: str, value: Decimal | None) -> None:
    """As planned, at once; what the standing cannot give yet the chair does afterwards."""
    try:
        cut_actions.make_cut(round=round, by=by, at=at, kind=kind, value=value)
    except Refused as refused:
        if refused.code not in ("no_chances", "no_adjusted"):
            raise
