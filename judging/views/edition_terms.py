"""The desk's pages of what was only to be said in a blueprint: terms of the whole contest, prizes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from festival.awards.models import AwardSlot
from festival.awards.prize_actions import save_prizes
from festival.edition import permissions
from festival.edition.change_forms import given_reason
from festival.edition.door import get_edition
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from judging.plan_forms import TermsForm
from judging.prize_forms import PrizesForm
from judging.term_actions import save_terms


@signed_in
@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest, edition: str) -> HttpResponse:
    """Names hidden, days to mend a film, two people over the awards; and what each round hides."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    form = TermsForm(request.POST if request.method == "POST" else None, edition=place)
    if form.is_bound and form.is_valid():
        try:
            save_terms(
                edition=place,
                by=request.actor,
                at=clock.now(),
                reason=given_reason(request),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, refusal.text)
        else:
            messages.success(request, _("Saved."))
            return redirect("judging:edition_terms", edition)
    rounds = place.rounds.select_related("edition").order_by("position")
    context = {"edition": place, "form": form, "rounds": rounds}
    return page(request, "desk/edition_terms.html", context, status=400 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def prizes(request: HttpRequest, edition: str) -> HttpResponse:
    """The prize pool, and how it is divided over the awards."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    slots = AwardSlot.objects.filter(edition=place, added=False).select_related("track")
    form = PrizesForm(request.POST if request.method == "POST" else None, edition=place, slots=slots)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            save_prizes(
                edition=place, pool=given["pool"], currency=given["currency"], prizes=form.prizes,
                by=request.actor, at=clock.now(), reason=given_reason(request),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.text)
        else:
            messages.success(request, _("Saved."))
            return redirect("judging:prizes", edition)
    context = {"edition": place, "form": form}
    return page(request, "desk/prizes.html", context, status=400 if form.errors else 200)
