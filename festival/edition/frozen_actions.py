"""The one door for changes of what is frozen from the call's opening: recorded with a reason, or refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from festival.edition import change_registry
from festival.edition.frozen import FROZEN
from festival.edition.models import Edition, EditionChange, Phase
from festival.kit.errors import Refused
from festival.people.actor import Actor

REASON_MAX = 500  # letters, in each language


@dataclass(frozen=True, slots=True)
class Change:
    """`what`: a key of FROZEN; `before` and `after`: plain values. `name`: of the track, question or round it is
    about, as it is called now. `tracks`: slugs of those it concerns; none: all.
    """

    what: str
    before: Any
    after: Any
    name: Mapping[str, str] = field(default_factory=dict)
    tracks: Sequence[str] = ()


def moment_value(moment: datetime) -> str:
    """A moment as changes keep it: texts of one zone, which FROZEN compares."""
    return moment.astimezone(UTC).isoformat()


class ReasonMissing(Exception):
    """Nothing was done, because the call has opened and no reason was given; `changes` would have been recorded.

    No `Refused`, so that no form takes it for a fault of a field: the page that asks for the reason stands above all
    views (`judging.reason_page`).
    """

    def __init__(self, changes: Sequence[EditionChange]) -> None:
        super().__init__("the call has opened: a reason is needed")
        self.changes = changes


def is_frozen(edition: Edition, at: datetime) -> bool:
    """Whether everybody could read the call already. One query."""
    if edition.status == Edition.Status.DRAFT:
        return False
    return Phase.objects.filter(edition=edition, kind=Phase.Kind.CALL, starts_at__lte=at).exists()


def record_changes(
    *, edition: Edition, changes: Iterable[Change], reason: Mapping[str, str], by: Actor, at: datetime
) -> list[EditionChange]:
    """Keep what of `changes` is one, and tell whom it concerns. Nothing before the call opens.

    Called inside the transaction that makes the change. Refused for what was promised and cannot be made less;
    raises ReasonMissing without a reason.
    """
    rows = EditionChange.objects.bulk_create(
        _through_door(edition=edition, changes=changes, reason=reason, by=by, at=at)
    )
    if rows:
        change_registry.tell(rows)
    return rows


def ask_reason(
    *, edition: Edition, change: Change, reason: Mapping[str, str], by: Actor, at: datetime
) -> None:
    """The same door for what has a history and letters of its own: refuses or raises ReasonMissing, records nothing."""
    _through_door(edition=edition, changes=[change], reason=reason, by=by, at=at)


def _through_door(
    *, edition: Edition, changes: Iterable[Change], reason: Mapping[str, str], by: Actor, at: datetime
) -> list[EditionChange]:
    """What is to be recorded, unsaved."""
    real = [one for one in changes if one.before != one.after]
    if not real or not is_frozen(edition, at):
        return []
    for one in real:
        if FROZEN[one.what].refused(one.before, one.after):
            raise Refused(
                _(
                    "The call has opened, and people have entered on what was announced. This can be made more or "
                    "later, with a reason; it is not made less, earlier or taken away."
                ),
                code="frozen",
            )
    said = {key: text.strip()[:REASON_MAX] for key, text in reason.items() if text.strip()}
    rows = [
        EditionChange(
            edition=edition,
            what=one.what,
            name=dict(one.name),
            tracks=list(one.tracks),
            before=one.before,
            after=one.after,
            reason=said,
            by=by.user,
            at=at,
        )
        for one in real
    ]
    if not said:
        raise ReasonMissing(rows)
    return rows
