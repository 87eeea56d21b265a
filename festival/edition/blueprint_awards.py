"""The awards of a blueprint: slots, prizes, who decides, and the rules over all of them. Checked without Django."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from festival.edition.blueprint_reader import Known, Path, Reader
from festival.edition.currencies import is_currency

Text = dict[str, str]

TIERS = ("grand", "first", "second", "third", "excellence", "best", "special")
DECIDED_BY = ("standing", "ballot", "organiser", "audience")
PRIZES = ("money", "traffic", "credits", "kind")
TESTS = ("is", "one_of", "at_least", "at_most")
PER = ("entrant", "team", "film")
RULES = ("limit", "quota", "eligible")
ATTRIBUTES = (
    "track", "form", "premiere", "country", "language", "year", "minutes",
    "findings_closed", "rights_complete", "identity_checked",
)  # fmt: skip
TOOL, MAKER = "tool_share.", "maker_share."  # followed by a tool's slug, by a maker's name


@dataclass(frozen=True, slots=True)
class AwardPlan:
    """A slot. `source`: the round whose standing fills it; "" is the last. `require`: conditions a film must fulfil.

    `prizes`: one table each of the kind money (amount, currency), traffic or credits (amount, unit), kind (text).
    """

    slug: str
    name: Text
    tier: str
    places: int = 1
    prize: Text | None = None
    prizes: tuple[Mapping[str, Any], ...] = ()
    track: str = ""
    sponsor: Text | None = None
    decided_by: str = "standing"
    source: str = ""
    may_be_vacant: bool = False
    ex_aequo: bool = False
    combines_with: tuple[str, ...] = ()
    least_score: Decimal | None = None
    last_rank: int | None = None
    require: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """All money that is given away: the sum of the awards' prizes of money, over all their places."""

    amount: Decimal
    currency: str

    @classmethod
    def of(cls, stored: Mapping[str, str]) -> "PoolPlan | None":
        """From `Edition.prize_pool`; None where none is named."""
        return cls(Decimal(stored["amount"]), stored["currency"]) if stored else None

    def as_data(self) -> dict[str, str]:
        """For `Edition.prize_pool`."""
        return {"amount": f"{self.amount:f}", "currency": self.currency}


@dataclass(frozen=True, slots=True)
class AwardRulePlan:
    """A rule over slots (none named: all): a limit per entrant, team or film, a quota, or who may have any award."""

    slug: str
    name: Text
    kind: str
    data: Mapping[str, Any]
    slots: tuple[str, ...] = ()


_AWARD: Known = {
    "slug": (str, ...),
    "name": (dict, ...),
    "tier": (str, ...),
    "places": (int, 1),
    "prize": (dict, {}),
    "prizes": (list, []),
    "track": (str, ""),
    "sponsor": (dict, {}),
    "decided_by": (str, "standing"),
    "source": (str, ""),
    "may_be_vacant": (bool, False),
    "ex_aequo": (bool, False),
    "combines_with": (object, []),
    "least_score": (object, None),
    "last_rank": (object, None),
    "require": (list, []),
}
_PRIZE: Known = {
    "kind": (str, ...),
    "amount": (object, None),
    "currency": (str, ""),
    "unit": (dict, {}),
    "text": (dict, {}),
    "each": (bool, True),
}
_POOL: Known = {"amount": (object, ...), "currency": (str, ...)}
_RULE: Known = {
    "slug": (str, ...),
    "name": (dict, {}),
    "kind": (str, ...),
    "slots": (object, []),
    "per": (str, ""),
    "most": (object, None),
    "least": (object, None),
    "attribute": (str, ""),
    "value": (object, None),
    **dict.fromkeys(TESTS, (object, None)),
}
_CONDITION: Known = {"attribute": (str, ...), **dict.fromkeys(TESTS, (object, None))}


def read_award(read: Reader, path: Path, row: Mapping[str, Any]) -> AwardPlan:
    """One table of [[awards]]."""
    values = read.take(row, path, "An award", _AWARD)
    values["prizes"] = tuple(_prize(read, here, one) for here, one in read.rows(values, path, "prizes"))
    values["require"] = tuple(
        condition(read, here, read.take(one, here, "A condition", _CONDITION))
        for here, one in read.rows(values, path, "require")
    )
    values["combines_with"] = _texts(read, (*path, "combines_with"), values["combines_with"])
    score = values["least_score"]
    if score is not None:
        values["least_score"] = _number(read, (*path, "least_score"), score)
    values["last_rank"] = _whole(read, (*path, "last_rank"), values["last_rank"], least=1)
    for key, known in (("tier", TIERS), ("decided_by", DECIDED_BY)):
        if values[key] not in known:
            read.bad(
                (*path, key),
                f"The award {values['slug']!r}: {key!r} is {values[key]!r}; there are {', '.join(known)}.",
            )
            values[key] = known[0]
    return AwardPlan(**values)


