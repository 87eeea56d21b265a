"""Writes of the ledger: what teams are promised and given. Lines are added, never changed."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from festival.edition.money_forms import currency_of_text
from festival.kit.errors import Refused
from festival.kit.words import amount_text
from festival.people.actor import SYSTEM, Actor
from submissions.cohorts import permissions, support_queries
from submissions.cohorts.models import Cohort, Delivery, Milestone, Place, SupportLine

Kind, Side = SupportLine.Kind, SupportLine.Side


def promise_all(*, place: Place, by: Actor, at: datetime) -> None:
    """What every team of the cohort is promised, written into the team's ledger when it accepts its place."""
    SupportLine.objects.bulk_create(
        SupportLine(
            place=place,
            kind=promise.kind,
            side=Side.PROMISED,
            amount=promise.amount,
            unit=promise.unit,
            on=_today(place, at),
            by=by.user,
            at=at,
        )
        for promise in place.cohort.promises.all()
    )


def promise_more(
    *, cohort: Cohort, kind: str, unit: str, amount: Decimal | None, by: Actor, at: datetime
) -> list[SupportLine]:
    """What the cohort promises beyond before (None: without a limit now), for every team that has its place."""
    places = Place.objects.filter(cohort=cohort, state=Place.State.ACCEPTED).select_related("cohort__edition")
    return SupportLine.objects.bulk_create(
        SupportLine(
            place=place,
            kind=kind,
            side=Side.PROMISED,
            amount=amount,
            unit=unit,
            on=_today(place, at),
            by=by.user,
            at=at,
        )
        for place in places
    )


def promise_grant(*, delivery: Delivery, by: Actor, at: datetime) -> SupportLine | None:
    """The tranche of an accepted delivery's milestone: once for a team, however often it delivers."""
    milestone, place = delivery.milestone, delivery.place
    if not milestone.grant:
        return None
    rows = SupportLine.objects.filter(place=place, milestone=milestone, side=Side.PROMISED, amount__gt=0)
    if rows.exists():
        return None
    return SupportLine.objects.create(
        place=place,
        kind=Kind.CASH,
        side=Side.PROMISED,
        amount=milestone.grant,
        unit=milestone.grant_unit,
        milestone=milestone,
        on=_today(place, at),
        by=by.user,
        at=at,
    )


@transaction.atomic
def add_line(
    *,
    place: Place,
    kind: str,
    side: str,
    amount: Decimal,
    unit: str,
    on: date,
    by: Actor,
    at: datetime,
    reference: str = "",
    note: str = "",
    milestone: Milestone | None = None,
) -> SupportLine:
    """A promise or something given, as it happened on the day `on`; a negative amount takes back, with its reason.

    `milestone`: for whose tranche something is given. Refused where more would be taken back than there is.
    """
    held = Place.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=place.pk)
    if not permissions.can_run(by, held.cohort.edition_id) and by is not SYSTEM:
        raise Refused(_("Only the organisers of this contest can do this."), status=403, code="not_allowed")
    unit, note = unit.strip(), note.strip()
    if held.answered_at is None or held.entry_id is None:
        raise Refused(_("Only a team that took its place has a ledger."), code="no_team")
    if kind not in Kind.values or side not in Side.values or not unit:
        raise Refused(_("Say what it is, in which unit."), status=400, code="kind")
    if kind == Kind.CASH:
        unit = _currency(held, unit)
    if not amount or amount != round(amount, 2):
        raise Refused(
            _("Give an amount with at most two places behind the point."), status=400, code="amount"
        )
    if milestone is not None and (side != Side.GIVEN or milestone.cohort_id != held.cohort_id):
        text = _("Only what is given belongs to a milestone; its tranche is promised when it is accepted.")
        raise Refused(text, status=400, code="milestone")
    if amount < 0:
        if not note:
            raise Refused(_("Say why it is taken back."), status=400, code="no_reason")
        rows = SupportLine.objects.filter(place=held, kind=kind, side=side, unit=unit)
        there = rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
        if there + amount < 0:
            text = _("There are only %(there)s %(unit)s: no more can be taken back.")
            raise Refused(text % {"there": amount_text(there), "unit": unit}, code="too_much")
    return SupportLine.objects.create(
        place=held,
        kind=kind,
        side=side,
        amount=amount,
        unit=unit,
        milestone=milestone,
        reference=reference.strip(),
        note=note,
        on=on,
        by=by.user,
        at=at,
    )


@transaction.atomic
def take_back_open(
    *, place: Place, note: str, by: Actor, at: datetime, earned: bool = False
) -> list[SupportLine]:
    """Take back what a team that has left was promised and not given: a line for each sum, with the reason.

    The tranches of accepted milestones were earned before it left; they stay due unless `earned` takes them back too.
    What was promised without a limit has no sum to take back. Refused where nothing is open.
    """
    held = Place.objects.select_for_update(of=("self",)).select_related("cohort__edition").get(pk=place.pk)
    if not permissions.can_run(by, held.cohort.edition_id):
        raise Refused(_("Only the organisers of this contest can do this."), status=403, code="not_allowed")
    if held.state != Place.State.LEFT:
        raise Refused(_("This team has its place: what it was promised is open."), code="no_end")
    note = note.strip()
    if not note:
        raise Refused(_("Say why it is taken back."), status=400, code="no_reason")
    due = support_queries.tranches_due_to(held)
    back = []
    for balance in support_queries.balances_of(held):
        left = balance.open or Decimal(0)
        tranches = [one for one in due if balance.kind == Kind.CASH and one.unit == balance.unit]
        for tranche in tranches:
            part = min(tranche.amount, left)
            left -= part
            if earned and part:
                back.append((balance, part, tranche.milestone))
        if left:
            back.append((balance, left, None))
    if not back:
        raise Refused(_("Nothing is open that could be taken back."), code="nothing")
    return SupportLine.objects.bulk_create(
        SupportLine(
            place=held,
            kind=balance.kind,
            side=Side.PROMISED,
            amount=-amount,
            unit=balance.unit,
            milestone=milestone,
            note=note,
            on=_today(held, at),
            by=by.user,
            at=at,
        )
        for balance, amount, milestone in back
    )


def _currency(place: Place, typed: str) -> str:
    """Money has a currency; a promise that was made before there was a list can still be kept."""
    lines = SupportLine.objects.filter(place=place, kind=Kind.CASH, unit=typed)
    try:
        return currency_of_text(typed)
    except ValidationError as fault:
        if lines.exists():
            return typed
        raise Refused(" ".join(fault.messages), status=400, code="currency") from None


def _today(place: Place, at: datetime) -> date:
    return at.astimezone(ZoneInfo(place.cohort.edition.time_zone)).date()
