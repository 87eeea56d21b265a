"""The desk's page of mentoring: every team of every cohort, with who accompanies it and how it stands."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions.cohorts import mentor_actions, mentor_queries, permissions
from submissions.cohorts.mentoring_door import get_cohort
from submissions.cohorts.mentoring_forms import MentorForm
from submissions.cohorts.models import Cohort, Mentor, Place


@signed_in
@require_GET
def overview(request: HttpRequest, edition: str) -> HttpResponse:
    """Teams with mentors, last session, what is to be done, and interviews."""
    return _page(request, get_edition(request.actor, edition, permissions.can_run))


def _page(
    request: HttpRequest,
    edition: Edition,
    *,
    bound: MentorForm | None = None,
    of: Cohort | None = None,
    error: Refused | None = None,
) -> HttpResponse:
    teams = _teams(edition)
    rows = []
    for cohort in Cohort.objects.filter(edition=edition):
        there = teams.get(cohort.pk, [])
        mine = bound is not None and of is not None and cohort.pk == of.pk
        rows.append((cohort, there, bound if mine else MentorForm(teams=there, prefix=cohort.slug)))
    context = {"edition": edition, "rows": rows, "error": error, "bound_to": of}
    status = error.status if error else 400 if bound else 200
    return page(request, "cohorts/mentoring/desk.html", context, status=status)


def _teams(edition: Edition) -> dict[int, list[Place]]:
    today = clock.in_zone(clock.now(), edition.time_zone).date()
    return mentor_queries.teams_in(edition, today)


@signed_in
@require_POST
def mentor_add(request: HttpRequest, edition: str, cohort: str) -> HttpResponse:
    """Name a mentor of some of a cohort's teams."""
    found = get_cohort(request.actor, edition, cohort)
    teams = _teams(found.edition).get(found.pk, [])
    form = MentorForm(request.POST, teams=teams, prefix=found.slug)
    if not form.is_valid():
        return _page(request, found.edition, bound=form, of=found)
    try:
        named = mentor_actions.add_mentor(
            places=form.chosen,
            email=form.cleaned_data["email"],
            by=request.actor,
            at=clock.now(),
        )
    except Refused as refused:
        return _page(request, found.edition, bound=form, of=found, error=refused)
    text = ngettext("%(count)d team has a mentor more.", "%(count)d teams have a mentor more.", len(named))
    messages.success(request, text % {"count": len(named)})
    return redirect("submissions:desk_mentoring", edition)


@signed_in
@require_POST
def mentor_remove(request: HttpRequest, edition: str, cohort: str, pk: int) -> HttpResponse:
    """A mentor no longer accompanies a team."""
    found = get_cohort(request.actor, edition, cohort)
    row = Mentor.objects.select_related("place__cohort").filter(place__cohort=found, pk=pk).first()
    if row is None:
        raise Http404
    mentor_actions.remove_mentor(mentor=row, by=request.actor)
    messages.success(request, _("She no longer sees this team."))
    return redirect("submissions:desk_mentoring", edition)
