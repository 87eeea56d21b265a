"""What the roles in a film's credits are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROLE_NAMES: dict[str, Promise] = {
    "director": _("Direction"),
    "writer": _("Screenplay"),
    "producer": _("Production"),
    "ai_artist": _("AI artist"),
    "image": _("Images"),
    "animation": _("Animation"),
    "edit": _("Editing"),
    "sound": _("Sound"),
    "music": _("Music"),
    "voice": _("Voice"),
    "cast": _("Cast"),
    "other": _("Other work"),
}


def role_name(role: str, other: str = "") -> str:
    """The role in the reader's language; `other` is what an unlisted one was called by the entrant."""
    if role == "other" and other:
        return other
    return str(ROLE_NAMES.get(role, role))
