"""What an edition asks of the credits, at the desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from festival.edition import permissions
from festival.edition.change_forms import given_reason
from festival.edition.door import get_edition
from festival.edition.form_actions import change_form
from festival.kit import clock
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions.completeness import form_of
from submissions.credit_forms import CreditRulesForm
from submissions.credit_view import asked_of_credits
from submissions.form_pages import form_pages
from submissions.lifecycle import State
from submissions.models import Entry


@signed_in
@require_http_methods(["GET", "POST"])
def credit_rules(request: HttpRequest, edition: str) -> HttpResponse:
    """Read and change who must be named; drafts are held against it at once."""
    place = get_edition(request.actor, edition, permissions.can_organise)
    rules = form_of(place).credits
    form = CreditRulesForm(request.POST or None, rules=rules)
    if request.method == "POST" and form.is_valid():
        change_form(
            edition=place, by=request.actor, at=clock.now(), reason=given_reason(request), credits=form.rules
        )
        messages.success(request, _("Saved. Entrants with a draft read it at once."))
        return redirect("submissions:desk_credits", edition)
    context = {
        "edition": place,
        "form": form,
        "form_pages": form_pages(place, "submissions:desk_credits"),
        "asked": asked_of_credits(rules),
        "drafts": Entry.objects.filter(edition=place, state=State.DRAFT).count(),
    }
    return page(request, "desk/form_credits.html", context, status=400 if form.errors else 200)
