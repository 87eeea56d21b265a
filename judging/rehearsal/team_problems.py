"""What would have gone wrong with the teams of cohorts; from `team_figures`, without Django."""

from collections.abc import Iterator, Mapping
from typing import Any

Row = dict[str, Any]


def problems_of(row: Mapping[str, Any]) -> list[Row]:
    """Of every cohort, in its order; last what the site has refused."""
    found = [problem for cohort in row["cohorts"] for problem in _of_cohort(cohort)]
    refused = [
        {"code": "team_refused", "why": why, "count": count} for why, count in sorted(row["refused"].items())
    ]
    return found + refused


def _of_cohort(row: Mapping[str, Any]) -> Iterator[Row]:
    known = {"cohort": row["slug"], "name": row["name"]}
    if row["teams"] < row["places"]:
        yield {"code": "places_empty", **known, "count": row["places"] - row["teams"]}
    for one in row["milestones"]:
        yield from _of_milestone(known, one)
    short = row["times_wanted"] and row["times"] < row["places"]
    if short:
        yield {"code": "times_short", **known, "count": row["times"], "places": row["places"]}
    for line in row["support"]:
        if line["withheld"]:
            yield {"code": "withheld", **known, "amount": line["withheld"], "unit": line["unit"]}


def _of_milestone(known: Row, one: Mapping[str, Any]) -> Iterator[Row]:
    known = {**known, "milestone": one["name"]}
    counted = (
        ("caught_out", one["caught_out"]),
        ("never_delivered", one["never"]),
        ("turned_down", one["rejected"]),
        ("after_next", one["after_next"]),
        ("unreviewed", one["unreviewed"]),
    )
    for code, count in counted:
        if count:
            yield {"code": code, **known, "count": count}
    if one["at_end"]:
        yield {"code": "due_at_end", **known}
    if one["busy"]:
        yield {"code": "reviewers_busy", **known, "phase": one["busy"]}
