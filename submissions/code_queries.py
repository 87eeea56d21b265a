"""Codes as the organisers' page lists them and takes them away."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from festival.edition.models import Edition, Track
from festival.kit.clock import last_minute
from festival.kit.sheets import Cell
from festival.kit.words import say
from submissions.codes import plain_code
from submissions.models import Code

PAGE = 50


@dataclass(frozen=True, slots=True)
class CodeFilters:
    """What the address asks for."""

    search: str = ""
    kind: str = ""

    @property
    def query(self) -> str:
        asked = {"q": self.search, "kind": self.kind}
        text = urlencode([(name, value) for name, value in asked.items() if value])
        return f"?{text}" if text else ""


def codes_for_desk(edition: Edition, filters: CodeFilters) -> QuerySet[Code]:
    """The codes that the filters show, newest first, with their tracks."""
    rows = Code.objects.filter(edition=edition).select_related("track")
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.search:
        word = Q(label__icontains=filters.search) | Q(email__icontains=filters.search)
        plain = plain_code(filters.search)
        rows = rows.filter(word | Q(code=plain) if plain else word)
    return rows


def state_of(code: Code, at: datetime) -> tuple[str, str]:
    """What a code is good for now: a word, and the tone of its badge."""
    if code.revoked_at is not None:
        return _("Withdrawn"), "quiet"
    if any(end is not None and end <= at for end in (code.until, code.expires_at)):
        return _("Over"), "quiet"
    if code.used >= code.uses:
        return _("Used up"), "quiet"
    return (_("Used in part"), "wait") if code.used else (_("Unused"), "pass")


def usable(track: Track, at: datetime) -> int:
    """How many codes of this track alone somebody can still use. One query."""
    rows = Code.objects.filter(track=track, revoked_at=None, used__lt=F("uses"))
    over = Q(until__lte=at) | Q(expires_at__lte=at)
    return rows.exclude(over).count()


def counts(edition: Edition) -> dict[str, int]:
    """How many codes there are by kind, and "" for all; "free": that can be used still. One query."""
    rows = Code.objects.filter(edition=edition).values_list("kind", "revoked_at", "used", "uses")
    found = {"": 0, "free": 0, **dict.fromkeys(Code.Kind.values, 0)}
    for kind, revoked_at, used, uses in rows:
        found[""] += 1
        found[kind] += 1
        found["free"] += revoked_at is None and used < uses
    return found


def head() -> list[str]:
    """The first row of the table that is taken away."""
    return [
        pgettext("invitation", "Code"), _("Link"), _("What it is for"), _("Whom it is for"), _("Track"),
        _("E-mail address"), _("Uses"), _("Used"), _("Late entry until"), _("Can be used until"), _("State"), _("Made"),
    ]  # fmt: skip


def sheet(rows: QuerySet[Code], address: str, at: datetime) -> Iterator[list[Cell]]:
    """The codes, oldest first; `address` is the enter page's, with its origin."""
    for code in rows.order_by("created_at", "pk").iterator(chunk_size=500):
        yield [
            code.shown,
            f"{address}?code={code.shown}",
            str(code.get_kind_display()),
            code.label,
            say(code.track.name) if code.track else _("All tracks"),
            code.email,
            code.uses,
            code.used,
            last_minute(code.until) if code.until else None,
            last_minute(code.expires_at) if code.expires_at else None,
            state_of(code, at)[0],
            code.created_at,
        ]
