"""Meetings of the jury in a rehearsal: made-up judges deliberate on the films of a closed round and vote, some absent.

Through the actions of the meeting's room: planned, told, opened, films put on the table, votes asked, cast and closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from festival.awards.models import AwardSlot
from festival.kit.errors import Refused
from festival.people.actor import Actor
from judging import meeting_actions, meeting_plan_actions, tie_queries, vote_actions
from judging.award_inputs import may_have
from judging.models import Cut, Meeting, Round, Vote
from judging.reading import to_read
from judging.rehearsal.contest import Contest

MEMBERS = 15  # of the jury who meet, where it has more
TALKED_ABOUT = 30  # films at most
RANKED = 10  # places that a member fills on a ballot
STAGE = 1000  # opinions after the talk are others than those at the looks
CALLED, OPENS, VOTES, CLOSES = (timedelta(minutes=minutes) for minutes in (5, 60, 180, 300))
AFTERWARDS = timedelta(hours=6)  # from a round's end until the meeting is over

Row = dict[str, Any]


@dataclass
class _Room:
    """An open meeting with those who came."""

    made: Contest
    meeting: Meeting
    present: Sequence[Actor]
    stage: int
    at: datetime
    reads: frozenset[int]

    def vote(self, text: str, films: Sequence[int], seats: int, slot: AwardSlot | None = None) -> Vote:
        """A ranked vote: each who is there puts her best in order. Closed when all have voted."""
        vote = vote_actions.ask(
            meeting=self.meeting,
            text=text,
            kind=Vote.Kind.RANKED,
            films=films,
            seats=seats,
            quorum=self.meeting.quorum,
            points=1,
            closes_at=self.meeting.until,
            by=self.made.chair,
            at=self.at,
            slot=slot,
        )
        question = STAGE + self.stage + (slot.position + 1 if slot else 0)
        for number, by in enumerate(self.present, 1):
            best = self._best(by, question, vote_actions.offered_to(vote, self.meeting, by.id))
            if best:
                at = self.at + timedelta(seconds=number)
                values: dict[int, int | None] = {pk: place for place, pk in enumerate(best[:RANKED], 1)}
                vote_actions.cast(vote=vote, by=by, at=at, revision=0, values=values)
        self.at += timedelta(minutes=5)
        return vote_actions.close_vote(vote=vote, by=self.made.chair, at=self.at)

    def _best(self, by: Actor, question: int, films: set[int]) -> list[int]:
        judge = self.made.jurors[by.id or 0]
        opinions = {
            pk: float(
                self.made.jury.opinions(
                    question, self.made.films[pk], judge, done=1.0, reads=pk in self.reads
                )[0]
            )
            for pk in films
        }
        return sorted(opinions, key=lambda pk: (-opinions[pk], pk))


def quorum_of(round: Round, members: int) -> int:
    """The round's own, where it goes by a ballot; else more than half of the members. Never more than there are."""
    return min(round.quorum if round.gate == Round.Gate.BALLOT else members // 2 + 1, members)


def _meet(made: Contest, round: Round, stage: int, at: datetime, *, by_cut: bool, name: str) -> _Room:
    """Plan a meeting on a round that closed at `at`, write to the members, and open it."""
    members = made.judges[:MEMBERS]
    meeting = meeting_plan_actions.plan_meeting(
        edition=made.edition,
        round=round,
        by=made.organiser,
        members=[judge.id for judge in members if judge.id],
        settings={
            "name": {"en": name},
            "starts_at": at + OPENS,
            "until": at + CLOSES,
            "place": "",
            "names_open": True,
            "quorum": quorum_of(round, len(members)),
        },
    )
    meeting_plan_actions.take_films(
        meeting=meeting, by=made.organiser, first=None if by_cut else TALKED_ABOUT
    )
    meeting_plan_actions.tell_members(meeting=meeting, by=made.organiser, at=at + CALLED)
    meeting = meeting_plan_actions.open_meeting(meeting=meeting, by=made.chair, at=at + OPENS)
    present = [judge for judge in members if not made.jury.absent(stage, made.jurors[judge.id or 0])]
    for judge in present:
        meeting_actions.mark_present(meeting=meeting, by=judge, at=at + OPENS)
    films = list(meeting.films.order_by("position").values_list("entry_id", flat=True))
    for minutes, film in enumerate(films[:TALKED_ABOUT]):
        moment = at + OPENS + timedelta(minutes=2 * minutes)
        meeting_actions.put_on_table(meeting=meeting, entry_id=film, by=made.chair, at=moment)
    reads = frozenset(to_read(made.edition.pk, films))
    return _Room(made, meeting, present, stage, at + VOTES, reads)


def award(made: Contest, at: datetime) -> Row:
    """The jury meets on the films of its last closed round and votes on each award that goes by its ballot. {} where
    there is none. What ends without a quorum, or tied, is left to the chair.
    """
    slots = list(
        AwardSlot.objects.filter(edition=made.edition, decided_by=AwardSlot.DecidedBy.BALLOT).order_by(
            "position", "pk"
        )
    )
    rounds = made.edition.rounds.filter(~Q(standings=None), state=Round.State.CLOSED)
    last = rounds.order_by("-position", "-pk").first()
    if not slots or last is None:
        return {}
    room = _meet(made, last, last.position, at, by_cut=True, name="Awards")
    films = list(room.meeting.films.values_list("entry_id", flat=True))
    row: Row = {
        "members": len(room.meeting.member_ids),
        "present": len(room.present),
        "quorum": room.meeting.quorum,
        "films": len(films),
        "votes": 0,
        "no_quorum": 0,
    }
    for slot in slots:
        fit = sorted(may_have(slot, films))
        if not fit:
            continue
        vote = room.vote(slot.slug, fit, min(slot.places, len(fit)), slot)
        row["votes"] += 1
        row["no_quorum"] += not vote.result["valid"]
    meeting_actions.close_meeting(meeting=room.meeting, by=made.chair, at=at + CLOSES)
    return row


def break_tie(made: Contest, round: Round, stage: int, cut: Cut, at: datetime) -> bool:
    """Where the rule for a tie says so, the jury votes on the films at the line; gives whether that decided it."""
    tie = tie_queries.tie_of(round, cut)
    if tie is None or tie.step != tie_queries.Step.BALLOT:
        return False
    try:
        room = _meet(made, round, stage, at, by_cut=False, name="Tie")
        there = set(room.meeting.films.values_list("entry_id", flat=True))
        for row in tie.rows:
            if row.entry_id not in there:
                meeting_plan_actions.call_in(
                    meeting=room.meeting, code=row.entry.code, by=made.chair, at=room.at
                )
        vote = room.vote("The films at the line", [row.entry_id for row in tie.rows], max(tie.places, 1))
        decided = bool(vote.result["valid"])
        if decided:
            vote_actions.take_into_cut(vote=vote, by=made.chair, at=room.at)
        meeting_actions.close_meeting(meeting=room.meeting, by=made.chair, at=at + CLOSES)
        return decided
    except Refused:
        return False  # too many are tied: the rule's next steps decide
