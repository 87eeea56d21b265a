"""What is wrong with cohorts that were changed at the desk: the faults of a blueprint, in the reader's language."""

from datetime import timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.blueprint_award_checks import AwardsRead
from festival.edition.blueprint_cohorts import CohortsRead
from festival.edition.blueprint_reader import Fault
from festival.edition.models import Edition
from festival.kit.words import say
from judging import award_fault_words
from judging.cohort_setup import Setup

DAYS = ("starts_day", "ends_day", "due_day")


def fault_text(fault: Fault, found: CohortsRead, setup: Setup, edition: Edition) -> str:
    """A sentence with what to do. Faults that no form can make are said in the words of blueprints."""
    plan = setup.plan
    if fault.code == "places":  # of awards, which then have fewer teams to choose among
        awards = AwardsRead(plan.awards, plan.award_rules, plan.prize_pool, ())
        return award_fault_words.fault_text(fault, awards, edition)
    values = _named(fault, found, setup)
    match fault.code:
        case "through":
            text = ngettext(
                "“%(cohort)s” would have %(places)s places, but “%(round)s” lets only %(most)s entry through. Name "
                "fewer places, or let more through first.",
                "“%(cohort)s” would have %(places)s places, but “%(round)s” lets only %(most)s entries through. Name "
                "fewer places, or let more through first.",
                int(values["most"]),
            )
        case "no_cut":
            text = _("“%(round)s” has no rule for who goes on yet. Give it one first.")
        case "judged":
            text = _(
                "“%(round)s” judges the teams of “%(cohort)s”, which only “%(source)s” fills, later or at once."
            )
        case "expects":
            text = _(
                "“%(round)s” expects %(expects)s entries, but only %(most)s would come in. Change the round first."
            )
        case "cut":
            text = _(
                "“%(round)s” lets %(cut)s through, but only %(most)s would come in. Change the round first."
            )
        case "ends_early":
            text = _("“%(cohort)s” would end before it begins.")
        case "outside":
            text = _(
                "“%(milestone)s” would be due on %(day)s, outside the time of “%(cohort)s”, which lasts from %(from)s "
                "to %(until)s."
            )
        case "grant_unit":
            text = _("A grant needs both an amount and its currency, such as CNY.")
        case "currency":
            text = _("There is no currency “%(typed)s”. Write its three letters, such as CNY or USD.")
        case "cash_sum":
            text = _("Money is promised as a sum; only traffic and credits can be without a limit.")
        case _ if fault.path and fault.path[-1] in DAYS:
            text = _("This is more than ten years from the call. Choose other days.")
        case _:
            return _("A blueprint may not say this: %(said)s") % {"said": fault.sentence}
    return text % values


def _named(fault: Fault, found: CohortsRead, setup: Setup) -> dict[str, Any]:
    """Values with names in place of addresses, and days of the calendar in place of numbers."""
    cohorts = {one.slug: one for one in found.cohorts}
    rounds = {one.slug: say(one.name) for one in setup.plan.rounds}
    given = dict(fault.values)
    for key in ("round", "source"):
        if key in given:
            given[key] = rounds.get(given[key], given[key])
    if cohort := cohorts.get(given.get("cohort", "")):
        given["cohort"] = say(cohort.name)
        names = {one.slug: say(one.name) for one in cohort.milestones}
        given["milestone"] = names.get(given.get("milestone", ""), "")
    for key, number in (("day", "due"), ("from", "first"), ("until", "last")):
        if number in given:
            given[key] = date_format(setup.opens + timedelta(days=given[number]), "DATE_FORMAT")
    return given
