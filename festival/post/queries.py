"""Reads of notices."""

from django.db.models import QuerySet

from festival.people.actor import Actor
from festival.post.models import Notice


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """What was told to the account, newest first, with the edition that it speaks of."""
    if not actor.known:
        return Notice.objects.none()
    return Notice.objects.filter(user_id=actor.id).select_related("edition")


def count_unread(actor: Actor) -> int:
    """Notices not read yet; nothing is asked for a stranger."""
    return Notice.objects.filter(user_id=actor.id, read_at__isnull=True).count() if actor.known else 0
