"""Subtitle files beside an entry's film: added and taken away by its entrant, in plain forms."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from festival.kit import clock
from festival.kit.arriving import had_no_room, takes_small_files, was_too_large
from festival.kit.errors import Refused
from festival.kit.incoming import plain_text
from festival.kit.pages import page
from festival.kit.words import short_language
from festival.people.door import signed_in
from submissions import permissions, subtitle_actions
from submissions.door import get_entry
from submissions.forms import SubtitleForm
from submissions.inspection.subtitle_words import refusal_text
from submissions.inspection.subtitles import MOST_BYTES
from submissions.intake.limits import disk_full
from submissions.views.entrant import entry_context


@takes_small_files(MOST_BYTES)
@signed_in
@require_POST
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Take a file and have it read; what is wrong with the form is said on the page that it came from."""
    at = clock.now()
    mine = get_entry(request.actor, code, permissions.is_entrant, whole=True)
    subtitle_actions.assert_may_change(entry=mine, by=request.actor, at=at)
    if had_no_room(request):
        raise disk_full()
    form = SubtitleForm(request.POST, request.FILES)
    status = 400
    if was_too_large(request):
        form.errors.pop("file", None)
        form.add_error("file", refusal_text("too_large", short_language()))
        status = 413
    elif form.is_valid():
        file = form.cleaned_data["file"]
        try:
            subtitle_actions.add_subtitles(
                entry=mine,
                language=form.cleaned_data["language"],
                filename=plain_text(file.name),
                data=file.read(MOST_BYTES + 1),
                by=request.actor,
                at=at,
            )
        except Refused as error:
            form.add_error("language" if error.code == "too_many" else "file", str(error.text))
            status = error.status
        else:
            messages.success(request, _("The subtitles have arrived. They are read within moments."))
            return redirect(reverse("submissions:entry", kwargs={"code": code}) + "#subtitles")
    context = {**entry_context(request, mine), "subtitle_form": form}
    return page(request, "entrant/entry.html", context, status=status)


@signed_in
@require_POST
def remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a file away."""
    mine = get_entry(request.actor, code, permissions.is_entrant)
    subtitle_actions.remove_subtitles(entry=mine, pk=pk, by=request.actor, at=clock.now())
    messages.success(request, _("The subtitles are removed."))
    return redirect(reverse("submissions:entry", kwargs={"code": code}) + "#subtitles")
