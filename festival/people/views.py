"""One's own account."""

from allauth.account.models import EmailAddress
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import LANGUAGE_QUERY_PARAMETER, set_language

from festival.kit import clock
from festival.kit.pages import page
from festival.people import actions, tokens
from festival.people.door import signed_in
from festival.people.forms import AccountForm, TokenForm
from festival.people.token_models import UploadToken


@signed_in
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Name and language; the way to addresses, password and two-step log-in."""
    user = request.actor.user
    form = AccountForm(request.POST or None, initial={"name": user.name, "language": user.language})
    if request.method == "POST" and form.is_valid():
        actions.save_account(by=request.actor, **form.cleaned_data)
        with override(form.cleaned_data["language"]):
            messages.success(request, _("Saved."))
        response = redirect("people:account")
        remember_language(response, form.cleaned_data["language"])
        return response
    return _account_page(request, form, TokenForm(prefix="token"), status=400 if form.errors else 200)


def _account_page(
    request: HttpRequest, form: AccountForm, token_form: TokenForm, *, status: int, secret: str = ""
) -> HttpResponse:
    user = request.actor.user
    context = {
        "form": form,
        "address": EmailAddress.objects.get_primary(user),
        "two_step": is_mfa_enabled(user),
        "tokens": tokens.tokens_of(user, clock.now()),
        "token_form": token_form,
        "secret": secret,
    }
    return page(request, "people/account.html", context, status=status)


@signed_in
@require_POST
def make_token(request: HttpRequest) -> HttpResponse:
    """A new upload token. Its secret stands on this answer and nowhere else."""
    user = request.actor.user
    form = AccountForm(initial={"name": user.name, "language": user.language})
    token_form = TokenForm(request.POST, prefix="token")
    if not token_form.is_valid():
        return _account_page(request, form, token_form, status=400)
    _token, secret = tokens.make_token(by=request.actor, at=clock.now(), **token_form.cleaned_data)
    return _account_page(request, form, TokenForm(prefix="token"), status=200, secret=secret)


@signed_in
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own tokens."""
    token = get_object_or_404(UploadToken, pk=pk, user_id=request.actor.id)
    tokens.revoke_token(token=token, at=clock.now())
    messages.success(request, _("The token was revoked. What it was sending stops; you can continue here."))
    return redirect("people:account")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The language switch: kept in this browser, and for signed-in people on the account too."""
    actions.choose_language(by=request.actor, language=request.POST.get(LANGUAGE_QUERY_PARAMETER, ""))
    return set_language(request)


def remember_language(response: HttpResponse, chosen: str) -> None:
    """The cookie of the language switch, as `set_language` writes it."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
