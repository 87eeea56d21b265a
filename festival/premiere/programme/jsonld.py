"""The programme as linked data (JSON-LD, schema.org): a Festival and its ScreeningEvents, for search engines."""

from typing import Any
from zoneinfo import ZoneInfo

from festival.premiere.programme.document import Film, Programme, Screening
from festival.premiere.programme.groupings import Lookup, in_time
from festival.premiere.programme.words import one_line, plain

MIME = "application/ld+json; charset=utf-8"


def linked_data(programme: Programme, language: str) -> dict[str, Any]:
    """The graph. Empty values are left out; times carry the festival's offset, as schema.org asks for local times."""
    edition, look = programme.edition, Lookup(programme)
    zone = ZoneInfo(edition.zone)
    festival = {
        "@type": "Festival",
        "@id": f"{edition.url}#festival",
        "name": one_line(edition.name.said(language)),
        "url": edition.url,
        "startDate": programme.days[0].isoformat() if programme.days else "",
        "endDate": programme.days[-1].isoformat() if programme.days else "",
        "eventStatus": "https://schema.org/EventScheduled",
        "location": [
            {
                "@type": "MovieTheater",
                "name": one_line(venue.name.said(language)),
                "address": plain(venue.address.said(language)),
            }
            for venue in programme.venues
        ],
    }
    events = [_event(one, look, language, zone) for one in in_time(programme.screenings)]
    return {"@context": "https://schema.org", "@graph": [_kept(festival), *events]}


def _event(screening: Screening, look: Lookup, language: str, zone: ZoneInfo) -> dict[str, Any]:
    hall, venue = look.hall(screening), look.venue(screening)
    films = look.films_of(screening)
    where: dict[str, Any] = {
        "@type": "MovieTheater",
        "name": f"{one_line(venue.name.said(language))} · {one_line(hall.name.said(language))}",
        "address": plain(venue.address.said(language)),
        "maximumAttendeeCapacity": hall.seats,
    }
    if hall.online:
        where = {"@type": "VirtualLocation", "url": screening.url}
    return _kept(
        {
            "@type": "ScreeningEvent",
            "@id": f"{look.programme.edition.url}#{screening.code}",
            "name": one_line(screening.title.said(language)),
            "url": screening.url,
            "startDate": screening.starts_at.astimezone(zone).isoformat(),
            "endDate": screening.ends_at.astimezone(zone).isoformat(),
            "eventStatus": f"https://schema.org/Event{'Cancelled' if screening.cancelled else 'Scheduled'}",
            "eventAttendanceMode": f"https://schema.org/{'On' if hall.online else 'Off'}lineEventAttendanceMode",
            "location": _kept(where),
            "description": plain(screening.reason.said(language) or screening.note.said(language)),
            "inLanguage": list(screening.spoken),
            "subtitleLanguage": list(screening.subtitles),
            "typicalAgeRange": f"{screening.min_age}-" if screening.min_age else "",
            "superEvent": {"@id": f"{look.programme.edition.url}#festival"},
            "image": [film.picture for film in films if film.picture],
            "workPresented": [_movie(film, language) for film in films],
        }
    )


def _movie(film: Film, language: str) -> dict[str, Any]:
    name = one_line(film.title.said(language))
    other = one_line(film.title.zh if film.title.zh != film.title.said(language) else film.title.en)
    minutes, seconds = divmod(film.seconds, 60)
    return _kept(
        {
            "@type": "Movie",
            "@id": film.url,
            "name": name,
            "alternateName": other if other != name else "",
            "url": film.url,
            "duration": f"PT{minutes}M{seconds}S",
            "director": [{"@type": "Person", "name": one_line(maker)} for maker in film.makers],
            "countryOfOrigin": [{"@type": "Country", "name": one_line(name)} for name in film.countries],
            "copyrightYear": film.year,
            "image": film.picture,
        }
    )


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", None, [], {})}
