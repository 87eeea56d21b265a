"""`python -m judging.logic laurels PROBLEM.json`: award slots filled from standings and ballots under rules.

Documented in docs/judging-logic.md. Ends with 0, with 1 when the rules clash (they are named), with 2 for a fault in
the document, which is named by its place.
"""

import argparse
import json
import sys
from typing import Any

from judging.logic.awarding import board as codes
from judging.logic.awarding.engine import METHOD, PINNED, VERSION, fill
from judging.logic.awarding.problem import (
    FIXED,
    SOURCES,
    Awards,
    Cap,
    Condition,
    Entry,
    Pin,
    Problem,
    Quota,
    Ranked,
    Slot,
)
from judging.logic.canonical import digest
from judging.logic.commands.documents import Fields, read_document, stop, typed
from judging.logic.commands.tables import TableError

TESTS = ("is", "one_of", "at_least", "at_most")
NEAR = 20  # films passed over that are named for a slot
MOST_PLACES = 10_000

CLASH = {
    codes.FILL: "slot {!r} must be filled",
    codes.CAP: "the limit {!r}",
    codes.LEAST: "the minimum of quota {!r}",
    codes.MOST: "the maximum of quota {!r}",
    codes.ONE: "one film has one award, but for slots that combine{:.0}",
    PINNED: "place {!r} as it was decided beforehand",
}


def main(arguments: list[str]) -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m judging.logic laurels", description="Fills award slots.")
    parser.add_argument(
        "problem", metavar="PROBLEM.json", help='slots, entries, orders, rules; "-": standard input'
    )
    parser.add_argument("--json", action="store_true", help="print JSON (it always does)")
    asked = parser.parse_args(arguments)
    try:
        problem = read(read_document(asked.problem))
    except TableError as error:
        print(error.text(), file=sys.stderr)
        return 2
    result = fill(problem)
    print(json.dumps(as_json(result), ensure_ascii=False, indent=1, allow_nan=False))
    if result.clash:
        said = "; ".join(CLASH[row["rule"]].format(row["name"]) for row in result.clash)
        print(f"No list keeps these rules together: {said}.", file=sys.stderr)
        return 1
    return 0


def as_json(result: Awards) -> dict[str, Any]:
    """The result under documented names, with a digest of the places."""
    places = [
        {"slot": row.slot, "place": row.place, "film": row.film or None, "rank": row.rank, "why": row.why}
        for row in result.places
    ]
    return {
        "method": METHOD,
        "version": VERSION,
        "places": places,
        "passed_over": [
            {"slot": slug, "film": row.film, "rank": row.rank, "why": row.why}
            for slug, rows in result.passed.items()
            for row in rows[:NEAR]
        ],
        "more_passed_over": {
            slug: len(rows) - NEAR for slug, rows in result.passed.items() if len(rows) > NEAR
        },
        "clash": list(result.clash),
        "proved": dict(result.proved),
        "result_digest": digest([[row["slot"], row["place"], row["film"]] for row in places]),
    }


def read(value: Any) -> Problem:
    """The problem of a document. Raises TableError with the place of the first fault."""
    whole = Fields(value, "")
    entries = tuple(_entry(row) for row in whole.rows("entries"))
    films = _different([entry.film for entry in entries], "entries", "film")
    orders = {}
    for name in whole.get("orders", dict, {}):
        orders[name] = _order(whole.value["orders"][name], f"orders.{name}", films)
    rows = whole.rows("slots", [])
    slugs = [row.get("slot", str) for row in rows]
    known = _different(slugs, "slots", "slot")
    places = {slug: row.value.get("places") for slug, row in zip(slugs, rows, strict=True)}
    shared = {slug for slug, row in zip(slugs, rows, strict=True) if row.value.get("ex_aequo")}
    if not slugs:
        raise stop("slots", "there must be at least one.")
    problem = Problem(
        tuple(_slot(row, known, orders, films) for row in rows),
        entries,
        orders,
        tuple(_cap(row, known) for row in whole.rows("limits")),
        tuple(_quota(row, known) for row in whole.rows("quotas")),
        tuple(_condition(row) for row in whole.rows("eligible")),
        _pins(whole.rows("pinned"), places, films, shared),
        _excluded(whole.rows("excluded"), films),
    )
    _different([cap.name for cap in problem.caps], "limits", "name")
    _different([quota.name for quota in problem.quotas], "quotas", "name")
    whole.end()
    return problem


def _different(names: list[str], place: str, field: str) -> set[str]:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            raise stop(f"{place}[{number}].{field}", f"{name!r} is there twice.")
        seen.add(name)
    return seen


def _plain(value: Any, place: str) -> Any:
    if isinstance(value, bool | str):
        return value
    return typed(value, float, place)


def _entry(row: Fields) -> Entry:
    film = row.get("film", str)
    attributes = row.get("attributes", dict, {})
    for name, value in attributes.items():
        _plain(value, f"{row.at('attributes')}.{name}")
    groups = Fields(row.get("groups", dict, {}), row.at("groups"))
    found = {name: groups.texts(name) for name in groups.value}
    row.end()
    return Entry(film, attributes, found)


