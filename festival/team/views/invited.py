"""The page of the one who is invited.

The letter's link puts the hash of its secret into the session and leads on: what is logged, remembered and passed on
after that is an address without any secret.
"""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from festival.edition.calendar import calendar_of
from festival.edition.track_words import takes_projects
from festival.kit import clock
from festival.kit.incoming import plain_text
from festival.kit.pages import page
from festival.people.door import signed_in
from festival.people.roles import Role
from festival.people.views import remember_language
from festival.team import actions, queries, registry
from festival.team.forms import DeclineForm
from festival.team.links import hash_of
from festival.team.models import Invitation

KEY = "team_invitation"


@require_GET
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The letter's link."""
    row = queries.by_token(token)
    if row is None:
        raise actions.gone()
    request.session[KEY] = hash_of(token)
    if row.state == Invitation.State.OPEN and clock.now() < row.answer_by:
        get_adapter().stash_verified_email(request, row.email)  # who opens the letter has the address
    response = redirect("team:invitation")
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and not request.actor.known:
        remember_language(response, row.language)
    return response


def _row(request: HttpRequest) -> Invitation:
    row = queries.by_hash(str(request.session.get(KEY, "")))
    if row is None:
        raise actions.gone()
    return row


@require_GET
def invitation(request: HttpRequest) -> HttpResponse:
    """What is asked, and the two answers."""
    row, at = _row(request), clock.now()
    return _page(request, row, DeclineForm(), status=410 if actions.closed(row, at) else 200)


def _page(request: HttpRequest, row: Invitation, form: DeclineForm, *, status: int) -> HttpResponse:
    at = clock.now()
    over = actions.closed(row, at)
    context = {"edition": row.edition, "invitation": row, "over": over, "form": form}
    if not over:
        context |= {
            "facts": registry.brief_of(row.edition, row.role),
            "phases": calendar_of(row.edition_id, at).phases,
            "fits": request.actor.known and actions.fits(request.actor.user, row.email),
            "works": _works(row.role, projects=takes_projects(row.edition)),
        }
    elif row.user_id and row.user_id == request.actor.id:
        return redirect(registry.start_of(row.role), row.edition.slug)
    return page(request, "public/invitation.html", context, status=status)


def _works(role: str, *, projects: bool) -> str:
    if projects and role == Role.JUDGE:
        return _("Judges see the entries given to them, and score them in their own time.")
    return {
        Role.ORGANISER: _("Organisers do everything except handing on ownership."),
        Role.TECHNICIAN: _("Technicians read inspection reports and decide over admission."),
        Role.CHAIR: _("The jury chair opens and closes rounds and confirms the awards."),
        Role.JUDGE: _("Judges see the films given to them, and score them in their own time."),
    }.get(Role(role), "")


@require_POST
@signed_in
def accept(request: HttpRequest) -> HttpResponse:
    """Yes, with the account that is logged in."""
    other = plain_text(request.POST.get("account")) if request.POST.get("other") else ""
    row = actions.accept(invitation=_row(request), by=request.actor, at=clock.now(), other_account=other)
    request.session.pop(KEY, None)
    messages.success(request, _("Thank you. You belong to the team now."))
    return redirect(registry.start_of(row.role), row.edition.slug)


@require_POST
def decline(request: HttpRequest) -> HttpResponse:
    """No; without an account too."""
    row, form = _row(request), DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=400)
    actions.decline(invitation=row, at=clock.now(), **form.cleaned_data)
    for key in (KEY, "account_verified_email"):
        request.session.pop(key, None)
    return page(request, "public/invitation_declined.html", {"edition": row.edition})
