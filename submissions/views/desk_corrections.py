"""The desk's pages of corrections: all of an edition, and those of an entry with the decision over them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition import permissions as edition_permissions
from festival.edition.door import get_edition
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions import correction_actions, correction_queries, permissions
from submissions.correction_forms import CloseForm, GrantForm, RefuseForm
from submissions.correction_gaps import missing_in
from submissions.correction_queries import outdated_in_catalogue
from submissions.correction_view import view_of, views_of
from submissions.models import Entry
from submissions.service import rounds_under_way
from submissions.views.desk import desk_door

MOST_OUTDATED = 20


@signed_in
@require_GET
def corrections(request: HttpRequest, edition: str) -> HttpResponse:
    """What waits, how long and until when an answer was promised; what is open; what is over."""
    place = get_edition(request.actor, edition, edition_permissions.can_inspect)
    at = clock.now()
    rows = correction_queries.for_desk(place, request.GET.get("page"))
    context = {
        "edition": place,
        "page": rows,
        "rows": [view_of(row, row.entry.edition, at) for row in rows],
        "outdated": list(outdated_in_catalogue(place).order_by("code")[:MOST_OUTDATED]),
    }
    return page(request, "desk/corrections.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def correction(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """The request with its message, and the decision; without a request an organiser opens fields all the same."""
    found = desk_door(request, edition, code, whole=True)
    if request.method == "GET":
        return _page(request, found)
    _assert_decides(request, found)
    at = clock.now()
    form = GrantForm(found, request.POST, at=at)
    if not form.is_valid():
        return _page(request, found, grant=form, status=400)
    try:
        correction_actions.grant_correction(entry=found, by=request.actor, at=at, **form.cleaned_data)
    except Refused as error:
        if error.code != "bad_until":
            raise
        form.add_error("until", error.text)
        return _page(request, found, grant=form, status=error.status)
    messages.success(request, _("Opened. The entrant has been told."))
    return redirect("submissions:desk_correction", edition=edition, code=code)


@signed_in
@require_POST
def refuse(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Do not grant it, with a reason."""
    found = desk_door(request, edition, code, whole=True)
    _assert_decides(request, found)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, refuse=form, status=400)
    correction_actions.refuse_correction(entry=found, by=request.actor, at=clock.now(), **form.cleaned_data)
    messages.success(request, _("Not granted. The entrant has been told, with your reason."))
    return redirect("submissions:desk_correction", edition=edition, code=code)


@signed_in
@require_POST
def close(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """End a granted correction early."""
    found = desk_door(request, edition, code, whole=True)
    _assert_decides(request, found)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, close=form, status=400)
    correction_actions.close_correction(
        entry=found, by=request.actor, at=clock.now(), reason=form.cleaned_data["reason"]
    )
    messages.success(request, _("Closed. What was corrected stays; the entrant has been told."))
    return redirect("submissions:desk_correction", edition=edition, code=code)


def _assert_decides(request: HttpRequest, entry: Entry) -> None:
    if not permissions.can_decide_correction(request.actor, entry):
        raise PermissionDenied


def _page(
    request: HttpRequest,
    found: Entry,
    *,
    grant: GrantForm | None = None,
    refuse: RefuseForm | None = None,
    close: CloseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    addresses = edition_permissions.can_organise(request.actor, found.edition)
    views = views_of(found.corrections.all(), found.edition, at, addresses=addresses)
    waiting = next((view for view in views if view.waiting), None)
    running = next((view for view in views if view.running), None)
    decides = permissions.can_decide_correction(request.actor, found) and permissions.is_running(found)
    context: dict[str, Any] = {
        "entry": found,
        "edition": found.edition,
        "waiting": waiting,
        "running": running,
        "earlier": [view for view in views if not (view.waiting or view.running)],
        "own": permissions.is_maker(request.actor, found),
        "decides": decides,
        "rounds": rounds_under_way(list(found.events.all())),
        "missing": missing_in(found, running.row.granted) if running else [],
        "outdated": outdated_in_catalogue(found.edition).filter(pk=found.pk).exists(),
        "can_catalogue": permissions.can_catalogue(request.actor, found),
    }
    if decides and running is None:
        row = waiting.row if waiting else None
        initial = {"names": row.asked, "request": row.pk} if row else {}
        context["grant"] = grant or GrantForm(found, at=at, initial=initial)
        context["refuse"] = (refuse or RefuseForm(initial=initial)) if row else None
    if decides and running is not None:
        context["close"] = close or CloseForm()
    return page(request, "desk/correction.html", context, status=status)
