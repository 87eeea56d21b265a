"""The bell in the header."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from festival.post import queries


def unread(request: HttpRequest) -> dict[str, object]:
    """`unread_notices`: how many the reader has not seen. Costs its one query only where a template asks."""
    actor = getattr(request, "actor", None)
    return {"unread_notices": SimpleLazyObject(lambda: queries.count_unread(actor)) if actor else 0}
