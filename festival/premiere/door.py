"""The desk's doors to screenings, places and guests: object and check come together."""

from collections.abc import Callable

from django.http import Http404

from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.people.actor import Actor
from festival.premiere import permissions
from festival.premiere.models import (
    Copy,
    Draft,
    Guest,
    Hall,
    Item,
    Proposal,
    Rehearsal,
    Release,
    Screening,
    Venue,
)
from festival.premiere.publishing import as_released


def get_screening(
    actor: Actor, edition: str, code: str, need: Callable[[Actor, Edition], bool] = permissions.can_programme
) -> Screening:
    """A screening of the edition, for who may programme it. Unseen: 404; seen, not allowed: 403."""
    found = get_edition(actor, edition, need)
    try:
        screening = Screening.objects.select_related("hall__venue", "repeat_of").get(edition=found, code=code)
    except Screening.DoesNotExist:
        raise Http404 from None
    screening.edition = found
    return screening


def get_online(actor: Actor, edition: str, code: str) -> Screening:
    """A released screening in an online hall, for everybody who sees the edition. Any other: 404."""
    found = get_edition(actor, edition)
    rows = Screening.objects.select_related("hall__venue").filter(
        released_at__isnull=False, hall__online=True
    )
    try:
        screening = rows.get(edition=found, code=code)
    except Screening.DoesNotExist:
        raise Http404 from None
    screening.edition = found
    return as_released(screening)


def get_item(actor: Actor, edition: str, code: str, pk: int) -> Item:
    """A line of the running order of that screening."""
    screening = get_screening(actor, edition, code)
    try:
        item = Item.objects.get(screening=screening, pk=pk)
    except Item.DoesNotExist:
        raise Http404 from None
    item.screening = screening
    return item


def get_rehearsal(actor: Actor, edition: str, code: str, pk: int) -> Rehearsal:
    """A rehearsal of that screening."""
    screening = get_screening(actor, edition, code)
    try:
        return Rehearsal.objects.get(rehearses=screening, pk=pk)
    except Rehearsal.DoesNotExist:
        raise Http404 from None


def get_venue(actor: Actor, edition: str, pk: int) -> Venue:
    """A venue of the edition."""
    found = get_edition(actor, edition, permissions.can_programme)
    try:
        return Venue.objects.select_related("edition").get(edition=found, pk=pk)
    except Venue.DoesNotExist:
        raise Http404 from None


def get_guest(actor: Actor, edition: str, pk: int) -> Guest:
    """A guest of the edition."""
    found = get_edition(actor, edition, permissions.can_programme)
    try:
        return Guest.objects.select_related("edition").get(edition=found, pk=pk)
    except Guest.DoesNotExist:
        raise Http404 from None


def get_hall(actor: Actor, edition: str, pk: int) -> Hall:
    """A hall of one of the edition's venues."""
    found = get_edition(actor, edition, permissions.can_programme)
    try:
        return Hall.objects.select_related("venue__edition").get(venue__edition=found, pk=pk)
    except Hall.DoesNotExist:
        raise Http404 from None


def get_copy(actor: Actor, edition: str, pk: int) -> Copy:
    """A copy of one of the edition's films, for who looks after them."""
    found = get_edition(actor, edition, permissions.can_project)
    try:
        copy = Copy.objects.select_related("film", "approved_by").get(film__edition=found, pk=pk)
    except Copy.DoesNotExist:
        raise Http404 from None
    copy.film.edition = found
    return copy


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


def get_proposal(actor: Actor, edition: str, pk: int) -> Proposal:
    """What the solver was asked for, for who may programme the edition."""
    found = get_edition(actor, edition, permissions.can_programme)
    try:
        proposal = Proposal.objects.select_related("by", "draft").get(edition=found, pk=pk)
    except Proposal.DoesNotExist:
        raise Http404 from None
    proposal.edition = found
    return proposal
