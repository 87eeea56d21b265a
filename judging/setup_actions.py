"""Writes of a round's plan: made and changed freely while it is planned, with a reason on record once it is open."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from festival.edition.frozen import FROZEN
from festival.edition.frozen_actions import Change, record_changes
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.kit.words import short_language
from festival.people.actor import Actor
from judging import permissions, queries
from judging.cut_actions import check_rule
from judging.logic.standing import plain
from judging.models import Ballot, Criterion, Look, Panel, Round, RoundChange, Score
from submissions.cohorts.models import Cohort

REASON_MAX = 500
SETTINGS = (
    "name", "gate", "after", "cohort", "looks_per_film", "scale", "official_rule", "decides", "pass_rule", "pass_least",
    "most_nominations", "ballot", "ballot_points", "quorum", "cut_kind", "cut_value", "blind", "overhead_seconds",
    "reading_minutes",
    "adaptive", "most_looks", "looks_budget", "second_look", "tie_criterion", "tie_last", "wild_cards", "expects",
    "expects_judges",
)  # fmt: skip
FIXED = ("gate", "after", "cohort")  # never in an open round: its looks have been given out by them


@dataclass(frozen=True, slots=True)
class CriterionGiven:
    """A criterion as the plan shall have it; `slug` "" for a new one."""

    slug: str
    name: dict[str, str]
    about: dict[str, str]
    weight: Decimal
    anchors: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "about": self.about, "weight": plain(self.weight), "anchors": self.anchors}


@transaction.atomic
def add_round(
    *,
    edition: Edition,
    name: dict[str, str],
    gate: str,
    by: Actor,
    at: datetime,
    public: Mapping[str, str] | None = None,
) -> Round:
    """A new round, planned, after all that are there. `public`: the reason, once the call has opened."""
    if not permissions.can_plan(by, edition):
        raise Refused(_("Only organisers and the jury chair plan rounds."), status=403)
    Edition.objects.select_for_update().get(pk=edition.pk)
    last = edition.rounds.aggregate(last=Max("position"))["last"]
    added = [Change("round.slot", None, gate, name=name)]
    record_changes(edition=edition, changes=added, reason=public or {}, by=by, at=at)
    return Round.objects.create(
        edition=edition,
        slug=_free(
            slugify(name.get("en", "")) or "round", set(edition.rounds.values_list("slug", flat=True))
        ),
        name=name,
        gate=gate,
        position=0 if last is None else last + 1,
    )


def _free(wanted: str, taken: set[str]) -> str:
    """`wanted`, or with a number behind it."""
    wanted = wanted[:36]
    return next(
        name
        for name in (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
        if name not in taken
    )


@transaction.atomic
def remove_round(*, round: Round, by: Actor, at: datetime, public: Mapping[str, str] | None = None) -> None:
    """Only while it is planned, and while no other round takes its cut."""
    _assert_planner(by, round)
    fresh = Round.objects.select_for_update().get(pk=round.pk)
    if fresh.state != Round.State.PLANNED:
        raise Refused(_("This round has been opened, so it cannot be removed."))
    if fresh.followers.exists():
        raise Refused(_("Another round takes its films from this one. Change that first."))
    removed = [Change("round.slot", fresh.gate, None, name=fresh.name)]
    record_changes(edition=fresh.edition, changes=removed, reason=public or {}, by=by, at=at)
    fresh.delete()


@transaction.atomic
def change_round(
    *,
    round: Round,
    by: Actor,
    at: datetime,
    settings: Mapping[str, Any],
    criteria: Sequence[CriterionGiven] | None = None,
    reason: str = "",
    public: Mapping[str, str] | None = None,
) -> list[RoundChange]:
    """Change a round's plan. `settings` by the names of SETTINGS (scale: lowest, highest, step); `criteria`: all of
    them, in their order.

    Once the round is open, a change needs a reason and is put on record, and one that would make given scores
    meaningless is refused. Gives what was put on record. A closed round is not changed. From the call's opening what
    is frozen needs a reason even while the round is planned: `public`, in either language; else `reason` counts.
    """
    _assert_planner(by, round)
    # Closing and changing come one after the other; who is saving a score holds her look, then reads the round.
    fresh = (
        Round.objects.select_for_update(of=("self",))
        .select_related("after", "cohort", "edition")
        .get(pk=round.pk)
    )
    if fresh.state == Round.State.CLOSED:
        raise Refused(_("The round is closed: nothing in it is changed any more."))
    is_open = fresh.state == Round.State.OPEN
    _assert_not_reopened(fresh)
    before = settings_of(fresh)
    changed = {name: value for name, value in settings.items() if before[name] != value}
    have = {row.slug: row for row in fresh.criteria.all()}
    if is_open:
        list(Look.objects.select_for_update().filter(round=fresh).values_list("pk", flat=True))
        _check_open(fresh, changed)
        if criteria is not None:
            _check_open_criteria(fresh, have, criteria)
    _check(fresh, before | changed)
    for name, value in changed.items():
        if name == "scale":
            fresh.scale_min, fresh.scale_max, fresh.scale_step = value
        else:
            setattr(fresh, name, value)
    fresh.save()
    records = [
        RoundChange(what=name, before=stored(before[name]), after=stored(value))
        for name, value in changed.items()
    ]
    if criteria is not None:
        records += _write_criteria(fresh, have, criteria)
    _check_ties(fresh)
    reason = reason.strip()[:REASON_MAX]
    if is_open and records and not reason:
        raise Refused(
            _("The round is open: say why this is changed. The judges read it."), status=400, code="reason"
        )
    _record(fresh, records, public or _said(reason), by, at)
    if not is_open or not records:
        return []
    for record in records:
        record.round, record.reason, record.by, record.at = fresh, reason, by.user, at
    return RoundChange.objects.bulk_create(records)


def _said(reason: str) -> dict[str, str]:
    return {short_language(): reason} if reason else {}


def _record(
    round: Round, records: Sequence[RoundChange], public: Mapping[str, str], by: Actor, at: datetime
) -> None:
    """What of these changes entrants relied on: how it is judged, and how many go on; no name, no plan of the work."""
    changes = []
    for one in records:
        kind, colon, _key = one.what.partition(":")
        if colon:
            keys = ("name", "weight") if kind == "criterion" else ("name", "most")
            old, new = (
                {key: value[key] for key in keys} if value else None for value in (one.before, one.after)
            )
            changes.append(Change(kind, old, new, name=round.name))
        elif f"round.{one.what}" in FROZEN:
            changes.append(Change(f"round.{one.what}", one.before, one.after, name=round.name))
    cut = {name: stored(getattr(round, name)) for name in ("cut_kind", "cut_value")}
    before = cut | {one.what: one.before for one in records if one.what in cut}
    changes.append(
        Change("round.cut", *([row["cut_kind"], row["cut_value"]] for row in (before, cut)), round.name)
    )
    record_changes(edition=round.edition, changes=changes, reason=public, by=by, at=at)


def _assert_not_reopened(round: Round) -> None:
    """Its standing has been seen: no rule is changed by which the next one is computed."""
    if round.reopened_at:
        raise Refused(
            _("This round was reopened for further looks alone: its rules stay as they are."),
            code="reopened",
        )


def settings_of(round: Round) -> dict[str, Any]:
    """The plan by the names of SETTINGS."""
    values = {name: getattr(round, name) for name in SETTINGS if name != "scale"}
    return values | {"scale": (round.scale_min, round.scale_max, round.scale_step)}


def stored(value: Any) -> Any:
    """A setting as the record keeps it."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return value.slug if isinstance(value, Round | Cohort) else value


