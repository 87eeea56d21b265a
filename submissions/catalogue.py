"""What the catalogue takes from an entry. Copied once: later changes of the entry do not change the programme."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext as _

from festival.catalogue.actions import Written, put_film
from festival.catalogue.models import FileFormat, Film
from festival.kit.errors import Refused
from submissions.credit_view import catalogue_credits
from submissions.inspection.picture_file import variant_files
from submissions.models import Attachment, Credit, Entry, Inspection, ToolUse
from submissions.statement.facts import Use
from submissions.statement.lines import lines_of
from submissions.statement_view import rulebook_of

FORMATS = {"h264": FileFormat.H264, "prores": FileFormat.PRORES}  # by the codec's name in reports
CATALOGUE_WIDTH = 1280  # pixels; as wide as the stills that the inspection takes


def write_films(*, entries: Iterable[Entry]) -> dict[int, Film]:
    """As `put_films`, for those who need not know what changed."""
    return {pk: written.film for pk, written in put_films(entries=entries).items()}


@transaction.atomic
def put_films(*, entries: Iterable[Entry]) -> dict[int, Written]:
    """Copy entries (of one edition, with their tracks) into its catalogue, unpublished; gives by entry id what it did.

    The running time comes from the newest finished inspection: refused where there is none. The picture is the wide
    poster, else the first still, as cleaned for publishing; else the still that the inspection chose.
    """
    entries = list(entries)
    pictures = _pictures([entry.pk for entry in entries])
    inspections = _finished_inspections([entry.pk for entry in entries])
    tools = _tool_lines(entries)
    named = _credits(entries)
    return {
        entry.pk: _write(
            entry, inspections.get(entry.pk), tools[entry.pk], named[entry.pk], pictures.get(entry.pk)
        )
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
    picture: str | None,
) -> Written:
    if inspection is None and entry.is_project:
        raise Refused(
            _("“%(title)s” is a project: there is no film yet that the catalogue could show.")
            % {"title": entry.title},
            code="no_film",
        )
    report = inspection.report if inspection else {}
    return put_film(
        edition=entry.edition,
        source=entry.code,
        seconds=float((report.get("video") or {}).get("duration") or 0),
        still=_bytes_of(picture) if picture else _picture(inspection) if inspection else None,
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
        **_file_facts(report),
    )


def _file_facts(report: Mapping[str, Any]) -> dict[str, Any]:
    """Of the inspected file, what a hall must be able to play. Nothing is known without a report."""
    video, audio = report.get("video") or {}, report.get("audio")
    if not video.get("width"):
        return {}
    rate = Decimal(str(round(video.get("frame_rate") or 0, 3)))
    return {
        "file_format": FORMATS.get(video.get("codec"), FileFormat.OTHER),
        "width": video["width"],
        "height": video["height"],
        "frame_rate": rate if 0 < rate < 1000 else None,
        "channels": audio.get("channels") if audio else 0,
    }


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
    return _bytes_of(f"{inspection.folder.rstrip('/')}/{name}")


def _bytes_of(key: str) -> bytes | None:
    try:
        with storages["default"].open(key) as file:
            return bytes(file.read())
    except OSError:
        return None


def _pictures(entry_ids: list[int]) -> dict[int, str]:
    """Storage key of the clean JPEG that stands for a film, by entry, where its entrant sent one. One query."""
    rows = Attachment.objects.filter(
        entry_id__in=entry_ids, kind__in=("poster_wide", "still"), state=Attachment.State.READY
    )
    found: dict[int, str] = {}
    for row in sorted(rows, key=lambda row: (row.kind != "poster_wide", row.position, row.pk)):
        widths = [width for width, _height in row.facts["picture"]["variants"]]
        wide = max((width for width in widths if width <= CATALOGUE_WIDTH), default=widths[0])
        found.setdefault(row.entry_id, f"{row.folder}/{variant_files(wide)[1]}")
    return found
