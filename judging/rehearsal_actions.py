"""Writes of rehearsals: asked for by an organiser, made by a worker, stopped, deleted."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from festival.edition.blueprint import BlueprintError
from festival.edition.models import Edition, Phase
from festival.edition.permissions import can_organise
from festival.kit.errors import Refused
from festival.kit.queue import enqueue
from festival.people.actor import Actor
from judging.blueprint_export import plan_of
from judging.models import Rehearsal
from judging.rehearsal.contest import PREFIX, Size
from judging.rehearsal.report import Prices
from judging.rehearsal.run import Wishes, rehearse, remove

log = logging.getLogger(__name__)
State = Rehearsal.State
PATIENCE = timedelta(minutes=30)  # after it a worker that says nothing is taken for dead
TELL = timedelta(seconds=1)  # between two words of how far it is
OPENS_IN = timedelta(days=14)  # the copy's call is to come: what the site does by the clock leaves it alone


class Stopped(Exception):
    """Somebody has asked the rehearsal to end."""


@transaction.atomic
def ask(
    *,
    edition: Edition,
    by: Actor,
    at: datetime,
    entries: int,
    judges: int,
    seed: int,
    workers: int,
    prices: dict[str, Any],
) -> Rehearsal:
    """Have the edition rehearsed as it is set up now. Refused while a rehearsal runs, and without a call."""
    _may(by, edition)
    fresh = Edition.objects.select_for_update().get(pk=edition.pk)
    if not fresh.phases.filter(kind=Phase.Kind.CALL).exists():
        raise Refused(
            _("This contest has no call for entries yet. Put one into its calendar first."), status=400
        )
    rows = Rehearsal.objects.filter(edition=fresh)
    rows.filter(state=State.RUNNING, heard_at__lt=at - PATIENCE).update(state=State.FAILED, ended_at=at)
    number = 1 + (rows.aggregate(last=Max("number"))["last"] or 0)
    try:
        with transaction.atomic():
            row = Rehearsal.objects.create(
                edition=fresh,
                number=number,
                entries=entries,
                judges=judges,
                seed=seed,
                workers=workers,
                prices=prices,
                asked_at=at,
                heard_at=at,
                by=by.user,
            )
    except IntegrityError:
        raise Refused(_("A rehearsal is running already. Wait for it, or stop it."), code="running") from None
    from judging.tasks import rehearse_edition

    enqueue(rehearse_edition, row.pk)
    return row


def make(*, pk: int, now: Callable[[], datetime]) -> None:
    """Rehearse, keep the report, take the copy away again. Safe to run twice: what a dead worker left goes first."""
    row = Rehearsal.objects.select_related("edition").filter(pk=pk, state=State.RUNNING).first()
    if row is None:
        return
    running = Rehearsal.objects.filter(pk=pk, state=State.RUNNING)
    slug = slug_of(row)
    told = now() - TELL

    def say(stage: str, share: float) -> None:
        nonlocal told
        at = now()
        if at - told < TELL:
            return
        told = at
        if not running.filter(stop=False).update(stage=stage, progress=int(share * 100), heard_at=at):
            raise Stopped

    ended: dict[str, Any] = {"state": State.FAILED}
    try:
        _clear(slug)
        plan = plan_of(row.edition)
        report = rehearse(
            plan,
            Wishes(
                size=Size(row.entries, row.judges),
                seed=row.seed,
                opens=_opens(row.edition, now()),
                slug=slug,
                prices=Prices(**row.prices),
                workers=row.workers,
            ),
            say=say,
        )
        ended = {"state": State.READY, "report": report, "progress": 100}
    except Stopped:
        ended = {"state": State.STOPPED}
    except (BlueprintError, Refused) as error:
        ended |= {"problem": str(error)}
    except Exception:
        log.exception("rehearsal %s failed", pk)
    finally:
        _clear(slug)
    running.update(**ended, stage="", ended_at=now())


def slug_of(row: Rehearsal) -> str:
    """The address of the copy: the same for every rehearsal with this seed, so that it is the same contest."""
    return f"{PREFIX}{row.edition_id}-{row.seed}"


def _opens(edition: Edition, at: datetime) -> date:
    return (at + OPENS_IN).astimezone(ZoneInfo(edition.time_zone)).date()


def _clear(slug: str) -> None:
    if Edition.objects.filter(slug=slug).exists():
        remove(slug)


def stop(*, rehearsal: Rehearsal, by: Actor, at: datetime) -> None:
    """Ask the worker to end it; one whose worker is dead ends at once."""
    _may(by, rehearsal.edition)
    running = Rehearsal.objects.filter(pk=rehearsal.pk, state=State.RUNNING)
    running.update(stop=True)
    running.filter(heard_at__lt=at - PATIENCE).update(state=State.STOPPED, ended_at=at)


def delete(*, rehearsal: Rehearsal, by: Actor) -> None:
    """Take its report away for good. Refused while it runs."""
    _may(by, rehearsal.edition)
    if not Rehearsal.objects.filter(pk=rehearsal.pk).exclude(state=State.RUNNING).delete()[0]:
        raise Refused(_("This rehearsal is running. Stop it first."), code="running")


def _may(by: Actor, edition: Edition) -> None:
    if not can_organise(by, edition):
        raise Refused(_("Only an organiser rehearses the contest."), status=403)
    if edition.slug.startswith(PREFIX):
        raise Refused(_("This is a rehearsal itself."), status=400)
