"""What the desk does not change of a cohort any more: what teams were promised, and what they have begun."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.blueprint_cohorts import CohortPlan
from festival.edition.frozen import FROZEN
from festival.edition.frozen_actions import moment_value
from festival.kit.words import joined, say
from judging.cohort_holds import Hold
from judging.cohort_setup import CohortFacts, Facts, Words


def removal_faults(old: CohortFacts, plan: CohortPlan, hold: Hold) -> Iterator[str]:
    """What the plan takes away although teams have done something for it. Asked before anything is written."""
    left = {stone.slug: {one.slug for one in stone.deliverables} for stone in plan.milestones}
    for slug, (name, facts) in old.milestones.items():
        if slug not in left and slug in hold.reached:
            text = _(
                "Teams have delivered for “%(milestone)s”, or were given more time or money for it: it stays."
            )
            yield text % {"milestone": say(name)}
            continue
        for one in facts["milestone.asks"]:
            if (slug, one["slug"]) in hold.parts and one["slug"] not in left.get(slug, ()):
                yield _sent(one["name"])


def faults_of(old: CohortFacts, new: CohortFacts, hold: Hold, *, at: datetime, frozen: bool) -> Iterator[str]:
    """Sentences, none where the change may be made; `frozen`: the call has opened. A team is promised what its letter
    or its page said from the moment at which a place is offered to it, whether the call is open or not.
    """
    if hold.listed and old.facts["cohort.filled"] != new.facts["cohort.filled"]:
        yield _("There are names on the list already: how its places are filled stays as it is.")
    if new.facts["cohort.places"] < min(hold.taken, old.facts["cohort.places"]):
        text = ngettext(
            "%(count)d place is offered or taken: there are not fewer.",
            "%(count)d places are offered or taken: there are not fewer.",
            hold.taken,
        )
        yield text % {"count": hold.taken}
    if (frozen or hold.taken) and _moved_when_over(old.facts, new.facts, "cohort.starts_at", at):
        yield _("The time of these teams has begun: its first day stays.")
    if (frozen or hold.taken) and _moved_when_over(old.facts, new.facts, "cohort.ends_at", at):
        yield _("The time of these teams is over: its last day stays.")
    promised = [*_less(old, new)] if hold.taken else []
    if promised:
        lead = _("Teams have a place in “%(cohort)s”, or are asked whether they take one.")
        yield joined(lead % {"cohort": say(old.name)}, *promised)
    for slug, (name, before) in old.milestones.items():
        if slug in new.milestones:
            after = new.milestones[slug][1]
            yield from _milestone(slug, name, before, after, hold, at=at, fixed=frozen or hold.taken > 0)


def _less(old: CohortFacts, new: CohortFacts) -> Iterator[str]:
    if _refused("cohort.promises", old.facts, new.facts):
        yield _("What they were promised is not made less or taken away. More can be promised.")
    if _refused("cohort.ends_at", old.facts, new.facts):
        yield _("Their time does not end earlier.")
    if new.milestones.keys() - old.milestones.keys():
        yield _("No milestone is added for them.")
    for slug, (name, before) in old.milestones.items():
        said = {"milestone": say(name)}
        if slug not in new.milestones:
            if before["milestone.grant"]:
                yield _("“%(milestone)s” has a grant, which is not taken away.") % said
            continue
        after = new.milestones[slug][1]
        if _refused("milestone.due_at", before, after):
            yield _("“%(milestone)s” is not due earlier.") % said
        if _refused("milestone.grant", before, after):
            text = _("The grant of “%(milestone)s” is not made less, or given in another unit.")
            yield text % said
        if asks_more(before["milestone.asks"], after["milestone.asks"]):
            text = _(
                "“%(milestone)s” does not ask for more: what is added can be left out, and what is there stays of "
                "its kind."
            )
            yield text % said


def _milestone(
    slug: str, name: Words, before: Facts, after: Facts, hold: Hold, *, at: datetime, fixed: bool
) -> Iterator[str]:
    """What was done for a milestone stays with it."""
    said = {"milestone": say(name)}
    if fixed and _moved_when_over(before, after, "milestone.due_at", at):
        text = _(
            "“%(milestone)s” was due already: its day stays. A team is given more time where its delivery is reviewed."
        )
        yield text % said
    if slug in hold.settled and before["milestone.grant"] != after["milestone.grant"]:
        text = _(
            "A delivery for “%(milestone)s” was accepted: its grant stays what it is, the same for every team. More "
            "can be promised to each under Support."
        )
        yield text % said
    kinds = {one["slug"]: one["kind"] for one in after["milestone.asks"]}
    for one in before["milestone.asks"]:
        if (slug, one["slug"]) in hold.parts and kinds[one["slug"]] != one["kind"]:
            yield _sent(one["name"])


def _sent(name: Words) -> str:
    text = _("Something was sent for “%(deliverable)s” already: it stays, and stays of its kind.")
    return text % {"deliverable": say(name)}


def asks_more(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> bool:
    """Whether deliverables are asked for that could be left out, or were something else, or were not there."""
    there = {one["slug"]: one for one in before}
    for one in after:
        was = there.get(one["slug"])
        if was is None and one["required"]:
            return True
        if was is not None and (one["kind"] != was["kind"] or (one["required"] and not was["required"])):
            return True
    return False


def _refused(what: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return FROZEN[what].refused(before[what], after[what])


def _moved_when_over(before: Facts, after: Facts, what: str, at: datetime) -> bool:
    return before[what] != after[what] and bool(before[what] <= moment_value(at))
