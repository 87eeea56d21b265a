"""Whether an edition's phases come in an order that makes sense. Without Django."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from festival.edition.blueprint_reader import Reader


class Days(Protocol):
    """A phase: its kind, and its first and last day from the call's opening."""

    @property
    def kind(self) -> str: ...
    @property
    def starts_day(self) -> int: ...
    @property
    def ends_day(self) -> int: ...


@dataclass(frozen=True, slots=True)
class OrderFault:
    """What cannot be, as a code: the phase at `place` has in `key` the day `day`, which does not go with `other`."""

    code: str
    place: int
    key: str
    kind: str
    day: int
    other: int = 0


SENTENCES = {
    "ends_before_start": "The phase {kind!r} ends on day {day}, before it starts.",
    "inspection_over_early": "The inspection ends on day {day}, while films arrive until day {other}.",
    "jury_before_inspection": "The jury ends on day {day}, before the inspection begins on day {other}.",
    "jury_before_call_ends": "The jury ends on day {day}, before the call does on day {other}.",
    "before_jury_ends": "The phase {kind!r} starts on day {day}; the jury ends on {other}.",
    "over_before_call_is": "The phase {kind!r} is over on day {day}, before the call is on day {other}.",
}


def order_faults(phases: Sequence[Days]) -> Iterator[OrderFault]:
    """A phase that ends before it starts, inspection over before the call, a jury done before inspection begins, awards
    and notice before the jury is done, a showing of films before the call is over.
    """
    places = {phase.kind: (place, phase) for place, phase in enumerate(phases)}

    def last(kind: str) -> int | None:
        return max((phase.ends_day for phase in phases if phase.kind == kind), default=None)

    for place, phase in enumerate(phases):
        if phase.ends_day < phase.starts_day:
            yield OrderFault("ends_before_start", place, "ends_day", phase.kind, phase.ends_day)
    call, jury = last("call"), last("jury")
    if "inspection" in places and call is not None:
        inspections = [(place, phase) for place, phase in enumerate(phases) if phase.kind == "inspection"]
        place, phase = max(inspections, key=lambda one: one[1].ends_day)
        if phase.ends_day < call:
            yield OrderFault("inspection_over_early", place, "ends_day", phase.kind, phase.ends_day, call)
        begins = min(one.starts_day for one in phases if one.kind == "inspection")
        if jury is not None and jury < begins:
            yield OrderFault("jury_before_inspection", places["jury"][0], "ends_day", "jury", jury, begins)
    for place, phase in enumerate(phases):
        if phase.kind == "jury" and call is not None and phase.ends_day < call:
            yield OrderFault("jury_before_call_ends", place, "ends_day", phase.kind, phase.ends_day, call)
        elif phase.kind in ("notice", "awards") and jury is not None and phase.starts_day < jury:
            yield OrderFault("before_jury_ends", place, "starts_day", phase.kind, phase.starts_day, jury)
        elif phase.kind in ("premiere", "online") and call is not None and phase.ends_day <= call:
            yield OrderFault("over_before_call_is", place, "starts_day", phase.kind, phase.ends_day, call)


def check_order(read: Reader, phases: Sequence[Days]) -> None:
    """Names what cannot be, each fault with its line."""
    for fault in order_faults(phases):
        sentence = SENTENCES[fault.code].format(kind=fault.kind, day=fault.day, other=fault.other)
        read.bad(("phases", fault.place, fault.key), sentence)


def short_notices(phases: Sequence[Days], objection_days: int) -> Iterator[tuple[int, int]]:
    """Public notices that do not last as long as an objection may take to be decided: place, and how many days."""
    for place, phase in enumerate(phases):
        lasts = phase.ends_day - phase.starts_day + 1
        if phase.kind == "notice" and 0 < lasts < objection_days:
            yield place, lasts


def check_notice(read: Reader, phases: Sequence[Days], objection_days: int) -> None:
    """A public notice lasts at least as long as an objection may take to be decided: in working days, five a week.

    Holidays are not known to a blueprint whose first day is not, so none are reckoned with.
    """
    for place, lasts in short_notices(phases, objection_days):
        read.bad(
            ("phases", place, "ends_day"),
            f"The notice lasts {lasts} days; objections are decided in {objection_days} working days.",
        )
