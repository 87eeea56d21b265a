"""`python -m judging.logic calibrate SCORES.csv [--cut N] [--json]`: the adjusted standing of scores from anywhere."""

import argparse
import json
import sys
from dataclasses import dataclass
from math import isnan
from typing import Any

from judging.logic import adjusted, agreement
from judging.logic.commands.tables import Row as Line
from judging.logic.commands.tables import TableError, read_table
from judging.logic.scores import Look, Scores, composite, gather

SHOWN = 20  # lines of a table for people


@dataclass(frozen=True, slots=True)
class Row:
    """A line of SCORES.csv."""

    judge: str
    entry: str
    criterion: str
    score: float
    order: int


@dataclass(frozen=True, slots=True)
class Table:
    """The lines with a score; `tracks` by entry and the judges, those without a score too."""

    rows: list[Row]
    tracks: dict[str, str]
    judges: set[str]


def main(arguments: list[str]) -> int:
    """Run the command and return its exit status."""
    asked = _parser().parse_args(arguments)
    try:
        scores = columns(read(asked.scores))
        if asked.cut is not None and not 0 < asked.cut <= len(scores.entries):
            raise TableError([f"--cut must be between 1 and the number of entries, {len(scores.entries)}."])
    except TableError as error:
        print(error.text(), file=sys.stderr)
        return 2
    result = adjusted.compute(scores, cut=asked.cut)
    if asked.json:
        print(json.dumps(as_json(result), ensure_ascii=False, indent=1, allow_nan=False))
    else:
        print(as_text(result, asked.cut))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m judging.logic calibrate", description="The adjusted standing of scores."
    )
    about = "judge, entry, score; perhaps track, criterion, order"
    parser.add_argument("scores", metavar="SCORES.csv", help=about)
    about = "how many films pass: gives each its chance of being truly among them"
    parser.add_argument("--cut", type=int, metavar="N", help=about)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def read(path: str) -> Table:
    """The lines of a table of scores. Raises TableError with every fault."""
    sheet = read_table(path, ("judge", "entry", "score"))
    rows: list[Row] = []
    tracks: dict[str, str] = {}
    judges: set[str] = set()
    for line in sheet.rows:
        judge, entry = line["judge"], line["entry"]
        if not entry or (not judge and line["score"]):
            line.fault("judge and entry must both be named.")
            continue
        track = line["track"]
        if track and tracks.get(entry) not in (None, "", track):
            line.fault(f"entry {entry!r} is in track {track!r} here and in {tracks[entry]!r} before.")
        tracks[entry] = tracks.get(entry) or track
        judges |= {judge} - {""}
        if line["score"]:  # else a film that was given to a judge and not scored
            row = _scored(line)
            rows += [row] if row else []
    if sheet.faults:
        raise TableError(sheet.faults)
    if not rows:
        raise TableError([f"{path}: there are no scores."])
    return Table(rows, tracks, judges)


def _scored(line: Line) -> Row | None:
    score, order = line.value("score"), line.value("order") if line["order"] else 0.0
    if score is None:
        line.fault(f"{line['score']!r} is not a score: write a number from -1e9 to 1e9.")
    if order is None:
        line.fault(f"{line['order']!r} is not a place in the order: write a number.")
    if score is None or order is None:
        return None
    return Row(line["judge"], line["entry"], line["criterion"], score, int(order))


def columns(table: Table) -> Scores:
    """One score a look; criteria of the same look are brought together, the same judge's further looks stay apart."""
    looks = [Look(row.judge, row.entry, row.score, row.order) for row in table.rows]
    if any(row.criterion for row in table.rows):
        orders: dict[tuple[str, str], int] = {}
        for row in table.rows:
            orders[row.judge, row.entry] = max(row.order, orders.get((row.judge, row.entry), 0))
        whole = composite((row.judge, row.entry, row.criterion, row.score) for row in table.rows)
        looks = [Look(judge, entry, score, orders[judge, entry]) for judge, entry, score in whole]
    return gather(looks, tracks=table.tracks, entries=table.tracks, judges=table.judges)


