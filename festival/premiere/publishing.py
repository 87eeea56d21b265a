"""The timetable as the world reads it: the document of `programme`, made once for a release from the rows."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from festival.catalogue.models import Film
from festival.catalogue.registry import Showing
from festival.edition.models import Edition
from festival.kit.ai_label import SHORT
from festival.kit.names import country_codes, language_codes
from festival.kit.sharing import full
from festival.premiere import queries
from festival.premiere.models import Hall, Item, Release, Screening, Venue
from festival.premiere.programme import document as doc
from festival.premiere.programme.codec import as_bytes, from_json
from festival.premiere.programme.groupings import Lookup


def programme_of(
    edition: Edition, screenings: Iterable[Screening], *, number: int, at: datetime, changes: dict[str, str]
) -> doc.Programme:
    """The document of these screenings, whose `items` with their films, `hall` and its venue have been fetched."""
    rows = list(screenings)
    festival = _festival(edition)
    halls = {row.hall_id: row.hall for row in rows}
    venues = {hall.venue_id: hall.venue for hall in halls.values()}
    films = {item.film_id: item.film for row in rows for item in row.items.all() if item.film}
    shown = tuple(
        _screening(row, festival) for row in sorted(rows, key=lambda row: (row.starts_at, row.code))
    )
    return doc.Programme(
        edition=festival,
        version=number,
        released_at=_whole(at),
        days=doc.days_of((one.starts_at for one in shown), festival),
        venues=tuple(_venue(venue) for _pk, venue in sorted(venues.items())),
        halls=tuple(_hall(halls[pk]) for pk in sorted(halls, key=lambda pk: (halls[pk].venue_id, pk))),
        screenings=shown,
        films=tuple(_film(films[pk], edition) for pk in sorted(films)),
        changes=_text(changes),
    )


def screenings_of(edition: Edition) -> QuerySet[Screening]:
    """The screenings with all that a document says of them. Two queries."""
    items = Prefetch("items", Item.objects.select_related("film").order_by("position"))
    rows = Screening.objects.filter(edition=edition)
    return rows.select_related("hall__venue", "repeat_of", "rehearses").prefetch_related(items)


def to_release(edition: Edition) -> list[Screening]:
    """The screenings that go out: all that are not held back. Two queries."""
    return list(screenings_of(edition).filter(held=False))


def in_force(edition: Edition) -> doc.Programme | None:
    """The programme as the public has it now, or None before the first release. One query, two when it is new."""
    found = Release.objects.filter(edition=edition).values_list("pk", "digest").first()
    return _read(*found) if found else None


def public(edition: Edition) -> doc.Programme:
    """The programme as the public has it now; before the first release one without a screening, version 0."""
    return in_force(edition) or doc.Programme(
        edition=_festival(edition),
        version=0,
        released_at=_whole(edition.created_at),
        days=(),
        venues=(),
        halls=(),
        screenings=(),
        films=(),
    )


@lru_cache(maxsize=16)
def _read(pk: int, digest: str) -> doc.Programme:
    """A release never changes, so that each process reads it once; the digest tells it from one of another database."""
    return from_json(Release.objects.values_list("programme", flat=True).get(pk=pk))


def as_released(screening: Screening) -> Screening:
    """The row with what the public knows of it in place of what was changed since: not to be saved. A query at most."""
    programme = in_force(screening.edition)
    found = programme and next((one for one in programme.screenings if one.code == screening.code), None)
    if programme and found:
        screening.starts_at, screening.ends_at = found.starts_at, found.ends_at
        screening.title, screening.note = _both(found.title), _both(found.note)
        screening.cancelled_at = programme.released_at if found.cancelled else None
        screening.cancel_reason = _both(found.reason)
    return screening


def items_as_released(screening: Screening) -> list[Item]:
    """The running order as the public knows it, with its films: rows that are not to be saved. Two queries at most."""
    programme = in_force(screening.edition)
    found = programme and next((one for one in programme.screenings if one.code == screening.code), None)
    lines = found.items if found else ()
    codes = [line.film for line in lines if line.film]
    films = {film.code: film for film in Film.objects.filter(edition=screening.edition_id, code__in=codes)}
    return [
        Item(kind=line.kind.value, seconds=line.seconds, title=_both(line.title), film=films.get(line.film))
        for line in lines
    ]


def digest_of(programme: doc.Programme) -> str:
    """SHA-256 of the document's one byte form."""
    return sha256(as_bytes(programme)).hexdigest()


