"""What is different between two timetables: plain facts, from which the pages make words. No query."""

from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]
# Facts whose change is told one by one; of the others it is said that details have changed.
DETAILS = ("note", "host", "ticket_note", "spoken", "subtitles", "min_age", "premiere", "regions")


def differences(before: Iterable[Row], after: Iterable[Row]) -> list[dict[str, Any]]:
    """Screening by screening what was added, taken out, cancelled, moved, renamed, or shows other films.

    Each is {"code", "title", "starts_at", "hall", "what": [{"kind", …}]}, in the order of time of the new timetable,
    those that are not in it last. Rehearsals and screenings that are held back are left out.
    """
    old = {row["code"]: row for row in before if _counts(row)}
    new = {row["code"]: row for row in after if _counts(row)}
    found = []
    for code, row in new.items():
        what = _between(old[code], row) if code in old else [{"kind": "added"}]
        if what:
            found.append(_line(row, what))
    found.sort(key=lambda line: (line["starts_at"], line["code"]))
    gone = [_line(row, [{"kind": "gone"}]) for code, row in old.items() if code not in new]
    return [*found, *sorted(gone, key=lambda line: (line["starts_at"], line["code"]))]


def films_of(row: Row) -> list[str]:
    """The codes of the films in its running order."""
    return [item["film"] for item in row["items"] if "film" in item]


def _counts(row: Row) -> bool:
    return not row["rehearses"] and not row["held"]


def _line(row: Row, what: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "title": row["title"],
        "starts_at": row["starts_at"],
        "hall": row["hall"],
        "films": films_of(row),
        "what": what,
    }


def _between(old: Row, new: Row) -> list[dict[str, Any]]:
    if bool(old["cancelled_at"]) != bool(new["cancelled_at"]):
        if new["cancelled_at"]:
            return [{"kind": "cancelled", "reason": new["cancel_reason"]}]
        return [{"kind": "reinstated"}, *_moved(old, new), *_content(old, new)]
    if new["cancelled_at"]:
        return []  # where it would have been is nobody's business
    return [*_moved(old, new), *_content(old, new)]


def _moved(old: Row, new: Row) -> list[dict[str, Any]]:
    what: list[dict[str, Any]] = []
    if old["starts_at"] != new["starts_at"]:
        what.append({"kind": "time", "from": old["starts_at"], "to": new["starts_at"]})
    if old["hall"] != new["hall"]:
        what.append({"kind": "hall", "from": old["hall"], "to": new["hall"]})
    return what


def _content(old: Row, new: Row) -> list[dict[str, Any]]:
    what: list[dict[str, Any]] = []
    if old["title"] != new["title"]:
        what.append({"kind": "title", "from": old["title"], "to": new["title"]})
    was, now = films_of(old), films_of(new)
    names = {item["film"]: item["name"] for row in (old, new) for item in row["items"] if "film" in item}
    for kind, films in (
        ("film_in", [film for film in now if film not in was]),
        ("film_out", [film for film in was if film not in now]),
    ):
        if films:
            what.append({"kind": kind, "films": films, "names": [names[film] for film in films]})
    if _lines(old) != _lines(new):
        if not any(one["kind"] in ("film_in", "film_out") for one in what):
            what.append({"kind": "order"})
        if old["ends_at"] != new["ends_at"] and old["starts_at"] == new["starts_at"]:
            what.append({"kind": "end", "from": old["ends_at"], "to": new["ends_at"]})
    changed = [name for name in DETAILS if old[name] != new[name]]
    if changed:
        what.append({"kind": "details", "names": changed})
    return what


def _lines(row: Row) -> list[tuple[Any, ...]]:
    return [(item["kind"], item.get("film", ""), item["seconds"], item["title"]) for item in row["items"]]
