"""What hangs on the cohorts of an edition, so that they, or parts of them, stay as they are."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.models import Edition
from festival.kit.words import joined, say, short_language
from judging.models import Round
from submissions.cohorts.models import (
    Cohort,
    Delivery,
    DeliveryPart,
    Extension,
    Interview,
    Milestone,
    Place,
    SupportLine,
)
from submissions.cohorts.place_queries import TAKEN


@dataclass(slots=True)
class Hold:
    """`listed`: names on its list, whatever became of them; `taken`: places that are offered or accepted; `rounds`:
    those that take its teams. `reached`: milestones, by address, for which teams did or got anything; `settled`: those
    whose grant was promised to a team; `parts`: addresses of milestone and deliverable that something was sent for.
    """

    listed: int = 0
    taken: int = 0
    rounds: list[str] = field(default_factory=list)
    interviews: int = 0
    reached: set[str] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)
    parts: set[tuple[str, str]] = field(default_factory=set)


def holds_of(edition: Edition) -> dict[int, Hold]:
    """By the cohort's id. Seven queries, however many there are."""
    found: dict[int, Hold] = defaultdict(Hold)
    of_edition = {"milestone__cohort__edition": edition}
    states = Place.objects.filter(cohort__edition=edition).order_by().values_list("cohort", "state")
    for pk, state, count in states.annotate(count=Count("pk")):
        found[pk].listed += count
        found[pk].taken += count if state in TAKEN else 0
    for round in Round.objects.filter(edition=edition, cohort__isnull=False):
        found[round.cohort_id or 0].rounds.append(say(round.name))
    slots = Counter(Interview.objects.filter(cohort__edition=edition).values_list("cohort", flat=True))
    for pk, count in slots.items():
        found[pk].interviews = count
    key = ("milestone__cohort", "milestone__slug")
    deliveries = Delivery.objects.filter(**of_edition).order_by().values_list(*key, "state").distinct()
    for pk, slug, state in deliveries:
        found[pk].reached.add(slug)
        if state == Delivery.State.ACCEPTED:
            found[pk].settled.add(slug)
    for pk, slug in Extension.objects.filter(**of_edition).order_by().values_list(*key).distinct():
        found[pk].reached.add(slug)
    for pk, slug in SupportLine.objects.filter(**of_edition).order_by().values_list(*key).distinct():
        found[pk].reached.add(slug)
        found[pk].settled.add(slug)
    parts = DeliveryPart.objects.filter(deliverable__milestone__cohort__edition=edition).order_by()
    asked = ("deliverable__milestone__cohort", "deliverable__milestone__slug", "deliverable__slug")
    for pk, milestone, deliverable in parts.values_list(*asked).distinct():
        found[pk].parts.add((milestone, deliverable))
    return found


def why_cohort_stays(hold: Hold, *, frozen: bool) -> str:
    """Why a cohort cannot be removed; "" where it can."""
    if frozen:
        return _(
            "The call has opened, and people have entered on what was announced: no cohort is taken away."
        )
    said = []
    if hold.listed:
        text = ngettext(
            "There is %(count)d name on its list.", "There are %(count)d names on its list.", hold.listed
        )
        said.append(text % {"count": hold.listed})
    if hold.rounds:
        between = "、" if short_language() == "zh" else ", "
        said.append(_("Its teams are judged in: %(rounds)s.") % {"rounds": between.join(hold.rounds)})
    if hold.interviews:
        text = ngettext(
            "There is %(count)d time for an interview.",
            "There are %(count)d times for interviews.",
            hold.interviews,
        )
        said.append(text % {"count": hold.interviews})
    return joined(*said)


def why_milestone_stays(milestone: Milestone, hold: Hold, *, frozen: bool) -> str:
    """Why a milestone cannot be removed; "" where it can."""
    if milestone.slug in hold.reached:
        return _("Teams have delivered for it, or were given more time or money for it: it stays.")
    if milestone.grant and hold.taken:
        return _("Teams have a place or are offered one, and a grant hangs on it: it is not taken away.")
    if milestone.grant and frozen:
        return _("The call has opened, and a grant was announced with it: it is not taken away.")
    return ""


def keeps_place(moment: datetime, hold: Hold, *, frozen: bool, at: datetime) -> bool:
    """Whether a cohort that begins at `moment`, or a milestone that is due then, stays where it stands in the order:
    once it is over and somebody knows of it.
    """
    return moment <= at and (frozen or hold.taken > 0)


def held(cohort: Cohort, holds: dict[int, Hold]) -> Hold:
    """Of one cohort; nothing hangs on one that is not named."""
    return holds.get(cohort.pk) or Hold()
