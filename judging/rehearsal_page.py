"""What the page of a rehearsal shows: rows with their words, and drawings as plain values for SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from festival.kit.words import say
from judging.models import Rehearsal
from judging.plots import HEIGHT, WIDTH, Span
from judging.rehearsal import team_words
from judging.rehearsal.problem_words import left_out, page_name, per_cent, proposal, sentence, why
from judging.rehearsal.report import honest_ms
from judging.rehearsal.words import (
    cost_lines,
    figures,
    filmed_line,
    judges_line,
    meeting_line,
    premiere_line,
    queue_line,
)

Row = Mapping[str, Any]
GAP = 0.15  # of a column's width, on its right


@dataclass(frozen=True, slots=True)
class Plot:
    """Columns beside each other. `path`: filled, WIDTH by HEIGHT; `low` and `high`: words at its two ends."""

    title: str
    words: str
    path: str
    low: str
    high: str


def columns(values: Sequence[float]) -> str:
    """Columns as the path of an SVG, the highest HEIGHT high; empty where all are nothing."""
    most = max(values, default=0)
    if not most:
        return ""
    step = WIDTH / len(values)
    return "".join(
        f"M{round(at * step, 2):g} {HEIGHT}V{round(HEIGHT * (1 - value / most), 1):g}"
        f"H{round((at + 1 - GAP) * step, 2):g}V{HEIGHT}Z"
        for at, value in enumerate(values)
        if value
    )


def share_span(row: Row) -> Span:
    """The share that was found with its interval, on an axis from nothing to all; the mark is what chance finds."""

    def across(share: float) -> float:
        return round(4 + share * (WIDTH - 8), 1)

    low = across(row["low"])
    return Span(
        low, max(round(across(row["high"]) - low, 1), 0.5), across(row["share"]), across(row["by_chance"])
    )


def plots_of(report: Row) -> list[Plot]:
    """Arrivals by day, films that wait for their inspection, hours of the judges."""
    found = []
    days, waiting = report["arrivals"], report["queue"]["waiting"]
    if days:
        found.append(
            Plot(
                _("Arrivals"),
                _("Sent in on each day of the call; most on one day: %(most)d.") % {"most": max(days)},
                columns(days),
                _("Day %(number)d") % {"number": 1},
                _("Day %(number)d") % {"number": len(days)},
            )
        )
    if waiting:
        found.append(
            Plot(
                _("Waiting for inspection"),
                _("Films that wait or are being inspected at the end of each day; most: %(most)d.")
                % {"most": max(waiting)}
                if max(waiting)
                else _("At the end of no day a film waits for its inspection."),
                columns(waiting),
                _("Day %(number)d") % {"number": 1},
                _("Day %(number)d") % {"number": len(waiting)},
            )
        )
    hours = report["judges_hours"]
    if hours:
        found.append(
            Plot(
                _("Hours of each judge"),
                judges_line(report),
                columns(hours["all"]),
                _("%(hours).1f hours") % {"hours": hours["all"][0]},
                _("%(hours).1f hours") % {"hours": hours["all"][-1]},
            )
        )
    return found


def gates_of(report: Row) -> list[dict[str, Any]]:
    """Rounds and awards, with what each found."""
    rows = [
        {
            "name": say(row["name"]),
            "films": row.get("films"),
            "hours": row["judge_hours"],
            "through": row["through"],
            "found": row["found"],
            "why": why(row["why"]),
        }
        for row in report["rounds"]
    ]
    awards = report["awards"]
    if awards:
        rows.append(
            {
                "name": _("Awards"),
                "films": None,
                "hours": None,
                "through": awards["laureates"],
                "found": awards["found"],
                "why": why(awards["why"]),
            }
        )
    for row in rows:
        if row["found"]:
            row["span"] = share_span(row["found"])
            row["share"] = per_cent(row["found"]["share"])
            row["interval"] = _("%(low)s to %(high)s, by chance %(by_chance)s") % {
                name: per_cent(row["found"][name]) for name in ("low", "high", "by_chance")
            }
    return rows


def context_of(rehearsal: Rehearsal) -> dict[str, Any]:
    """Everything the page needs beside the rehearsal."""
    report = rehearsal.report
    machines = [queue_line(report["queue"])]
    if (report["awards"] or {}).get("meeting"):
        machines.insert(0, meeting_line(report["awards"]["meeting"]))
    if report["premiere"]:
        machines.append(premiere_line(report["premiere"]))
    if report["filmed"]:
        machines.append(filmed_line(report["filmed"]))
    return {
        "problems": [(sentence(row), proposal(row)) for row in report["warnings"]],
        "gates": gates_of(report),
        "plots": plots_of(report),
        "teams": [
            {
                "heading": team_words.heading(row),
                "lines": list(team_words.lines_of_teams(row)),
                "milestones": [
                    list(zip(team_words.columns(), cells, strict=True))
                    for cells in team_words.milestone_rows(row)
                ],
            }
            for row in (report.get("teams") or {}).get("cohorts", ())
        ],
        "milestone_columns": team_words.columns(),
        "machines": [*machines, *cost_lines(report["cost"])],
        "size": figures(report),
        "pages": [(page_name(row["page"]), honest_ms(row), row["ms"]) for row in report["pages"]],
        "left_out": [left_out(row) for row in report["not_rehearsed"]],
    }


def stage_name(rehearsal: Rehearsal) -> str:
    """What the worker is at, in words."""
    names = {
        "arriving": _("Entries arrive"),
        "awards": _("Awards are given"),
        "premiere": _("The premiere is planned"),
        "teams": _("Teams deliver"),
    }
    if rehearsal.stage in names:
        return names[rehearsal.stage]
    round = rehearsal.edition.rounds.filter(slug=rehearsal.stage).first()
    return say(round.name) if round else _("Getting ready")
