"""The rounds of a blueprint: gates, criteria with anchors, panels, cuts. Checked here, without Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from festival.edition import round_codes as codes
from festival.edition.blueprint_reader import Known, Path, Reader

Text = dict[str, str]


@dataclass(frozen=True, slots=True)
class AnchorPlan:
    """What a mark means, in words."""

    value: Decimal
    text: Text


@dataclass(frozen=True, slots=True)
class CriterionPlan:
    slug: str
    name: Text
    about: Text
    weight: Decimal
    anchors: tuple[AnchorPlan, ...] = ()


@dataclass(frozen=True, slots=True)
class PanelPlan:
    """`nominations` 0: as the round says."""

    name: Text
    nominations: int


@dataclass(frozen=True, slots=True)
class CutPlan:
    kind: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """`after`: the address of the round whose cut it takes; `cohort`: of the cohort whose teams it takes; without
    either it takes every admitted film. `blind` None: as the edition says."""

    slug: str
    name: Text
    looks: int
    scale: tuple[Decimal, Decimal, Decimal]  # lowest, highest, step
    criteria: tuple[CriterionPlan, ...]
    gate: str = "score"
    after: str = ""
    cohort: str = ""
    blind: bool | None = None
    overhead: int = 40
    reading_minutes: int = 10
    adaptive: bool = False
    most_looks: int = 20
    budget: int = 0  # 0: no limit but the judges' hours
    second_look: bool = True
    official: str = "weighted_mean"
    decides: str = "official"
    pass_rule: str = "majority"  # noqa: S105  (no password)
    pass_least: int = 1
    nominations: int = 10
    panels: tuple[PanelPlan, ...] = ()
    ballot: str = "ranked"
    ballot_points: int = 10
    quorum: int = 1
    cut: CutPlan | None = None
    wild_cards: int = 0  # films that the organiser may add past the gate
    expects: int = 0  # films that are reckoned with; 0: not said
    judges: int = 0  # judges that are reckoned with; 0: not said
    tie_criterion: str = ""
    tie_last: str = "shared"


_ROUND: Known = {
    "slug": (str, ...),
    "name": (dict, ...),
    "gate": (str, "score"),
    "after": (str, ""),
    "cohort": (str, ""),
    "looks": (int, 2),
    "scale": (object, [1, 10, 0.5]),
    "criteria": (list, []),
    "official": (str, "weighted_mean"),
    "decides": (str, "official"),
    "pass": (object, "majority"),
    "nominations": (int, 10),
    "panels": (list, []),
    "ballot": (str, "ranked"),
    "ballot_points": (int, 10),
    "quorum": (int, 1),
    "cut": (object, {}),
    "wild_cards": (int, 0),
    "expects": (int, 0),
    "judges": (int, 0),
    "ties": (object, {}),
    "blind": (object, None),
    "overhead": (int, 40),
    "reading_minutes": (int, 10),
    "adaptive": (bool, False),
    "most_looks": (int, 20),
    "budget": (int, 0),
    "second_look": (bool, True),
}
_CRITERION: Known = {
    "slug": (str, ...),
    "name": (dict, ...),
    "about": (dict, {}),
    "weight": (object, ...),
    "anchors": (list, []),
}
_PANEL: Known = {"name": (dict, ...), "nominations": (int, 0)}
_ANCHOR: Known = {"value": (object, ...), "text": (dict, ...)}
_TIES: Known = {"criterion": (str, ""), "last": (str, "shared")}
_CUT: Known = {"kind": (str, ...), "value": (object, None)}
# Keys that only one gate reads.
_OWN = {
    "score": ("scale", "criteria", "official", "decides", "adaptive", "most_looks", "budget", "second_look"),
    "pass_fail": ("pass",),
    "panel": ("nominations", "panels"),
    "ballot": ("ballot", "ballot_points", "quorum"),
}


def read_round(read: Reader, path: Path, row: Mapping[str, Any]) -> RoundPlan:
    """One table of `rounds`."""
    values = read.take(row, path, "A round", _ROUND)
    slug, gate = values["slug"], values["gate"]
    if values["after"] and values["cohort"]:
        read.bad(
            (*path, "cohort"),
            f"The round {slug!r} takes its films from 'after', a round, or from 'cohort', not from both.",
        )
    choices = (("gate", codes.GATES), ("official", codes.OFFICIAL_RULES), ("decides", codes.DECIDERS))
    for key, known in (*choices, ("ballot", codes.BALLOTS)):
        if values[key] not in known:
            read.bad(
                (*path, key),
                f"The round {slug!r}: {key!r} is one of {', '.join(known)}, not {values[key]!r}.",
            )
    if gate in codes.GATES:
        for other, keys in _OWN.items():
            for key in keys if other != gate else ():
                if key in row:
                    read.bad(
                        (*path, key),
                        f"The round {slug!r} has the gate {gate!r}; {key!r} belongs to {other!r}.",
                    )
    low, high, step = _scale(read, path, values)
    scored = gate == "score"
    criteria = tuple(
        _criterion(read, here, line, (low, high, step)) for here, line in read.rows(values, path, "criteria")
    )
    if scored and not criteria:
        read.bad(path, f"The round {slug!r} needs 'criteria': what is scored, with weights that sum to 100.")
    elif scored:
        _check_criteria(read, path, slug, criteria)
    panels = tuple(
        PanelPlan(**read.take(line, here, "A panel", _PANEL))
        for here, line in read.rows(values, path, "panels")
    )
    if values["adaptive"] and values["most_looks"] < values["looks"]:
        read.bad(
            (*path, "most_looks"),
            f"The round {slug!r} gives each film {values['looks']} looks; 'most_looks' cannot be fewer.",
        )
    if values["nominations"] < 1:
        read.bad((*path, "nominations"), f"The round {slug!r}: 'nominations' is a whole number from 1.")
    if gate == "panel" and not panels:
        read.bad(path, f"The round {slug!r} needs 'panels': the parts of the jury that nominate.")
    if values["blind"] not in (None, True, False):
        read.bad(
            (*path, "blind"), f"The round {slug!r}: 'blind' must be true or false, not {values['blind']!r}."
        )
    rule, least = _pass(read, path, values)
    named, last = _ties(read, path, values, [criterion.slug for criterion in criteria])
    return RoundPlan(
        slug=slug,
        name=values["name"],
        looks=values["looks"],
        scale=(low, high, step),
        criteria=criteria,
        gate=gate,
        after=values["after"],
        cohort=values["cohort"],
        blind=values["blind"],
        overhead=values["overhead"],
        reading_minutes=values["reading_minutes"],
        adaptive=values["adaptive"],
        most_looks=values["most_looks"],
        budget=values["budget"],
        second_look=values["second_look"],
        official=values["official"],
        decides=values["decides"],
        pass_rule=rule,
        pass_least=least,
        nominations=values["nominations"],
        panels=panels,
        ballot=values["ballot"],
        ballot_points=values["ballot_points"],
        quorum=values["quorum"],
        cut=_cut(read, path, row, values),
        wild_cards=_wild_cards(read, path, values),
        expects=values["expects"],
        judges=values["judges"],
        tie_criterion=named,
        tie_last=last,
    )


def _scale(read: Reader, path: Path, values: Mapping[str, Any]) -> tuple[Decimal, Decimal, Decimal]:
    try:
        low, high, step = (Decimal(str(number)) for number in values["scale"])
        sound = step > 0 and 0 <= low < high < 1000 and (high - low) % step == 0
    except (ArithmeticError, TypeError, ValueError):
        low, high, step, sound = Decimal(1), Decimal(10), Decimal(1), False
    if not sound:
        read.bad(
            (*path, "scale"),
            f"The scale of round {values['slug']!r} is [lowest, highest, step], such as [1, 10, 0.5].",
        )
    return low, high, step


def _check_criteria(read: Reader, path: Path, slug: str, criteria: Sequence[CriterionPlan]) -> None:
    total = sum((criterion.weight for criterion in criteria), Decimal(0))
    if total != 100:
        read.bad(path, f"The weights of round {slug!r} sum to {total}; they must sum to 100.")
    slugs = [criterion.slug for criterion in criteria]
    for place, name in enumerate(slugs):
        if name in slugs[:place]:
            read.bad((*path, "criteria", place, "slug"), f"The criterion {name!r} is there twice.")


def _number(value: Any) -> Decimal | None:
    """A TOML number as a decimal; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    number = Decimal(str(value))
    return number if number.is_finite() else None


