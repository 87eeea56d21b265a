"""Reads of the ledger: what teams were promised and given, and what is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from festival.kit.words import say
from submissions.cohorts.models import Cohort, Delivery, Milestone, Place, SupportLine

Side = SupportLine.Side
Sums = dict[tuple[str, str], dict[str, Decimal | None]]  # by kind and unit, by side; None: without a limit


@dataclass(frozen=True, slots=True)
class Balance:
    """Of one kind in one unit. `promised` None: as much as the team needs; then `open` is None too."""

    kind: str
    unit: str
    promised: Decimal | None
    given: Decimal

    @property
    def open(self) -> Decimal | None:
        return None if self.promised is None else max(self.promised - self.given, Decimal(0))

    @property
    def label(self) -> str:
        return str(SupportLine.Kind(self.kind).label)


def lines_of(place: Place) -> list[SupportLine]:
    """A team's ledger, the oldest line first."""
    return list(SupportLine.objects.filter(place=place).select_related("milestone", "by"))


def lines_by_place(places: list[Place]) -> dict[int, list[SupportLine]]:
    """The ledgers of several places, by the place's id. One query."""
    found: dict[int, list[SupportLine]] = {}
    for line in SupportLine.objects.filter(place__in=places).select_related("milestone", "by"):
        found.setdefault(line.place_id, []).append(line)
    return found


def balances(lines: list[SupportLine]) -> list[Balance]:
    """The sums of lines that were fetched."""
    sums: Sums = {}
    for line in lines:
        held = sums.setdefault((line.kind, line.unit), {})
        held[line.side] = _plus(held.get(line.side, Decimal(0)), line.amount)
    return _by_kind(sums)


def balances_of(place: Place) -> list[Balance]:
    """Of one team. One query."""
    return _balances(SupportLine.objects.filter(place=place)).get(place.pk, [])


def balances_by_place(cohort: Cohort) -> dict[int, list[Balance]]:
    """Of every team of a cohort, by the place's id. One query."""
    return _balances(SupportLine.objects.filter(place__cohort=cohort))


def totals(by_place: dict[int, list[Balance]]) -> list[Balance]:
    """All teams together."""
    sums: Sums = {}
    for balances in by_place.values():
        for one in balances:
            held = sums.setdefault((one.kind, one.unit), {})
            held[Side.PROMISED] = _plus(held.get(Side.PROMISED, Decimal(0)), one.promised)
            held[Side.GIVEN] = _plus(held.get(Side.GIVEN, Decimal(0)), one.given)
    return _by_kind(sums)


def _balances(lines: QuerySet[SupportLine]) -> dict[int, list[Balance]]:
    rows = lines.order_by().values("place", "kind", "unit", "side")
    rows = rows.annotate(sum=Sum("amount"), unlimited=Count("pk", filter=Q(amount=None)))
    sums: dict[int, Sums] = {}
    for row in rows:
        of_place = sums.setdefault(row["place"], {})
        of_place.setdefault((row["kind"], row["unit"]), {})[row["side"]] = (
            None if row["unlimited"] else row["sum"]
        )
    return {place: _by_kind(found) for place, found in sums.items()}


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other


def _by_kind(sums: Sums) -> list[Balance]:
    return [
        Balance(kind, unit, held.get(Side.PROMISED, Decimal(0)), held.get(Side.GIVEN) or Decimal(0))
        for (kind, unit), held in sorted(sums.items())
    ]


@dataclass(frozen=True, slots=True)
class Tranche:
    """Money that is due since a milestone was accepted, as far as it was not given."""

    place: Place
    milestone: Milestone
    since: datetime | None
    amount: Decimal
    unit: str


def tranches_due(cohort: Cohort) -> list[Tranche]:
    """The tranches that wait to be paid, the longest waiting first; less what was taken back of them. Three queries."""
    return _due(SupportLine.objects.filter(place__cohort=cohort), dict(_accepted(cohort)))


def tranches_due_to(place: Place) -> list[Tranche]:
    """The same of one team, without since when. Two queries."""
    return _due(SupportLine.objects.filter(place=place), {})


