"""An entry's AI statement for reading: its lines, what the rules miss in it, and the film's own word beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from festival.edition.models import Edition
from festival.edition.rulebook import Rulebook
from festival.edition.tools import Catalogue, joined, stage_title
from festival.kit.words import short_language
from submissions.acceptance import GRAVE
from submissions.inspection.facts import C2pa, Provenance
from submissions.inspection.report import read
from submissions.inspection.words import Words
from submissions.models import Entry, Inspection, ToolUse
from submissions.statement.comparison import Remark, compare, named_in_file
from submissions.statement.facts import Use
from submissions.statement.lines import lines_of
from submissions.statement.rules import judge_statement
from submissions.statement.words import describe_remark, describe_statement, kind_name

TONES = {"differs": "fix", "agrees": "pass", "information": "note"}


@dataclass(frozen=True, slots=True)
class StatementFindingView:
    """A rule that the statement breaks, in words."""

    rule: str
    tone: str
    label: str
    words: Words

    @property
    def grave(self) -> bool:
        """Whether a draft with it cannot be submitted."""
        return self.tone in GRAVE

    @property
    def sentence(self) -> str:
        """The finding in a list of what is missing."""
        stop = "。" if short_language() == "zh" else ". "
        return f"{self.words.title}{stop}{self.words.detail}"


@dataclass(frozen=True, slots=True)
class StatementView:
    """For templates/_statement.html."""

    lines: list[dict[str, Any]]
    findings: list[StatementFindingView]


@dataclass(frozen=True, slots=True)
class RemarkView:
    """One result of the comparison: badge, title, what it means."""

    code: str
    tone: str
    label: str
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class OriginView:
    """For templates/_origin.html: what the file says, what the statement says, and how they compare."""

    facts: list[tuple[str, str]]
    lines: list[dict[str, Any]]
    remarks: list[RemarkView]


@lru_cache(maxsize=32)
def _read_rulebook(text: str) -> Rulebook:
    return Rulebook.from_toml(text)


def rulebook_of(edition: Edition) -> Rulebook:
    """The edition's rulebook; read once for each text."""
    return _read_rulebook(edition.rulebook)


def uses_of(entry: Entry) -> tuple[Use, ...]:
    """The statement's lines. One query, or none for an entry that was fetched with its `tool_uses`."""
    return tuple(row.as_use for row in entry.tool_uses.all())


def use_text(use: Use, catalogue: Catalogue) -> str:
    """A line of the statement in one line of text: "Image: Kling 2.1 60%"."""
    language = short_language()
    named = " ".join(filter(None, (use.tool_name(catalogue, language), use.version)))
    share = f" {use.share}%" if use.share else ""
    return f"{stage_title(use.stage, language)}: {_('No AI') if use.no_ai else named}{share}"


def statement_lines(entry_id: int, rulebook: str) -> list[dict[str, Any]]:
    """The lines of an entry's statement, its tools named by the edition's rulebook. One query."""
    rows = ToolUse.objects.filter(entry_id=entry_id).order_by("position")
    return lines_of((row.as_use for row in rows), _read_rulebook(rulebook).tools)


def statement_of(entry: Entry) -> StatementView:
    """The statement judged by today's rulebook; no inspection has a part in it."""
    rulebook, uses = rulebook_of(entry.edition), uses_of(entry)
    labels = {"block": _("Blocks"), "fix": _("To be mended"), "note": _("Note")}
    language = short_language()
    findings = [
        StatementFindingView(
            each.rule,
            each.severity,
            labels[each.severity],
            describe_statement(each, rulebook.tools, language),
        )
        for each in judge_statement(uses, rulebook)
    ]
    return StatementView(lines_of(uses, rulebook.tools), findings)


def missing_in_statement(entry: Entry) -> list[str]:
    """What keeps a draft's statement from being complete, one sentence each."""
    grave = [finding.sentence for finding in statement_of(entry).findings if finding.grave]
    return [*unsaid_in_statement(entry, alone=not grave), *grave]


