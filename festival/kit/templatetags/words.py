"""Filters every template has: say, clock_time, spoken_time, file_size, zoned."""

from datetime import datetime

from django import template

from festival.kit import clock, words

register = template.Library()
register.filter("say", words.say)
register.filter("clock_time", words.clock_time)
register.filter("spoken_time", words.spoken_time)
register.filter("file_size", words.file_size)


@register.filter
def zoned(moment: datetime | None, zone: str) -> datetime | None:
    """`moment` on the wall clock of the edition's zone; give it to `date` after this."""
    return clock.in_zone(moment, zone) if moment else None


@register.filter
def item(mapping: dict, key: object) -> object:
    """`mapping[key]`, or nothing."""
    return mapping.get(key) if mapping else None
