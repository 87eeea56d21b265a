"""What the inspector finds of what is there: precision and recall over the planted corpus.

    python -m benchmarks.inspection --truth [--only sound] [--jobs 2]

Times must be met within two frames, those of the sound within 0.05 s, loudness within 0.1 LU and true peak within
0.2 dB. "False" counts what is found and neither planted nor a rightful consequence of what is.
"""

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import av

from benchmarks.cases import Case
from benchmarks.planted import pictures
from benchmarks.planted_files import files
from benchmarks.planted_sound import sounds
from festival.edition.rulebook import IMAGE_FAULTS, SOUND_FAULTS, Rulebook
from submissions.inspection.measure import measure
from submissions.inspection.report import Measurements
from submissions.inspection.rules import judge
from submissions.inspection.synthetic import Planted

CORPORA = {"picture": pictures, "sound": sounds, "file": files}
STRICT = """
[black]
max_seconds = 0.5
[freeze]
max_seconds = 0.75
[silence]
max_seconds = 0.5
[flash]
safe = true
"""
ABOUT = {
    "picture": f"[image]\nfree_of = {json.dumps(IMAGE_FAULTS)}\nmax_still = 0.3\n",
    "sound": f"[audio]\nfree_of = {json.dumps(SOUND_FAULTS)}\nloudness_min = -26\nloudness_max = -12\n"
    "true_peak_max = -1\n",
    "file": "[file]\nfast_start = true\n[video]\nconstant = true\nsquare_pixels = true\nmax_keyframe_seconds = 2.1\n",
}
NEAR_LUFS, NEAR_PEAK = 0.1, 0.2


@dataclass(slots=True)
class Outcome:
    """What came of one film: rules found, found in time, found wrongly, and the cuts."""

    case: Case
    found: set[str] = field(default_factory=set)
    timely: set[str] = field(default_factory=set)
    false: dict[str, list[float]] = field(default_factory=dict)
    cuts: int = 0
    seen: int = 0
    wrong: int = 0
    levels_off: tuple[float, float] = (0.0, 0.0)
    told: list[str] = field(default_factory=list)


def rulebook(kind: str) -> Rulebook:
    """What the films of one corpus are judged by; the other two are not asked about."""
    return Rulebook.from_toml(STRICT + ABOUT[kind])


def look_at(path: Path, folder: Path) -> Measurements:
    """Measure a film in this process."""
    return measure(path, folder, lambda *_: None, still_after={}, most_frames=60_000)[0]


def found_in(film: Measurements, kind: str) -> dict[str, list[float]]:
    """What was found, by name, with its first start and last end."""
    found: dict[str, list[float]] = {}
    for finding in judge(film, rulebook(kind))[1]:
        name = str(finding.measured) if finding.rule == "interlaced" else finding.rule
        found[name] = [finding.times[0][0], finding.times[-1][1]] if finding.times else []
    if film.picture and kind == "picture":
        if film.picture.bars.kind in ("letterbox", "pillarbox"):
            found[film.picture.bars.kind] = []
        if film.picture.opening_text:
            found["opening_text"] = []
    return found


def try_case(task: tuple[str, Case]) -> Outcome:
    """Make one film, inspect it, and say what came of it."""
    kind, case = task
    av.logging.set_level(None)
    outcome = Outcome(case)
    with tempfile.TemporaryDirectory(prefix="truth-") as name:
        folder = Path(name)
        path, planted = case.make(folder)
        film = look_at(path, folder)
    found = found_in(film, kind)
    wanted = case.rules
    if "container" in wanted and film.file.container not in ("mp4", "mov"):
        found["container"] = []
    outcome.found = wanted & set(found)
    outcome.timely = {rule for rule in outcome.found if _on_time(case, planted, rule, found[rule])}
    outcome.false = {rule: found[rule] for rule in set(found) - wanted - case.also}
    _hear(outcome, film)
    if kind == "picture" and case.clean and film.shots:
        _cuts(outcome, planted, film.shots.cuts)
    for rule in wanted - outcome.timely:
        outcome.told.append(f"missed {rule} {found.get(rule)}: {planted.faults} {case}")
    for rule, times in outcome.false.items():
        outcome.told.append(f"false {rule} {times}: {planted.faults} {case}")
    return outcome


