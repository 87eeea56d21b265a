"""The entrant's page of files beside the film: posters, stills, trailer, documents, and how it was made."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.kit import clock
from festival.kit.arriving import had_no_room, takes_small_files, was_too_large
from festival.kit.errors import Refused
from festival.kit.incoming import ids_of, plain_text
from festival.kit.pages import page
from festival.kit.words import file_size
from festival.people.door import signed_in
from submissions import attachment_actions, permissions
from submissions.attachment_forms import AddFilesForm, DescribeForm
from submissions.attachment_gaps import missing_files
from submissions.attachment_kinds import FORM_BYTES, KINDS, Kind
from submissions.attachment_view import file_views, kind_views
from submissions.completeness import Gap, form_of, gaps
from submissions.correction_queries import open_until
from submissions.door import get_entry
from submissions.intake.actions import receive_form_file
from submissions.intake.limits import disk_full
from submissions.models import Attachment, Entry
from submissions.steps import steps_of
from submissions.views.rights import rights_page

AT_ONCE = 5  # files of FORM_BYTES that one form may send


def bytes_of(kind: str, **_others: str) -> int:
    """The most that the form of a kind takes; nothing of what is no kind."""
    known = KINDS.get(kind)
    if known is None:
        return 0
    return known.most_bytes if known.single else max(known.most_bytes, AT_ONCE * FORM_BYTES)


@signed_in
@require_GET
def files(request: HttpRequest, code: str) -> HttpResponse:
    """Every kind with what is asked, what is there, and a way to send more. htmx asks for one kind while it is read."""
    mine = get_entry(request.actor, code, permissions.is_entrant, whole=True)
    context = _context(request, mine)
    if not context["groups"]:
        return redirect(reverse("submissions:entry", kwargs={"code": code}) + "#files")
    if request.htmx:
        asked = request.GET.get("kind", "")
        context["group"] = next((group for group in context["groups"] if group.anchor == asked), None)
        if context["group"] is None:
            raise Http404
    response = page(request, "entrant/files.html", context, part="live")
    if request.htmx and not context["group"].waiting:
        response.headers["HX-Refresh"] = (
            "true"  # what it took the place of is gone; what is full may be another kind
        )
    return response


def _context(request: HttpRequest, mine: Entry, broken: AddFilesForm | None = None) -> dict[str, Any]:
    """The kinds that can be changed now: all of a draft, those that a correction opens of a submitted entry."""
    at = clock.now()
    rules = form_of(mine.edition).files
    draft = permissions.can_edit(request.actor, mine)
    groups = [
        group
        for group in kind_views(mine, rules, request.actor)
        if permissions.can_change(request.actor, mine, group.part, at)
    ]
    parts = [group.part for group in groups]
    missing = gaps(mine) if draft else [Gap("files", text) for text in missing_files(mine, rules, parts)]
    forms = {
        group.anchor: AddFilesForm(group.kind, auto_id=f"{group.anchor}-%s", project=mine.is_project)
        for group in groups
    }
    if broken is not None:
        forms[broken.anchor] = broken
    return {
        "entry": mine,
        "edition": mine.edition,
        "draft": draft,
        "until": None if draft else open_until(mine),
        "steps": steps_of(mine, missing, "files") if draft else [],
        "missing": [gap for gap in missing if gap.step == "files"],
        "groups": groups,
        "forms": forms,
    }


@takes_small_files(bytes_of)
@signed_in
@require_POST
def add(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Take files in a plain form; what is wrong with one is said on the page it came from."""
    known = KINDS.get(kind)
    if known is None or known.key == "delivery":  # sent from the milestone's page
        raise Http404
    mine = get_entry(request.actor, code, permissions.is_entrant, whole=True)
    about = plain_text(request.POST.get("declaration") or request.POST.get("question"))[:40]
    purpose = f"{kind}/{about}" if kind == "answer" else kind
    attachment_actions.assert_awaited(entry=mine, by=request.actor, purpose=purpose, at=clock.now())
    if had_no_room(request):
        raise disk_full()
    form = AddFilesForm(known, request.POST, request.FILES, project=mine.is_project)
    if kind == "answer":
        form = AddFilesForm(known, request.POST, request.FILES, auto_id=f"answer-{about}-%s")
        form.anchor = f"answer-{about}"
    status = 400
    if was_too_large(request):
        form.errors.pop("file", None)
        text = _("This is more than can be taken at once: at most %(limit)s.")
        form.add_error("file", text % {"limit": file_size(bytes_of(kind))})
        status = 413
    elif form.is_valid():
        try:
            count = _receive(request, mine, form, about)
        except Refused as error:
            form.add_error("file", str(error.text))
            status = error.status
        else:
            text = ngettext("%(count)d file has arrived.", "%(count)d files have arrived.", count)
            messages.success(request, text % {"count": count})
            return redirect(_place(code, known, about))
    fresh = get_entry(request.actor, code, permissions.is_entrant, whole=True)
    if known.key == "rights":
        return rights_page(request, fresh, broken=(about, form), status=status)
    return page(request, "entrant/files.html", _context(request, fresh, form), status=status)


