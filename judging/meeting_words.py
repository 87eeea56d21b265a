"""What happened in a meeting, as it is read: sentences made from stored facts, without what the reader was out for."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from festival.kit.words import per_cent
from judging.models import Meeting, MeetingNote, MeetingStep, Vote
from submissions.models import Entry


@dataclass(frozen=True, slots=True)
class Step:
    at: object
    text: str


def steps(meeting: Meeting, votes: Iterable[Vote], *, out: set[int], latest: int | None = None) -> list[Step]:
    """What happened, the oldest first; with `latest` only so many of the last. `votes` of the meeting. One query."""
    rows = MeetingStep.objects.filter(meeting=meeting).select_related("entry", "by")
    if latest:
        rows = reversed(rows.order_by("-at", "-pk")[:latest])
    asked = {vote.pk: vote.text for vote in votes}
    return [Step(row.at, _sentence(row, asked)) for row in rows if row.entry_id not in out]


def _sentence(step: MeetingStep, asked: dict[int, str]) -> str:
    values = {
        "who": str(step.by) if step.by else "",
        "film": step.entry.title if step.entry else "",
        "question": asked.get(step.values.get("vote", 0), ""),
        "from": step.values.get("from", ""),
        "to": step.values.get("to", ""),
    }
    said = {
        "opened": _("%(who)s opened the meeting."),
        "table": _("“%(film)s” was put on the table."),
        "moved": _("%(who)s moved “%(film)s” from place %(from)s to %(to)s."),
        "ordered": _("%(who)s put several films in another order."),
        "called_in": _("%(who)s called in “%(film)s”."),
        "aside": _("%(who)s left the room for “%(film)s”."),
        "vote_opened": _("A vote was opened: “%(question)s”"),
        "vote_closed": _("The vote was closed: “%(question)s”"),
        "taken": _("The result was taken into the cut: “%(question)s”"),
        "closed": _("%(who)s closed the meeting."),
    }
    return said.get(step.kind, step.kind) % values


@dataclass(frozen=True, slots=True)
class MinuteFilm:
    """A film in the minutes; `outside` names those who had left the room, `hidden` that the reader was one of them."""

    entry: Entry
    place: int
    began: int
    hidden: bool
    notes: list[MeetingNote]


def films(meeting: Meeting, *, out: set[int]) -> list[MinuteFilm]:
    """The films in the order the meeting has come to, with what was said of each. Two queries."""
    said: dict[int, list[MeetingNote]] = {}
    notes = MeetingNote.objects.filter(meeting=meeting, entry__isnull=False, taken_back_at__isnull=True)
    for note in notes.select_related("author"):
        said.setdefault(note.entry_id, []).append(note)
    return [
        MinuteFilm(
            row.entry,
            place,
            row.began,
            row.entry_id in out,
            [] if row.entry_id in out else said.get(row.entry_id, []),
        )
        for place, row in enumerate(meeting.films.select_related("entry"), 1)
    ]


@dataclass(frozen=True, slots=True)
class ResultRow:
    title: str
    code: str
    rank: int | None
    value: str
    ballots: int
    chosen: bool
    tied: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What a vote has given. `sheets`: the ballots without names, ranked ones as titles from the first."""

    valid: bool
    cast: int
    rows: list[ResultRow]
    tied: bool
    sheets: list[list[str]]


@dataclass(frozen=True, slots=True)
class MotionResult:
    """What became of a motion; `hidden` from a reader who was out of the room for one of its films."""

    hidden: bool
    valid: bool
    cast: int
    outcome: str = ""
    yes: int = 0
    no: int = 0
    abstain: int = 0
    recused: int = 0
    by_casting: bool = False


def motion_result(vote: Vote, *, out: set[int]) -> MotionResult:
    """The result of a closed motion."""
    kept = vote.result
    hidden = any(entry.pk in out for entry in vote.films.all())
    if hidden or not kept["valid"]:
        return MotionResult(hidden, kept["valid"], kept["cast"])
    return MotionResult(
        hidden=False,
        valid=True,
        cast=kept["cast"],
        outcome=kept["result"],
        yes=kept["yes"],
        no=kept["no"],
        abstain=kept["abstain"],
        recused=kept["recused"],
        by_casting=kept["by_casting_vote"],
    )


def became(vote: Vote, *, out: set[int]) -> str:
    """What became of a vote, in a word of the list: of a motion not to who had left the room for one of its films."""
    if vote.state != Vote.State.CLOSED:
        return "open"
    if vote.kind == Vote.Kind.MOTION:
        found = motion_result(vote, out=out)
        return "hidden" if found.hidden else found.outcome if found.valid else "no_quorum"
    if not vote.result["valid"]:
        return "no_quorum"
    return "tied" if vote.result["tied"] else "decided"


def result(vote: Vote, *, out: set[int]) -> Result | MotionResult | None:
    """The result of a closed vote; None while it is open. Films the reader was out of the room for are left out."""
    if vote.state != Vote.State.CLOSED:
        return None
    if vote.kind == Vote.Kind.MOTION:
        return motion_result(vote, out=out)
    kept = vote.result
    entries = {entry.code: entry for entry in vote.films.all() if entry.pk not in out}
    rows = [
        ResultRow(
            title=entries[row["film"]].title,
            code=row["film"],
            rank=row["rank"],
            value=_value(vote, row["value"]),
            ballots=row["ballots"],
            chosen=row["film"] in kept["chosen"],
            tied=row["film"] in kept["tied"],
        )
        for row in kept["rows"]
        if row["film"] in entries
    ]
    sheets = []
    if kept["valid"]:
        for ballot in vote.inputs["ballots"]:
            given = [(value, film) for film, value in ballot if value and film in entries]
            given.sort(key=lambda pair: pair[0] if vote.kind == Vote.Kind.RANKED else -pair[0])
            sheets.append([_on_sheet(vote, value, entries[film].title) for value, film in given])
    return Result(kept["valid"], kept["cast"], rows, bool(kept["tied"]), sheets)


def _on_sheet(vote: Vote, value: int, title: str) -> str:
    if vote.kind == Vote.Kind.RANKED:
        return f"{value}. {title}"
    return title if vote.kind in (Vote.Kind.APPROVAL, Vote.Kind.MAJORITY) else f"{title}: {value}"


def _value(vote: Vote, value: str | None) -> str:
    """As it is read: a share of ballots, mean points; a ranked ballot has places alone."""
    if value is None or vote.kind == Vote.Kind.RANKED:
        return ""
    if vote.kind in (Vote.Kind.APPROVAL, Vote.Kind.MAJORITY):
        return per_cent(float(Fraction(value)))
    return f"{float(Fraction(value)):.2f}"
