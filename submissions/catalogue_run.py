"""Many entries into the catalogue: what it would do, the order, and the worker's way through it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from festival.catalogue.models import Film
from festival.edition import permissions
from festival.edition.models import Edition, Track
from festival.kit.errors import Refused
from festival.kit.queue import enqueue
from festival.people.actor import Actor, actor_of
from submissions import catalogue_actions
from submissions.correction_queries import outdated_in_catalogue
from submissions.lifecycle import State
from submissions.models import CatalogueRun, Entry, Inspection

log = logging.getLogger(__name__)

CHUNK = 5000  # rows that the database hands over at a time


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen to the entries that the filters show; ids throughout."""

    fresh: list[int] = field(default_factory=list)
    there: list[int] = field(default_factory=list)  # in the catalogue already
    public: int = 0  # of those that are there: with a public page
    outdated: int = 0  # of those that are there: corrected since
    refused: dict[str, list[int]] = field(default_factory=dict)  # by reason

    @property
    def works(self) -> bool:
        """Whether anything can be put in or brought up to date."""
        return bool(self.fresh or self.there)


def plan_for(entries: QuerySet[Entry], edition: Edition) -> Plan:
    """Four queries."""
    columns = ("pk", "code", "state", "track__enters")
    rows = entries.order_by("submitted_at", "pk").values_list(*columns).iterator(CHUNK)
    films = Film.objects.filter(edition=edition).exclude(source="")
    published = {code: at is not None for code, at in films.values_list("source", "published_at")}
    done = Inspection.objects.filter(version__entry__edition=edition, state=Inspection.State.DONE)
    # Sorted here: the database would sort them with all that it joined.
    columns = ("version__number", "pk", "version__entry_id", "length")
    told = sorted(done.order_by().values_list(*columns).iterator(CHUNK))
    lengths = {entry: length for _number, _pk, entry, length in told}
    outdated = set(outdated_in_catalogue(edition).values_list("pk", flat=True))
    fresh, there, refused = [], [], {}
    public = old = 0
    for pk, code, state, enters in rows:
        if state != State.ELIGIBLE:
            refused.setdefault("not_admitted", []).append(pk)
        elif float(lengths.get(pk) or 0) < 0.5:
            project = enters == Track.Enters.PROJECT and pk not in lengths
            refused.setdefault("no_film" if project else "no_length", []).append(pk)
        elif code in published:
            there.append(pk)
            public += published[code]
            old += pk in outdated
        else:
            fresh.append(pk)
    return Plan(fresh, there, public, old, refused)


@transaction.atomic
def begin(
    *, edition: Edition, entries: QuerySet[Entry], query: str, renew: bool, by: Actor, at: datetime
) -> CatalogueRun:
    """Have the entries put in. Refused while another order is at work, and where there is nothing to do.

    Who cannot be put in is part of the order, so that its result names them. Without `renew` what is there stays as
    it is.
    """
    if by.user is None or not permissions.can_organise(by, edition):
        raise Refused(_("Only the organisers put films into the catalogue."), status=403, code="not_allowed")
    plan = plan_for(entries, edition)
    if not (plan.works if renew else plan.fresh):
        raise Refused(_("There is nothing here that could be put into the catalogue."), code="nothing")
    ids = [*plan.fresh, *(plan.there if renew else ()), *(pk for ids in plan.refused.values() for pk in ids)]
    try:
        with transaction.atomic():
            run = CatalogueRun.objects.create(
                edition=edition,
                query=query,
                renew=renew,
                entries=ids,
                total=len(ids),
                asked_at=at,
                heard_at=at,
                by=by.user,
            )
    except IntegrityError:
        raise Refused(
            _("Films are being put into the catalogue already. Wait until that is done."), code="running"
        ) from None
    _queue(run.pk)
    return run


def _queue(pk: int) -> None:
    from submissions.tasks import put_in_catalogue

    enqueue(put_in_catalogue, pk)


def carry_on(*, pk: int, now: Callable[[], datetime] = timezone.now) -> None:
    """Go on with an order to its end. Safe to run twice, also at once: each film is taken under the order's lock."""
    run = CatalogueRun.objects.select_related("by").filter(pk=pk, state=CatalogueRun.State.RUNNING).first()
    if run is None:
        return
    by = actor_of(run.by)
    while _next(run, by, now()):
        pass


@transaction.atomic
def _next(run: CatalogueRun, by: Actor, at: datetime) -> bool:
    """One film and what is counted of it. False when the order is through."""
    rows = CatalogueRun.objects.select_for_update().defer("entries")
    held = rows.filter(pk=run.pk, state=CatalogueRun.State.RUNNING).first()
    if held is None:
        return False
    entry = Entry.objects.select_related("edition", "track").get(pk=run.entries[held.done])
    try:
        with transaction.atomic():
            result = _put(entry, run, by=by, at=at)
    except Refused as refusal:
        held.refused.append([entry.code, refusal.code if refusal.code in held.REASONS else "fault"])
    except Exception:  # one film must not keep the others out; it is named in the result
        log.exception("entry %s could not be put into the catalogue", entry.pk)
        held.refused.append([entry.code, "fault"])
    else:
        setattr(held, result, getattr(held, result) + 1)
    held.done, held.heard_at = held.done + 1, at
    if held.done >= held.total:
        held.state, held.ended_at = held.State.DONE, at
    counted = ["done", "new", "changed", "unchanged", "refused", "heard_at", "state", "ended_at"]
    held.save(update_fields=counted)
    return held.state == held.State.RUNNING


def _put(entry: Entry, run: CatalogueRun, *, by: Actor, at: datetime) -> str:
    if entry.state != State.ELIGIBLE:
        raise Refused(_("This film is not admitted to the competition."), code="not_admitted")
    if not run.renew and Film.objects.filter(edition=entry.edition_id, source=entry.code).exists():
        return "unchanged"
    return catalogue_actions.put(entry=entry, by=by, at=at, run=run.pk).result


def remind(*, at: datetime) -> int:
    """Take up orders that a dead worker or a lost message left behind. Run by the beat."""
    silent = at - timedelta(seconds=settings.LEASE_SECONDS)
    left = CatalogueRun.objects.filter(state=CatalogueRun.State.RUNNING, heard_at__lt=silent)
    ids = list(left.values_list("pk", flat=True))
    for pk in ids:
        _queue(pk)
    return len(ids)
