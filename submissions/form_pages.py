"""The desk's pages about the entry form: what is asked, of whom, until when."""

from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from festival.edition.models import Edition

PAGES: tuple[tuple[str, str | Promise], ...] = (  # name of the address, label
    ("submissions:form", _("Fields and questions")),
    ("submissions:desk_credits", _("Credits")),
    ("submissions:form_files", _("Other files")),
    ("submissions:form_declarations", _("Declarations")),
    ("submissions:form_residence", _("Where entrants live")),
    ("submissions:form_limits", _("Limits and tracks")),
    ("submissions:form_codes", _("Codes")),
    ("submissions:form_deadline", _("Deadline")),
    ("submissions:form_promises", _("Promises")),
)


def form_pages(edition: Edition, current: str) -> list[dict[str, Any]]:
    """For templates/desk/_form_nav.html; `current` is the name of the page's own address."""
    return [
        {"label": str(label), "url": reverse(name, args=[edition.slug]), "current": name == current}
        for name, label in PAGES
    ]
