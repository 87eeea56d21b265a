"""Which copy of a film plays in a hall, and by when it has to be there. Plain values, no query."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from festival.premiere.fits import misfits
from festival.premiere.models import Copy, Hall, Screening

BEFORE = timedelta(days=1)  # before a screening that nobody rehearses
State = Literal["missing", "due", "arrived", "approved"]
STATES: tuple[State, ...] = ("missing", "due", "arrived", "approved")  # the worst first


def copy_for(copies: Iterable[Copy], hall: Hall | None, chosen: int | None = None) -> Copy | None:
    """The one that was chosen by hand; else an approved one before others, then one that has arrived, then one that
    the hall plays as it is (where one is given), then the newest. None where there is no copy.
    """
    there = list(copies)
    by_hand = next((one for one in there if one.pk == chosen), None)
    return by_hand or max(
        there,
        key=lambda one: (
            bool(one.approved_at),
            bool(one.arrived_at),
            hall is None or not misfits(one, hall),
            one.pk,
        ),
        default=None,
    )


def state_of(copy: Copy | None) -> State:
    """How far a copy is."""
    if copy is None:
        return "missing"
    if copy.approved_at:
        return "approved"
    return "arrived" if copy.arrived_at else "due"


def due_at(screening: Screening, rehearsal: datetime | None) -> datetime:
    """When the copies have to be in the house: as the team says, else before the first rehearsal, else a day before."""
    return screening.copies_due_at or rehearsal or screening.starts_at - BEFORE
