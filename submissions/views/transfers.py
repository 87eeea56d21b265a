"""An entry handed over to another account: the entrant's page, and the organisers'."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.pages import page
from festival.people.door import signed_in
from submissions import permissions, transfer_actions
from submissions.door import get_entry
from submissions.models import TransferOffer
from submissions.transfer_forms import OfferForm, ReassignForm
from submissions.views.desk import desk_door


@signed_in
@require_http_methods(["GET", "POST"])
def transfer(request: HttpRequest, code: str) -> HttpResponse:
    """Offer the entry to an address; or the offer that is open."""
    mine = get_entry(request.actor, code, permissions.is_entrant)
    if not permissions.can_hand_over(request.actor, mine):
        return redirect("submissions:entry", code=code)
    form = OfferForm(request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            transfer_actions.offer(entry=mine, by=request.actor, at=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error("email", refusal.text)
        else:
            messages.success(request, _("The offer to %(email)s is on its way.") % form.cleaned_data)
            return redirect("submissions:transfer", code=code)
    context = {
        "entry": mine,
        "edition": mine.edition,
        "form": form,
        "offer": mine.transfer_offers.filter(state=TransferOffer.State.OPEN).first(),
        "named": mine.credits.filter(is_self=True).exists(),
    }
    return page(request, "entrant/transfer.html", context, status=400 if form.errors else 200)


@signed_in
@require_POST
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the entry after all."""
    mine = get_entry(request.actor, code, permissions.is_entrant)
    transfer_actions.take_back(entry=mine, by=request.actor, at=clock.now())
    messages.success(request, _("The offer is taken back: the entry stays yours."))
    return redirect("submissions:transfer", code=code)


@signed_in
@require_http_methods(["GET", "POST"])
def reassign(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """An organiser gives the entry to another account, with a reason."""
    found = desk_door(request, edition, code)
    if not permissions.can_reassign(request.actor, found):
        raise PermissionDenied
    form = ReassignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            transfer_actions.reassign(entry=found, by=request.actor, at=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error("email", refusal.text)
        else:
            messages.success(request, _("Handed over. Both accounts have been told."))
            return redirect("submissions:desk_entry", edition=edition, code=code)
    context = {"entry": found, "edition": found.edition, "form": form}
    return page(request, "desk/entry_transfer.html", context, status=400 if form.errors else 200)
