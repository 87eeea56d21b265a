"""What does not fit, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from festival.kit.clock import in_zone
from festival.kit.words import clock_time, say
from festival.premiere.checks import Finding, Kind

COPY_WORDS = {
    "missing": gettext_lazy("“%(film)s”: no copy is known."),
    "due": gettext_lazy("“%(film)s”: its copy has not arrived."),
    "arrived": gettext_lazy("“%(film)s”: its copy is not approved yet."),
}


def said(finding: Finding, zone: str) -> str:
    """A sentence; times on the wall clock of `zone`."""
    values = finding.values
    film = values["film"].heading if "film" in values else ""
    guest = say(values["guest"].name) if "guest" in values else ""
    other = values.get("other")
    where = {
        "film": film,
        "guest": guest,
        "other": say(other.title) if other else "",
        "start": f"{in_zone(other.starts_at, zone):%H:%M}" if other else "",
    }
    match finding.kind:
        case Kind.CLOSED:
            return _("The hall is not open for the whole time of this screening.")
        case Kind.FORMAT:
            return _("“%(film)s”: the hall cannot play its format.") % where
        case Kind.FRAME_RATE:
            return _("“%(film)s”: the hall does not take its frame rate.") % where
        case Kind.ASPECT:
            return _("“%(film)s”: it does not fill the screen.") % where
        case Kind.SOUND:
            return _("“%(film)s”: the hall has fewer channels of sound.") % where
        case Kind.LENGTH:
            lengths = {"new": clock_time(values["film"].seconds), "old": clock_time(values["planned"])}
            return _("“%(film)s” now lasts %(new)s, and is planned with %(old)s.") % (where | lengths)
        case Kind.FILM_TWICE:
            return _("“%(film)s” runs in “%(other)s” (%(start)s) at the same time.") % where
        case Kind.GUEST_AWAY:
            return _("%(guest)s is needed at the Q&A and is not there then.") % where
        case Kind.GUEST_TWICE:
            return _("%(guest)s is needed in “%(other)s” (%(start)s) too, with no time for the way.") % where
        case Kind.NO_REHEARSAL:
            return _("It is a premiere, and there is no technical rehearsal before it.")
        case Kind.COPY:
            return COPY_WORDS[values["copy"]] % where
        case _:
            return _("There is no film in it yet.")
