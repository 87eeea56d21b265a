"""Reads of ballots. Before the round closes nobody reads another's; who has voted is told as a number only."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from judging import queries
from judging.conflict_queries import conflicts_of
from judging.models import Ballot, BallotLine, Round
from submissions.lifecycle import State


@dataclass(frozen=True, slots=True)
class Offered:
    """A film that a juror may vote on, without names."""

    entry_id: int
    code: str
    title: str
    title_en: str
    track: dict[str, str]


def offered_to(round: Round, juror_id: int) -> list[Offered]:
    """The shortlist without the films the juror is too near to. As many queries, whatever there is."""
    rows = round.films.filter(state=State.ELIGIBLE).order_by("code")
    columns = rows.values_list("pk", "code", "title", "title_en", "track__name")
    films = [Offered(*row) for row in columns]
    barred = {pk for _judge, pk in conflicts_of(round.edition, [film.entry_id for film in films], [juror_id])}
    return [film for film in films if film.entry_id not in barred]


def own_ballot(round: Round, juror_id: int) -> tuple[Ballot | None, dict[int, int | None]]:
    """What the juror has voted so far."""
    ballot = Ballot.objects.filter(round=round, juror_id=juror_id).first()
    if ballot is None:
        return None, {}
    return ballot, dict(BallotLine.objects.filter(ballot=ballot).values_list("entry_id", "value"))


def counted(ballots: QuerySet[Ballot], jury: Collection[int]) -> QuerySet[Ballot]:
    """Those of the ballots that count: of members of the jury as it is now, with a film on them that competes still.
    What somebody voted who left the jury does not; nor does a ballot that conflicts have emptied. `jury`: accounts.
    """
    live = BallotLine.objects.filter(ballot=OuterRef("pk"), entry__state=State.ELIGIBLE)
    return ballots.filter(Exists(live), juror_id__in=jury)


def ballots_cast(round: Round) -> int:
    """How many ballots would count now."""
    return counted(Ballot.objects.filter(round=round), queries.jury_of(round)).count()
