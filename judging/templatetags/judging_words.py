"""Words and links of judging for templates of any floor."""

from typing import Any

from django import template

from judging import desk_words, jury_words
from judging.fairness_queries import public_report
from judging.judge_lines import judge_lines
from judging.models import Round
from judging.plan_words import hours

register = template.Library()
register.simple_tag(jury_words.said, name="jury_said")
register.filter("judge_hours", hours)
register.simple_tag(public_report, name="public_fairness_report")
register.simple_tag(judge_lines)


@register.filter
def is_read(round: Round) -> bool:
    """Whether nothing but projects is judged in this round."""
    return desk_words.is_read(round)


@register.simple_tag(takes_context=True)
def round_said(context: dict[str, Any], key: str, **values: Any) -> str:
    """Words of the desk about the `round` of the page: of films, or of projects."""
    return desk_words.said(context["round"], key, **values)


@register.simple_tag(takes_context=True)
def round_counted(context: dict[str, Any], key: str, count: int) -> str:
    """The same with a number."""
    return desk_words.counted(context["round"], key, count)
