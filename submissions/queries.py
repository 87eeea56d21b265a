"""Reads of entries that matter."""

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from festival.catalogue.models import Film
from festival.edition.models import Edition
from festival.people.actor import Actor
from festival.people.roles import Role
from submissions.models import Entry, FilmVersion, Inspection, SubtitleFile


def visible_to(actor: Actor) -> QuerySet[Entry]:
    """The set of which `permissions.can_see` is the predicate."""
    if not actor.known:
        return Entry.objects.none()
    desk = Q(edition_id__in=actor.editions(Role.TECHNICIAN), submitted_at__isnull=False)
    return Entry.objects.filter(Q(entrant_id=actor.id) | desk)


def latest_inspection(outer: str = "pk") -> Subquery:
    """Id of the newest inspection of an entry's newest film version, for annotating entries."""
    newest = Inspection.objects.filter(version__entry_id=OuterRef(outer)).order_by("-version__number", "-pk")
    return Subquery(newest.values("pk")[:1])


def newest_inspections(edition: Edition) -> QuerySet[Inspection]:
    """The newest inspection of each entry's newest film, drafts included, numbered in one pass over the table."""
    place = Window(
        RowNumber(),
        partition_by=F("version__entry_id"),
        order_by=[F("version__number").desc(), F("pk").desc()],
    )
    rows = Inspection.objects.filter(version__entry__edition=edition).order_by()
    return rows.annotate(place=place).filter(place=1)


def without_reports(inspections: QuerySet[Inspection]) -> QuerySet[Inspection]:
    """For lists: of all that a report holds, only `seconds`. A page of whole ones is megabytes of curves and cuts."""
    return inspections.defer("report", "glance").annotate(length=F("report__video__duration"))


def with_inspection(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Entries with `inspection_id`: fetch the rows with `inspections_of`, in one query for a whole page."""
    return entries.annotate(inspection_id=latest_inspection())


def inspections_of(entries: list[Entry], *, reports: bool = False) -> dict[int, Inspection]:
    """The newest inspection by entry id, for entries that came through `with_inspection`; `reports`: whole."""
    ids = [entry.inspection_id for entry in entries if getattr(entry, "inspection_id", None)]
    rows = Inspection.objects.filter(pk__in=ids).select_related("version")
    if not reports:
        rows = without_reports(rows)
    return {row.version.entry_id: row for row in rows}


def of_entrant(actor: Actor) -> QuerySet[Entry]:
    """An account's own entries, with what a list needs to say where each stands."""
    mine = Entry.objects.filter(entrant_id=actor.id).select_related("edition", "track")
    return with_inspection(mine).prefetch_related("versions__upload", "events", "tool_uses")


def with_form(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """For many drafts: with all that `completeness.gaps` reads."""
    rows = entries.select_related("edition", "track")
    return rows.prefetch_related("versions__upload", "events", "tool_uses")


def public_codes(entries: list[Entry]) -> set[str]:
    """Codes of those entries whose film the festival shows: announced, or in a released screening. One query."""
    shown = Film.objects.filter(source__in=[entry.code for entry in entries], published_at__isnull=False)
    return set(shown.values_list("source", flat=True))


def for_page(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """An entry with everything its page shows: versions with inspections, subtitles, events, edition and track."""
    inspections = Prefetch("inspections", Inspection.objects.order_by("-pk"))
    versions = Prefetch(
        "versions",
        FilmVersion.objects.order_by("-number").select_related("upload").prefetch_related(inspections),
    )
    subtitles = Prefetch("subtitle_files", SubtitleFile.objects.select_related("asset"))
    whole = entries.select_related("edition", "track", "entrant")
    return whole.prefetch_related(versions, subtitles, "events__actor", "tool_uses")


def judge_copies(entry_ids: list[int]) -> dict[int, tuple[str, float]]:
    """Storage key of the judge copy and running time in seconds, by entry, of the newest finished inspection."""
    rows = (
        Inspection.objects.filter(version__entry_id__in=entry_ids, state=Inspection.State.DONE)
        .exclude(copy_key="")
        .order_by("version__number", "pk")
        .values_list("version__entry_id", "copy_key", "report__video__duration")
    )
    return {entry: (key, float(seconds or 0)) for entry, key, seconds in rows}
