"""One move with many entries: what it would do, the deed, and taking it back while nobody was written to."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from festival.edition import permissions as edition_permissions
from festival.edition.models import Edition
from festival.kit.among import Among
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.post import actions as post
from festival.post.models import Notice
from submissions import actions, letters, permissions, queries
from submissions.acceptance import GOOD, GRAVE, MENDABLE
from submissions.lifecycle import MOVES
from submissions.models import BulkStep, Correction, Entry, Event, FindingRow, Inspection, Waiver

AT_MOST = 200
CHUNK = 5000  # rows that the database hands over at a time
UNDO = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a move would do to the entries that the filters show; ids throughout.

    `entries` are moved, those submitted first before others; `faulty` only with a reason; `refused` never, by why.
    """

    fitting: int
    entries: list[int]
    faulty: list[int] = field(default_factory=list)
    refused: dict[str, list[int]] = field(default_factory=dict)
    left: int = 0  # for another time

    @property
    def digest(self) -> str:
        """By which a form says what its reader had before their eyes."""
        text = ",".join(map(str, (*self.entries, 0, *self.faulty)))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def plan_for(entries: QuerySet[Entry], *, edition: Edition, move: str, by: Actor) -> Plan:
    """At most seven queries. Nobody decides over a film of their own; a refusal leaves no correction open."""
    sources = MOVES[move].sources
    ordered = entries.order_by("submitted_at", "pk")
    # Of those that it cannot be done with, mostly all that were admitted, only the numbers are read.
    others = list(ordered.exclude(state__in=sources).values_list("pk", flat=True).iterator(CHUNK))
    rows = list(
        queries.with_inspection(ordered.filter(state__in=sources)).values_list(
            "pk", "entrant_id", "inspection_id"
        )
    )
    own = set(queries.named_in(by, edition))
    correcting: set[int] = set()
    if move == BulkStep.Move.REFUSE:
        open_ones = Correction.objects.filter(entry__edition=edition, state__in=Correction.OPEN)
        correcting = set(open_ones.values_list("entry_id", flat=True))
    free: list[tuple[int, int | None]] = []
    refused: dict[str, list[int]] = {"state": others} if others else {}
    for pk, entrant, inspection in rows:
        if entrant == by.id or pk in own:
            refused.setdefault("own", []).append(pk)
        elif pk in correcting:
            refused.setdefault("correction", []).append(pk)
        else:
            free.append((pk, inspection))
    good = _accepted(free) if move == BulkStep.Move.ADMIT else {pk for pk, _inspection in free}
    able = [pk for pk, _inspection in free if pk in good]
    faulty = [pk for pk, _inspection in free if pk not in good]
    return Plan(
        fitting=len(rows) + len(others),
        entries=able[:AT_MOST],
        faulty=faulty[: AT_MOST - len(able[:AT_MOST])],
        refused=refused,
        left=max(len(free) - AT_MOST, 0),
    )


def _accepted(rows: Iterable[tuple[int, int | None]]) -> set[int]:
    """Of pairs of entry and inspection the entries that `acceptance.is_accepted` accepts. Three queries."""
    by_inspection = {inspection: pk for pk, inspection in rows if inspection}
    told = Inspection.objects.filter(Among("pk", by_inspection), verdict__in=(*GOOD, *MENDABLE))
    verdicts = {
        pk: (verdict, version) for pk, verdict, version in told.values_list("pk", "verdict", "version")
    }
    grave: dict[int, set[str]] = {}
    broken = FindingRow.objects.filter(Among("inspection_id", verdicts), severity__in=GRAVE)
    for pk, rule in broken.values_list("inspection_id", "rule"):
        grave.setdefault(pk, set()).add(rule)
    waived: dict[int, set[str]] = {}
    given = Waiver.objects.filter(Among("version_id", [version for _verdict, version in verdicts.values()]))
    for version, rule in given.values_list("version_id", "rule"):
        waived.setdefault(version, set()).add(rule)
    return {
        by_inspection[pk]
        for pk, (verdict, version) in verdicts.items()
        if verdict in GOOD or (grave.get(pk) and grave[pk] <= waived.get(version, set()))
    }