def showings_of(film: Film, at: datetime) -> list[Showing]:
    """When and where the public programme shows a film from now on; what is cancelled is not shown."""
    programme = in_force(film.edition)
    if programme is None:
        return []
    look = Lookup(programme)
    return [
        Showing(
            starts_at=one.starts_at,
            title=_both(one.title),
            venue=_both(look.venue(one).name),
            hall=_both(look.hall(one).name),
            url=one.url,
        )
        for one in programme.screenings
        if not one.cancelled and one.ends_at > at and any(item.film == film.code for item in one.items)
    ]


def _both(text: doc.Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}


def _festival(edition: Edition) -> doc.Edition:
    page = full(reverse("premiere:programme", args=[edition.slug]))
    return doc.Edition(edition.slug, _text(edition.name), page, edition.time_zone)


def _screening(row: Screening, festival: doc.Edition) -> doc.Screening:
    cancelled = row.cancelled_at is not None
    items = list(row.items.all())
    return doc.Screening(
        code=row.code,
        sequence=row.sequence,
        changed_at=_whole(row.updated_at),
        title=_text(row.title),
        hall=str(row.hall_id),
        starts_at=_whole(row.starts_at),
        ends_at=_whole(row.ends_at),
        items=tuple(_item(item) for item in items),
        url=f"{festival.url}#{row.code}",
        note=_text(row.note),
        status=doc.Status.CANCELLED if cancelled else doc.Status.SCHEDULED,
        reason=_text(row.cancel_reason) if cancelled else doc.Text(),
        spoken=tuple(language_codes(queries.spoken_in(row, items))),
        subtitles=tuple(language_codes(row.subtitles)),
        min_age=queries.age_of(row, items),
        premiere=doc.Premiere(row.premiere),
        host=_text(row.host),
        ticket_note=_text(row.ticket_note),
    )


def _item(item: Item) -> doc.Item:
    return doc.Item(doc.Kind(item.kind), item.seconds, item.film.code if item.film else "", _text(item.title))


def _venue(venue: Venue) -> doc.Venue:
    return doc.Venue(str(venue.pk), _text(venue.name), _text(venue.address))


def _hall(hall: Hall) -> doc.Hall:
    return doc.Hall(
        code=str(hall.pk),
        venue=str(hall.venue_id),
        name=_text(hall.name),
        seats=hall.seats,
        online=hall.online,
        wheelchair_places=hall.wheelchair_places,
        hearing_loop=hall.hearing_loop,
        access_note=_text(hall.access_note),
    )


def _film(film: Film, edition: Edition) -> doc.Film:
    address = {"args": [edition.slug, film.code]}
    return doc.Film(
        code=film.code,
        title=doc.Text(en=film.title_en, zh=film.title),
        makers=tuple(person["name"] for person in film.credits if person.get("role") == "director"),
        seconds=film.seconds,
        url=full(reverse("catalogue:film", **address)),
        countries=tuple(country_codes(film.country)),
        languages=tuple(language_codes(film.language)),
        year=film.year or None,
        synopsis=_text(film.synopsis),
        section=_text(film.track),
        picture=full(reverse("catalogue:still", **address)) if film.still else "",
        ai_label=_text(SHORT) if film.declares_ai else doc.Text(),
    )


def _text(text: dict[str, str]) -> doc.Text:
    return doc.Text(en=text.get("en", ""), zh=text.get("zh", ""))


def _whole(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
