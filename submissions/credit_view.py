"""An entry's credits prepared for reading."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.form_rules import CreditRules
from festival.edition.role_words import role_name
from festival.kit.words import day_text
from submissions import signed_letters
from submissions.credit_declarations import age_of_oneself
from submissions.credit_gaps import listed
from submissions.credit_people import in_order
from submissions.invitation_actions import shown_of
from submissions.models import Credit, CreditInvitation, SignedLetter

Answer = CreditInvitation.State


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person in the reader's words. `tone` and `answer` say how the question stands; empty without one.

    `note` says more to the entrant; `ask` is "first", "again" or nothing, for the button; `revocable`: the question
    can be taken back.
    """

    credit: Credit
    roles: str
    tone: str = ""
    answer: str = ""
    note: str = ""
    ask: str = ""
    revocable: bool = False


def roles_text(credit: Credit) -> str:
    return listed([role_name(role, credit.role_other) for role in credit.roles])


def person_rows(credits: Iterable[Credit], at: datetime, zone: str) -> list[PersonRow]:
    """The lines in billing order. No query for credits that were fetched with their invitations."""
    return [_row(credit, at, zone) for credit in in_order(credits)]


def _row(credit: Credit, at: datetime, zone: str) -> PersonRow:
    roles = roles_text(credit)
    if credit.is_self:
        return PersonRow(credit, roles, "pass", _("The account’s own"))
    if not credit.email:
        return PersonRow(credit, roles)
    said = credit.invitation
    if said is None or said.state == Answer.REVOKED:
        return PersonRow(credit, roles, "quiet", _("Not asked"), ask="first")
    if said.state == Answer.DECLINED:
        return PersonRow(credit, roles, "block", _("Declined"))
    if said.state == Answer.ACCEPTED:
        if credit.agreed:
            return PersonRow(credit, roles, "pass", _("Agreed"))
        note = _("Name or roles were changed since: the answer was for something else.")
        return PersonRow(credit, roles, "wait", _("To be asked again"), note, ask="again")
    if said.problem:
        note = str(SignedLetter.Problem(said.problem).label)
        return PersonRow(credit, roles, "block", _("Not delivered"), note, ask="again", revocable=True)
    if at >= said.expires_at:
        note = _("The link in the letter is over.")
        return PersonRow(credit, roles, "fix", _("Not answered"), note, ask="again")
    if said.mailed_at is None:
        return PersonRow(credit, roles, "wait", _("The letter is going out"), revocable=True)
    note = _("Written to on %(day)s; the link is good until %(until)s.")
    days = {"day": day_text(said.wanted_at, zone), "until": day_text(said.expires_at, zone)}
    soon = at < said.wanted_at + signed_letters.AGAIN or said.letters >= signed_letters.MOST_TO_ONE
    ask = "" if soon else "again"
    return PersonRow(credit, roles, "wait", _("Asked"), note % days, ask=ask, revocable=True)


def asked_of_credits(rules: CreditRules) -> list[str]:
    """What the edition asks of the credits, one sentence each."""
    said = []
    if rules.roles:
        text = _("Somebody is named for: %(roles)s.")
        said.append(text % {"roles": listed([role_name(role) for role in rules.roles])})
    if rules.team_least and rules.team_most:
        text = _("The team has %(least)d to %(most)d people.")
        said.append(text % {"least": rules.team_least, "most": rules.team_most})
    elif rules.team_least:
        text = ngettext(
            "The team has at least %(count)d person.",
            "The team has at least %(count)d people.",
            rules.team_least,
        )
        said.append(text % {"count": rules.team_least})
    elif rules.team_most:
        text = ngettext(
            "The team has at most %(count)d person.",
            "The team has at most %(count)d people.",
            rules.team_most,
        )
        said.append(text % {"count": rules.team_most})
    if rules.confirm:
        said.append(
            _(
                "Everybody with an e-mail address must have agreed to be named before the entry can be submitted."
            )
        )
    if rules.age_least:
        text = _("Everybody is at least %(age)d years old.")
        said.append(text % {"age": rules.age_least})
    if rules.identity:
        said.append(_("The representative gives a legal name, which only the organisers see."))
    return said


def grouped(credits: Iterable[Credit]) -> list[tuple[str, list[Credit]]]:
    """Roles in the order in which they first come, each with its people in billing order."""
    groups: dict[str, list[Credit]] = {}
    for credit in in_order(credits):
        for role in credit.roles:
            groups.setdefault(role_name(role, credit.role_other), []).append(credit)
    return list(groups.items())


def catalogue_credits(credits: Iterable[Credit]) -> list[dict[str, str]]:
    """For festival.catalogue: one row a person and role, in billing order. No address, no account, no answer."""
    return [
        {
            "role": role,
            "name": credit.name,
            **({"other_name": credit.name_other} if credit.name_other else {}),
            **({"work": credit.role_other} if role == "other" and credit.role_other else {}),
        }
        for credit in in_order(credits)
        if credit.name
        for role in credit.roles
    ]


def answer_context(credit: Credit, age: int, *, may_correct: bool) -> dict[str, Any]:
    """For templates/entrant/_credit_answer.html: how a person is named, and what she declares by agreeing."""
    return {
        "credit": credit,
        "roles": roles_text(credit),
        "shown": shown_of(credit),
        "age_text": age_of_oneself(age) if age else "",
        "may_correct": may_correct,
    }
