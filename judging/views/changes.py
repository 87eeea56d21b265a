"""What was changed since the call opened, for everybody to read."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from festival.edition.door import get_edition
from festival.edition.queries import changes_since_opening
from festival.kit.pages import page
from judging import change_words


@require_GET
def changes(request: HttpRequest, edition: str) -> HttpResponse:
    """Terms, dates, rounds, the rulebook and the deadline: from what to what, when and why."""
    found = get_edition(request.actor, edition)
    groups = change_words.groups_of(found, *changes_since_opening(found))
    return page(request, "public/changes.html", {"edition": found, "groups": groups})
