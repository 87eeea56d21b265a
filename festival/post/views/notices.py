"""What the contest has told an account."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from festival.kit import clock
from festival.kit.pages import page
from festival.people.door import signed_in
from festival.post import actions, queries
from festival.post.words import render


@signed_in
@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """In the words that were mailed, of every edition or of one; POST marks everything as read."""
    if request.method == "POST":
        actions.mark_read(by=request.actor, at=clock.now())
        return redirect("post:notices")
    editions = list(queries.editions_of(request.actor))
    chosen = next((one for one in editions if one.slug == request.GET.get("edition")), None)
    found = queries.notices_of(request.actor)
    if chosen:
        found = found.filter(edition=chosen)
    sheet = Paginator(found, 30).get_page(request.GET.get("page"))
    context = {
        "page": sheet,
        "letters": [(notice, render(notice)) for notice in sheet],
        "editions": editions if len(editions) > 1 else [],
        "chosen": chosen,
    }
    return page(request, "post/notices.html", context)


@signed_in
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice as read; twice is once."""
    if not queries.told(request.actor).filter(pk=pk).exists():
        raise Http404
    actions.mark_read(by=request.actor, at=clock.now(), only=pk)
    back = request.POST.get("back", "")
    if back.startswith("?") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(f"/notices/{back}")
    return redirect("post:notices")
