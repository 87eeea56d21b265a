"""What films weigh on this site: measured on those that were inspected here, else as the benchmarks say."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.core.files.storage import storages

from judging.rehearsal.film_rows import FOLDER
from judging.rehearsal.load import BENCHMARKS, Weight
from submissions.models import Inspection

NEWEST = 300  # inspections that are looked at
LEAST = 5  # on fewer films nothing is said


def weight_here() -> Weight:
    """Of the films that were inspected on this site: CPU as the reports have it, bytes of original and judges' copy."""
    rows = Inspection.objects.filter(state=Inspection.State.DONE, version__asset__isnull=False)
    rows = rows.exclude(version__asset__key__startswith=FOLDER).order_by("-pk")
    found = rows.values_list("report", "version__asset__size", "copy_key")[:NEWEST]
    return measured(
        [(report, size + _size(copy)) for report, size, copy in found], source="site", least=LEAST
    )


def measured(films: Sequence[tuple[Mapping[str, Any], int]], *, source: str, least: int = 1) -> Weight:
    """From reports of the inspector with the bytes of each film; the benchmarks' weight where too few tell it."""
    rows = []
    for report, size in films:
        seconds = (report.get("video") or {}).get("duration") or 0
        cpu = (report.get("cost") or {}).get("cpu") or 0
        if seconds and cpu:
            rows.append((float(seconds), float(cpu), size))
    if len(rows) < least:
        return BENCHMARKS
    whole = sum(seconds for seconds, _cpu, _size in rows)
    return Weight(
        worker_seconds=round(sum(cpu for _seconds, cpu, _size in rows) / whole, 4),
        bytes=round(sum(size for _seconds, _cpu, size in rows) / whole),
        source=source,
        films=len(rows),
    )


def _size(copy: str) -> int:
    if copy:
        with suppress(OSError):
            return storages["default"].size(copy)
    return 0
