"""The page behind the link in a letter that offers a place: what is offered, and the answer."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions.cohorts import place_actions, place_queries
from submissions.cohorts.forms import DeclineForm, TakeForm
from submissions.cohorts.models import Place
from submissions.models import Entry

State = Place.State


def _place(token: str) -> Place:
    row = place_queries.place_of_link(token)
    if row is None:
        raise Http404
    return row


@require_GET
def place(request: HttpRequest, token: str) -> HttpResponse:
    """Which cohort, until when to answer, its milestones, what is promised; afterwards what became of it."""
    return _page(request, _place(token), token)


@signed_in
@require_POST
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Take the place with this account."""
    row = _place(token)
    mine = _mine(request, row)
    form = TakeForm(mine, request.POST)
    if not form.is_valid():
        return _page(request, row, token, take=form, status=400)
    code = form.cleaned_data.get("entry", "")
    entry = next((one for one in mine if one.code == code), None)
    try:
        taken = place_actions.accept(
            place=row, by=request.actor, at=clock.now(), entry=entry, title=form.cleaned_data["title"]
        )
    except Refused as error:
        if error.code != "no_title":
            raise
        form.add_error("title", error.text)
        return _page(request, row, token, take=form, status=error.status)
    assert taken.entry is not None
    messages.success(request, _("The place is yours. Here is what you deliver, and by when."))
    return redirect("cohorts:team", code=taken.entry.code)


@require_POST
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """Say no: the link is enough."""
    row = _place(token)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, row, token, decline=form, status=400)
    place_actions.decline(place=row, by=request.actor, at=clock.now(), reason=form.cleaned_data["reason"])
    return redirect("cohorts:place", token=token)


def _mine(request: HttpRequest, row: Place) -> list[Entry]:
    """The account's entries with which it can take the place."""
    if not request.actor.known or row.cohort.track_id is None:
        return []
    held = Place.objects.filter(cohort=row.cohort, state__in=place_queries.LIVE, entry__isnull=False)
    rows = Entry.objects.filter(track=row.cohort.track_id, entrant=request.actor.user)
    rows = rows.exclude(state__in=place_actions.OVER).exclude(pk__in=held.values("entry"))
    return list(rows.order_by("-created_at")[:50])


def _page(
    request: HttpRequest,
    row: Place,
    token: str,
    *,
    take: TakeForm | None = None,
    decline: DeclineForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    late = row.answer_by is not None and at >= row.answer_by
    can_answer = row.state == State.OFFERED and not late
    context = {
        "place": row,
        "cohort": row.cohort,
        "edition": row.cohort.edition,
        "token": token,
        "open": can_answer,
        "over": State.LAPSED if row.state == State.OFFERED and late else row.state,
        "own": row.entry is not None and request.actor.known and row.entry.entrant_id == request.actor.id,
        "milestones": list(row.cohort.milestones.prefetch_related("deliverables")),
        "promises": list(row.cohort.promises.all()),
        "take": take or (TakeForm(_mine(request, row)) if can_answer and request.actor.known else None),
        "decline": decline or DeclineForm(),
    }
    gone = context["over"] in (State.LAPSED, State.LEFT)
    return page(request, "public/place.html", context, status=410 if gone else status)