def _criterion(
    read: Reader, path: Path, row: Mapping[str, Any], scale: tuple[Decimal, Decimal, Decimal]
) -> CriterionPlan:
    given = read.take(row, path, "A criterion", _CRITERION)
    try:
        weight = Decimal(str(given["weight"]))
        sound = 0 < weight <= 100 and weight == round(weight, 2)
    except ArithmeticError:
        weight, sound = Decimal(0), False
    if not sound and "weight" in row:
        read.bad(
            (*path, "weight"),
            f"The weight of {given['slug']!r} must be a number of per cent, such as 25 or 12.5.",
        )
    anchors = []
    low, high, step = scale
    for here, line in read.rows(given, path, "anchors"):
        values = read.take(line, here, "An anchor", _ANCHOR)
        value = _number(values["value"])
        if value is None or not low <= value <= high or (value - low) % step:
            read.bad(
                (*here, "value"),
                f"An anchor of {given['slug']!r} stands at {values['value']!r}, which is not on the scale.",
            )
        else:
            anchors.append(AnchorPlan(value, values["text"]))
    anchors.sort(key=lambda anchor: anchor.value)
    if len({anchor.value for anchor in anchors}) < len(anchors):
        read.bad((*path, "anchors"), f"Two anchors of {given['slug']!r} stand at the same mark.")
    plain = weight if sound else Decimal(0)
    return CriterionPlan(given["slug"], given["name"], given["about"], plain, tuple(anchors))