def unsaid_in_statement(entry: Entry, *, alone: bool = True) -> list[str]:
    """Lines that say too little, whatever the rules ask; and, where that is `alone`, that nothing is said at all."""
    uses = uses_of(entry)
    if alone and not uses and not entry.ai_statement.strip():
        return [_("Say which AI tools you used, and what a person did.")]
    return [
        _("Line %(number)s of the AI statement lacks its stage or its tool.") % {"number": number}
        for number, use in enumerate(uses, 1)
        if not use.complete
    ]


def origin_of(inspection: Inspection | None, entry: Entry) -> OriginView | None:
    """The film's own word beside its entrant's; None while nothing was read from a film."""
    if inspection is None or not inspection.report.get("video"):
        return None
    provenance, tags = _read(
        inspection.report.get("provenance"), (inspection.report.get("file") or {}).get("tags")
    )
    if provenance is None:
        return None
    catalogue, uses, language = rulebook_of(entry.edition).tools, uses_of(entry), short_language()
    remarks = [
        RemarkView(
            remark.code,
            TONES[remark.kind],
            kind_name(remark.kind, language),
            *describe_remark(remark, catalogue, language),
        )
        for remark in compare(provenance, uses, catalogue, tags=tags)
    ]
    named = named_in_file(provenance, tags, catalogue)
    names = joined((each.tool.said(language) if each.tool else each.name for each in named), language)
    facts = [*_facts(provenance), *([(_("Tools named"), names)] if names else [])]
    return OriginView(facts, lines_of(uses, catalogue), remarks)


def remarks_on(provenance: Any, tags: Any, uses: Sequence[Use], catalogue: Catalogue) -> tuple[Remark, ...]:
    """The comparison with what a report has stored; empty where that cannot be read."""
    said, texts = _read(provenance, tags)
    return compare(said, uses, catalogue, tags=texts) if said else ()


def _read(provenance: Any, tags: Any) -> tuple[Provenance | None, dict[str, str]]:
    """Origin and tags of a stored report; no origin where there is none, or another engine wrote it."""
    if not isinstance(provenance, Mapping):
        return None, {}
    try:
        return read(Provenance, dict(provenance)), dict(tags or {})
    except ValueError:
        return None, {}


def _facts(provenance: Provenance) -> Iterator[tuple[str, str]]:
    label = provenance.aigc
    grades = {
        "conformant": _("There, as the standard says"),
        "readable": _("There and readable, though not as the standard says"),
        "broken": _("There, but it cannot be understood"),
        "absent": _("None"),
    }
    yield _("AI label"), _with(grades[label.grade], label.producer)
    states = {
        "absent": _("None"),
        "remote": _("Kept elsewhere; nothing is fetched"),
        "unread": _("There, but they cannot be read"),
        "tampered": _("They do not fit the file"),
        "valid": _("Whole, the signer is not known here"),
        "trusted": _("Whole, the signer is known"),
    }
    yield _("Content credentials"), _with(states[provenance.c2pa.state], provenance.c2pa.issuer)
    if steps := _steps(provenance.c2pa):
        yield _("Steps they record"), steps
    if provenance.source_type:
        yield _("Digital source type"), provenance.source_type
    if provenance.creator_tool:
        yield _("Creator tool"), provenance.creator_tool


def _with(text: str, more: str) -> str:
    return f"{text} · {more}" if more else text


def _steps(c2pa: C2pa) -> str:
    """Actions of the credentials as they stand there, each once: "c2pa.created (Kling, trainedAlgorithmicMedia)"."""
    steps = []
    for action in c2pa.actions:
        aside = ", ".join(part for part in (action.tool, action.source_type) if part)
        steps.append(f"{action.action} ({aside})" if aside else action.action)
    return "; ".join(list(dict.fromkeys(steps))[:6])
