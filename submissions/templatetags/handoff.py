"""Words about the copies of a hand-off pack."""

from django import template
from django.utils.translation import gettext as _

from submissions.handoff.pack import Item

register = template.Library()


@register.filter
def copy_notes(item: Item) -> str:
    """What there is to know of a copy's label and credentials, in one line."""
    about = item.metadata["published"]
    notes = {
        "identical": _("label completed"),
        "changed": _("the producer’s part of the label differs: do not publish this copy"),
        "none in the original": _("label added, the original has none"),
        "no label": _("no label: nothing says that AI took part"),
    }
    said = [notes[about["producer_part"]]]
    credentials = about["content_credentials"]
    if credentials["original"] != "absent" and credentials["published"] == "absent":
        said.append(_("content credentials stay with the original"))
    return " · ".join(said)


@register.filter
def copy_problem(code: str) -> str:
    """Why a copy cannot be made, and what to do."""
    return {
        "label_lost": _(
            "The label did not come back from the copy. Hand the original over and have it labelled there."
        ),
        "not_whole": _(
            "The copy lacks pictures of the film. Hand the original over and have it labelled there."
        ),
        "cannot_be_repacked": _(
            "No container takes what is in this file. Hand the original over and have it labelled there."
        ),
        "no_copy": _("The film has not been inspected to the end. Inspect it again."),
    }.get(code, _("The work broke off. Try again."))
