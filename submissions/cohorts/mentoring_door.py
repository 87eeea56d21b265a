"""The doors to a team's page, to what it delivered, and to a cohort's desk: object and check come together."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404

from festival.edition.door import get_edition
from festival.people.actor import Actor
from submissions.cohorts import permissions
from submissions.cohorts.models import Cohort, Milestone, Place
from submissions.cohorts.place_queries import visible_to

Need = Callable[[Actor, Place], bool]


def get_team(actor: Actor, pk: int, need: Need = permissions.can_see) -> Place:
    """A team that has, or had, its place, with cohort, entry and mentors. Unseen: 404; `need` says no: 403."""
    rows = visible_to(actor).filter(entry__isnull=False, state__in=(Place.State.ACCEPTED, Place.State.LEFT))
    rows = rows.select_related("cohort__edition", "entry__entrant", "entry__edition", "entry__track")
    place = rows.prefetch_related("mentors__user").filter(pk=pk).first()
    if place is None:
        raise Http404
    if not need(actor, place):
        raise PermissionDenied
    return place


def get_milestone(actor: Actor, pk: int, milestone: int) -> tuple[Place, Milestone]:
    """A team that the actor accompanies, and a milestone of its cohort, to be read. Those of other cohorts: 404."""
    place = get_team(actor, pk, permissions.can_read_deliveries)
    found = Milestone.objects.filter(pk=milestone, cohort=place.cohort_id).first()
    if found is None:
        raise Http404
    found.cohort = place.cohort
    return place, found


def get_cohort(actor: Actor, edition: str, slug: str) -> Cohort:
    """A cohort of an edition that the actor organises. Unseen: 404; not an organiser: 403."""
    found = get_edition(actor, edition, permissions.can_run)
    cohort = Cohort.objects.filter(edition=found, slug=slug).first()
    if cohort is None:
        raise Http404
    cohort.edition = found
    return cohort
