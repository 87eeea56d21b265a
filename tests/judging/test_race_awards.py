"""An award that is removed at the moment in which a vote about it begins: one comes first, the other is told so."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from festival.awards import audience_actions
from festival.awards.audience_actions import Rules
from festival.awards.models import AudiencePoll, AwardSlot
from festival.kit.errors import Refused
from festival.people.roles import Role
from judging import award_setup_actions, motion_actions, vote_actions
from judging.models import Vote
from tests.factories import make_entry, make_member
from tests.judging.test_award_setup import Desk
from tests.meetings import make_meeting
from tests.racing import together
from tests.shows import make_film

WHATS = ("vote", "motion", "poll")
REFUSED = {"vote": "voted", "motion": "voted", "poll": "polled"}


class Contest:
    """A contest whose call has not opened, an award of it, and what can begin about that award."""

    def __init__(self) -> None:
        self.desk = Desk()
        edition = self.desk.edition
        self.slot: AwardSlot = edition.award_slots.create(
            slug="unpaid", name={"en": "Unpaid"}, tier="special", decided_by="organiser", may_be_vacant=True,
            position=99,
        )  # fmt: skip
        self.chair = make_member(edition, Role.CHAIR)
        judges = [make_member(edition, Role.JUDGE) for _number in range(2)]
        self.entries = [make_entry(edition) for _number in range(2)]
        now = timezone.now()
        self.meeting = make_meeting(edition, members=judges, films=self.entries, opened_at=now)
        self.shown = [make_film(edition, code=f"A{number}", published_at=now) for number in range(3)]

    def begin(self, what: str) -> object:
        now = timezone.now()
        until = now + timedelta(days=1)
        if what == "poll":
            rules = Rules(opens_at=now + timedelta(hours=1), closes_at=until)
            given = {"slot": self.slot, "rules": rules, "films": self.shown}
            return audience_actions.set_poll(**given, by=self.desk.by, at=now)
        asked = {"meeting": self.meeting, "text": "Who?", "slot": self.slot, "quorum": 1, "closes_at": until}
        asked |= {"by": self.chair, "at": now}
        if what == "motion":
            return motion_actions.move(motion="vacant", places=1, **asked)
        films = [entry.pk for entry in self.entries]
        return vote_actions.ask(kind="ranked", films=films, seats=1, points=10, **asked)

    def remove(self) -> None:
        award_setup_actions.remove_award(slot=self.slot, **self.desk.deed())

    @property
    def there(self) -> bool:
        return AwardSlot.objects.filter(pk=self.slot.pk).exists()

    @property
    def begun(self) -> int:
        return Vote.objects.count() + AudiencePoll.objects.count()


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


@pytest.mark.django_db
@pytest.mark.parametrize("what", WHATS)
def test_nothing_begins_about_an_award_that_is_gone(what: str) -> None:
    contest = Contest()
    contest.remove()
    assert refused(lambda: contest.begin(what)) == "gone" and contest.begun == 0


@pytest.mark.django_db
@pytest.mark.parametrize("what", WHATS)
def test_an_award_about_which_something_began_stays(what: str) -> None:
    contest = Contest()
    contest.begin(what)
    assert refused(contest.remove) == REFUSED[what] and contest.there


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(4))
@pytest.mark.parametrize("what", WHATS)
def test_one_of_the_two_comes_first_and_the_other_is_refused(what: str, attempt: int) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL: ./dev test --lane postgres")
    contest = Contest()
    results = together(lambda: contest.begin(what), contest.remove)
    [no] = [result for result in results if isinstance(result, Refused)]
    assert contest.there == (no is results[1]) == bool(contest.begun)
    assert no.code == (REFUSED[what] if contest.there else "gone")
