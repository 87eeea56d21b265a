"""What the catalogue takes from an entry. Copied once: later changes of the entry do not change the programme."""

from collections.abc import Iterable
from typing import Any

from django.core.files.storage import storages
from django.db import transaction

from festival.catalogue.actions import write_film
from festival.catalogue.models import Film
from submissions.credit_view import catalogue_credits
from submissions.models import Credit, Entry, Inspection, ToolUse
from submissions.statement.facts import Use
from submissions.statement.lines import lines_of
from submissions.statement_view import rulebook_of


@transaction.atomic
def write_films(*, entries: Iterable[Entry]) -> dict[int, Film]:
    """Copy entries (of one edition, with their tracks) into its catalogue, unpublished; gives films by entry id.

    Running time and picture come from the newest finished inspection. Refused where there is no running time.
    """
    entries = list(entries)
    inspections = _finished_inspections([entry.pk for entry in entries])
    tools = _tool_lines(entries)
    named = _credits(entries)
    return {
        entry.pk: _write(entry, inspections.get(entry.pk), tools[entry.pk], named[entry.pk])
        for entry in entries
    }


def _credits(entries: list[Entry]) -> dict[int, list[dict[str, str]]]:
    """The credits by entry, as plain values; where there are none, the director as the entry names one. One query."""
    rows: dict[int, list[Credit]] = {entry.pk: [] for entry in entries}
    for row in Credit.objects.filter(entry_id__in=list(rows)):
        rows[row.entry_id].append(row)
    return {entry.pk: _with_director(entry, catalogue_credits(rows[entry.pk])) for entry in entries}


def _with_director(entry: Entry, named: list[dict[str, str]]) -> list[dict[str, str]]:
    """Credits without a director do not lose the one on the entry's own line."""
    if entry.director and not any(person["role"] == "director" for person in named):
        return [{"role": "director", "name": entry.director}, *named]
    return named


def _tool_lines(entries: list[Entry]) -> dict[int, list[dict[str, Any]]]:
    """The statements' complete lines by entry, as plain values with the tools' names as they are now. One query."""
    uses: dict[int, list[Use]] = {entry.pk: [] for entry in entries}
    for row in ToolUse.objects.filter(entry_id__in=list(uses)).order_by("position"):
        uses[row.entry_id].append(row.as_use)
    return {
        entry.pk: lines_of((use for use in uses[entry.pk] if use.complete), rulebook_of(entry.edition).tools)
        for entry in entries
    }


def _write(
    entry: Entry,
    inspection: Inspection | None,
    tools: list[dict[str, Any]],
    named: list[dict[str, str]],
) -> Film:
    report = inspection.report if inspection else {}
    return write_film(
        edition=entry.edition,
        source=entry.code,
        seconds=float((report.get("video") or {}).get("duration") or 0),
        still=_picture(inspection) if inspection else None,
        title=entry.title,
        title_en=entry.title_en,
        synopsis=entry.synopsis,
        track=entry.track.name,
        credits=named,
        ai_statement=entry.ai_statement,
        tools=tools,
        country=entry.country,
        language=entry.language,
        year=entry.year,
    )


def _finished_inspections(entry_ids: list[int]) -> dict[int, Inspection]:
    """The newest finished inspection by entry, in one query."""
    rows = Inspection.objects.filter(version__entry_id__in=entry_ids, state=Inspection.State.DONE)
    rows = rows.select_related("version").order_by("version__number", "pk")
    return {row.version.entry_id: row for row in rows}


def _picture(inspection: Inspection) -> bytes | None:
    """The film's poster still from its inspection, if there is one."""
    stills = inspection.report.get("stills") or []
    name = next((still["file"] for still in stills if still["about"] == "poster"), None)
    if name is None or not inspection.folder:
        return None
    try:
        with storages["default"].open(f"{inspection.folder.rstrip('/')}/{name}") as file:
            return bytes(file.read())
    except OSError:
        return None
