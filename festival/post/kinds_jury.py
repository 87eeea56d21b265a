"""Letters to judges, to members of meetings, and to whoever is invited to the team."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from festival.post.kind import Kind

OF_JURIES: dict[str, Kind] = {
    "judge_nudge": Kind(
        _("To a judge: entries are waiting"),
        _("When an organiser or the jury chair writes to the judges who are behind."),
        gettext_noop("{edition}: entries are waiting for you"),
        gettext_noop(
            "The jury of {edition} counts on you: {films} of the entries given to you are not scored yet, about {time} "
            "in all. If you cannot do them, tell the organisers: they can go to others, and what you have finished "
            "stays."
        ),
        given=("films", "time"),
    ),
    "judge_reminder": Kind(
        _("To a judge: the jury’s phase ends soon"),
        _("Three days before the jury’s phase ends, to every judge who is not done."),
        gettext_noop("{edition}: judging ends on {deadline}"),
        gettext_noop(
            "Judging for {edition} ends on {deadline}. {films} of the entries given to you are not scored yet, about "
            "{time} in all."
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
}