def _check(round: Round, settings: Mapping[str, Any]) -> None:
    low, high, step = settings["scale"]
    if not (step > 0 and 0 <= low < high < 1000 and (high - low) % step == 0):
        raise Refused(_("This scale does not come out even. Choose another."), status=400, code="scale")
    after = settings["after"]
    if after is not None and (after.edition_id != round.edition_id or after.position >= round.position):
        raise Refused(_("A round takes its films from one that comes before it."), status=400, code="after")
    if after is not None and settings["cohort"] is not None:
        raise Refused(
            _("A round takes its films from a round or from a cohort, not from both."),
            status=400,
            code="two_intakes",
        )
    if settings["adaptive"] and settings["most_looks"] < settings["looks_per_film"]:
        raise Refused(
            _("A film must be allowed at least as many looks as every film has."),
            status=400,
            code="most_looks",
        )
    if settings["cut_kind"]:
        check_rule(settings["gate"], settings["cut_kind"], settings["cut_value"])
    elif settings["cut_value"] is not None:
        raise Refused(_("Say by which rule the cut is made."), status=400, code="cut_kind")


def _check_ties(round: Round) -> None:
    """The tie rule names a criterion of the round, or none."""
    named = round.tie_criterion
    if round.gate == Round.Gate.SCORE and named and not round.criteria.filter(slug=named).exists():
        raise Refused(
            _("The tie rule names a criterion that the round does not have. Choose another one, or none."),
            status=400,
            code="tie_criterion",
        )
    if round.tie_last not in Round.TieLast.values:
        raise Refused(_("Say what decides last between films tied at the line."), status=400, code="tie_last")


