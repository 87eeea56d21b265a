"""Invitations as organisers and the jury chair see them."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from festival.edition.door import get_edition
from festival.edition.models import Edition
from festival.kit import clock
from festival.kit.errors import Refused
from festival.kit.incoming import whole_number
from festival.kit.pages import page
from festival.people.door import signed_in
from festival.people.roles import Role
from festival.post.queries import template_for
from festival.post.words import Words
from festival.team import actions, letters, permissions, queries
from festival.team.forms import InviteForm, end_of
from festival.team.models import Invitation

AGAIN_DAYS = 7  # a letter sent again leaves so many days at least


@signed_in
@require_GET
def invitations(request: HttpRequest, edition: str) -> HttpResponse:
    """Who was invited to what, and what she answered."""
    place = get_edition(request.actor, edition, permissions.can_see_invitations)
    rows = queries.invitations_for(request.actor, place)
    context = {"edition": place, "invitations": rows, "now": clock.now()}
    return page(request, "desk/invitations.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, edition: str) -> HttpResponse:
    """Write to one or many. `preview` shows who gets what; nothing is written while there is a fault."""
    place, at = get_edition(request.actor, edition, permissions.can_see_invitations), clock.now()
    roles = [role for role in Role if permissions.can_invite(request.actor, place, role)]
    before = _instead(request, place)
    form = InviteForm(
        request.POST or None, edition=place, roles=roles, at=at, initial=_initial(before, request)
    )
    shown: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "edition": place}
        faults = actions.faults_of(**given, at=at)
        if faults:
            form.add_error("people", faults)
        elif "preview" in request.POST:
            shown = {"people": given["people"], "letter": _letter(request, given, at)}
        else:
            try:
                sent = actions.invite(**given, by=request.actor, at=at, instead_of=before)
            except Refused as refusal:
                form.add_error(None, refusal.text)
            else:
                text = ngettext(
                    "%(count)d invitation is on its way.",
                    "%(count)d invitations are on their way.",
                    len(sent),
                )
                messages.success(request, text % {"count": len(sent)})
                return redirect("team:invitations", edition)
    context = {"edition": place, "form": form, "before": before, **shown}
    return page(request, "desk/invite.html", context, status=400 if form.errors else 200)


def _instead(request: HttpRequest, place: Edition) -> Invitation | None:
    """The one whose place somebody else is to take."""
    pk = whole_number(request.POST.get("instead") or request.GET.get("instead"))
    return _get(request, place, pk) if pk else None


def _initial(before: Invitation | None, request: HttpRequest) -> dict[str, Any]:
    if before is None:
        return {"language": request.actor.user.language}
    return {"role": before.role, "language": before.language, "message": before.message}


def _letter(request: HttpRequest, given: dict[str, Any], at: datetime) -> Words:
    """The letter as the first of them will read it, without a link that works."""
    first = given["people"][0]
    row = Invitation(
        edition=given["edition"],
        email=first.email,
        name=first.name,
        role=given["role"],
        message=given["message"],
        answer_by=given["answer_by"],
        by=request.actor.user,
    )
    own = template_for(given["edition"].pk, letters.INVITATION)
    with translation.override(given["language"]):
        return letters.letter_words(row, link="https://…", kind=letters.INVITATION, own=own)


def _get(request: HttpRequest, place: Edition, pk: int) -> Invitation:
    row = Invitation.objects.select_related("edition", "by").filter(edition=place, pk=pk).first()
    if row is None or not permissions.can_invite(request.actor, place, row.role):
        raise Http404
    return row


@signed_in
@require_POST
def again(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """The letter once more, with a new link."""
    place, at = get_edition(request.actor, edition, permissions.can_see_invitations), clock.now()
    today = clock.in_zone(at, place.time_zone).date()
    try:
        row = actions.send_again(
            invitation=_get(request, place, pk),
            answer_by=end_of(today + timedelta(days=AGAIN_DAYS), place.time_zone),
            by=request.actor,
            at=at,
        )
    except Refused as refusal:
        messages.error(request, refusal.text)
    else:
        text = _("The letter to %(email)s is on its way again. Its old link is dead.")
        messages.success(request, text % {"email": row.email})
    return redirect("team:invitations", edition)


@signed_in
@require_POST
def withdraw(request: HttpRequest, edition: str, pk: int) -> HttpResponse:
    """Take the question back."""
    place = get_edition(request.actor, edition, permissions.can_see_invitations)
    row = _get(request, place, pk)
    try:
        actions.withdraw(invitation=row, by=request.actor)
    except Refused as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, _("The invitation of %(who)s is withdrawn.") % {"who": row.who})
    return redirect("team:invitations", edition)