def _on_time(case: Case, planted: Planted, rule: str, times: list[float]) -> bool:
    truth = case.times(planted)
    if truth is None or not times:
        return True
    slack = case.grain(planted)
    close = abs(times[0] - truth[0]) <= slack
    return close and (rule == "changing_bars" or truth[1] is None or abs(times[1] - truth[1]) <= slack)


def _hear(outcome: Outcome, film: Measurements) -> None:
    """Hold loudness and true peak against what the film was made with."""
    lufs, dbtp = outcome.case.levels
    heard = film.audio
    if heard is None or heard.integrated_lufs is None or heard.true_peak_dbtp is None:
        return
    off = (
        abs(heard.integrated_lufs - lufs) if lufs is not None else 0.0,
        abs(heard.true_peak_dbtp - dbtp) if dbtp is not None else 0.0,
    )
    outcome.levels_off = off
    if off[0] > NEAR_LUFS or off[1] > NEAR_PEAK:
        outcome.told.append(f"levels off by {off}: {outcome.case}")
        outcome.timely.clear()


def _cuts(outcome: Outcome, planted: Planted, told: Iterable[float]) -> None:
    near, cuts = 1.5 / float(planted.fps), list(told)
    outcome.cuts = len(planted.cuts)
    outcome.seen = sum(any(abs(cut - each) <= near for each in cuts) for cut in planted.cuts)
    outcome.wrong = sum(not any(abs(cut - each) <= near for each in planted.cuts) for cut in cuts)
    if outcome.wrong or outcome.seen < outcome.cuts:
        outcome.told.append(f"cuts {planted.cuts} told as {cuts}: {outcome.case}")


def outcomes(only: str | None, jobs: int) -> Iterator[tuple[str, Outcome]]:
    """Try every case of the corpora asked for, in processes of their own."""
    tasks = [(kind, case) for kind, cases in CORPORA.items() if only in (None, kind) for case in cases()]
    with ProcessPoolExecutor(jobs) as pool:
        for (kind, _), outcome in zip(tasks, pool.map(try_case, tasks)):
            for line in outcome.told:
                print(line, file=sys.stderr, flush=True)
            yield kind, outcome


def truth(only: str | None = None, jobs: int = 2) -> list[str]:
    """The table of precision and recall."""
    planted: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    timely: Counter[str] = Counter()
    false: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    films: Counter[str] = Counter()
    clean: Counter[str] = Counter()
    cuts = seen = wrong = 0
    off = [0.0, 0.0]
    for kind, outcome in outcomes(only, jobs):
        films[kind] += 1
        clean[kind] += outcome.case.clean
        planted.update(outcome.case.rules)
        hit.update(outcome.found)
        timely.update(outcome.timely)
        false[outcome.case.clean].update(outcome.false.keys())
        cuts, seen, wrong = cuts + outcome.cuts, seen + outcome.seen, wrong + outcome.wrong
        off = [max(pair) for pair in zip(off, outcome.levels_off)]
    counted = ", ".join(f"{films[kind]} of {kind} ({clean[kind]} clean)" for kind in films)
    lines = [
        f"{films.total()} films: {counted}. Loudness was off by at most {off[0]:.2f} LU, true peak by {off[1]:.2f} dB.",
        "",
        "| detector | planted | found | on time | false on clean films | false beside other faults |",
        "|---|---|---|---|---|---|",
    ]
    for rule in sorted(planted | false[True] | false[False]):
        wrongly = f"{false[True][rule]} | {false[False][rule]}"
        lines.append(f"| {rule} | {planted[rule]} | {hit[rule]} | {timely[rule]} | {wrongly} |")
    lines.append(f"| cuts | {cuts} | {seen} | {seen} | {wrong} | – |")
    total = planted.total()
    found, wrong_ones = hit.total(), sum(each.total() for each in false.values())
    recall, on_time = (count / max(total, 1) for count in (found, timely.total()))
    precision, quiet = found / max(found + wrong_ones, 1), 1 - false[True].total() / max(clean.total(), 1)
    said = f"Recall {recall:.3f}, on time {on_time:.3f}, precision {precision:.3f}; clean films left alone {quiet:.3f}."
    return [*lines, "", said]
