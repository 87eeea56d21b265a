"""The desk's pages of the audience's vote. Numbers by film are there once it is closed, for nobody before."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.awards import audience_actions as actions
from festival.awards import audience_keys as keys
from festival.awards import audience_queries as queries
from festival.awards.audience_forms import AsideForm, BatchForm, PollForm
from festival.awards.audience_letters import address_of
from festival.awards.audience_words import mark_text, step_text
from festival.awards.models import AudienceAside, AudiencePoll, AwardSlot
from festival.awards.papers.engine import qr
from festival.awards.permissions import can_hold_audience_vote
from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.kit.sheets import MIME, csv_lines
from festival.people.door import signed_in


@signed_in
@require_GET
def polls(request: HttpRequest, edition: str) -> HttpResponse:
    """The slots of the edition, and the vote of each."""
    found = get_edition(request.actor, edition, can_hold_audience_vote)
    slots = AwardSlot.objects.filter(edition=found).select_related("audience_poll")
    rows = [(slot, getattr(slot, "audience_poll", None)) for slot in slots]
    rows.sort(key=lambda row: (row[1] is None, not queries.decides(row[0])))
    return page(request, "desk/audience.html", {"edition": found, "rows": rows, "now": timezone.now()})


@signed_in
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, edition: str, slot: str) -> HttpResponse:
    """How the audience votes for a slot."""
    found, row, poll = _slot(request, edition, slot)
    form = PollForm(request.POST or None, edition=found, poll=poll)
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            actions.set_poll(
                slot=row,
                rules=form.rules,
                films=list(form.cleaned_data["films"]),
                by=request.actor,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(refusal.code if refusal.code in form.fields else None, refusal.text)
            status = refusal.status
        else:
            messages.success(request, _("Saved."))
            return redirect("awards:audience_poll", found.slug, row.slug)
    return page(
        request,
        "desk/audience_settings.html",
        {"edition": found, "slot": row, "poll": poll, "form": form},
        status=status,
    )


@signed_in
@require_GET
def poll(request: HttpRequest, edition: str, slot: str) -> HttpResponse:
    """How the vote stands: its codes; once it is closed its marks and the count."""
    found, poll = _poll(request, edition, slot)
    return _page(request, found, poll)


@signed_in
@require_POST
def codes_make(request: HttpRequest, edition: str, slot: str) -> HttpResponse:
    """A batch of printed codes."""
    found, poll = _poll(request, edition, slot)
    form = BatchForm(request.POST)
    if not form.is_valid():
        return _page(request, found, poll, batch=form, status=400)
    actions.make_codes(poll=poll, by=request.actor, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("The codes are made. Print the sheet, or download the table."))
    return _back(found, poll)


@signed_in
@require_GET
def codes_sheet(request: HttpRequest, edition: str, slot: str, number: int) -> HttpResponse:
    """A batch as a sheet to print and cut: a QR code and the code in letters for each person."""
    found, poll = _poll(request, edition, slot)
    batch = get_object_or_404(poll.batches.select_related("poll"), number=number)
    taken = actions.take_codes(batch=batch, by=request.actor, at=timezone.now())
    rows = [
        # Made here from an address of our own: squares and nothing else.
        (serial, keys.shown_code(code), mark_safe(qr(address_of(poll, code))))
        for serial, code in taken
    ]
    context = {"edition": found, "poll": poll, "batch": batch, "rows": rows}
    response = page(request, "desk/audience_sheet.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@signed_in
@require_GET
def codes_table(request: HttpRequest, edition: str, slot: str, number: int) -> HttpResponseBase:
    """A batch as CSV: number, code, address."""
    found, poll = _poll(request, edition, slot)
    batch = get_object_or_404(poll.batches.select_related("poll"), number=number)
    taken = actions.take_codes(batch=batch, by=request.actor, at=timezone.now())
    rows = ((serial, keys.shown_code(code), address_of(poll, code)) for serial, code in taken)
    lines = csv_lines(("number", "code", "address"), rows, found.time_zone)
    response = StreamingHttpResponse(lines, content_type=MIME["csv"])
    name = f"{found.slug}-{poll.slot.slug}-codes-{number}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@signed_in
@require_POST
def count(request: HttpRequest, edition: str, slot: str) -> HttpResponse:
    """Count, or count anew."""
    found, poll = _poll(request, edition, slot)
    result = actions.count(poll=poll, by=request.actor, at=timezone.now())
    text = ngettext("%(count)d vote was counted.", "%(count)d votes were counted.", result.ballots)
    messages.success(request, text % {"count": result.ballots})
    return _back(found, poll)


@signed_in
@require_POST
def aside(request: HttpRequest, edition: str, slot: str) -> HttpResponse:
    """Votes of a mark are not counted."""
    found, poll = _poll(request, edition, slot)
    form = AsideForm(request.POST)
    if not form.is_valid():
        return _page(request, found, poll, aside=form, status=400)
    actions.set_aside(poll=poll, by=request.actor, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("These votes are set aside, and the rest is counted anew."))
    return _back(found, poll)


@signed_in
@require_POST
def lift(request: HttpRequest, edition: str, slot: str, pk: int) -> HttpResponse:
    """They are counted again."""
    found, poll = _poll(request, edition, slot)
    row = get_object_or_404(AudienceAside.objects.select_related("poll"), poll=poll, pk=pk)
    actions.lift(aside=row, by=request.actor, at=timezone.now())
    messages.success(request, _("These votes are counted again."))
    return _back(found, poll)


@signed_in
@require_POST
def settle(request: HttpRequest, edition: str, slot: str) -> HttpResponse:
    """The end: what could tell the voters goes."""
    found, poll = _poll(request, edition, slot)
    actions.settle(poll=poll, by=request.actor, at=timezone.now())
    messages.success(request, _("Settled. Nothing here tells any more who voted."))
    return _back(found, poll)


def _slot(request: HttpRequest, edition: str, slot: str) -> tuple[Edition, AwardSlot, AudiencePoll | None]:
    found = get_edition(request.actor, edition, can_hold_audience_vote)
    row = get_object_or_404(AwardSlot.objects.select_related("audience_poll"), edition=found, slug=slot)
    row.edition = found
    return found, row, getattr(row, "audience_poll", None)


def _poll(request: HttpRequest, edition: str, slot: str) -> tuple[Edition, AudiencePoll]:
    found, row, poll = _slot(request, edition, slot)
    if poll is None:
        raise Http404
    poll.slot = row
    return found, poll


def _back(edition: Edition, poll: AudiencePoll) -> HttpResponse:
    return redirect("awards:audience_poll", edition.slug, poll.slot.slug)


def _page(
    request: HttpRequest,
    edition: Edition,
    poll: AudiencePoll,
    *,
    batch: BatchForm | None = None,
    aside: AsideForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    result = queries.last_result(poll)
    context: dict[str, Any] = {
        "edition": edition,
        "poll": poll,
        "slot": poll.slot,
        "decides": queries.decides(poll.slot),
        "is_open": queries.is_open(poll, now),
        "is_early": now < poll.opens_at,
        "is_closed": poll.closes_at <= now,
        "films": poll.films.count(),
        "ballots": poll.ballots.count(),
        "batches": poll.batches.all(),
        "batch_form": batch or BatchForm(),
        "aside_form": aside or AsideForm(),
        "result": result,
        "steps": [(step, step_text(step)) for step in poll.steps.select_related("by")],
    }
    if poll.closes_at <= now:
        context |= _closed(poll, edition.time_zone, now)
    if result:
        titles = {film.code: film for film in poll.films.all()}
        context["rows"] = [
            row | {"film": titles[row["film"]]} for row in result.rows if row["film"] in titles
        ]
    return page(request, "desk/audience_poll.html", context, status=status)


def _closed(poll: AudiencePoll, zone: str, now: datetime) -> dict[str, Any]:
    values = queries.as_values(poll)
    found = queries.marked(poll, values)
    return {
        "marks": [(one, mark_text(one.mark, zone)) for one in found],
        "marked": len({place for one in found for place in one.mark.votes}),
        "set_aside": len(queries.aside_places(poll, values)),
        "can_count": poll.settled_at is None and poll.closes_at + actions.LAST_VOTES <= now,
    }
