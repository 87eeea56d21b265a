"""Reads of meetings. Who is too near to a film reads nothing of it: rows of it come without scores and notes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from festival.edition.models import Edition
from festival.kit.words import clock_time
from festival.people.actor import Actor
from festival.people.roles import Role
from judging import queries
from judging.conflict_queries import conflicts_of
from judging.models import (
    Ballot,
    Look,
    LookNote,
    Meeting,
    MeetingFilm,
    MeetingMember,
    MeetingNote,
    Round,
    Score,
    StandingRow,
    Vote,
)
from judging.scale import shown
from submissions.lifecycle import State
from submissions.models import Entry

HERE = timedelta(seconds=30)  # since a page of the meeting was last asked for


@dataclass(frozen=True, slots=True)
class TableFilm:
    """A film on the list of a meeting. `outside`: the reader has left the room for it, and nothing else is told."""

    entry_id: int
    code: str
    title: str
    title_en: str
    track: dict[str, str]
    position: int
    began: int
    gone: bool  # withdrawn meanwhile
    outside: bool
    row: StandingRow | None = None
    notes: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What one judge gave a film in a round: totals, criteria, words."""

    judge: str
    total: Decimal | None
    scores: tuple[tuple[dict[str, str], str], ...]
    answer: str
    nominated: bool
    confidence: str
    comment: str
    notes: tuple[tuple[Decimal, str, str], ...]  # seconds, as a clock says them, words


@dataclass(slots=True)
class RoundSaid:
    round: Round
    row: StandingRow | None = None
    looks: list[Said] = field(default_factory=list)


def for_desk(edition: Edition) -> QuerySet[Meeting]:
    """The edition's meetings with how many films and members they have. One query."""
    return (
        Meeting.objects.filter(edition=edition)
        .select_related("round")
        .annotate(
            film_count=Count("films", distinct=True),
            member_count=Count("members", distinct=True),
            open_votes=Count("votes", filter=Q(votes__state=Vote.State.OPEN), distinct=True),
        )
    )


def of_judge(actor: Actor, edition: Edition) -> list[Meeting]:
    """The meetings a judge is called to, the open ones first. One query."""
    if not actor.has(edition.pk, Role.JUDGE):
        return []
    rows = Meeting.objects.filter(edition=edition, members__user_id=actor.id)
    order = {Meeting.State.OPEN: 0, Meeting.State.PLANNED: 1, Meeting.State.CLOSED: 2}
    return sorted(rows, key=lambda row: (order[Meeting.State(row.state)], row.starts_at, row.pk))


def outside(meeting: Meeting, user_ids: Iterable[int]) -> dict[int, set[int]]:
    """For which films of the meeting each of these people has left the room, by account. As many queries, whatever
    there is."""
    films = list(meeting.films.values_list("entry_id", flat=True))
    out: dict[int, set[int]] = {}
    for user, entry in conflicts_of(meeting.edition, films, list(user_ids)):
        out.setdefault(user, set()).add(entry)
    return out


def outside_of(meeting: Meeting, user_id: int | None) -> set[int]:
    """The films for which this reader is out of the room."""
    return set() if user_id is None else outside(meeting, [user_id]).get(user_id, set())


def films_of(meeting: Meeting, *, out: set[int]) -> list[TableFilm]:
    """The films in the order of the meeting. Three queries."""
    rows = MeetingFilm.objects.filter(meeting=meeting).select_related("entry__track")
    standing = {row.entry_id: row for row in _standing_rows(meeting)}
    notes = dict(
        MeetingNote.objects.filter(meeting=meeting, entry__isnull=False, taken_back_at__isnull=True)
        .order_by()
        .values_list("entry_id")
        .annotate(Count("pk"))
    )
    films = []
    for place, row in enumerate(rows, 1):
        entry = row.entry
        hidden = entry.pk in out
        films.append(
            TableFilm(
                entry_id=entry.pk,
                code=entry.code,
                title=entry.title,
                title_en=entry.title_en,
                track=entry.track.name,
                position=place,
                began=row.began,
                gone=entry.state != State.ELIGIBLE,
                outside=hidden,
                row=None if hidden else standing.get(entry.pk),
                notes=0 if hidden else notes.get(entry.pk, 0),
            )
        )
    return films


