"""`python -m submissions.inspection FILM... [--rulebook R.toml] [--json] [--stills DIR] [--language en|zh]`
`python -m submissions.inspection FILM --subtitles FILE.srt:zh --subtitles FILE.ass:en`
`python -m submissions.inspection --fence`

Prints a report for each film. `--subtitles` puts subtitle files beside the one film, each with its language, and judges
them with it. Ends with 0 when all pass (with or without notes), 1 when one needs mending or is blocked, 2 when one is
unreadable or the command itself cannot work. `--fence` tries the guards around the process that opens a film, prints
which hold on this machine, and ends with 0 when all do, else 1.
"""

import argparse
import hashlib
import json
import re
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from festival.edition.rulebook import Rulebook, RulebookError
from festival.edition.rulebook_default import DEFAULT
from festival.edition.rulebook_words import (
    LANGUAGES,
    bytes_text,
    duration_text,
    number_text,
    rate_number,
    size_text,
)
from submissions.inspection.cures import cure_command, mend_command
from submissions.inspection.guards import try_fence
from submissions.inspection.report import Report
from submissions.inspection.runner import CancelledError, ChildError, inspect_film
from submissions.inspection.side_files import read_side_file, with_side_files
from submissions.inspection.subtitle_file import FILE, SideFile
from submissions.inspection.subtitle_words import refusal_text
from submissions.inspection.subtitles import SubtitleError
from submissions.inspection.words import Words, describe, describe_problem

