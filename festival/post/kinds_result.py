"""Letters about results, screenings, objections and feedback."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from festival.post.kind import ENTRY, Kind

OF_RESULTS: dict[str, Kind] = {
    "result_laureate": Kind(
        _("Result: among the laureates"),
        _("When the organiser tells the entrants the jury’s decision."),
        gettext_noop("“{title}” is among the laureates"),
        gettext_noop(
            "Congratulations: the jury of {edition} has given “{title}” an award: {award}. "
            "Please keep it to yourself until it is announced."
        ),
        given=(*ENTRY, "award"),
    ),
    "result_moved": Kind(
        _("Result: another award"),
        _("When an award was withdrawn and those behind it move up."),
        gettext_noop("“{title}”: your award is now {award}"),
        gettext_noop(
            "The list of {edition} has changed, and “{title}” has moved up by its order. It now holds: {award}. "
            "Please keep it to yourself until it is announced."
        ),
        given=(*ENTRY, "award"),
    ),
    "award_withdrawn": Kind(
        _("Result: an award was withdrawn"),
        _("When the organiser tells the entrants that an award was withdrawn."),
        gettext_noop("“{title}”: the award was withdrawn"),
        gettext_noop(
            "{edition} has withdrawn the award of “{title}”. The reason, as it is published:\n{reason}\n"
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
            "you about an award for “{title}” does not hold any more. The reason, as it is published:\n{reason}\n"
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
            "Thank you for entering {edition}. The jury has judged “{title}”; it is not among the laureates this time."
        ),
    ),
    "feedback": Kind(
        _("Feedback of the jury"),
        _(
            "When an organiser sends it, after the laureates were announced: to the makers of each entry, once."
        ),
        gettext_noop("“{title}”: the jury's feedback"),
        gettext_noop(
            "The jury of {edition} has judged “{title}”. What it can tell you about it stands on this page, which only "
            "you who made it can read:\n{link}\n\nThank you for having shown it to us."
        ),
    ),
}
