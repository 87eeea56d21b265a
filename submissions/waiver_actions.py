"""Writes of waivers: what a technician accepts although the rules do not, and taking that back."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.people.actor import Actor
from submissions import permissions
from submissions.acceptance import grave_rules
from submissions.actions import log_event
from submissions.models import Entry, FilmVersion, Inspection, Waiver
from submissions.queries import latest_inspection


def waive_finding(*, entry: Entry, rule: str, reason: str, by: Actor, at: datetime) -> Waiver:
    """Accept what the newest film breaks. It admits nobody: that stays a step of its own.

    Refused without a reason, and for a rule that the newest report does not hold against the film.
    """
    _assert_may(by, entry)
    if not reason.strip():
        text = _("Say why this is accepted: the log keeps your reason, and the team reads it.")
        raise Refused(text, status=400, code="reason_missing")
    version = _version_with(entry, rule)
    try:
        with transaction.atomic():
            waiver = Waiver.objects.create(
                version=version, rule=rule, reason=reason.strip(), by=by.user, at=at
            )
            log_event(
                entry=entry,
                kind="waived",
                by=by,
                at=at,
                rule=rule,
                version=version.number,
                reason=waiver.reason,
            )
            return waiver
    except IntegrityError:
        raise Refused(_("This finding has been waived already."), code="already") from None


@transaction.atomic
def unwaive_finding(*, entry: Entry, rule: str, by: Actor, at: datetime) -> None:
    """Let a finding stand again. What was decided meanwhile stays."""
    _assert_may(by, entry)
    version = entry.versions.order_by("-number").first()
    if not Waiver.objects.filter(version=version, rule=rule).delete()[0]:
        raise Refused(_("This finding is not waived. Reload the page and look again."), code="not_waived")
    log_event(entry=entry, kind="unwaived", by=by, at=at, rule=rule, version=version.number)


def _assert_may(by: Actor, entry: Entry) -> None:
    if not permissions.can_waive(by, entry):
        raise Refused(
            _("Findings of this entry cannot be waived: it is decided, or it is your own film."),
            status=403,
            code="not_allowed",
        )


def _version_with(entry: Entry, rule: str) -> FilmVersion:
    found = Entry.objects.filter(pk=entry.pk).annotate(newest=latest_inspection()).values("newest")
    inspection = Inspection.objects.select_related("version").filter(pk__in=found).first()
    if inspection is None or rule not in grave_rules(inspection.report):
        text = _("The newest report does not hold this against the film. Reload the page and look again.")
        raise Refused(text, code="no_such_finding")
    return inspection.version
