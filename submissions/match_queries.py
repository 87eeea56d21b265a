"""Reads of films that have something in common."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, prefetch_related_objects

from festival.edition.models import Edition
from festival.kit.among import Among
from festival.people.actor import Actor
from festival.people.roles import Role
from submissions import permissions, queries
from submissions.inspection.words import timecode
from submissions.links import media_url
from submissions.models import Entry, FilmPrints, FilmVersion, Inspection, Match

SHOWN_RANGES = 3
SIDES = ("first", "second")


def same_file(version: FilmVersion) -> set[int]:
    """Ids of other entries' newest versions that are the same bytes."""
    if version.asset_id is None:
        return set()
    rows = FilmVersion.objects.filter(
        asset_id=version.asset_id, entry__edition__created_at__lte=version.entry.edition.created_at
    )
    rows = rows.exclude(entry=version.entry_id).order_by("entry_id", "number").values_list("entry_id", "pk")
    return set(dict(rows).values())


def sent_for(versions: list[FilmVersion], entry: Entry, actor: Actor) -> dict[FilmVersion, list[Entry]]:
    """Other entries for which the very same file was sent, by version: known as soon as it is stored, in any verdict.

    Only submitted ones whose desk is the reader's, the first to be submitted first. One query.
    """
    assets = {version.asset_id for version in versions if version.asset_id}
    rows = FilmVersion.objects.filter(
        asset_id__in=assets,
        entry__submitted_at__isnull=False,
        entry__edition_id__in=actor.editions(Role.TECHNICIAN),
    )
    rows = rows.exclude(entry=entry).select_related("entry__edition").order_by("entry__submitted_at", "pk")
    found: dict[int, dict[int, Entry]] = {}
    for row in rows:
        found.setdefault(row.asset_id or 0, {})[row.entry_id] = row.entry
    return {
        version: list(found[version.asset_id].values()) for version in versions if version.asset_id in found
    }


def to_compare(version: FilmVersion) -> dict[int, int]:
    """Version ids by id of FilmPrints: the newest of each other entry, of this edition and earlier ones."""
    rows = FilmPrints.objects.filter(
        version__entry__edition__created_at__lte=version.entry.edition.created_at
    )
    rows = rows.exclude(version__entry=version.entry_id).order_by("version__entry_id", "version__number")
    newest = {entry: (pk, of) for entry, pk, of in rows.values_list("version__entry_id", "pk", "version_id")}
    return dict(newest.values())


def _between_submitted(edition: Edition) -> QuerySet[Match]:
    """Open matches between films that the desk may know of, at least one of them of this edition."""
    return Match.objects.filter(
        Q(first__entry__edition=edition) | Q(second__entry__edition=edition),
        state=Match.State.OPEN,
        first__entry__submitted_at__isnull=False,
        second__entry__submitted_at__isnull=False,
    )


def _of_other_accounts(matches: QuerySet[Match]) -> QuerySet[Match]:
    return matches.filter(kind=Match.Kind.FILE, first__entry__edition=F("second__entry__edition")).exclude(
        first__entry__entrant=F("second__entry__entrant")
    )


def _either(matches: QuerySet[Match]) -> Q:
    """Entries on either side. Two sets, each found once: asking for each entry costs seconds on SQLite."""
    return Q(pk__in=matches.values("first__entry")) | Q(pk__in=matches.values("second__entry"))


def with_open(edition: Edition) -> Q:
    """Entries of an edition with an open match with a film that the desk may know of."""
    return _either(_between_submitted(edition))


def with_other_account(edition: Edition) -> Q:
    """Entries whose file was entered by another account of the same edition too, and nobody has decided over it."""
    return _either(_of_other_accounts(_between_submitted(edition)))


