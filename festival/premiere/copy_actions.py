"""Writes of copies: announced, arrived, approved; chosen for a screening; read on the day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from festival.catalogue.models import Film
from festival.catalogue.registry import originals_of
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.people.actor import Actor
from festival.premiere import permissions
from festival.premiere.booking import lock
from festival.premiere.copy_choice import copy_for
from festival.premiere.gate import gated
from festival.premiere.models import Copy, CopyCheck, Item, Screening

SUM = ("file_name", "sha256", "size")  # of an original, these are the site's
FACTS = ("file_format", "width", "height", "frame_rate", "channels")
FIELDS = (*SUM, *FACTS, "name", "note")


def write_copy(
    *, film: Film, by: Actor, at: datetime, arrived: bool, copy: Copy | None = None, **fields: Any
) -> Copy:
    """Write a copy; a new one where none is given. Another file or other facts take its approval back.

    Refused where the film has a copy with this sum already.
    """
    _may(by, film.edition)
    if unknown := fields.keys() - set(FIELDS):
        raise TypeError(f"a copy has no {', '.join(sorted(unknown))}")
    try:
        with transaction.atomic():
            held = Copy.objects.select_for_update().filter(pk=copy.pk).first() if copy else Copy(film=film)
            if held is None:
                raise Refused(_("Somebody deleted this copy meanwhile."), code="gone")
            known = {name: value for name, value in fields.items() if not (held.original and name in SUM)}
            other = any(
                getattr(held, name) != known.get(name, getattr(held, name)) for name in (*SUM, *FACTS)
            )
            for name, value in known.items():
                setattr(held, name, value)
            held.arrived_at = (held.arrived_at or at) if arrived or held.original else None
            if other or not held.arrived_at:
                held.approved_at = held.approved_by = None
            held.save()
    except IntegrityError:
        raise Refused(_("This film has a copy with this sum already."), code="sum_twice") from None
    return held


def delete_copy(*, copy: Copy, by: Actor) -> None:
    """Forget a copy. Screenings for which it was chosen choose anew."""
    _may(by, copy.film.edition)
    Copy.objects.filter(pk=copy.pk).delete()


@transaction.atomic
def approve(*, copy: Copy, sha256: str, by: Actor, at: datetime) -> None:
    """Somebody has watched the copy with this sum. Refused without a sum, and where it is another by now."""
    _may(by, copy.film.edition)
    held = Copy.objects.select_for_update().filter(pk=copy.pk).first()
    if held is None or held.sha256 != sha256:
        raise Refused(_("Somebody changed this copy meanwhile. Look at it again."), code="changed")
    if not held.sha256:
        raise Refused(
            _(
                "A copy is approved with its sum: otherwise nobody can tell on the day whether it is this one."
            ),
            status=400,
            code="no_sum",
        )
    held.arrived_at, held.approved_at, held.approved_by = held.arrived_at or at, at, by.user
    held.save()


def arrive(*, copy: Copy, by: Actor, at: datetime) -> None:
    """The copy is here."""
    _may(by, copy.film.edition)
    Copy.objects.filter(pk=copy.pk, arrived_at__isnull=True).update(arrived_at=at)


@transaction.atomic
def take_originals(*, edition: Edition, by: Actor, at: datetime) -> int:
    """The files that entrants sent in, as copies of the films that are in a running order. Gives how many are new."""
    _may(by, edition)
    shown = Item.objects.filter(screening__edition=edition, screening__cancelled_at__isnull=True)
    films = Film.objects.filter(pk__in=shown.values("film_id")).exclude(source="")
    held = {film.source: film for film in films.select_for_update()}
    known = set(
        Copy.objects.filter(film__in=held.values()).exclude(sha256="").values_list("film_id", "sha256")
    )
    rows = [
        Copy(
            film=held[source],
            name=original.name[:200],
            file_name=original.name[:255],
            sha256=original.sha256,
            size=original.size,
            original=True,
            arrived_at=at,
            **{name: getattr(held[source], name) for name in FACTS if name != "file_format"},
            file_format=held[source].file_format or "other",
        )
        for source, original in originals_of(list(held)).items()
        if (held[source].pk, original.sha256) not in known
    ]
    Copy.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
@gated
def choose(
    *,
    screening: Screening,
    due_at: datetime | None,
    lines: Mapping[int, tuple[Copy | None, dict[str, str]]],
    at: datetime,
) -> Screening:
    """Which copies play and what the projectionist does: by line (item id) a copy, None for the best, and a cue."""
    fresh = lock(screening)
    fresh.copies_due_at, fresh.updated_at = due_at, at
    fresh.revision += 1
    fresh.save()
    rows = list(fresh.items.filter(pk__in=lines))
    for row in rows:
        row.copy, row.cue = lines[row.pk]
        if row.copy and row.copy.film_id != row.film_id:
            raise ValueError("the copy is of another film")
    Item.objects.bulk_update(rows, ["copy", "cue"])
    return fresh


def check_copy(*, screening: Screening, sha256: str, file_name: str, by: Actor, at: datetime) -> CopyCheck:
    """A file was read: keep whether it is the copy that plays. It is told by its sum, and a wrong one by its name.

    Refused where no film of the screening has such a file.
    """
    _may(by, screening.edition)
    lines = screening.items.filter(film__isnull=False).select_related("film").prefetch_related("film__copies")
    playing = [
        copy
        for line in lines
        if line.film and (copy := copy_for(line.film.copies.all(), screening.hall, line.copy_id))
    ]
    copy = next((one for one in playing if one.sha256 == sha256), None) or next(
        (one for one in playing if one.sha256 and one.file_name == file_name), None
    )
    if copy is None:
        raise Refused(_("No film of this screening has this file."), status=404, code="unknown_file")
    return CopyCheck.objects.create(
        copy=copy, screening=screening, at=at, by=by.user, sha256=sha256, whole=copy.sha256 == sha256
    )


def _may(by: Actor, edition: Edition) -> None:
    if not permissions.can_project(by, edition):
        raise Refused(_("Only the team looks after the copies."), status=403)
