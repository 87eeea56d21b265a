"""The desk's table of teams and milestones, and the review of what one team delivered for one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from festival.kit import clock
from festival.kit.clock import last_minute
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions.cohorts import delivery_actions, delivery_queries, note_actions, place_queries, time_actions
from submissions.cohorts.door import get_cohort, get_place
from submissions.cohorts.forms import (
    DeclineTimeForm,
    ExtendForm,
    NoteForm,
    RejectForm,
    ReopenForm,
    ReviewForm,
)
from submissions.cohorts.milestone_view import deliveries_for, standings_by_place, standings_of
from submissions.cohorts.models import CutNote, Delivery, DeliveryPart, Milestone, Place

OUTCOMES = {
    "accept": Delivery.State.ACCEPTED,
    "changes": Delivery.State.CHANGES,
    "reject": Delivery.State.REJECTED,
}
DONE = {
    Delivery.State.ACCEPTED: gettext_lazy("Accepted. The team is told."),
    Delivery.State.CHANGES: gettext_lazy("Changes are asked for. The team is told, with your words."),
    Delivery.State.REJECTED: gettext_lazy("Rejected. The team is told, with your words."),
}
FIELDS = {"no_text": "text", "past": "again_by", "after_end": "again_by"}


@signed_in
@require_GET
def matrix(request: HttpRequest, edition: str, cohort: str) -> HttpResponse:
    """Teams × milestones, and before it what waits for a review, the oldest first."""
    found = get_cohort(request.actor, edition, cohort)
    at = clock.now()
    milestones = list(found.milestones.all())
    taken = list(place_queries.places_of(found).filter(state=Place.State.ACCEPTED))
    standings = standings_by_place(taken, at)
    waiting = delivery_queries.waiting_for_review(found.edition_id).filter(place__cohort=found)
    asking = delivery_queries.waiting_for_time(found.edition_id).filter(place__cohort=found)
    context = {
        "edition": found.edition,
        "cohort": found,
        "figures": place_queries.figures_of(found.edition)[found.pk],
        "milestones": [(one, last_minute(one.due_at)) for one in milestones],
        "rows": [(place, standings[place.pk]) for place in taken],
        "waiting": list(waiting),
        "asking": list(asking),
        "at": at,
        "tab": "milestones",
    }
    return page(request, "desk/cohort_milestones.html", context)


def _both(
    request: HttpRequest, edition: str, cohort: str, milestone: int, pk: int
) -> tuple[Place, Milestone]:
    place = get_place(request.actor, edition, cohort, pk)
    found = Milestone.objects.filter(cohort=place.cohort, pk=milestone).first()
    if found is None or place.entry is None or place.answered_at is None:
        raise Http404
    return place, found


def _back(edition: str, cohort: str, milestone: int, pk: int, anchor: str = "") -> HttpResponse:
    answer = redirect("cohorts:review", edition=edition, cohort=cohort, milestone=milestone, pk=pk)
    answer.headers["Location"] += anchor
    return answer


@signed_in
@require_GET
def team(request: HttpRequest, edition: str, cohort: str, milestone: int, pk: int) -> HttpResponse:
    """What the team delivered, the newest first: films to watch, files, texts, notes; and the decision."""
    place, found = _both(request, edition, cohort, milestone, pk)
    return _page(request, place, found)


def _page(
    request: HttpRequest,
    place: Place,
    milestone: Milestone,
    *,
    review: ReviewForm | None = None,
    reject: RejectForm | None = None,
    reopen: ReopenForm | None = None,
    extend: ExtendForm | None = None,
    decline: DeclineTimeForm | None = None,
    note: tuple[int, NoteForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    standings = standings_of(place, at)
    standing = next(one for one in standings if one.milestone.pk == milestone.pk)
    rows = delivery_queries.deliveries_of(place).filter(milestone=milestone)
    views = deliveries_for(place, rows.exclude(state=Delivery.State.OPEN), request.actor)
    running = place.state == Place.State.ACCEPTED
    asked = delivery_queries.open_request(place, milestone) if running else None
    rejected = bool(views) and views[0].delivery.state == Delivery.State.REJECTED
    context = {
        "edition": place.cohort.edition,
        "cohort": place.cohort,
        "place": place,
        "entry": place.entry,
        "milestone": milestone,
        "standing": standing,
        "standings": standings,
        "views": views,
        "reviewing": bool(views) and views[0].delivery.state == Delivery.State.HANDED_IN,
        "review": review or ReviewForm(place, at),
        "reject": reject or RejectForm(),
        "reopen": (reopen or ReopenForm(place, at)) if running and rejected else None,
        "asked": asked,
        "decline": (decline or DeclineTimeForm()) if asked else None,
        "extend": (extend or ExtendForm(place, standing.due, asked)) if running and standing.waits else None,
        "note_of": note[0] if note else None,
        "note": note[1] if note else NoteForm(),
        "can_note": running,
        "extensions": [
            row for row in place.extensions.select_related("by") if row.milestone_id == milestone.pk
        ],
        "collecting": standing.newest is not None and standing.newest.state == Delivery.State.OPEN,
    }
    return page(request, "desk/delivery.html", context, status=status)


@signed_in
@require_POST
def decide(request: HttpRequest, edition: str, cohort: str, milestone: int, pk: int) -> HttpResponse:
    """Accept what was handed in, ask for changes, or reject it."""
    place, found = _both(request, edition, cohort, milestone, pk)
    at, answer = clock.now(), request.POST.get("answer", "")
    rejects = answer == "reject"
    form = RejectForm(request.POST) if rejects else ReviewForm(place, at, request.POST)
    shown = {"reject": form} if rejects else {"review": form}
    delivery = Delivery.objects.filter(place=place, milestone=found).order_by("-number")
    newest = delivery.exclude(state=Delivery.State.OPEN).first()
    if newest is None:
        raise Refused(_("Nothing was handed in yet."), code="nothing")
    if str(newest.number) != request.POST.get("number"):
        raise Refused(_("This delivery was reviewed already. Look at it again."), code="changed")
    if not form.is_valid():
        return _page(request, place, found, status=400, **shown)
    try:
        delivery_actions.review(
            delivery=newest,
            outcome=OUTCOMES.get(answer, ""),
            text=form.cleaned_data["text"],
            again_by=form.cleaned_data.get("again_by") if answer == "changes" else None,
            by=request.actor,
            at=at,
        )
    except Refused as error:
        if error.code not in FIELDS:
            raise
        form.add_error(FIELDS[error.code], error.text)
        return _page(request, place, found, status=error.status, **shown)
    messages.success(request, DONE[OUTCOMES[answer]])
    return _back(edition, cohort, milestone, pk)


@signed_in
@require_POST
def reopen(request: HttpRequest, edition: str, cohort: str, milestone: int, pk: int) -> HttpResponse:
    """Let the team go on after what it handed in was rejected."""
    place, found = _both(request, edition, cohort, milestone, pk)
    at = clock.now()
    form = ReopenForm(place, at, request.POST)
    rows = Delivery.objects.filter(place=place, milestone=found, state=Delivery.State.REJECTED)
    newest = rows.order_by("-number").first()
    if newest is None:
        raise Refused(_("This delivery is not rejected any more. Look at it again."), code="changed")
    if not form.is_valid():
        return _page(request, place, found, reopen=form, status=400)
    try:
        delivery_actions.reopen(delivery=newest, by=request.actor, at=at, **form.cleaned_data)
    except Refused as error:
        if error.code not in FIELDS:
            raise
        form.add_error(FIELDS[error.code], error.text)
        return _page(request, place, found, reopen=form, status=error.status)
    messages.success(request, _("The milestone is open again, and the team is told."))
    return _back(edition, cohort, milestone, pk)


@signed_in
@require_POST
def extend(request: HttpRequest, edition: str, cohort: str, milestone: int, pk: int) -> HttpResponse:
    """Give this team more time, with a reason; it grants the request that stood on the page, if one did."""
    place, found = _both(request, edition, cohort, milestone, pk)
    at = clock.now()
    asked = delivery_queries.open_request(place, found)
    form = ExtendForm(place, delivery_queries.due_of(place, found), asked, request.POST)
    if not form.is_valid():
        return _page(request, place, found, extend=form, status=400)
    try:
        delivery_actions.extend(
            place=place,
            milestone=found,
            request=_seen(request),
            by=request.actor,
            at=at,
            **form.cleaned_data,
        )
    except Refused as error:
        if error.code not in ("past", "earlier"):
            raise
        form.add_error("until", error.text)
        return _page(request, place, found, extend=form, status=error.status)
    messages.success(request, _("The team has more time, and is told."))
    return _back(edition, cohort, milestone, pk)


def _seen(request: HttpRequest) -> int | None:
    """The id of the team's request that stood on the page; None where none did."""
    asked = request.POST.get("request", "")
    return int(asked) if asked.isdigit() and len(asked) < 18 else None


