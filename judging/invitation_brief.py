"""What an invited judge reads before she answers: the rounds, about how much there is to watch, what is hidden."""

from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.models import Edition
from festival.kit.words import joined, say
from festival.team.registry import Fact
from judging import queries
from judging.models import Round
from judging.plan_words import hours
from submissions.lifecycle import State
from submissions.models import Entry


def brief_for_judges(edition: Edition) -> list[Fact]:
    """A fixed number of queries. The work of a round is said where its films are known: it is a mean, with her in it."""
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
    films = Entry.objects.filter(edition=edition, state=State.ELIGIBLE).count()
    if not films or first.after_id is not None:
        return _("Not known yet: the films are still coming in.")
    judges = len(queries.judges_of(edition)) + 1
    each = min(films, ceil(films * first.looks_per_film / judges))
    text = ngettext(
        "about %(count)d film in the first round, as things stand",
        "about %(count)d films in the first round, as things stand",
        each,
    ) % {"count": each}
    return joined(text, "")
