"""Notices in the site, and the demo's mailbox."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from festival.kit import clock
from festival.kit.pages import page
from festival.people.door import signed_in
from festival.post import actions, mailbox, queries
from festival.post.words import render


@signed_in
@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """What the contest has told this account; POST marks everything as read."""
    if request.method == "POST":
        actions.mark_read(user=request.actor.user, at=clock.now())
        return redirect("post:notices")
    sheet = Paginator(queries.notices_of(request.actor), 30).get_page(request.GET.get("page"))
    letters = [(notice, render(notice)) for notice in sheet]
    return page(request, "post/notices.html", {"page": sheet, "letters": letters})


@require_GET
def mail(request: HttpRequest) -> HttpResponse:
    """The demo's mail, for everybody to read. Outside the demo there is no such page."""
    if not settings.DEMO:
        raise Http404
    return page(request, "post/mailbox.html", {"mails": mailbox.newest()})
