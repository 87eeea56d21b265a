"""How an edition takes objections to its awards: in how many working days they are decided, and whether without a name.

Data, without Django: read from a blueprint's table `[objections]` or from the column `Edition.objections`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

KEYS = ("days", "holidays", "workdays", "anonymous")
DAYS = (1, 60)
MOST_DATES = 400


class ObjectionRulesError(ValueError):
    """What is wrong: pairs of key and English sentence."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__("\n".join(f"{key}: {sentence}" for key, sentence in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class ObjectionRules:
    """`days`: working days to decide in. `holidays` are not worked on, `workdays` are although they are weekends.

    `anonymous`: objections are taken up without the objector's name too.
    """

    days: int = 5
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()
    anonymous: bool = False

    def as_data(self) -> dict[str, Any]:
        """Plain values; `read_objections` reads them back."""
        return {
            "days": self.days,
            "holidays": [day.isoformat() for day in self.holidays],
            "workdays": [day.isoformat() for day in self.workdays],
            "anonymous": self.anonymous,
        }


def read_objections(values: Mapping[str, Any]) -> ObjectionRules:
    """The rules from plain data; what is left out is as usual. Raises ObjectionRulesError with all that is wrong."""
    faults: list[tuple[str, str]] = []

    def tell(key: str, sentence: str) -> None:
        faults.append((key, sentence))

    for key in values:
        if key not in KEYS:
            tell(key, f"'objections' does not know {key!r}; it knows {', '.join(KEYS)}.")
    days, anonymous = values.get("days", 5), values.get("anonymous", False)
    if type(days) is not int or not DAYS[0] <= days <= DAYS[1]:
        tell("days", f"'days' must be a whole number from {DAYS[0]} to {DAYS[1]}, not {days!r}.")
    if type(anonymous) is not bool:
        tell("anonymous", f"'anonymous' must be true or false, not {anonymous!r}.")
    holidays = _dates("holidays", values.get("holidays", ()), tell)
    workdays = _dates("workdays", values.get("workdays", ()), tell)
    if both := sorted(set(holidays) & set(workdays)):
        tell("workdays", f"{both[0]} is both a holiday and a working day.")
    if faults:
        raise ObjectionRulesError(faults)
    return ObjectionRules(days, holidays, workdays, anonymous)


def _dates(key: str, given: Any, tell: Callable[[str, str], None]) -> tuple[date, ...]:
    if not isinstance(given, list | tuple) or len(given) > MOST_DATES:
        tell(key, f"{key!r} must be a list of at most {MOST_DATES} days like 2027-10-01, not {given!r}.")
        return ()
    found = set()
    for one in given:
        day = _date(one)
        if day is None:
            tell(key, f"{key!r} holds {one!r}, which is no day; write it like 2027-10-01.")
        else:
            found.add(day)
    return tuple(sorted(found))


def _date(one: Any) -> date | None:
    if isinstance(one, datetime):
        return None
    if isinstance(one, date):
        return one
    try:
        return datetime.strptime(one, "%Y-%m-%d").date()
    except (TypeError, ValueError):
        return None
