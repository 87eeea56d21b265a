"""What comes from outside, made safe to keep: JSON bodies, texts, whole numbers."""

import json
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from festival.kit.errors import Refused

MOST = 2**31 - 1
# Marks that turn the reading direction: a name with one would turn what stands beside it on the page.
HIDDEN = {chr(code) for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}
BREAKS = dict.fromkeys(map(ord, "\t\n\r\u2028\u2029"), " ")


TOO_LONG = gettext_lazy("This has %(show_value)d characters; at most %(limit_value)d are taken. Shorten it.")


def json_object(request: HttpRequest) -> dict[str, Any]:
    """The request's body as a JSON object; nothing is an empty one. Refused when it is anything else."""
    try:
        data = json.loads(request.body or b"{}")
    except RequestDataTooBig:
        raise Refused(_("This is more than can be taken at once."), status=413, code="too_much") from None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        text = _("This could not be read. Reload the page and try again.")
        raise Refused(text, status=400, code="bad_request")
    return data


def ids_of(request: HttpRequest) -> list[int]:
    """The whole numbers of {"ids": […]} in the request's body, a thousand at most: an order after dragging."""
    ids = json_object(request).get("ids")
    return (
        [one for one in ids[:1000] if type(one) is int and 0 <= one <= MOST] if isinstance(ids, list) else []
    )


def plain_text(value: object) -> str:
    """`value` as text that every database keeps: without NUL and halves of characters."""
    if not isinstance(value, str):
        return ""
    return "".join(char for char in value if char != "\0" and not "\ud800" <= char <= "\udfff")


def one_line(value: str) -> str:
    """A name or title on one line: without control characters and marks that turn the reading direction."""
    line = value.translate(BREAKS)
    shown = (char for char in line if unicodedata.category(char) not in ("Cc", "Cs") and char not in HIDDEN)
    return "".join(shown).strip()


def at_most(text: str, most: int) -> str:
    """`text`, refused where it has more than `most` characters; the page that refuses it shows it, to be copied."""
    if len(text) > most:
        said = TOO_LONG % {"show_value": len(text), "limit_value": most}
        raise Refused(said, status=400, code="too_long", kept=text)
    return text


def whole_number(value: object) -> int:
    """A whole number from 0 to 2³¹-1; what is none counts as 0, what lies outside as the nearer end."""
    try:
        return min(max(int(str(value)), 0), MOST)
    except ValueError:  # no number, or one of thousands of digits
        return 0


class LineField(forms.CharField):
    """A text field whose text stands on one line, in lists, letters' subjects and file names."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(one_line(value) if isinstance(value, str) else value)


class TextField(forms.CharField):
    """A text of several lines. What is too long comes back whole, with a sentence that says by how much."""

    widget = forms.Textarea
    default_error_messages = {"max_length": TOO_LONG}

    @property
    def most_letters(self) -> int | None:
        """How many characters are taken, as the hint beside the field says."""
        return self.max_length
