"""Where an entry stands, for its entrant: one plain sentence, what happens next, and when."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from festival.edition.calendar import Calendar
from festival.edition.models import Phase
from festival.kit.words import day_text, deadline_text, moment_text, say, time_left
from submissions.deadline import closes_at, window_of
from submissions.lifecycle import State
from submissions.models import Entry, Inspection


@dataclass(frozen=True, slots=True)
class Status:
    """`tone` is one of the four meanings of the house's colours: pass, fix, block, note."""

    tone: str
    headline: str
    next: str = ""
    reason: str = ""  # what a technician wrote, or the organiser who closed the track


# The badge of each state, in lists and heads.
BADGES = {
    State.DRAFT: "quiet",
    State.SUBMITTED: "wait",
    State.FIXING: "fix",
    State.ELIGIBLE: "pass",
    State.REFUSED: "block",
    State.WITHDRAWN: "quiet",
}


def status_of(
    entry: Entry,
    inspection: Inspection | None,
    calendar: Calendar,
    *,
    missing: bool,
    public: bool = False,
    subtitles: bool = False,
) -> Status:
    """The status at `calendar.at`. `inspection` is of the newest film version; `missing`: something still lacks;
    `public`: the festival shows the film; `subtitles`: nothing but its subtitles stands against the film.

    Of the jury's decision only `told` is read. `entry` should come with its events.
    """
    match entry.state:
        case State.DRAFT:
            return _draft(entry, inspection, calendar, missing, subtitles)
        case State.SUBMITTED:
            return _submitted(entry, inspection)
        case State.FIXING:
            return _fixing(entry, inspection, calendar, missing, subtitles)
        case State.ELIGIBLE:
            return _told(entry, calendar, public) if entry.told else _admitted(entry, calendar)
        case State.REFUSED:
            return Status(
                "block",
                _("Your project was not admitted to the competition.")
                if entry.is_project
                else _("Your film was not admitted to the competition."),
                _("If this rests on a mistake, write to the organiser."),
                _reason(entry, "refuse"),
            )
        case _:
            return Status("note", _("You have withdrawn this entry."), _nobody(entry))


def status_for_co_author(entry: Entry, calendar: Calendar, *, public: bool = False) -> Status:
    """The same for a co-author, who can do nothing about it: `entry` comes with its entrant."""
    who = {"name": str(entry.entrant)}
    match entry.state:
        case State.DRAFT:
            return Status(
                "note",
                _("This project is not submitted yet.")
                if entry.is_project
                else _("This film is not submitted yet."),
                _("%(name)s fills in the entry and submits it.") % who,
            )
        case State.SUBMITTED:
            return Status(
                "pass",
                _("This film has been submitted."),
                _("Next: the technical inspection, and admission."),
            )
        case State.FIXING:
            return Status(
                "fix",
                _("A mended film is awaited."),
                _("%(name)s was told what is to be mended, and by when.") % who,
            )
        case State.ELIGIBLE:
            return _told(entry, calendar, public) if entry.told else _admitted(entry, calendar)
        case State.REFUSED:
            return Status(
                "block",
                _("This project was not admitted to the competition.")
                if entry.is_project
                else _("This film was not admitted to the competition."),
                _("%(name)s was told why.") % who,
            )
        case _:
            return Status("note", _("This entry was withdrawn."), _nobody(entry))


def _nobody(entry: Entry) -> str:
    return _("Nobody judges the project.") if entry.is_project else _("Nobody judges or shows the film.")


def _draft(
    entry: Entry, inspection: Inspection | None, calendar: Calendar, missing: bool, subtitles: bool
) -> Status:
    call, zone = calendar.call, entry.edition.time_zone
    window, closes = window_of(entry, calendar), closes_at(entry, calendar)
    if not call or not window or closes is None or not call.starts_at <= calendar.at < closes:
        if call and calendar.at < call.starts_at:
            return Status(
                "note",
                _("This is a draft. The call for entries has not opened yet."),
                _("You can submit from %(opens)s.") % {"opens": moment_text(call.starts_at, zone)},
            )
        if window and calendar.call_is_open:
            closed = {"track": say(entry.track.name), "deadline": deadline_text(window.end, zone)}
            return Status(
                "fix",
                _("The track “%(track)s” is closed.") % closed,
                _("It was open until %(deadline)s. Choose another track for this draft.") % closed,
                say(entry.track.closed_reason),
            )
        return Status(
            "block",
            _("The call for entries closed before this draft was submitted."),
            _(
                "It was open until %(deadline)s. What you wrote and uploaded stays here, but can no longer be entered."
            )
            % {"deadline": deadline_text(window.end, zone)}
            if window
            else "",
        )
    values = {"deadline": deadline_text(closes, zone), "left": time_left(closes, calendar.at)}
    if missing:
        return Status(
            "note",
            _("This is a draft: nobody sees it but you and the co-authors who agreed to be named.")
            if any(credit.invitation and credit.invitation.user_id for credit in entry.credits.all())
            else _("This is a draft: nobody sees it but you."),
            _("Complete it and submit it by %(deadline)s. You have %(left)s left.") % values,
        )
    if subtitles:
        return Status(
            "fix",
            _("The film lacks subtitles that this contest asks for, or they must be mended."),
            _(
                "Best add them before you submit; the film itself can stay. "
                "You can do both until %(deadline)s: %(left)s left."
            )
            % values,
        )
    if inspection and inspection.verdict and not _passed(inspection):
        return Status(
            "fix",
            _("The inspection found faults that must be mended."),
            _(
                "Best send a mended version before you submit. You can do both until %(deadline)s: %(left)s left."
            )
            % values,
        )
    return Status(
        "fix",
        _("Everything is here, but the entry is not submitted yet."),
        _("Submit it by %(deadline)s. You have %(left)s left.") % values,
    )


