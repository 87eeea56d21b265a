"""Writes of guests: with which films they come, and when they are there."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.catalogue.models import Film
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.premiere.models import Guest, GuestFilm, GuestTime


def write_guest(*, edition: Edition, name: dict[str, str], guest: Guest | None = None) -> Guest:
    """Write a guest's name; a new guest when none is given."""
    guest = guest or Guest(edition=edition)
    guest.name = name
    guest.save()
    return guest


def delete_guest(*, guest: Guest) -> None:
    """Forget a guest, with films and times."""
    Guest.objects.filter(pk=guest.pk).delete()


@transaction.atomic
def add_film(*, guest: Guest, film: Film, needed: bool) -> GuestFilm:
    """The guest comes with this film; again for the same film changes whether its Q&A needs the guest."""
    if film.edition_id != guest.edition_id:
        raise ValueError("the film belongs to another edition")
    link, _new = GuestFilm.objects.update_or_create(guest=guest, film=film, defaults={"needed": needed})
    return link


@transaction.atomic
def add_time(*, guest: Guest, starts_at: datetime, ends_at: datetime) -> GuestTime:
    """The guest is there in this time. Refused when it ends before it begins, or overlaps another."""
    if ends_at <= starts_at:
        raise Refused(_("This ends before it begins."), status=400, code="order")
    Guest.objects.select_for_update().get(pk=guest.pk)
    if guest.times.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise Refused(_("This overlaps a time that is there already. Remove that one first."), code="overlap")
    return guest.times.create(starts_at=starts_at, ends_at=ends_at)
