"""What an invited judge reads before she answers: the rounds, about how much there is to watch, what is hidden."""

from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.models import Edition
from festival.kit.words import say
from festival.team.registry import Fact
from judging import queries
from judging.models import Round
from judging.plan_queries import intake_of, looks_of
from judging.plan_words import hours
from judging.time_plan import needed_seconds


def brief_for_judges(edition: Edition) -> list[Fact]:
    """A fixed number of queries. How much there is to watch is a mean over the judges, with her among them."""
    rounds = list(Round.objects.filter(edition=edition).exclude(state=Round.State.CLOSED))
    facts = []
    if rounds:
        named = [f"{say(round.name)} ({round.get_gate_display()})" for round in rounds]
        facts.append(Fact(_("Rounds"), "; ".join(named)))
        facts.append(Fact(_("About how much"), _work(edition, rounds[0])))
        hidden = [edition.blind if round.blind is None else round.blind for round in rounds]
        if all(hidden):
            text = _("Judging is blind: you see neither names nor credits before you have scored a film.")
        elif any(hidden):
            text = _(
                "In some rounds judging is blind: names and credits are hidden until you have scored a film."
            )
        else:
            text = _("You see who made a film.")
        facts.append(Fact(_("Names"), text))
    facts.append(
        Fact(
            _("Conflicts of interest"),
            _(
                "You say whom you are too near to, and get no film of theirs. You can stand aside from any film."
            ),
        )
    )
    return facts


def _work(edition: Edition, first: Round) -> str:
    """Films for each judge in the first round that is not closed, and how long they run."""
    intake = intake_of(first)
    if not intake.films:
        return _("Not known yet: the films are still coming in.")
    looks, judges = looks_of(first) or 1, len(queries.judges_of(edition)) + 1
    share = min(1.0, float(looks) / judges)
    each = ceil(intake.films * share)
    seconds = needed_seconds(intake.seconds, intake.films, 1, first.overhead_seconds) * share
    if intake.reckoned:
        text = ngettext(
            "In the first of them about %(count)d film, %(hours)s of watching and scoring, if as many come as "
            "are expected.",
            "In the first of them about %(count)d films, %(hours)s of watching and scoring, if as many come as "
            "are expected.",
            each,
        )
        return text % {"count": each, "hours": hours(seconds)}
    text = ngettext(
        "In the first of them about %(count)d film, %(hours)s of watching and scoring, as things stand now.",
        "In the first of them about %(count)d films, %(hours)s of watching and scoring, as things stand now.",
        each,
    )
    return text % {"count": each, "hours": hours(seconds)}
