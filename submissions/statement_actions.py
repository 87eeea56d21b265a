"""Writes of AI statements, and of which rules they break."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Prefetch

from festival.edition.models import Edition
from festival.edition.rulebook import Rulebook
from submissions.models import Entry, Inspection, StatementFinding, ToolUse
from submissions.queries import latest_inspection
from submissions.statement.comparison import differs
from submissions.statement.facts import Use
from submissions.statement.rules import DIFFERENCE, STATEMENT_RULES, judge_statement
from submissions.statement_view import remarks_on, rulebook_of

CHUNK = 500


@transaction.atomic
def write_uses(*, entry: Entry, uses: Sequence[Use]) -> None:
    """Put these lines in place of the entry's statement. The caller has made sure that nobody else writes it."""
    ToolUse.objects.filter(entry=entry).delete()
    ToolUse.objects.bulk_create(
        ToolUse(
            entry=entry,
            position=position,
            stage=use.stage,
            tool=use.tool,
            other=use.other,
            version=use.version,
            share=use.share,
            human=use.human,
            no_ai=use.no_ai,
        )
        for position, use in enumerate(uses)
    )
    getattr(entry, "_prefetched_objects_cache", {}).pop("tool_uses", None)
    write_statement_findings(entries={entry.pk: uses}, rulebook=rulebook_of(entry.edition))


@transaction.atomic
def write_statement_findings(*, entries: Mapping[int, Sequence[Use]], rulebook: Rulebook) -> None:
    """Which rules these statements break, by entry, and where film and statement differ, in place of what stood there.

    Three queries. The caller holds the entries' rows, so that two who write the same do not meet.
    """
    said = _said_by_films(entries)
    rows = []
    for pk, uses in entries.items():
        rows += [
            StatementFinding(entry_id=pk, rule=finding.rule, severity=finding.severity)
            for finding in judge_statement(uses, rulebook)
        ]
        if pk in said and differs(remarks_on(*said[pk], uses, rulebook.tools)):
            rows.append(StatementFinding(entry_id=pk, rule=DIFFERENCE, severity="note"))
    StatementFinding.objects.filter(entry_id__in=list(entries)).delete()
    StatementFinding.objects.bulk_create(rows)


def _said_by_films(ids: Iterable[int]) -> dict[int, tuple[Any, Any]]:
    """Origin and tags in the newest reports by entry, as stored. One query."""
    newest = Entry.objects.filter(pk__in=list(ids)).annotate(newest=latest_inspection()).values("newest")
    rows = Inspection.objects.filter(pk__in=newest, report__video__isnull=False)
    columns = ("version__entry_id", "report__provenance", "report__file__tags")
    return {entry: (origin, tags) for entry, origin, tags in rows.values_list(*columns)}


def judge_statements_anew(*, edition: Edition, rulebook: Rulebook) -> int:
    """Hold every statement of the edition against a changed rulebook; gives how many. Safe to run twice."""
    ids = list(Entry.objects.filter(edition=edition).order_by("pk").values_list("pk", flat=True))
    for chunk in batched(ids, CHUNK):
        with transaction.atomic():
            held = Entry.objects.select_for_update().filter(pk__in=chunk).order_by("pk")
            write_statement_findings(entries=_uses(held.values_list("pk", flat=True)), rulebook=rulebook)
    return len(ids)


def count_statements(*, edition: Edition, rulebook: Rulebook) -> list[tuple[str, int, int]]:
    """Rules that more or fewer submitted statements would break by a changed rulebook: rule, now, then."""
    submitted = Entry.objects.filter(edition=edition, submitted_at__isnull=False)
    now = Counter(
        StatementFinding.objects.filter(entry__in=submitted).order_by().values_list("rule", flat=True)
    )
    then = Counter[str]()
    for chunk in batched(submitted.order_by("pk").values_list("pk", flat=True), CHUNK):
        for uses in _uses(chunk).values():
            then.update(finding.rule for finding in judge_statement(uses, rulebook))
    return [(rule, now[rule], then[rule]) for rule in STATEMENT_RULES if now[rule] != then[rule]]


def _uses(ids: Iterable[int]) -> dict[int, Sequence[Use]]:
    rows = Entry.objects.filter(pk__in=list(ids)).only("pk")
    rows = rows.prefetch_related(Prefetch("tool_uses", ToolUse.objects.order_by("position")))
    return {entry.pk: tuple(row.as_use for row in entry.tool_uses.all()) for entry in rows}
