"""Writes of the catalogue. The floors above pass plain values: this floor knows no entries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from festival.catalogue import permissions
from festival.catalogue.models import Embedding, Film
from festival.edition.models import Edition
from festival.kit.codes import new_code
from festival.kit.errors import Refused
from festival.people.actor import Actor

FIELDS = (
    "title",
    "title_en",
    "synopsis",
    "track",
    "credits",
    "ai_statement",
    "tools",
    "country",
    "language",
    "year",
    "seconds",
    "min_age",
    "file_format",
    "width",
    "height",
    "frame_rate",
    "channels",
)


@dataclass(frozen=True, slots=True)
class Written:
    """A film in the catalogue, and what writing it did."""

    film: Film
    result: Literal["new", "changed", "unchanged"]


def write_film(
    *, edition: Edition, seconds: float, source: str = "", still: bytes | None = None, **fields: Any
) -> Film:
    """As `put_film`, for those who need not know what changed."""
    return put_film(edition=edition, seconds=seconds, source=source, still=still, **fields).film


@transaction.atomic
def put_film(
    *, edition: Edition, seconds: float, source: str = "", still: bytes | None = None, **fields: Any
) -> Written:
    """Write a film into the catalogue, unpublished; again for the same `source` (an entry's code) rewrites it.

    `seconds` is the running time, rounded to whole seconds; `still` the bytes of a JPEG, kept under a key of the
    catalogue's own, so that the shop window never reads what belongs to an entry. Whether it is published stays as
    it was, and what is the same already is not written again. Raises TypeError for a field that a film does not have.
    """
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"a film has no {', '.join(sorted(unknown))}")
    whole = int(seconds + 0.5)
    if whole < 1:
        raise Refused(
            _("The film's running time is missing: without it no screening can be planned."), code="no_length"
        )
    film = Film.objects.select_for_update().filter(edition=edition, source=source).first() if source else None
    values = {**fields, "seconds": whole}
    if film is None:
        film = _create(edition, source, values)
        if still is not None:
            set_still(film=film, picture=still)
        return Written(film, "new")
    others = [name for name, value in values.items() if getattr(film, name) != value]
    for name in others:
        setattr(film, name, values[name])
    if others:
        film.save(update_fields=others)
    another_still = still is not None and still != _still_of(film)
    if another_still:
        set_still(film=film, picture=still)
    return Written(film, "changed" if others or another_still else "unchanged")


def _still_of(film: Film) -> bytes | None:
    if not film.still:
        return None
    try:
        with storages["default"].open(film.still) as file:
            return bytes(file.read())
    except OSError:
        return None


@transaction.atomic
def change_guest_film(*, film: Film, **fields: Any) -> Film:
    """Rewrite a guest film. What comes from an entry is changed there, and copied again."""
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"a film has no {', '.join(sorted(unknown))}")
    held = Film.objects.select_for_update().get(pk=film.pk)
    if held.source:
        raise ValueError("this film comes from an entry")
    for name, value in fields.items():
        setattr(held, name, value)
    held.save(update_fields=list(fields))
    return held


def say_for_composing(
    *, film: Film, min_age: int | None, mood: str, tempo: int | None, strength: int | None
) -> None:
    """Keep what a programmer says of a film, whether it is an entry's or a guest."""
    Film.objects.filter(pk=film.pk).update(min_age=min_age, mood=mood, tempo=tempo, strength=strength)


def _create(edition: Edition, source: str, values: dict[str, Any]) -> Film:
    for _attempt in range(5):
        try:
            with transaction.atomic():
                return Film.objects.create(edition=edition, source=source, code=new_code(), **values)
        except IntegrityError:
            continue
    raise RuntimeError("no free film code after five draws")


def set_still(*, film: Film, picture: bytes) -> None:
    """Keep a JPEG as the film's picture. The old one is removed once the new one is committed."""
    store, old = storages["default"], film.still
    film.still = store.save(f"catalogue/{film.edition_id}/{film.code}.jpg", ContentFile(picture))
    film.save(update_fields=["still"])
    if old and old != film.still:
        transaction.on_commit(lambda: store.delete(old))


def publish(*, films: Iterable[Film], at: datetime) -> int:
    """Give the films their public pages; those that have one keep their date. Gives how many were new."""
    return Film.objects.filter(pk__in=[film.pk for film in films], published_at__isnull=True).update(
        published_at=at
    )


def allow_embedding(*, edition: Edition, anywhere: bool, sites: Collection[str], by: Actor) -> None:
    """Say on which other sites the programme may stand in a frame; those named are kept while it is any."""
    if not permissions.can_write(by, edition):
        raise Refused(_("Only an organiser says where the programme may stand."), status=403)
    said = {"anywhere": anywhere, "sites": list(dict.fromkeys(sites))}
    Embedding.objects.update_or_create(edition=edition, defaults=said)
