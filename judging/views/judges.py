"""The desk's pages of judges and conflicts."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition import permissions as edition_permissions
from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import plain_text, whole_number
from festival.kit.pages import page
from festival.people.door import signed_in
from festival.people.models import User
from judging import conflict_actions, conflict_queries, judge_actions, judge_queries, permissions, queries
from judging.judge_forms import DeskDeclareForm, ProfileForm
from judging.models import Conflict
from submissions.models import Entry


@signed_in
@require_GET
def judges(request: HttpRequest, edition: str) -> HttpResponse:
    """The jury: languages, tracks, hours, conflicts."""
    place = get_edition(request.actor, edition, permissions.can_plan)
    context = {
        "edition": place,
        "rows": judge_queries.judges_for_desk(place),
        "days": judge_queries.jury_days(place),
        "may_organise": edition_permissions.can_organise(request.actor, place),
    }
    return page(request, "desk/judges.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def judge(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """A judge's languages and hours, written for her."""
    place = get_edition(request.actor, edition, permissions.can_plan)
    user = _judge_of(place, pk)
    form = ProfileForm(
        request.POST or None,
        edition=place,
        days=judge_queries.jury_days(place),
        profile=judge_queries.profile_of(place, pk),
    )
    if request.method == "POST" and form.is_valid():
        judge_actions.save_profile(
            edition=place, user=user, given=form.given, by=request.actor, at=clock.now()
        )
        messages.success(request, _("Kept. The plan of the jury counts with it."))
        return redirect("judging:judges", place.slug)
    return page(
        request,
        "desk/judge.html",
        {"edition": place, "judge": user, "form": form},
        status=400 if form.errors else 200,
    )


def _judge_of(edition: Edition, pk: int) -> User:
    if pk not in queries.judges_of(edition):
        raise Http404
    return User.objects.get(pk=pk)


@signed_in
@require_http_methods(["GET", "POST"])
def conflicts(request: HttpRequest, edition: str) -> HttpResponse:
    """Every conflict of the jury, those that wait for somebody first; and one declared for a judge."""
    place = get_edition(request.actor, edition, permissions.can_plan)
    names = queries.judges_of(place)
    form = DeskDeclareForm(request.POST or None, judges=names)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        user = _judge_of(place, int(given.pop("judge")))
        _row, taken = conflict_actions.declare(
            edition=place, judge=user, by=request.actor, at=clock.now(), **given
        )
        messages.success(request, _("Noted."))
        _say_taken(request, taken)
        return redirect("judging:conflicts", place.slug)
    context = {
        "edition": place,
        "page": conflict_queries.for_desk(place, request.GET.get("page")),
        "form": form,
        "may_chair": edition_permissions.can_chair(request.actor, place),
        "me": request.actor.id,
    }
    return page(request, "desk/conflicts.html", context, status=400 if form.errors else 200)


def _say_taken(request: HttpRequest, taken: int) -> None:
    if taken:
        text = ngettext(
            "%(count)d film was taken from this judge’s list and goes to another judge.",
            "%(count)d films were taken from this judge’s list and go to other judges.",
            taken,
        )
        messages.info(request, text % {"count": taken})


@signed_in
@require_POST
def search(request: HttpRequest, edition: str) -> HttpResponse:
    """Look through names and addresses now."""
    place = get_edition(request.actor, edition, permissions.can_plan)
    found = conflict_actions.search(edition=place, at=clock.now())
    taken = conflict_actions.sweep(edition=place, by=request.actor, at=clock.now())
    if taken:
        text = ngettext(
            "%(count)d look went to another judge.", "%(count)d looks went to other judges.", taken
        )
        messages.info(request, text % {"count": taken})
    if found:
        text = ngettext("%(count)d new find.", "%(count)d new finds.", found)
        messages.success(request, text % {"count": found})
    else:
        messages.info(request, _("Nothing new was found."))
    return redirect("judging:conflicts", place.slug)


@signed_in
@require_GET
def conflict(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """One conflict and all its films, to decide about each by itself."""
    place = get_edition(request.actor, edition, permissions.can_plan)
    row = get_object_or_404(Conflict.objects.select_related("judge", "entry"), edition=place, pk=pk)
    row.edition = place
    single = Conflict.objects.filter(
        edition=place, judge_id=row.judge_id, kind=row.kind, party_key=row.party_key, entry__isnull=False
    ).exclude(pk=row.pk)
    context = {
        "edition": place,
        "row": row,
        "page": conflict_queries.films_for_choice(row, request.GET.get("page")),
        "single": {one.entry_id: one for one in single},
        "may_chair": edition_permissions.can_chair(request.actor, place),
        "me": request.actor.id,
    }
    return page(request, "desk/conflict.html", context)


@signed_in
@require_POST
def decide(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Confirm or dismiss, the whole of it or for one film."""
    place = get_edition(request.actor, edition, permissions.can_plan)
    row = get_object_or_404(Conflict, edition=place, pk=pk)
    row.edition = place
    answer = plain_text(request.POST.get("answer"))
    if answer not in ("confirm", "dismiss"):
        raise Refused(_("Confirm the conflict or dismiss it."), status=400)
    options: dict[str, Any] = {}
    if request.POST.get("entry"):
        options["entry"] = get_object_or_404(Entry, edition=place, pk=whole_number(request.POST["entry"]))
    _row, taken = conflict_actions.decide(
        conflict=row,
        confirmed=answer == "confirm",
        by=request.actor,
        at=clock.now(),
        reason=plain_text(request.POST.get("reason")),
        **options,
    )
    _say_taken(request, taken)
    if options:
        return redirect("judging:conflict", place.slug, pk)
    return redirect("judging:conflicts", place.slug)
