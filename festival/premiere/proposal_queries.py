"""Reads of proposals."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from festival.catalogue.models import Film
from festival.edition.models import Edition
from festival.premiere import version_queries
from festival.premiere.models import Item, Proposal

# What a unit of each goal is; docs/timetable.md has the weights.
GOALS = (
    ("length", gettext_noop("minutes off the length aimed at")),
    ("track", gettext_noop("tracks more than one in a programme")),
    ("mood", gettext_noop("moods more than one in a programme")),
    ("language", gettext_noop("programmes without a common language")),
    ("age", gettext_noop("age ratings more than one in a programme")),
    ("tempo", gettext_noop("films after one of their own tempo")),
    ("opening", gettext_noop("points below the strongest opening")),
    ("closing", gettext_noop("points below the strongest close")),
    ("other_venue", gettext_noop("second showings in the same venue")),
    ("prime", gettext_noop("premieres outside the hours wished for")),
    ("together", gettext_noop("pairs of premieres at the same time")),
    ("smaller_hall", gettext_noop("steps from the largest hall to those of premieres")),
)


def proposals_of(edition: Edition) -> QuerySet[Proposal]:
    """The newest first, without their documents."""
    rows = Proposal.objects.filter(edition=edition).select_related("by", "draft")
    return rows.defer("problem", "previous", "kept", "answer", "draft__document")


def shelf_count(edition: Edition) -> int:
    """How many films have no place on the table."""
    placed = Item.objects.filter(screening__edition=edition, screening__cancelled_at__isnull=True)
    return (
        Film.objects.filter(edition=edition)
        .exclude(pk__in=placed.exclude(film=None).values("film_id"))
        .count()
    )


def result(proposal: Proposal) -> dict[str, Any]:
    """What a ready proposal says: the difference to the table, the goals missed, what was changed of the old."""
    edition, answer = proposal.edition, proposal.answer or {}
    table = version_queries.version_of(edition, version_queries.TABLE)
    found: dict[str, Any] = {
        "goals": [(said, answer["goals"][name]) for name, said in _goals() if answer["goals"].get(name)],
        "stopped": answer.get("stopped", False),
        "repair": answer.get("repair"),
    }
    if proposal.draft and table:
        draft = version_queries.Version(proposal.draft.key, proposal.draft.document, draft=proposal.draft)
        found["pairs"] = version_queries.pairs(edition, table, draft, only_changed=True)
    return found


def _goals() -> list[tuple[str, str]]:
    return [(name, _(said)) for name, said in GOALS]