def _receive(request: HttpRequest, mine: Entry, form: AddFilesForm, about: str) -> int:
    of = about if form.kind.key in ("rights", "answer") else form.cleaned_data.get("stage", "")
    purpose = f"{form.kind.key}/{of}" if of else form.kind.key
    chosen = form.cleaned_data["file"]
    for file in chosen:
        receive_form_file(
            entry=mine,
            filename=plain_text(file.name),
            size=file.size,
            source=file,
            by=request.actor,
            at=clock.now(),
            purpose=purpose,
        )
    return len(chosen)


def _place(code: str, kind: Kind, about: str = "") -> str:
    if kind.key == "rights":
        return reverse("submissions:rights", kwargs={"code": code}) + (f"#documents-{about}" if about else "")
    anchor = f"{kind.key}-{about}" if kind.key == "answer" and about else kind.key
    return reverse("submissions:files", kwargs={"code": code}) + f"#{anchor}"


def _file(request: HttpRequest, code: str, pk: int) -> tuple[Entry, Attachment]:
    mine = get_entry(request.actor, code, permissions.is_entrant)
    file = (
        Attachment.objects.select_related("asset", "declaration", "wording").filter(entry=mine, pk=pk).first()
    )
    if file is None:
        raise Http404
    return mine, file


@signed_in
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One file: large, with its facts, its hash and its time; and what is to be seen on it, in words."""
    mine, file = _file(request, code, pk)
    part = attachment_actions.part_of_file(file)
    editable = permissions.can_change(request.actor, mine, part, clock.now())
    sent = request.method == "POST"
    form = DescribeForm(file, request.POST if sent else None) if editable or sent else None
    status = 200
    if form is not None and sent:
        if form.is_valid():
            attachment_actions.describe_attachment(
                entry=mine, pk=pk, by=request.actor, at=clock.now(), **form.cleaned_data
            )
            messages.success(request, _("Saved."))
            return redirect(_place(code, KINDS[file.kind]))
        status = 400
    context = {
        "entry": mine,
        "edition": mine.edition,
        "view": file_views([file], request.actor)[0],
        "form": form if file.kind != "rights" else None,
        "editable": editable,
        "back": _place(code, KINDS[file.kind]) if editable else reverse("submissions:entry", args=[code]),
    }
    return page(request, "entrant/file.html", context, status=status)


@signed_in
@require_POST
def remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a file away."""
    mine = get_entry(request.actor, code, permissions.is_entrant)
    file = Attachment.objects.filter(entry=mine, pk=pk).first()
    attachment_actions.remove_attachment(entry=mine, pk=pk, by=request.actor, at=clock.now())
    messages.success(request, _("The file is removed."))
    return redirect(_place(code, KINDS[file.kind] if file else KINDS["document"]))


@signed_in
@require_POST
def move(request: HttpRequest, code: str, pk: int, way: str) -> HttpResponse:
    """One place up or down."""
    if way not in ("up", "down"):
        raise Http404
    mine, file = _file(request, code, pk)
    attachment_actions.move_attachment(entry=mine, pk=pk, up=way == "up", by=request.actor, at=clock.now())
    return redirect(_place(code, KINDS[file.kind]))


@signed_in
@require_POST
def order(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """{"ids": […]}: the order after dragging."""
    known = KINDS.get(kind)
    if known is None:
        raise Http404
    mine = get_entry(request.actor, code, permissions.is_entrant)
    attachment_actions.order_attachments(
        entry=mine, kind=known, order=ids_of(request), by=request.actor, at=clock.now()
    )
    return JsonResponse({})
