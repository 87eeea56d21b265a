"""The demo's mailbox."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from festival.kit.pages import page
from festival.post import mailbox


@require_GET
def mail(request: HttpRequest) -> HttpResponse:
    """The demo's mail, for everybody to read, of all or of one person. Outside the demo there is no such page."""
    if not settings.DEMO:
        raise Http404
    people = mailbox.people()
    chosen = request.GET.get("to", "")
    chosen = chosen if chosen in people else ""
    return page(
        request, "post/mailbox.html", {"mails": mailbox.newest(to=chosen), "people": people, "chosen": chosen}
    )