VERDICTS = {
    "pass": ("passed", "通过"),
    "note": ("passed, with notes", "通过，有提示"),
    "fix": ("to be mended", "需修改"),
    "block": ("cannot be accepted as it is", "无法接收"),
    "unreadable": ("unreadable", "无法读取"),
}
STATUS = {"pass": 0, "note": 0, "fix": 1, "block": 1, "unreadable": 2}


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m submissions.inspection", description="Inspects films.")
    parser.add_argument("films", nargs="*", type=Path, metavar="FILM")
    parser.add_argument(
        "--rulebook", type=Path, metavar="R.toml", help="judge by this rulebook, not the default"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object per film and line")
    parser.add_argument("--stills", type=Path, metavar="DIR", help="keep contact sheet and stills here")
    parser.add_argument(
        "--trust",
        type=Path,
        metavar="PEM",
        help="certificates of those whose content credentials are trusted",
    )
    parser.add_argument(
        "--subtitles",
        action="append",
        default=[],
        metavar="FILE[:LANG]",
        help="a subtitle file beside the film and its language, such as film.srt:zh; may be given several times",
    )
    parser.add_argument("--language", choices=LANGUAGES, default="en")
    parser.add_argument(
        "--fence", action="store_true", help="try which guards around a film hold on this machine"
    )
    asked = parser.parse_args(arguments)
    if asked.fence:
        trial = try_fence()
        print(trial.text(asked.language))
        return 1 if trial.open or trial.missing else 0
    if not asked.films:
        parser.error("name at least one film")
    if asked.subtitles and len(asked.films) > 1:
        parser.error("subtitle files belong to one film: name one")
    rulebook = DEFAULT
    if asked.rulebook:
        try:
            rulebook = Rulebook.from_toml(asked.rulebook.read_text(encoding="utf-8"))
        except RulebookError as error:
            print(*error.sentences(asked.language), sep="\n", file=sys.stderr)
            return 2
        except (OSError, UnicodeDecodeError) as error:
            print(f"{asked.rulebook}: {error}", file=sys.stderr)
            return 2
    trust = ""
    if asked.trust:
        try:
            trust = asked.trust.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            print(f"{asked.trust}: {error}", file=sys.stderr)
            return 2
        if "-----BEGIN CERTIFICATE-----" not in trust:
            print(f"{asked.trust}: no certificate in PEM form", file=sys.stderr)
            return 2
    worst = 0
    with tempfile.TemporaryDirectory(prefix="inspection-") as scratch:
        for number, film in enumerate(asked.films, 1):
            folder = asked.stills or Path(scratch)
            if asked.stills and len(asked.films) > 1:
                folder = asked.stills / f"{number:03}-{film.stem}"
            try:
                progress = _progress(film) if sys.stderr.isatty() else None
                beside = _side_files(asked.subtitles, folder, asked.language)
                report = inspect_film(film, rulebook, folder, progress, sha256=_sha256(film), trust=trust)
            except (CancelledError, KeyboardInterrupt):
                return 130
            except _UnusableError as error:
                print(error, file=sys.stderr)
                return 2
            if beside:
                report = with_side_files(report, beside, rulebook)
            if sys.stderr.isatty():
                print("\r\x1b[K", end="", file=sys.stderr)
            worst = max(worst, STATUS[report.verdict])
            print(
                json.dumps(_as_json(film, report, asked.language), ensure_ascii=False)
                if asked.json
                else _text(film, report, asked.language)
            )
            sys.stdout.flush()
    return worst


def _sha256(film: Path) -> str:
    """Of the bytes as they are; empty for what cannot be read, which the inspection then says in words."""
    if not film.is_file():  # a pipe would be waited for
        return ""
    try:
        with film.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return ""


class _UnusableError(Exception):
    """A subtitle file that cannot be used, in a sentence."""


def _side_files(given: list[str], folder: Path, language: str) -> list[SideFile]:
    """Read each FILE[:LANG]; the WebVTT of each goes into `folder` as subtitles-beside-N.vtt. Raises _UnusableError."""
    files = []
    for number, text in enumerate(given, 1):
        name, colon, spoken = text.rpartition(":")
        if not colon or not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", spoken):
            name, spoken = text, ""
        try:
            found = read_side_file(name, spoken, folder)
        except SubtitleError as error:
            raise _UnusableError(f"{name}: {refusal_text(error.code, language)}") from None
        except ChildError as error:
            raise _UnusableError(f"{name}: {refusal_text(error.problem.code, language)}") from None
        except OSError as error:
            raise _UnusableError(f"{name}: {error.strerror}") from None
        file = f"subtitles-beside-{number}.vtt"
        (folder / FILE).replace(folder / file)
        files.append(replace(found, facts=replace(found.facts, file=file)))
    return files


def _progress(film: Path) -> Any:
    def show(_stage: str, share: float | None) -> None:
        print(
            f"\r\x1b[K{film.name} {'…' if share is None else f'{share:.0%}'}",
            end="",
            file=sys.stderr,
            flush=True,
        )

    return show


def _as_json(film: Path, report: Report, language: str) -> dict[str, Any]:
    said = {"name": str(film), **report.as_dict()}
    for finding, form in zip(report.findings, said["findings"]):
        words = describe(finding, language)
        form |= {"title": words.title, "detail": words.detail, "cure": words.cure}
        form["cure_command"] = report.measurements and cure_command(finding, report.measurements, film.name)
    if report.measurements:
        said["cure_command"] = mend_command(report.findings, report.measurements, film.name)
    if report.problem:
        words = describe_problem(report.problem.code, report.problem.values, language)
        said["problem"] |= {"title": words.title, "detail": words.detail, "cure": words.cure}
    return said


def _text(film: Path, report: Report, language: str) -> str:
    lines = [f"{film}: {VERDICTS[report.verdict][LANGUAGES.index(language)]}"]
    if report.video and report.file:
        video, audio = report.video, report.audio
        facts = [
            duration_text(video.duration, language),
            size_text(video.width, video.height),
            f"{rate_number(video.frame_rate)} fps",
            f"{report.file.container}/{video.codec}" + (f"/{audio.codec}" if audio else ""),
            bytes_text(report.file.bytes),
        ]
        if audio and audio.integrated_lufs is not None and audio.true_peak_dbtp is not None:
            facts.append(
                f"{number_text(audio.integrated_lufs, 1)} LUFS, {number_text(audio.true_peak_dbtp, 1)} dBTP"
            )
        lines.append("  " + " · ".join(facts))
    entries: list[tuple[str, Words]] = [
        (finding.severity, describe(finding, language)) for finding in report.findings
    ]
    if report.problem:
        entries.append(("unreadable", describe_problem(report.problem.code, report.problem.values, language)))
    for severity, words in entries:
        lines += [f"  [{severity}] {words.title}", f"      {words.detail}", f"      {words.cure}"]
    if report.measurements and (command := mend_command(report.findings, report.measurements, film.name)):
        lines.append(f"  {command}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
