"""`python -m judging.logic allocate FILMS.csv JUDGES.csv [--conflicts C.csv] --looks 3 [--seed N] [--json]`

Gives films to judges and prints who sees what. Documented in docs/judging-logic.md. Ends with 0, or with 2 when a
table cannot be used, each fault in a sentence with file and line.
"""

import argparse
import json
import math
import sys
from collections import Counter
from typing import Any

from judging.logic.allocation import result as codes
from judging.logic.allocation.comparability import Comparability, Seen, assess
from judging.logic.allocation.engine import METHOD, VERSION, allocate
from judging.logic.allocation.panels import make_panels
from judging.logic.allocation.result import Allocation, Load
from judging.logic.allocation.task import Film, Judge, Task, panel_task, task
from judging.logic.canonical import digest
from judging.logic.commands.tables import TableError, read_table

FILM_MOST = 7 * 24 * 3600  # seconds
HOURS_MOST = 100_000
NAMES_SHOWN = 20

REASONS = {
    codes.NO_JUDGES: "there are no judges",
    codes.ALL_BARRED: "every judge has a conflict",
    codes.TRACK: "nobody without a conflict judges this track",
    codes.LANGUAGE: "nobody left understands its languages",
    codes.TOO_FEW: "fewer judges may see it than looks are wanted",
    codes.NO_HOURS: "those who may see it have no hours left",
    codes.NO_PANEL: "there is no panel of which every judge may see it",
}
OFF = {
    codes.SCARCE: "few others may see these films",
    codes.FEW_FILMS: "not enough films she may see",
    codes.HAD_MORE: "had more before",
    codes.WHOLE_FILMS: "films are not divided",
}


