"""A jury that meets, for tests."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from festival.edition.models import Edition
from festival.people.actor import Actor
from festival.people.models import User
from festival.people.roles import Role
from judging import meeting_actions, meeting_queries, vote_actions
from judging.models import (
    AgendaItem,
    Ballot,
    Meeting,
    MeetingFilm,
    MeetingMember,
    MeetingNote,
    Round,
    Standing,
    StandingRow,
    Vote,
)
from submissions.models import Entry
from tests.factories import make_edition, make_entry, make_member, make_round

NOW = timezone.now()
HOUR = timedelta(hours=1)


def make_meeting(
    edition: Edition,
    *,
    members: Iterable[Actor] = (),
    films: Iterable[Entry] = (),
    round: Round | None = None,
    opened_at: datetime | None = None,
    **fields: Any,
) -> Meeting:
    """A meeting over a closed round, planned; open when `opened_at` is given."""
    now = timezone.now()
    films = list(films)
    if round is None:
        round = make_round(edition, f"talked-{edition.rounds.count()}", opened_at=now, position=9)
        round.state, round.closed_at = Round.State.CLOSED, now
        round.save()
        round.films.set(films)
    fields = {"name": {"en": "Final meeting", "zh": "终评会"}, "quorum": 2, "starts_at": now} | fields
    fields.setdefault("until", now + timedelta(days=2))
    if opened_at:
        fields |= {"state": Meeting.State.OPEN, "opened_at": opened_at}
    meeting = Meeting.objects.create(edition=edition, round=round, **fields)
    MeetingMember.objects.bulk_create(MeetingMember(meeting=meeting, user_id=member.id) for member in members)
    MeetingFilm.objects.bulk_create(
        MeetingFilm(meeting=meeting, entry=film, position=place, began=place)
        for place, film in enumerate(films, 1)
    )
    AgendaItem.objects.create(meeting=meeting, position=0, usual=AgendaItem.Usual.FILMS)
    return meeting


def make_vote(meeting: Meeting, *, by: User, **fields: Any) -> Vote:
    """An open vote over all films of a meeting."""
    now = timezone.now()
    fields = {
        "text": "Which film gets the main prize?",
        "kind": "ranked",
        "opened_at": now,
        "opened_by": by,
        "closes_at": now + timedelta(days=1),
    } | fields
    vote = Vote.objects.create(meeting=meeting, **fields)
    vote.films.set(meeting.films.values_list("entry_id", flat=True))
    return vote


class Jury:
    """A closed round of five films with its standing and cut, three judges, a chair, and their meeting."""

    def __init__(self, *, opened: bool = True, tied: int = 0) -> None:
        self.edition = make_edition()
        self.chair = make_member(self.edition, Role.CHAIR, "Chair")
        self.judges = [make_member(self.edition, Role.JUDGE, f"Judge {name}") for name in "ABC"]
        self.round = make_round(self.edition, opened_at=NOW, cut_kind="count", cut_value=3)
        self.films = [make_entry(self.edition, code=f"FILM00{number}") for number in range(1, 6)]
        self.round.films.set(self.films)
        Round.objects.filter(pk=self.round.pk).update(state="closed", closed_at=NOW)
        self.round.refresh_from_db()
        rows = {film.code: 10 - number for number, film in enumerate(self.films)}
        rows |= {film.code: 9 for film in self.films[1 : 1 + tied]}
        self.standing = Standing.objects.create(
            round=self.round,
            method="nominations",
            method_version=1,
            inputs={
                "method": "nominations",
                "version": 1,
                "rule": {"most": 9},
                "films": sorted(rows),
                "answers": sorted(
                    [code, str(judge), "yes"] for code, many in rows.items() for judge in range(many)
                ),
            },
            inputs_digest="0" * 64,
            result_digest="0" * 64,
            made_at=NOW,
            made_by=self.chair.user,
        )
        StandingRow.objects.bulk_create(
            StandingRow(standing=self.standing, entry=film, rank=place, mean=10 - place, looks=3)
            for place, film in enumerate(self.films, 1)
        )
        Round.objects.filter(pk=self.round.pk).update(gate="panel")
        self.round.refresh_from_db()
        self.meeting = make_meeting(
            self.edition,
            members=self.judges,
            films=self.films if opened else [],
            round=self.round,
            opened_at=NOW if opened else None,
        )

    def say(
        self, by: Actor, text: str = "A word.", film: Entry | None = None, **fields: object
    ) -> MeetingNote:
        given = {"client_id": uuid4(), "entry_id": film.pk if film else None} | fields
        return meeting_actions.write_note(meeting=self.meeting, by=by, at=NOW, text=text, **given)

    def ask(self, **fields: object) -> Vote:
        given = {
            "text": "Which film gets the main prize?",
            "kind": "ranked",
            "films": [film.pk for film in self.films],
            "seats": 1,
            "quorum": 2,
            "points": 10,
            "closes_at": NOW + HOUR,
        } | fields
        return vote_actions.ask(meeting=self.meeting, by=self.chair, at=NOW, **given)

    def cast(self, vote: Vote, by: Actor, order: list[Entry], revision: int = 0, at: object = NOW) -> Ballot:
        values = {film.pk: place for place, film in enumerate(order, 1)}
        return vote_actions.cast(vote=vote, by=by, at=at, revision=revision, values=values)

    def order(self) -> list[str]:
        return [film.code for film in meeting_queries.films_of(self.meeting, out=set())]

    def aside(self, judge: Actor, film: Entry) -> None:
        meeting_actions.stand_aside(
            meeting=self.meeting, entry_id=film.pk, by=judge, at=NOW, reason="We are friends."
        )
