"""Words of copies, and of the programme's own texts."""

from django import template
from django.utils.translation import pgettext_lazy

from festival.kit.words import short_language
from festival.premiere.copy_choice import state_of
from festival.premiere.programme.document import Text

register = template.Library()
STATES = {
    "missing": pgettext_lazy("copy", "None yet"),
    "due": pgettext_lazy("copy", "Not here yet"),
    "arrived": pgettext_lazy("copy", "To be watched"),
    "approved": pgettext_lazy("copy", "Approved"),
}

register.filter("state_of_copy", state_of)


@register.filter
def copy_state(state: str) -> str:
    """A state in the reader's language."""
    return str(STATES[state])


@register.filter
def said(text: Text) -> str:
    """A text of the programme in the reader's language."""
    return text.said(short_language())