def main(arguments: list[str]) -> int:
    """Run the command and return its exit status."""
    asked = _parser().parse_args(arguments)
    try:
        wanted, films, notes = _read(asked)
    except TableError as error:
        print(error.text(), file=sys.stderr)
        return 2
    result = allocate(wanted)
    tracks = {film.key: film.track for film in films}
    seen = [Seen(row.judge, row.film, tracks[row.film]) for row in result.assignments]
    gate = assess(seen, shared_cut=wanted.shared_cut)
    if asked.json:
        print(json.dumps(_as_json(wanted, result, gate, notes), ensure_ascii=False))
    else:
        print(_text(wanted, result, gate))
        for note in notes:
            print(note, file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m judging.logic allocate", description="Gives films to judges."
    )
    parser.add_argument("films", metavar="FILMS.csv", help="entry, seconds, track, languages; perhaps forms")
    parser.add_argument("judges", metavar="JUDGES.csv", help="judge, hours, tracks, languages; perhaps forms")
    parser.add_argument("--conflicts", metavar="C.csv", help="judge, entry")
    parser.add_argument("--looks", type=_count, required=True, help="looks each film is to get")
    parser.add_argument("--seed", type=int, default=0, help="the lot: the same seed gives the same looks (0)")
    parser.add_argument("--tracks-apart", action="store_true", help="each track has a cut of its own")
    parser.add_argument(
        "--share-hours",
        action="store_true",
        help="hours say only in what proportion judges share the films; nobody has a limit",
    )
    parser.add_argument(
        "--panels",
        type=_count,
        metavar="N",
        help="panels of N judges; every judge sees all films of the panel",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _count(text: str) -> int:
    number = int(text) if text.isdecimal() and len(text) < 5 else 0
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError("a number from 1 to 1000 is needed")
    return number


def _read(asked: argparse.Namespace) -> tuple[Task, list[Film], list[str]]:
    """The task of the tables, their films and what was passed over. Raises TableError with all faults at once."""
    faults: list[str] = []
    tables = {}
    sources = {
        "films": (asked.films, ("entry", "seconds")),
        "judges": (asked.judges, ("judge",)),
        "conflicts": (asked.conflicts, ("judge", "entry")),
    }
    for name, (path, columns) in sources.items():
        if path is not None:
            try:
                tables[name] = read_table(path, columns)
            except TableError as error:
                faults += error.sentences
    if faults:
        raise TableError(faults)
    films = []
    for row in tables["films"].keyed("entry"):
        seconds = row.number("seconds", FILM_MOST)
        if not row["seconds"]:
            row.note("seconds is empty; the film counts as of no length.")
        track = row["track"].casefold()
        films.append(
            Film(row["entry"], math.ceil(seconds or 0), track, row.words("languages"), row.words("forms"))
        )
    tracks = {film.track for film in films}
    judges = []
    for row in tables["judges"].keyed("judge"):
        hours = row.number("hours", HOURS_MOST)
        limit = None if hours is None else int(round(hours * 3600, 3))  # 2.3 hours are 8280 seconds
        judges.append(
            Judge(
                row["judge"], limit, row.words("tracks", tracks), row.words("languages"), row.words("forms")
            )
        )
    conflicts = set()
    if "conflicts" in tables:
        entries, people = {film.key for film in films}, {one.key for one in judges}
        for row in tables["conflicts"].rows:
            pair = (row["judge"], row["entry"])
            if not all(pair):
                row.fault("a conflict needs a judge and an entry.")
            for value, known, kind, path in (
                (pair[0], people, "judge", asked.judges),
                (pair[1], entries, "entry", asked.films),
            ):
                if value and value not in known:
                    row.note(f"there is no {kind} {value!r} in {path}; the conflict is passed over.")
            conflicts.add(pair)
    faults = [fault for table in tables.values() for fault in table.faults]
    if faults:
        raise TableError(faults)
    notes = [note for table in tables.values() for note in table.notes]
    shared = not asked.tracks_apart
    if asked.panels:
        panels = make_panels(judges, films, asked.panels, asked.seed)
        wanted = panel_task(
            films=films, panels=panels, conflicts=conflicts, seed=asked.seed, looks=asked.looks
        )
        return wanted, films, notes
    wanted = task(
        films=films,
        judges=judges,
        conflicts=conflicts,
        looks=asked.looks,
        seed=asked.seed,
        shared_cut=shared,
        hours_limit=not asked.share_hours,
    )
    return wanted, films, notes


def _as_json(wanted: Task, result: Allocation, gate: Comparability, notes: list[str]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "method": METHOD,
        "version": VERSION,
        "seed": str(wanted.seed),
        "inputs_digest": digest(wanted.as_json()),
        "result_digest": result.digest,
        "assignments": [{"judge": row.judge, "entry": row.film} for row in result.assignments],
        "unserved": [
            {"entry": row.film, "looks": row.looks, "free": row.free, "reason": row.reason}
            for row in result.unserved
        ],
    }
    panels = any(len(seat.members) > 1 for seat in wanted.seats)
    if panels:
        said["panels"] = [
            {"panel": seat.key, "judges": [one.key for one in seat.members]} for seat in wanted.seats
        ]
    said["loads"] = [
        {
            "panel" if panels else "judge": load.seat,
            "looks": load.looks,
            "seconds": load.seconds,
            "share": load.share,
            "off": round(load.off, 6),
            "limit": load.limit,
            "reason": load.reason,
        }
        for load in result.loads
    ]
    return said | {"comparability": gate.as_json(), "notes": notes}


def _text(wanted: Task, result: Allocation, gate: Comparability) -> str:
    lines = [f"{len(result.assignments)} looks, seed {wanted.seed}"]
    who = "panel" if any(len(seat.members) > 1 for seat in wanted.seats) else "judge"
    if result.loads:
        width = max(max(len(load.seat) for load in result.loads), 5)
        lines += ["", f"{who:<{width}}  looks  minutes    share     off"]
        lines += [_load_line(load, width) for load in result.loads]
    if result.unserved:
        looks = sum(row.looks for row in result.unserved)
        lines += ["", f"{looks} looks could not be given, at {len(result.unserved)} films:"]
        for reason, count in sorted(Counter(row.reason for row in result.unserved).items()):
            lines.append(f"  {REASONS[reason]}: {count}")
        lines.append("")
        for row in result.unserved[:NAMES_SHOWN]:
            lines.append(f"  {row.film}: {row.looks} missing; {REASONS[row.reason]}")
        if len(result.unserved) > NAMES_SHOWN:
            lines.append(f"  … {len(result.unserved) - NAMES_SHOWN} more; --json names them all")
    else:
        lines += ["", "Every film has its looks."]
    return "\n".join([*lines, "", *_gate_lines(gate)])


def _load_line(load: Load, width: int) -> str:
    reason = f"  {OFF[load.reason]}" if load.reason else ""
    return (
        f"{load.seat:<{width}}  {load.looks:>5}  {load.seconds / 60:>7.1f}  {load.share / 60:>7.1f}"
        f"  {load.off:>+6.1%}{reason}"
    )


def _gate_lines(gate: Comparability) -> list[str]:
    if gate.pair is None:
        return ["Comparability: there are no two judges to compare."]
    ends = "and" if gate.passes else "but"
    lines = [
        (
            f"Comparability, in SD of the noise: the largest standard error of a difference in severity is "
            f"{gate.worst:.2f} ({gate.pair[0]} and {gate.pair[1]}), the median {gate.median:.2f}, {ends} the limit is "
            f"{gate.limit:g}."
        )
    ]
    if gate.failing:
        lines.append(f"  {gate.failing} of {gate.pairs} pairs of judges are above it.")
    if gate.more_looks:
        total = sum(looks for _judge, looks in gate.more_looks)
        names = ", ".join(f"{judge} {looks}" for judge, looks in gate.more_looks[:NAMES_SHOWN])
        lines.append(
            f"  {total} more looks would mend it: {names}{', …' if len(gate.more_looks) > NAMES_SHOWN else ''}"
        )
    if gate.groups:
        lines.append(
            f"  {len(gate.groups)} groups of judges share no track, so their films cannot be ranked together. Let some "
            f"judges see two tracks: {gate.link} films seen by both sides join two groups."
        )
    if gate.bridges is not None:
        lines.append(f"  {gate.bridges:.1%} of the looks are by judges who see more than one track.")
    return lines
