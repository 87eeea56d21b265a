"""One's own account."""

from allauth.account.models import EmailAddress
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import LANGUAGE_QUERY_PARAMETER, set_language

from festival.kit.pages import page
from festival.people import actions
from festival.people.door import signed_in
from festival.people.forms import AccountForm


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
        _remember(response, form.cleaned_data["language"])
        return response
    context = {
        "form": form,
        "address": EmailAddress.objects.get_primary(user),
        "two_step": is_mfa_enabled(user),
    }
    return page(request, "people/account.html", context, status=400 if form.errors else 200)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The language switch: kept in this browser, and for signed-in people on the account too."""
    actions.choose_language(by=request.actor, language=request.POST.get(LANGUAGE_QUERY_PARAMETER, ""))
    return set_language(request)


def _remember(response: HttpResponse, chosen: str) -> None:
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