def as_json(result: adjusted.Adjusted) -> dict[str, Any]:
    """The result under documented names; see docs/judging-logic.md."""
    means = dict(zip(result.fit.scores.entries, result.fit.scores.raw_means(), strict=True))
    entry, judge, residual = (float(number) for number in result.variances)
    whole = agreement.panel(result.fit)
    return {
        "entries": [
            {
                "entry": row.film,
                "raw_mean": _number(means[row.film]),
                "looks": row.looks,
                "score": float(row.value),
                "sd": float(row.sd),
                "p_cut": None if row.p_cut is None else float(row.p_cut),
                "rank": row.rank,
                "rank_low": row.low,
                "rank_high": row.high,
                "own_scale": float(row.own),
                "undecided": row.undecided,
            }
            for row in result.rows
        ],
        "judges": [
            {
                "judge": one.judge,
                "severity": _number(one.severity),
                "se": _number(one.se),
                "looks": one.looks,
                "agreement": _number(one.agreement),
                "noise": _number(one.noise),
                "drift": _number(one.drift),
            }
            for one in agreement.judges(result.fit)
        ],
        "variances": {"entry": entry, "judge": judge, "residual": residual},
        "tracks": {
            name: _number(mean)
            for name, mean in zip(result.fit.scores.tracks, result.fit.track_mean, strict=True)
        },
        "panel": {
            "icc": round(whole.single, 6),
            "alpha": None if whole.alpha is None else round(whole.alpha, 6),
            "dependability": round(whole.relative, 6),
        },
        "expected_hits": None if result.expected_hits is None else float(result.expected_hits),
        "settled": result.settled,
        "method": {"name": adjusted.METHOD, "version": adjusted.VERSION},
    }


def _number(value: float) -> float | None:
    return None if isnan(value) else round(float(value), 6) + 0.0  # minus nothing is nothing


def as_text(result: adjusted.Adjusted, cut: int | None) -> str:
    """A page for people: the first films, the judges who differ most, and how sure it is."""
    scores, whole = result.fit.scores, agreement.panel(result.fit)
    lines = [f"{len(scores.entries)} entries, {len(scores.judges)} judges, {len(scores.value)} looks"]
    if not result.settled:
        lines.append("Too few scores to tell films, judges and chance apart; usual proportions were taken.")
    film, judge, noise = result.variances
    lines.append(f"variances: film {film:.4f}, judge {judge:.4f}, one look {noise:.4f}")
    lines.append(
        f"one score is {whole.single:.0%} the film; means of these looks are {whole.relative:.0%} dependable"
    )
    if cut and result.expected_hits is not None:
        unsure = sum(row.undecided for row in result.rows)
        lines.append(
            f"of the first {cut}, {result.expected_hits:.1f} are expected to be truly among the best {cut}"
        )
        lines.append(f"{unsure} entries are undecided (?)")
    return "\n".join([*lines, "", *_films(result, cut or 0), "", *_judges(result)])


def _films(result: adjusted.Adjusted, cut: int) -> list[str]:
    lines = [f"{'rank':>6} {'score':>8} {'sd':>7} {'looks':>5} {'chance':>7} {'ranks (90 %)':>13}  entry"]
    shown = max(SHOWN, min(cut, 60) + 10)
    for row in result.rows[:shown]:
        chance = "" if row.p_cut is None else f"{row.p_cut:.0%}"
        figures = f"{row.rank:>6} {row.value:>8.3f} {row.sd:>7.3f} {row.looks:>5} {chance:>7}"
        lines.append(f"{figures} {f'{row.low}–{row.high}':>13}  {row.film}{' ?' if row.undecided else ''}")
    if len(result.rows) > shown:
        lines.append(f"… and {len(result.rows) - shown} more (--json gives all)")
    return lines


def _judges(result: adjusted.Adjusted) -> list[str]:
    lines = [f"{'severity':>9} {'se':>7} {'looks':>6} {'agrees':>7}  judge (below 0: stricter than the rest)"]
    people = sorted(agreement.judges(result.fit), key=lambda one: (one.severity, one.judge))
    if len(people) > SHOWN:
        people = people[: SHOWN // 2] + people[-SHOWN // 2 :]
        lines[0] += ", the strictest and the mildest"
    for one in people:
        agrees = "" if isnan(one.agreement) else f"{one.agreement:.2f}"
        lines.append(f"{one.severity:>9.3f} {one.se:>7.3f} {one.looks:>6} {agrees:>7}  {one.judge}")
    return lines
