"""The programme as the world may see it now, as the document that every outward format is written from."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import Max, Q, Sum
from django.urls import reverse

from festival.catalogue import models as catalogue
from festival.catalogue.sharing import path_of, still_of
from festival.edition.models import Edition
from festival.kit.ai_label import SHORT
from festival.kit.names import country_codes, language_codes
from festival.kit.sharing import full
from festival.premiere import models, queries
from festival.premiere.programme.document import (
    Edition as Festival,
)
from festival.premiere.programme.document import (
    Film,
    Hall,
    Item,
    Kind,
    Programme,
    Screening,
    Text,
    Venue,
    days_of,
)


def programme_of(edition: Edition, rows: Sequence[models.Screening] | None = None) -> Programme:
    """What is released, and nothing else: three queries; one where `rows` are what `queries.released` gave.

    Until releases have numbers of their own the version counts the released changes, those of screenings that were
    taken back included, so that it never falls.
    """
    rows = list(queries.released(edition)) if rows is None else rows
    counted = models.Screening.objects.filter(edition=edition).aggregate(
        version=Sum("sequence"), changed=Max("updated_at", filter=Q(sequence__gt=0))
    )
    festival = _festival(edition)
    halls = {row.hall_id: row.hall for row in rows}
    films = {item.film_id: item.film for row in rows for item in row.items.all() if item.film}
    for film in films.values():
        film.edition = edition  # its addresses name the edition: no query for each
    return Programme(
        edition=festival,
        version=counted["version"] or 0,
        released_at=_second(counted["changed"] or edition.created_at),
        days=days_of((_second(row.starts_at) for row in rows), festival),
        venues=_venues(halls.values()),
        halls=tuple(_hall(halls[pk]) for pk in sorted(halls, key=lambda pk: (halls[pk].venue_id, pk))),
        screenings=tuple(_screening(row, festival) for row in rows),
        films=tuple(_film(films[pk]) for pk in sorted(films)),
    )


def _festival(edition: Edition) -> Festival:
    url = settings.SITE_URL + reverse("premiere:programme", args=[edition.slug])
    return Festival(slug=edition.slug, name=_text(edition.name), url=url, zone=edition.time_zone)


def _venues(halls: Iterable[models.Hall]) -> tuple[Venue, ...]:
    venues = {hall.venue_id: hall.venue for hall in halls}
    return tuple(Venue(str(pk), _text(venues[pk].name), _text(venues[pk].address)) for pk in sorted(venues))


def _hall(hall: models.Hall) -> Hall:
    return Hall(code=str(hall.pk), venue=str(hall.venue_id), name=_text(hall.name), seats=hall.seats)


def _screening(row: models.Screening, festival: Festival) -> Screening:
    return Screening(
        code=row.code,
        sequence=row.sequence,
        changed_at=_second(row.updated_at),
        title=_text(row.title),
        note=_text(row.note),
        hall=str(row.hall_id),
        starts_at=_second(row.starts_at),
        ends_at=_second(row.ends_at),
        url=f"{festival.url}#{row.code}",
        items=tuple(
            Item(
                kind=Kind(item.kind),
                seconds=item.seconds,
                film=item.film.code if item.film else "",
                title=_text(item.title),
            )
            for item in row.items.all()
        ),
    )


def _film(film: catalogue.Film) -> Film:
    return Film(
        code=film.code,
        title=Text(en=film.title_en, zh=film.title),
        makers=tuple(person["name"] for person in film.credits if person.get("role") == "director"),
        seconds=film.seconds,
        url=full(path_of(film)),
        countries=tuple(country_codes(film.country)),
        languages=tuple(language_codes(film.language)),
        year=film.year or None,
        synopsis=_text(film.synopsis),
        section=_text(film.track),
        picture=full(still_of(film)) if film.still else "",
        ai_label=_text(SHORT) if film.declares_ai else Text(),
    )


def _text(words: dict[str, str] | None) -> Text:
    return Text(en=(words or {}).get("en", ""), zh=(words or {}).get("zh", ""))


def _second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
