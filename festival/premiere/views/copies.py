"""Copies: what is due, what is approved, what plays; the projectionist's page and what she checks there."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.catalogue.models import Film
from festival.catalogue.registry import original_url
from festival.edition.door import get_edition
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.kit.words import clock_time, short_language
from festival.people.door import signed_in
from festival.premiere import copy_actions, copy_queries, permissions, publishing
from festival.premiere.copies.hashing import sums_text
from festival.premiere.copy_choice import STATES, due_at, state_of
from festival.premiere.copy_forms import CopyForm, ProjectionForm
from festival.premiere.door import get_copy, get_screening
from festival.premiere.models import Copy
from festival.premiere.programme.groupings import Lookup, in_time
from festival.premiere.programme.words import item_words, word
from festival.premiere.run_sheet import file_words, projection_of, sheet_of
from festival.premiere.views.desk import Kind, kept_change

SUM_LENGTH = 64
PAGE = 50  # films


@signed_in
@require_GET
def overview(request: HttpRequest, edition: str) -> HttpResponse:
    """Every film that runs in a cinema, with its copies, what is due first before the others; ?state= some of them."""
    found = get_edition(request.actor, edition, permissions.can_project)
    needs = copy_queries.needs_of(found)
    counts = Counter(one.state for one in needs)
    asked, at = request.GET.get("state", ""), timezone.now()
    shown = [one for one in needs if one.state == asked] if asked in STATES else needs
    shown_page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    context = {
        "edition": found,
        "page": shown_page,
        "needs": [(one, one.late(at)) for one in shown_page],
        "tabs": [(state, counts[state]) for state in STATES],
        "asked": asked if asked in STATES else "",
        "total": len(needs),
        "programmes": permissions.can_programme(request.actor, found),
    }
    return page(request, "desk/premiere_copies.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, edition: str) -> HttpResponse:
    """A new copy; ?film=CODE fills in what is known of the film."""
    found = get_edition(request.actor, edition, permissions.can_project)
    film = Film.objects.filter(edition=found, code=request.GET.get("film", "").replace("\0", "")).first()
    known = {
        name: getattr(film, name)
        for name in ("file_format", "width", "height", "frame_rate", "channels")
        if film
    }
    form = CopyForm(request.POST or None, edition=found, initial={**known, "film": film})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                copy_actions.write_copy(by=request.actor, at=timezone.now(), **form.cleaned_data)
            except Refused as refusal:
                form.add_error("sha256", refusal.text)
                status = refusal.status
            else:
                return redirect("premiere:copies", edition)
    return page(request, "desk/premiere_copy.html", {"edition": found, "form": form}, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """One copy."""
    row = get_copy(request.actor, edition, pk)
    form = CopyForm(request.POST or None, edition=row.film.edition, copy=row)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                saved = copy_actions.write_copy(
                    film=row.film, copy=row, by=request.actor, at=timezone.now(), **form.cleaned_data
                )
            except Refused as refusal:
                form.add_error("sha256" if refusal.code == "sum_twice" else None, refusal.text)
                status = refusal.status
            else:
                if row.approved_at and not saved.approved_at:
                    messages.warning(
                        request, _("Saved. It is another copy now, and has to be approved again.")
                    )
                else:
                    messages.success(request, _("Saved."))
                return redirect("premiere:copy", edition, pk)
    context = {"edition": row.film.edition, "copy": row, "form": form, **_about(request, row)}
    return page(request, "desk/premiere_copy.html", context, status=status)


def _about(request: HttpRequest, row: Copy) -> dict[str, Any]:
    return {
        "state": state_of(row),
        "checks": row.checks.select_related("screening", "by")[:20],
    }


@signed_in
@require_GET
def original(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """The file itself, where it is the one that the entrant sent in: a short-lived address of this account's own."""
    row = get_copy(request.actor, edition, pk)
    address = original_url(request.actor, row.film.source, row.sha256) if row.original else ""
    if not address:
        raise Http404
    return redirect(address)


