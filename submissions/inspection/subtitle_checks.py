"""What is wrong with subtitles: times, reading speed, lines, language. Limits after common streaming style guides.

Chinese, Japanese and Korean are counted in whole characters (Latin letters and figures among them as halves), other
scripts in characters with spaces. A line is judged by its own script, so a bilingual cue is read in one language.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from submissions.inspection.facts import SubtitleFacts, SubtitleIssue

MOST_LINES = 2
SHORTEST, LONGEST = 5 / 6, 7.5  # seconds that a cue stands
BEYOND = 0.5  # seconds after the film's last frame
OVERLAP = 0.05
MOST_TIMES = 5

# script: (characters a second, characters a line)
LIMITS: dict[str, tuple[float, float]] = {
    "zh": (9, 16), "ja": (4, 13), "ko": (12, 16), "latin": (20, 42), "ru": (17, 42), "ar": (17, 42), "th": (17, 42),
}  # fmt: skip
TOLERANCE = 1.25  # style guides are targets; a finding is what is well beyond

_SCRIPTS = {
    "han": re.compile(r"[\u3400-\u9fff\uf900-\ufaff]"),
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7a3]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "latin": re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
}
# Codes of three letters beside their code of two, and the writing of each.
_SAME = {
    "chi": "zh", "zho": "zh", "cmn": "zh", "yue": "zh", "jpn": "ja", "kor": "ko", "rus": "ru", "ara": "ar", "tha": "th",
    "eng": "en", "fre": "fr", "fra": "fr", "ger": "de", "deu": "de", "spa": "es", "ita": "it", "por": "pt", "dut": "nl",
    "nld": "nl", "pol": "pl", "swe": "sv", "vie": "vi", "ind": "id",
}  # fmt: skip
_WRITTEN = {"zh": "zh", "ja": "ja", "ko": "ko", "ru": "ru", "ar": "ar", "th": "th"}
_SCRIPT_OF = {
    code: _WRITTEN.get(two, "latin")
    for code, two in [*_SAME.items(), *((two, two) for two in _SAME.values())]
}


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle: plain text from `start` to `end`, seconds."""

    start: float
    end: float
    text: str


def check_cues(
    cues: Sequence[Cue],
    *,
    form: str,
    place: Literal["inside", "beside"],
    encoding: str = "",
    language: str = "",
    film_seconds: float | None = None,
    malformed: int = 0,
) -> SubtitleFacts:
    """The facts of one track, with every issue that was found."""
    guessed = guess_language(cue.text for cue in cues)
    issues: list[SubtitleIssue] = []

    def note(
        code: str,
        found: Iterable[Cue],
        measure: Callable[[Cue], float] | None = None,
        limit: float | None = None,
        worst: Callable[[list[float]], float] = max,
    ) -> None:
        places = list(found)
        if places:
            measured = round(worst([measure(cue) for cue in places]), 2) if measure else None
            times = tuple((round(cue.start, 3), round(cue.end, 3)) for cue in places[:MOST_TIMES])
            issues.append(SubtitleIssue(code, len(places), measured, limit, times))

    pairs = list(pairwise(cues))
    standing = [cue for cue in cues if cue.end > cue.start]
    if malformed:
        issues.append(SubtitleIssue("malformed", malformed))
    if encoding not in ("", "utf-8"):
        issues.append(SubtitleIssue("encoding", 1))
    if language and guessed and not fits_writing(language, guessed):
        issues.append(SubtitleIssue("language", 1))
    note("empty", (cue for cue in cues if not cue.text))
    note("backwards", (cue for cue in cues if cue.end <= cue.start))
    if form != "ass":  # in ASS, signs may stand beside speech, and in any order
        note("order", (after for before, after in pairs if after.start < before.start))
        in_order = sorted(standing, key=lambda cue: cue.start)
        note(
            "overlap",
            (after for before, after in pairwise(in_order) if before.end - after.start > OVERLAP),
        )
    if film_seconds is not None:
        late = [cue for cue in standing if cue.end > film_seconds + BEYOND]
        note("beyond", late, lambda cue: cue.end, round(film_seconds, 2))
    spoken = [cue for cue in standing if cue.text]
    note("short", (c for c in spoken if c.end - c.start < SHORTEST - 0.01), _length, round(SHORTEST, 2), min)
    note("long", (c for c in spoken if c.end - c.start > LONGEST), _length, LONGEST)
    speeds = [(cue, *_speed(cue)) for cue in spoken]
    fast = [(cue, speed, limit) for cue, speed, limit in speeds if speed > limit * TOLERANCE]
    if fast:
        worst = max(fast, key=lambda item: item[1] / item[2])
        places = tuple((round(cue.start, 3), round(cue.end, 3)) for cue, _, _ in fast[:MOST_TIMES])
        issues.append(SubtitleIssue("fast", len(fast), round(worst[1], 1), worst[2], places))
    wide = [(cue, *_widest(cue)) for cue in spoken]
    over = [(cue, width, limit) for cue, width, limit in wide if width > limit * TOLERANCE]
    if over:
        worst = max(over, key=lambda item: item[1] / item[2])
        places = tuple((round(cue.start, 3), round(cue.end, 3)) for cue, _, _ in over[:MOST_TIMES])
        issues.append(SubtitleIssue("wide", len(over), worst[1], worst[2], places))
    note("lines", (c for c in spoken if _lines(c) > MOST_LINES), lambda cue: float(_lines(cue)), MOST_LINES)
    return SubtitleFacts(
        form=form,
        place=place,
        encoding=encoding,
        language=language[:35],
        guessed=guessed,
        cues=len(cues),
        start=round(min((cue.start for cue in cues), default=0.0), 3) if cues else None,
        end=round(max((cue.end for cue in cues), default=0.0), 3) if cues else None,
        reading_speed=round(max((speed for _, speed, _ in speeds), default=0.0), 1) if speeds else None,
        line_length=max((width for _, width, _ in wide), default=None),
        lines=max((_lines(cue) for cue in spoken), default=0),
        issues=tuple(issues),
    )


