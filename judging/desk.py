"""What the desk's overview shows: counts, and what waits for a person. Facts first, words last."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.catalogue.models import Film
from festival.edition import permissions
from festival.edition.models import Edition
from festival.kit import remembered
from festival.kit.words import say
from festival.people.actor import Actor
from festival.team import queries as invitation_queries
from festival.team.permissions import can_see_invitations
from judging import conflict_queries, desk_words, feedback_queries, queries
from judging.models import AwardList, Round
from judging.permissions import can_plan
from submissions import correction_queries
from submissions.cohorts import delivery_queries
from submissions.lifecycle import State
from submissions.models import Entry, Inspection


@dataclass(frozen=True, slots=True)
class StateCount:
    state: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Overview:
    """`stuck`: submitted films whose newest inspection failed. `overdue`: fix windows that have passed.
    `gone`: withdrawn films that are in the catalogue still. `conflicts`: of judges, to be decided. `comments`: to
    entrants, to be released or held back. `corrections`:
    requests for them that wait; `unanswered`: invitations whose day has passed; `outdated`: films that the
    catalogue holds as they were before a correction; `more_time`: requests of teams for more time for a milestone.
    """

    entries: tuple[StateCount, ...]
    total: int
    inspections_running: int
    inspections_waiting: int
    stuck: int
    overdue: int
    gone: int
    conflicts: int
    comments: int
    corrections: int
    outdated: int
    unanswered: int
    more_time: int
    rounds: list[Round]
    judges: int
    award_list: AwardList | None

    def in_state(self, state: State) -> int:
        return next((row.count for row in self.entries if row.state == state), 0)


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that waits for somebody: a sentence and where to do it."""

    text: str
    url: str


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many rows there are, as a column of another query."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def overview_of(edition: Edition, at: datetime) -> Overview:
    """Everything the overview needs, in a fixed number of queries."""
    entries = Entry.objects.filter(edition=edition).order_by()
    counts = dict(entries.values_list("state").annotate(n=Count("*")))  # rows, which an index alone counts
    overdue = entries.filter(state=State.FIXING, fix_until__lte=at)
    newer = Inspection.objects.filter(version__entry=OuterRef("version__entry"), pk__gt=OuterRef("pk"))
    inspections = Inspection.objects.filter(version__entry__edition=edition)
    failed = inspections.filter(state=Inspection.State.FAILED, version__entry__state=State.SUBMITTED)
    # Four counts in one query, each by its own index.
    running, waiting, stuck, more_time = (
        Edition.objects.filter(pk=edition.pk)
        .values_list(
            _count(inspections.filter(state=Inspection.State.RUNNING)),
            _count(inspections.filter(state=Inspection.State.QUEUED)),
            _count(failed.filter(~Exists(newer))),
            _count(delivery_queries.waiting_for_time(edition.pk)),
        )
        .get()
    )
    withdrawn = Entry.objects.filter(edition=edition, state=State.WITHDRAWN).values("code")
    gone = Film.objects.filter(edition=edition, source__in=withdrawn)
    return Overview(
        entries=tuple(
            StateCount(state.value, str(state.label), counts.get(state.value, 0)) for state in State
        ),
        total=sum(counts.values()),
        inspections_running=running,
        inspections_waiting=waiting,
        stuck=stuck,
        overdue=overdue.count() if counts.get(State.FIXING) else 0,
        gone=gone.count(),
        conflicts=conflict_queries.open_count(edition),
        comments=_undecided(edition) if feedback_queries.rules_of(edition).comments else 0,
        corrections=correction_queries.waiting(edition).count(),
        outdated=correction_queries.outdated_in_catalogue(edition).count(),
        unanswered=invitation_queries.overdue(edition, at).count(),
        more_time=more_time,
        rounds=queries.rounds_for_desk(edition, criteria=False),
        judges=len(queries.judges_of(edition)),
        award_list=AwardList.objects.filter(edition=edition).first(),
    )


def _undecided(edition: Edition) -> int:
    """Comments to be decided over; of many as it was at most a minute ago."""
    return remembered.figures(
        f"undecided-{edition.pk}", feedback_queries.undecided(edition).count, lambda count: count
    )


