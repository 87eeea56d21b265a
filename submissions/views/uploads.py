"""The upload protocol over JSON, and the plain form for browsers without JavaScript."""

import base64
import binascii
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition.rulebook import Rulebook
from festival.kit import clock
from festival.kit.arriving import had_no_room, takes_files
from festival.kit.errors import Refused
from festival.kit.incoming import json_object, one_line, plain_text
from festival.kit.pages import page
from festival.kit.words import say
from festival.people.door import signed_in
from submissions import permissions
from submissions.attachment_actions import step_of
from submissions.cohorts.models import Deliverable
from submissions.door import get_entry
from submissions.inspection.preflight import read_seen
from submissions.intake import actions, queries
from submissions.intake.body import body_of
from submissions.intake.door import get_addressed, get_upload
from submissions.intake.drivers import driver_of
from submissions.intake.gate import api, takes_signed_address, takes_tokens
from submissions.intake.limits import disk_full
from submissions.intake.parts import SIGNED_SECONDS, part_length
from submissions.models import FilmVersion, Upload
from submissions.preflight_view import preflight_of

MOST_SIGNED = 100
PROGRAM = Path(__file__).parent.parent / "intake" / "program" / "firstlight_upload.py"
LONGEST_PREFLIGHT = 16 << 10  # bytes of JSON; the head of the film is a third of it


def _parts(upload: Upload) -> list[dict[str, Any]]:
    return [
        {"number": part.number, "size": part.size, "etag": part.etag}
        for part in driver_of(upload).list(upload)
    ]


def _session(upload: Upload) -> dict[str, Any]:
    here = {"upload": upload.pk}
    return {
        "id": str(upload.pk),
        "state": upload.state,
        "filename": upload.filename,
        "size": upload.size,
        "part_size": upload.part_size,
        "part_count": upload.part_count,
        "expires_at": upload.expires_at.isoformat(),
        "parts": _parts(upload),
        "list": reverse("submissions:upload_list", kwargs=here),
        "sign": reverse("submissions:upload_sign", kwargs=here),
        "complete": reverse("submissions:upload_complete", kwargs=here),
        "abort": reverse("submissions:upload_abort", kwargs=here),
    }


def address_of(upload: Upload) -> str:
    """The page that an upload belongs to."""
    if upload.purpose.startswith("delivery/"):
        wanted = Deliverable.objects.filter(pk=upload.purpose.partition("/")[2]).first()
        if wanted is not None:
            return reverse("cohorts:milestone", kwargs={"code": upload.entry.code, "pk": wanted.milestone_id})
    page = f"submissions:{step_of(upload.purpose)}" if upload.purpose else "submissions:entry"
    return reverse(page, kwargs={"code": upload.entry.code})


@takes_tokens
@require_POST
@api
def create(request: HttpRequest) -> HttpResponse:
    """{entry, filename, size, fingerprint} → the session; the same file on the same entry continues its own.

    With {purpose} it is another file than the film (`attachment_kinds.Purpose`).
    """
    body = json_object(request)
    entry = get_entry(request.actor, plain_text(body.get("entry")), permissions.is_entrant)
    upload = actions.create_upload(
        entry=entry,
        filename=plain_text(body.get("filename")),
        size=body.get("size"),
        fingerprint=plain_text(body.get("fingerprint")),
        purpose=plain_text(body.get("purpose")),
        by=request.actor,
        at=clock.now(),
    )
    return JsonResponse(_session(upload), status=201)


@require_POST
@api
def preflight(request: HttpRequest) -> HttpResponse:
    """What a browser read of a film → what the rulebook says to that, before anything is uploaded.

    {entry, filename, size, head (base64), …} → {clean, grave, taken, html}. Nothing is written and no file is opened.
    """
    if len(request.body) > LONGEST_PREFLIGHT:
        raise Refused(_("This is more than can be taken at once."), status=413, code="too_much")
    body = json_object(request)
    entry = get_entry(request.actor, plain_text(body.get("entry")), permissions.can_upload)
    size = body.get("size")
    try:
        head = base64.b64decode(plain_text(body.get("head")), validate=True)
    except (binascii.Error, ValueError):
        head = b""
    if type(size) is not int or size < 0 or (size and not head):
        raise Refused(
            _("This could not be read. Reload the page and try again."), status=400, code="bad_request"
        )
    view = preflight_of(read_seen(size, head, body), Rulebook.from_toml(entry.edition.rulebook))
    context = {"preflight": view, "filename": one_line(plain_text(body.get("filename")))[:200]}
    html = render_to_string("entrant/_preflight.html", context, request)
    return JsonResponse({"clean": view.clean, "grave": view.grave, "taken": view.taken, "html": html})


