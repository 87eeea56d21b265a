"""Reading a pasted list of people: "Name <mail>" or bare addresses, one a line or between commas."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from festival.kit.incoming import one_line

MOST = 100  # people in one go
LONGEST_NAME, LONGEST_ADDRESS = 120, 254
NAMED = re.compile(r"^(?P<name>.*?)\s*[<＜](?P<email>[^<>＜＞]*)[>＞]$")
BETWEEN = re.compile(r"[,;，；、](?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    name: str = ""


def read_people(text: str) -> tuple[list[Person], list[str]]:
    """The people of a list in its order, and what is wrong with it, a sentence for each fault.

    A comma inside a name ("Doe, Jane <jane@…>") does not cut it; addresses are given in lower case.
    """
    people: list[Person] = []
    faults: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        for piece in _pieces(line):
            found = NAMED.match(piece)
            email = (found["email"] if found else piece).strip().lower()
            name = one_line(found["name"]).strip("\"'“” ") if found else ""
            said = {"line": number, "text": one_line(piece)[:80]}
            if not _is_address(email):
                text_ = _(
                    "Line %(line)d: “%(text)s” is no e-mail address. Write it like Name <name@example.org>."
                )
                faults.append(text_ % said)
            elif len(name) > LONGEST_NAME:
                faults.append(_("Line %(line)d: the name is too long.") % said)
            elif email in seen:
                faults.append(
                    _("Line %(line)d: %(email)s stands in the list twice.") % (said | {"email": email})
                )
            else:
                seen.add(email)
                people.append(Person(email, name))
    if not people and not faults:
        faults.append(_("Enter at least one e-mail address."))
    if len(people) > MOST:
        faults.append(
            _("These are %(count)d people. Invite at most %(most)d at once.")
            % {"count": len(people), "most": MOST}
        )
    return people, faults


def _pieces(line: str) -> list[str]:
    pieces: list[str] = []
    before = ""
    for part in BETWEEN.split(line):
        piece = part.strip()
        if not piece:
            continue
        if "@" not in piece:  # the first half of a name with a comma, or no address at all
            before = f"{before}, {piece}" if before else piece
        elif before and NAMED.match(piece):
            pieces.append(f"{before}, {piece}")
            before = ""
        else:
            pieces += [one for one in (before, piece) if one]
            before = ""
    return pieces + ([before] if before else [])


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST_ADDRESS