def todos_for(actor: Actor, edition: Edition, overview: Overview) -> list[Todo]:
    """What waits for this person, most urgent first."""
    todos: list[Todo] = []
    if permissions.can_inspect(actor, edition):
        todos += _inspection_todos(edition, overview)
    if permissions.can_organise(actor, edition):
        todos += _correction_todos(edition, overview)
    if permissions.can_organise(actor, edition) and overview.more_time:
        text = ngettext(
            "%(count)d team asks for more time for a milestone.",
            "%(count)d requests of teams for more time wait for an answer.",
            overview.more_time,
        )
        url = reverse("cohorts:desk", args=[edition.slug])
        todos.append(Todo(text % {"count": overview.more_time}, f"{url}#more-time"))
    if permissions.can_organise(actor, edition) and edition.status == Edition.Status.DRAFT:
        text = _("Only the team sees this edition. See what is left to do before the call opens.")
        todos.append(Todo(text, reverse("judging:edition_setup", args=[edition.slug])))
    if permissions.can_organise(actor, edition) and overview.gone:
        text = ngettext(
            "%(count)d withdrawn film is in the catalogue still. See to it that it is not screened.",
            "%(count)d withdrawn films are in the catalogue still. See to it that they are not screened.",
            overview.gone,
        )
        todos.append(Todo(text % {"count": overview.gone}, reverse("catalogue:desk", args=[edition.slug])))
    if permissions.can_organise(actor, edition) and overview.rounds and not overview.judges:
        todos.append(Todo(_("No judges have been named yet."), reverse("edition:team", args=[edition.slug])))
    if overview.unanswered and can_see_invitations(actor, edition):
        text = ngettext(
            "%(count)d invitation was not answered in time. Send it again, or ask somebody else.",
            "%(count)d invitations were not answered in time. Send them again, or ask others.",
            overview.unanswered,
        )
        url = reverse("team:invitations", args=[edition.slug])
        todos.append(Todo(text % {"count": overview.unanswered}, url))
    if overview.conflicts and can_plan(actor, edition):
        text = ngettext(
            "%(count)d possible conflict of a judge waits for a decision.",
            "%(count)d possible conflicts of judges wait for a decision.",
            overview.conflicts,
        )
        todos.append(
            Todo(text % {"count": overview.conflicts}, reverse("judging:conflicts", args=[edition.slug]))
        )
    if permissions.can_chair(actor, edition):
        todos += _chair_todos(edition, overview)
    awards = overview.award_list
    if permissions.can_organise(actor, edition) and awards and awards.state == AwardList.State.CONFIRMED:
        todos.append(
            Todo(
                _("The jury chair has confirmed the awards. They can be announced."),
                reverse("judging:awards", args=[edition.slug]),
            )
        )
    return todos


def _inspection_todos(edition: Edition, overview: Overview) -> list[Todo]:
    todos = []
    if overview.stuck:
        text = ngettext(
            "The inspection of %(count)d film failed. Read why, and start it again.",
            "The inspections of %(count)d films failed. Read why, and start them again.",
            overview.stuck,
        )
        url = reverse("submissions:desk_inspections", args=[edition.slug])
        todos.append(Todo(text % {"count": overview.stuck}, url))
    if overview.overdue:
        text = ngettext(
            "The time to mend %(count)d film has passed. Decide whether it is admitted.",
            "The time to mend %(count)d films has passed. Decide whether they are admitted.",
            overview.overdue,
        )
        url = reverse("submissions:desk_entries", args=[edition.slug])
        todos.append(Todo(text % {"count": overview.overdue}, f"{url}?state={State.FIXING}"))
    return todos


def _correction_todos(edition: Edition, overview: Overview) -> list[Todo]:
    todos = []
    url = reverse("submissions:desk_corrections", args=[edition.slug])
    if overview.corrections:
        text = ngettext(
            "%(count)d request for a correction waits for an answer.",
            "%(count)d requests for corrections wait for an answer.",
            overview.corrections,
        )
        todos.append(Todo(text % {"count": overview.corrections}, url))
    if overview.outdated:
        text = ngettext(
            "The catalogue holds %(count)d film as it was before a correction. Put it in again.",
            "The catalogue holds %(count)d films as they were before a correction. Put them in again.",
            overview.outdated,
        )
        todos.append(Todo(text % {"count": overview.outdated}, url))
    return todos


def _chair_todos(edition: Edition, overview: Overview) -> list[Todo]:
    todos = []
    for round in overview.rounds:
        url = reverse("judging:round", args=[edition.slug, round.slug])
        if round.state == Round.State.OPEN and round.looks_done and not round.looks_pending:
            todos.append(Todo(desk_words.said(round, "all_scored", round=say(round.name)), url))
    if overview.comments:
        text = ngettext(
            "%(count)d comment to an entrant waits for you to read it.",
            "%(count)d comments to entrants wait for you to read them.",
            overview.comments,
        )
        url = reverse("judging:feedback", args=[edition.slug])
        todos.append(Todo(text % {"count": overview.comments}, url))
    ready = overview.judges and overview.in_state(State.ELIGIBLE)
    waiting = next((round for round in overview.rounds if round.state == Round.State.PLANNED), None)
    nothing_open = not any(round.state == Round.State.OPEN for round in overview.rounds)
    if ready and waiting and nothing_open:
        url = reverse("judging:round", args=[edition.slug, waiting.slug])
        todos.append(Todo(_("“%(round)s” can be opened.") % {"round": say(waiting.name)}, url))
    closed = any(round.state == Round.State.CLOSED for round in overview.rounds)
    awards = overview.award_list
    if (
        closed
        and nothing_open
        and not waiting
        and (awards is None or awards.state == AwardList.State.PROPOSED)
    ):
        text = _("The standing is frozen. Fill the awards from it and confirm them.")
        todos.append(Todo(text, reverse("judging:awards", args=[edition.slug])))
    return todos
