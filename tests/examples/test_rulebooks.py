"""Rulebooks of real contests (docs/examples/rulebooks): real films that pass them and that do not, and why."""

from pathlib import Path

import pytest

from festival.edition.rulebook import Rulebook, sentences
from submissions.inspection.report import Report
from submissions.inspection.runner import inspect_film, rejudge
from submissions.inspection.side_files import read_side_file, with_side_files
from submissions.inspection.subtitle_file import SideFile
from submissions.statement.rules import judge_statement
from tests.examples.cases import CASES, FILMS, FOLDER
from tests.inspection.subtitled import srt

WORDS = {"en": "The lamp goes out, and nobody lights it.", "zh": "灯灭了，没有人再点亮它。"}


def rulebook_of(name: str) -> Rulebook:
    return Rulebook.from_toml((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


class Screening:
    """Films made, inspected from end to end, and kept for the next contest that wants them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reports: dict[str, Report] = {}
        self.files: dict[str, SideFile] = {}

    def report(self, name: str, rulebook: Rulebook) -> Report:
        """What the inspection says of a film by a rulebook. Only the measuring is done once."""
        film, _, language = name.partition(" + ")
        if film not in self.reports:
            folder = self.folder / film.replace(" ", "-")
            folder.mkdir()
            self.reports[film] = inspect_film(FILMS[film](folder), rulebook, folder / "out")
        report = self.reports[film]
        return (
            with_side_files(report, [self.subtitles(language)], rulebook)
            if language
            else rejudge(report, rulebook)
        )

    def subtitles(self, language: str) -> SideFile:
        if language not in self.files:
            path = self.folder / f"{language}.srt"
            path.write_bytes(srt(("00:00:01,000", "00:00:04,000", WORDS[language])))
            self.files[language] = read_side_file(path, language, self.folder)
        return self.files[language]


@pytest.fixture(scope="module")
def screening(tmp_path_factory):
    return Screening(tmp_path_factory.mktemp("films"))


def test_every_rulebook_has_its_films():
    written = {path.stem for path in FOLDER.glob("*.toml") if not path.stem.endswith(".form")}
    assert written == set(CASES)
    assert len({name.removesuffix("-short").removesuffix("-long") for name in CASES}) == 21
    assert all(case.passes and case.fails for case in CASES.values())


@pytest.mark.parametrize("name", CASES)
def test_a_film_passes_and_others_do_not(name, screening):
    rulebook, case = rulebook_of(name), CASES[name]
    for film in case.passes:
        report = screening.report(film, rulebook)
        assert (film, report.verdict, report.findings) == (film, "pass", ())
    for film, broken in case.fails.items():
        report = screening.report(film, rulebook)
        assert (film, sorted(finding.rule for finding in report.findings)) == (film, sorted(broken))


@pytest.mark.parametrize("name", CASES)
def test_one_film_at_least_is_stopped(name, screening):
    """Broken rules that are only told would not be a film that fails."""
    verdicts = {screening.report(film, rulebook_of(name)).verdict for film in CASES[name].fails}
    assert verdicts & {"block", "fix"}


@pytest.mark.parametrize("name", CASES)
def test_a_statement_passes_and_others_do_not(name):
    rulebook, case = rulebook_of(name), CASES[name]
    assert judge_statement(case.stated, rulebook) == ()
    for uses, rule in case.misstated:
        assert [finding.rule for finding in judge_statement(uses, rulebook)] == [rule]
    asks = any(sentence.about_ai for sentence in sentences(rulebook, "en"))
    assert asks == bool(case.misstated)


@pytest.mark.parametrize("name", CASES)
def test_the_rules_are_published_in_both_languages(name):
    english, chinese = (sentences(rulebook_of(name), language) for language in ("en", "zh"))
    assert [(rule.rule, rule.severity) for rule in english] == [
        (rule.rule, rule.severity) for rule in chinese
    ]
    assert english and all(rule.text for rule in (*english, *chinese))


@pytest.mark.parametrize("name", CASES)
def test_the_source_is_named(name):
    head = (FOLDER / f"{name}.toml").read_text(encoding="utf-8").splitlines()[0]
    assert head.startswith("# ") and ":" in head
