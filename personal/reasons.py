"""Why something stays when an account is deleted, why a copy leaves something out, and how long things are kept."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Reason:
    """In words for the person concerned; `law` names the articles that allow it."""

    says: Text
    law: str = ""


STAYS: dict[str, Reason] = {
    "result": Reason(
        _("Results must stay open to checking: who was judged, and the scores a result was computed from."),
        "GDPR 17(3)(e), 6(1)(f); PIPL 13, 47",
    ),
    "published": Reason(
        _("What was announced and printed is the festival’s record, and stays as it was published."),
        "GDPR 17(3)(a), (d); PIPL 13, 27",
    ),
    "record": Reason(
        _("Organisers must be able to prove what happened and when. No name stays with it."),
        "GDPR 17(3)(e), 6(1)(f); PIPL 13, 47",
    ),
    "billing": Reason(
        _("The credits say who made the film. They belong to the film and to all who made it."),
        "GDPR 17(3)(a), (d); PIPL 13",
    ),
    "rights": Reason(
        _(
            "A film that is shown needs the proof that it may be shown: the declarations and documents about rights."
        ),
        "GDPR 17(3)(e), 6(1)(b); PIPL 13, 47",
    ),
    "prize": Reason(
        _("A prize must be paid, and taxes accounted for: the legal name stays for a year after the result."),
        "GDPR 17(3)(b), (e); PIPL 13, 47",
    ),
    "theirs": Reason(
        _("It is another person’s: an answer that a co-author gave with an account of her own."),
        "GDPR 15(4), 17(3)(a)",
    ),
    "sent": Reason(
        _("How many letters went out stays in the organiser’s count. Address, words and values go."),
        "GDPR 6(1)(f)",
    ),
    "empty": Reason(
        _("The emptied account stays as a number, so that what is kept has something to hang on."), ""
    ),
}

HELD: dict[str, Text] = {
    "technical": _("Inner numbers and keys of the site; they say nothing about a person."),
    "secret": _("A secret that protects the account."),
    "jury": _(
        "It belongs to the jury: scores and comments are given in confidence, and results are told in their time."
    ),
    "others": _("It speaks of other people or of their films."),
    "team": _("A note of the organisers’ team for its own work."),
    "wording": _("The contest’s own words; they stand on its pages."),
    "listed": _("Too large for the archive: listed with name, size and SHA-256, with a link on the page."),
}

TERMS: dict[str, Text] = {
    "account": _("until the account is deleted"),
    "edition": _("as long as the edition stands on this site, or until the account is deleted"),
    "record": _("as long as the edition stands on this site"),
    "objection": _(
        "a day while the address is not confirmed; who objected until a year after the decision; the rest as long "
        "as the edition stands on this site"
    ),
    "hour": _("one hour"),
    "poll": _("until the audience’s vote is settled; votes then stay as numbers, of nobody"),
    "week": _("seven days"),
    "fortnight": _("two weeks after the last visit"),
    "identity": _("30 days after the entry is out of the running, 365 days for a laureate"),
    "three_days": _("three days"),
}
