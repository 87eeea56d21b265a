"""Whether a film is technically accepted: by its verdict, or because a technician waived all that stood against it."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from submissions.models import Inspection, Waiver

GOOD = (Inspection.Verdict.PASS, Inspection.Verdict.NOTE)
MENDABLE = (Inspection.Verdict.FIX, Inspection.Verdict.BLOCK)
GRAVE = ("fix", "block")


def grave_rules(report: Mapping[str, Any]) -> set[str]:
    """The rules whose breach stands against the film, of a stored report."""
    return {each["rule"] for each in report.get("findings") or () if each["severity"] in GRAVE}


def accepts(verdict: str, grave: Collection[str], waived: Iterable[str]) -> bool:
    """Pass and note; and what is to be mended or blocked when every rule behind that is waived."""
    if verdict in GOOD:
        return True
    return verdict in MENDABLE and bool(grave) and set(grave) <= set(waived)


def is_accepted(inspection: Inspection | None) -> bool:
    """One query at most, and none for a film that passed."""
    if inspection is None or inspection.verdict not in MENDABLE:
        return inspection is not None and inspection.verdict in GOOD
    waived = Waiver.objects.filter(version=inspection.version_id).values_list("rule", flat=True)
    return accepts(inspection.verdict, grave_rules(inspection.report), waived)