@takes_tokens
@require_GET
@api
def awaiting(request: HttpRequest) -> HttpResponse:
    """The entries of this account for which a film is awaited now, for programs: what may come, until when."""
    rows = [
        {
            "entry": one.entry.code,
            "title": one.entry.title,
            "edition": say(one.entry.edition.name),
            "until": one.until.isoformat(),
            "max_bytes": one.max_bytes,
            "films": [version.filename for version in one.films],
            "unfinished": [upload.filename for upload in one.unfinished],
            "page": reverse("submissions:entry", kwargs={"code": one.entry.code}),
        }
        for one in queries.awaiting(request.actor, clock.now())
    ]
    return JsonResponse({"account": str(request.actor), "entries": rows})


@require_GET
def program(request: HttpRequest) -> HttpResponse:
    """How to send many films with a program, and where to get it."""
    context = {"site": settings.SITE_URL, "name": PROGRAM.name}
    return page(request, "entrant/upload_program.html", context)


@require_GET
def program_file(request: HttpRequest) -> HttpResponse:
    """The program itself, in one file, with this site's address in it."""
    text = PROGRAM.read_text(encoding="utf-8").replace('SITE = ""', f"SITE = {settings.SITE_URL!r}", 1)
    response = HttpResponse(text, content_type="text/x-python; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{PROGRAM.name}"'
    return response


@takes_tokens
@require_POST
@api
def sign(request: HttpRequest, upload: uuid.UUID) -> HttpResponse:
    """{first, last} → short-lived addresses for these parts, each for its exact length."""
    row = get_upload(request.actor, upload)
    actions.assert_open(row, clock.now())
    body = json_object(request)
    first, last = body.get("first", 1), body.get("last", row.part_count)
    if not (type(first) is type(last) is int and 1 <= first <= last <= row.part_count):
        raise Refused(_("There is no such part of this film."), status=400, code="no_such_part")
    numbers = range(first, min(last, first + MOST_SIGNED - 1) + 1)
    parts = [
        {
            "number": number,
            "length": part_length(row, number),
            "url": actions.sign_part(upload=row, number=number),
        }
        for number in numbers
    ]
    return JsonResponse({"parts": parts, "seconds": SIGNED_SECONDS})


@takes_signed_address
@require_http_methods(["PUT", "POST"])
def part(request: HttpRequest, upload: uuid.UUID, number: int) -> HttpResponse:
    """The bytes of one part. Kept whole, or not at all."""
    row = get_addressed(upload, number, request.GET.get("signature", ""))
    try:
        length = int(request.headers.get("Content-Length") or -1)
    except ValueError:
        length = -1
    if length < 0:
        raise Refused(_("The length of the part was not announced."), status=411, code="length_required")
    with body_of(request) as source:
        kept = actions.keep_part(
            upload=row,
            number=number,
            length=length,
            source=source,
            at=clock.now(),
            md5=_announced_md5(request),
        )
    response = JsonResponse({"number": kept.number, "size": kept.size, "etag": kept.etag})
    response.headers["ETag"] = f'"{kept.etag}"'
    return response


def _announced_md5(request: HttpRequest) -> str:
    """In hex; what is no MD5 fits no part."""
    given = request.headers.get("Content-MD5", "")
    try:
        return base64.b64decode(given, validate=True).hex() if given else ""
    except (binascii.Error, ValueError):
        return given


@takes_tokens
@require_GET
@api
def show(request: HttpRequest, upload: uuid.UUID) -> HttpResponse:
    """The session with the parts that are there."""
    return JsonResponse(_session(get_upload(request.actor, upload)))


@takes_tokens
@require_POST
@api
def complete(request: HttpRequest, upload: uuid.UUID) -> HttpResponse:
    """All parts are sent: the film is taken over. Asking twice gives the same answer."""
    row = get_upload(request.actor, upload)
    made = actions.complete_upload(upload=row, by=request.actor, at=clock.now())
    if row.purpose:
        return JsonResponse({"page": address_of(row)})
    assert isinstance(made, FilmVersion)
    return JsonResponse({"version": made.number, "page": address_of(row)})


@takes_tokens
@require_POST
@api
def abort(request: HttpRequest, upload: uuid.UUID) -> HttpResponse:
    """Discard an unfinished upload; from the page's own button too."""
    row = get_upload(request.actor, upload)
    actions.abort_upload(upload=row, at=clock.now())
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"state": Upload.State.ABORTED})
    messages.success(request, _("The unfinished upload was discarded."))
    return redirect(address_of(row))


@takes_files
@signed_in
@require_POST
def form(request: HttpRequest) -> HttpResponse:
    """A film in one plain form: without JavaScript, and without resuming."""
    entry = get_entry(request.actor, plain_text(request.POST.get("entry")), permissions.is_entrant)
    file = request.FILES.get("film")
    if had_no_room(request):
        raise disk_full()
    if file is None:
        raise Refused(_("Choose the film's file first."), status=400, code="no_file")
    actions.receive_form_file(
        entry=entry,
        filename=file.name,
        size=file.size,
        source=file,
        by=request.actor,
        at=clock.now(),
    )
    messages.success(request, _("Your film has arrived. It is being inspected now."))
    return redirect("submissions:entry", code=entry.code)