def script_of(text: str) -> str:
    """zh, ja, ko, ru, ar, th or latin; latin for a text without letters."""
    counts = {name: len(pattern.findall(text)) for name, pattern in _SCRIPTS.items()}
    if counts["ja"] and counts["ja"] * 8 >= counts["han"]:
        return "ja"
    counts["zh"] = counts.pop("han") * 2  # a character is a word, or half of one
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else "latin"


def guess_language(texts: Iterable[str]) -> str:
    """The main script of all cues, Chinese told apart by characters that only one of its two scripts has."""
    text = "\n".join(texts)
    if len(_SCRIPTS["latin"].findall(text)) < 10 and not re.search(r"[^\W\d_]", text):
        return ""
    script = script_of(text)
    if script != "zh":
        return script
    han = _SCRIPTS["han"].findall(text)
    traditional = sum(not _has(char, "gb2312") for char in han)
    simplified = sum(not _has(char, "big5") for char in han)
    if traditional == simplified:
        return "zh"
    return "zh-Hant" if traditional > simplified else "zh-Hans"


def _has(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def fits_writing(declared: str, guessed: str) -> bool:
    """Whether a declared language can look like this. Unknown languages fit anything."""
    parts = re.split(r"[-_]", declared.strip().lower())
    expected = _SCRIPT_OF.get(parts[0])
    if expected is None:
        return True
    if guessed.split("-")[0] != expected:
        return False
    if guessed == "zh-Hans":
        return not {"hant", "tw", "hk", "mo"} & set(parts)
    if guessed == "zh-Hant":
        return not {"hans", "cn", "sg"} & set(parts)
    return True


def fits_language(declared: str, code: str) -> bool:
    """Whether a declared language ("zho", "zh-CN", "eng") is the one of this code ("zh", "en")."""
    first, wanted = (re.split(r"[-_]", text.strip().lower())[0] for text in (declared, code))
    return first == wanted or (first in _SAME and _SAME.get(first) == _SAME.get(wanted, wanted))


def two_letters(code: str) -> str:
    """A language's code of two letters for one of three; any other as it is."""
    return _SAME.get(code, code)


def width_of(line: str, script: str) -> float:
    """Characters as a reader counts them."""
    if script not in ("zh", "ja", "ko"):
        return float(len(line))
    return sum(1.0 if char > "\u2e7f" else 0.5 for char in line)


def _speed(cue: Cue) -> tuple[float, float]:
    """Characters a second of the script that is hardest pressed, and its limit."""
    by_script: dict[str, float] = {}
    for line in cue.text.split("\n"):
        script = script_of(line)
        by_script[script] = by_script.get(script, 0.0) + width_of(line, script)
    seconds = max(cue.end - cue.start, 0.001)
    script, width = max(by_script.items(), key=lambda item: item[1] / LIMITS[item[0]][0])
    return width / seconds, LIMITS[script][0]


def _widest(cue: Cue) -> tuple[float, float]:
    widths = [(width_of(line, script := script_of(line)), LIMITS[script][1]) for line in cue.text.split("\n")]
    return max(widths, key=lambda pair: pair[0] / pair[1])


def _lines(cue: Cue) -> int:
    """Lines that stand at once; two languages have two lines each."""
    lines = cue.text.split("\n")
    scripts = [script_of(line) for line in lines]
    return max(scripts.count(script) for script in set(scripts))


def _length(cue: Cue) -> float:
    return cue.end - cue.start
