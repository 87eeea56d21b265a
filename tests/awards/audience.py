"""A poll with films, and people who vote in it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress

from festival.awards import audience_actions as actions
from festival.awards import audience_voting as voting
from festival.awards.audience_actions import Rules
from festival.awards.models import AudienceBallot, AudienceChoice, AudienceCode, AudiencePoll
from festival.people.actor import Actor, actor_of
from festival.people.models import User
from festival.people.roles import Role
from tests.factories import make_edition, make_member, make_user
from tests.shows import make_film, make_slot

OPENS = datetime(2027, 5, 1, 9, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=7)
DURING, AFTER = OPENS + timedelta(days=1), CLOSES + timedelta(minutes=2)


def make_poll(
    *,
    films: int = 3,
    slug: str = "spring",
    sources: Sequence[str] = (),
    opens: datetime = OPENS,
    **rules: Any,
) -> tuple[AudiencePoll, Actor]:
    """A poll of an edition with published films A01, A02, …, and its organiser."""
    edition = make_edition(slug)
    organiser = make_member(edition, Role.ORGANISER)
    slot = make_slot(edition, "audience", decided_by="audience")
    made = [
        make_film(
            edition, code=f"A{number:02}", title=f"Film {number}", published_at=opens,
            source=sources[number - 1] if number <= len(sources) else "",
        )
        for number in range(1, films + 1)
    ]  # fmt: skip
    given = Rules(**{"opens_at": opens, "closes_at": opens + timedelta(days=7)} | rules)
    poll = actions.set_poll(slot=slot, rules=given, films=made, by=organiser, at=opens - timedelta(days=1))
    return poll, organiser


def confirmed(user: User | None = None, **fields: Any) -> User:
    """An account whose address is confirmed."""
    user = user or make_user(**fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def vote(
    poll: AudiencePoll, *films: str, user: User | None = None, code: AudienceCode | None = None,
    network: str = "", at: datetime = DURING,
) -> AudienceBallot:  # fmt: skip
    """A vote by account, by a new one where neither account nor code is given; or by code."""
    if user is None and code is None:
        user = confirmed()
    actor = actor_of(user) if user else Actor()
    return voting.cast(poll=poll, voter=voting.Voter(actor, network, code), films=films, at=at)


def many(poll: AudiencePoll, film: str, number: int, *, at: datetime = DURING) -> None:
    """So many votes for a film, as rows: by nobody, from nowhere."""
    rows = AudienceBallot.objects.bulk_create(
        AudienceBallot(poll=poll, cast_at=at, voted_at=at) for _turn in range(number)
    )
    shown = poll.films.get(code=film)
    AudienceChoice.objects.bulk_create(AudienceChoice(ballot=row, film=shown) for row in rows)