def _submitted(entry: Entry, inspection: Inspection | None) -> Status:
    headline = _("Your entry has been submitted.")
    if inspection is None or inspection.state == Inspection.State.QUEUED:
        following = _("Next: the technical inspection of your film. You need not wait here, we write to you.")
    elif inspection.state == Inspection.State.RUNNING:
        following = _("Your film is being inspected right now. You need not wait here, we write to you.")
    elif inspection.state == Inspection.State.FAILED:
        following = _(
            "The inspection could not be finished. That is for us to mend, not for you: "
            "our technicians see it and start it again."
        )
    else:
        following = _(
            "The inspection is done. A technician is looking at your entry and decides over admission; we write to you."
        )
    return Status("pass", headline, following)


def _fixing(
    entry: Entry, inspection: Inspection | None, calendar: Calendar, missing: bool, subtitles: bool
) -> Status:
    closes, at = closes_at(entry, calendar), calendar.at
    assert closes is not None  # a check constraint keeps it
    until = moment_text(closes, entry.edition.time_zone)
    if at >= closes:
        return Status(
            "block",
            _("The time for sending a mended film ended on %(until)s.") % {"until": until},
            _("If something kept you from it, write to the organiser now."),
        )
    left = {"left": time_left(closes, at), "until": until}
    if missing and subtitles:
        return Status(
            "fix",
            _("Please add the subtitles that are missing, or mend those that are there, by %(until)s.")
            % left,
            _("No new film is needed. You have %(left)s left.") % left,
            _reason(entry, "ask_fix"),
        )
    if missing:
        return Status(
            "fix",
            _("Please send a mended film by %(until)s.") % left,
            _("The inspection report says what was found and where. You have %(left)s left.") % left,
            _reason(entry, "ask_fix"),
        )
    if inspection and inspection.verdict and not _passed(inspection):
        return Status(
            "fix",
            _("The new film still has faults that must be mended."),
            _("The inspection report says which. Send another version by %(until)s; you have %(left)s left.")
            % left,
        )
    return Status(
        "fix",
        _("Your mended film is here. Submit it by %(until)s.") % left,
        _("You need not wait for its inspection."),
    )


def _reason(entry: Entry, kind: str) -> str:
    reasons = [str(event.values.get("reason", "")) for event in entry.events.all() if event.kind == kind]
    return reasons[-1] if reasons else ""


def _passed(inspection: Inspection) -> bool:
    return inspection.verdict in (Inspection.Verdict.PASS, Inspection.Verdict.NOTE)


def _to_be_shown(entry: Entry, calendar: Calendar, premiere: Phase) -> Status:
    """Admitted to a contest that judges nothing and awards nothing: an invited programme."""
    day = day_text(premiere.starts_at, entry.edition.time_zone)
    return Status(
        "pass",
        _("Your project takes part.") if entry.is_project else _("Your film is admitted and will be shown."),
        _("Next: the premiere on %(day)s.") % {"day": day}
        if calendar.at < premiere.starts_at
        else _("Its screenings stand in the programme."),
    )


def _admitted(entry: Entry, calendar: Calendar) -> Status:
    project = entry.is_project
    premiere = _phase(calendar, "premiere")
    if premiere and not any(_phase(calendar, kind) for kind in ("jury", "notice", "awards")):
        return _to_be_shown(entry, calendar, premiere)
    headline = (
        _("Your project takes part in the competition.")
        if project
        else _("Your film is admitted to the competition.")
    )
    zone, jury, awards = entry.edition.time_zone, _phase(calendar, "jury"), _phase(calendar, "awards")
    if jury and calendar.at < jury.starts_at:
        text = (
            _("Next: the jury. It begins to read on %(day)s.")
            if project
            else _("Next: the jury. It begins to watch on %(day)s.")
        )
        following = text % {"day": day_text(jury.starts_at, zone)}
    elif jury and calendar.at < jury.ends_at:
        text = (
            _("The jury is reading, until %(deadline)s. You will be told the decision before the public is.")
            if project
            else _(
                "The jury is watching, until %(deadline)s. You will be told the decision before the public is."
            )
        )
        following = text % {"deadline": deadline_text(jury.ends_at, zone)}
    elif awards and calendar.at < awards.starts_at:
        following = _(
            "The awards are announced on %(day)s. You will be told the decision before the public is."
        ) % {"day": day_text(awards.starts_at, zone)}
    else:
        following = _("You will be told the jury's decision before the public is.")
    return Status("pass", headline, following)


def _told(entry: Entry, calendar: Calendar, public: bool) -> Status:
    if entry.told == Entry.Decision.LAUREATE:
        awards = _phase(calendar, "awards")
        following = ""
        if public:
            following = _("The world may know: your film has its page at the festival.")
        elif awards and calendar.at < awards.starts_at:
            day = day_text(awards.starts_at, entry.edition.time_zone)
            following = _("Please keep it to yourself until the announcement on %(day)s.") % {"day": day}
        headline = (
            _("Congratulations: the jury has chosen your project.")
            if entry.is_project
            else _("Congratulations: the jury has given your film an award.")
        )
        return Status("pass", headline, following)
    headline = (
        _("The jury has decided. Your project is not among those chosen this time.")
        if entry.is_project
        else _("The jury has decided. Your film is not among the laureates this time.")
    )
    return Status("note", headline, _("Thank you for entering it."))


def _phase(calendar: Calendar, kind: str) -> Phase | None:
    return next((phase for phase in calendar.phases if phase.kind == kind), None)