def _check_open(round: Round, changed: Mapping[str, Any]) -> None:
    """Refuse what would make meaningless what judges have given."""
    if any(name in changed for name in FIXED):
        raise Refused(_("Gate and films of an open round stay as they are."), code="fixed")
    if "scale" in changed:
        low, high, step = changed["scale"]
        given = Score.objects.filter(look__round=round).order_by().values_list("value", flat=True).distinct()
        if any(not low <= value <= high or (value - low) % step for value in given):
            raise Refused(
                _("Scores have been given that are not on this scale. It can be widened, not narrowed."),
                code="scale",
            )
    if ("ballot" in changed or "ballot_points" in changed) and Ballot.objects.filter(round=round).exists():
        raise Refused(_("Ballots have been cast already; how the jury votes stays as it is."), code="ballot")
    if "most_nominations" in changed:
        rows = Look.objects.filter(round=round, nominated=True).order_by().values("judge")
        most = max((row["n"] for row in rows.annotate(n=Count("pk"))), default=0)
        if most > changed["most_nominations"]:
            raise Refused(
                _("A judge has given %(count)d nominations already; it cannot be fewer.") % {"count": most},
                code="nominations",
            )


def _check_open_criteria(
    round: Round, have: Mapping[str, Criterion], given: Sequence[CriterionGiven]
) -> None:
    if round.gate != Round.Gate.SCORE:
        return
    if sum((row.weight for row in given), Decimal(0)) != 100:
        raise Refused(_("In an open round the weights must sum to 100."), status=400, code="weights")
    gone = [row.pk for slug, row in have.items() if slug not in {one.slug for one in given}]
    if Score.objects.filter(criterion__in=gone).exists():
        raise Refused(
            _("Scores have been given for this criterion; it cannot be taken away."), code="criterion"
        )
    finished = Look.objects.filter(round=round, state=Look.State.SCORED).exists()
    if finished and any(one.slug not in have for one in given):
        raise Refused(
            _("Films have been finished without this criterion; it cannot be added any more."),
            code="criterion",
        )


def _write_criteria(
    round: Round, have: Mapping[str, Criterion], given: Sequence[CriterionGiven]
) -> list[RoundChange]:
    """The criteria as given, and what is another than before; an order alone is no change."""
    records = []
    kept = set()
    for place, one in enumerate(given):
        row = have.get(one.slug)
        old = None
        if row is None:
            slug = _free(slugify(one.name.get("en", "")) or "criterion", {*have, *kept})
            row = Criterion(round=round, slug=slug)
        else:
            old = CriterionGiven(row.slug, row.name, row.about, row.weight, row.anchors).as_json()
        kept.add(row.slug)
        row.name, row.about, row.weight, row.anchors = one.name, one.about, one.weight, one.anchors
        row.position = place
        row.save()
        if old != one.as_json():
            records.append(RoundChange(what=f"criterion:{row.slug}", before=old, after=one.as_json()))
    for slug, row in have.items():
        if slug not in kept:
            old = CriterionGiven(slug, row.name, row.about, row.weight, row.anchors).as_json()
            row.delete()
            records.append(RoundChange(what=f"criterion:{slug}", before=old, after=None))
    return records


@dataclass(frozen=True, slots=True)
class PanelGiven:
    """A panel as the plan shall have it; `pk` None for a new one. `most` None: as the round says."""

    pk: int | None
    name: dict[str, str]
    judges: tuple[int, ...]
    most: int | None