def _pass(read: Reader, path: Path, values: Mapping[str, Any]) -> tuple[str, int]:
    """`pass` is "all", "majority", or a number: at least so many."""
    rule = values["pass"]
    if rule in ("all", "majority"):
        return rule, 1
    if isinstance(rule, int) and not isinstance(rule, bool) and 1 <= rule <= 100:
        if rule > values["looks"] and values["gate"] == "pass_fail":
            read.bad(
                (*path, "pass"),
                f"The round {values['slug']!r} asks for {rule} passes, but each film gets {values['looks']} looks.",
            )
        return "at_least", rule
    read.bad(
        (*path, "pass"),
        f'The round {values["slug"]!r}: \'pass\' is "all", "majority" or a number of passes, not {rule!r}.',
    )
    return "majority", 1


def _cut(read: Reader, path: Path, row: Mapping[str, Any], values: Mapping[str, Any]) -> CutPlan | None:
    """`cut = { kind = "count", value = 55 }`. One with a fault has no kind."""
    if "cut" not in row:
        return None
    here = (*path, "cut")
    if not isinstance(values["cut"], dict):
        read.bad(here, f"The round {values['slug']!r}: 'cut' is written {{ kind = \"count\", value = 55 }}.")
        return CutPlan("", None)
    given = read.take(values["cut"], here, "A cut", _CUT)
    fitting = codes.CUTS.get(values["gate"], ())
    if given["kind"] not in fitting:
        if fitting:
            read.bad(
                here,
                f"The round {values['slug']!r} has the gate {values['gate']!r}, which cuts by {', '.join(fitting)}, "
                f"not by {given['kind']!r}.",
            )
        return CutPlan("", None)
    value = _number(given["value"])
    fault = cut_fault(given["kind"], value)
    if fault:
        read.bad(here, f"The cut of round {values['slug']!r}: {fault}")
        return CutPlan("", None)
    return CutPlan(given["kind"], value)


def _wild_cards(read: Reader, path: Path, values: Mapping[str, Any]) -> int:
    if values["wild_cards"] and not values["cut"]:
        read.bad(
            (*path, "wild_cards"),
            f"The round {values['slug']!r} has wild cards but no 'cut': there is no line to go past.",
        )
    return int(values["wild_cards"])


def _ties(read: Reader, path: Path, values: Mapping[str, Any], criteria: Sequence[str]) -> tuple[str, str]:
    """`ties = { criterion = "story", last = "lot" }`: what decides between films tied across the line."""
    here, slug = (*path, "ties"), values["slug"]
    if not isinstance(values["ties"], dict):
        read.bad(here, f'The round {slug!r}: \'ties\' is written {{ criterion = "story", last = "lot" }}.')
        return "", "shared"
    given = read.take(values["ties"], here, "The tie rule", _TIES)
    named, last = given["criterion"], given["last"]
    if named and named not in criteria:
        read.bad(
            (*here, "criterion"),
            f"The tie rule of round {slug!r} names {named!r}, which is no criterion of it.",
        )
        named = ""
    if last not in codes.TIE_LAST:
        known = ", ".join(codes.TIE_LAST)
        read.bad((*here, "last"), f"The tie rule of round {slug!r}: 'last' is one of {known}, not {last!r}.")
        last = "shared"
    return named, last


