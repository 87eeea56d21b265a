"""The technicians' desk: entries, one entry with its report, the queue of inspections."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from festival.edition import permissions as edition_permissions
from festival.edition.door import get_edition
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import one_line, plain_text
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions import actions, desk_queries, permissions, status
from submissions.catalogue_actions import put_in_catalogue
from submissions.desk_words import log_lines
from submissions.door import get_entry
from submissions.inspect_actions import reinspect as start_inspection
from submissions.lifecycle import By, State, moves_from
from submissions.links import media_url
from submissions.models import Entry, Inspection
from submissions.report_view import TONES

GOOD = (Inspection.Verdict.PASS, Inspection.Verdict.NOTE)
UNDER_WAY = (Inspection.State.QUEUED, Inspection.State.RUNNING)


@signed_in
@require_GET
def entries(request: HttpRequest, edition: str) -> HttpResponse:
    """Every submitted entry, found by words, state, track and verdict; the filters stand in the address."""
    place = get_edition(request.actor, edition, edition_permissions.can_inspect)
    tracks = list(place.tracks.all())
    filters = desk_queries.Filters(
        search=one_line(request.GET.get("q", ""))[:200],
        state=_one_of(request.GET.get("state"), State.values),
        track=_one_of(request.GET.get("track"), [track.slug for track in tracks]),
        verdict=_one_of(request.GET.get("verdict"), Inspection.Verdict.values),
    )
    counts = desk_queries.state_counts(place)
    context = {
        "edition": place,
        "tracks": tracks,
        "filters": filters,
        "verdicts": Inspection.Verdict.choices,
        "tabs": [
            (state, State(state).label if state else _("All"), count) for state, count in counts.items()
        ],
        "total": counts[""],
        "page": desk_queries.entries_page(place, filters, request.GET.get("page")),
        "badges": status.BADGES,
        "tones": TONES,
    }
    return page(request, "desk/entries.html", context)


def _one_of(asked: str | None, known: list[str]) -> str:
    return asked if asked in known else ""


@signed_in
@require_GET
def inspections(request: HttpRequest, edition: str) -> HttpResponse:
    """What waits, what runs and how far it is, what failed, what was finished."""
    place = get_edition(request.actor, edition, edition_permissions.can_inspect)
    context = {"edition": place, "queue": desk_queries.queue(place, clock.now()), "tones": TONES}
    return page(request, "desk/inspections.html", context, part="queue")


def _entry(request: HttpRequest, edition: str, code: str, *, whole: bool = False) -> Entry:
    entry = get_entry(request.actor, code, permissions.can_see_desk, whole=whole)
    if entry.edition.slug != edition or entry.submitted_at is None:
        raise Http404
    return entry


@signed_in
@require_GET
def entry(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """One entry: its film, its report, its log, and what can be decided."""
    found = _entry(request, edition, code, whole=True)
    context = entry_context(request, found)
    response = page(request, "desk/entry.html", context, part="live")
    if (
        request.htmx and not context["watching"]
    ):  # the inspection has ended: state, log and buttons are others now
        response.headers["HX-Refresh"] = "true"
    return response


def entry_context(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    """What the desk's page of an entry shows; `entry` was fetched whole. One more query, for the originals."""
    versions = list(entry.versions.select_related("asset").prefetch_related("inspections"))
    newest = next(iter(versions[0].inspections.all()), None) if versions else None
    originals = [
        (version, media_url(request.actor, version.asset.key, name=version.filename, download=True))
        for version in versions
        if version.asset
    ]
    may_decide = permissions.can_decide(request.actor, entry)
    return {
        "entry": entry,
        "edition": entry.edition,
        "badge": status.BADGES[State(entry.state)],
        "versions": versions,
        "originals": dict(originals),
        "inspection": newest,
        "watching": newest is not None and newest.state in UNDER_WAY,
        "copy": media_url(request.actor, newest.copy_key) if newest else "",
        "log": log_lines(list(entry.events.all())),
        "own": permissions.is_entrant(request.actor, entry),
        "moves": moves_from(entry.state, By.TECHNICIAN) if may_decide else [],
        "waives": not _is_good(newest),
        "can_reinspect": may_decide and bool(versions) and (newest is None or newest.state not in UNDER_WAY),
        "can_catalogue": permissions.can_catalogue(request.actor, entry),
    }


def _is_good(inspection: Inspection | None) -> bool:
    return inspection is not None and inspection.verdict in GOOD


@signed_in
@require_POST
def decide(request: HttpRequest, edition: str, code: str, move: str) -> HttpResponse:
    """Admit, ask for a mended film, or refuse; with a reason where one is owed."""
    found = _entry(request, edition, code)
    if not permissions.can_decide(request.actor, found):
        raise PermissionDenied
    reason = plain_text(request.POST.get("reason")).strip()[:2000]
    at = clock.now()
    match move:
        case "admit":
            newest = (
                Inspection.objects.filter(version__entry=found).order_by("-version__number", "-pk").first()
            )
            if not _is_good(newest) and not reason:
                text = _(
                    "Say why this film is admitted although the inspection found faults, or has not finished."
                )
                raise Refused(text, status=400, code="reason_missing")
            actions.admit(entry=found, by=request.actor, at=at, reason=reason)
            messages.success(request, _("Admitted. The entrant has been told."))
        case "ask_fix":
            actions.ask_fix(entry=found, by=request.actor, at=at, reason=reason)
            messages.success(request, _("The entrant has been asked for a mended film."))
        case "refuse":
            actions.refuse(entry=found, by=request.actor, at=at, reason=reason)
            messages.success(request, _("Not admitted. The entrant has been told, with your reason."))
        case _:
            raise Http404
    return redirect("submissions:desk_entry", edition=edition, code=code)


@signed_in
@require_POST
def reinspect(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Inspect the newest film again."""
    found = _entry(request, edition, code)
    start_inspection(entry=found, by=request.actor, at=clock.now())
    messages.success(request, _("The film is being inspected again."))
    return redirect("submissions:desk_entry", edition=edition, code=code)


@signed_in
@require_POST
def catalogue(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Copy the film into the catalogue, for a screening."""
    found = _entry(request, edition, code)
    film = put_in_catalogue(entry=found, by=request.actor, at=clock.now())
    messages.success(
        request,
        _("“%(title)s” is in the catalogue, not public yet: it can be put on a screening now.")
        % {"title": film.title},
    )
    return redirect("submissions:desk_entry", edition=edition, code=code)
