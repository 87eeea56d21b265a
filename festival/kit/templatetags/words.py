"""Filters every template has: say, clock_time, spoken_time, file_size, and moments in an edition's zone."""

from datetime import datetime

from django import template

from festival.kit import clock, names, statics, words

register = template.Library()
register.filter("say", words.say)
register.filter("country_text", names.country_text)
register.filter("language_text", names.language_text)
register.filter("clock_time", words.clock_time)
register.filter("spoken_time", words.spoken_time)
register.filter("file_size", words.file_size)
register.filter("per_cent", words.per_cent)
register.filter("signed", words.signed)
register.filter("amount_text", words.amount_text)
register.filter("zone_city", words.zone_city)
register.filter("moment_text", words.moment_text)
register.filter("deadline_text", words.deadline_text)
register.filter("day_text", words.day_text)
register.simple_tag(statics.styles_url, name="styles_url")


class WallClock(datetime):
    """A moment that templates leave in its own zone; Django would turn it back into the site's."""

    convert_to_local_time = False


@register.filter
def zoned(moment: datetime | None, zone: str) -> datetime | None:
    """`moment` on the wall clock of the edition's zone; give it to `date` after this."""
    if moment is None:
        return None
    there = clock.in_zone(moment, zone)
    return WallClock.combine(there.date(), there.timetz())


@register.filter
def item(mapping: dict, key: object) -> object:
    """`mapping[key]`, or nothing."""
    return mapping.get(key) if mapping else None
