"""A list that goes back to the jury: an objection to it as a whole was upheld."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.awards import notice_actions
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.post.actions import notify_many
from festival.post.models import Notice
from judging import award_queries as queries
from judging.award_state import assert_organiser, hold, log_entries, step
from judging.models import AwardList, AwardStep
from submissions.models import Entry
from submissions.queries import co_authors_of

States, Decision = AwardList.State, Entry.Decision


@transaction.atomic
def take_back(*, edition: Edition, objection: str, reason: dict[str, str], by: Actor, at: datetime) -> None:
    """The list is proposed again, without dates; the notice is taken down with the reason.

    Nothing is decided any more. Whoever was told of an award is told at once that this does not hold; whoever was told
    of none need not be: her page says so still, and she hears again only if that changes. A list that is with the jury
    already stays there.
    """
    found = queries.list_of(edition)
    award_list = hold(found.pk) if found else None
    if award_list is None or award_list.state == States.PROPOSED:
        return
    assert_organiser(by, award_list)
    if award_list.state == States.ANNOUNCED:
        raise Refused(
            _(
                "The laureates have been announced: the list cannot go back. Withdraw each award that does not hold."
            )
        )
    if award_list.state == States.NOTICE:
        notice_actions.take_down(edition=edition, reason=reason, by=by, at=at)
    _undecide(award_list, reason, by, at)
    award_list.state, award_list.confirmed_at, award_list.confirmed_by = States.PROPOSED, None, None
    award_list.notice_from, award_list.notice_until, award_list.announce_at = None, None, None
    award_list.held_back = {}
    award_list.save()
    step(award_list, AwardStep.Kind.REOPENED, by, at, {"objection": objection, "reason": reason})


def _undecide(award_list: AwardList, reason: dict[str, str], by: Actor, at: datetime) -> None:
    """Nobody holds an award now; those who were told that they do get a letter."""
    decided = queries.judged(award_list).exclude(decision=Decision.NONE).select_for_update(of=("self",))
    ids = list(decided.order_by("pk").values_list("pk", flat=True))
    entries = list(Entry.objects.filter(pk__in=ids, told=Decision.LAUREATE).order_by("pk"))
    Entry.objects.filter(pk__in=ids).update(decision=Decision.NONE)
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(told=Decision.NONE, told_at=None)
    award_list.verdicts.update(told_at=None)
    log_entries(ids, "undecided", by, at, {})
    makers = co_authors_of(entry.pk for entry in entries)
    notify_many(
        notices=[
            Notice(
                user_id=user,
                edition=award_list.edition,
                kind="result_reopened",
                path=f"/entries/{entry.code}/",
                created_at=at,
                values={"title": entry.title, "code": entry.code, "reason": reason},
            )
            for entry in entries
            for user in (entry.entrant_id, *makers.get(entry.pk, ()))
        ]
    )
