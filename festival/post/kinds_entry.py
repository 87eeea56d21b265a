"""Letters about an entry on its way: film, state, deadline, credits, transfer, corrections."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from festival.post.kind import ENTRY, Kind

OF_ENTRIES: dict[str, Kind] = {
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
        gettext_noop("“{title}” has been admitted"),
        gettext_noop("Your film passed the technical inspection and takes part in {edition}."),
    ),
    "entry_admitted_waived": Kind(
        _("Admitted, findings accepted"),
        _("When an entry is admitted although the inspection found something, because the team accepts it."),
        gettext_noop("“{title}” has been admitted"),
        gettext_noop(
            "Your film takes part in {edition}. The technical inspection found something that our team accepts in "
            "your film; you need not change it:\n{findings}"
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
            "You have withdrawn your entry {code} from {edition}. Nobody judges or shows it any more. "
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
    "track_merged": Kind(
        _("The entry is in another track now"),
        _("When organisers move all entries of a track to another one: to each of their entrants."),
        gettext_noop("“{title}” is now in the track “{track}”"),
        gettext_noop(
            "The track “{track_before}” of {edition} takes no more entries. Your entry {code} was moved to the track "
            "“{track}” and takes part there; everything you sent stays as it is. {reason}"
        ),
        given=(*ENTRY, "track", "track_before", "reason"),
        needed=("track",),
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
}
