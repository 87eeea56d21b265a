"""Words and links of judging for templates of any floor."""

from django import template

from judging.fairness_queries import public_report
from judging.plan_words import hours

register = template.Library()
register.filter("judge_hours", hours)
register.simple_tag(public_report, name="public_fairness_report")
