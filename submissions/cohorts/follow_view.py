"""What would follow a phase or the deadline, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from festival.edition.phase_follow import Along
from festival.edition.templatetags.places import days_text
from festival.kit.words import deadline_text, moment_text, say
from submissions.cohorts.follow_actions import Follower, Offer
from submissions.cohorts.models import Milestone


@dataclass(frozen=True, slots=True)
class FollowerLine:
    """What would follow a phase. `key` is "" where it cannot: `note` says why."""

    key: str
    label: str
    before: str
    after: str
    note: str


def follower_lines(found: Iterable[Follower], zone: str) -> list[FollowerLine]:
    """In words, in the order in which they were found: tracks first, then each team's time with its milestones."""
    notes = {
        "": "",
        "over": _("Over, or begun: it stays."),
        "promised": _("It stays: teams have planned by what was announced, and it is never moved earlier."),
    }
    return [
        FollowerLine(
            "" if one.stays else one.key,
            _follower_label(one),
            *(
                moment_text(moment, zone) if one.kind == "begins" else deadline_text(moment, zone)
                for moment in (one.before, one.after)
            ),
            notes[one.stays],
        )
        for one in found
    ]


def _follower_label(one: Follower) -> str:
    if isinstance(one.row, Milestone):
        text = _("%(team)s: milestone “%(milestone)s”")
        return text % {"team": say(one.row.cohort.name), "milestone": say(one.row.name)}
    texts = {
        "track": _("Deadline of “%(name)s”"),
        "begins": _("Beginning of “%(name)s”"),
        "ends": _("End of “%(name)s”"),
    }
    return texts[one.kind] % {"name": say(one.row.name)}


def phase_lines(found: Iterable[Along]) -> list[FollowerLine]:
    """Later phases with their days, in their order."""
    note = _("It stays: a public notice that was announced does not end earlier.")
    return [
        FollowerLine(
            "" if one.stays else one.key,
            say(one.phase.name) or str(one.phase.get_kind_display()),
            days_text(*one.before),
            days_text(*one.after),
            note if one.stays else "",
        )
        for one in found
    ]


def offer_context(offered: Offer, zone: str) -> dict[str, Any]:
    """For templates/desk/plan_follow.html."""
    return {"phases": phase_lines(offered.phases), "lines": follower_lines(offered.dates, zone)}
