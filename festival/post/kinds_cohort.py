"""Letters about places in a cohort, milestones, mentors and interviews."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from festival.post.kind import ENTRY, Kind

OF_COHORTS: dict[str, Kind] = {
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
        _("When a team declines a place: to who offered it."),
        gettext_noop("{person} does not take the place: {cohort}"),
        gettext_noop(
            "{person} does not take the place you offered ({cohort}). {reason}\n\nWho is asked next stands on the list."
        ),
        given=("person", "cohort", "reason"),
    ),
    "place_unanswered": Kind(
        _("A place was not answered in time"),
        _("When an offered place was not answered in time: to who offered it."),
        gettext_noop("{person} has not answered in time: {cohort}"),
        gettext_noop(
            "{person} has not answered in time, and the place is no longer held ({cohort}).\n\n"
            "Who is asked next stands on the list."
        ),
        given=("person", "cohort"),
    ),
    "place_ended": Kind(
        _("A place has ended"),
        _(
            "When a team gives up a place that it had taken, or another organiser ends one: to who offered it."
        ),
        gettext_noop("{person} no longer has the place: {cohort}"),
        gettext_noop(
            "{person} no longer has the place ({cohort}). {reason}\n\nWho is asked next stands on the list."
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
            "{milestone} was due on {deadline}. Hand it in as soon as you can; if you need more time, ask for it on "
            "the milestone's page."
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
    "milestone_time_asked": Kind(
        _("A team asks for more time"),
        _("When a team asks for more time for a milestone: to the organisers, as news they may switch off."),
        gettext_noop("“{title}”: more time is asked for {milestone}"),
        gettext_noop(
            "The team of “{title}” asks for more time for {milestone}, until {deadline}. It writes:\n{reason}\n\n"
            "Grant or decline it on the milestone's page at the desk."
        ),
        given=(*ENTRY, "milestone", "deadline", "reason"),
        news=True,
    ),
    "milestone_time_declined": Kind(
        _("No more time for a milestone"),
        _("When the organisers do not give a team the time that it asked for: to the entrant."),
        gettext_noop("“{title}”: no more time for {milestone}"),
        gettext_noop(
            "You asked for more time for {milestone}. We cannot give it:\n{reason}\n\nThe milestone is still due "
            "on {deadline}."
        ),
        given=(*ENTRY, "milestone", "deadline", "reason"),
        needed=("reason", "deadline"),
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
}
