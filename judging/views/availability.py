"""A judge's own page: languages, hours, and whom she is too near to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from festival.edition.door import get_edition
from festival.edition.permissions import can_judge
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.kit.words import say
from festival.people.door import signed_in
from judging import conflict_actions, conflict_queries, judge_actions, judge_queries, queries
from judging.judge_forms import DeclareForm, ProfileForm
from judging.views.jury import jury_nav


@signed_in
@require_http_methods(["GET", "POST"])
def availability(request: HttpRequest, edition: str) -> HttpResponse:
    """What she can judge and when."""
    place = get_edition(request.actor, edition, can_judge)
    form = ProfileForm(
        request.POST or None,
        edition=place,
        days=judge_queries.jury_days(place),
        profile=judge_queries.profile_of(place, request.actor.id),
    )
    if request.method == "POST" and form.is_valid():
        judge_actions.save_profile(
            edition=place, user=request.actor.user, given=form.given, by=request.actor, at=clock.now()
        )
        messages.success(request, _("Kept. The plan of the jury counts with it."))
        return redirect("judging:availability", place.slug)
    rounds = list(queries.rounds_of_judge(place, request.actor.id))
    context = {
        "edition": place,
        "form": form,
        "declare": DeclareForm(prefix="declare"),
        "declared": conflict_queries.own_declarations(place, request.actor.id),
        "area_nav": jury_nav(request, place, rounds),
        "area_title": say(place.name),
    }
    return page(request, "jury/availability.html", context, status=400 if form.errors else 200)


@signed_in
@require_POST
def declare(request: HttpRequest, edition: str) -> HttpResponse:
    """Name somebody she is too near to."""
    place = get_edition(request.actor, edition, can_judge)
    form = DeclareForm(request.POST, prefix="declare")
    if not form.is_valid():
        raise Refused(_("Write the name of a person, a company, a school or a team."), status=400)
    _row, taken = conflict_actions.declare(
        edition=place, judge=request.actor.user, by=request.actor, at=clock.now(), **form.cleaned_data
    )
    messages.success(request, _("Noted. You get no film in which this name stands."))
    if taken:
        text = ngettext(
            "%(count)d film was taken from your list and goes to another judge.",
            "%(count)d films were taken from your list and go to other judges.",
            taken,
        )
        messages.info(request, text % {"count": taken})
    return redirect("judging:availability", place.slug)
