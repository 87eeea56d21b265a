"""Writes of the order in which an edition's cohorts stand, and of milestones that are due on one day."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.edition.frozen_actions import Change, is_frozen, record_changes
from festival.kit.errors import Refused
from festival.kit.words import say
from festival.people.actor import Actor
from judging.cohort_holds import held, holds_of, keeps_place
from judging.cohort_setup_actions import gone_cohort, gone_milestone, hold_teams
from submissions.cohorts.models import Cohort, Milestone

Reason = Mapping[str, str] | None


@transaction.atomic
def move_cohort(*, cohort: Cohort, up: bool, by: Actor, at: datetime, reason: Reason = None) -> None:
    """One place up or down; the first and the last stay where that is all there is.

    A cohort whose time has begun keeps its place, and none is moved past it, once the call has opened or its teams have
    places. Once the call has opened, with a reason.
    """
    edition, _setup = hold_teams(cohort.edition, by)
    rows = list(Cohort.objects.filter(edition=edition))
    place = next((number for number, one in enumerate(rows) if one.pk == cohort.pk), None)
    if place is None:
        raise gone_cohort()
    order = _swapped(rows, place, up)
    if order is None:
        return
    frozen, holds = is_frozen(edition, at), holds_of(edition)
    for one in (rows[place], order[place]):
        if keeps_place(one.starts_at, held(one, holds), frozen=frozen, at=at):
            text = _("The time of “%(cohort)s” has begun: it keeps its place, and none is moved past it.")
            raise Refused(text % {"cohort": say(one.name)}, code="begun")
    _number(order)
    change = Change("cohort.order", [dict(one.name) for one in rows], [dict(one.name) for one in order])
    record_changes(edition=edition, changes=[change], reason=reason or {}, by=by, at=at)


@transaction.atomic
def move_milestone(*, milestone: Milestone, up: bool, by: Actor, at: datetime, reason: Reason = None) -> None:
    """Past its neighbour that is due at the same moment. Milestones follow their days: others are not passed.

    Not once that moment is over. Once the call has opened, with a reason.
    """
    edition, _setup = hold_teams(milestone.cohort.edition, by)
    cohort = Cohort.objects.filter(edition=edition, pk=milestone.cohort_id).first()
    rows = list(Milestone.objects.filter(cohort=cohort)) if cohort else []
    place = next((number for number, one in enumerate(rows) if one.pk == milestone.pk), None)
    if cohort is None or place is None:
        raise gone_milestone()
    order = _swapped(rows, place, up)
    if order is None:
        return
    if order[place].due_at != milestone.due_at:
        text = _("Milestones follow their days. Only those due on one day can change places.")
        raise Refused(text, code="days")
    teams = held(cohort, holds_of(edition))
    if keeps_place(rows[place].due_at, teams, frozen=is_frozen(edition, at), at=at):
        raise Refused(_("These milestones were due already: their order stays."), code="over")
    _number(order)
    before, after = ([dict(one.name) for one in each] for each in (rows, order))
    change = Change("milestone.order", before, after, name=dict(cohort.name))
    record_changes(edition=edition, changes=[change], reason=reason or {}, by=by, at=at)


def _swapped[Row: (Cohort, Milestone)](rows: Sequence[Row], place: int, up: bool) -> list[Row] | None:
    """The rows with one of them moved; None where there is nothing to pass."""
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return None
    order = list(rows)
    order[place], order[other] = order[other], order[place]
    return order


def _number[Row: (Cohort, Milestone)](order: Sequence[Row]) -> None:
    """A blueprint gives them back in this order."""
    for position, row in enumerate(order):
        row.position = position
    type(order[0])._default_manager.bulk_update(order, ["position"])
