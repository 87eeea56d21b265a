"""The entry's log in words: what happened to it, and what comes."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from festival.edition.calendar import Calendar
from festival.edition.models import Phase
from festival.kit.words import deadline_text, say, short_language
from submissions.correction_fields import labels_of, listed
from submissions.deadline import takes_now
from submissions.inspection.subtitle_words import language_label
from submissions.lifecycle import State
from submissions.models import Entry, Event, Inspection
from submissions.showing_words import chosen_words

# kind → sentence. A kind that is not here is the desk's business and is not shown to the entrant.
SENTENCES: dict[str, str] = {
    "created": gettext_noop("You began the entry"),
    "imported": gettext_noop("The entry was brought over from where you had entered it"),
    "code_invitation": gettext_noop("You used an invitation code"),
    "code_late": gettext_noop("You used a late code: this entry has more time"),
    "time_given": gettext_noop("We gave this entry more time"),
    "track_changed": gettext_noop("We moved the entry from the track “%(track_before)s” to “%(track)s”"),
    "film_arrived": gettext_noop("Your film arrived: %(filename)s"),
    "subtitles_added": gettext_noop("You added subtitles: %(language)s"),
    "subtitles_removed": gettext_noop("You removed subtitles: %(language)s"),
    "inspected": gettext_noop("Your film was inspected"),
    "inspection_failed": gettext_noop("The inspection stopped through a fault of ours"),
    "submit": gettext_noop("You submitted the entry"),
    "bring_in": gettext_noop("The entry was submitted as you had entered it there"),
    "admit": gettext_noop("Admitted to the competition"),
    "ask_fix": gettext_noop("We asked for a mended film"),
    "refuse": gettext_noop("Not admitted to the competition"),
    "showing_chosen": gettext_noop("You said what may be watched on the public page: %(what)s"),
    "withdraw": gettext_noop("You withdrew the entry"),
    "credit_invited": gettext_noop("We wrote to %(name)s about the credits"),
    "credit_accepted": gettext_noop("%(name)s agreed to be named"),
    "credit_declined": gettext_noop("%(name)s does not want to be named"),
    "transfer_offered": gettext_noop("You offered the entry to another account"),
    "transfer_taken_back": gettext_noop("You took the offer back"),
    "transfer_declined": gettext_noop("Your offer was declined"),
    "transferred": gettext_noop("The entry went from %(before)s to %(after)s"),
    "correction_asked": gettext_noop("You asked for a correction: %(fields)s"),
    "correction_taken_back": gettext_noop("You took the request for a correction back"),
    "correction_granted": gettext_noop("Open for your correction until %(deadline)s: %(fields)s"),
    "correction_refused": gettext_noop("The correction was not granted"),
    "corrected": gettext_noop("You corrected: %(fields)s"),
    "correction_done": gettext_noop("You finished the correction"),
    "correction_closed": gettext_noop("We closed the correction"),
    "correction_over": gettext_noop("The time of the correction ended"),
    "place_offered": gettext_noop("We offered you a place: %(cohort)s"),
    "place_accepted": gettext_noop("You took the place: %(cohort)s"),
    "place_declined": gettext_noop("You declined the place: %(cohort)s"),
    "place_lapsed": gettext_noop("The place was not taken in time: %(cohort)s"),
    "place_left": gettext_noop("The place ended: %(cohort)s"),
    "delivery_handed_in": gettext_noop("You handed in: %(milestone)s (%(number)s)"),
    "delivery_accepted": gettext_noop("We accepted: %(milestone)s (%(number)s)"),
    "delivery_changes": gettext_noop("We asked for changes: %(milestone)s (%(number)s)"),
    "delivery_rejected": gettext_noop("We did not accept: %(milestone)s (%(number)s)"),
    "delivery_reopened": gettext_noop("We opened again: %(milestone)s (%(number)s)"),
    "milestone_extended": gettext_noop("More time until %(deadline)s: %(milestone)s"),
    "time_asked": gettext_noop("You asked for time until %(deadline)s: %(milestone)s"),
    "time_taken_back": gettext_noop("You no longer ask for more time: %(milestone)s"),
    "time_declined": gettext_noop("No more time was given: %(milestone)s"),
    "result_told": gettext_noop("We told you the jury's decision"),
    "feedback_sent": gettext_noop("We sent you the jury’s feedback"),
}
WITH_REASON = (
    "ask_fix",
    "refuse",
    "time_given",
    "track_changed",
    "milestone_extended",
    "time_declined",
    "transferred",
    "correction_granted",
    "correction_refused",
    "correction_closed",
)  # the entrant reads the reason given; a waiver's reason stays at the desk
STOPS = ("refuse", "withdraw")
COMING = (Phase.Kind.JURY, Phase.Kind.AWARDS, Phase.Kind.PREMIERE)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline. `mark` is done, stopped, now, or nothing for what comes; `note` says more."""

    title: str
    at: datetime
    mark: str = ""
    note: str = ""


def happened(events: list[Event]) -> list[Step]:
    """What has happened, oldest first; without what was taken back before anybody was written to."""
    undone = {event.values["event"] for event in events if event.kind == "taken_back"}
    return [
        Step(
            title=_(SENTENCES[event.kind]) % _values(event),
            at=event.at,
            mark="stopped" if event.kind in STOPS else "done",
            note=_note(event),
        )
        for event in events
        if event.kind in SENTENCES and event.pk not in undone
    ]


def _values(event: Event) -> dict[str, str]:
    values = {"filename": "", **event.values}
    values["language"] = language_label(str(event.values.get("language", "")), short_language())
    if event.kind == "showing_chosen":
        values["what"] = chosen_words(str(event.values.get("what", "")))
    named = ("cohort", "milestone", "track", "track_before")
    values |= {name: say(values[name]) for name in named if name in values}
    if "fields" in values:
        values["fields"] = listed(labels_of(event.entry.edition, values["fields"]))
    if "deadline" in values:
        end = parse_datetime(str(values["deadline"]))
        values["deadline"] = deadline_text(end, event.entry.edition.time_zone) if end else ""
    return values


def _note(event: Event) -> str:
    if event.kind == "inspected":
        verdict = event.values.get("verdict")
        return str(Inspection.Verdict(verdict).label) if verdict in Inspection.Verdict else ""
    return say(event.values.get("reason", "")) if event.kind in WITH_REASON else ""


def coming(entry: Entry, calendar: Calendar) -> list[Step]:
    """What the calendar still holds for an entry that is in the running, until its entrant knows the result."""
    if entry.state in (State.REFUSED, State.WITHDRAWN) or entry.told == Entry.Decision.NOT_SELECTED:
        return []
    if entry.state == State.DRAFT and not takes_now(entry, calendar):
        return []
    kinds = COMING[1:] if entry.told else COMING
    return [
        Step(
            title=say(phase.name) or phase.get_kind_display(),
            at=phase.starts_at,
            mark="now" if phase.starts_at <= calendar.at and entry.state == State.ELIGIBLE else "",
        )
        for phase in calendar.phases
        if phase.kind in kinds and phase.ends_at > calendar.at
    ]