def _pins(rows: list[Fields], places: dict[str, Any], films: set[str], shared: set[str]) -> tuple[Pin, ...]:
    found: list[Pin] = []
    for row in rows:
        slot = row.get("slot", str)
        if slot not in places:
            raise stop(row.at("slot"), f"there is no slot {slot!r}.")
        place = row.get("place", int, least=1, most=places[slot])
        film = row.get("film", str, "") if row.value.get("film") is not None else ""
        row.asked.add("film")
        if film and film not in films:
            raise stop(row.at("film"), f"there is no entry {film!r}.")
        there = [pin for pin in found if (pin.slot, pin.place) == (slot, place)]
        if there and not (film and there[0].film and slot in shared):
            raise stop(row.place, f"place {place} of {slot!r} is there twice.")
        if film and any((pin.slot, pin.film) == (slot, film) for pin in found):
            raise stop(row.place, f"{film!r} is pinned to {slot!r} twice.")
        found.append(Pin(slot, place, film))
        row.end()
    return tuple(found)


def _excluded(rows: list[Fields], films: set[str]) -> dict[str, str]:
    found = {}
    for row in rows:
        film = row.get("film", str)
        if film not in films:
            raise stop(row.at("film"), f"there is no entry {film!r}.")
        found[film] = row.get("reason", str, "")
        row.end()
    return found


def _order(value: Any, place: str, films: set[str]) -> tuple[Ranked, ...]:
    found = []
    for number, one in enumerate(typed(value, list, place)):
        row = Fields(one, f"{place}[{number}]")
        film = row.get("film", str)
        if film not in films:
            raise stop(row.at("film"), f"there is no entry {film!r}.")
        rank, settled = row.get("rank", int, least=1), row.get("settled", int, 0, least=0)
        found.append(Ranked(film, rank, settled, row.get("score", float, None)))
        row.end()
    _different([row.film for row in found], place, "film")
    return tuple(found)


def condition(value: Any) -> Condition:
    """A condition of a document: an attribute and exactly one test. Raises TableError."""
    return _condition(Fields(value, ""))


def _condition(row: Fields) -> Condition:
    attribute = row.get("attribute", str)
    tests = [name for name in TESTS if name in row.value]
    if len(tests) != 1:
        raise stop(row.place, f"must have exactly one of {', '.join(TESTS)}.")
    test = tests[0]
    value: Any
    if test == "is":
        row.asked.add(test)
        value = _plain(row.value[test], row.at(test))
    elif test == "one_of":
        value = tuple(_plain(one, f"{row.at(test)}[{n}]") for n, one in enumerate(row.get(test, list)))
    else:
        value = row.get(test, float)
    row.end()
    return Condition(attribute, test, value)


def _slot(row: Fields, known: set[str], orders: dict[str, tuple[Ranked, ...]], films: set[str]) -> Slot:
    places = row.get("places", int, least=1, most=MOST_PLACES)
    by = row.get("decided_by", str)
    order = ""
    fixed: tuple[str, ...] = ()
    if by == FIXED:
        fixed = row.texts("films", films, "entry")
        if len(fixed) != places:
            raise stop(row.at("films"), f"has {len(fixed)} films for {places} places.")
    elif by in SOURCES:
        order = row.get("order", str)
        if order not in orders:
            raise stop(row.at("order"), f"there is no order {order!r}.")
    else:
        raise stop(row.at("decided_by"), f"must be one of {', '.join((*SOURCES, FIXED))}, not {by!r}.")
    found = Slot(
        row.get("slot", str),
        places,
        row.get("tier", str, ""),
        by,
        order,
        fixed,
        row.texts("tracks"),
        tuple(_condition(one) for one in row.rows("require")),
        row.get("may_be_vacant", bool, False),
        row.get("least_score", float, None),
        row.get("last_rank", int, None, least=1),
        row.get("ex_aequo", bool, False),
        row.texts("combines_with", known, "slot"),
    )
    row.end()
    return found


def _cap(row: Fields, known: set[str]) -> Cap:
    found = Cap(
        row.get("name", str),
        row.get("per", str),
        row.get("most", int, least=0),
        row.texts("slots", known, "slot"),
    )
    row.end()
    return found


def _plain_or_several(value: Any, place: str) -> Any:
    if isinstance(value, list):
        return tuple(_plain(one, f"{place}[{n}]") for n, one in enumerate(value))
    return _plain(value, place)


def _quota(row: Fields, known: set[str]) -> Quota:
    row.asked.add("value")
    if "value" not in row.value:
        raise stop(row.place, "'value' is missing.")
    found = Quota(
        row.get("name", str),
        row.get("attribute", str),
        _plain_or_several(row.value["value"], row.at("value")),
        row.get("least", int, 0, least=0),
        row.get("most", int, None, least=0),
        row.texts("slots", known, "slot"),
    )
    if found.most is not None and found.most < found.least:
        raise stop(row.place, f"least is {found.least} and most is {found.most}.")
    row.end()
    return found