@signed_in
@require_POST
def arrive(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """The copy is here."""
    copy_actions.arrive(copy=get_copy(request.actor, edition, pk), by=request.actor, at=timezone.now())
    return redirect("premiere:copies", edition)


@signed_in
@require_POST
def approve(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """It was watched, and this is what is shown."""
    row, seen = get_copy(request.actor, edition, pk), request.POST.get("sha256", "")
    try:
        copy_actions.approve(copy=row, sha256=seen, by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.text)
        return redirect("premiere:copy", edition, pk)
    messages.success(request, _("“%(name)s” is approved.") % {"name": row.name})
    return redirect("premiere:copies", edition)


@signed_in
@require_POST
def delete(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Forget a copy."""
    copy_actions.delete_copy(copy=get_copy(request.actor, edition, pk), by=request.actor)
    messages.success(request, _("The copy has been deleted."))
    return redirect("premiere:copies", edition)


@signed_in
@require_POST
def take_originals(request: HttpRequest, edition: str) -> HttpResponse:
    """The files of the entrants as copies."""
    found = get_edition(request.actor, edition, permissions.can_project)
    count = copy_actions.take_originals(edition=found, by=request.actor, at=timezone.now())
    text = ngettext("%(count)d file is a copy now.", "%(count)d files are copies now.", count)
    messages.success(request, text % {"count": count})
    return redirect("premiere:copies", edition)


@signed_in
@require_http_methods(["GET", "POST"])
def lines(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Which copies play in a screening, by when they are due, and what the projectionist does."""
    screening = get_screening(request.actor, edition, code)
    rows = copy_queries.lines_of(screening)
    form = ProjectionForm(
        request.POST or None, edition=screening.edition, lines=rows, due=screening.copies_due_at
    )
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                with kept_change(request, screening, Kind.CHANGED) as at:
                    copy_actions.choose(screening=screening, at=at, **form.values)
            except Refused as refusal:
                form.add_error(None, refusal.text)
                status = refusal.status
            else:
                messages.success(request, _("Saved."))
                return redirect("premiere:projection", edition, code)
    context = {"edition": screening.edition, "screening": screening, "form": form}
    return page(request, "desk/premiere_lines.html", context, status=status)


@signed_in
@require_GET
def projections(request: HttpRequest, edition: str) -> HttpResponse:
    """Every screening in a cinema that the public knows, for the projectionists."""
    found = get_edition(request.actor, edition, permissions.can_project)
    programme = publishing.in_force(found)
    look = Lookup(programme) if programme else None
    rows = [
        (one, look.hall(one), look.venue(one))
        for one in (in_time(programme.screenings) if programme else ())
        if look and not look.hall(one).online
    ]
    return page(request, "desk/premiere_projections.html", {"edition": found, "rows": rows})


@signed_in
@require_GET
def projection(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """The projectionist's page: what runs when, what each file is, and whether it is whole."""
    screening = get_screening(request.actor, edition, code, permissions.can_project)
    sheet, language = sheet_of(screening), short_language()
    look = Lookup(sheet.programme)
    last: dict[int, Any] = {}
    for check in screening.copy_checks.select_related("by").order_by("at", "pk"):
        last[check.copy_id] = check
    rows = [
        {
            "line": line,
            "length": clock_time(line.item.seconds),
            "what": item_words(line.item, look, language),
            "kind": word(line.item.kind.value, language),
            "known": projection_of(line),
            "file": file_words(line.copy or line.film) if line.film else "",
            "cue": line.cue.said(language),
            "state": state_of(line.copy) if line.film else "",
            "check": last.get(line.copy.pk) if line.copy else None,
        }
        for line in sheet.lines
    ]
    context = {
        "edition": screening.edition,
        "screening": screening,
        "shown": sheet.shown,
        "version": sheet.programme.version,
        "hall": look.hall(sheet.shown),
        "venue": look.venue(sheet.shown),
        "rows": rows,
        "due": due_at(screening, copy_queries.first_rehearsal(screening)),
        "programmes": permissions.can_programme(request.actor, screening.edition),
        "sums": any(row["line"].copy and row["line"].copy.sha256 for row in rows),
    }
    return page(request, "desk/premiere_projection.html", context)


@signed_in
@require_GET
def sums(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """SHA256SUMS of the copies that play, for `sha256sum --check` and `python -m festival.premiere check`."""
    screening = get_screening(request.actor, edition, code, permissions.can_project)
    known = {copy.pk: copy for copy in copy_queries.playing_in(screening) if copy.sha256}
    text = sums_text((copy.sha256, copy.file_name) for copy in known.values())
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="SHA256SUMS"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@signed_in
@require_POST
def check(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """The browser has read a file: whether it is the copy that plays. Answers in JSON, with a sentence."""
    screening = get_screening(request.actor, edition, code, permissions.can_project)
    digest = request.POST.get("sha256", "")
    name = request.POST.get("file_name", "").replace("\0", "")[:255]
    if len(digest) != SUM_LENGTH or set(digest) - set("0123456789abcdef"):
        return JsonResponse({"whole": False, "text": _("This is no SHA-256.")}, status=400)
    try:
        made = copy_actions.check_copy(
            screening=screening, sha256=digest, file_name=name, by=request.actor, at=timezone.now()
        )
    except Refused as refusal:
        known = refusal.code == "unknown_file"  # an answer, and no fault of who asks
        return JsonResponse({"whole": False, "text": refusal.text}, status=200 if known else refusal.status)
    if not made.whole:
        text = _("“%(name)s” is NOT the copy that is to be shown: its sum is another.")
    elif made.copy.approved_at:
        text = _("“%(name)s” is whole: the approved copy.")
    else:
        text = _("“%(name)s” is whole, and nobody has approved this copy yet.")
    return JsonResponse({"whole": made.whole, "copy": made.copy_id, "text": text % {"name": made.copy.name}})
