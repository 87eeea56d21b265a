"""Decisions about premieres: guests, who mostly have no account; copies; who made which version."""

from django.utils.translation import gettext_lazy as _

from festival.premiere.models import (
    Change,
    Copy,
    CopyCheck,
    Draft,
    Guest,
    GuestFilm,
    GuestTime,
    Item,
    Proposal,
    Release,
)
from personal.holding import DELETE, Fate, Holding, keep

# A guest is found by the film's entry only. Names that are the entrant's own are struck out; a film that is not shown
# brings nobody.
_FATES = (Fate.CLOSED, Fate.SHOWN)

GUESTS = (
    Holding(
        Guest,
        "guests",
        _("Guests of the premieres: the name, as the team wrote it"),
        code="films__source",
        ends={fate: (keep("record", scrub=("name",)),) for fate in _FATES},
        held={"*": "others"},
    ),
    Holding(
        GuestFilm,
        "guest_films",
        _("With which film a guest comes"),
        code="film__source",
        ends={Fate.CLOSED: (DELETE,), Fate.SHOWN: (keep("record"),)},
        held={"*": "others"},
    ),
    Holding(
        GuestTime,
        "guest_times",
        _("When a guest is there"),
        code="guest__films__source",
        ends={fate: (keep("record"),) for fate in _FATES},
        held={"*": "others"},
    ),
    Holding(
        Copy,
        "copies",
        _("Copies of a film for the cinema, and who approved them"),
        code="film__source",
        ends={Fate.CLOSED: (DELETE,), Fate.SHOWN: (keep("record", scrub=("name", "file_name", "note")),)},
        did=("approved_by",),
        at="approved_at",
        held={"*": "others"},
    ),
    Holding(
        Item,
        "running_orders",
        _("Which copy of a film runs when"),
        code="film__source",
        ends={fate: (keep("record"),) for fate in _FATES},
        held={"*": "others"},
    ),
    Holding(
        CopyCheck,
        "copy_checks",
        _("When a copy was read in the cinema"),
        code="copy__film__source",
        ends={Fate.CLOSED: (DELETE,), Fate.SHOWN: (keep("record"),)},
        did=("by",),
        at="at",
        held={"*": "others"},
    ),
    Holding(
        Release,
        "releases",
        _("Versions of the programme, as they were published"),
        did=("by",),
        at="at",
        held={"*": "others"},
        term="record",
    ),
    Holding(
        Change,
        "timetable_changes",
        _("Changes of the timetable on the table"),
        did=("by",),
        at="at",
        held={"*": "others"},
        term="record",
    ),
    Holding(
        Proposal,
        "timetable_proposals",
        _("Timetables that the solver was asked for"),
        did=("by",),
        at="asked_at",
        held={"*": "others"},
        term="record",
    ),
    Holding(
        Draft,
        "timetable_drafts",
        _("Timetables kept as drafts"),
        did=("by",),
        at="at",
        held={"*": "others"},
        term="record",
    ),
)
