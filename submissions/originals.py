"""The files that entrants sent in, as the premieres' copies: the answer to `festival.catalogue.registry`."""

from collections.abc import Collection

from festival.catalogue.registry import Original
from festival.people.actor import Actor
from submissions.lifecycle import State
from submissions.links import media_url
from submissions.models import FilmVersion
from submissions.permissions import can_see_desk

GONE = (State.REFUSED, State.WITHDRAWN)


def newest_by_code(codes: Collection[str]) -> dict[str, Original]:
    """By code of an entry that is running its newest stored film. One query."""
    rows = FilmVersion.objects.filter(entry__code__in=list(codes), asset__isnull=False)
    rows = rows.exclude(entry__state__in=GONE).select_related("asset", "entry").order_by("number")
    return {
        row.entry.code: Original(row.filename, row.asset.sha256, row.asset.size) for row in rows if row.asset
    }


def link_to(actor: Actor, code: str, sha256: str) -> str:
    """The film with this sum, for the desk's accounts, while the entry is running."""
    rows = FilmVersion.objects.filter(entry__code=code, asset__sha256=sha256)
    found = rows.exclude(entry__state__in=GONE).select_related("asset", "entry").first()
    if found is None or found.asset is None or not can_see_desk(actor, found.entry):
        return ""
    return media_url(actor, found.asset.key, name=found.filename, download=True)
