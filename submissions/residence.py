"""Where an entrant may live, in words: for the entry's gaps and the public rules."""

from django.utils.translation import gettext as _

from festival.edition.form_rules import ResidenceRules
from festival.kit.names import country_text


def residence_refused(code: str, rules: ResidenceRules) -> list[str]:
    """The sentence for an entrant who lives where nobody may take part; nothing otherwise, or while it is not said."""
    if not code or rules.admits(code):
        return []
    text = _(
        "Who lives in %(place)s cannot take part in this contest: the rules say where entrants may live. If you live "
        "elsewhere, correct it under “Country or region of residence”."
    )
    return [text % {"place": country_text(code)}]


def residence_in_words(rules: ResidenceRules) -> str:
    """The rule as a sentence with all its places; "" where one may live anywhere."""
    if rules.allowed:
        text = _("Entrants live in one of these countries or regions: %(places)s.")
        return text % {"places": country_text(", ".join(rules.allowed))}
    if rules.excluded:
        text = _("Who lives in one of these countries or regions cannot take part: %(places)s.")
        return text % {"places": country_text(", ".join(rules.excluded))}
    return ""
