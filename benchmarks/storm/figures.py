"""What a storm cost, from its ledger, its kills and the verdict."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.storm.killer import Kill
from benchmarks.storm.ledger import Line
from benchmarks.storm.plan import Plan

MB, GB = 1e6, 1e9
WEB_STANDS_ON = ("web worker", "web", "database", "bucket")
RAISED = re.compile(r"^[\w.]+(?:Error|Exception|Closed|Refused|Timeout|Interrupt)\b[^\n]{0,100}")


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds and most bytes of memory, by role."""

    cpu: dict[str, float]
    memory: dict[str, int]
    crowd_cpu: float


@dataclass(frozen=True, slots=True)
class Storm:
    """Everything that is known of one storm when it is over."""

    plan: Plan
    lines: list[Line]
    kills: list[Kill]
    cost: Cost
    verdict: dict[str, Any]
    over: float  # when the last entrant of the storm had gone, seconds since 1970
    raised: Counter[str]

    def rows(self) -> list[tuple[str, str]]:
        """What the table says: name and value."""
        lines, found, plan = self.lines, self.verdict, self.plan
        asked = [line for line in lines if line.what in ASKED]
        parts = [line for line in asked if line.what == "part" and line.good]
        storm = [line for line in parts if line.heard <= self.over]
        seconds = max(line.heard for line in storm) - min(line.sent for line in storm)
        size = sum(line.size for line in storm)
        total = sum(self.cost.cpu.values()) + self.cost.crowd_cpu
        complete = [line.took for line in asked if line.what == "complete" and line.good]
        after = {
            line.upload for line in asked if line.what == "complete" and line.good and line.heard > plan.due
        }
        memory = (f"{self.cost.memory.get(role, 0) / MB:.0f} MB" for role in ("web", "work"))
        inspections = sum(found["inspections"].values())
        return [
            ("entrants, and uploads open at the same moment", f"{len(plan.people)}, {open_at_once(lines)}"),
            ("acknowledged parts", f"{len(parts)} ({sum(line.size for line in parts) / GB:.2f} GB)"),
            ("while the storm lasted", f"{len(storm) / seconds:.0f} parts/s, {size / MB / seconds:.1f} MB/s"),
            ("the busiest second", f"{busiest(storm) / MB:.0f} MB/s"),
            ("requests, of them again", f"{len(asked)}, {sum(line.again > 0 for line in asked)}"),
            ("films acknowledged, of them after the deadline", f"{found['acknowledged']}, {len(after)}"),
            ("refused: begun after the deadline", str(found["late"])),
            ("entries submitted", str(found["submitted"])),
            ("complete, p50 and p95", f"{1000 * median(complete):.0f} ms, {1000 * p95(complete):.0f} ms"),
            ("answers 5xx, by cause", by_cause(line.code for line in asked if line.status >= 500)),
            ("errors in the web server's log", by_cause(self.raised.elements())),
            ("broken lines, by cause", by_cause(line.code for line in asked if not line.status)),
            ("kills", by_cause(kill.what for kill in self.kills)),
            *self.recoveries(),
            ("memory at most: web, workers", ", ".join(memory)),
            ("web, CPU s a GB acknowledged", f"{self.cost.cpu['web'] / (sum(line.size for line in parts) / GB):.1f}"),
            ("web, CPU ms a request", f"{1000 * self.cost.cpu['web'] / len(asked):.1f}"),
            ("workers, CPU s a film", f"{self.cost.cpu['work'] / max(1, inspections):.2f}"),
            ("the crowd's share of all CPU", f"{100 * self.cost.crowd_cpu / total:.1f} %"),
            ("all films stored, after the last was acknowledged", f"{self.after_last(found['stored']):.0f} s"),
            ("all films inspected, after that", f"{self.after_last(found['finished']):.0f} s"),
            ("inspections", by_cause(name for name, count in found["inspections"].items() for _ in range(count))),
            ("acknowledged parts of unfinished uploads, all there", str(found["kept_parts"])),
            ("left in spool or staging: before the sweep, after it", f"{found['left_before_sweep']}, 0"),
        ]  # fmt: skip

    def after_last(self, moments: Sequence[float]) -> float:
        last = max(line.heard for line in self.lines if line.what == "complete" and line.good)
        return max(0.0, max(moments, default=last) - last)

    def recoveries(self) -> list[tuple[str, str]]:
        """Seconds from a kill to the first thing that went well after it: a request sent later, or a film."""
        served = sorted(
            (line.sent, line.heard)
            for line in self.lines
            if line.good and line.what in ASKED and not line.store
        )
        stored = sorted((line.sent, line.heard) for line in self.lines if line.good and line.store)
        worked = sorted([*self.verdict["stored"], *self.verdict["finished"]])
        rows = []
        for what in sorted({kill.what for kill in self.kills}):
            waits = []
            for kill in self.kills:
                if kill.what != what:
                    continue
                if what == "bucket":
                    waits += first_after(kill.at, stored)
                elif what in WEB_STANDS_ON:
                    waits += first_after(kill.at, served)
                else:
                    waits += [moment - kill.at for moment in worked[bisect_right(worked, kill.at) :][:1]]
            if waits:
                rows.append(
                    (f"well again after {what}: median, worst", f"{median(waits):.1f} s, {max(waits):.1f} s")
                )
        return rows


ASKED = ("page", "create", "sign", "part", "list", "complete", "abort", "submit")


def first_after(at: float, moments: list[tuple[float, float]]) -> list[float]:
    """Seconds from `at` to the first good answer to something that was sent later."""
    heard = [done for sent, done in moments if sent > at]
    return [min(heard) - at] if heard else []


def p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20)[-1] if len(values) > 1 else max(values)


def open_at_once(lines: Iterable[Line]) -> int:
    """The most uploads that were begun and not yet over."""
    begun: dict[str, float] = {}
    ended: dict[str, float] = {}
    for line in lines:
        if line.good and line.what == "create":
            begun.setdefault(line.upload, line.heard)
        if line.good and line.what in ("complete", "abort"):
            ended.setdefault(line.upload, line.heard)
    moments = [(at, 1) for at in begun.values()] + [(at, -1) for at in ended.values()]
    now = most = 0
    for _at, change in sorted(moments):
        now += change
        most = max(most, now)
    return most


def busiest(parts: Iterable[Line]) -> float:
    """Bytes acknowledged in the busiest second."""
    seconds: Counter[int] = Counter()
    for line in parts:
        seconds[int(line.heard)] += line.size
    return max(seconds.values(), default=0)


def by_cause(causes: Iterable[str]) -> str:
    counted = Counter(causes)
    return ", ".join(f"{count} {cause}" for cause, count in counted.most_common()) or "none"


def raised(log: Path) -> Counter[str]:
    """The exceptions that ended a request, by what they said, from a web server's log."""
    found: Counter[str] = Counter()
    within = False
    for line in log.read_text(errors="replace").splitlines() if log.exists() else ():
        if "Internal Server Error: " in line:
            within = True
        elif within and (said := RAISED.match(line)):
            last, within = said[0], False
            found[last] += 1
    return found


def table(storms: Sequence[tuple[str, Storm]]) -> str:
    """One column for each set-up."""
    rows: dict[str, list[str]] = {}
    for place, (_name, storm) in enumerate(storms):
        for name, value in storm.rows():
            rows.setdefault(name, ["–"] * len(storms))[place] = value
    head = ["", *(name for name, _storm in storms)]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join(lines + [f"| {' | '.join([name, *cells])} |" for name, cells in rows.items()])
