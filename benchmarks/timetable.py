"""What a timetable costs: `python -m benchmarks.timetable [--large] [--seeds 3] [--beside]`.

Sixty films, three venues, four days; with `--large`, 300 films, eight halls in four venues, seven days. Each premiere
has a rehearsal and a repeat. A timetable is made, then one thing changes and it is mended: a film withdrawn, a guest
absent on the day of her premiere, a hall lost for a day. Every answer goes through the verifier. Seconds are CPU, of
one thread. With `--beside` the solver alone makes it too, in two steps: films into blocks, for 12 s, then halls and
times; the costs are those of the same goals and weights, lower is better.
"""

import argparse
import copy
import statistics
import time
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from benchmarks.festivals import festival
from festival.premiere.timetable import engine
from festival.premiere.timetable.aims import block_cost
from festival.premiere.timetable.document import read_problem
from festival.premiere.timetable.engine import Work, joint_frame
from festival.premiere.timetable.model import BlockModel
from festival.premiere.timetable.problem import PREMIERE, Plan, Problem
from festival.premiere.timetable.repair import known_part
from festival.premiere.timetable.search import Run, solve
from festival.premiere.timetable.verify import verify

PACKING = 12  # seconds of computing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--beside", action="store_true")
    asked = parser.parse_args()
    size = (300, 4, 2, 7) if asked.large else (60, 3, 1, 4)
    rows: dict[str, list[tuple[float, Any]]] = {}
    for seed in range(asked.seeds):
        document = festival(*size, seed=seed)
        beside = [two_steps(read_problem(document), seed)] if asked.beside else []
        for name, seconds, note in [*run(document, seed), *beside]:
            rows.setdefault(name, []).append((seconds, note))
            print(f"seed {seed}  {name:<22}{seconds:7.2f} s  {note}", flush=True)
    print()
    for name, found in rows.items():
        times = [seconds for seconds, _note in found]
        print(f"{name:<22} median {statistics.median(times):6.2f} s  most {max(times):6.2f} s")


def run(document: dict[str, Any], seed: int) -> list[tuple[str, float, str]]:
    """Make, change and mend one festival; seconds and what came out."""
    problem = read_problem(document)
    answer, seconds = timed(problem, None, seed)
    plan = answer.plan
    assert plan is not None
    rows = [
        ("first timetable", answer.firsts["first"], ""),
        ("finished", seconds, f"cost {answer.cost}, {len(plan.blocks)} blocks, broken rules 0"),
    ]
    for name, changed in changes(document, problem, plan).items():
        after = read_problem(changed)
        broken = len(verify(after, known_part(after, plan)))
        answer, seconds = timed(after, plan, seed)
        mended = answer.repair
        note = "made anew"
        if mended is not None:
            note = (
                f"{broken} rules broken, changes {len(mended.changes)}, blocks freed {len(mended.freed)}, "
                f"smallest {'proved' if mended.proved else 'not proved'}"
            )
        rows.append((name, seconds, note))
    return rows


def two_steps(problem: Problem, seed: int) -> tuple[str, float, str]:
    """Films into blocks and blocks into places by the solver alone, with the same rules and goals."""
    began, work = time.process_time(), Work(problem, Run(1000, seed))
    count = work.composer.counts()[0]
    model = BlockModel(problem, replace(joint_frame(problem, count), all_used=True, alike=False))
    model.cp.minimize(block_cost(model, range(count)))
    found = solve(model, Run(PACKING, seed), 1000)
    if found.any:
        value = found.solver.value
        work.place(
            [
                [film.code for film in model.members[at] if value(model.homes[film.code, at])]
                for at in range(count)
            ]
        )
    return "the solver in two steps", time.process_time() - began, f"cost {work.run.cost}, {count} blocks"


def timed(problem: Problem, previous: Plan | None, seed: int) -> tuple[engine.Answer, float]:
    """An answer that the verifier lets pass, and the CPU seconds."""
    began = time.process_time()
    answer = engine.make(problem, previous=previous, seed=seed)
    seconds = time.process_time() - began
    if answer.plan is None or verify(problem, answer.plan):
        raise SystemExit("no timetable, or one that breaks rules")
    return answer, seconds


def changes(document: dict[str, Any], problem: Problem, plan: Plan) -> dict[str, dict[str, Any]]:
    """What may happen to a festival: each a document."""
    withdrawn, absent, lost = (copy.deepcopy(document) for _ in range(3))
    short = min(
        plan.blocks, key=lambda block: problem.minutes(block.films)
    )  # the block that can spare it least
    longest = max(short.films, key=lambda code: problem.film[code].seconds)
    withdrawn["films"] = [film for film in document["films"] if film["film"] != longest]

    film = next(film for film in problem.films if film.guests)
    block = next(block for block in plan.blocks if film.code in block.films)
    shown = block.shown(PREMIERE)
    assert shown is not None
    first = date.fromisoformat(document["first_day"])
    days = set(range(document["days"])) - {problem.day_at(shown.hall, shown.start)}
    for guest in absent["guests"]:
        if guest["guest"] == film.guests[0]:
            guest["available"] = [
                {"from": f"{first + timedelta(day)}T09:00", "until": f"{first + timedelta(day + 1)}T02:00"}
                for day in sorted(days)
            ]

    used = [
        (one.hall, problem.day_at(one.hall, one.start)) for block in plan.blocks for one in block.screenings
    ]
    full = max(sorted(set(used)), key=used.count)  # the fullest day of any hall
    for venue in lost["venues"]:
        for hall in venue["halls"]:
            if hall["hall"] == full[0]:
                hall["open"] = [hours for day, hours in enumerate(hall["open"]) if day != full[1]]
    return {"a film withdrawn": withdrawn, "a guest absent": absent, "a hall lost for a day": lost}


if __name__ == "__main__":
    main()
