"""Links that came by mail: a co-author's invitation, and an entry offered to another account."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from festival.kit import clock
from festival.kit.incoming import plain_text
from festival.kit.pages import page
from festival.people.addresses import has_confirmed
from festival.people.door import signed_in
from submissions import invitation_actions, permissions, transfer_actions
from submissions.completeness import form_of
from submissions.credit_view import answer_context
from submissions.door import get_entry
from submissions.lifecycle import State
from submissions.models import CreditInvitation, TransferOffer
from submissions.signed_letters import find


def _invitation(token: str) -> CreditInvitation:
    row = find(CreditInvitation, token)
    if row is None:
        raise Http404
    return row


@require_GET
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who names you in which film, as what; the answer needs an account, whichever."""
    return _question(request, _invitation(token))


@signed_in
@require_POST
def invitation_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Yes or no."""
    return _answer(request, _invitation(token))


@signed_in
@require_POST
def own_credit(request: HttpRequest, code: str) -> HttpResponse:
    """The same for a co-author who has agreed before: once more after a change, or no longer."""
    entry = get_entry(request.actor, code, permissions.is_co_author)
    said = {"user_id": request.actor.id, "state": CreditInvitation.State.ACCEPTED}
    return _answer(request, entry.credit_invitations.select_related("entry").get(**said))


def _question(request: HttpRequest, row: CreditInvitation) -> HttpResponse:
    entry, at = row.entry, clock.now()
    credit = row.credits.select_related("invitation").first()
    age = form_of(entry.edition).credits.age_least
    context = {
        "entry": entry,
        "edition": entry.edition,
        "invitation": row,
        "over": invitation_actions.closed(row, credit, entry, at),
        "own": permissions.is_entrant(request.actor, entry),
        "other": row.user_id is not None and row.user_id != request.actor.id,
        **(answer_context(credit, age, may_correct=entry.state == State.DRAFT) if credit else {}),
    }
    return page(request, "entrant/invitation.html", context, status=410 if context["over"] else 200)


def _answer(request: HttpRequest, row: CreditInvitation) -> HttpResponse:
    at = clock.now()
    if request.POST.get("answer") == "no":
        invitation_actions.decline(invitation=row, by=request.actor, at=at)
        messages.success(request, _("You have declined. %(who)s is told.") % {"who": row.entry.entrant})
        return redirect("submissions:entries")
    invitation_actions.accept(
        invitation=row,
        by=request.actor,
        at=at,
        name=plain_text(request.POST.get("name")),
        old_enough=bool(request.POST.get("old_enough")),
        shown=plain_text(request.POST.get("shown")).replace("\r\n", "\n"),
    )
    messages.success(request, _("You have agreed to be named. You can read how the entry stands here."))
    return redirect("submissions:entry", code=row.entry.code)


def _offer(token: str) -> TransferOffer:
    row = find(TransferOffer, token)
    if row is None:
        raise Http404
    return row


@require_GET
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """What is offered, by whom, and to which address."""
    row = _offer(token)
    over = transfer_actions.over(row, row.entry, clock.now())
    context = {
        "entry": row.entry,
        "edition": row.entry.edition,
        "offer": row,
        "over": over,
        "fits": request.actor.known and has_confirmed(request.actor.user, row.email),
    }
    return page(request, "entrant/offer.html", context, status=410 if over else 200)


@signed_in
@require_POST
def offer_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Take the entry over, or leave it."""
    row, at = _offer(token), clock.now()
    if request.POST.get("answer") == "no":
        transfer_actions.decline(offer=row, by=request.actor, at=at)
        messages.success(request, _("You have declined. The entry stays where it is."))
        return redirect("submissions:entries")
    entry = transfer_actions.accept(offer=row, by=request.actor, at=at)
    messages.success(request, _("The entry belongs to your account now."))
    return redirect("submissions:entry", code=entry.code)