def _standing_rows(meeting: Meeting) -> Iterable[StandingRow]:
    if meeting.round.state != Round.State.CLOSED:
        return []
    return queries.standing_rows(meeting.round).filter(entry__meeting_films__meeting=meeting)


def present(meeting: Meeting, at: datetime) -> list[tuple[MeetingMember, bool]]:
    """The members by name, and who has a page of the meeting open now. One query."""
    rows = MeetingMember.objects.filter(meeting=meeting).select_related("user")
    return [(row, bool(row.last_seen_at and row.last_seen_at > at - HERE)) for row in rows]


def notes_of(meeting: Meeting, entry_id: int | None) -> QuerySet[MeetingNote]:
    """What was said about a film, or about the whole (None), the oldest first. One query."""
    rows = MeetingNote.objects.filter(meeting=meeting, taken_back_at__isnull=True).select_related("author")
    return rows.filter(entry_id=entry_id) if entry_id else rows.filter(entry__isnull=True)


def votes_of(meeting: Meeting) -> list[Vote]:
    """The votes, the newest first, with their films and how many ballots each has. Two queries."""
    rows = meeting.votes.annotate(cast=Count("ballots")).prefetch_related("films")
    return list(rows.order_by("-opened_at", "-pk"))


def own_ballots(meeting: Meeting, user_id: int | None) -> set[int]:
    """The votes on which this reader has voted. One query."""
    rows = Ballot.objects.filter(vote__meeting=meeting, juror_id=user_id)
    return set(rows.values_list("vote_id", flat=True))


def said_of(meeting: Meeting, entry_id: int) -> list[RoundSaid]:
    """Everything the jury gave a film, in the meeting's round and in the closed rounds before it. A fixed number of
    queries."""
    rounds = list(
        Round.objects.filter(
            edition_id=meeting.edition_id,
            state=Round.State.CLOSED,
            films=entry_id,
            position__lte=meeting.round.position,
        ).order_by("-position")
    )
    looks = list(
        Look.objects.filter(round__in=rounds, entry_id=entry_id, state=Look.State.SCORED)
        .select_related("judge")
        .order_by("judge__name", "judge_id")
    )
    scores: dict[int, list[Score]] = {}
    for score in (
        Score.objects.filter(look__in=looks)
        .select_related("criterion")
        .order_by("criterion__position", "criterion_id")
    ):
        scores.setdefault(score.look_id, []).append(score)
    moments: dict[int, list[tuple[Decimal, str, str]]] = {}
    notes = LookNote.objects.filter(look__in=looks, for_jury=True).exclude(text="").order_by("seconds", "pk")
    for look, seconds, text in notes.values_list("look_id", "seconds", "text"):
        moments.setdefault(look, []).append((seconds, clock_time(float(seconds)), text))
    found = {round.pk: RoundSaid(round) for round in rounds}
    in_force = StandingRow.objects.filter(standing__round__in=rounds, standing__superseded_at__isnull=True)
    for row in in_force.filter(entry_id=entry_id).select_related("standing"):
        found[row.standing.round_id].row = row
    for look in looks:
        given = scores.get(look.pk, [])
        found[look.round_id].looks.append(
            Said(
                judge=str(look.judge),
                total=_total(given),
                scores=tuple((score.criterion.name, shown(score.value)) for score in given),
                answer=look.answer,
                nominated=look.nominated,
                confidence=look.confidence,
                comment=look.comment,
                notes=tuple(moments.get(look.pk, ())),
            )
        )
    return [found[round.pk] for round in rounds]


def _total(scores: list[Score]) -> Decimal | None:
    """A look's total for reading: scores weighted by criterion, with two decimals. It decides nothing."""
    if not scores:
        return None
    weights = sum((score.criterion.weight for score in scores), Decimal(0))
    total = sum((score.value * score.criterion.weight for score in scores), Decimal(0))
    return round(total / weights, 2)


@dataclass(frozen=True, slots=True)
class Named:
    """Who made a film, where the meeting shows it."""

    director: str
    country: str
    synopsis: dict[str, str]


def named(meeting: Meeting, entry_id: int) -> Named | None:
    if not meeting.names_open:
        return None
    row = Entry.objects.values_list("director", "country", "synopsis").get(pk=entry_id)
    return Named(*row)
