"""No entry twice: the same file under two accounts, which is known only once a worker has hashed it.

Nobody is told by whom the other one is. The entry is held back from being admitted by itself, and shown to a
technician as a match.
"""

from datetime import datetime

from django.db.models import Q

from festival.people.actor import SYSTEM
from submissions.event_log import log_event
from submissions.limits import COUNTING, limits_of
from submissions.models import Asset, Entry, FilmVersion, Match


def hold_doubles(*, entry: Entry, at: datetime) -> bool:
    """Whether an entry waits for a technician because the same film was entered elsewhere; makes the matches.

    Called in a transaction, before the entry is admitted. The file's row is locked: of two entries that are settled
    at once the second one sees the first.
    """
    version = entry.versions.order_by("-number").first()
    if version is None or version.asset_id is None:
        return False
    Asset.objects.select_for_update(no_key=True).only("pk").get(pk=version.asset_id)
    others = _others(entry, version)
    if not others:
        return False
    judged = dict(_judged(version, others))
    open_ones = [other for other in others if judged.get(other.pk) != Match.State.DISMISSED]
    for other in open_ones:
        if other.pk not in judged:
            _match(version, other, at)
    return bool(open_ones)


def _others(entry: Entry, version: FilmVersion) -> list[FilmVersion]:
    rows = FilmVersion.objects.filter(asset=version.asset_id, entry__edition=entry.edition_id)
    rows = rows.filter(entry__state__in=COUNTING).exclude(entry=entry.pk).select_related("entry")
    newest = dict(
        FilmVersion.objects.filter(entry__in=[row.entry_id for row in rows])
        .order_by("entry_id", "number")
        .values_list("entry_id", "pk")
    )
    several_tracks = not limits_of(entry.edition).one_track_per_film
    return [
        row
        for row in rows
        if row.pk == newest[row.entry_id]
        and not (
            several_tracks
            and row.entry.entrant_id == entry.entrant_id
            and row.entry.track_id != entry.track_id
        )
    ]


def _judged(version: FilmVersion, others: list[FilmVersion]) -> list[tuple[int, str]]:
    """Id of the other version and state of the match, of the matches that there are."""
    matches = Match.objects.filter(
        Q(first=version, second__in=others) | Q(second=version, first__in=others), kind=Match.Kind.FILE
    )
    return [
        (second if first == version.pk else first, state)
        for first, second, state in matches.values_list("first", "second", "state")
    ]


def _match(version: FilmVersion, other: FilmVersion, at: datetime) -> None:
    first, second = sorted((version, other), key=lambda one: one.pk)
    _row, made = Match.objects.get_or_create(
        first=first, second=second, kind=Match.Kind.FILE, defaults={"share": 1.0, "found_at": at}
    )
    if made:
        for entry in (version.entry, other.entry):
            log_event(entry=entry, kind="match_found", by=SYSTEM, at=at)
