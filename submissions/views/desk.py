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
from festival.kit.incoming import at_most, plain_text
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions import actions, desk_queries, permissions, statement_queries, status
from submissions.acceptance import GOOD, is_accepted
from submissions.attachment_view import file_views, in_order
from submissions.catalogue_actions import put_in_catalogue
from submissions.completeness import form_of
from submissions.correction_queries import outdated_in_catalogue
from submissions.correction_view import view_of
from submissions.credit_declarations import identity_of
from submissions.credit_view import person_rows
from submissions.desk_words import log_lines
from submissions.door import get_entry
from submissions.fields import facts_of
from submissions.inspect_actions import reinspect as start_inspection
from submissions.lifecycle import By, State, moves_from
from submissions.limit_forms import FixTimeForm
from submissions.links import media_url
from submissions.match_queries import sent_for, views_of
from submissions.models import Entry, Inspection
from submissions.player import poster_of, tracks_beside
from submissions.question_queries import answer_views
from submissions.report_view import TONES
from submissions.rights_view import declared_views
from submissions.statement_view import statement_of
from submissions.subtitle_view import subtitle_rows

UNDER_WAY = (Inspection.State.QUEUED, Inspection.State.RUNNING)


@signed_in
@require_GET
def inspections(request: HttpRequest, edition: str) -> HttpResponse:
    """What waits, what runs and how far it is, what failed, what was finished; and what was found so far."""
    place = get_edition(request.actor, edition, edition_permissions.can_inspect)
    context: dict[str, Any] = {
        "edition": place,
        "queue": desk_queries.queue(place, clock.now()),
        "tones": TONES,
    }
    if not request.htmx:
        context |= {
            "verdicts": Inspection.Verdict.choices,
            "groups": [
                (_("By track"), _("Track"), "track", statement_queries.groups_by_track(place)),
                (_("By AI tool"), _("Tool"), "tool", statement_queries.groups_by_tool(place)),
            ],
            "findings": desk_queries.finding_counts(place)[:10],
        }
    return page(request, "desk/inspections.html", context, part="queue")


def desk_door(request: HttpRequest, edition: str, code: str, *, whole: bool = False) -> Entry:
    """A submitted entry of this edition, for its desk."""
    entry = get_entry(request.actor, code, permissions.can_see_desk, whole=whole)
    if entry.edition.slug != edition or entry.submitted_at is None:
        raise Http404
    return entry


@signed_in
@require_GET
def entry(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """One entry: its film, its report, its log, and what can be decided."""
    found = desk_door(request, edition, code, whole=True)
    context = entry_context(request, found)
    response = page(request, "desk/entry.html", context, part="live")
    if (
        request.htmx and not context["watching"]
    ):  # the inspection has ended: state, log and buttons are others now
        response.headers["HX-Refresh"] = "true"
    return response


def entry_context(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    """What the desk's page of an entry shows; `entry` was fetched whole."""
    versions = list(entry.versions.all())
    newest = next(iter(versions[0].inspections.all()), None) if versions else None
    originals = [
        (version, media_url(request.actor, version.asset.key, name=version.filename, download=True))
        for version in versions
        if version.asset
    ]
    may_decide = permissions.can_decide(request.actor, entry)
    organises = edition_permissions.can_organise(request.actor, entry.edition)
    at = clock.now()
    corrections = [view_of(row, entry.edition, at) for row in entry.corrections.all()]
    accepted = entry.is_project or is_accepted(newest)
    return {
        "entry": entry,
        "edition": entry.edition,
        "badge": status.BADGES[State(entry.state)],
        "versions": versions,
        "originals": dict(originals),
        "same": sent_for(versions, entry, request.actor),
        "inspection": newest,
        "facts": facts_of(entry, form_of(entry.edition)),
        "answers": answer_views(entry),
        "statement": statement_of(entry),
        "watching": newest is not None and newest.state in UNDER_WAY,
        "copy": media_url(request.actor, newest.copy_key) if newest else "",
        "tracks": tracks_beside(request.actor, entry, newest),
        "poster": poster_of(request.actor, newest),
        "files": file_views(
            (file for file in in_order(entry.attachments.all()) if file.kind != "rights"), request.actor
        ),
        "declared": declared_views(entry, request.actor),
        "subtitles": subtitle_rows(entry.subtitle_files.all(), request.actor),
        "log": log_lines(list(entry.events.all()), entry.corrections.all(), addresses=organises),
        "correction": next((view for view in corrections if view.waiting or view.running), None),
        "corrections": corrections,
        "can_correct": permissions.can_decide_correction(request.actor, entry)
        and permissions.is_running(entry),
        "outdated": outdated_in_catalogue(entry.edition).filter(pk=entry.pk).exists(),
        "own": permissions.is_maker(request.actor, entry),
        "moves": moves_from(entry.state, By.TECHNICIAN) if may_decide else [],
        "waives": not accepted,
        "waived_all": accepted and newest is not None and newest.verdict not in GOOD,
        "can_waive": permissions.can_waive(request.actor, entry),
        "can_reinspect": may_decide and bool(versions) and (newest is None or newest.state not in UNDER_WAY),
        "time_form": FixTimeForm(edition=entry.edition)
        if entry.state == State.FIXING and permissions.can_give_time(request.actor, entry)
        else None,
        "can_catalogue": permissions.can_catalogue(request.actor, entry),
        "matches": views_of(entry, request.actor),
        "people": person_rows(entry.credits.all(), at, entry.edition.time_zone),
        "identity": identity_of(request.actor, entry),
        "can_reassign": permissions.can_reassign(request.actor, entry),
        "addresses": organises,
    }


@signed_in
@require_POST
def decide(request: HttpRequest, edition: str, code: str, move: str) -> HttpResponse:
    """Admit, ask for a mended film, or refuse; with a reason where one is owed."""
    found = desk_door(request, edition, code)
    if not permissions.can_decide(request.actor, found):
        raise PermissionDenied
    reason = at_most(plain_text(request.POST.get("reason")).strip(), 2000)
    at = clock.now()
    match move:
        case "admit":
            newest = (
                Inspection.objects.filter(version__entry=found).order_by("-version__number", "-pk").first()
            )
            if not found.is_project and not is_accepted(newest) and not reason:
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
    found = desk_door(request, edition, code)
    start_inspection(entry=found, by=request.actor, at=clock.now())
    messages.success(request, _("The film is being inspected again."))
    return redirect("submissions:desk_entry", edition=edition, code=code)


@signed_in
@require_POST
def catalogue(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Copy the film into the catalogue, for a screening."""
    found = desk_door(request, edition, code)
    film = put_in_catalogue(entry=found, by=request.actor, at=clock.now())
    messages.success(
        request,
        _("“%(title)s” is in the catalogue, not public yet: it can be put on a screening now.")
        % {"title": film.title},
    )
    return redirect("submissions:desk_entry", edition=edition, code=code)