@transaction.atomic
def set_panels(
    *,
    round: Round,
    by: Actor,
    at: datetime,
    panels: Sequence[PanelGiven],
    reason: str = "",
    public: Mapping[str, str] | None = None,
) -> list[RoundChange]:
    """The panels of a round. Once it is open none is added or taken away, and a change needs a reason.

    A judge sits on one panel at most.
    """
    _assert_planner(by, round)
    fresh = Round.objects.select_for_update().get(pk=round.pk)
    if fresh.state == Round.State.CLOSED:
        raise Refused(_("The round is closed: nothing in it is changed any more."))
    is_open = fresh.state == Round.State.OPEN
    _assert_not_reopened(fresh)
    sitting = [judge for one in panels for judge in one.judges]
    if len(sitting) != len(set(sitting)):
        raise Refused(
            _("A judge sits on two panels of this round. Keep each on one."), status=400, code="twice"
        )
    have = {panel.pk: panel for panel in fresh.panels.prefetch_related("judges")}
    kept = {one.pk for one in panels if one.pk}
    if is_open and (kept != set(have) or any(one.pk is None for one in panels)):
        raise Refused(_("In an open round panels are neither added nor taken away."), code="fixed")
    records = []
    for place, one in enumerate(panels):
        panel = have.get(one.pk or 0) or Panel(round=fresh)
        old = panel_json(panel) if panel.pk else None
        panel.name, panel.position, panel.most_nominations = one.name, place, one.most
        panel.save()
        panel.judges.set(one.judges)
        new = {"name": one.name, "judges": sorted(one.judges), "most": one.most}
        if old != new:
            records.append(RoundChange(what=f"panel:{panel.pk}", before=old, after=new))
    removed = [
        RoundChange(what=f"panel:{pk}", before=panel_json(have[pk]), after=None)
        for pk in sorted(set(have) - kept)
    ]
    Panel.objects.filter(pk__in=set(have) - kept).delete()
    reason = reason.strip()[:REASON_MAX]
    if is_open and records and not reason:
        raise Refused(
            _("The round is open: say why this is changed. The judges read it."), status=400, code="reason"
        )
    _record(fresh, [*records, *removed], public or _said(reason), by, at)
    if not is_open or not records:
        return []
    for record in records:
        record.round, record.reason, record.by, record.at = fresh, reason, by.user, at
    return RoundChange.objects.bulk_create(records)


@transaction.atomic
def choose_jury(
    *,
    round: Round,
    judges: Collection[int],
    by: Actor,
    at: datetime,
    seen: Collection[int] | None = None,
    reason: str = "",
) -> None:
    """Who of the jury judges this round; nobody named: everybody. While it is open members are added, with a reason on
    record, and none is taken away: what they gave stays (a judge who stops is replaced, see `jury_actions`). On panels
    those sit who judge. `seen`: who was named when the choice was made; somebody else's choice is not overwritten.
    """
    _assert_planner(by, round)
    fresh = Round.objects.select_for_update().get(pk=round.pk)
    if fresh.gate == Round.Gate.PANEL:
        raise Refused(_("This round is judged by its panels. Name the judges there."), code="panels")
    if fresh.state == Round.State.CLOSED:
        raise Refused(_("The round is closed: nothing in it is changed any more."))
    jury, before = set(queries.judges_of(fresh.edition)), set(queries.named_for(fresh))
    if seen is not None and set(seen) != before:
        raise Refused(
            _(
                "Somebody else has chosen who judges in the meantime. Reload the page, look at it, and choose again."
            ),
            code="chosen",
        )
    if set(judges) - jury:
        raise Refused(
            _("Somebody who was named is no longer in the jury. Reload the page."), code="left", status=400
        )
    if fresh.state == Round.State.OPEN and (not before or not judges or before & jury - set(judges)):
        raise Refused(
            _("The round is open: judges can be added to those named for it, but none is taken away."),
            code="opened",
        )
    reason = reason.strip()[:REASON_MAX]
    if fresh.state == Round.State.OPEN and set(judges) != before:
        if not reason:
            raise Refused(
                _("The round is open: say why this is changed. The judges read it."),
                status=400,
                code="reason",
            )
        RoundChange.objects.create(
            round=fresh, what="jury", before=_named_json(before), after=_named_json(judges), reason=reason,
            by=by.user, at=at,
        )  # fmt: skip
    fresh.jury.set(judges)
    round.__dict__.pop("_named", None)


def _named_json(judges: Collection[int]) -> dict[str, list[int]]:
    return {"judges": sorted(judges)}


def panel_json(panel: Panel) -> dict[str, Any]:
    """A panel as the record keeps it."""
    judges = sorted(user.pk for user in panel.judges.all())
    return {"name": panel.name, "judges": judges, "most": panel.most_nominations}


def _assert_planner(by: Actor, round: Round) -> None:
    if not permissions.can_plan(by, round.edition):
        raise Refused(_("Only organisers and the jury chair plan rounds."), status=403)
