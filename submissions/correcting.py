"""The record of a correction: every save writes down what it changed, field by field, before and after."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from festival.kit.errors import Refused
from festival.people.actor import SYSTEM, Actor
from submissions.correction_gaps import lacking
from submissions.correction_queries import granted_of
from submissions.correction_values import values_of
from submissions.event_log import log_event
from submissions.models import Correction, CorrectionChange, Entry

# What changes along with a field: directors named in the credits become the entry's line "Direction".
FOLLOWS: Mapping[str, tuple[str, ...]] = {"credits": ("director",)}


@contextmanager
def recorded(
    *, entry: Entry, parts: Collection[str], by: Actor, at: datetime, complete: bool = False
) -> Iterator[None]:
    """Put on record what is written inside, where a granted correction opens it; of a draft nothing is recorded.

    The caller holds the entry's row. `complete`: refused (code "incomplete") when something that the edition asks
    for is missing afterwards and was not before.
    """
    correction = granted_of(entry, at) if entry.submitted_at is not None else None
    if correction is None or not set(parts) & set(correction.granted):
        yield
        return
    missed = set(lacking(entry.pk, parts)) if complete else set()
    before = values_of(entry.pk, _with_followers(parts))
    yield
    after = values_of(entry.pk, before)
    if before == after:
        return
    new = [sentence for sentence in lacking(entry.pk, parts) if sentence not in missed] if complete else []
    if new:
        raise Refused(" ".join(new), status=400, code="incomplete")
    write_changes(correction=correction, before=before, after=after, by=by, at=at)


def _said(value: Any) -> Any:
    """A value as it reads: a browser ends lines in its own way, and a question may have been put anew since."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, dict) and "value" in value:
        return _said(value["value"])
    if isinstance(value, dict):
        return {key: _said(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_said(each) for each in value]
    return value


def _with_followers(parts: Collection[str]) -> list[str]:
    return list(dict.fromkeys([*parts, *(name for part in parts for name in FOLLOWS.get(part, ()))]))


def write_changes(
    *,
    correction: Correction,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    by: Actor,
    at: datetime,
) -> None:
    """One line in the log, and a row for each field that is another one now. Nothing where nothing changed."""
    changed = [name for name in after if _said(before[name]) != _said(after[name])]
    if not changed:
        return
    entry = correction.entry
    event = log_event(entry=entry, kind="corrected", by=by, at=at, correction=correction.pk, fields=changed)
    CorrectionChange.objects.bulk_create(
        CorrectionChange(
            correction=correction, event=event, field=name, before=before[name], after=after[name]
        )
        for name in changed
    )
    getattr(entry, "_prefetched_objects_cache", {}).pop("corrections", None)


@contextmanager
def followed(*, entry: Entry, part: str, sent_at: datetime, at: datetime) -> Iterator[None]:
    """Put on record what a worker does with a file that was sent in as a correction, which may be over by now."""
    rows = Correction.objects.filter(entry=entry, decided_at__lte=sent_at, until__gt=sent_at)
    sent_with = [
        row for row in rows if part in row.granted and not (row.closed_at and row.closed_at < sent_at)
    ]
    if not sent_with:
        yield
        return
    before = values_of(entry.pk, (part,))
    yield
    after = values_of(entry.pk, (part,))
    write_changes(correction=sent_with[0], before=before, after=after, by=SYSTEM, at=at)
