"""A draft on the board, beside the table: each hall twice, and what differs marked. Nothing of it can be changed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from festival.edition.models import Edition
from festival.kit.words import say
from festival.premiere import snapshots
from festival.premiere.board_queries import (
    Block,
    Board,
    Column,
    halls_of,
    hours_of,
    lane_hours,
    minutes_between,
    open_on,
)
from festival.premiere.change_words import words_for
from festival.premiere.differences import differences
from festival.premiere.models import Draft
from festival.premiere.programme.document import festival_day

Row = Mapping[str, Any]


def beside(edition: Edition, draft: Draft, day: date | None) -> Board:
    """One day of the table and of a draft; `problems` counts what differs on it. Six queries, whatever the size."""
    zone = edition.time_zone
    sides = [
        [row for row in document["screenings"] if not row["cancelled_at"]]
        for document in (snapshots.take(edition), draft.document)
    ]
    now, then = ([{**row, "held": False} for row in side] for side in sides)
    words = words_for(edition)
    told = {change["code"]: words.summary(change) for change in differences(now, then)}
    days = sorted({_day(row, zone) for row in (*now, *then)}) or [draft.at.astimezone(ZoneInfo(zone)).date()]
    day = day if day in days else _first(days, told, (*then, *now), zone)
    today = [[row for row in side if _day(row, zone) == day] for side in sides]
    halls = halls_of(edition)
    open_today = open_on(day, halls, zone)
    spans = [(_moment(row["starts_at"]), _moment(row["busy_until"])) for side in today for row in side]
    openings = [one for some in open_today.values() for one in some]
    top, bottom = hours_of(day, ZoneInfo(zone), spans, openings)
    start = datetime.combine(day, time(), ZoneInfo(zone)) + timedelta(hours=top)
    titles = {row["code"]: say(row["title"]) for side in sides for row in side}
    gone = {row["code"] for row in now} - {row["code"] for row in then}
    columns = [
        Column(
            hall.pk,
            say(hall.venue.name),
            say(hall.name),
            lane_hours(hall, start, open_today[hall.pk], bottom - top),
            [
                _block(row, start, told, titles, bool(new) or row["code"] in gone)
                for row in side
                if row["hall"] == hall.pk
            ],
            draft.name if new else _("On the table"),
        )
        for hall in halls
        for new, side in enumerate(today)
    ]
    changed = {row["code"] for side in today for row in side} & told.keys()
    return Board(day, days, top, list(range(top, bottom)), columns, len(changed))


def _first(days: Sequence[date], told: Mapping[str, str], rows: Iterable[Row], zone: str) -> date:
    """The first day on which something differs."""
    return min((_day(row, zone) for row in rows if row["code"] in told), default=days[0])


def _day(row: Row, zone: str) -> date:
    return festival_day(_moment(row["starts_at"]), zone)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _block(
    row: Row, start: datetime, told: Mapping[str, str], titles: Mapping[str, str], says: bool
) -> Block:
    starts, ends, busy = (_moment(row[name]) for name in ("starts_at", "ends_at", "busy_until"))
    code = row["code"]
    title = titles.get(row["rehearses"], "") if row["rehearses"] else say(row["title"])
    return Block(
        code,
        _("Rehearsal: %(title)s") % {"title": title} if row["rehearses"] else title,
        minutes_between(start, starts),
        int((ends - starts).total_seconds() // 60),
        int((busy - starts).total_seconds() // 60),
        starts,
        ends,
        [say(item["name"]) for item in row["items"] if "film" in item],
        bool(row["rehearses"]),
        False,
        row["held"],
        0,
        False,
        [told[code]] if says and code in told else [],
        changed=code in told,
    )
