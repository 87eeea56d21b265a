"""Writes of changes of the rulebook. What they mean for films that were sent in is the business of a floor above."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from festival.edition import permissions
from festival.edition.models import Edition, RulebookChange
from festival.edition.rulebook import Rulebook
from festival.kit.errors import Refused
from festival.people.actor import Actor

State = RulebookChange.State
LONGEST = 100_000  # characters; the largest rulebook anybody could want has a few thousand
SILENT = timedelta(minutes=2)  # who works on a change and says nothing for so long is taken for dead


@transaction.atomic
def propose_change(*, edition: Edition, toml: str, by: Actor, at: datetime) -> RulebookChange:
    """A rulebook whose consequences are to be counted; it takes the place of one proposed before.

    Raises RulebookError with every fault and its line. Refused while another change is being applied.
    """
    _assert_may(by, edition)
    toml = toml.replace("\r\n", "\n")
    if len(toml) > LONGEST:
        text = _("This is longer than any rulebook: at most %(count)s characters are taken.")
        raise Refused(text % {"count": LONGEST}, status=413, code="too_long")
    rulebook = Rulebook.from_toml(toml)
    present = Edition.objects.select_for_update().values_list("rulebook", flat=True).get(pk=edition.pk)
    if toml.strip() == present.strip():
        raise Refused(_("This is the rulebook as it is: nothing was changed."), status=400, code="same")
    if RulebookChange.objects.filter(edition=edition, state=State.APPLYING).exists():
        raise Refused(_("A change of the rulebook is being applied. Wait until it is done."), code="applying")
    RulebookChange.objects.filter(edition=edition, state__in=(State.COUNTING, State.READY)).delete()
    return RulebookChange.objects.create(
        edition=edition,
        before=present,
        before_digest=Rulebook.from_toml(present).digest,
        toml=toml,
        digest=rulebook.digest,
        by=by.user,
        proposed_at=at,
    )


def drop_change(*, edition: Edition, by: Actor) -> bool:
    """Forget what was proposed; False when nothing was. What has come into force stays."""
    _assert_may(by, edition)
    proposed = RulebookChange.objects.filter(edition=edition, state__in=(State.COUNTING, State.READY))
    return bool(proposed.delete()[0])


@transaction.atomic
def begin_change(*, change: RulebookChange, reason: str, by: Actor, at: datetime) -> RulebookChange:
    """The rulebook is in force from now on, for everything that is inspected; stored reports follow.

    Refused without a reason, and when the rulebook is no longer the one that the consequences were counted from.
    """
    _assert_may(by, change.edition)
    if not reason.strip():
        text = _("Say why the rulebook is changed: everybody reads it on the rules page.")
        raise Refused(text, status=400, code="reason_missing")
    edition = Edition.objects.select_for_update().get(pk=change.edition_id)
    last = RulebookChange.objects.filter(edition=edition).aggregate(last=Max("number"))["last"] or 0
    began = RulebookChange.objects.filter(pk=change.pk, state=State.READY).update(
        state=State.APPLYING,
        number=last + 1,
        reason=reason.strip(),
        by=by.user,
        at=at,
        done=0,
        worked_at=None,
    )
    if not began or edition.rulebook != change.before:
        raise Refused(
            _("Somebody was faster: the rulebook or what is proposed has changed. Look at the page again."),
            code="changed",
        )
    Edition.objects.filter(pk=edition.pk).update(rulebook=change.toml)
    change.refresh_from_db()
    return change


def take_change(*, pk: int, at: datetime) -> RulebookChange | None:
    """The right to work on a change that is being counted or applied; None when somebody has it."""
    free = Q(worked_at__isnull=True) | Q(worked_at__lt=at - SILENT)
    working = RulebookChange.objects.filter(free, pk=pk, state__in=(State.COUNTING, State.APPLYING))
    if not working.update(worked_at=at):
        return None
    return RulebookChange.objects.select_related("edition").get(pk=pk)


def note_change(*, change: RulebookChange, at: datetime, done: int, total: int) -> bool:
    """Say how far the work is; False when the change was dropped or replaced meanwhile."""
    held = RulebookChange.objects.filter(pk=change.pk, state=change.state)
    return bool(held.update(worked_at=at, done=done, total=total))


def end_change(*, change: RulebookChange, state: str, **values: Any) -> bool:
    """From counting to ready, from applying to applied; False when somebody else ended it."""
    held = RulebookChange.objects.filter(pk=change.pk, state=change.state)
    return bool(held.update(state=state, worked_at=None, **values))


def _assert_may(by: Actor, edition: Edition) -> None:
    if not (by.is_system or permissions.can_organise(by, edition)):
        text = _("Only the organisers of this contest can change its rulebook.")
        raise Refused(text, status=403, code="not_allowed")
