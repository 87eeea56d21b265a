"""The doors to rounds and looks: object and check come together."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404

from festival.edition import door as edition_door
from festival.edition import permissions as edition_permissions
from festival.people.actor import Actor
from judging import permissions, queries
from judging.models import Look, Round

RoundNeed = Callable[[Actor, Round], bool]
LookNeed = Callable[[Actor, Look], bool]


def get_round(actor: Actor, edition: str, slug: str, need: RoundNeed = permissions.can_follow) -> Round:
    """A round with its edition, for the desk. Unseen edition or no such round: 404; `need` says no: 403."""
    found = edition_door.get_edition(actor, edition, edition_permissions.can_work)
    try:
        round = Round.objects.get(edition=found, slug=slug)
    except Round.DoesNotExist:
        raise Http404 from None
    round.edition = found
    if not need(actor, round):
        raise PermissionDenied
    return round


def get_own_round(actor: Actor, edition: str, slug: str) -> Round:
    """A round that has opened, for one of its judges; of rounds that others judge nothing is known: 404."""
    found = edition_door.get_edition(actor, edition, edition_permissions.can_judge)
    try:
        round = queries.rounds_of_judge(found, actor.id or 0).get(slug=slug)
    except Round.DoesNotExist:
        raise Http404 from None
    round.edition = found
    return round


def get_look(actor: Actor, pk: int, need: LookNeed = permissions.can_see) -> Look:
    """The judge's own look with round and edition; the entry cannot be reached from it (see queries.visible_to)."""
    try:
        look = queries.visible_to(actor).select_related("round__edition").get(pk=pk)
    except Look.DoesNotExist:
        raise Http404 from None
    if not need(actor, look):
        raise PermissionDenied
    return look
