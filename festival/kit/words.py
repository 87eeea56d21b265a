"""Two-language texts and plain formats, chosen by the reader's language."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.dates import get_timezone_location
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from festival.kit import clock


def short_language() -> str:
    """ "zh" for Chinese readers, else "en": the keys of every two-language text."""
    return "zh" if (get_language() or "en").startswith("zh") else "en"


def say(text: Mapping[str, str] | str | None, language: str | None = None) -> str:
    """The text in the reader's language, or in the other one where only that was written."""
    if not text:
        return ""
    if isinstance(text, str):
        return text
    first = language or short_language()
    return text.get(first) or text.get("en") or text.get("zh") or next(iter(text.values()), "")


def joined(*sentences: str) -> str:
    """Sentences one after the other, with a space between them in English; empty ones are left out."""
    return ("" if short_language() == "zh" else " ").join(one for one in sentences if one)


def clock_time(seconds: float | None) -> str:
    """Running time as h:mm:ss or m:ss (a film's length, a time code)."""
    if seconds is None:
        return "–"
    whole = int(seconds + 0.5)
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes}:{secs:02}"


def spoken_time(seconds: float | None) -> str:
    """Running time in words: "3 min 20 s"; "3 分 20 秒"."""
    if seconds is None:
        return "–"
    minutes, secs = divmod(int(seconds + 0.5), 60)
    if not minutes:
        return ngettext("%(count)d second", "%(count)d seconds", secs) % {"count": secs}
    if not secs:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": secs}


def spoken_minutes(minutes: int) -> str:
    """A span that somebody set in minutes: "40 minutes"; whole hours as hours."""
    if minutes and minutes % 60 == 0:
        return ngettext("%(count)d hour", "%(count)d hours", minutes // 60) % {"count": minutes // 60}
    return spoken_time(60 * minutes)


def time_left(until: datetime, at: datetime) -> str:
    """How long it is from `at`: "12 days"; "2 days, 3 hours"; "40 minutes". Rounded down, never to nothing."""
    minutes = max(int((until - at).total_seconds()) // 60, 1)
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [
        ngettext("%(count)d day", "%(count)d days", days) % {"count": days} if days else "",
        ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours} if hours and days < 7 else "",
        ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
        if minutes and not days
        else "",
    ]
    said = [part for part in parts if part]
    return said[0] if len(said) == 1 else _("%(first)s, %(second)s") % {"first": said[0], "second": said[1]}


def zone_city(zone: str) -> str:
    """What the clocks of an IANA zone are called after: "Shanghai", "北京"; "UTC" for itself."""
    return _city(zone, short_language())


@lru_cache(maxsize=512)  # a list names the same place in every line
def _city(zone: str, language: str) -> str:
    if zone == "Asia/Shanghai" and language == "zh":
        return "北京"  # the time of all China is called so, wherever one is
    return get_timezone_location(zone, locale="zh_Hans" if language == "zh" else "en", return_city=True)


def moment_text(moment: datetime, zone: str) -> str:
    """A moment with its place, so that nobody abroad misreads it: "1 March 2027, 18:00 (Shanghai time)"."""
    return _moment_text(moment, zone, get_language())


@lru_cache(maxsize=1024)  # a table says the same moment in many lines
def _moment_text(moment: datetime, zone: str, _language: str | None) -> str:
    local = date_format(clock.in_zone(moment, zone), "DATETIME_FORMAT")
    return _("%(moment)s (%(city)s time)") % {"moment": local, "city": zone_city(zone)}


def deadline_text(end: datetime, zone: str) -> str:
    """The end of a phase as a deadline: its last minute, with the place."""
    return moment_text(clock.last_minute(end), zone)


def day_text(moment: datetime, zone: str) -> str:
    """The day of `moment` on the calendar of `zone`."""
    return date_format(clock.in_zone(moment, zone), "DATE_FORMAT")


def file_size(size: int | None) -> str:
    """Decimal units, as file managers and providers count: 6.2 GB."""
    if size is None:
        return "–"
    if size < 1000:
        return f"{size} B"
    number, units = float(size), ("kB", "MB", "GB", "TB")
    for unit in units:
        number /= 1000
        if number < 999.5 or unit == units[-1]:
            break
    return f"{number:.1f} {unit}" if number < 10 else f"{number:.0f} {unit}"


def per_cent(share: float | Decimal | None) -> str:
    """A share from 0 to 1 in whole per cent; what is nearly nothing or nearly all is not called that: <1%, >99%."""
    if share is None:
        return "–"
    number = round(float(share) * 100)
    sign, number = (
        ("<", 1) if number == 0 < share else (">", 99) if number == 100 and share < 1 else ("", number)
    )
    return f"{sign}{number}%"


def signed(number: float | Decimal | None) -> str:
    """A difference with two decimals and its sign, a true minus: +0.45, −0.45, 0.00."""
    if number is None:
        return "–"
    text = f"{number:+.2f}"
    return "0.00" if text in ("+0.00", "-0.00") else text.replace("-", "−")


def amount_text(amount: Decimal | None) -> str:
    """A sum as the reader's language writes it, with two decimals where it has any; None is one without a limit."""
    if amount is None:
        return pgettext("amount", "unlimited")
    whole = amount == amount.to_integral_value()
    return number_format(amount, 0 if whole else 2, use_l10n=True, force_grouping=True)


def canonical(value: Any) -> bytes:
    """The one byte form of a JSON value: what digests are taken over."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode()
