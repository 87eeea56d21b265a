"""Why the solver found no timetable, in the reader's language."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.catalogue.models import Film
from festival.kit.words import say, short_language
from festival.premiere.models import Guest, Hall, Proposal, Screening
from festival.premiere.timetable.problem import FIRST
from festival.premiere.wish_inputs import film_code, free_code


class Names:
    """What the numbers and codes of a problem stand for. Four queries."""

    def __init__(self, proposal: Proposal) -> None:
        edition = proposal.edition
        self.wishes = proposal.wishes
        self.films = {film.code: film.heading for film in Film.objects.filter(edition=edition)}
        halls = Hall.objects.filter(venue__edition=edition).select_related("venue")
        self.halls = {str(hall.pk): f"{say(hall.venue.name)} · {say(hall.name)}" for hall in halls}
        self.guests = {str(guest.pk): say(guest.name) for guest in Guest.objects.filter(edition=edition)}
        rows = Screening.bookings.filter(edition=edition).select_related("rehearses")
        self.screenings = {row.code: row.heading for row in rows}
        self.public = {row.code for row in rows if (row.rehearses or row).released_at}
        self.pins = {film_code(number): row for number, row in enumerate(self.wishes.get("films", ()))}
        self.free = {free_code(number): row for number, row in enumerate(self.wishes.get("free", ()))}

    def rule(self, kind: str, code: str) -> tuple[str, str]:
        """A rule of a clash, and what to relax."""
        wishes = self.wishes
        match kind:
            case "guest":
                name = self.guests.get(code, code)
                return (
                    _("%(guest)s is there at certain times only") % {"guest": name},
                    _("ask %(guest)s for another time, or do without") % {"guest": name},
                )
            case "guest_twice":
                name = self.guests.get(code, code)
                return (
                    _("%(guest)s cannot be at two premieres at once") % {"guest": name},
                    _("say for one of the films that its Q&A can do without %(guest)s") % {"guest": name},
                )
            case "needs":
                film = self.films.get(code, code)
                return (
                    _("“%(film)s” needs what not every hall has") % {"film": film},
                    _("get another copy of “%(film)s”, or equip another hall") % {"film": film},
                )
            case "open":
                hall = self.halls.get(code, code)
                return (
                    _("%(hall)s has these opening hours") % {"hall": hall},
                    _("open %(hall)s for longer") % {"hall": hall},
                )
            case "pin":
                return self._pin(self.pins[code])
            case "forbidden" if code in self.free:
                return self._free(self.free[code])
            case "forbidden":
                title = self.screenings.get(code) or code
                relax = _("let the solver move “%(title)s”")
                if code in self.public:
                    relax = _("cancel “%(title)s” or move it yourself: the public knows it")
                return _("“%(title)s” stays where it is") % {"title": title}, relax % {"title": title}
            case "age":
                return (
                    _("films rated from %(age)d begin at %(time)s or later")
                    % {"age": wishes["late_age"], "time": wishes["late_from"]},
                    _("let them begin earlier"),
                )
            case "least" | "most":
                minutes = {"minutes": wishes[kind]}
                if kind == "least":
                    return _("a programme lasts at least %(minutes)d minutes") % minutes, _(
                        "allow shorter ones"
                    )
                return _("a programme lasts at most %(minutes)d minutes") % minutes, _("allow longer ones")
            case "most_films":
                return (
                    ngettext(
                        "a programme has %(count)d film at most",
                        "a programme has %(count)d films at most",
                        wishes["most_films"] or 0,
                    )
                    % {"count": wishes["most_films"] or 0},
                    _("allow more"),
                )
            case "same":
                what = {"what": _same(code)}
                return (
                    _("all films of a programme have the same %(what)s") % what,
                    _("allow more than one %(what)s in a programme") % what,
                )
            case _:
                return _plain(kind)

    def _pin(self, row: Mapping[str, str]) -> tuple[str, str]:
        film = self.films.get(row["film"], row["film"])
        said = []
        if row["place"] == FIRST:
            said.append(_("opens its programme"))
        elif row["place"]:
            said.append(_("closes its programme"))
        if row["beside"]:
            other = self.films.get(row["beside"], row["beside"])
            said.append(_("is in one programme with “%(film)s”") % {"film": other})
        if row["hall"]:
            said.append(
                _("has its premiere in %(hall)s") % {"hall": self.halls.get(row["hall"], row["hall"])}
            )
        if row["starts"]:
            said.append(_("begins on %(moment)s") % {"moment": self._moment(row["starts"])})
        elif row["day"]:
            day = date_format(date.fromisoformat(row["day"]), "DATE_FORMAT")
            said.append(_("has its premiere on %(day)s") % {"day": day})
        between = "，" if short_language() == "zh" else ", "
        return (
            _("“%(film)s” %(what)s") % {"film": film, "what": between.join(said)},
            _("wish less for “%(film)s”") % {"film": film},
        )

    def _free(self, row: Mapping[str, str]) -> tuple[str, str]:
        values = {
            "hall": self.halls.get(row["hall"], row["hall"]) if row["hall"] else _("every hall"),
            "start": self._moment(row["starts"]),
            "end": self._moment(row["ends"]),
        }
        return (
            _("%(hall)s stays free from %(start)s until %(end)s") % values,
            _("let something run in that time"),
        )

    def _moment(self, text: str) -> str:
        return date_format(datetime.fromisoformat(text), "DATETIME_FORMAT")


def _same(code: str) -> str:
    return {"track": _("track"), "mood": _("mood"), "language": _("language")}.get(code, _("age rating"))


def _plain(kind: str) -> tuple[str, str]:
    return {
        "travel": (_("the ways between venues take their time"), _("check the minutes between venues")),
        "turnaround": (_("halls need their turnaround"), _("shorten the turnaround")),
        "rehearsal": (_("every premiere has a rehearsal before it"), _("do without rehearsals")),
        "repeat": (_("the second showing is on a later day"), _("do without second showings")),
    }.get(kind, (kind, ""))


def why(proposal: Proposal) -> tuple[str, list[tuple[str, str]]]:
    """A sentence, and the rules that clash, each with what to relax."""
    answer: Mapping[str, Any] = proposal.answer or {}
    if answer.get("clash") is None:
        return _(
            "No timetable was found in this time, and no proof that there is none. Give it more time."
        ), []
    names = Names(proposal)
    rows = [names.rule(row["rule"], row["code"]) for row in answer["clash"]]
    if room := answer.get("room"):
        values = {"needed": room["needed"], "there": room["there"]}
        if room["unit"] == "screenings":
            text = _(
                "There is more film than time: %(needed)d screenings are needed, and there is room for %(there)d."
            )
        else:
            text = _("There is more film than time: %(needed)d minutes are needed, and there are %(there)d.")
        return text % values, rows
    return _("These cannot be kept together. Without any one of them there is a timetable:"), rows