@signed_in
@require_POST
def decline_time(request: HttpRequest, edition: str, cohort: str, milestone: int, pk: int) -> HttpResponse:
    """The day stays: the team asked for more time and does not get it, with a sentence."""
    place, found = _both(request, edition, cohort, milestone, pk)
    form = DeclineTimeForm(request.POST)
    if not form.is_valid():
        return _page(request, place, found, decline=form, status=400)
    time_actions.decline(
        place=place,
        milestone=found,
        request=_seen(request),
        answer=form.cleaned_data["reason"],
        by=request.actor,
        at=clock.now(),
    )
    messages.success(request, _("The day stays, and the team is told why."))
    return _back(edition, cohort, milestone, pk)


@signed_in
@require_POST
def note(request: HttpRequest, edition: str, cohort: str, milestone: int, pk: int, part: int) -> HttpResponse:
    """A note on a delivered part, at a moment or about the whole; with "answers" an answer to one."""
    place, found = _both(request, edition, cohort, milestone, pk)
    row = DeliveryPart.objects.filter(pk=part, delivery__place=place, delivery__milestone=found).first()
    if row is None:
        raise Http404
    form = NoteForm(request.POST, auto_id=f"note-{part}-%s")
    if not form.is_valid():
        return _page(request, place, found, note=(part, form), status=400)
    asked = request.POST.get("answers", "")
    answers = row.notes.filter(pk=int(asked)).first() if asked.isdigit() and len(asked) < 18 else None
    try:
        made = note_actions.add_note(
            part=row,
            text=form.cleaned_data["text"],
            seconds=form.cleaned_data["moment"],
            answers=answers,
            by=request.actor,
            at=clock.now(),
        )
    except Refused as error:
        if error.code != "moment":
            raise
        form.add_error("moment", error.text)
        return _page(request, place, found, note=(part, form), status=error.status)
    return _back(edition, cohort, milestone, pk, f"#note-{made.answers_id or made.pk}")


@signed_in
@require_POST
def remove_note(
    request: HttpRequest, edition: str, cohort: str, milestone: int, pk: int, note: int
) -> HttpResponse:
    """Take a note of one's own back."""
    place, found = _both(request, edition, cohort, milestone, pk)
    rows = CutNote.objects.filter(part__delivery__place=place, part__delivery__milestone=found)
    row = rows.filter(pk=note).first()
    if row is None:
        raise Http404
    note_actions.remove_note(note=row, by=request.actor)
    return _back(edition, cohort, milestone, pk, f"#part-{row.part_id}")
