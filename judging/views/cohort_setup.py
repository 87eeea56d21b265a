"""The desk's pages of an edition's teams: cohorts, what they are promised, their milestones."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition import permissions
from festival.edition.change_forms import given_reason
from festival.edition.door import get_edition
from festival.edition.frozen_actions import is_frozen
from festival.edition.models import Edition
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from judging import cohort_order_actions as order
from judging import cohort_setup_actions as actions
from judging import cohort_setup_page as shown
from judging.cohort_holds import Hold, held, holds_of, why_cohort_stays, why_milestone_stays
from judging.cohort_setup_forms import CohortForm, MilestoneForm
from submissions.cohorts.door import get_cohort
from submissions.cohorts.models import Cohort, Milestone


@signed_in
@require_GET
def setup(request: HttpRequest, edition: str) -> HttpResponse:
    """Every cohort with what it promises, its milestones and what they ask for."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    frozen = is_frozen(place, clock.now())
    context = {
        "edition": place,
        "frozen": frozen,
        "lines": shown.lines_of(place, frozen=frozen, at=clock.now()),
    }
    return page(request, "desk/cohort_setup.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, edition: str) -> HttpResponse:
    """One more cohort."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    return _cohort(request, place, None)


@signed_in
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, edition: str, cohort: str) -> HttpResponse:
    """One cohort, all that a blueprint says of it but for its milestones."""
    row = get_cohort(request.actor, edition, cohort)
    return _cohort(request, row.edition, row)


@signed_in
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, edition: str, cohort: str) -> HttpResponse:
    """What goes with a cohort; then it goes."""
    row = get_cohort(request.actor, edition, cohort)
    frozen = is_frozen(row.edition, clock.now())
    stays = why_cohort_stays(held(row, holds_of(row.edition)), frozen=frozen)

    def go() -> None:
        actions.remove_cohort(cohort=row, by=request.actor, at=clock.now())

    context = {
        "edition": row.edition,
        "cohort": row,
        "milestone": None,
        "goes": row.milestones.prefetch_related("deliverables"),
        "stays": stays,
    }
    return _removal(request, context, go, _("The cohort has been removed."))


@signed_in
@require_http_methods(["GET", "POST"])
def add_milestone(request: HttpRequest, edition: str, cohort: str) -> HttpResponse:
    """One more milestone of a cohort."""
    return _milestone(request, get_cohort(request.actor, edition, cohort), None)


@signed_in
@require_http_methods(["GET", "POST"])
def change_milestone(request: HttpRequest, edition: str, cohort: str, milestone: str) -> HttpResponse:
    """One milestone with what it asks for."""
    row = get_cohort(request.actor, edition, cohort)
    return _milestone(request, row, _stone(row, milestone))


@signed_in
@require_http_methods(["GET", "POST"])
def remove_milestone(request: HttpRequest, edition: str, cohort: str, milestone: str) -> HttpResponse:
    """What goes with a milestone; then it goes."""
    row = get_cohort(request.actor, edition, cohort)
    stone = _stone(row, milestone)
    frozen = is_frozen(row.edition, clock.now())
    stays = why_milestone_stays(stone, held(row, holds_of(row.edition)), frozen=frozen)

    def go() -> None:
        reason = given_reason(request)
        actions.remove_milestone(milestone=stone, by=request.actor, at=clock.now(), reason=reason)

    context = {
        "edition": row.edition,
        "cohort": row,
        "milestone": stone,
        "goes": stone.deliverables.all(),
        "stays": stays,
    }
    return _removal(request, context, go, _("The milestone has been removed."))


@signed_in
@require_POST
def move(request: HttpRequest, edition: str, cohort: str) -> HttpResponse:
    """A cohort changes places with its neighbour."""
    row = get_cohort(request.actor, edition, cohort)
    given = {"by": request.actor, "at": clock.now(), "reason": given_reason(request)}
    return _moved(request, row, lambda up: order.move_cohort(cohort=row, up=up, **given))


@signed_in
@require_POST
def move_milestone(request: HttpRequest, edition: str, cohort: str, milestone: str) -> HttpResponse:
    """A milestone changes places with one that is due on the same day."""
    row = get_cohort(request.actor, edition, cohort)
    stone = _stone(row, milestone)
    given = {"by": request.actor, "at": clock.now(), "reason": given_reason(request)}
    return _moved(request, row, lambda up: order.move_milestone(milestone=stone, up=up, **given))


def _moved(request: HttpRequest, cohort: Cohort, go: Callable[[bool], None]) -> HttpResponse:
    """Back to where the cohort stands now. Without a way nothing moves."""
    way = request.POST.get("to")
    try:
        if way in ("up", "down"):
            go(way == "up")
    except Refused as refusal:
        messages.error(request, refusal.text)
    return redirect(reverse("judging:cohort_setup", args=[cohort.edition.slug]) + f"#cohort-{cohort.slug}")


def _stone(cohort: Cohort, slug: str) -> Milestone:
    row = get_object_or_404(Milestone, cohort=cohort, slug=slug)
    row.cohort = cohort
    return row


def _cohort(request: HttpRequest, place: Edition, cohort: Cohort | None) -> HttpResponse:
    form = CohortForm(request.POST if request.method == "POST" else None, edition=place, cohort=cohort)

    def save() -> None:
        actions.save_cohort(
            edition=place, slug=cohort.slug if cohort else "", given=form.given, days=form.days, by=request.actor,
            at=clock.now(), reason=given_reason(request),
        )  # fmt: skip

    hold = held(cohort, holds_of(place)) if cohort else Hold()
    return _answer(request, place, form, hold, save, "desk/cohort_form.html", {"cohort": cohort})


def _milestone(request: HttpRequest, cohort: Cohort, milestone: Milestone | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    there = list(milestone.deliverables.all()) if milestone else []
    hold = held(cohort, holds_of(cohort.edition))
    form = MilestoneForm(data, cohort=cohort, milestone=milestone, deliverables=there, kept=hold.taken > 0)

    def save() -> None:
        actions.save_milestone(
            cohort=cohort, slug=milestone.slug if milestone else "", given=form.given, due=form.cleaned_data["due"],
            by=request.actor, at=clock.now(), reason=given_reason(request),
        )  # fmt: skip

    context = {"cohort": cohort, "milestone": milestone}
    return _answer(request, cohort.edition, form, hold, save, "desk/milestone_form.html", context)


def _answer(
    request: HttpRequest,
    place: Edition,
    form: CohortForm | MilestoneForm,
    hold: Hold,
    save: Callable[[], None],
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """The form, what is wrong with it, or back to the list once it is saved."""
    if form.is_bound and form.is_valid():
        try:
            save()
        except Refused as refusal:
            form.add_error(None, refusal.text)
        else:
            messages.success(request, _("Saved."))
            return redirect("judging:cohort_setup", place.slug)
    frozen = is_frozen(place, clock.now())
    kept = shown.kept_text(context["cohort"], hold, frozen=frozen)
    context |= {"edition": place, "form": form, "kept": kept}
    return page(request, template, context, status=400 if form.errors else 200)


def _removal(
    request: HttpRequest, context: dict[str, Any], go: Callable[[], None], said: str
) -> HttpResponse:
    """What is taken away with it, or why it stays; a POST removes it."""
    error = ""
    if request.method == "POST":
        try:
            go()
        except Refused as refusal:
            error = refusal.text
        else:
            messages.success(request, said)
            return redirect("judging:cohort_setup", context["edition"].slug)
    context["error"] = error
    return page(request, "desk/cohort_remove.html", context, status=409 if error else 200)
