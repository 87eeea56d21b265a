"""What is left to be done before a call opens: each thing with what is known of it and the page where it is done."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.edition.blueprint import Blueprint
from festival.edition.models import Edition
from festival.edition.rulebook import Rulebook, sentences
from festival.edition.track_words import takes_projects
from festival.kit.words import joined, say, short_language
from festival.people.roles import Role
from festival.team.models import Invitation
from judging.logic.forecast import Forecast
from judging.models import Panel, Round

DONE, OPEN, LOOK = "done", "open", "look"
NAMED = 4  # texts that are named one by one


@dataclass(frozen=True, slots=True)
class Item:
    """`state`: DONE, OPEN, or LOOK for what only a person can judge."""

    state: str
    title: str
    text: str
    url: str


def roles_of(edition: Edition) -> Counter[str]:
    """How many people hold each role. One query."""
    return Counter(edition.memberships.filter(user__is_active=True).values_list("role", flat=True))


def checklist(
    edition: Edition, plan: Blueprint, found: Forecast, roles: Counter[str], at: datetime
) -> list[Item]:
    """In the order in which one does it. `found`: the forecast with the judges there are; `roles`: as `roles_of`."""

    def url(name: str) -> str:
        return reverse(name, args=[edition.slug])

    items = [_texts(plan, url("judging:edition_texts")), _rulebook(plan, url("submissions:rulebook"))]
    items += [
        Item(LOOK, _("Tracks and phases"), _("What is entered in, and what the calendar is made of."),
             url("judging:edition_parts")),
        Item(LOOK, _("Calendar"), _("The days of every phase, and whether the jury’s hours are enough."),
             url("judging:edition_plan")),
        Item(LOOK, _("Limits and tracks"), _("How many entries are taken, from whom, and by when.")
             if takes_projects(edition)
             else _("How many films are taken, from whom, and by when."),
             url("submissions:form_limits")),
        Item(LOOK, _("Entry form"), _("What entrants are asked, which files they add, what they declare."),
             url("submissions:form")),
        Item(LOOK, _("Where entrants live"), _("Everybody may take part, or only who lives in certain places."),
             url("submissions:form_residence")),
        Item(LOOK, _("Terms of the whole contest"),
             _("Names hidden from judges, days to mend a film, two people over the awards."),
             url("judging:edition_terms")),
    ]  # fmt: skip
    items.append(Item(LOOK, _("Cohorts and milestones"), _cohorts(plan), url("judging:cohort_setup")))
    if plan.rounds:
        items += [
            _judges(edition, found, roles[Role.JUDGE], at, url("team:invitations")),
            _rounds(edition, url("judging:rounds")),
            _team(roles, url("edition:team")),
        ]
    places = sum(award.places for award in plan.awards)
    text = ngettext("%(count)s place in all.", "%(count)s places in all.", places) % {"count": places}
    items.append(
        Item(
            LOOK,
            _("What can be won"),
            text if places else _("There are no awards yet."),
            url("judging:award_setup"),
        )
    )
    if plan.awards:
        text = _("The prize pool, and how it is divided over the awards.")
        items.append(Item(LOOK, _("Prizes"), text, url("judging:prizes")))
    if any(phase.kind == "premiere" for phase in plan.phases):
        items.append(_halls(plan, url("premiere:places")))
    items.append(
        Item(LOOK, _("Letters"), _("What entrants, judges and the team are written, in both languages."),
             url("post:letters"))
    )  # fmt: skip
    public = edition.status != Edition.Status.DRAFT
    text = (
        _("Everybody sees it.")
        if public
        else _("Only its team sees it. Nobody can enter before it is shown.")
    )
    items.append(Item(DONE if public else OPEN, _("Shown to everybody"), text, ""))
    return items


def _texts(plan: Blueprint, url: str) -> Item:
    single = list(dict.fromkeys(one_language(plan)))
    if not single:
        return Item(DONE, _("Texts in both languages"), _("All of them are."), url)
    named = ("、" if short_language() == "zh" else ", ").join(f"“{text}”" for text in single[:NAMED])
    more = len(single) - NAMED
    text = _("In one language only: %(names)s.") % {"names": named}
    if more > 0:
        rest = ngettext("And %(count)d more.", "And %(count)d more.", more) % {"count": more}
        text = joined(text, rest)
    return Item(OPEN, _("Texts in both languages"), text, url)


def one_language(value: Any) -> Iterator[str]:
    """The beginnings of texts anywhere in a plan that are written in one of the two languages alone."""
    if is_dataclass(value):
        for part in fields(value):
            yield from one_language(getattr(value, part.name))
    elif isinstance(value, dict) and value and set(value) <= {"en", "zh"}:
        written = [text for text in value.values() if isinstance(text, str) and text.strip()]
        if len(written) == 1:
            line = written[0].strip().splitlines()[0]
            yield line if len(line) <= 40 else f"{line[:40]}…"
    elif isinstance(value, dict):
        for one in value.values():
            yield from one_language(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from one_language(one)


def _rulebook(plan: Blueprint, url: str) -> Item:
    said = sentences(Rulebook.from_toml(plan.rulebook), short_language())
    length = next((rule.text for rule in said if rule.rule.startswith("duration")), "")
    return Item(LOOK, _("Rulebook"), joined(length, _("Read it as entrants will.")), url)


def _judges(edition: Edition, found: Forecast, accepted: int, at: datetime, url: str) -> Item:
    asked = Invitation.objects.filter(
        edition=edition, role=Role.JUDGE, state=Invitation.State.OPEN, answer_by__gt=at
    ).count()
    text = ngettext("%(count)d judge has accepted.", "%(count)d judges have accepted.", accepted)
    text %= {"count": accepted}
    if asked:
        waiting = ngettext("%(count)d has not answered yet.", "%(count)d have not answered yet.", asked)
        text = joined(text, waiting % {"count": asked})
    short = {"no_judges", "more_looks_than_judges", "panels_without_judges", "quorum_out_of_reach"}
    lacking = any(one.code in short for one in found.warnings)
    if lacking and accepted:
        text = joined(text, _("That is too few for the rounds as they are planned."))
    return Item(OPEN if lacking or not accepted else DONE, _("Judges invited"), text, url)


def _cohorts(plan: Blueprint) -> str:
    if not plan.cohorts:
        return _("No teams are accompanied. Whoever accompanies some adds a cohort with its places.")
    places = sum(cohort.places for cohort in plan.cohorts)
    stones = sum(len(cohort.milestones) for cohort in plan.cohorts)
    text = ngettext("%(count)s place for teams.", "%(count)s places for teams.", places) % {"count": places}
    due = ngettext("%(count)s milestone.", "%(count)s milestones.", stones) % {"count": stones}
    return joined(text, due)


def _rounds(edition: Edition, url: str) -> Item:
    empty = Panel.objects.filter(round__edition=edition, round__state=Round.State.PLANNED)
    panels = empty.annotate(n=Count("judges")).filter(n=0).count()
    if panels:
        text = ngettext("%(count)d panel has no judges.", "%(count)d panels have no judges.", panels)
        return Item(OPEN, _("Rounds"), text % {"count": panels}, url)
    return Item(LOOK, _("Rounds"), _("Gates, criteria with their weights, cuts and tie rules."), url)


def _team(roles: Counter[str], url: str) -> Item:
    wanted = ((_("a jury chair"), Role.CHAIR), (_("a technician"), Role.TECHNICIAN))
    missing = [label for label, role in wanted if not roles[role]]
    if missing:
        text = _("There is nobody yet as: %(roles)s. The owner can do it meanwhile.")
        return Item(LOOK, _("Team"), text % {"roles": ", ".join(missing)}, url)
    return Item(DONE, _("Team"), _("A chair and a technician are named."), url)


def _halls(plan: Blueprint, url: str) -> Item:
    halls = [hall for venue in plan.venues for hall in venue.halls]
    names = [(say(hall.name), len(hall.hours)) for hall in halls]
    closed = [name for name, hours in names if not hours]
    if not names:
        return Item(OPEN, _("Halls"), _("There is a premiere, but no hall yet."), url)
    if closed:
        text = _("No hours are entered for: %(halls)s.") % {"halls": ", ".join(closed)}
        return Item(OPEN, _("Halls"), text, url)
    text = ngettext("%(count)d hall with its hours.", "%(count)d halls with their hours.", len(names))
    return Item(DONE, _("Halls"), text % {"count": len(names)}, url)
