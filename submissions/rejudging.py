"""What a rulebook would say of films that were inspected already: their stored reports judged again, no film opened.

Reports are read in chunks, so that ten thousand need no more memory than two hundred.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import batched
from typing import Any

from festival.edition.models import Edition
from festival.edition.rulebook import Rulebook
from submissions.acceptance import accepts, grave_rules
from submissions.inspection.report import Finding, Report, read
from submissions.inspection.runner import rejudge
from submissions.lifecycle import State
from submissions.models import Event, FilmVersion, Inspection, Waiver
from submissions.queries import newest_inspections
from submissions.statement_actions import count_statements

CHUNK = 200
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Judged:
    """One stored report before and after. `report` is the stored JSON with the new verdict and findings put in."""

    inspection_id: int
    entry_id: int
    version_id: int
    version_number: int
    code: str
    draft: bool
    state: str
    before: str
    after: str
    was: set[str]  # rules that stood against the film
    report: dict[str, Any]
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Outcome:
    """How many films go from which verdict to which, and the first of those that change.

    `changed` holds code ("" for a draft, whose title and code are its entrant's), verdict before and after. `admit`
    and `ask_fix` are how many entries would be settled; `unread` counts reports of another engine, left as they are.
    """

    films: int = 0
    unread: int = 0
    moves: list[tuple[str, str, int]] = field(default_factory=list)
    changed: list[tuple[str, str, str]] = field(default_factory=list)
    admit: int = 0
    ask_fix: int = 0
    statements: list[tuple[str, int, int]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The outcome as JSON values."""
        return asdict(self)


def film_ids(edition: Edition) -> list[int]:
    """The inspections that a rulebook of this edition judges: the newest of each film, where it has a verdict."""
    newest = newest_inspections(edition).values("pk")
    rows = Inspection.objects.filter(pk__in=newest).exclude(verdict="")
    return list(rows.order_by("pk").values_list("pk", flat=True))


def judged(inspection_ids: Sequence[int], rulebook: Rulebook) -> Iterator[Judged | None]:
    """The reports judged by `rulebook`; None for one that cannot be read. One query."""
    rows = Inspection.objects.filter(pk__in=inspection_ids).select_related("version__entry").order_by("pk")
    for row in rows:
        try:
            new = rejudge(read(Report, row.report), rulebook)
        except (ValueError, KeyError, ArithmeticError):  # written by another engine
            yield None
            continue
        entry = row.version.entry
        yield Judged(
            inspection_id=row.pk,
            entry_id=entry.pk,
            version_id=row.version_id,
            version_number=row.version.number,
            code=entry.code,
            draft=entry.submitted_at is None,
            state=entry.state,
            before=row.verdict,
            after=new.verdict,
            was=grave_rules(row.report),
            report={
                **row.report,
                "verdict": new.verdict,
                "findings": [asdict(each) for each in new.findings],
                "rulebook": rulebook.digest,
            },
            findings=new.findings,
        )


def settles(rows: Sequence[Judged]) -> dict[int, str]:
    """The move ("admit" or "ask_fix") that follows for entries of these films. Three queries, or none.

    A submitted entry follows its verdict. One that waits for a mended film is admitted when the system asked for it,
    because of this very version, and nothing stands against it any longer. What a technician decided, and what is
    admitted, stays as it is.
    """
    open_ones = [row for row in rows if row.state in (State.SUBMITTED, State.FIXING)]
    if not open_ones:
        return {}
    waived: dict[int, set[str]] = {}
    for version, rule in Waiver.objects.filter(
        version_id__in=[row.version_id for row in open_ones]
    ).values_list("version_id", "rule"):
        waived.setdefault(version, set()).add(rule)
    entries = [row.entry_id for row in open_ones]
    asked: dict[int, tuple[int | None, object]] = {}
    events = Event.objects.filter(entry_id__in=entries, kind="ask_fix").order_by("at", "pk")
    for entry, actor, values in events.values_list("entry_id", "actor_id", "values"):
        asked[entry] = (actor, values.get("version"))
    versions = set(
        FilmVersion.objects.filter(entry_id__in=entries).order_by().values_list("entry_id", "number")
    )
    moves: dict[int, str] = {}
    for row in open_ones:
        accepted = accepts(row.after, grave_rules(row.report), waived.get(row.version_id, set()))
        if row.state == State.SUBMITTED:
            moves[row.entry_id] = "admit" if accepted else "ask_fix"
        elif (
            accepted
            and asked.get(row.entry_id) == (None, row.version_number)
            and (row.entry_id, row.version_number + 1) not in versions
        ):
            moves[row.entry_id] = "admit"
    return moves


def count_outcome(
    edition: Edition,
    rulebook: Rulebook,
    on_progress: Callable[[int, int], object] = lambda _done, _total: None,
) -> Outcome:
    """What applying `rulebook` would change. Nothing is written. `on_progress` gets how many of how many."""
    outcome, moves = Outcome(), Counter[tuple[str, str]]()
    ids = film_ids(edition)
    for chunk in batched(ids, CHUNK):
        rows = [row for row in judged(chunk, rulebook) if row]
        outcome.unread += len(chunk) - len(rows)
        for row in rows:
            moves[row.before, row.after] += 1
            if row.before != row.after and len(outcome.changed) < SHOWN:
                outcome.changed.append(("" if row.draft else row.code, row.before, row.after))
        follow = Counter(settles(rows).values())
        outcome.admit += follow["admit"]
        outcome.ask_fix += follow["ask_fix"]
        outcome.films += len(chunk)
        on_progress(outcome.films, len(ids))
    outcome.statements = count_statements(edition=edition, rulebook=rulebook)
    order = list(Inspection.Verdict.values)
    outcome.moves = sorted(
        ((before, after, count) for (before, after), count in moves.items()),
        key=lambda move: (order.index(move[0]), order.index(move[1])),
    )
    return outcome
