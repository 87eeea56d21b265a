"""The wording of every notice. Facts are stored with the notice, words are made when it is read or mailed."""

from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from festival.kit.clock import in_zone
from festival.kit.words import say
from festival.post.models import Notice


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    body: str


# kind → (subject, body). %(title)s, %(code)s, %(edition)s are always there.
TEXTS: dict[str, tuple[str, str]] = {
    "film_arrived": (
        gettext_noop("“%(title)s”: your film has arrived"),
        gettext_noop("All of %(filename)s has arrived. It is being inspected now; you need not wait for it."),
    ),
    "film_passed": (
        gettext_noop("“%(title)s”: the film is fine"),
        gettext_noop("The technical inspection found nothing that must be mended."),
    ),
    "film_has_faults": (
        gettext_noop("“%(title)s”: the film should be mended"),
        gettext_noop(
            "The technical inspection found something that must be mended. "
            "Your entry's page says what, where and how."
        ),
    ),
    "entry_submitted": (
        gettext_noop("“%(title)s” has been submitted"),
        gettext_noop(
            "Your entry %(code)s to %(edition)s is in. You will hear from us when the inspection is done."
        ),
    ),
    "entry_admitted": (
        gettext_noop("“%(title)s” has been admitted to the competition"),
        gettext_noop("Your film passed the technical inspection and goes to the jury of %(edition)s."),
    ),
    "entry_needs_fix": (
        gettext_noop("“%(title)s”: please send a mended film by %(until)s"),
        gettext_noop(
            "Your film cannot be shown as it is. The entry's page says what was found and how to mend it. %(reason)s"
        ),
    ),
    "entry_refused": (
        gettext_noop("“%(title)s” could not be admitted"),
        gettext_noop("We are sorry: the film was not admitted to %(edition)s. The reason: %(reason)s"),
    ),
    "deadline_extended": (
        gettext_noop("%(edition)s: more time, until %(until)s"),
        gettext_noop(
            "The deadline for entries has been extended: it was %(old)s and is now %(until)s. "
            "You have a draft here that was not submitted yet. %(reason)s"
        ),
    ),
    "time_given": (
        gettext_noop("“%(title)s”: more time, until %(until)s"),
        gettext_noop("Your entry %(code)s to %(edition)s has been given more time. The reason: %(reason)s"),
    ),
    "credit_accepted": (
        gettext_noop("“%(title)s”: %(name)s agrees to be named"),
        gettext_noop("%(name)s has agreed to the credits of your entry %(code)s."),
    ),
    "credit_declined": (
        gettext_noop("“%(title)s”: %(name)s does not want to be named"),
        gettext_noop(
            "%(name)s has declined to be named in the credits of your entry %(code)s. Nothing was removed: talk to "
            "each other, then change the credits if need be."
        ),
    ),
    "transfer_declined": (
        gettext_noop("“%(title)s”: your offer was declined"),
        gettext_noop("The entry %(code)s stays with your account."),
    ),
    "entry_handed_over": (
        gettext_noop("“%(title)s” now belongs to another account"),
        gettext_noop(
            "The entry %(code)s to %(edition)s was handed over to %(name)s. Letters about it go there from now on. "
            "%(reason)s"
        ),
    ),
    "entry_received": (
        gettext_noop("“%(title)s” now belongs to your account"),
        gettext_noop(
            "The entry %(code)s to %(edition)s, until now with %(name)s, is yours with all its uploads. Letters "
            "about it come to you from now on. %(reason)s"
        ),
    ),
    "result_laureate": (
        gettext_noop("“%(title)s” is among the laureates"),
        gettext_noop(
            "Congratulations: the jury of %(edition)s has given your film an award. "
            "Please keep it to yourself until it is announced."
        ),
    ),
    "result_not_selected": (
        gettext_noop("“%(title)s”: the jury's decision"),
        gettext_noop(
            "Thank you for entering %(edition)s. The jury has seen your film; it is not among the laureates this time."
        ),
    ),
}


def render(notice: Notice) -> Words:
    """The notice in the language that is active."""
    subject, body = TEXTS[notice.kind]
    values: dict[str, Any] = {"title": "", "code": "", "reason": "", **notice.values}
    values["edition"] = say(notice.edition.name)
    values["reason"] = say(values["reason"])
    for name in ("until", "old"):
        if name in values:
            moment = parse_datetime(values[name])
            values[name] = (
                date_format(in_zone(moment, notice.edition.time_zone), "DATETIME_FORMAT") if moment else ""
            )
    return Words(subject=_(subject) % values, body=(_(body) % values).strip())
