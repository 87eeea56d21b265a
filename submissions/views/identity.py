"""The representative’s identity at the desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from festival.kit import clock
from festival.people.door import signed_in
from submissions import credit_declarations
from submissions.views.desk import desk_door


@signed_in
@require_POST
def identity_checked(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Note that the document behind the legal name was shown."""
    found = desk_door(request, edition, code)
    credit_declarations.check_identity(entry=found, by=request.actor, at=clock.now())
    messages.success(request, _("The identity is noted as checked."))
    return redirect("submissions:desk_entry", edition=edition, code=code)
