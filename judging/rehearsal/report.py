"""The report of a rehearsal: one document of plain values, without Django. Its words are in `words`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from judging.logic.scores import Floats
from judging.rehearsal.load import DRAWS, INTERVAL, SOON, Weight, hours_of, per_day, queue
from judging.rehearsal.team_problems import problems_of

VERSION = 1
FEW_FOUND = 0.5  # a gate that loses more than half of the true best is named
HOURS_A_DAY = 2.0  # that a judge has
SLOW = 60.0  # milliseconds: the budget of a page, benchmarks/README.md
SLOW_SEARCH = 80.0
LONG_QUEUE = 24.0  # hours that a film waits for its report
RUSH = 0.5  # of all films on one day
MANY = 30  # films: of fewer a rush is no load

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prices:
    """What things cost, in one currency, as the organiser says: an hour of a worker (one core), a gigabyte kept for a
    month, an hour of a judge. None: not said, and left out of the sum.
    """

    worker_hour: float | None = None
    gigabyte_month: float | None = None
    judge_hour: float | None = None
    months_kept: float = 12.0
    currency: str = ""


def found(
    quality: Floats, intake: Sequence[int], through: Sequence[int], seed: int = 0
) -> Mapping[str, Any] | None:
    """The share of the true best of `intake` that came through a gate, as many as came through; with an interval.

    The interval is a bootstrap over those best: what the share would be with other films like them. None where
    nothing came through.
    """
    if not through or not intake:
        return None
    count = len(through)
    best = sorted(intake, key=lambda film: (-quality[film], film))[:count]
    hit = np.isin(np.array(best), np.array(through))
    draw = np.random.default_rng([seed, 4])
    shares = hit[draw.integers(0, len(hit), (DRAWS, len(hit)))].mean(axis=1)
    low, high = np.percentile(shares, INTERVAL)
    return {
        "best": len(best),
        "share": round(float(hit.mean()), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "by_chance": round(count / len(intake), 4),
    }


@dataclass(frozen=True, slots=True)
class Film:
    """A film as it was sent in: seconds after the call opened, and its length in seconds."""

    at: float
    seconds: float


def report(
    *,
    facts: Mapping[str, Any],
    quality: Floats,
    pages_quality: Floats,
    admitted: Sequence[int],
    films: Sequence[Film],
    cuts: Sequence[Film],
    stages: Sequence[Mapping[str, Any]],
    round_days: Mapping[str, float],
    pages: Sequence[Row],
    not_rehearsed: Sequence[Row],
    filmed: Row | None,
    workers: int,
    prices: Prices,
    weight: Weight,
    seed: int,
) -> Row:
    """Everything that was found out. `facts`: what was rehearsed; `pages_quality`: of the projects, before there is a
    film; `films`: what was entered, a project as one of no length; `cuts`: what teams delivered; `round_days`: how long
    each round is open; `filmed`: of real films, how many faults were planted and found.
    """
    rounds, warnings = [], list[Row]()
    hours: dict[int, float] = {}
    truth, among, pages_read = quality, admitted, False
    for stage in stages:
        row = dict(stage["row"])
        if stage["kind"] == "arriving":
            warnings += _of_arriving(row)
        if stage["kind"] == "round":
            through = row.pop("goes_on", None)
            for judge, each in row.pop("hours").items():
                hours[judge] = hours.get(judge, 0.0) + each
            row["through"] = None if through is None else len(through)
            intake = row.pop("intake", admitted)
            if row.get("reads"):
                truth, among = pages_quality, admitted
            elif pages_read:  # the films that were made of the projects; of the others there are none
                truth, among = quality, intake
            pages_read = pages_read or bool(row.get("reads"))
            row["found"] = found(truth, among, through or (), seed)
            row["seconds"] = round(stage["seconds"], 2)
            rounds.append(row)
            warnings += _of_round(row, round_days.get(row["slug"], 0.0))
        if stage["kind"] in ("awards", "premiere") and row["refused"]:
            warnings.append({"code": f"{stage['kind']}_refused", "why": row["why"]})
    by_kind = {stage["kind"]: stage["row"] for stage in stages}
    awards = dict(by_kind.get("awards") or {})
    if awards:
        laureates = awards.pop("laureates")
        awards |= {"laureates": len(laureates), "found": found(truth, among, laureates, seed)}
        unsettled = (awards.get("meeting") or {}).get("no_quorum", 0)
        if unsettled:
            warnings.append({"code": "no_quorum", "count": unsettled, "quorum": awards["meeting"]["quorum"]})
        if awards["vacant"]:
            warnings.append({"code": "vacant", "count": awards["vacant"]})
    premiere = by_kind.get("premiere")
    if premiere and premiere.get("state") and not (premiere["released"] or premiere["refused"]):
        warnings.append({"code": "no_timetable", "why": premiere["why"]})
    elif premiere and premiere["placed"] < premiere["films"] and not premiere["refused"]:
        warnings.append({"code": "not_placed", "count": premiere["films"] - premiere["placed"]})
    if by_kind.get("teams"):
        warnings += problems_of(by_kind["teams"])
    days = per_day([film.at for film in films])
    inspected = [film for film in (*films, *cuts) if film.seconds]
    line = queue(
        [film.at for film in inspected], [film.seconds * weight.worker_seconds for film in inspected], workers
    )
    warnings += _of_load(days, line, slowest(pages))
    return {
        "version": VERSION,
        **facts,
        "admitted": len(admitted),
        "arriving": by_kind.get("arriving"),
        "arrivals": days,
        "queue": line,
        "rounds": rounds,
        "judges_hours": hours_of(list(hours.values()), seed),
        "awards": awards or None,
        "premiere": premiere,
        "teams": by_kind.get("teams"),
        "judge_hours": round(sum(hours.values()), 2),
        "pages": slowest(pages),
        "filmed": filmed,
        "stages": [
            {name: stage[name] for name in ("kind", "slug")}
            | {name: round(stage[name], 2) for name in ("seconds", "cpu")}
            for stage in stages
        ],
        "cost": cost(
            films=facts["entries"],
            seconds_of_film=sum(film.seconds for film in inspected),
            judge_hours=sum(hours.values()),
            prices=prices,
            weight=weight,
        ),
        "not_rehearsed": list(not_rehearsed),
        "warnings": warnings,
    }


def cost(
    *, films: int, seconds_of_film: float, judge_hours: float, prices: Prices, weight: Weight
) -> Mapping[str, Any]:
    """Worker hours, gigabytes and judge hours, and what they cost where prices were said; the same for 1,000 films."""
    worker_hours = seconds_of_film * weight.worker_seconds / 3600
    gigabytes = seconds_of_film * weight.bytes / 1e9
    parts = {
        "workers": None if prices.worker_hour is None else worker_hours * prices.worker_hour,
        "storage": None
        if prices.gigabyte_month is None
        else gigabytes * prices.gigabyte_month * prices.months_kept,
        "judges": None if prices.judge_hour is None else judge_hours * prices.judge_hour,
    }
    said = [value for value in parts.values() if value is not None]
    whole = sum(said) if said else None
    per = 1000 / films if films else 0.0
    return {
        "worker_hours": round(worker_hours, 2),
        "gigabytes": round(gigabytes, 2),
        "worker_hours_per_thousand": round(worker_hours * per, 2),
        "gigabytes_per_thousand": round(gigabytes * per, 2),
        "judge_hours_per_thousand": round(judge_hours * per, 2),
        **{name: None if value is None else round(value, 2) for name, value in parts.items()},
        "whole": None if whole is None else round(whole, 2),
        "per_thousand": None if whole is None else round(whole * per, 2),
        "prices": asdict(prices),
        "weight": asdict(weight),
    }


def honest_ms(row: Mapping[str, Any]) -> float:
    """What a page takes: by the clock, or the work where that is less, which a busy machine does not make longer."""
    return float(min(row["ms"], row.get("cpu_ms", row["ms"])))  # earlier reports have the clock's alone


def slowest(pages: Sequence[Row]) -> list[Row]:
    """Each page once, as slow as it was at its slowest; what failed before what did not."""
    found: dict[str, Row] = {}
    for row in pages:
        kept = found.get(row["page"])
        if kept is None or (row["status"] != 200, honest_ms(row)) > (kept["status"] != 200, honest_ms(kept)):
            found[row["page"]] = row
    return list(found.values())


def _of_load(days: Sequence[int], line: Row, pages: Sequence[Row]) -> list[Row]:
    """What machines would have been too few or too slow for."""
    here: list[Row] = []
    if len(days) > 2 and sum(days) >= MANY and max(days) > RUSH * sum(days):
        at = days.index(max(days))
        here.append({"code": "rush", "count": max(days), "day": at + 1, "share": max(days) / sum(days)})
    if line["longest"] > LONG_QUEUE:
        here.append(
            {"code": "long_queue", **{k: line[k] for k in ("workers", "longest", "enough")}, "soon": SOON}
        )
    failed = [row for row in pages if row["status"] != 200]
    if failed:
        first = failed[0]
        here.append(
            {"code": "page_failed", "count": len(failed), "page": first["page"], "status": first["status"]}
        )
    slow = [
        row
        for row in pages
        if row["status"] == 200 and honest_ms(row) > (SLOW_SEARCH if row["page"] == "search" else SLOW)
    ]
    if slow:
        worst = max(slow, key=honest_ms)
        here.append({"code": "page_slow", "count": len(slow), "page": worst["page"], "ms": honest_ms(worst)})
    return here


def _of_arriving(row: Mapping[str, Any]) -> list[Row]:
    found_here: list[Row] = [
        {"code": "not_taken", "reason": reason, "count": count}
        for reason, count in sorted(row["refused"].items())
    ]
    for state in ("fixing", "draft"):  # what was refused is named above, and is not counted again
        left = row["states"].get(state, 0) - row["held"].get(state, 0)
        if left:
            found_here.append({"code": f"left_{state}", "count": left})
    if row["doubles"]:
        found_here.append({"code": "doubles", "count": row["doubles"]})
    return found_here


def _of_round(row: Mapping[str, Any], days: float) -> list[Row]:
    """What would have gone wrong in a round."""
    here: list[Row] = []
    known = {"round": row["slug"], "name": row["name"]}
    if row["refused"]:
        here.append({"code": "round_refused", **known, "why": row["why"]})
        return here
    if days and row["most_hours"] > days * HOURS_A_DAY:
        code = "too_long_to_vote" if row.get("gate") == "ballot" else "too_long"
        here.append({"code": code, **known, "hours": round(row["most_hours"], 1), "days": round(days, 1)})
    if missing := row.get("unserved"):
        code = "no_hours" if missing["reason"] == "no_hours" else "unserved"
        here.append({"code": code, **known, "count": missing["looks"], "films": missing["films"]})
    if row.get("pending"):
        here.append({"code": "pending", **known, "count": row["pending"]})
    if row["taken"]:
        here.append({"code": "replaced", **known, "count": row["taken"]})
    if row["tied"]:
        here.append({"code": "tied", **known, "count": row["tied"]})
    if row["through"] is not None and row["through"] >= row["films"]:
        here.append({"code": "no_cut", **known, "count": row["films"]})
    if 0 < row.get("reads", 0) < row["films"]:
        here.append({"code": "without_film", **known, "count": row["reads"]})
    if row["found"] and row["found"]["share"] < FEW_FOUND:
        here.append({"code": "few_found", **known, "share": row["found"]["share"]})
    return here
