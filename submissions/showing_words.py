"""What an entrant agrees to who lets everybody watch a film or its trailer on this site.

Each sentence is kept word for word with the number under which it was agreed to: a new wording is a new number.
"""

from django.utils.translation import gettext as _

from submissions.models import OnlineShowing

VERSION = 1
TEXTS: dict[int, dict[str, dict[str, str]]] = {
    1: {
        "trailer": {
            "en": "Everybody may watch the trailer on the film’s public page on this site. The rights that I declared, "
                  "music included, cover this. I can take it back at any time.",
            "zh": "任何人均可在本站的影片公开页面观看预告片。"
                  "本人所声明的各项权利（含音乐）涵盖此种用途。本人可随时撤回。",
        },
        "film": {
            "en": "Everybody may watch the whole film on its public page on this site. The rights that I declared, "
                  "music included, cover this. I can take it back at any time.",
            "zh": "任何人均可在本站的影片公开页面观看全片。"
                  "本人所声明的各项权利（含音乐）涵盖此种用途。本人可随时撤回。",
        },
    },
}  # fmt: skip


def chosen_words(what: str) -> str:
    """What an entrant lets everybody watch, for the log."""
    return str(OnlineShowing.What(what).label) if what in OnlineShowing.What else _("nothing")
