"""The name of a rule, where many films break it and no single measurement can be named."""

from submissions.inspection.texts import FINDINGS
from submissions.statement.words import statement_title

# Rules that break in two directions have a text for each.
DIRECTIONS = {
    "loudness": ("loudness_low", "loudness_high"),
    "sound_length": ("sound_short", "sound_long"),
}


def rule_title(rule: str, language: str) -> str:
    """What a film or a statement that breaks `rule` shows, in "en" or "zh"; the bare id of a rule without words."""
    if title := statement_title(rule, language):
        return title
    index = 1 if language == "zh" else 0
    titles = [FINDINGS[code][index][0] for code in DIRECTIONS.get(rule, (rule,)) if code in FINDINGS]
    return " / ".join(titles) or rule
