"""For templates/_statement.html: the stages of the work by their names."""

from django import template

from festival.edition.tools import stage_title as title_of
from festival.kit.words import short_language

register = template.Library()


@register.filter
def stage_title(stage: str) -> str:
    """A stage in the reader's language; a dash for one that is not said yet."""
    return title_of(stage, short_language()) if stage else "–"
