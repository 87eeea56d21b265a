"""What was given out, said to whoever gave it."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from judging.models import Allocation


def say_what_was_given(request: HttpRequest, kept: Allocation | None) -> None:
    """A message of how many looks were given, and one of how many could not be."""
    if kept is None:
        messages.success(request, _("Every member of the jury has the list on her ballot."))
        return
    if kept.looks_made:
        text = ngettext("%(count)d look was given out.", "%(count)d looks were given out.", kept.looks_made)
        messages.success(request, text % {"count": kept.looks_made})
    elif not kept.unserved:
        messages.info(request, _("No looks are missing: nothing was changed."))
    if kept.unserved:
        missing = sum(row["looks"] for row in kept.unserved)
        text = ngettext(
            "%(count)d look could not be given: no judge is left who may see it and has language and time.",
            "%(count)d looks could not be given: no judge is left who may see them and has language and time.",
            missing,
        )
        messages.warning(request, text % {"count": missing})
