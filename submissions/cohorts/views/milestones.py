"""One milestone of a team: what is asked, what is put together, what was handed in and what was answered."""

from typing import Any, TypeGuard

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from festival.kit import clock
from festival.kit.arriving import had_no_room, takes_files
from festival.kit.errors import Refused
from festival.kit.incoming import at_most, plain_text
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions.attachment_kinds import KINDS
from submissions.attachment_view import file_views
from submissions.cohorts import (
    awaiting,
    delivery_actions,
    delivery_queries,
    note_actions,
    permissions,
    time_actions,
)
from submissions.cohorts.door import get_milestone, get_team
from submissions.cohorts.forms import AskTimeForm, DeliverForm
from submissions.cohorts.milestone_view import Standing, deliveries_for, standings_of
from submissions.cohorts.models import (
    CutNote,
    Deliverable,
    Delivery,
    Extension,
    Milestone,
    Place,
    TimeRequest,
)
from submissions.intake.actions import receive_form_file
from submissions.intake.limits import disk_full
from submissions.models import Attachment

Kind = Deliverable.Kind
FILMS = "video/*,.mkv,.mxf,.mov,.mp4,.webm"
PICTURES = ".jpg,.jpeg,.png,.webp"
DOCUMENTS = ",".join(name for name in KINDS["delivery"].accept.split(",") if name not in PICTURES.split(","))


