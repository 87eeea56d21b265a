"""Meetings of the jury as rows, for tests."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from festival.edition.models import Edition
from festival.people.actor import Actor
from festival.people.models import User
from judging.models import AgendaItem, Meeting, MeetingFilm, MeetingMember, Round, Vote
from submissions.models import Entry
from tests.factories import make_round


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
