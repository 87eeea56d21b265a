"""The programme as a calendar (RFC 5545): one event per released screening, in the edition's own zone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from festival.edition.models import Edition
from festival.kit.clock import in_zone
from festival.kit.words import clock_time, say
from festival.premiere.models import Item, Screening


def calendar_of(edition: Edition, screenings: Sequence[Screening], url: str) -> bytes:
    """The calendar in the active language.

    A UID is made of the screening's code and the site's host and never changes; SEQUENCE grows with every released
    change; DTSTAMP is the last change, so an unchanged programme gives the same bytes. Times carry the edition's
    TZID, and the VTIMEZONE that explains it comes along.
    """
    calendar = Calendar.new(
        uid=f"{edition.slug}@{_host()}",
        name=say(edition.name),
        description=say(edition.tagline) or None,
        prodid="-//Firstlight//Programme//EN",
        method="PUBLISH",
        language=translation.get_language(),
        refresh_interval=timedelta(hours=1),
        url=url,
    )
    for screening in screenings:
        calendar.add_component(_event(edition, screening, url))
    if screenings:
        days = [in_zone(one.starts_at, edition.time_zone).date() for one in screenings]
        calendar.add_missing_timezones(min(days) - timedelta(days=366), max(days) + timedelta(days=366))
    return calendar.to_ical()


def _event(edition: Edition, screening: Screening, url: str) -> Event:
    venue = screening.hall.venue
    place = ", ".join(filter(None, [say(venue.name), say(screening.hall.name), say(venue.address)]))
    return Event.new(
        uid=f"{screening.code}@{_host()}",
        sequence=screening.sequence,
        stamp=screening.updated_at.replace(microsecond=0),
        last_modified=screening.updated_at.replace(microsecond=0),
        start=_local(screening.starts_at, edition.time_zone),
        end=_local(screening.ends_at, edition.time_zone),
        summary=f"{say(screening.title)} · {say(edition.name)}",
        description=_description(screening),
        location=place,
        status="CANCELLED" if screening.cancelled_at else "CONFIRMED",
        url=url,
    )


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def _local(moment: datetime, zone: str) -> datetime:
    """On the wall clock of `zone`. In the hour that comes twice a wall clock means the first: the second is UTC."""
    local = in_zone(moment, zone)
    return moment.astimezone(UTC) if local.fold else local


def _description(screening: Screening) -> str:
    """The running order, a line each, with lengths."""
    lines = [say(screening.note)] if screening.note else []
    for item in screening.items.all():
        name = (
            item.film.heading if item.kind == Item.Kind.FILM else say(item.title) or item.get_kind_display()
        )
        lines.append(_("%(name)s (%(length)s)") % {"name": name, "length": clock_time(item.seconds)})
    return "\n".join(lines)
