"""What is wrong with awards that were changed at the desk: the faults of a blueprint, in the reader's language."""

from django.utils.translation import gettext as _

from festival.edition.blueprint_award_checks import AwardsRead
from festival.edition.blueprint_reader import Fault
from festival.edition.models import Edition
from festival.kit.words import say


def fault_text(fault: Fault, found: AwardsRead, edition: Edition) -> str:
    """A sentence with what to do. Faults that no form can make are said in the words of blueprints."""
    awards = {award.slug: say(award.name) for award in found.awards}
    given = fault.values
    values = {**given, "award": awards.get(given.get("award", ""), given.get("award", ""))}
    match fault.code:
        case "places":
            names = {round.slug: say(round.name) for round in edition.rounds.all()}
            values["round"] = names.get(given["round"], given["round"])
            text = _(
                "Up to the award “%(award)s” there are %(places)s places, but only %(films)s films come into the "
                "round “%(round)s”. Name fewer places, or let more films into the round first."
            )
        case "sum":
            values |= {"pool": f"{given['pool']:,f}", "total": f"{given['total']:,f}"}
            text = _(
                "The prize pool is %(pool)s, but with these places the prizes come to %(total)s. Let the prize pool "
                "follow, or change the prizes first."
            )
        case "currency":
            text = _("“%(award)s” is paid in %(other)s, the prize pool in %(currency)s.")
        case "condition":
            text = _("A condition needs what it asks of, how, and a value.")
        case "tool":
            text = _("The rulebook knows no tool “%(name)s”. Add it there first.")
        case "maker":
            text = _("The rulebook knows no maker “%(name)s” of tools. Add one of its tools there first.")
        case "limit":
            text = _("A limit needs whom it is for, and how many awards at most.")
        case "quota":
            text = _("A quota needs what it asks of, a value, and how many awards at least or at most.")
        case "quota_order":
            text = _("The quota asks for at least %(least)s and at most %(most)s awards. That cannot be.")
        case _:
            return _("A blueprint may not say this: %(said)s") % {"said": fault.sentence}
    return text % values
