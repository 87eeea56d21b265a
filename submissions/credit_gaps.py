"""What the credits of a draft still lack."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.form_rules import CreditRules
from festival.edition.role_words import role_name
from festival.kit.words import short_language
from submissions.credit_people import in_order
from submissions.models import Credit, CreditDeclaration, CreditInvitation, Entry

Kind = CreditDeclaration.Kind


def missing_in_credits(entry: Entry, rules: CreditRules) -> list[str]:
    """One sentence each. Asks nothing of the database where credits and declarations were fetched with the entry."""
    credits = in_order(entry.credits.all())
    return [
        *incomplete_credits(entry, rules),
        *_consent(credits, rules),
        *_declared(entry, credits, rules),
    ]


def incomplete_credits(entry: Entry, rules: CreditRules) -> list[str]:
    """What the lines themselves lack, apart from what others must say to them."""
    credits = in_order(entry.credits.all())
    return [*_lines(credits), *_team(credits, rules)]


def _lines(credits: list[Credit]) -> list[str]:
    missing = []
    for number, credit in enumerate(credits, 1):
        if not credit.name:
            missing.append(_("Line %(number)s of the credits lacks a name.") % {"number": number})
        elif not credit.roles or (credit.roles == ["other"] and not credit.role_other):
            missing.append(_("Say in the credits what %(name)s did.") % {"name": credit.name})
    return missing


def _team(credits: list[Credit], rules: CreditRules) -> list[str]:
    missing = []
    held = {role for credit in credits for role in credit.roles if credit.name}
    if lacking := [role_name(role) for role in rules.roles if role not in held]:
        missing.append(_("Name somebody in the credits for: %(roles)s.") % {"roles": listed(lacking)})
    count = len(credits)
    if count < rules.team_least:
        text = ngettext(
            "Name at least %(least)d person in the credits; there are %(count)d.",
            "Name at least %(least)d people in the credits; there are %(count)d.",
            rules.team_least,
        )
        missing.append(text % {"least": rules.team_least, "count": count})
    if rules.team_most and count > rules.team_most:
        text = ngettext(
            "Name at most %(most)d person in the credits; there are %(count)d.",
            "Name at most %(most)d people in the credits; there are %(count)d.",
            rules.team_most,
        )
        missing.append(text % {"most": rules.team_most, "count": count})
    if (credits or rules.identity) and not any(credit.is_representative for credit in credits):
        missing.append(_("Say in the credits who represents the team."))
    return missing


def _consent(credits: list[Credit], rules: CreditRules) -> list[str]:
    if not rules.confirm:
        return []
    missing = []
    asked = [credit for credit in credits if credit.asks_consent and not credit.agreed]
    declined = [credit.name for credit in asked if has_declined(credit)]
    waiting = [credit.name for credit in asked if credit.name and not has_declined(credit)]
    if waiting:
        text = _("These co-authors must agree to be named, by the link that we send them: %(names)s.")
        missing.append(text % {"names": listed(waiting)})
    if declined:
        text = _(
            "These people do not want to be named; talk to them, or take them out of the credits: %(names)s."
        )
        missing.append(text % {"names": listed(declined)})
    return missing


def has_declined(credit: Credit) -> bool:
    said = credit.invitation
    return said is not None and said.state == CreditInvitation.State.DECLINED


def _declared(entry: Entry, credits: list[Credit], rules: CreditRules) -> list[str]:
    missing = []
    if rules.age_least and (uncovered := without_age(entry, credits, rules.age_least)):
        text = _("Declare that everybody named is at least %(age)d years old; not covered yet: %(names)s.")
        missing.append(text % {"age": rules.age_least, "names": listed(uncovered)})
    representative = next((credit for credit in credits if credit.is_representative), None)
    if rules.identity and representative and not has_identity(entry, representative):
        text = _("Give the legal name of the representative, %(name)s.")
        missing.append(text % {"name": representative.name})
    return missing


def without_age(entry: Entry, credits: Iterable[Credit], least: int) -> list[str]:
    """Names of those for whom nobody declared that they are so old, neither the account nor they themselves."""
    valid = [row for row in standing(entry, Kind.AGE) if row.values.get("age", 0) >= least]
    themselves = {row.email for row in valid if row.email}
    everybody = [row for row in valid if not row.email]
    named = set(everybody[-1].values.get("names", ())) if everybody else set()
    return [
        credit.name
        for credit in credits
        if credit.name and credit.name not in named and (credit.is_self or credit.email not in themselves)
    ]


def has_identity(entry: Entry, representative: Credit) -> bool:
    """Whether the legal name was given for the one who represents the team now."""
    declared = standing(entry, Kind.IDENTITY)
    return bool(declared) and declared[-1].values.get("name") == representative.name


def standing(entry: Entry, kind: str) -> list[CreditDeclaration]:
    """The declarations of a kind that still count, oldest first."""
    rows = [row for row in entry.credit_declarations.all() if row.kind == kind and row.void_at is None]
    return sorted(rows, key=lambda row: (row.at, row.pk))


def listed(names: list[str]) -> str:
    return ("、" if short_language() == "zh" else ", ").join(names)