def _prize(read: Reader, path: Path, row: Mapping[str, Any]) -> Mapping[str, Any]:
    values = read.take(row, path, "A prize", _PRIZE)
    kind = values["kind"]
    if kind not in PRIZES:
        read.bad((*path, "kind"), f"There is no prize kind {kind!r}; there are {', '.join(PRIZES)}.")
    found: dict[str, Any] = {"kind": kind, "each": values["each"]}
    if kind == "kind":
        if not values["text"]:
            read.bad(path, "A prize in kind needs 'text', which says what it is.")
        return found | {"text": values["text"]}
    amount = _number(read, (*path, "amount"), values["amount"])
    found["amount"] = str(amount if amount is not None else 0)
    if kind == "money":
        if not is_currency(values["currency"]):
            read.bad(path, f"A prize of money needs a currency like CNY or USD, not {values['currency']!r}.")
        return found | {"currency": values["currency"]}
    return found | {"unit": values["unit"]}


def condition(read: Reader, path: Path, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """An attribute and exactly one test of it."""
    tests = [test for test in TESTS if values.get(test) is not None]
    if len(tests) != 1 or not values.get("attribute"):
        read.bad(path, f"A condition needs 'attribute' and exactly one of {', '.join(TESTS)}.", "condition")
        return {"attribute": "", "is": True}
    _attribute(read, path, values["attribute"])
    test, value = tests[0], values[tests[0]]
    plain = (str, bool, int, float)
    if test == "one_of" and not (isinstance(value, list) and all(isinstance(one, plain) for one in value)):
        read.bad((*path, test), f"{test!r} must be a list of texts or numbers, not {value!r}.")
    elif test in ("at_least", "at_most"):
        _number(read, (*path, test), value)
    elif test == "is" and not isinstance(value, plain):
        read.bad((*path, test), f"{test!r} must be a text, a number, true or false, not {value!r}.")
    return {"attribute": values["attribute"], test: value}


def _attribute(read: Reader, path: Path, name: str) -> None:
    """A name that no film has would bar every film, and nobody would know why."""
    if name not in ATTRIBUTES and not name.startswith((TOOL, MAKER)):
        known = ", ".join((*ATTRIBUTES, f"{TOOL}SLUG", f"{MAKER}NAME"))
        read.bad((*path, "attribute"), f"There is no attribute {name!r}; there are {known}.")


def read_rule(read: Reader, path: Path, row: Mapping[str, Any]) -> AwardRulePlan:
    """One table of [[award_rules]]."""
    values = read.take(row, path, "An award rule", _RULE)
    slots = _texts(read, (*path, "slots"), values["slots"])
    kind, data = values["kind"], {}
    if kind == "limit":
        most = _whole(read, (*path, "most"), values["most"], least=0)
        if values["per"] not in PER or most is None:
            read.bad(path, f"A limit needs 'per', one of {', '.join(PER)}, and 'most'.", "limit")
        data = {"per": values["per"], "most": most or 0}
    elif kind == "quota":
        data = _quota(read, path, values)
    elif kind == "eligible":
        data = dict(condition(read, path, values))
        if slots:
            read.bad(
                (*path, "slots"), "What every laureate must fulfil holds for all slots; leave 'slots' out."
            )
    else:
        read.bad((*path, "kind"), f"There is no award rule {kind!r}; there are {', '.join(RULES)}.")
    return AwardRulePlan(values["slug"], values["name"], kind, data, slots)


def _quota(read: Reader, path: Path, values: Mapping[str, Any]) -> dict[str, Any]:
    least = _whole(read, (*path, "least"), values["least"], least=0) or 0
    most = _whole(read, (*path, "most"), values["most"], least=0)
    if not values["attribute"] or values["value"] is None or (not least and most is None):
        read.bad(path, "A quota needs 'attribute', 'value', and 'least' or 'most'.", "quota")
    elif most is not None and most < least:
        read.bad(
            path,
            f"The quota asks for at least {least} and at most {most}.",
            "quota_order",
            least=least,
            most=most,
        )
    value = values["value"]
    plain = (str, bool, int, float)
    if isinstance(value, list) and not (value and all(isinstance(one, plain) for one in value)):
        read.bad((*path, "value"), f"'value' must be a text or a number, or a list of them, not {value!r}.")
    if values["attribute"]:
        _attribute(read, path, values["attribute"])
    return {"attribute": values["attribute"], "value": values["value"], "least": least, "most": most}


def read_pool(read: Reader, values: Any) -> PoolPlan | None:
    """`prize_pool = { amount = 42000, currency = "USD" }`; nothing where none is named."""
    here = ("prize_pool",)
    if values is None:
        return None
    if not isinstance(values, dict):
        read.bad(here, "'prize_pool' is written { amount = 42000, currency = \"USD\" }.")
        return None
    given = read.take(values, here, "The prize pool", _POOL)
    amount = _number(read, (*here, "amount"), given["amount"])
    if not is_currency(given["currency"]):
        read.bad(here, f"A prize pool has a currency like CNY or USD, not {given['currency']!r}.")
        return None
    return PoolPlan(amount, given["currency"]) if amount is not None else None


def _texts(read: Reader, path: Path, value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    read.bad(path, f"{path[-1]!r} must be a list of texts, not {value!r}.")
    return ()


def _number(read: Reader, path: Path, value: Any) -> Decimal | None:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        number = Decimal(str(value))
        if number.is_finite() and number >= 0:
            return number
    read.bad(path, f"{path[-1]!r} must be a number from 0, not {value!r}.")
    return None


def _whole(read: Reader, path: Path, value: Any, *, least: int) -> int | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value >= least:
        return value
    read.bad(path, f"{path[-1]!r} must be a whole number from {least}, not {value!r}.")
    return None
