"""Reads of the audience's vote. Numbers of votes leave this room only to organisers, by film only once it is closed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from festival.awards import audience_keys as keys
from festival.awards.audience import marks, votes
from festival.awards.audience_registry import made_by
from festival.awards.models import (
    AudienceAside,
    AudienceBallot,
    AudienceChoice,
    AudiencePoll,
    AudienceResult,
    AwardSlot,
)
from festival.catalogue.models import Film
from festival.edition.models import Edition
from festival.people.actor import Actor


def polls_of(edition: Edition) -> QuerySet[AudiencePoll]:
    return AudiencePoll.objects.filter(slot__edition=edition).select_related("slot")


def is_open(poll: AudiencePoll, at: datetime) -> bool:
    return poll.opens_at <= at < poll.closes_at


def open_polls(edition: Edition, at: datetime) -> QuerySet[AudiencePoll]:
    """Those the public can vote in now."""
    return polls_of(edition).filter(opens_at__lte=at, closes_at__gt=at)


def films_of(poll: AudiencePoll) -> QuerySet[Film]:
    """The films of a poll that the public sees."""
    return poll.films.filter(published_at__isnull=False)


def offered(poll: AudiencePoll, voter: str) -> list[Film]:
    """The films in an order drawn by lot for this voter, the same each time: no place is better for all. One query.

    `voter` is any text that is hers alone.
    """
    return sorted(films_of(poll), key=lambda film: keys.lot_of(poll, voter, film.code))


def own_films(poll: AudiencePoll, actor: Actor, films: list[Film]) -> set[str]:
    """The codes of those films that the voter made herself, where the poll does not take her vote for them."""
    if poll.makers_may_vote:
        return set()
    own = made_by(actor.id, [film.source for film in films])
    return {film.code for film in films if film.source in own}


def chosen_by(ballot: AudienceBallot | None) -> list[str]:
    """The codes of the films on a ballot. One query."""
    if ballot is None:
        return []
    return list(AudienceChoice.objects.filter(ballot=ballot).values_list("film__code", flat=True))


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll as values: `ids` are its ballots' rows in the order of `votes`."""

    films: dict[str, str]
    choices: int
    votes: list[votes.Vote]
    ids: list[int]

    @property
    def digest(self) -> str:
        return votes.digest(votes.document(self.films, self.choices, self.votes))


def as_values(poll: AudiencePoll) -> Poll:
    """Everything a result follows from. Three queries, however many voted."""
    films = dict(poll.films.order_by("code").values_list("code", "source"))
    chosen: dict[int, list[str]] = defaultdict(list)
    rows = AudienceChoice.objects.filter(ballot__poll=poll).order_by("ballot_id", "film__code")
    for ballot, film in rows.values_list("ballot_id", "film__code").iterator():
        chosen[ballot].append(film)
    columns = ("pk", "voted_at", "network", "domain", "account_age", "batch", "serial")
    ballots = list(AudienceBallot.objects.filter(poll=poll).order_by("pk").values_list(*columns))
    networks = votes.numbered(row[2] for row in ballots)
    domains = votes.numbered(row[3] for row in ballots)
    found = [
        votes.Vote(
            int(at.timestamp()),
            tuple(chosen.get(pk, ())),
            networks[place],
            domains[place],
            age,
            batch,
            serial,
        )
        for place, (pk, at, _network, _domain, age, batch, serial) in enumerate(ballots)
    ]
    return Poll(films, poll.choices, found, [row[0] for row in ballots])


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark beside what the organiser did about it."""

    mark: marks.Mark
    film: Film | None
    aside: AudienceAside | None


def marked(poll: AudiencePoll, values: Poll) -> list[Marked]:
    """All marks of a poll, and which are set aside."""
    films = {film.code: film for film in poll.films.all()}
    asides = {
        (row.kind, row.key): row for row in poll.asides.filter(lifted_at__isnull=True).select_related("by")
    }
    return [
        Marked(one, films.get(one.film), asides.get((one.kind, one.key)))
        for one in marks.marks_of(values.votes)
    ]


def aside_places(poll: AudiencePoll, values: Poll) -> list[int]:
    """The places in `values.votes` that are not counted. One query."""
    rows = AudienceBallot.objects.filter(asides__poll=poll, asides__lifted_at__isnull=True)
    ids = set(rows.values_list("pk", flat=True))
    return [place for place, pk in enumerate(values.ids) if pk in ids]


def last_result(poll: AudiencePoll) -> AudienceResult | None:
    """The count that holds; None before there is one."""
    return poll.results.order_by("-number").first()


def replays(result: AudienceResult) -> bool:
    """Whether counting again from the votes, with the same ones set aside, gives the same; also once it is settled."""
    values = as_values(result.poll)
    rows = votes.count(values.films, values.votes, result.aside)
    return (values.digest, votes.digest(rows)) == (result.inputs_digest, result.result_digest)


@dataclass(frozen=True, slots=True)
class Placed:
    """A film in the audience's order; `entry` is the code of its entry, "" for a guest film."""

    film: str
    entry: str
    rank: int
    votes: int


def standing(slot: AwardSlot) -> list[Placed]:
    """The audience's order for a slot, from the last count of its closed poll; empty before. Films without a vote are
    not in it. It decides only where `decides(slot)`; elsewhere it is advice to whoever does.
    """
    poll = AudiencePoll.objects.filter(slot=slot).first()
    result = last_result(poll) if poll else None
    if result is None:
        return []
    return [
        Placed(row["film"], row["entry"], row["rank"], row["votes"]) for row in result.rows if row["votes"]
    ]


def decides(slot: AwardSlot) -> bool:
    """Whether the audience's vote gives this award by itself."""
    return slot.decided_by == AwardSlot.DecidedBy.AUDIENCE