def badges_of(entries: Collection[int]) -> tuple[set[int], set[int]]:
    """Of these entries those with an open match, and those entered by another account too. One query:
    the matches in which they are the older film and those in which they are the newer, each found by an index.
    """
    found = Match.objects.filter(
        state=Match.State.OPEN,
        first__entry__submitted_at__isnull=False,
        second__entry__submitted_at__isnull=False,
    ).order_by()
    told = ("kind", *(f"{side}__entry{what}" for what in ("", "__entrant", "__edition") for side in SIDES))
    of_page = [found.filter(Among(f"{side}__entry_id", entries)).values_list(*told) for side in SIDES]
    alike, doubled = set[int](), set[int]()
    rows = of_page[0].union(of_page[1], all=True).order_by()
    for kind, first, second, *entrants, older, newer in rows:
        alike |= {first, second}
        if kind == Match.Kind.FILE and older == newer and len(set(entrants)) == 2:
            doubled |= {first, second}
    return alike, doubled


def of_entry(entry: Entry) -> QuerySet[Match]:
    """Everything found between an entry's films and others that were submitted; drafts are nobody's business."""
    rows = Match.objects.filter(Q(first__entry=entry) | Q(second__entry=entry))
    rows = rows.filter(first__entry__submitted_at__isnull=False, second__entry__submitted_at__isnull=False)
    return rows.select_related("first__entry__edition", "second__entry__edition", "by")


@dataclass(frozen=True, slots=True)
class Side:
    """The same moment in one of the two films: its time, and where it can be watched from there."""

    time: str
    url: str


@dataclass(frozen=True, slots=True)
class MatchView:
    """One match as the desk's page of an entry shows it: `mine` is that entry's side."""

    match: Match
    other: Entry
    version: int
    other_version: int
    seen: bool  # the reader may open the other entry
    double: bool  # the same file, entered by another account in the same edition
    percent: int
    moments: list[tuple[Side, Side]]
    times: list[tuple[str, str]]
    may_judge: bool


def views_of(entry: Entry, actor: Actor) -> list[MatchView]:
    """The matches of an entry, open ones first. Four queries, however many there are."""
    matches = list(of_entry(entry))
    sides = [side.entry for match in matches for side in (match.first, match.second)]
    prefetch_related_objects(sides, queries.with_credits())  # nobody judges over a film of their own
    matches.sort(key=lambda match: match.state != Match.State.OPEN)
    ids = {match.first_id for match in matches} | {match.second_id for match in matches}
    copies = (
        dict(
            Inspection.objects.filter(version__in=ids)
            .exclude(copy_key="")
            .order_by("pk")
            .values_list("version", "copy_key")
        )
        if ids
        else {}
    )
    return [_view(match, entry, actor, copies) for match in matches]


def _view(match: Match, entry: Entry, actor: Actor, copies: dict[int, str]) -> MatchView:
    turned = match.second.entry_id == entry.pk
    mine, other = (match.second, match.first) if turned else (match.first, match.second)
    seen = permissions.can_see_desk(actor, other.entry)
    moments, times = [], []
    for start, end, other_start, other_end in match.ranges:
        if turned:
            start, end, other_start, other_end = other_start, other_end, start, end
        times.append((f"{timecode(start)}–{timecode(end)}", f"{timecode(other_start)}–{timecode(other_end)}"))
        moments.append(
            (
                _side(actor, copies.get(mine.pk, ""), (start + end) / 2),
                _side(actor, copies.get(other.pk, "") if seen else "", (other_start + other_end) / 2),
            )
        )
    return MatchView(
        match=match,
        other=other.entry,
        version=mine.number,
        other_version=other.number,
        seen=seen,
        double=match.kind == Match.Kind.FILE
        and other.entry.edition_id == entry.edition_id
        and other.entry.entrant_id != entry.entrant_id,
        percent=round(100 * match.share),
        moments=moments[:SHOWN_RANGES],
        times=times,
        may_judge=match.state == Match.State.OPEN and permissions.can_judge_match(actor, entry, other.entry),
    )


def _side(actor: Actor, key: str, second: float) -> Side:
    url = media_url(actor, key)
    return Side(timecode(second), f"{url}#t={second:.2f}" if url else "")
