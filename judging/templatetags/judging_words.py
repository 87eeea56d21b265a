"""Words and links of judging for templates of any floor."""

from typing import Any

from django import template

from judging import desk_words, jury_words
from judging import meeting_said as of_meetings
from judging.fairness_queries import public_report
from judging.judge_lines import judge_lines
from judging.models import AgendaItem, Meeting, Round, Vote
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
def round_counted(context: dict[str, Any], key: str, count: int, **values: Any) -> str:
    """The same with a number."""
    return desk_words.counted(context["round"], key, count, **values)


@register.simple_tag(takes_context=True)
def meeting_said(context: dict[str, Any], key: str, **values: Any) -> str:
    """Words about the `meeting` of the page: of films, or of projects."""
    return of_meetings.said(context["meeting"], key, **values)


@register.simple_tag(takes_context=True)
def meeting_counted(context: dict[str, Any], key: str, count: int, **values: Any) -> str:
    """The same with a number."""
    return of_meetings.counted(context["meeting"], key, count, **values)


@register.filter
def vote_kind(vote: Vote, meeting: Meeting) -> str:
    """How a vote of this meeting is taken; of a motion, what is moved."""
    return of_meetings.kind_text(meeting, vote)


@register.filter
def agenda_text(point: AgendaItem, meeting: Meeting) -> str:
    """A point of this meeting's agenda."""
    return of_meetings.point_text(meeting, point)
