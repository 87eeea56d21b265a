"""Meetings at the same moment: a ballot and the end of its vote, two who move films, leaving the room while voting."""

from collections.abc import Callable

import pytest
from django.db import connection

from festival.kit.errors import Refused
from judging import meeting_actions, meeting_plan_actions, vote_actions
from judging.meeting_minutes import digest_of
from judging.models import Ballot, BallotLine, Meeting, MeetingNote, Vote
from tests.meetings import NOW, Jury
from tests.racing import together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
tries = pytest.mark.parametrize("attempt", range(6))


@pytest.fixture
def jury() -> Jury:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    return Jury()


@tries
def test_a_ballot_is_counted_or_its_juror_is_told(jury: Jury, attempt: int) -> None:
    vote = jury.ask(quorum=1)
    cast, _closed = together(
        lambda: jury.cast(vote, jury.judges[0], jury.films),
        lambda: vote_actions.close_vote(vote=vote, by=jury.chair, at=NOW),
    )
    counted = Vote.objects.get().result["cast"]
    assert counted == (0 if isinstance(cast, Refused) else 1)
    assert Ballot.objects.count() == counted


@tries
def test_two_ballots_of_one_juror_become_one(jury: Jury, attempt: int) -> None:
    vote = jury.ask()
    results = together(
        lambda: jury.cast(vote, jury.judges[0], jury.films),
        lambda: jury.cast(vote, jury.judges[0], jury.films[::-1]),
    )
    assert [isinstance(result, Refused) for result in results].count(True) == 1
    assert BallotLine.objects.count() == len(jury.films)


@tries
def test_who_leaves_the_room_while_voting_has_no_vote_on_the_film(jury: Jury, attempt: int) -> None:
    vote = jury.ask()
    judge, film = jury.judges[0], jury.films[0]
    together(lambda: jury.cast(vote, judge, jury.films), lambda: jury.aside(judge, film))
    assert not BallotLine.objects.filter(entry=film).exists()


def moves(jury: Jury) -> tuple[Callable[[], object], Callable[[], object]]:
    ids = [film.pk for film in jury.films]
    given = {"meeting": jury.meeting, "by": jury.chair, "at": NOW, "number": 0}
    return (
        lambda: meeting_actions.set_order(order=ids[::-1], **given),
        lambda: meeting_actions.set_order(order=[ids[1], ids[0], *ids[2:]], **given),
    )


@tries
def test_of_two_orders_at_once_one_is_told(jury: Jury, attempt: int) -> None:
    results = together(*moves(jury))
    assert [isinstance(result, Refused) for result in results].count(True) == 1
    assert sorted(jury.meeting.films.values_list("position", flat=True)) == [1, 2, 3, 4, 5]


@tries
def test_words_are_in_the_minutes_or_refused(jury: Jury, attempt: int) -> None:
    said, closed = together(
        lambda: jury.say(jury.judges[0]),
        lambda: meeting_actions.close_meeting(meeting=jury.meeting, by=jury.chair, at=NOW),
    )
    assert MeetingNote.objects.count() == (0 if isinstance(said, Refused) else 1)
    assert digest_of(Meeting.objects.get()) == closed.minutes_digest


@tries
def test_a_meeting_is_opened_once(jury: Jury, attempt: int) -> None:
    Meeting.objects.update(state="planned", opened_at=None)
    results = together(
        *[lambda: meeting_plan_actions.open_meeting(meeting=jury.meeting, by=jury.chair, at=NOW)] * 2
    )
    assert [isinstance(result, Refused) for result in results].count(True) == 1
