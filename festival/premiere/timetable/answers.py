"""The engine's answer as the documented JSON: docs/timetable.md."""

from dataclasses import asdict
from typing import Any

from festival.premiere.timetable.document import change_json, plan_json
from festival.premiere.timetable.engine import METHOD, VERSION, Answer
from festival.premiere.timetable.problem import Problem, goals
from festival.premiere.timetable.words import rule_sentence


def answer_json(problem: Problem, answer: Answer, *, seed: int = 0) -> dict[str, Any]:
    """The timetable with what it costs and what was changed, or why there is none."""
    if answer.plan is None:
        return _none(problem, answer)
    said: dict[str, Any] = {
        "method": METHOD,
        "version": VERSION,
        "seed": seed,
        "stopped": answer.stopped,
        "goals": goals(problem, answer.plan),
        "cost": answer.cost,
        "blocks": plan_json(problem, answer.plan),
    }
    if answer.repair is not None:
        said["repair"] = {
            "changes": [change_json(problem, row) for row in answer.repair.changes],
            "freed": list(answer.repair.freed),
            "proved": answer.repair.proved,
        }
    return said


def _none(problem: Problem, answer: Answer) -> dict[str, Any]:
    if answer.clash is None:
        return {
            "clash": None,
            "text": "No timetable was found in this time, and no proof that there is none.",
        }
    rows = []
    for kind, code in answer.clash.rules:
        text, relax = rule_sentence(problem, kind, code)
        rows.append({"rule": kind, "code": code, "text": text, "relax": relax})
    said = "; ".join(row["text"] for row in rows)
    text = f"No timetable keeps these rules together: {said}." if rows else "There is more film than time."
    if (room := answer.clash.room) is not None:
        text += f" At least {room.needed} {room.unit} are needed; there is room for {room.there}."
    return {
        "clash": rows,
        "films": list(answer.clash.films),
        "smallest": answer.clash.smallest,
        "room": None if room is None else asdict(room),
        "text": text,
    }
