"""What a jury's pages say of films, and of projects where a round reads: one table of pairs, chosen by one word."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext, gettext_noop, ngettext

from festival.edition.models import Edition, Track
from festival.edition.track_words import only_projects
from judging.models import Round
from judging.reading import to_read

# By key: of films, of projects. The plural of a pair stands in PLURALS.
WORDS: dict[str, tuple[str, str]] = {
    "one": (gettext_noop("Film"), gettext_noop("Project")),
    "yours": (gettext_noop("Your films"), gettext_noop("Your projects")),
    "all": (gettext_noop("All your films"), gettext_noop("All your projects")),
    "next": (gettext_noop("Next film"), gettext_noop("Next project")),
    "first": (gettext_noop("Watch the first film"), gettext_noop("Read the first project")),
    "before": (gettext_noop("Before your first film"), gettext_noop("Before your first project")),
    "none": (
        gettext_noop("No films for you in this round"),
        gettext_noop("No projects for you in this round"),
    ),
    "later": (
        gettext_noop("None was given to you so far. Late films may still come; this page shows them."),
        gettext_noop("None was given to you so far. Late projects may still come; this page shows them."),
    ),
    "order": (
        gettext_noop("Your films in the order drawn for you"),
        gettext_noop("Your projects in the order drawn for you"),
    ),
    "length": (gettext_noop("Length"), gettext_noop("Time to read")),
    "to_do": (gettext_noop("To be seen"), gettext_noop("To be read")),
    "not_done": (gettext_noop("Not seen"), gettext_noop("Not read")),
    "progress": (
        gettext_noop("%(done)s of %(films)s films scored"),
        gettext_noop("%(done)s of %(films)s projects scored"),
    ),
    "left": (gettext_noop("%(time)s left to watch"), gettext_noop("%(time)s left to read")),
    "pass_fail": (
        gettext_noop("For each film: pass, fail, or unsure, with a reason if you like."),
        gettext_noop("For each project: pass, fail, or unsure, with a reason if you like."),
    ),
    "panel": (
        gettext_noop("You see all films of your panel and nominate the best of them."),
        gettext_noop("You read all projects of your panel and nominate the best of them."),
    ),
    "whole_scale": (
        gettext_noop("Use the whole scale: a film you will not remember is no 7."),
        gettext_noop("Use the whole scale: a project you will not remember is no 7."),
    ),
    "keys": (
        gettext_noop(
            "Press ? for all keys: K plays, the digits score, T notes a moment, N finishes and goes on."
        ),
        gettext_noop("Press ? for all keys: the digits score, N finishes and goes on."),
    ),
    "blind": (
        gettext_noop(
            "You judge what is on the screen: names and credits are shown only once you have scored a film. Nobody "
            "sees your scores while a round is open, and you see nobody’s."
        ),
        gettext_noop(
            "You judge what is before you: names are shown only once you have scored a project. Nobody sees your "
            "scores while a round is open, and you see nobody’s."
        ),
    ),
    "keep_scale": (
        gettext_noop(
            "Neither is right or wrong: it shows where your scale stands. Keep it for all your films."
        ),
        gettext_noop(
            "Neither is right or wrong: it shows where your scale stands. Keep it for all your projects."
        ),
    ),
    "to_yours": (gettext_noop("To your films"), gettext_noop("To your projects")),
    "near": (
        gettext_noop("If you know the people behind a film, stand aside: it goes to somebody else."),
        gettext_noop("If you know the people behind a project, stand aside: it goes to somebody else."),
    ),
    "ranked": (
        gettext_noop(
            "Give the best film place 1, the next place 2, and so on. Films may share a place; those without one stand "
            "behind all others."
        ),
        gettext_noop(
            "Give the best project place 1, the next place 2, and so on. Projects may share a place; those without one "
            "stand behind all others."
        ),
    ),
    "approval": (
        gettext_noop("Tick every film that you would let go on. As many as you like."),
        gettext_noop("Tick every project that you would let go on. As many as you like."),
    ),
    "points": (
        gettext_noop("Give each film from 0 to %(most)s points."),
        gettext_noop("Give each project from 0 to %(most)s points."),
    ),
}


def said(key: str, reads: bool, **values: Any) -> str:
    """The words of a key, of films or of projects. Those that count take `count`."""
    if key == "sitting":
        return _sitting(reads, values)
    if key == "batch":
        return _batch(reads, values)
    if key == "left_out":
        return _left_out(reads, values)
    text = gettext(WORDS[key][bool(reads)])
    return text % values if values else text


def _sitting(reads: bool, values: dict[str, Any]) -> str:
    text = (
        ngettext("For one sitting: %(films)s project, %(time)s.", "For one sitting: %(films)s projects, %(time)s.",
                 values["films"])
        if reads
        else ngettext("For one sitting: %(films)s film, %(time)s.", "For one sitting: %(films)s films, %(time)s.",
                      values["films"])
    )  # fmt: skip
    return text % values


def _batch(reads: bool, values: dict[str, Any]) -> str:
    text = (
        ngettext("%(films)s project, %(time)s", "%(films)s projects, %(time)s", values["films"])
        if reads
        else ngettext("%(films)s film, %(time)s", "%(films)s films, %(time)s", values["films"])
    )
    return text % values


def _left_out(reads: bool, values: dict[str, Any]) -> str:
    text = (
        ngettext(
            "%(count)s project is not on your ballot: you are too near to it to judge it.",
            "%(count)s projects are not on your ballot: you are too near to them to judge them.",
            values["count"],
        )
        if reads
        else ngettext(
            "%(count)s film is not on your ballot: you are too near to it to judge it.",
            "%(count)s films are not on your ballot: you are too near to them to judge them.",
            values["count"],
        )
    )
    return text % values


def heading(edition: Edition, rounds: Collection[Round], reading: Collection[int]) -> str:
    """What a judge's own page is called: by what her rounds are about, before there are any by what is entered."""
    if not rounds:
        return said("yours", only_projects(edition))
    if not reading:
        return said("yours", False)
    return said("yours", True) if len(reading) == len(rounds) else gettext("Your rounds")


def reading_rounds(edition: Edition, rounds: list[Round]) -> set[int]:
    """Ids of those rounds in which nothing but projects is judged. One query where the edition takes only films."""
    if not edition.tracks.filter(enters=Track.Enters.PROJECT).exists():
        return set()
    films: dict[int, set[int]] = {}
    rows = Round.films.through.objects.filter(round__in=rounds)
    for round_id, entry_id in rows.values_list("round_id", "entry_id"):
        films.setdefault(round_id, set()).add(entry_id)
    read = to_read(edition.pk, set().union(*films.values()))
    return {pk for pk, entries in films.items() if entries <= read}