def cut_fault(kind: str, value: Decimal | None) -> str:
    """What is wrong with a cut's value, as a sentence; "" when nothing is."""
    if kind == "passed":
        return "" if value is None else "'passed' takes no 'value'."
    if value is None:
        return "it needs a 'value', a number."
    if kind in codes.COUNTED and (value < 1 or value != int(value) or value > 99_999):
        return f"the value of {kind!r} is a whole number from 1."
    if kind in codes.PER_CENT and not 0 < value <= 100:
        return f"the value of {kind!r} is in per cent, above 0 and up to 100."
    return "" if 0 <= value < 1000 or kind in codes.COUNTED else "the value is not on the scale."


def check_chain(
    read: Reader, rounds: Sequence[RoundPlan], teams: Mapping[str, int]
) -> dict[str, Decimal | None]:
    """What only all rounds together show: each comes after an earlier one that has a cut, and takes no more from it
    than it lets through. Gives how many films each round takes in at most, or expects; None where that is not known.

    `teams`: places by cohort.
    """
    intakes: dict[str, Decimal | None] = {}
    places = {round.slug: place for place, round in enumerate(rounds)}
    most: dict[str, Decimal | None] = {}  # how many films a round lets through at most, where that is known
    for place, plan in enumerate(rounds):
        intake = None
        if plan.after:
            before = places.get(plan.after)
            if before is None or before >= place:
                read.bad(
                    ("rounds", place, "after"),
                    f"The round {plan.slug!r} comes after {plan.after!r}, which is no earlier round.",
                )
            elif rounds[before].cut is None:
                read.bad(
                    ("rounds", place, "after"),
                    f"The round {plan.slug!r} takes the cut of {plan.after!r}, which has no 'cut'.",
                )
            intake = most.get(plan.after)
        elif plan.cohort in teams:
            intake = Decimal(teams[plan.cohort])
        if plan.expects and intake is not None and plan.expects > intake:
            read.bad(
                ("rounds", place, "expects"),
                f"The round {plan.slug!r} expects {plan.expects} films, but {intake} come in at most.",
                "expects",
                round=plan.slug,
                expects=plan.expects,
                most=intake,
            )
        elif plan.expects:
            intake = Decimal(plan.expects)
        intakes[plan.slug] = intake
        cut = plan.cut
        _check_cut(read, ("rounds", place, "cut"), plan, intake)
        limits = [one for one in (let_through(cut, intake), reach(plan, intake)) if one is not None]
        most[plan.slug] = min(limits) + plan.wild_cards if limits else None
    return intakes


def reach(plan: RoundPlan, intake: Decimal | None) -> Decimal | None:
    """How many films a gate can name at most: of what comes in; of panels no more than each may nominate together.

    How many judges sit on a panel is said on the desk: a panel counts as one list. None where it is not known.
    """
    if plan.gate != "panel" or plan.nominations < 1:
        return intake
    named = Decimal(sum(one.nominations or plan.nominations for one in plan.panels))
    return named if intake is None else min(intake, named)


def _check_cut(read: Reader, here: Path, plan: RoundPlan, intake: Decimal | None) -> None:
    cut = plan.cut
    if cut is None or cut.kind not in ("count", "ballot") or cut.value is None:
        return
    if intake is not None and cut.value > intake:
        read.bad(
            here,
            f"The cut of round {plan.slug!r} is larger than its intake: {cut.value} of {intake} films.",
            "cut",
            round=plan.slug,
            cut=cut.value,
            most=intake,
        )
        return
    most = reach(plan, intake)
    if plan.gate == "panel" and most is not None and cut.value > most:
        panels = len(plan.panels)
        read.bad(
            here,
            f"The cut of round {plan.slug!r} is larger than its intake: {cut.value} films, but {panels} "
            f"panel{'s' if panels > 1 else ''} nominate {most} at most.",
        )


def let_through(cut: CutPlan | None, intake: Decimal | None) -> Decimal | None:
    """How many films a cut lets through at most, where that is known."""
    if cut and cut.kind in ("count", "ballot"):
        return cut.value
    if cut and cut.kind == "share" and intake is not None and cut.value is not None:
        return (intake * cut.value / 100).to_integral_value(ROUND_CEILING)
    return intake
