"""Writes of what an edition has its entrants declare. A wording that was asked is never changed: a new one follows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from festival.edition import permissions
from festival.edition.declarations import MOST, DeclarationPlan
from festival.edition.frozen_actions import Change, record_changes
from festival.edition.models import Declaration, DeclarationVersion, Edition, Track
from festival.kit.errors import Refused
from festival.people.actor import Actor

WAYS = ("track", "required", "if_applicable", "document")


def create_declarations(*, edition: Edition, plans: Iterable[DeclarationPlan]) -> None:
    """The declarations of a new edition, in order, each in its first wording. Its tracks are there already."""
    tracks = {track.slug: track for track in Track.objects.filter(edition=edition)}
    for position, plan in enumerate(plans):
        row = Declaration.objects.create(
            edition=edition,
            key=plan.key,
            track=tracks.get(plan.track),
            title=plan.title,
            text=plan.text,
            required=plan.required,
            if_applicable=plan.if_applicable,
            document=plan.document,
            position=position,
        )
        _keep_wording(row, None, timezone.now())


def _keep_wording(row: Declaration, by: Actor | None, at: datetime) -> None:
    DeclarationVersion.objects.create(
        declaration=row,
        number=row.version,
        title=row.title,
        text=row.text,
        made_at=at,
        made_by=by.user if by else None,
    )


def _assert_may(by: Actor, edition: Edition) -> None:
    if not permissions.can_organise(by, edition):
        raise Refused(_("Only the organisers change what is declared."), status=403, code="not_allowed")


@transaction.atomic
def add_declaration(
    *,
    edition: Edition,
    title: dict[str, str],
    text: dict[str, str],
    by: Actor,
    at: datetime,
    reason: Mapping[str, str] | None = None,
    **ways: Any,
) -> Declaration:
    """A further declaration at the end. Drafts lack it from now on; submitted entries are not asked."""
    _assert_may(by, edition)
    Edition.objects.select_for_update().get(pk=edition.pk)
    rows = Declaration.objects.filter(edition=edition)
    if rows.filter(retired_at__isnull=True).count() >= MOST:
        raise Refused(_("There are %(count)s declarations already. Retire one first.") % {"count": MOST})
    last = rows.aggregate(last=Max("position"))["last"]
    row = Declaration.objects.create(
        edition=edition,
        key=_free_key(edition, title),
        title=title,
        text=text,
        position=0 if last is None else last + 1,
        **_known(ways),
    )
    _keep_wording(row, by, at)
    _record(row, {"declaration.required": (None, row.required or None)}, reason, by, at)
    return row


def _record(
    row: Declaration,
    values: Mapping[str, tuple[Any, Any]],
    reason: Mapping[str, str] | None,
    by: Actor,
    at: datetime,
) -> None:
    """What entrants must declare; what they need not is no change of the terms."""
    changes = [
        Change(what, old, new, name=row.title, tracks=[row.track.slug] if row.track else [])
        for what, (old, new) in values.items()
    ]
    record_changes(edition=row.edition, changes=changes, reason=reason or {}, by=by, at=at)


def _known(ways: dict[str, Any]) -> dict[str, Any]:
    unknown = set(ways) - set(WAYS)
    if unknown:
        raise TypeError(f"a declaration has no {', '.join(sorted(unknown))}")
    return ways


def _free_key(edition: Edition, title: dict[str, str]) -> str:
    wish = slugify(title.get("en", ""))[:30].strip("-") or "declaration"
    taken = set(Declaration.objects.filter(edition=edition).values_list("key", flat=True))
    if wish not in taken:
        return wish
    return next(key for number in range(2, len(taken) + 3) if (key := f"{wish}-{number}") not in taken)


@transaction.atomic
def change_declaration(
    *,
    row: Declaration,
    title: dict[str, str],
    text: dict[str, str],
    by: Actor,
    at: datetime,
    reason: Mapping[str, str] | None = None,
    **ways: Any,
) -> Declaration:
    """Change how it is asked, and its wording.

    Another wording is another version: whoever agreed in a draft is asked again, submitted entries keep what they
    agreed to.
    """
    _assert_may(by, row.edition)
    fresh = Declaration.objects.select_for_update().get(pk=row.pk)
    before = (fresh.required, fresh.text)
    for name, value in _known(ways).items():
        setattr(fresh, name, value)
    if (title, text) != (fresh.title, fresh.text):
        fresh.title, fresh.text = title, text
        fresh.version += 1
        _keep_wording(fresh, by, at)
    fresh.save()
    changed = {"declaration.required": (before[0], fresh.required)}
    if fresh.required:
        changed["declaration.text"] = (before[1], fresh.text)
    _record(fresh, changed if fresh.retired_at is None else {}, reason, by, at)
    return fresh


@transaction.atomic
def retire_declaration(
    *, row: Declaration, by: Actor, at: datetime, reason: Mapping[str, str] | None = None
) -> None:
    """Ask it no longer. What was agreed to stays."""
    _assert_may(by, row.edition)
    if Declaration.objects.filter(pk=row.pk, retired_at__isnull=True).update(retired_at=at):
        _record(row, {"declaration.required": (row.required or None, None)}, reason, by, at)


@transaction.atomic
def restore_declaration(
    *, row: Declaration, by: Actor, at: datetime, reason: Mapping[str, str] | None = None
) -> None:
    """Ask it again, in the wording it had."""
    _assert_may(by, row.edition)
    if Declaration.objects.filter(pk=row.pk, retired_at__isnull=False).update(retired_at=None):
        _record(row, {"declaration.required": (None, row.required or None)}, reason, by, at)


@transaction.atomic
def order_declarations(*, edition: Edition, order: Sequence[int], by: Actor) -> None:
    """Put the declarations into an order; those that are not named follow as they stood."""
    _assert_may(by, edition)
    Edition.objects.select_for_update().get(pk=edition.pk)
    rows = list(Declaration.objects.filter(edition=edition))
    place = {pk: number for number, pk in enumerate(order)}
    rows.sort(key=lambda row: place.get(row.pk, len(place)))
    _number(rows)


@transaction.atomic
def move_declaration(*, row: Declaration, up: bool, by: Actor) -> None:
    """Let it change places with the one before it or after it of those that are asked."""
    _assert_may(by, row.edition)
    Edition.objects.select_for_update().get(pk=row.edition_id)
    rows = list(Declaration.objects.filter(edition=row.edition_id))
    asked = [each for each in rows if each.retired_at is None]
    here = next((place for place, each in enumerate(asked) if each.pk == row.pk), None)
    there = None if here is None else here - 1 if up else here + 1
    if here is not None and there is not None and 0 <= there < len(asked):
        asked[here], asked[there] = asked[there], asked[here]
    _number(asked + [each for each in rows if each.retired_at is not None])


def _number(rows: list[Declaration]) -> None:
    for number, each in enumerate(rows):
        each.position = number
    Declaration.objects.bulk_update(rows, ["position"])
