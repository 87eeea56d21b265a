"""What can stand as a person's name in the credits: any script, but no address of a page and no heap of marks."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from festival.kit.incoming import LineField

LONGEST = 200
MOST_MARKS = 6  # on one letter: Vietnamese has two, Thai and Tibetan three or four
ADDRESS = re.compile(r"://|\bwww\.|\S@\S+\.\S", re.IGNORECASE)


def name_fault(name: str) -> str:
    """Why this cannot be a name, in words; empty for one that can."""
    if len(name) > LONGEST:
        text = _("A name has at most %(most)d characters; this one has %(count)d.")
        return text % {"most": LONGEST, "count": len(name)}
    if ADDRESS.search(name):
        return _("Write a name here, not the address of a page or a mailbox.")
    if not any(unicodedata.category(char)[0] in "LN" for char in name):
        return _("A name needs letters: signs and pictures alone cannot be printed everywhere.")
    run = 0
    for char in name:
        run = run + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if run > MOST_MARKS:
            return _("There are more marks on one letter of this name than can be printed.")
    return ""


class NameField(LineField):
    """A name as it stands in the film, composed (NFC), so that two who write it alike write the same."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return unicodedata.normalize("NFC", text) if isinstance(text, str) else text

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and (fault := name_fault(value)):
            raise ValidationError(fault, code="name")
