"""The entry's log as the desk reads it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from festival.kit.words import deadline_text, moment_text, say, short_language
from submissions.attachment_kinds import KINDS
from submissions.correction_fields import labels_of, listed
from submissions.correction_words import ChangeView, change_views
from submissions.finding_words import rule_title
from submissions.inspection.subtitle_words import language_label
from submissions.models import Correction, CorrectionChange, Event, Inspection
from submissions.showing_words import chosen_words

SENTENCES: dict[str, str] = {
    "created": gettext_noop("Draft begun"),
    "imported": gettext_noop("Imported, number %(key)s"),
    "code_invitation": gettext_noop("Invitation code used: %(label)s"),
    "code_late": gettext_noop("Late code used: %(label)s, until %(until)s"),
    "time_given": gettext_noop("More time given, until %(until)s"),
    "track_changed": gettext_noop("Moved from the track “%(track_before)s” to “%(track)s”"),
    "film_arrived": gettext_noop("Film arrived, version %(version)s: %(filename)s"),
    "subtitles_added": gettext_noop("Subtitles added, %(language)s: %(filename)s"),
    "subtitles_removed": gettext_noop("Subtitles removed, %(language)s: %(filename)s"),
    "file_added": gettext_noop("File added, %(file)s: %(filename)s"),
    "file_kept": gettext_noop("File read and kept, %(file)s: %(filename)s, SHA-256 %(sha256)s"),
    "file_removed": gettext_noop("File removed, %(file)s: %(filename)s, SHA-256 %(sha256)s"),
    "declared": gettext_noop("Declarations about rights made or changed: %(declarations)s"),
    "showing_chosen": gettext_noop("May be watched on the public page: %(what)s"),
    "inspected": gettext_noop("Version %(version)s inspected: %(verdict)s"),
    "inspection_failed": gettext_noop("The inspection of version %(version)s failed"),
    "reinspect": gettext_noop("New inspection of version %(version)s ordered"),
    "waived": gettext_noop("Finding waived: %(rule)s"),
    "unwaived": gettext_noop("Finding stands again: %(rule)s"),
    "submit": gettext_noop("Submitted"),
    "bring_in": gettext_noop("Submitted by the import"),
    "admit": gettext_noop("Admitted to the competition"),
    "ask_fix": gettext_noop("Asked for a mended film"),
    "refuse": gettext_noop("Not admitted"),
    "withdraw": gettext_noop("Withdrawn by the entrant"),
    "taken_back": gettext_noop("Taken back: %(move)s"),
    "catalogued": gettext_noop("Put into the catalogue"),
    "catalogue_taken_back": gettext_noop("Taken out of the catalogue again"),
    "credit_invited": gettext_noop("Co-author asked to agree: %(name)s"),
    "credit_uninvited": gettext_noop("Question to a co-author taken back: %(name)s"),
    "credit_accepted": gettext_noop("Co-author agreed: %(name)s"),
    "credit_declined": gettext_noop("Co-author declined: %(name)s"),
    "correction_asked": gettext_noop("Correction asked for: %(fields)s"),
    "correction_taken_back": gettext_noop("Request for a correction taken back"),
    "correction_granted": gettext_noop("Correction granted until %(deadline)s: %(fields)s"),
    "correction_refused": gettext_noop("Correction not granted"),
    "corrected": gettext_noop("Corrected: %(fields)s"),
    "correction_done": gettext_noop("Correction finished by the entrant"),
    "correction_closed": gettext_noop("Correction closed early"),
    "correction_over": gettext_noop("The time of the correction ended"),
    "place_offered": gettext_noop("Place offered: %(cohort)s"),
    "place_accepted": gettext_noop("Place taken: %(cohort)s"),
    "place_declined": gettext_noop("Place declined: %(cohort)s"),
    "place_lapsed": gettext_noop("Place not taken in time: %(cohort)s"),
    "place_left": gettext_noop("Place ended: %(cohort)s"),
    "delivery_handed_in": gettext_noop("Handed in: %(milestone)s (%(number)s)"),
    "delivery_accepted": gettext_noop("Delivery accepted: %(milestone)s (%(number)s)"),
    "delivery_changes": gettext_noop("Changes asked for: %(milestone)s (%(number)s)"),
    "delivery_rejected": gettext_noop("Delivery rejected: %(milestone)s (%(number)s)"),
    "delivery_reopened": gettext_noop("Opened again after it was rejected: %(milestone)s (%(number)s)"),
    "milestone_extended": gettext_noop("More time until %(deadline)s: %(milestone)s"),
    "time_asked": gettext_noop("Time until %(deadline)s asked for: %(milestone)s"),
    "time_taken_back": gettext_noop("More time is no longer asked for: %(milestone)s"),
    "time_declined": gettext_noop("No more time given: %(milestone)s"),
    "transfer_offered": gettext_noop("Offered to another account"),
    "transfer_taken_back": gettext_noop("Offer to another account taken back"),
    "transfer_declined": gettext_noop("Offer to another account declined"),
    "transferred": gettext_noop("Handed over from %(before)s to %(after)s"),
    "judging_began": gettext_noop("Given to the jury"),
    "match_found": gettext_noop("Something in common with another film was found"),
    "match_confirmed": gettext_noop("What it has in common with another film was confirmed"),
    "match_dismissed": gettext_noop("What it has in common with another film is of no concern"),
    "look_finished": gettext_noop("Watched by a member of the jury"),
    "judging_ended": gettext_noop("A round of the jury ended"),
    "decided": gettext_noop("The jury has decided"),
    "undecided": gettext_noop("The jury took its decision back"),
    "result_told": gettext_noop("The jury’s decision was told"),
    "feedback_sent": gettext_noop("Feedback was sent"),
    "announced": gettext_noop("Announced as a laureate"),
    "erased": gettext_noop("The entrant’s account was deleted"),
}
STOPS = ("refuse", "withdraw", "inspection_failed", "erased")
# Whose name stands in the log: of the jury's doings the desk reads that they happened, not who did them.
NAMELESS = (
    "judging_began",
    "look_finished",
    "judging_ended",
    "decided",
    "undecided",
    "result_told",
    "feedback_sent",
    "announced",
)
# The jury's own business: who stands aside and who thinks again is for the chair to know.
UNSAID = ("look_recused", "look_reopened")


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    at: datetime
    mark: str
    who: str
    reason: str
    changes: list[ChangeView] = field(default_factory=list)


def log_lines(
    events: list[Event], corrections: Iterable[Correction] = (), *, addresses: bool = False
) -> list[Line]:
    """The log, newest first. `corrections` came with their changes, which stand beside the save that made them.

    `addresses`: whether the reader may see those of people in the credits.
    """
    changes: dict[int, list[CorrectionChange]] = {}
    for correction in corrections:
        for change in correction.changes.all():
            changes.setdefault(change.event_id, []).append(change)
    return [
        _line(event, changes.get(event.pk, []), addresses)
        for event in reversed(events)
        if event.kind not in UNSAID
    ]


def _line(event: Event, changes: list[CorrectionChange], addresses: bool) -> Line:
    values = {"version": "", "key": "", "filename": "", "verdict": "", **event.values}
    if values["verdict"] in Inspection.Verdict.values:
        values["verdict"] = Inspection.Verdict(values["verdict"]).label
    if "rule" in values:
        values["rule"] = rule_title(str(values["rule"]), short_language())
    if event.kind == "taken_back":
        values["move"] = _(SENTENCES[values["move"]])
    if "file" in values:
        values["file"] = KINDS[values["file"]].label if values["file"] in KINDS else values["file"]
        values["sha256"] = str(values.get("sha256", ""))[:12] or "–"
    if "declarations" in values:
        values["declarations"] = ", ".join(map(str, values["declarations"]))
    if event.kind == "showing_chosen":
        values["what"] = chosen_words(str(values.get("what", "")))
    if "language" in values:
        values["language"] = language_label(str(values["language"]), short_language())
    if "until" in values:
        until = parse_datetime(str(values["until"]))
        values["until"] = moment_text(until, event.entry.edition.time_zone) if until else ""
    named = ("cohort", "milestone", "track", "track_before")
    values |= {name: say(values[name]) for name in named if name in values}
    if "fields" in values:
        values["fields"] = listed(labels_of(event.entry.edition, values["fields"]))
    if "deadline" in values:
        end = parse_datetime(str(values["deadline"]))
        values["deadline"] = deadline_text(end, event.entry.edition.time_zone) if end else ""
    who = "" if event.kind in NAMELESS else str(event.actor) if event.actor else _("the system")
    return Line(
        title=_(SENTENCES[event.kind]) % values if event.kind in SENTENCES else event.kind,
        at=event.at,
        mark="stopped" if event.kind in STOPS else "done",
        who=who,
        reason=say(event.values.get("reason", "")),
        changes=change_views(changes, event.entry.edition, addresses=addresses) if changes else [],
    )