@transaction.atomic
def move_many(
    *, edition: Edition, plan: Plan, move: str, query: str, reason: str, by: Actor, at: datetime
) -> BulkStep:
    """Make the move with everything of the plan; what is faulty only with a reason. Letters wait until `undo_until`.

    An entry that somebody else moved meanwhile is passed over.
    """
    if by.user is None or not edition_permissions.can_inspect(by, edition):
        raise Refused(_("Only the technicians of this contest can do this."), status=403, code="not_allowed")
    reason = reason.strip()
    if move == BulkStep.Move.REFUSE and not reason:
        raise Refused(
            _("Say why the films are not admitted: the entrants read it."), status=400, code="reason"
        )
    ids = [*plan.entries, *(plan.faulty if reason else ())]
    rows = Entry.objects.filter(pk__in=ids, edition=edition).select_related("edition", "entrant")
    until, changed = at + UNDO, []
    for entry in sorted(rows, key=lambda row: ids.index(row.pk)):
        source = entry.state
        try:
            with transaction.atomic():
                event, notice = _move(entry, move, reason=reason, by=by, at=at)
        except Refused:
            continue
        changed.append([entry.pk, source, event, notice])
    if not changed:
        raise Refused(_("There is no entry with which this can be done."), code="nothing")
    post.hold_back(notices=[row[3] for row in changed], until=until)
    return BulkStep.objects.create(
        edition=edition,
        move=move,
        query=query,
        reason=reason,
        changed=changed,
        at=at,
        by=by.user,
        undo_until=until,
    )


def _move(entry: Entry, move: str, *, reason: str, by: Actor, at: datetime) -> tuple[int, int]:
    """The id of the line in the log, and of the letter."""
    match move:
        case "admit":
            actions.admit(entry=entry, by=by, at=at, reason=reason)
        case "ask_fix":
            actions.ask_fix(entry=entry, by=by, at=at, reason=reason)
        case _:
            actions.refuse(entry=entry, by=by, at=at, reason=reason)
    event = Event.objects.filter(entry=entry, kind=move).order_by("-pk").values_list("pk", flat=True)[0]
    written = Notice.objects.filter(
        user=entry.entrant_id, edition=entry.edition_id, kind__in=letters.LETTERS[move], created_at=at
    )
    notice = written.filter(values__code=entry.code).order_by("-pk").values_list("pk", flat=True)[0]
    return event, notice


@transaction.atomic
def undo(*, step: BulkStep, by: Actor, at: datetime) -> BulkStep:
    """Take a step back for every entry to which nothing has happened since, with its letter; the others are named.

    Refused when its time is over, or it was taken back already.
    """
    held = BulkStep.objects.select_for_update(of=("self",)).select_related("edition").get(pk=step.pk)
    if by.user is None or not permissions.can_undo_step(by, held):
        raise Refused(
            _("Only who did this, or an organiser, can take it back."), status=403, code="not_allowed"
        )
    if held.undone_at is not None:
        raise Refused(_("This was taken back already."), code="already")
    if at >= held.undo_until:
        raise Refused(
            _("The time to take this back is over: the letters have gone out."), status=410, code="over"
        )
    kept = []
    target = MOVES[held.move].target
    rows = Entry.objects.in_bulk([row[0] for row in held.changed])
    newest = dict(
        Event.objects.filter(entry__in=rows).order_by("entry_id", "pk").values_list("entry_id", "pk")
    )
    for pk, source, event, notice in held.changed:
        if rows[pk].state != target or newest[pk] != event:
            kept.append([pk, "moved_on"])
        elif not post.take_back(notice=notice, at=at):
            kept.append([pk, "letter_gone"])
        else:
            actions.take_back(entry=rows[pk], name=held.move, source=source, event=event, by=by, at=at)
    held.kept, held.undone_at, held.undone_by = kept, at, by.user
    held.save(update_fields=["kept", "undone_at", "undone_by"])
    return held
