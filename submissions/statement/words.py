"""Findings over an AI statement and remarks of its comparison, in words. The texts stand in `texts`."""

from collections.abc import Iterable, Mapping

from festival.edition.rulebook_words import LANGUAGES, any_of, set_chinese
from festival.edition.tools import Catalogue, joined, stages_text
from submissions.inspection.report import Finding
from submissions.inspection.words import Words
from submissions.statement.comparison import Remark
from submissions.statement.texts import FINDINGS, KINDS, PLACES, REMARKS, TITLES


def describe_statement(finding: Finding, catalogue: Catalogue, language: str) -> Words:
    """A finding of `judge_statement` in "en" or "zh"."""
    said = FINDINGS[words_code(finding)][_index(language)]
    values = _values(finding, catalogue, language)
    return Words(*(_set(text.format_map(values), language) for text in said))


def words_code(finding: Finding) -> str:
    """The key of a finding's texts: shares that are too small and shares that are unsaid are told apart."""
    if finding.rule == "ai_sponsor" and finding.measured != "unnamed":
        return "ai_sponsor_unsaid" if finding.measured is None else "ai_sponsor_share"
    if finding.rule == "ai_share" and finding.measured is None:
        return "ai_share_unsaid"
    return finding.rule


def statement_title(rule: str, language: str) -> str | None:
    """What a statement that breaks `rule` lacks, in general; None for a rule that is not about statements."""
    return _set(TITLES[rule][_index(language)], language) if rule in TITLES else None


def describe_remark(remark: Remark, catalogue: Catalogue, language: str) -> tuple[str, str]:
    """A remark's title and what it means."""
    title, detail = REMARKS[remark.code][_index(language)]
    given = remark.values
    values = {
        "tool": catalogue.said(str(given.get("tool", "")), language),
        "place": place_name(str(given.get("place", "tag")), language),
        "places": joined((place_name(place, language) for place in given.get("places", ())), language),
    }
    detail = detail.format_map(values)
    return _set(title.format_map(values), language), _set(detail[:1].upper() + detail[1:], language)


def kind_name(kind: str, language: str) -> str:
    """Whether file and statement agree, on a badge."""
    return KINDS[kind][_index(language)]


def place_name(place: str, language: str) -> str:
    """Where in a file something is said."""
    return PLACES[place][_index(language)]


def _values(finding: Finding, catalogue: Catalogue, language: str) -> Mapping[str, str]:
    measured, limit = finding.measured, finding.limit

    def tools(slugs: Iterable[str]) -> list[str]:
        return [catalogue.said(slug, language) for slug in slugs]

    match finding.rule:
        case "ai_stages" | "ai_stages_forbidden":
            return {"measured": stages_text(measured, language), "limit": stages_text(limit, language)}
        case "ai_sponsor":
            names = any_of(tools(limit[0]), language)
            return {"tools": names, "measured": str(measured), "limit": str(limit[1])}
        case "ai_allowed":
            return {"measured": joined(tools(measured), language), "limit": any_of(tools(limit), language)}
        case "ai_forbidden":
            return {"measured": joined(tools(measured), language)}
        case _:
            return {"measured": str(measured), "limit": str(limit)}


def _set(text: str, language: str) -> str:
    return set_chinese(text) if language == "zh" else text


def _index(language: str) -> int:
    if language not in LANGUAGES:
        raise ValueError(f"No words in {language!r}; there are {', '.join(LANGUAGES)}")
    return LANGUAGES.index(language)
