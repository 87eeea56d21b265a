"""What every step of the award list shares: the row held, who may, the log of steps and of entries."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.people.actor import SYSTEM, Actor
from judging import award_permissions as permissions
from judging.models import AwardList, AwardStep
from submissions.models import Entry, Event

BATCH = 1000


def hold(pk: int) -> AwardList:
    """The list as it is now, held until the transaction ends: its steps come one after the other."""
    return (
        AwardList.objects.select_for_update(of=("self",))
        .select_related("edition", "standing__round")
        .get(pk=pk)
    )


def assert_chair(by: Actor, award_list: AwardList) -> None:
    if not permissions.can_decide(by, award_list.edition):
        raise Refused(_("Only the jury chair decides over the awards."), status=403)


def assert_organiser(by: Actor, award_list: AwardList) -> None:
    """An organiser, or the clock that carries out what an organiser has set."""
    if by is not SYSTEM and not permissions.can_tell(by, award_list.edition):
        raise Refused(_("Only an organiser publishes the awards."), status=403)


def assert_state(award_list: AwardList, *states: str) -> None:
    if award_list.state not in states:
        raise Refused(
            _("Somebody was faster: the award list is now “%(state)s”. Reload the page and look again.")
            % {"state": award_list.get_state_display()}
        )


def step(
    award_list: AwardList, kind: str, by: Actor, at: datetime, values: Mapping[str, Any] | None = None
) -> AwardStep:
    """A line of the list's own record."""
    return AwardStep.objects.create(
        award_list=award_list,
        kind=kind,
        version=award_list.number,
        at=at,
        by=by.user,
        values=dict(values or {}),
    )


def decide(entry_ids: Iterable[int], decision: str, by: Actor, at: datetime) -> None:
    """Write a decision; whoever was told another one is to be told anew.

    Until then her page says what she was told, so that nobody sees by it that something is to come; but who was told
    of an award that does not hold is not told of it any longer.
    """
    ids = set(entry_ids)
    laureate = Entry.Decision.LAUREATE
    changed = Entry.objects.filter(pk__in=ids).exclude(decision=decision)
    changed_ids = set(changed.values_list("pk", flat=True))
    rows = Entry.objects.filter(pk__in=changed_ids)
    rows.update(decision=decision)
    if decision != laureate:
        rows.filter(told=laureate).update(told=Entry.Decision.NONE, told_at=None)
    log_entries(changed_ids, "decided", by, at, {"decision": str(decision)})


def log_entries(entry_ids: Iterable[int], kind: str, by: Actor, at: datetime, values: dict[str, str]) -> None:
    """A line in the log of each entry, in one go."""
    Event.objects.bulk_create(
        (Event(entry_id=pk, kind=kind, actor=by.user, at=at, values=values) for pk in sorted(entry_ids)),
        batch_size=BATCH,
    )
