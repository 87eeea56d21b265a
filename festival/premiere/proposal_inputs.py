"""The problem that the solver gets: halls, films and guests of the edition, and what a programmer wishes.

docs/timetable.md describes the document. Halls, films and guests are named by number or code, so that two of one name
are two. What stays on the table is time that is forbidden in its hall, and its films are not asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import gcd
from typing import Any
from zoneinfo import ZoneInfo

from festival.catalogue.models import Film
from festival.edition.models import Edition
from festival.kit.clock import in_zone
from festival.kit.names import language_codes
from festival.premiere import publishing, wish_inputs
from festival.premiere.copy_choice import copy_for
from festival.premiere.fits import ASPECT_NEAR
from festival.premiere.models import Guest, Hall, Rehearsal, Screening, Travel
from festival.premiere.proposal_models import Proposal

FORMATS = {"dcp": "DCP", "prores": "ProRes", "h264": "H.264"}
OPEN_FROM, OPEN_UNTIL = time(9), time(23, 59)  # of a hall without hours of its own
SURROUND = 6  # channels
FINEST = 5  # minutes
Mode = Proposal.Mode


@dataclass(slots=True)
class Inputs:
    """`problem` and `previous` for the engine; `kept`: codes of screenings that it does not touch."""

    problem: dict[str, Any]
    previous: dict[str, Any] | None = None
    kept: set[str] = field(default_factory=set)


def inputs_of(edition: Edition, wishes: Mapping[str, Any], mode: str) -> Inputs:
    """Everything that the solver is told. Thirteen queries, whatever the size.

    `wishes` may have `stay`, codes of screenings; `films` and `free`, rows of `wish_forms`.
    """
    rows = [row for row in publishing.screenings_of(edition) if row.cancelled_at is None]
    halls = list(
        Hall.objects.filter(venue__edition=edition, online=False)
        .select_related("venue")
        .prefetch_related("openings")
    )
    wishes = wish_inputs.complete(wishes)
    kept = _kept(rows, halls, mode, wishes)
    films = list(Film.objects.filter(edition=edition).order_by("code").prefetch_related("copies"))
    shown = {item.film_id for row in rows if row.code in kept for item in row.items.all() if item.film_id}
    asked = [film for film in films if film.pk not in shown]
    guests = list(Guest.objects.filter(edition=edition).prefetch_related("links", "times"))
    zone = edition.time_zone
    days = _days(wishes)
    midnight = datetime.combine(days[0], time(), ZoneInfo(zone))
    whole = (midnight, midnight + timedelta(days=len(days) + 1))
    problem: dict[str, Any] = {
        "first_day": days[0].isoformat(),
        "days": len(days),
        "zone": zone,
        "venues": _venues(halls, films, days, zone),
        "travel": [
            {"from": str(way.first_id), "to": str(way.second_id), "minutes": way.minutes}
            for way in Travel.objects.filter(first__edition=edition)
        ],
        "films": [_at_premiere(_film(film, guests, halls), wishes) for film in asked],
        "guests": [_guest(guest, rows, kept, whole, zone) for guest in guests if _needed(guest)],
        "blocks": wish_inputs.blocks_of(wishes),
        "repeat": wishes["repeat"],
        "rehearsal": {
            "minutes": wishes["rehearsal_minutes"],
            "day_before": wishes["rehearsal_day_before"],
        },
        "weights": wish_inputs.weights_of(wishes, len(asked)),
        "prime": {"from": wishes["prime_from"], "until": wishes["prime_until"]},
        "age_slots": wish_inputs.age_slots_of(wishes),
        "forbidden": [
            *_forbidden([row for row in rows if row.code in kept], edition, whole),
            *wish_inputs.free_times_of(wishes, halls),
        ],
        "pins": wish_inputs.pins_of(wishes, asked, halls),
    }
    free = [row for row in rows if row.code not in kept]
    previous = _previous(free, edition, zone, problem) if mode == Mode.MEND and free else None
    problem["grid"] = _grid(problem, previous, wishes["grid"])
    return Inputs(problem, previous, kept)


def _kept(rows: Sequence[Screening], halls: Sequence[Hall], mode: str, wishes: Mapping[str, Any]) -> set[str]:
    """What stays as it is: all of it, or what is to stay and what the public knows; and always what the solver has
    no words for. A repeat and its first stay together."""
    inside, stay = {hall.pk for hall in halls}, set(wishes.get("stay", ()))
    kept = {
        row.code
        for row in rows
        if mode == Mode.REST
        or row.released_at
        or row.code in stay
        or row.hall_id not in inside
        or not _films(row)
    }
    firsts = {row.pk: row for row in rows}
    for row in rows:
        first = firsts.get(row.repeat_of_id or 0)
        if row.repeat_of_id and (
            not wishes["repeat"] or first is None or row.code in kept or _films(first) != _films(row)
        ):
            kept |= {row.code, *([first.code] if first else [])}
    seen: set[int] = set()
    for row in rows:
        films = set(_films(row))
        if row.repeat_of_id is None and row.code not in kept:
            if films & seen:
                kept.add(row.code)  # a film is in one block; what shows it again, and is no repeat, stays
            seen |= films
    kept |= {
        row.code
        for row in rows
        if row.repeat_of_id and (first := firsts.get(row.repeat_of_id)) and first.code in kept
    }
    return kept


def _films(row: Screening) -> list[int]:
    return [item.film_id for item in row.items.all() if item.film_id]


def _days(wishes: Mapping[str, Any]) -> list[date]:
    """The days of the screenings, and the one before them if rehearsals are to be on it."""
    first = date.fromisoformat(wishes["first_day"])
    before = int(bool(wishes["rehearsal_minutes"] and wishes["rehearsal_day_before"]))
    return [first + timedelta(days=number) for number in range(-before, wishes["days"])]


def _grid(problem: Mapping[str, Any], previous: Mapping[str, Any] | None, wished: int) -> int:
    """Multiples at which what was set by hand begins too: it would be moved for its minutes alone.

    Never less than five minutes: what is moved to a new time would else begin at 19:03.
    """
    shown = [one for block in (previous or {"blocks": ()})["blocks"] for one in block["screenings"]]
    given = [*shown, *problem.get("pins", ())]
    times = [one[name] for one in given for name in ("starts", "rehearsal") if name in one]
    return max(FINEST, gcd(wished, *(int(text[-2:]) for text in times)))


def _text(moment: datetime, zone: str) -> str:
    return in_zone(moment, zone).replace(tzinfo=None, second=0, microsecond=0).isoformat(timespec="minutes")


def _venues(
    halls: Sequence[Hall], films: Sequence[Film], days: Sequence[date], zone: str
) -> list[dict[str, Any]]:
    venues: dict[int, list[dict[str, Any]]] = {}
    for hall in halls:
        venues.setdefault(hall.venue_id, []).append(_hall(hall, films, days, zone))
    return [{"venue": str(pk), "halls": rows} for pk, rows in sorted(venues.items())]


def _hall(hall: Hall, films: Sequence[Film], days: Sequence[date], zone: str) -> dict[str, Any]:
    openings = list(hall.openings.all())
    first, last = days[0], days[-1]
    if openings:
        hours = [
            {"from": _text(one.opens_at, zone), "until": _text(one.closes_at, zone)}
            for one in openings
            if first <= in_zone(one.opens_at, zone).date() <= last
        ]
    else:
        hours = [{"from": f"{day}T{OPEN_FROM:%H:%M}", "until": f"{day}T{OPEN_UNTIL:%H:%M}"} for day in days]
    row: dict[str, Any] = {
        "hall": str(hall.pk),
        "open": hours,
        "turnaround": hall.turnaround_minutes,
        "seats": hall.seats,
        "surround": hall.sound in ("", "5.1", "7.1"),
        "accessible": hall.wheelchair_places > 0,
    }
    if hall.formats:
        row["formats"] = [FORMATS[one] for one in hall.formats if one in FORMATS]
    if hall.frame_rates:
        row["rates"] = [_plain(one) for one in hall.frame_rates]
    if hall.aspects:
        row["aspects"] = [_plain(one) for one in hall.aspects]
    return row


def _plain(number: Any) -> str:
    return f"{Decimal(number).normalize():f}"


def _film(film: Film, guests: Iterable[Guest], halls: Sequence[Hall]) -> dict[str, Any]:
    """A film with what it asks of a hall: of its copies any format, and else what the best of them does."""
    copies = list(film.copies.all())
    played = copy_for(copies, None) or film
    row: dict[str, Any] = {
        "film": film.code,
        "seconds": film.seconds,
        "track": film.track.get("en") or film.track.get("zh", ""),
        "mood": film.mood,
        "languages": language_codes(film.language),
        "age": film.min_age or 0,
        "tempo": film.tempo or 0,
        "strength": film.strength or 0,
        "surround": (played.channels or 0) >= SURROUND,
        "guests": [
            str(guest.pk)
            for guest in guests
            if any(link.needed and link.film_id == film.pk for link in guest.links.all())
        ],
    }
    known = dict.fromkeys(one.file_format for one in (copies or [film]) if one.file_format in FORMATS)
    if known:
        row["formats"] = [FORMATS[name] for name in known]
    if played.frame_rate:
        row["rate"] = _plain(played.frame_rate)
    if played.width and played.height:
        row["aspect"] = _shape(Decimal(played.width) / played.height, halls)
    return {name: value for name, value in row.items() if value != ""}


def _at_premiere(row: dict[str, Any], wishes: Mapping[str, Any]) -> dict[str, Any]:
    """A film with what is wished of its first showing."""
    status = {} if wishes["premiere"] == "none" else {"status": wishes["premiere"]}
    return {**row, **status, "intro_seconds": wishes["film_intro_seconds"] if row["guests"] else 0}


def _shape(shape: Decimal, halls: Sequence[Hall]) -> str:
    """The aspect as the halls call it, where it is nearly one of theirs."""
    known = sorted({Decimal(one) for hall in halls for one in hall.aspects}, key=lambda one: abs(one - shape))
    if known and abs(known[0] - shape) <= ASPECT_NEAR * shape:
        return _plain(known[0])
    return f"{shape:.2f}"


def _needed(guest: Guest) -> bool:
    return any(link.needed for link in guest.links.all())


def _guest(
    guest: Guest, rows: Sequence[Screening], kept: set[str], whole: tuple[datetime, datetime], zone: str
) -> dict[str, Any]:
    """When a guest is there, without the time of the screenings that stay and need her."""
    films = {link.film_id for link in guest.links.all() if link.needed}
    busy = [(row.starts_at, row.ends_at) for row in rows if row.code in kept and films & set(_films(row))]
    times = [(one.starts_at, one.ends_at) for one in guest.times.all()]
    found: dict[str, Any] = {"guest": str(guest.pk)}
    if times or busy:
        left = without(times or [whole], busy)
        found["available"] = [{"from": _text(start, zone), "until": _text(end, zone)} for start, end in left]
    return found


def without(
    times: Iterable[tuple[datetime, datetime]], busy: Iterable[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    """What is left of some times when others are taken out of them."""
    left = sorted(times)
    for start, end in busy:
        left = [
            part
            for begins, ends in left
            for part in ((begins, min(ends, start)), (max(begins, end), ends))
            if part[0] < part[1]
        ]
    return left


def _forbidden(
    stays: Sequence[Screening], edition: Edition, whole: tuple[datetime, datetime]
) -> list[dict[str, Any]]:
    """The time of what stays, in its hall: nothing new may still be there when it begins, turnaround included."""
    pks = {row.pk for row in stays}
    rehearsals = Rehearsal.objects.filter(edition=edition, rehearses__in=pks).select_related("hall")
    return [
        {
            "slot": row.code,
            "hall": str(row.hall_id),
            "from": _text(row.starts_at - timedelta(minutes=row.hall.turnaround_minutes), edition.time_zone),
            "until": _text(row.busy_until + timedelta(seconds=59), edition.time_zone),
        }
        for row in (*stays, *rehearsals)
        if not row.hall.online and row.starts_at < whole[1] and row.busy_until > whole[0]
    ]


def _previous(
    free: Sequence[Screening], edition: Edition, zone: str, problem: Mapping[str, Any]
) -> dict[str, Any]:
    """What is on the table and may change, as the plan that is mended."""
    known = {row["film"] for row in problem["films"]}
    rehearsals = {
        row.rehearses_id: row.starts_at
        for row in Rehearsal.objects.filter(edition=edition).order_by("-starts_at")
    }
    repeats: dict[int, list[Screening]] = {}
    for row in free:
        if row.repeat_of_id:
            repeats.setdefault(row.repeat_of_id, []).append(row)
    blocks = []
    for row in free:
        if row.repeat_of_id:
            continue
        codes = [item.film.code for item in row.items.all() if item.film]
        shown = [("premiere", row), *(("repeat", one) for one in repeats.get(row.pk, ())[:1])]
        blocks.append(
            {
                "block": row.code,
                "films": [code for code in codes if code in known],
                "screenings": [
                    {
                        "showing": showing,
                        "hall": str(one.hall_id),
                        "starts": _text(one.starts_at, zone),
                        **(
                            {"rehearsal": _text(rehearsals[one.pk], zone)}
                            if showing == "premiere" and one.pk in rehearsals
                            else {}
                        ),
                    }
                    for showing, one in shown
                ],
            }
        )
    return {"blocks": blocks}
