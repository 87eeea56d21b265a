"""The timetable as one document: what a draft keeps and a release was made of, and how it comes back on the table.

Films and screenings are named by their codes, halls by their numbers; what a document names and is no longer there is
told when it comes back; a copy that is gone is chosen anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from festival.catalogue.models import Film
from festival.edition.models import Edition
from festival.kit.errors import Refused
from festival.kit.words import say
from festival.premiere.models import Copy, Hall, Item, Rehearsal, Screening

Document = dict[str, Any]

# Of a screening what a programmer decides; the rest is kept by the site.
PLAIN = (
    "kind",
    "title",
    "note",
    "host",
    "ticket_note",
    "spoken",
    "subtitles",
    "min_age",
    "premiere",
    "regions",
    "doors_minutes",
    "late_minutes",
    "cancel_reason",
    "held",
)
MOMENTS = ("starts_at", "ends_at", "busy_until", "cancelled_at")
FIELDS = (*PLAIN, *MOMENTS, "copies_due_at", "revision")


def take(edition: Edition, booked: Iterable[Screening] | None = None) -> Document:
    """The timetable as it is, rehearsals included. Two queries, none where `bookings` have been read."""
    return {"screenings": [row_of(one) for one in (bookings(edition) if booked is None else booked)]}


def bookings(edition: Edition, *, film: Sequence[str] = ()) -> QuerySet[Screening]:
    """Every screening and rehearsal in the order of time, with all that a document has of it and more columns of its
    films. Two queries.
    """
    lines = Item.objects.select_related("film").order_by("position")
    of_film = {"code", "title", "title_en", *film}
    columns = (*(one.name for one in Item._meta.concrete_fields), *(f"film__{name}" for name in of_film))
    rows = Screening.bookings.filter(edition=edition).select_related("rehearses", "repeat_of")
    return rows.prefetch_related(Prefetch("items", lines.only(*columns))).order_by("starts_at", "code")


def row_of(screening: Screening) -> Document:
    """One screening of the document. Queries: those for its items, film and others, where they were not fetched."""
    found: Document = {name: getattr(screening, name) for name in PLAIN}
    for name in MOMENTS:
        moment = getattr(screening, name)
        found[name] = moment.isoformat() if moment else None
    if screening.copies_due_at:
        found["copies_due_at"] = screening.copies_due_at.isoformat()
    found["code"], found["hall"] = screening.code, screening.hall_id
    found["rehearses"] = screening.rehearses.code if screening.rehearses else ""
    found["repeat_of"] = screening.repeat_of.code if screening.repeat_of else ""
    found["items"] = [
        {
            "kind": item.kind,
            "seconds": item.seconds,
            "title": item.title,
            **({"film": item.film.code, "name": _title(item.film)} if item.film else {}),
            **projection_of(item),
        }
        for item in screening.items.all()
    ]
    return found


def projection_of(item: Item) -> Document:
    """What the projectionist is told of a line, where something is."""
    return {name: value for name, value in (("copy", item.copy_id), ("cue", item.cue)) if value}


def _title(film: Film) -> dict[str, str]:
    """In both languages: a document is read in either."""
    return {"zh": film.title, "en": film.title_en or film.title}


@dataclass(slots=True)
class PutBack:
    """What came of putting a document back: titles of screenings and films that it names and are not there any more."""

    screenings: list[str] = field(default_factory=list)
    films: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.screenings or self.films)


def put(edition: Edition, document: Document, *, at: datetime) -> PutBack:
    """Make the timetable what the document says. The caller holds the edition and has kept what was there before.

    A screening that the public knows is never taken out: one that the document lacks stays, cancelled. Queries do not
    grow with the timetable.
    """
    there = {row.code: row for row in Screening.objects.filter(edition=edition)}
    halls = set(Hall.objects.filter(venue__edition=edition).values_list("pk", flat=True))
    lost = PutBack()
    wanted: dict[str, Document] = {}
    for row in document["screenings"]:
        if row["hall"] in halls:
            wanted[row["code"]] = row
        else:
            lost.screenings.append(say(row["title"]) or row["code"])
    Rehearsal.objects.filter(edition=edition).delete()
    Screening.objects.filter(edition=edition, released_at__isnull=True).exclude(code__in=wanted).delete()
    # While rows change places they book nothing: two that exchange halls are never both in one.
    Screening.objects.filter(edition=edition, cancelled_at__isnull=True).update(cancelled_at=at)
    rows = [
        _filled(there.get(code), edition, row, at) for code, row in wanted.items() if not row["rehearses"]
    ]
    Screening.objects.bulk_update(
        [row for row in rows if row.pk], [*FIELDS, "hall", "repeat_of"], batch_size=100
    )
    Screening.objects.bulk_create(row for row in rows if not row.pk)
    by_code = {row.code: row for row in rows}
    _link_repeats(by_code, wanted)
    Rehearsal.objects.bulk_create(
        _rehearsal(edition, row, by_code[row["rehearses"]], at)
        for row in wanted.values()
        if row["rehearses"] in by_code
    )
    lost.films.extend(_write_items(edition, by_code, wanted))
    return lost


def put_one(edition: Edition, code: str, row: Document | None, *, at: datetime) -> None:
    """Make one screening what the row says; None takes it out. An IntegrityError says that its hall is taken.

    Raises Refused where it names a hall or a film that is gone, or would take out what the public knows.
    """
    there = Screening.objects.filter(edition=edition, code=code).first()
    if row is None:
        if there and there.released_at:
            raise Refused(
                _("The public knows this screening. Cancel it instead, with a reason."), code="public"
            )
        if there:
            there.delete()
        return
    if not Hall.objects.filter(venue__edition=edition, pk=row["hall"]).exists():
        raise Refused(_("The hall is not there any more."), code="gone")
    screening = _filled(there, edition, row, at)
    if row["repeat_of"]:
        screening.repeat_of = Screening.objects.filter(edition=edition, code=row["repeat_of"]).first()
    screening.save()
    if lost := _write_items(edition, {code: screening}, {code: row}):
        raise Refused(_("“%(title)s” is not in the catalogue any more.") % {"title": lost[0]}, code="gone")


def put_rehearsals(edition: Edition, code: str, rows: Sequence[Document], *, at: datetime) -> None:
    """Make these the rehearsals of a screening, if it is there. An IntegrityError says that a hall is taken."""
    screening = Screening.objects.filter(edition=edition, code=code).first()
    if screening:
        Rehearsal.objects.filter(rehearses=screening).delete()
        Rehearsal.objects.bulk_create(_rehearsal(edition, row, screening, at) for row in rows)


def _filled(before: Screening | None, edition: Edition, row: Document, at: datetime) -> Screening:
    screening = before or Screening(edition=edition, code=row["code"], updated_at=at)
    for name in PLAIN:
        setattr(screening, name, row[name])
    for name in MOMENTS:
        setattr(screening, name, datetime.fromisoformat(row[name]) if row[name] else None)
    due = row.get("copies_due_at")
    screening.copies_due_at = datetime.fromisoformat(due) if due else None
    if not screening.cancelled_at:
        screening.cancel_reason = {}
    screening.hall_id, screening.repeat_of = row["hall"], None
    screening.revision += 1
    return screening


def _rehearsal(edition: Edition, row: Document, of: Screening, at: datetime) -> Rehearsal:
    return Rehearsal(
        edition=edition,
        kind=Screening.Kind.REHEARSAL,
        code=row["code"],
        rehearses=of,
        hall_id=row["hall"],
        title=row["title"],
        note=row["note"],
        starts_at=datetime.fromisoformat(row["starts_at"]),
        ends_at=datetime.fromisoformat(row["ends_at"]),
        busy_until=datetime.fromisoformat(row["busy_until"]),
        updated_at=at,
    )


def _link_repeats(by_code: Mapping[str, Screening], wanted: Mapping[str, Document]) -> None:
    linked = []
    for code, screening in by_code.items():
        if first := by_code.get(wanted[code]["repeat_of"]):
            screening.repeat_of = first
            linked.append(screening)
    Screening.objects.bulk_update(linked, ["repeat_of"], batch_size=100)


def _write_items(
    edition: Edition, by_code: Mapping[str, Screening], wanted: Mapping[str, Document]
) -> list[str]:
    """The running orders, written anew; gives the titles of films that are not in the catalogue any more."""
    codes = {line["film"] for code in by_code for line in wanted[code]["items"] if "film" in line}
    films = {film.code: film for film in Film.objects.filter(edition=edition, code__in=codes)}
    copies = set(Copy.objects.filter(film__in=films.values()).values_list("pk", "film__code"))
    Item.objects.filter(screening__in=[row.pk for row in by_code.values()]).delete()
    rows, lost = [], []
    for code, screening in by_code.items():
        kept = [line for line in wanted[code]["items"] if "film" not in line or line["film"] in films]
        lost += [say(line["name"]) for line in wanted[code]["items"] if line not in kept]
        rows += [
            Item(
                screening=screening,
                position=position,
                kind=line["kind"],
                film=films[line["film"]] if "film" in line else None,
                title=line["title"],
                seconds=line["seconds"],
                copy_id=line["copy"] if (line.get("copy"), line.get("film")) in copies else None,
                cue=line.get("cue", {}),
            )
            for position, line in enumerate(kept, start=1)
        ]
    Item.objects.bulk_create(rows)
    return lost
