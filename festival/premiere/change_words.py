"""What is new in a timetable, in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from festival.edition.models import Edition
from festival.kit.clock import in_zone
from festival.kit.words import moment_text, say, short_language
from festival.premiere.models import Hall

LANGUAGES = {"en": "en", "zh": "zh-hans"}


class Words:
    """Makes sentences of what `differences` gives. `halls`: the edition's, by number, with their venues."""

    def __init__(self, edition: Edition, halls: Mapping[int, Hall]) -> None:
        self.zone = edition.time_zone
        self.halls = halls

    def line(self, change: Mapping[str, Any]) -> str:
        """“Evening of shorts”: moved from … to …; now in Hall 2."""
        return _("“%(title)s”: %(what)s") % {"title": say(change["title"]), "what": self.summary(change)}

    def summary(self, change: Mapping[str, Any]) -> str:
        """What is different, without the title."""
        return ("；" if short_language() == "zh" else "; ").join(self.what(one) for one in change["what"])

    def what(self, one: Mapping[str, Any]) -> str:
        """One change of a screening."""
        match one["kind"]:
            case "gone":
                return _("taken out of the programme")
            case "cancelled":
                reason = say(one["reason"])
                return _("cancelled: %(reason)s") % {"reason": reason} if reason else _("cancelled")
            case "reinstated":
                return _("takes place after all")
            case "time":
                return _("moved from %(old)s to %(new)s") % {
                    "old": self.moment(one["from"]),
                    "new": self.moment(one["to"]),
                }
            case "end":
                return _("ends at %(end)s now") % {"end": self.clock(one["to"])}
            case "hall":
                return _("now in %(hall)s, not in %(old)s") % {
                    "hall": self.hall(one["to"]),
                    "old": self.hall(one["from"]),
                }
            case "title":
                return _("was called “%(old)s”") % {"old": say(one["from"])}
            case "film_in":
                return _("with %(films)s") % {"films": _films(one["names"])}
            case "film_out":
                return _("without %(films)s") % {"films": _films(one["names"])}
            case "order":
                return _("another running order")
            case "added":
                return _("new in the programme")
            case _:
                return _("details were changed")

    def where(self, change: Mapping[str, Any]) -> str:
        """When and where it is: "17 April 2027, 19:30 (Shanghai time), Hall 1"."""
        return _("%(moment)s, %(hall)s") % {
            "moment": self.moment(change["starts_at"]),
            "hall": self.hall(change["hall"]),
        }

    def moment(self, text: str) -> str:
        return moment_text(datetime.fromisoformat(text), self.zone)

    def clock(self, text: str) -> str:
        return f"{in_zone(datetime.fromisoformat(text), self.zone):%H:%M}"

    def hall(self, pk: int) -> str:
        """Venue and hall; a hall that is not there any more is called so."""
        hall = self.halls.get(pk)
        return f"{say(hall.venue.name)} · {say(hall.name)}" if hall else _("a hall that no longer exists")


def words_for(edition: Edition) -> Words:
    """One query."""
    halls = Hall.objects.filter(venue__edition=edition).select_related("venue")
    return Words(edition, {hall.pk: hall for hall in halls})


def in_both(words: Words, changes: Iterable[Mapping[str, Any]], *, places: bool = False) -> dict[str, str]:
    """The lines in both languages; with `places` each says first when and where the screening is."""
    lines = list(changes)
    found = {}
    for key, language in LANGUAGES.items():
        with override(language):
            found[key] = "\n".join(
                f"{words.where(line)} · {words.line(line)}" if places else words.line(line) for line in lines
            )
    return found


def _films(names: Iterable[Mapping[str, str] | str]) -> str:
    between = "、" if short_language() == "zh" else ", "
    return between.join(_("“%(title)s”") % {"title": say(name)} for name in names)
