"""The doors to a cohort, a team's place and its milestones: object and check come together."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from festival.edition import permissions as edition_permissions
from festival.edition.door import get_edition
from festival.people.actor import Actor
from submissions import permissions as entry_permissions
from submissions.cohorts import place_queries
from submissions.cohorts.models import Cohort, Milestone, Place
from submissions.door import get_entry
from submissions.models import Entry


def get_cohort(actor: Actor, edition: str, slug: str) -> Cohort:
    """For the desk: with its edition and track. Unseen: 404. Seen, but not an organiser: 403."""
    place = get_edition(actor, edition, edition_permissions.can_organise)
    row = Cohort.objects.filter(edition=place, slug=slug).select_related("track").first()
    if row is None:
        raise Http404
    row.edition = place
    return row


def get_place(actor: Actor, edition: str, slug: str, pk: int) -> Place:
    """For the desk: one place of a cohort, with its entry."""
    cohort = get_cohort(actor, edition, slug)
    row = place_queries.places_of(cohort).filter(pk=pk).first()
    if row is None:
        raise Http404
    row.cohort = cohort
    return row


def get_team(actor: Actor, code: str, *, entrant: bool = False) -> tuple[Entry, list[Place]]:
    """For the makers of an entry: it, and its places. 404 where it has none; 403 where only the entrant may."""
    entry = get_entry(actor, code, entry_permissions.is_maker)
    places = list(place_queries.of_entry(entry))
    if not places:
        raise Http404
    if entrant and not entry_permissions.is_entrant(actor, entry):
        raise PermissionDenied
    for place in places:
        place.entry = entry
    return entry, places


def get_milestone(actor: Actor, code: str, pk: int, *, entrant: bool = False) -> tuple[Place, Milestone]:
    """A milestone of one of the entry's places that was taken. 404 for those of other cohorts."""
    _entry, places = get_team(actor, code, entrant=entrant)
    taken = [place for place in places if place.answered_at and place.state != Place.State.DECLINED]
    milestone = Milestone.objects.filter(pk=pk, cohort__in=[place.cohort_id for place in taken]).first()
    if milestone is None:
        raise Http404
    place = next(place for place in taken if place.cohort_id == milestone.cohort_id)
    milestone.cohort = place.cohort
    return place, milestone
