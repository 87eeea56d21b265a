"""Filters of judging: hours as one speaks of them."""

from django import template

from judging.plan_words import hours

register = template.Library()
register.filter("judge_hours", hours)
