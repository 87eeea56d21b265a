"""Judges an AI statement by a rulebook's table `ai`: pure, repeatable, without film or database.

Kept apart from the rules for the film: a statement changes without a new inspection, and a film does not change with
the statement.
"""

from collections.abc import Sequence

from festival.edition.rulebook import RULES, Rulebook
from festival.edition.tools import PICTURES
from submissions.inspection.report import Finding
from submissions.statement.facts import Use, share_of, tools_of, with_ai

STATEMENT_RULES = tuple(rule for rule, (table, _severity) in RULES.items() if table == "ai")
# Kept beside them for the desk: that film and statement differ. It is no rule, and always a note.
DIFFERENCE = "statement_differs"
WEIGHT = {"block": 0, "fix": 1, "note": 2}


def judge_statement(uses: Sequence[Use], rulebook: Rulebook) -> tuple[Finding, ...]:
    """Every rule that the statement breaks, gravest first. Of an empty one that is asked for, only that is said."""
    asked, found = rulebook.ai, list[Finding]()

    def broken(rule: str, measured: object, limit: object = None) -> None:
        found.append(Finding(rule, rulebook.severity(rule), measured, limit))

    if asked.required and not any(use.complete for use in uses):
        broken("ai_statement", 0)
        return tuple(found)
    used, tools = with_ai(uses), tools_of(uses)
    if asked.min_tools and len(tools) < asked.min_tools:
        broken("ai_min_tools", len(tools), asked.min_tools)
    stages = {use.stage for use in used}
    lacking = [
        each
        for each in asked.required_stages
        if stages.isdisjoint((each,) if isinstance(each, str) else each)
    ]
    if lacking:
        broken("ai_stages", lacking, list(asked.required_stages))
    if barred_stages := [stage for stage in asked.forbidden_stages if stage in stages]:
        broken("ai_stages_forbidden", barred_stages, list(asked.forbidden_stages))
    if asked.min_share is not None:
        share, unsaid = share_of(used)
        if share < asked.min_share:
            broken("ai_share", None if unsaid else share, asked.min_share)
    if asked.sponsor_tools:
        theirs = [use for use in used if use.tool in asked.sponsor_tools]
        share, unsaid = share_of(theirs, _stages_of(asked.sponsor_tools, rulebook))
        least = asked.min_sponsor_share
        if not theirs or share < (least or 0):
            measured = "unnamed" if not theirs else None if unsaid else share
            broken("ai_sponsor", measured, [list(asked.sponsor_tools), least])
    strange = [tool for tool in tools if tool not in asked.allowed_tools]
    if asked.allowed_tools and strange:
        broken("ai_allowed", strange, list(asked.allowed_tools))
    if barred := [tool for tool in tools if tool in asked.forbidden_tools]:
        broken("ai_forbidden", barred, list(asked.forbidden_tools))
    found.sort(key=lambda finding: WEIGHT[finding.severity])
    return tuple(found)


def _stages_of(tools: Sequence[str], rulebook: Rulebook) -> tuple[str, ...]:
    """Where a share of these tools counts: in the pictures; where none of them makes any, in what they make."""
    known = rulebook.tools.by_slug
    made = dict.fromkeys(stage for tool in tools if tool in known for stage in known[tool].makes)
    return tuple(stage for stage in made if stage in PICTURES) or tuple(made)
