"""A changed rulebook over stored reports: counted first, then written, in chunks that can be taken up again."""

from collections.abc import Callable
from datetime import datetime
from itertools import batched

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from festival.edition import change_actions
from festival.edition.models import Edition, RulebookChange
from festival.edition.rulebook import Rulebook
from festival.kit.queue import enqueue
from festival.people.actor import SYSTEM, Actor
from submissions import actions
from submissions.inspect_actions import write_finding_rows
from submissions.models import Entry, Inspection
from submissions.rejudging import CHUNK, count_outcome, film_ids, judged, settles
from submissions.statement_actions import judge_statements_anew

State = RulebookChange.State
AT_ONCE = 500  # films that are judged while the page waits; more go through the queue
Progress = Callable[[int, int], object]


def propose(*, edition: Edition, toml: str, by: Actor, at: datetime, at_once: bool = False) -> RulebookChange:
    """Count what a rulebook would change: at once for few films, else by a worker. Raises RulebookError."""
    change = change_actions.propose_change(edition=edition, toml=toml, by=by, at=at)
    _start(change, at_once)
    return change


def put_in_force(
    *, change: RulebookChange, reason: str, by: Actor, at: datetime, at_once: bool = False
) -> RulebookChange:
    """The rulebook is in force at once; the stored reports follow at once or by a worker."""
    change = change_actions.begin_change(change=change, reason=reason, by=by, at=at)
    _start(change, at_once)
    return change


def _start(change: RulebookChange, at_once: bool) -> None:
    from submissions.tasks import change_rulebook

    if not at_once and len(film_ids(change.edition)) > AT_ONCE:
        enqueue(change_rulebook, change.pk)
    else:
        carry_on(pk=change.pk)
    change.refresh_from_db()


def carry_on(*, pk: int) -> None:
    """Count or write, whichever the change waits for, unless somebody is at it. Safe to run twice."""
    change = change_actions.take_change(pk=pk, at=timezone.now())
    if change is None:
        return

    def tell(done: int, total: int) -> None:
        if not change_actions.note_change(change=change, at=timezone.now(), done=done, total=total):
            raise Superseded

    rulebook = Rulebook.from_toml(change.toml)
    try:
        if change.state == State.COUNTING:
            outcome = count_outcome(change.edition, rulebook, tell)
            change_actions.end_change(change=change, state=State.READY, outcome=outcome.as_dict())
        else:
            rewrite(edition=change.edition, rulebook=rulebook, on_progress=tell)
            change_actions.end_change(change=change, state=State.APPLIED)
    except Superseded:
        return


class Superseded(Exception):
    """The change was dropped, replaced or ended by somebody else while it was worked on."""


def rewrite(
    *, edition: Edition, rulebook: Rulebook, on_progress: Progress = lambda _done, _total: None
) -> int:
    """Judge every statement and every newest report anew, write verdict, findings and digest, settle entries.

    Gives how many reports.

    Each chunk is a transaction of its own and gives the same however often it is written. What was recorded by the
    former rulebook while this ran is taken up at the end.
    """
    judge_statements_anew(edition=edition, rulebook=rulebook)
    ids = film_ids(edition)
    done = 0
    for chunk in batched(ids, CHUNK):
        _rewrite_chunk(chunk, rulebook)
        done += len(chunk)
        on_progress(done, len(ids))
    late = Inspection.objects.filter(pk__in=set(film_ids(edition)) - set(ids)).exclude(
        rulebook_digest=rulebook.digest
    )
    for chunk in batched(late.values_list("pk", flat=True), CHUNK):
        _rewrite_chunk(chunk, rulebook)
        done += len(chunk)
    return done


@transaction.atomic
def _rewrite_chunk(ids: tuple[int, ...], rulebook: Rulebook) -> None:
    list(Inspection.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    rows = [row for row in judged(ids, rulebook) if row]
    Inspection.objects.bulk_update(
        [
            Inspection(
                pk=row.inspection_id, verdict=row.after, report=row.report, rulebook_digest=rulebook.digest
            )
            for row in rows
        ],
        ["verdict", "report", "rulebook_digest"],
    )
    write_finding_rows({row.inspection_id: row.findings for row in rows})
    moves = settles(rows)
    at = timezone.now()
    for entry in (
        Entry.objects.select_for_update(of=("self",))
        .filter(pk__in=moves)
        .select_related("edition")
        .order_by("pk")
    ):
        if moves[entry.pk] == "admit":
            actions.admit_by_itself(entry=entry, at=at)
        else:
            actions.ask_fix(entry=entry, by=SYSTEM, at=at)


def remind(*, at: datetime) -> int:
    """Take up changes that a dead worker or a lost message left behind. Run by the beat."""
    from submissions.tasks import change_rulebook

    silent = Q(worked_at__isnull=True) | Q(worked_at__lt=at - change_actions.SILENT)
    left = RulebookChange.objects.filter(silent, state__in=(State.COUNTING, State.APPLYING))
    ids = list(left.values_list("pk", flat=True))
    for pk in ids:
        enqueue(change_rulebook, pk)
    return len(ids)
