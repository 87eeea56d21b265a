"""For the frame of every page: where this reader can go. And days as a calendar says them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_interval
from django import template
from django.urls import reverse
from django.utils import dateformat
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from festival.edition import permissions
from festival.edition.models import Edition, Phase
from festival.edition.track_words import only_projects, takes_projects
from festival.kit.clock import in_zone, last_minute
from festival.kit.words import deadline_text, short_language

register = template.Library()


@register.simple_tag(takes_context=True)
def site_places(context: dict[str, Any]) -> list[dict[str, str]]:
    """The links of the header. On a page with an `edition` in its context: its public pages, then the reader's own.

    The same for every reader of a role: whether laureates or a programme are there already is told by their pages.
    """
    request, edition = context.get("request"), context.get("edition")
    actor = getattr(request, "actor", None)
    rows: list[tuple[str, str]] = []
    if isinstance(edition, Edition):
        rows += [
            (_("Festival"), reverse("edition:front", args=[edition.slug])),
            (_("Rules"), reverse("judging:rules", args=[edition.slug])),
            (_("Programme"), reverse("premiere:programme", args=[edition.slug])),
            (_("Laureates"), reverse("awards:laureates", args=[edition.slug])),
        ]
    if actor is None or not actor.known:
        return _linked(rows)
    rows.append((_("My entries"), reverse("submissions:entries")))
    if isinstance(edition, Edition):
        if permissions.can_judge(actor, edition):
            rows.append((_("Jury"), reverse("judging:jury", args=[edition.slug])))
        if permissions.can_work(actor, edition):
            rows.append((_("Desk"), reverse("judging:desk", args=[edition.slug])))
    elif permissions.can_make_editions(actor):
        rows.append((_("New edition"), reverse("judging:new_edition")))
    return _linked(rows)


def _linked(rows: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"label": label, "url": url} for label, url in rows]


def _locale() -> str:
    return "zh_Hans" if short_language() == "zh" else "en_GB"


register.filter(only_projects)
register.filter(takes_projects)


@register.filter
def phase_days(phase: Phase, zone: str) -> str:
    """The days of a phase on the edition's calendar, first to last: "2–28 March 2027"."""
    return days_text(in_zone(phase.starts_at, zone).date(), in_zone(last_minute(phase.ends_at), zone).date())


def days_text(first: date, last: date) -> str:
    """Days of a calendar, first to last: "2–28 March 2027"."""
    return str(format_interval(first, last, "yMMMMd", locale=_locale()))


@register.filter
def weekday(day: date) -> str:
    """A day with its weekday: "Friday 16 April"; "4月16日（星期五）"."""
    return str(
        format_date(day, "M月d日（EEEE）" if short_language() == "zh" else "EEEE d MMMM", locale=_locale())
    )


@register.filter
def title_lang(title: str) -> str:
    """The language a film's title is set in: Chinese when it holds a Chinese character."""
    return "zh-Hans" if any("\u3400" <= letter <= "\u9fff" for letter in title or "") else "en"


@register.filter
def utc_deadline(end: datetime) -> str:
    """The last minute before `end` in UTC, for everybody who does not know the festival's city."""
    return date_format(in_zone(last_minute(end), "UTC"), "DATETIME_FORMAT")


@register.filter
def deadline_everywhere(end: datetime, zone: str) -> str:
    """A deadline on the edition's clocks and, where these are others, in UTC."""
    said = deadline_text(end, zone)
    if ZoneInfo(zone).utcoffset(last_minute(end)) == timedelta(0):
        return said
    return _("%(deadline)s, that is %(utc)s UTC") % {"deadline": said, "utc": utc_deadline(end)}


@register.filter
def last_minute_utc(end: datetime) -> str:
    """The last minute before `end`, as programs read it."""
    return last_minute(end).astimezone(UTC).isoformat()


@register.filter
def wall(moment: datetime, form: str) -> str:
    """`moment` in its own zone, not in the site's, by a format of Django's `date` filter."""
    return dateformat.format(moment, form)
