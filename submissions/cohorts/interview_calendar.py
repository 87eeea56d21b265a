"""Interviews as a calendar (RFC 5545). The UID is the team's, so that a moved interview moves in the calendar too."""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from festival.kit.clock import in_zone
from festival.kit.words import say
from submissions.cohorts.mentoring_letters import path_of
from submissions.cohorts.models import Interview

MIME = "text/calendar; charset=utf-8"
AROUND = timedelta(days=366)  # the VTIMEZONE covers a year to either side


def calendar(slots: Iterable[Interview]) -> bytes:
    """Booked interviews, each on the clocks of its edition; in the reader's language."""
    rows = list(slots)
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    made = Calendar.new(prodid="-//Firstlight//Interviews//EN", method="PUBLISH", name=_("Interviews"))
    for slot in rows:
        made.add_component(_event(slot, host))
    if rows:
        days = [row.starts_at.date() for row in rows]
        made.add_missing_timezones(min(days) - AROUND, max(days) + AROUND)
    return bytes(made.to_ical())


def _event(slot: Interview, host: str) -> Event:
    place, edition = slot.place, slot.cohort.edition
    assert place is not None and place.entry is not None and slot.booked_at is not None
    people = ", ".join(str(user) for user in slot.interviewers.all())
    return Event.new(
        uid=f"interview-{place.pk}@{host}",
        sequence=slot.changes,
        stamp=slot.booked_at,
        start=in_zone(slot.starts_at, edition.time_zone),
        end=in_zone(slot.ends_at, edition.time_zone),
        summary=_("Interview: %(title)s") % {"title": place.entry.title},
        description="\n".join(filter(None, (say(slot.cohort.name), people, slot.link))),
        location=slot.room,
        url=f"{settings.SITE_URL}{path_of(place)}",
    )
