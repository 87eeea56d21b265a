"""What a mark says, and what was done with a poll, in the reader's language."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from festival.awards.audience.marks import HOUR, Mark
from festival.awards.models import AudienceStep
from festival.kit.words import moment_text


def mark_text(mark: Mark, zone: str) -> str:
    """What the group is. How many votes, and how many were to be expected, stand beside it."""
    facts = mark.facts

    def moment(seconds: int) -> str:
        return moment_text(datetime.fromtimestamp(seconds, UTC), zone)

    match mark.kind:
        case "burst":
            return _("Many within minutes: from %(start)s to %(end)s") % {
                "start": moment(facts["from"]),
                "end": moment(facts["to"]),
            }
        case "network":
            return _("From one network (no. %(number)d)") % {"number": facts["network"]}
        case "domain":
            return _("Mail addresses of one domain (no. %(number)d)") % {"number": facts["domain"]}
        case "new":
            return _("Accounts made shortly before, all in the hour from %(start)s") % {
                "start": moment(facts["hour"] * HOUR)
            }
        case _:
            return (
                _("Printed codes one after another: batch %(batch)d, numbers %(first)d to %(last)d") % facts
            )


def step_text(step: AudienceStep) -> str:
    """What was done, in a line."""
    values = step.values
    match step.kind:
        case "made":
            return _("Vote prepared")
        case "changed":
            return _("Settings changed")
        case "codes":
            return _("%(count)d printed codes made: %(label)s") % values
        case "taken":
            return _("Printed codes of batch %(batch)d fetched") % values
        case "aside":
            return _("%(votes)d votes set aside: %(reason)s") % values
        case "lifted":
            return _("Votes that were set aside are counted again")
        case "counted":
            return _("Count no. %(number)d: %(votes)d votes, %(aside)d of them set aside") % values
        case _:
            return _("Settled: what could tell who voted was deleted")
