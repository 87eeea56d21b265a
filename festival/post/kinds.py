"""Every kind of letter: when it is sent, its words as they come with the site, and what they may speak of."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

ALWAYS = ("name", "edition", "link")
ENTRY = ("title", "code")


@dataclass(frozen=True, slots=True)
class Kind:
    """`given`: the placeholders that have a value beside ALWAYS; `needed`: those that its words must contain.

    `news` are letters that somebody may switch off: they do not tell what became of an entry.
    """

    label: str | Promise
    when: str | Promise
    subject: str
    body: str
    given: tuple[str, ...] = ENTRY
    needed: tuple[str, ...] = ()
    news: bool = False
    editable: bool = True

    @property
    def allowed(self) -> tuple[str, ...]:
        """The placeholders that its words may use."""
        return (*self.given, *ALWAYS)


KINDS: dict[str, Kind] = {
    "film_arrived": Kind(
        _("The film has arrived"),
        _("When all of a film’s upload is here."),
        gettext_noop("“{title}”: your film has arrived"),
        gettext_noop("All of {filename} has arrived. It is being inspected now; you need not wait for it."),
        given=(*ENTRY, "filename"),
    ),
    "film_passed": Kind(
        _("The film is fine"),
        _("When the inspection of a film that is not submitted yet found nothing to be mended."),
        gettext_noop("“{title}”: the film is fine"),
        gettext_noop("The technical inspection found nothing that must be mended."),
    ),
    "film_has_faults": Kind(
        _("The film should be mended"),
        _("When the inspection of a film that is not submitted yet found faults."),
        gettext_noop("“{title}”: the film should be mended"),
        gettext_noop(
            "The technical inspection found something that must be mended. "
            "Your entry's page says what, where and how."
        ),
    ),
    "film_needs_subtitles": Kind(
        _("The film should get subtitles"),
        _("When all that the inspection of a film that is not submitted yet found are its subtitles."),
        gettext_noop("“{title}”: subtitles are missing, or should be mended"),
        gettext_noop(
            "The technical inspection has nothing against your film but its subtitles: some that this contest asks for "
            "are missing, or must be mended. Add them on your entry's page; the film itself can stay."
        ),
    ),
    "inspection_failed": Kind(
        _("The inspection could not be finished"),
        _("When the inspection of a film failed through our own fault."),
        gettext_noop("“{title}”: the inspection is delayed"),
        gettext_noop(
            "We could not finish the technical inspection of your film. That is for us to mend, not for you: our "
            "technicians see it and start it again. You need not do anything, and nothing is held against your film."
        ),
    ),
    "entry_submitted": Kind(
        _("The entry has been submitted"),
        _("When an entry is submitted, for the first time or with a mended film."),
        gettext_noop("“{title}” has been submitted"),
        gettext_noop(
            "Your entry {code} to {edition} is in. You will hear from us when the inspection is done."
        ),
    ),
    "project_submitted": Kind(
        _("The project has been submitted"),
        _("When a project, which has no film yet, is submitted: it takes part in the competition at once."),
        gettext_noop("“{title}” has been submitted"),
        gettext_noop("Your project {code} is in and takes part in {edition}. You will hear from us."),
    ),
    "entry_admitted": Kind(
        _("Admitted to the competition"),
        _("When an entry is admitted."),
        gettext_noop("“{title}” has been admitted to the competition"),
        gettext_noop("Your film passed the technical inspection and goes to the jury of {edition}."),
    ),
    "entry_admitted_waived": Kind(
        _("Admitted, findings accepted"),
        _("When an entry is admitted although the inspection found something, because the team accepts it."),
        gettext_noop("“{title}” has been admitted to the competition"),
        gettext_noop(
            "Your film goes to the jury of {edition}. The technical inspection found something that our team accepts "
            "in your film; you need not change it:\n{findings}"
        ),
        given=(*ENTRY, "findings"),
    ),
    "entry_needs_fix": Kind(
        _("A mended film is asked for"),
        _("When a submitted film cannot be shown as it is."),
        gettext_noop("“{title}”: please send a mended film by {deadline}"),
        gettext_noop(
            "Your film cannot be shown as it is. The entry's page says what was found and how to mend it. {reason}"
        ),
        given=(*ENTRY, "deadline", "reason"),
        needed=("deadline", "reason"),
    ),
    "entry_needs_subtitles": Kind(
        _("Subtitles are asked for"),
        _("When nothing but its subtitles stands against a submitted film."),
        gettext_noop("“{title}”: please add or mend the subtitles by {deadline}"),
        gettext_noop(
            "Subtitles that this contest asks for are missing, or must be mended. The entry's page says which. "
            "Add them there; no new film is needed. {reason}"
        ),
        given=(*ENTRY, "deadline", "reason"),
        needed=("deadline", "reason"),
    ),
    "entry_refused": Kind(
        _("Not admitted"),
        _("When an entry is not admitted."),
        gettext_noop("“{title}” could not be admitted"),
        gettext_noop("We are sorry: the film was not admitted to {edition}. The reason: {reason}"),
        given=(*ENTRY, "reason"),
        needed=("reason",),
    ),
    "entry_withdrawn": Kind(
        _("Withdrawal confirmed"),
        _("When an entrant has withdrawn an entry."),
        gettext_noop("“{title}” has been withdrawn"),
        gettext_noop(
            "You have withdrawn your entry {code} from {edition}. Nobody judges or shows the film any more. "
            "If it was not you, write to the organiser at once."
        ),
    ),
    "deadline_extended": Kind(
        _("The deadline has been extended"),
        _("When the call’s deadline is moved to a later day: to everybody with a draft."),
        gettext_noop("{edition}: you can submit until {deadline}"),
        gettext_noop(
            "The call for entries was to close on {before}. It has been extended: drafts can be submitted until "
            "{deadline}. {reason}"
        ),
        given=("deadline", "before", "reason"),
        needed=("deadline",),
    ),
    "edition_changed": Kind(
        _("Something was changed since the call opened"),
        _(
            "When organisers change, with a reason, what entrants could rely on: to everybody whom it concerns."
        ),
        gettext_noop("{edition}: something has changed since the call opened"),
        gettext_noop(
            "Something in the terms of {edition} was changed that concerns you. The reason: {reason}\n\n"
            "The page says what it was before, and what it is now. Whatever else is changed until you have read it "
            "stands there too."
        ),
        given=("reason",),
    ),
    "time_given": Kind(
        _("More time for one entry"),
        _("When the team gives a single entry more time."),
        gettext_noop("“{title}”: more time, until {deadline}"),
        gettext_noop("Your entry {code} to {edition} has been given more time. The reason: {reason}"),
        given=(*ENTRY, "deadline", "reason"),
        needed=("deadline", "reason"),
    ),
    "credit_accepted": Kind(
        _("A co-author agreed"),
        _("When somebody agrees to be named in the credits."),
        gettext_noop("“{title}”: {person} agrees to be named"),
        gettext_noop("{person} has agreed to the credits of your entry {code}."),
        given=(*ENTRY, "person"),
    ),
    "credit_declined": Kind(
        _("A co-author declined"),
        _("When somebody does not want to be named in the credits."),
        gettext_noop("“{title}”: {person} does not want to be named"),
        gettext_noop(
            "{person} has declined to be named in the credits of your entry {code}. Nothing was removed: talk to "
            "each other, then change the credits if need be."
        ),
        given=(*ENTRY, "person"),
    ),
    "transfer_declined": Kind(
        _("A transfer was declined"),
        _("When somebody does not take over an entry that was offered."),
        gettext_noop("“{title}”: your offer was declined"),
        gettext_noop("The entry {code} stays with your account."),
    ),
    "entry_handed_over": Kind(
        _("An entry was handed over"),
        _("When an entry goes to another account: to who had it."),
        gettext_noop("“{title}” now belongs to another account"),
        gettext_noop(
            "The entry {code} to {edition} was handed over to {person}. Letters about it go there from now on. {reason}"
        ),
        given=(*ENTRY, "person", "reason"),
    ),
    "entry_received": Kind(
        _("An entry was taken over"),
        _("When an entry goes to another account: to who has it now."),
        gettext_noop("“{title}” now belongs to your account"),
        gettext_noop(
            "The entry {code} to {edition}, until now with {person}, is yours with all its uploads. Letters about it "
            "come to you from now on. {reason}"
        ),
        given=(*ENTRY, "person", "reason"),
    ),
    "correction_asked": Kind(
        _("A correction is asked for"),
        _(
            "When an entrant asks to correct a submitted entry: to the organisers, as news they may switch off."
        ),
        gettext_noop("“{title}”: a correction is asked for"),
        gettext_noop(
            "The entrant of “{title}” asks to correct:\n{fields}\n\n"
            "The request and its reason stand at the desk, where you grant it or not."
        ),
        given=(*ENTRY, "fields"),
        news=True,
    ),
    "correction_granted": Kind(
        _("A correction is granted"),
        _("When the team lets an entrant correct fields of a submitted entry."),
        gettext_noop("“{title}”: you can correct your entry until {deadline}"),
        gettext_noop(
            "These parts of your entry {code} to {edition} are open for you until {deadline}:\n{fields}\n\n"
            "Nothing else of it can be changed. Save as often as you need; each change is kept on record. {reason}"
        ),
        given=(*ENTRY, "fields", "deadline", "reason"),
        needed=("fields", "deadline"),
    ),
    "correction_refused": Kind(
        _("A correction is not granted"),
        _("When the team does not let an entrant correct a submitted entry."),
        gettext_noop("“{title}”: the correction was not granted"),
        gettext_noop("You asked to correct:\n{fields}\n\nThis was not granted. The reason: {reason}"),
        given=(*ENTRY, "fields", "reason"),
        needed=("reason",),
    ),
    "correction_closed": Kind(
        _("A correction is over"),
        _("When the time of a correction is over, or the team ends it early."),
        gettext_noop("“{title}”: the correction is over"),
        gettext_noop(
            "Your entry {code} can no longer be changed. What was corrected stays:\n{fields}\n\n{reason}"
        ),
        given=(*ENTRY, "fields", "reason"),
    ),
    "draft_reminder": Kind(
        _("Reminder of a draft"),
        _("Some days before the deadline, to everybody whose entry is still a draft."),
        gettext_noop("“{title}” is not submitted yet"),
        gettext_noop(
            "The call for entries of {edition} closes on {deadline}, and your entry is still a draft. "
            "This is left to do:\n{missing}"
        ),
        given=(*ENTRY, "deadline", "missing"),
        needed=("deadline",),
        news=True,
    ),
    "result_laureate": Kind(
        _("Result: among the laureates"),
        _("When the organiser tells the entrants the jury’s decision."),
        gettext_noop("“{title}” is among the laureates"),
        gettext_noop(
            "Congratulations: the jury of {edition} has given your film an award: {award}. "
            "Please keep it to yourself until it is announced."
        ),
        given=(*ENTRY, "award"),
    ),
    "result_moved": Kind(
        _("Result: another award"),
        _("When an award was withdrawn and the films behind it move up."),
        gettext_noop("“{title}”: your award is now {award}"),
        gettext_noop(
            "The list of {edition} has changed, and your film has moved up by its order. It now holds: {award}. "
            "Please keep it to yourself until it is announced."
        ),
        given=(*ENTRY, "award"),
    ),
    "award_withdrawn": Kind(
        _("Result: an award was withdrawn"),
        _("When the organiser tells the entrants that an award was withdrawn."),
        gettext_noop("“{title}”: the award was withdrawn"),
        gettext_noop(
            "{edition} has withdrawn the award of your film. The reason, as it is published:\n{reason}\n"
            "If you think this is wrong, answer to the organisers."
        ),
        given=(*ENTRY, "reason"),
        needed=("reason",),
    ),
    "result_reopened": Kind(
        _("Result: the list of awards is decided anew"),
        _("When an objection to the list as a whole was upheld: to everybody who was told of an award."),
        gettext_noop("“{title}”: the awards are decided anew"),
        gettext_noop(
            "An objection to the award list of {edition} was upheld, and the list goes back to the jury. What we told "
            "you about an award for your film does not hold any more. The reason, as it is published:\n{reason}\n"
            "You will hear from us before anything is announced."
        ),
        given=(*ENTRY, "reason"),
        needed=("reason",),
    ),
    "screening_news": Kind(
        _("The film’s screenings"),
        _(
            "When a version of the programme is released in which a screening of the film is new, changed or cancelled."
        ),
        gettext_noop("“{title}”: when and where your film is shown"),
        gettext_noop(
            "The programme of {edition} has been released. This is new about your film:\n{showings}\n"
            "The whole programme stands on its page, with a calendar to subscribe to."
        ),
        given=(*ENTRY, "showings"),
        needed=("showings",),
    ),
    "objection_confirm": Kind(
        _("Objection: please confirm your address"),
        _("When somebody without an account objects during the public notice: to that address."),
        gettext_noop("{edition}: please confirm your objection"),
        gettext_noop(
            "Hello {name},\n\nan objection to the award list of {edition} was sent to us with this address. It counts "
            "once you confirm it on this page, until {deadline}:\n{link}\n\n"
            "The link is yours alone: on the same page you follow what becomes of the objection. If you did not send "
            "it, leave this letter unanswered; what was sent is deleted within a day."
        ),
        given=("code", "deadline"),
        needed=("link", "deadline"),
    ),
    "objection_received": Kind(
        _("Objection: received"),
        _("When somebody has objected during the public notice: to that person."),
        gettext_noop("{edition}: your objection {code} has arrived"),
        gettext_noop(
            "We have received your objection {code}. It is decided, with reasons, by {deadline}. "
            "You can follow it here:\n{link}"
        ),
        given=("code", "deadline"),
    ),
    "objection_question": Kind(
        _("Objection: a question"),
        _("When the organisers ask the person who objected something."),
        gettext_noop("{edition}: a question about your objection {code}"),
        gettext_noop(
            "The organisers ask you something about your objection {code}. Read it, and answer, on this page:\n{link}"
        ),
        given=("code",),
        needed=("link",),
    ),
    "objection_decided": Kind(
        _("Objection: decided"),
        _("When the organisers have decided over an objection: to the person who objected."),
        gettext_noop("{edition}: your objection {code} is decided"),
        gettext_noop("Your objection {code} has been decided.\n{decision}"),
        given=("code", "decision"),
        needed=("decision",),
    ),
    "objection_arrived": Kind(
        _("To organisers: an objection has come in"),
        _("When somebody has objected during the public notice: to the organisers."),
        gettext_noop("{edition}: objection {code}"),
        gettext_noop("An objection to the award list has come in: {code}. Decide it by {deadline}."),
        given=("code", "deadline"),
    ),
    "objection_answered": Kind(
        _("To organisers: the person who objected has written"),
        _("When somebody adds to her objection, or answers a question about it: to the organisers."),
        gettext_noop("{edition}: more about objection {code}"),
        gettext_noop("The person who made objection {code} has written more. Decide it by {deadline}."),
        given=("code", "deadline"),
    ),
    "result_not_selected": Kind(
        _("Result: not among the laureates"),
        _("When the organiser tells the entrants the jury’s decision."),
        gettext_noop("“{title}”: the jury's decision"),
        gettext_noop(
            "Thank you for entering {edition}. The jury has seen your film; it is not among the laureates this time."
        ),
    ),
    "feedback": Kind(
        _("Feedback of the jury"),
        _("When an organiser sends it, after the laureates were announced: to each film’s makers, once."),
        gettext_noop("“{title}”: the jury's feedback"),
        gettext_noop(
            "The jury of {edition} has seen your film. What it can tell you about it stands on this page, which only "
            "you who made the film can read:\n{link}\n\nThank you for having shown it to us."
        ),
    ),
    "judge_nudge": Kind(
        _("To a judge: films are waiting"),
        _("When an organiser or the jury chair writes to the judges who are behind."),
        gettext_noop("{edition}: films are waiting for you"),
        gettext_noop(
            "The jury of {edition} counts on you: {films} of your films are not scored yet, {time} to watch. "
            "If you cannot do them, tell the organisers: films can go to others, and what you have finished stays."
        ),
        given=("films", "time"),
    ),
    "judge_reminder": Kind(
        _("To a judge: the jury’s phase ends soon"),
        _("Three days before the jury’s phase ends, to every judge with films left."),
        gettext_noop("{edition}: judging ends on {deadline}"),
        gettext_noop(
            "Judging for {edition} ends on {deadline}. {films} of your films are not scored yet, {time} to watch."
        ),
        given=("films", "time", "deadline"),
        needed=("deadline",),
    ),
    "meeting_planned": Kind(
        _("To a judge: date and place of a meeting"),
        _("When an organiser or the jury chair tells the members of a planned meeting when it is."),
        gettext_noop("{edition}: “{meeting}”, {when}"),
        gettext_noop(
            "The jury of {edition} meets: “{meeting}”.\n\nBegins: {when}\n{place}\n\nIf you cannot be there then, "
            "you can read, write and vote on the meeting’s page until {deadline}. You will get a letter when it opens."
        ),
        given=("meeting", "when", "place", "deadline"),
        needed=("when",),
    ),
    "meeting_called": Kind(
        _("To a judge: a meeting of the jury is open"),
        _("When the jury chair opens a meeting: to its members."),
        gettext_noop("{edition}: “{meeting}” is open"),
        gettext_noop(
            "The jury of {edition} meets: “{meeting}”. Scores and notes lie open on the meeting’s page. If you cannot "
            "be there now, read, write and vote until {deadline}."
        ),
        given=("meeting", "deadline"),
        needed=("deadline",),
    ),
    "meeting_vote": Kind(
        _("To a judge: the jury votes"),
        _("When the jury chair opens a vote in a meeting: to its members."),
        gettext_noop("{edition}: please vote by {deadline}"),
        gettext_noop(
            "In “{meeting}” the jury votes: {question}\nYour ballot is secret until the vote is closed, on {deadline} "
            "at the latest."
        ),
        given=("meeting", "question", "deadline"),
        needed=("question", "deadline"),
    ),
    "team_invitation": Kind(
        _("Invitation to the team"),
        _("When an organiser or the jury chair invites somebody by mail, who may have no account yet."),
        gettext_noop("{edition} invites you: {role}"),
        gettext_noop(
            "Hello {name},\n\n{person} invites you to {edition} in this role: {role}.\n\n{message}\n\n"
            "This page says what is asked of you, and takes your answer, a yes or a no:\n{link}\n\n"
            "The link is yours alone and good until {deadline}. A no needs no account. If you know nothing of this, "
            "leave the letter unanswered."
        ),
        given=("role", "person", "message", "deadline"),
        needed=("role", "link", "deadline"),
    ),
    "team_invitation_reminder": Kind(
        _("Reminder of an invitation to the team"),
        _("Three days before the day of the answer, once, to whoever has not answered."),
        gettext_noop("{edition}: please answer by {deadline}"),
        gettext_noop(
            "Hello {name},\n\n{person} has invited you to {edition} in this role: {role}. Please say yes or no by "
            "{deadline}; a no helps too, for then somebody else can be asked:\n{link}"
        ),
        given=("role", "person", "message", "deadline"),
        needed=("link", "deadline"),
    ),
    "team_accepted": Kind(
        _("An invitation to the team was accepted"),
        _("When somebody accepts: to who invited."),
        gettext_noop("{person} has accepted: {role}"),
        gettext_noop(
            "{person} has accepted your invitation to {edition} ({role}) and belongs to the team now."
        ),
        given=("person", "role"),
    ),
    "team_declined": Kind(
        _("An invitation to the team was declined"),
        _("When somebody declines: to who invited."),
        gettext_noop("{person} has declined: {role}"),
        gettext_noop(
            "{person} has declined your invitation to {edition} ({role}). {cause} {reason}\n\n"
            "On the page of the invitations you can invite somebody else in her place."
        ),
        given=("person", "role", "cause", "reason"),
    ),
    "place_invitation": Kind(
        _("Invitation to a cohort"),
        _("When a place is offered to somebody who was invited by address, and may have no account yet."),
        gettext_noop("{edition} offers you a place: {cohort}"),
        gettext_noop(
            "Hello {name},\n\n{edition} invites you to make a film with us and offers you a place: {cohort}.\n\n"
            "This page says what is promised and what is asked of you, and takes your answer, a yes or a no:\n{link}"
            "\n\nThe link is yours alone and good until {deadline}. A no needs no account."
        ),
        given=("cohort", "deadline"),
        needed=("cohort", "link", "deadline"),
    ),
    "place_offered": Kind(
        _("A place in a cohort"),
        _("When a place is offered to an entry that a round let through, or that moves up."),
        gettext_noop("“{title}”: a place is offered to you, answer by {deadline}"),
        gettext_noop(
            "For your entry {code}, {edition} offers you a place: {cohort}. Say yes or no on the entry's page until "
            "{deadline}; after that the place goes to the next on the list."
        ),
        given=(*ENTRY, "cohort", "deadline"),
        needed=("cohort", "deadline"),
    ),
    "place_lapsed": Kind(
        _("A place was not taken in time"),
        _("When an offered place was not answered in time: to the entrant."),
        gettext_noop("“{title}”: the place is no longer held for you"),
        gettext_noop(
            "We offered you a place ({cohort}) for your entry {code} and had no answer in time. It now goes to the "
            "next on the list. If you still want it, write to us."
        ),
        given=(*ENTRY, "cohort"),
    ),
    "place_accepted": Kind(
        _("A place was accepted"),
        _("When a team accepts a place: to who offered it."),
        gettext_noop("{person} has accepted: {cohort}"),
        gettext_noop("{person} takes the place you offered ({cohort})."),
        given=("person", "cohort"),
    ),
    "place_declined": Kind(
        _("A place was declined"),
        _("When a team declines a place or leaves: to who offered it."),
        gettext_noop("{person} does not take the place: {cohort}"),
        gettext_noop(
            "{person} does not take the place you offered ({cohort}). {reason}\n\nIt is free again."
        ),
        given=("person", "cohort", "reason"),
    ),
    "delivery_handed_in": Kind(
        _("A team has handed something in"),
        _("When a team hands in what a milestone asks for: to the organisers, as news they may switch off."),
        gettext_noop("“{title}”: {milestone} was handed in"),
        gettext_noop("The team of “{title}” has handed in {milestone}. It waits for your review."),
        given=(*ENTRY, "milestone"),
        news=True,
    ),
    "delivery_accepted": Kind(
        _("What was handed in is accepted"),
        _("When a delivery for a milestone is accepted: to the entrant."),
        gettext_noop("“{title}”: {milestone} is accepted"),
        gettext_noop("What you handed in for {milestone} is accepted. {reason}"),
        given=(*ENTRY, "milestone", "reason"),
    ),
    "delivery_changes": Kind(
        _("Changes are asked for"),
        _("When a delivery for a milestone is sent back for changes: to the entrant."),
        gettext_noop("“{title}”: changes to {milestone}"),
        gettext_noop(
            "We looked at what you handed in for {milestone} and ask for changes:\n{reason}\n\nNotes at moments of "
            "the film stand beside it on the page."
        ),
        given=(*ENTRY, "milestone", "reason"),
        needed=("reason",),
    ),
    "delivery_changes_by": Kind(
        _("Changes are asked for, by a date"),
        _("When a delivery is sent back for changes, with a date for the next version: to the entrant."),
        gettext_noop("“{title}”: changes to {milestone} by {deadline}"),
        gettext_noop(
            "We looked at what you handed in for {milestone} and ask for changes:\n{reason}\n\nPlease hand in the next "
            "version by {deadline}. Notes at moments of the film stand beside it on the page."
        ),
        given=(*ENTRY, "milestone", "deadline", "reason"),
        needed=("deadline", "reason"),
    ),
    "delivery_rejected": Kind(
        _("What was handed in is rejected"),
        _("When a delivery for a milestone is rejected for good: to the entrant."),
        gettext_noop("“{title}”: {milestone} is not accepted"),
        gettext_noop(
            "We looked at what you handed in for {milestone} and do not accept it:\n{reason}\n\nThis is final: "
            "nothing more is asked for, and what the milestone would have brought is not paid. You keep your place. If "
            "something was overlooked, write to us."
        ),
        given=(*ENTRY, "milestone", "reason"),
        needed=("reason",),
    ),
    "delivery_reopened": Kind(
        _("A rejected milestone is open again"),
        _("When organisers open a milestone again whose delivery was rejected: to the entrant."),
        gettext_noop("“{title}”: {milestone} is open again"),
        gettext_noop("You can hand in {milestone} once more: {reason}"),
        given=(*ENTRY, "milestone", "reason"),
        needed=("reason",),
    ),
    "delivery_reopened_by": Kind(
        _("A rejected milestone is open again, until a date"),
        _("When organisers open a milestone again with a date for the next version: to the entrant."),
        gettext_noop("“{title}”: {milestone} is open again until {deadline}"),
        gettext_noop("You can hand in {milestone} once more, by {deadline}: {reason}"),
        given=(*ENTRY, "milestone", "deadline", "reason"),
        needed=("deadline", "reason"),
    ),
    "milestone_due": Kind(
        _("A milestone is near"),
        _("A week and a day before a milestone is due, to teams that have not handed it in."),
        gettext_noop("“{title}”: {milestone} is due on {deadline}"),
        gettext_noop("{milestone} is due on {deadline}. On your team's page you see what is still missing."),
        given=(*ENTRY, "milestone", "deadline"),
        needed=("milestone", "deadline"),
    ),
    "milestone_late": Kind(
        _("A milestone is late"),
        _("Once, when a milestone was due and the team has not handed it in."),
        gettext_noop("“{title}”: {milestone} is late"),
        gettext_noop(
            "{milestone} was due on {deadline}. Hand it in as soon as you can, or write to us if you need more time."
        ),
        given=(*ENTRY, "milestone", "deadline"),
        needed=("milestone", "deadline"),
    ),
    "milestone_extended": Kind(
        _("More time for a milestone"),
        _("When a team is given more time for a milestone: to the entrant."),
        gettext_noop("“{title}”: {milestone} until {deadline}"),
        gettext_noop("You have more time for {milestone}: until {deadline}. {reason}"),
        given=(*ENTRY, "milestone", "deadline", "reason"),
        needed=("deadline",),
    ),
    "mentor_named": Kind(
        _("You are a mentor"),
        _("When an organiser names somebody as the mentor of a team: to the mentor."),
        gettext_noop("You accompany the team of “{title}”"),
        gettext_noop(
            "{edition} has named you as a mentor of the team of “{title}” ({cohort}). On its page you read what it "
            "works on, and write down what you talked about and what is to be done."
        ),
        given=(*ENTRY, "cohort"),
    ),
    "mentor_joins": Kind(
        _("The team has a mentor"),
        _("When an organiser names a mentor: to the entrant."),
        gettext_noop("“{title}”: {person} is your mentor"),
        gettext_noop(
            "{person} accompanies you from now on. What you agree on, and what is to be done, stands on your team's "
            "page."
        ),
        given=(*ENTRY, "person"),
        needed=("person",),
    ),
    "session_noted": Kind(
        _("Notes of a session"),
        _(
            "When a mentor or an organiser has written notes of a session that the team reads: to the entrant."
        ),
        gettext_noop("“{title}”: notes of {when}"),
        gettext_noop("The notes of your session of {when} are on your team's page."),
        given=(*ENTRY, "when"),
        needed=("when",),
    ),
    "action_item_due": Kind(
        _("Something is to be done"),
        _(
            "Once, on the day before something agreed is due: to the entrant where it is the team's to do, else to the "
            "mentors."
        ),
        gettext_noop("“{title}”: to be done until {deadline}"),
        gettext_noop(
            "This is to be done until {deadline}:\n{task}\n\nTick it on the team's page when it is done."
        ),
        given=(*ENTRY, "task", "deadline"),
        needed=("task", "deadline"),
    ),
    "interviews_open": Kind(
        _("Choose a time for the interview"),
        _(
            "When an organiser tells the teams of a cohort that they can choose: to those that have no time yet."
        ),
        gettext_noop("“{title}”: choose a time for your interview"),
        gettext_noop(
            "The times for the interviews are there ({cohort}). Choose a free one on your team's page; who comes first "
            "has the choice."
        ),
        given=(*ENTRY, "cohort"),
    ),
    "interview_booked": Kind(
        _("Interview on a day, at a time"),
        _(
            "When a time for an interview is chosen or changed: to the entrant and the interviewers, but for who did "
            "it."
        ),
        gettext_noop("“{title}”: interview on {when}"),
        gettext_noop(
            "The interview with the team of “{title}” is on {when}.\nWhere: {place}\n\nThe page has it as a calendar "
            "file."
        ),
        given=(*ENTRY, "when", "place"),
        needed=("when", "place"),
    ),
    "interview_cancelled": Kind(
        _("An interview does not take place"),
        _("When a time for an interview is given back or taken back: to the others."),
        gettext_noop("“{title}”: no interview on {when}"),
        gettext_noop("The interview with the team of “{title}” on {when} does not take place. {reason}"),
        given=(*ENTRY, "when", "reason"),
        needed=("when",),
    ),
    # Their words come with the letter.
    "mailing": Kind(
        _("Letter to many"), _("When an organiser sends it."), "{subject}", "{body}", editable=False
    ),
    "test_letter": Kind(
        _("Test letter"), _("When an organiser sends it."), "{subject}", "{body}", editable=False
    ),
}

EDITABLE = {key: kind for key, kind in KINDS.items() if kind.editable}
