"""Two-language texts and plain formats, chosen by the reader's language."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _


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


def canonical(value: Any) -> bytes:
    """The one byte form of a JSON value: what digests are taken over."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode()
