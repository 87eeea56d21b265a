"""Versions of the programme: what goes out next, releases, drafts, side by side, and the way back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition.door import get_edition
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from festival.premiere import checks, permissions, release_actions, version_queries
from festival.premiere.change_words import words_for
from festival.premiere.door import get_draft, get_release, get_screening
from festival.premiere.version_forms import DraftForm, LevelsForm, ReleaseForm


@signed_in
@require_GET
def versions(request: HttpRequest, edition: str) -> HttpResponse:
    """What a release would bring now; every release and every draft."""
    return _versions_page(request, get_edition(request.actor, edition, permissions.can_programme))


def _versions_page(request: HttpRequest, edition: Any, *, status: int = 200, **forms: Any) -> HttpResponse:
    booked = checks.timetable(edition)
    changes, again = version_queries.next_changes(edition, booked)
    words = words_for(edition)
    context = {
        "edition": edition,
        "changes": changes,
        "findings": version_queries.findings_of(edition, booked),
        "again": again,
        "releases": [
            (release, version_queries.lines_of(release, words))
            for release in version_queries.releases_of(edition)
        ],
        "drafts": version_queries.drafts_of(edition),
        "form": ReleaseForm(),
        "draft_form": DraftForm(),
        **forms,
    }
    return page(request, "desk/premiere_versions.html", context, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def levels(request: HttpRequest, edition: str) -> HttpResponse:
    """How much each thing counts that does not fit."""
    found = get_edition(request.actor, edition, permissions.can_programme)
    form = LevelsForm(request.POST or None, initial=checks.levels_of(found))
    if request.method == "POST" and form.is_valid():
        release_actions.set_levels(edition=found, levels=form.cleaned_data, by=request.actor)
        messages.success(request, _("Saved."))
        return redirect("premiere:versions", edition)
    status = 400 if form.is_bound else 200
    return page(request, "desk/premiere_levels.html", {"edition": found, "form": form}, status=status)


@signed_in
@require_POST
def publish(request: HttpRequest, edition: str) -> HttpResponse:
    """The timetable goes out as the next version."""
    found = get_edition(request.actor, edition, permissions.can_programme)
    form = ReleaseForm(request.POST)
    status = 400
    if form.is_valid():
        try:
            release = release_actions.make_release(
                edition=found, note=form.cleaned_data["note"], by=request.actor, at=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, refusal.text)
            status = refusal.status
        else:
            messages.success(
                request,
                _("Version %(number)d is public. Whom it concerns is written to.")
                % {"number": release.number},
            )
            return redirect("premiere:versions", edition)
    return _versions_page(request, found, status=status, form=form)


@signed_in
@require_http_methods(["GET", "POST"])
def go_back(request: HttpRequest, edition: str, number: int) -> HttpResponse:
    """An earlier version becomes the public one again, as a new version."""
    release = get_release(request.actor, edition, number)
    form = ReleaseForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                fresh = release_actions.go_back(
                    release=release, note=form.cleaned_data["note"], by=request.actor, at=timezone.now()
                )
            except Refused as refusal:
                form.add_error(None, refusal.text)
                status = refusal.status
            else:
                messages.success(
                    request,
                    _("Version %(number)d is public: it is version %(old)d again.")
                    % {"number": fresh.number, "old": release.number},
                )
                return redirect("premiere:versions", edition)
    now = version_queries.version_of(release.edition, version_queries.TABLE)
    then = version_queries.Version(f"release-{number}", release.document, release=release)
    assert now
    context = {
        "edition": release.edition,
        "release": release,
        "form": form,
        "pairs": version_queries.pairs(release.edition, now, then, only_changed=True),
    }
    return page(request, "desk/premiere_back.html", context, status=status)


@signed_in
@require_GET
def compare(request: HttpRequest, edition: str) -> HttpResponse:
    """Two timetables side by side: `?a=` and `?b=` name them; `all` shows what is the same too."""
    found = get_edition(request.actor, edition, permissions.can_programme)
    before = version_queries.version_of(found, request.GET.get("a", version_queries.TABLE))
    after = version_queries.version_of(found, request.GET.get("b", version_queries.TABLE))
    if before is None or after is None:
        raise Http404
    whole = "all" in request.GET
    context = {
        "edition": found,
        "before": before,
        "after": after,
        "whole": whole,
        "pairs": version_queries.pairs(found, before, after, only_changed=not whole),
        "releases": version_queries.releases_of(found),
        "drafts": version_queries.drafts_of(found),
    }
    return page(request, "desk/premiere_compare.html", context)


@signed_in
@require_POST
def draft_keep(request: HttpRequest, edition: str) -> HttpResponse:
    """Keep what lies on the table as a draft."""
    found = get_edition(request.actor, edition, permissions.can_programme)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _versions_page(request, found, status=400, draft_form=form)
    release_actions.keep_draft(
        edition=found, name=form.cleaned_data["name"], by=request.actor, at=timezone.now()
    )
    messages.success(request, _("Kept."))
    return redirect("premiere:versions", edition)


@signed_in
@require_POST
def draft_use(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Put a draft on the table."""
    draft = get_draft(request.actor, edition, pk)
    lost = release_actions.use_draft(draft=draft, by=request.actor, at=timezone.now())
    messages.success(
        request, _("“%(name)s” is on the table. What lay there is kept as a draft.") % {"name": draft.name}
    )
    for kind, names in (("screening", lost.screenings), ("film", lost.films)):
        if names:
            messages.warning(request, _lost(kind, names))
    return redirect("premiere:desk", edition)


def _lost(kind: str, names: list[str]) -> str:
    values = {"count": len(names), "names": " · ".join(names)}
    if kind == "film":
        return (
            ngettext(
                "%(count)d film is not in the catalogue any more and was left out: %(names)s",
                "%(count)d films are not in the catalogue any more and were left out: %(names)s",
                len(names),
            )
            % values
        )
    return (
        ngettext(
            "%(count)d screening was left out, as its hall does not exist any more: %(names)s",
            "%(count)d screenings were left out, as their halls do not exist any more: %(names)s",
            len(names),
        )
        % values
    )


@signed_in
@require_POST
def draft_delete(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Throw a draft away."""
    release_actions.delete_draft(draft=get_draft(request.actor, edition, pk), by=request.actor)
    messages.success(request, _("The draft has been thrown away."))
    return redirect("premiere:versions", edition)


@signed_in
@require_POST
def hold(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Leave a screening out of the next releases (`held` in the form), or let it go out."""
    release_actions.hold_back(
        screening=get_screening(request.actor, edition, code),
        held="held" in request.POST,
        by=request.actor,
        at=timezone.now(),
    )
    return redirect("premiere:screening", edition, code)