def _due(ledger: QuerySet[SupportLine], accepted: dict[tuple[int, int], datetime | None]) -> list[Tranche]:
    lines = ledger.filter(milestone__isnull=False, amount__isnull=False)
    promised = lines.filter(side=Side.PROMISED, amount__gt=0)
    promised = promised.select_related("place__entry", "milestone").order_by("at", "pk")
    gone = lines.filter(Q(side=Side.GIVEN) | Q(amount__lt=0)).order_by()
    sums: dict[tuple[int, int | None, str], Decimal] = {}
    for row in gone.values("place", "milestone", "unit", "side").annotate(sum=Sum("amount")):
        key, sign = (row["place"], row["milestone"], row["unit"]), 1 if row["side"] == Side.GIVEN else -1
        sums[key] = sums.get(key, Decimal(0)) + sign * row["sum"]
    due = []
    for line in promised:
        assert line.milestone is not None and line.amount is not None
        left = line.amount - sums.get((line.place_id, line.milestone_id, line.unit), Decimal(0))
        if left > 0:
            since = accepted.get((line.place_id, line.milestone_id))
            due.append(Tranche(line.place, line.milestone, since, left, line.unit))
    return due


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """What a team that has left was promised and not given. `endless`: kinds that were promised without a limit."""

    place: Place
    balances: list[Balance]
    endless: list[str]


def left_open(places: QuerySet[Place]) -> list[LeftOpen]:
    """Of these places those that are over and have something open, in the order of the list. Two queries."""
    gone = places.filter(state=Place.State.LEFT, answered_at__isnull=False, entry__isnull=False)
    rows = list(gone.select_related("cohort", "entry").order_by("cohort__position", "cohort", "rank", "pk"))
    sums = _balances(SupportLine.objects.filter(place__in=[row.pk for row in rows]))
    found = [
        LeftOpen(
            row,
            [one for one in sums.get(row.pk, []) if one.open],
            [one.label for one in sums.get(row.pk, []) if one.promised is None],
        )
        for row in rows
    ]
    return [one for one in found if one.balances]


def withheld(cohort: Cohort) -> list[Tranche]:
    """The tranches of milestones whose delivery was rejected, the newest first. One query."""
    rows = Delivery.objects.filter(
        place__cohort=cohort, state=Delivery.State.REJECTED, milestone__grant__isnull=False
    )
    rows = rows.select_related("place__entry", "milestone").order_by("-reviewed_at", "-pk")
    return [
        Tranche(row.place, row.milestone, row.reviewed_at, row.milestone.grant, row.milestone.grant_unit)
        for row in rows
        if row.milestone.grant
    ]


def _accepted(cohort: Cohort) -> Iterable[tuple[tuple[int, int], datetime | None]]:
    rows = Delivery.objects.filter(place__cohort=cohort, state=Delivery.State.ACCEPTED)
    for place, milestone, at in rows.values_list("place", "milestone", "reviewed_at"):
        yield (place, milestone), at


def head() -> list[str]:
    """The columns of the table, in the reader's language."""
    return [
        pgettext("cohort", "Team"), pgettext("code", "Entry"), _("Day"),
        _("Promised or given"), _("What"), _("Amount"), _("Unit"), _("Milestone"),
        _("Reference"), pgettext("support", "Note"), _("Written by"), _("Written at"),
    ]  # fmt: skip


def sheet(cohort: Cohort) -> Iterable[list[str | datetime | float | None]]:
    """Every line of a cohort's ledger, team by team. One query."""
    lines = SupportLine.objects.filter(place__cohort=cohort)
    lines = lines.select_related("place__entry", "milestone", "by").order_by(
        "place__rank", "place", "on", "at", "pk"
    )
    for line in lines.iterator(chunk_size=500):
        entry = line.place.entry
        yield [
            line.place.name or (entry.title if entry else ""),
            entry.code if entry else "",
            line.on.isoformat(),
            str(line.get_side_display()),
            str(line.get_kind_display()),
            pgettext("amount", "unlimited") if line.amount is None else float(line.amount),
            line.unit,
            say(line.milestone.name) if line.milestone else "",
            line.reference,
            line.note,
            str(line.by) if line.by else "",
            line.at,
        ]