@signed_in
@require_http_methods(["GET", "POST"])
def milestone(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Read it; a POST keeps what was put together, and with "do" set to "hand_in" hands it in."""
    place, found = get_milestone(request.actor, code, pk)
    if request.method == "GET":
        return _page(request, place, found)
    if not permissions.is_team(request.actor, place):
        raise PermissionDenied
    form = _form(place, found, request.POST)
    if not form.is_valid():
        return _page(request, place, found, form=form, status=400)
    at, message = clock.now(), form.cleaned_data["message"]
    hands_in = request.POST.get("do") == "hand_in"
    try:
        delivery_actions.fill(
            place=place, milestone=found, given=form.given, message=message, by=request.actor, at=at
        )
        if hands_in:
            delivery_actions.hand_in(place=place, milestone=found, by=request.actor, at=at, message=message)
    except Refused as error:
        if error.status == 403:
            raise
        form.add_error(None, error.text)
        return _page(request, place, found, form=form, status=error.status)
    if hands_in:
        messages.success(request, _("Handed in. The organisers are told; their answer stands here."))
    else:
        messages.success(request, _("Kept. Nothing is handed in yet."))
    return redirect("cohorts:milestone", code=code, pk=pk)


def _form(place: Place, milestone: Milestone, data: Any = None) -> DeliverForm:
    wanted = list(milestone.deliverables.all())
    begun = (
        Delivery.objects.filter(place=place, milestone=milestone, state=Delivery.State.OPEN)
        .prefetch_related("parts")
        .first()
    )
    return DeliverForm(milestone, wanted, _choices(place, wanted), begun, data)


def _choices(place: Place, wanted: list[Deliverable]) -> dict[int, Any]:
    """What can be chosen for each thing, the newest first: versions of the film, files that were sent for it."""
    assert place.entry is not None
    things: dict[int, Any] = {}
    if any(one.kind == Kind.FILM for one in wanted):
        films = place.entry.versions.select_related("upload").order_by("-number")
        films = [version for version in films if not version.is_gone]
        things = {one.pk: films for one in wanted if one.kind == Kind.FILM}
    ready = Attachment.objects.filter(
        entry=place.entry, kind="delivery", state=Attachment.State.READY, upload__isnull=False
    )
    ready = ready.exclude(delivery_part__delivery__state__in=delivery_queries.HANDED)
    for file in ready.select_related("upload").order_by("-pk"):
        assert file.upload is not None
        of = int(file.upload.purpose.partition("/")[2] or 0)
        things.setdefault(of, []).append(file)
    return things


def _page(
    request: HttpRequest,
    place: Place,
    milestone: Milestone,
    *,
    form: DeliverForm | None = None,
    ask: AskTimeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    entry, at = place.entry, clock.now()
    assert entry is not None
    standing = next(one for one in standings_of(place, at) if one.milestone.pk == milestone.pk)
    deliveries = delivery_queries.deliveries_of(place).filter(milestone=milestone)
    views = deliveries_for(place, deliveries.exclude(state=Delivery.State.OPEN), request.actor)
    delivers = permissions.can_deliver(request.actor, place) and standing.waits
    shown = form or (_form(place, milestone) if delivers else None)
    asked = delivery_queries.newest_request(place, milestone)
    extensions = [row for row in place.extensions.all() if row.milestone_id == milestone.pk]
    asks = delivers and standing.due < place.cohort.ends_at and at < place.cohort.ends_at
    asks = asks and (asked is None or asked.state != TimeRequest.State.ASKED)
    waiting = list(
        Attachment.objects.filter(entry=entry, kind="delivery")
        .exclude(state=Attachment.State.READY)
        .select_related("asset", "wording")
        .order_by("-pk")[:10]
    )
    context = {
        "entry": entry,
        "edition": place.cohort.edition,
        "place": place,
        "milestone": milestone,
        "standing": standing,
        "views": views,
        "earlier": views[1:],
        "form": shown,
        "wanted": shown.wanted if shown else list(milestone.deliverables.all()),
        "unread": file_views(waiting, request.actor) if delivers else [],
        "reading": delivers and any(file.state == Attachment.State.WAITING for file in waiting),
        "sends": _sends(shown.wanted, takes_cut=awaiting.cut_until(entry, at) is not None) if shown else [],
        "judged": delivers and awaiting.is_judged(entry),
        "delivers": delivers,
        "asked": asked if _still_says(asked, standing, extensions) else None,
        "ask": (ask or AskTimeForm(place, standing.due, at)) if asks else None,
        "takes_back": permissions.can_ask_time(request.actor, place),
        "team": permissions.can_deliver(request.actor, place),
        "extensions": extensions,
    }
    response = page(request, "entrant/milestone.html", context, part="unread", status=status)
    if request.htmx and not context["reading"]:
        response.headers["HX-Refresh"] = "true"  # what was read can be chosen now
    return response


def _still_says(
    asked: TimeRequest | None, standing: Standing, extensions: list[Extension]
) -> TypeGuard[TimeRequest]:
    """Whether the team's last request is shown: while it waits; declined, while that is the last word about the day."""
    if asked is None:
        return False
    if asked.state == TimeRequest.State.ASKED:
        return True
    later = any(asked.decided_at and row.at > asked.decided_at for row in extensions)
    return asked.state == TimeRequest.State.DECLINED and standing.waits and not later


def _sends(wanted: list[Deliverable], *, takes_cut: bool) -> list[dict[str, Any]]:
    """The panels through which files come: one for the film, one for each document or picture."""
    sends = []
    for one in wanted:
        if one.kind == Kind.FILM and takes_cut and not any(send["purpose"] == "" for send in sends):
            sends.append({"wanted": one, "purpose": "", "key": "film", "accept": FILMS, "hint": ""})
        elif one.kind in awaiting.FILES:
            picture, purpose = one.kind == Kind.PICTURE, f"delivery/{one.pk}"
            accept = PICTURES if picture else DOCUMENTS
            hint = (
                _("JPEG, PNG or WebP.") if picture else _("PDF, text, office document or ZIP, up to 500 MB.")
            )
            sends.append(
                {"wanted": one, "purpose": purpose, "key": f"d{one.pk}", "accept": accept, "hint": hint}
            )
    return sends


@signed_in
@require_POST
def ask_time(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Ask for more time for this milestone, with the day and the reason."""
    place, found = get_milestone(request.actor, code, pk, entrant=True)
    at = clock.now()
    form = AskTimeForm(place, delivery_queries.due_of(place, found), at, request.POST)
    if not form.is_valid():
        return _page(request, place, found, ask=form, status=400)
    given = form.cleaned_data
    try:
        time_actions.ask(
            place=place,
            milestone=found,
            until=given["until"],
            message=given["message"],
            by=request.actor,
            at=at,
        )
    except Refused as error:
        if error.code not in ("past", "earlier", "after_end"):
            raise
        form.add_error("day", error.text)
        return _page(request, place, found, ask=form, status=error.status)
    messages.success(request, _("The organisers are asked; their answer stands here."))
    return redirect("cohorts:milestone", code=code, pk=pk)


@signed_in
@require_POST
def take_time_back(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The request for more time is no longer needed."""
    place, found = get_milestone(request.actor, code, pk, entrant=True)
    time_actions.take_back(place=place, milestone=found, by=request.actor, at=clock.now())
    messages.success(request, _("You no longer ask for more time."))
    return redirect("cohorts:milestone", code=code, pk=pk)


@takes_files
@signed_in
@require_POST
def send(request: HttpRequest, code: str, pk: int, wanted: int) -> HttpResponse:
    """A file in one plain form: without JavaScript, and without resuming."""
    place, found = get_milestone(request.actor, code, pk, entrant=True)
    one = found.deliverables.filter(pk=wanted).exclude(kind__in=(Kind.TEXT, Kind.LINK)).first()
    if one is None:
        raise Http404
    assert place.entry is not None
    if had_no_room(request):
        raise disk_full()
    file = request.FILES.get("file")
    if file is None:
        raise Refused(_("Choose the file first."), status=400, code="no_file")
    receive_form_file(
        entry=place.entry,
        filename=file.name or "",
        size=file.size or 0,
        source=file,
        by=request.actor,
        at=clock.now(),
        purpose="" if one.kind == Kind.FILM else f"delivery/{one.pk}",
    )
    messages.success(request, _("Your file has arrived."))
    return redirect("cohorts:milestone", code=code, pk=pk)


@signed_in
@require_POST
def note(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Tick a note ("done" or "undo"), or answer it."""
    _entry, places = get_team(request.actor, code)
    rows = CutNote.objects.filter(part__delivery__place__in=places, answers=None)
    found = rows.select_related("part__delivery").filter(pk=pk).first()
    if found is None:
        raise Http404
    what, at = request.POST.get("do"), clock.now()
    if what in ("done", "undo"):
        note_actions.tick(note=found, done=what == "done", by=request.actor, at=at)
    else:
        text = at_most(
            plain_text(request.POST.get("text")).replace("\r\n", "\n").strip(), note_actions.LONGEST
        )
        if not text:
            raise Refused(_("Write an answer first."), status=400, code="text")
        note_actions.add_note(part=found.part, text=text, answers=found, by=request.actor, at=at)
    of = found.part.delivery.milestone_id
    answer = redirect("cohorts:milestone", code=code, pk=of)
    answer.headers["Location"] += f"#note-{found.pk}"
    return answer
