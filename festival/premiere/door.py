"""The desk's doors to screenings and halls: object and check come together."""

from django.http import Http404

from festival.edition.door import get_edition
from festival.people.actor import Actor
from festival.premiere import permissions
from festival.premiere.models import Draft, Hall, Item, Release, Screening


def get_screening(actor: Actor, edition: str, code: str) -> Screening:
    """A screening of the edition, for who may programme it. Unseen: 404; seen, not allowed: 403."""
    found = get_edition(actor, edition, permissions.can_programme)
    try:
        screening = Screening.objects.select_related("hall__venue").get(edition=found, code=code)
    except Screening.DoesNotExist:
        raise Http404 from None
    screening.edition = found
    return screening


def get_item(actor: Actor, edition: str, code: str, pk: int) -> Item:
    """A line of the running order of that screening."""
    screening = get_screening(actor, edition, code)
    try:
        item = Item.objects.get(screening=screening, pk=pk)
    except Item.DoesNotExist:
        raise Http404 from None
    item.screening = screening
    return item


def get_hall(actor: Actor, edition: str, pk: int) -> Hall:
    """A hall of one of the edition's venues."""
    found = get_edition(actor, edition, permissions.can_programme)
    try:
        return Hall.objects.select_related("venue__edition").get(venue__edition=found, pk=pk)
    except Hall.DoesNotExist:
        raise Http404 from None


def get_release(actor: Actor, edition: str, number: int) -> Release:
    """A version of the edition's programme, for who may programme it."""
    found = get_edition(actor, edition, permissions.can_programme)
    try:
        release = Release.objects.get(edition=found, number=number)
    except Release.DoesNotExist:
        raise Http404 from None
    release.edition = found
    return release


def get_draft(actor: Actor, edition: str, pk: int) -> Draft:
    """A draft of the edition's timetable, for who may programme it."""
    found = get_edition(actor, edition, permissions.can_programme)
    try:
        draft = Draft.objects.get(edition=found, pk=pk)
    except Draft.DoesNotExist:
        raise Http404 from None
    draft.edition = found
    return draft
