"""Reads of the public notice and its objections. What is not confirmed yet stands in the objector's own alone."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from festival.awards.models import Objection, PublicNotice
from festival.edition.models import Edition
from festival.edition.objection_rules import ObjectionRules, read_objections
from festival.people.actor import Actor

State = Objection.State
OPEN = (State.RECEIVED, State.REVIEW)


def notices_of(edition: Edition) -> list[PublicNotice]:
    """The last public notice first; before it those that were taken down."""
    return list(PublicNotice.objects.filter(edition=edition))


def rules_of(edition: Edition) -> ObjectionRules:
    return read_objections(edition.objections)


def received(edition: Edition) -> QuerySet[Objection]:
    """All that count, whichever notice they came in on; those to decide first, by their last day."""
    return Objection.objects.filter(notice__edition=edition).exclude(state=State.SENT)


def objection_of(edition: Edition, code: str, actor: Actor, links: Collection[str]) -> Objection | None:
    """The reader's own objection: by her account, or by the link she followed (`links`: hashes of secrets)."""
    mine = Q(token_hash__in=[one for one in links if one])
    if actor.known:
        mine |= Q(user_id=actor.id)
    rows = Objection.objects.filter(mine, notice__edition=edition, code=code) if code.isalnum() else None
    return rows.select_related("notice__edition", "user").first() if rows else None


def mine(edition: Edition, actor: Actor, links: Collection[str]) -> QuerySet[Objection]:
    """All objections of the reader."""
    wanted = Q(token_hash__in=[one for one in links if one])
    if actor.known:
        wanted |= Q(user_id=actor.id)
    return Objection.objects.filter(wanted, notice__edition=edition).order_by("sent_at", "pk")


@dataclass(frozen=True, slots=True)
class Summary:
    """What everybody may know: how many came, and what was decided, in the organisers' words for the public."""

    decided: list[Objection]
    waiting: int
    names_films: bool

    @property
    def total(self) -> int:
        return len(self.decided) + self.waiting

    @property
    def upheld(self) -> int:
        return sum(one.state == State.UPHELD for one in self.decided)

    @property
    def dismissed(self) -> int:
        return len(self.decided) - self.upheld


def summary(edition: Edition) -> Summary:
    """The rows hold no column that speaks of the objector. Films are not named while their list is taken down."""
    rows = received(edition).only("title", "film", "state", "decided_at", "public")
    found = list(rows.order_by("decided_at", "pk"))
    decided = [one for one in found if one.state not in OPEN]
    notices = notices_of(edition)
    return Summary(
        decided, len(found) - len(decided), names_films=bool(notices and not notices[0].taken_down_at)
    )
