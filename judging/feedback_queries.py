"""Reads of feedback: comments for the chair, what is due, what an entrant was given, what became of a judge's words."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.db.models.functions import Length

from festival.edition.form_rules import FeedbackRules, read_form
from festival.edition.models import Edition, Membership
from festival.kit import remembered
from festival.people.actor import Actor
from festival.people.roles import Role
from festival.post.models import Notice
from judging import award_queries
from judging.logic.bands import bands_of
from judging.models import (
    AwardList,
    CommentDecision,
    FeedbackLetter,
    FeedbackSending,
    Look,
    Round,
    StandingRow,
)
from judging.queries import RANK_BY, out_of_competition
from submissions.models import Credit, CreditInvitation, Entry

FILMS_A_PAGE = 10
KIND = "feedback"  # of the letter
Choice = CommentDecision.Choice
DECIDED = Q(feedback_decision__revision=F("revision"))  # what was decided about words as they stand now
STATES: dict[str, Q] = {
    "open": Q(feedback_decision__isnull=True) | ~DECIDED,
    **{choice.value: DECIDED & Q(feedback_decision__choice=choice) for choice in Choice},
}


def rules_of(edition: Edition) -> FeedbackRules:
    return read_form(edition.form).feedback


def comments_of(edition: Edition) -> QuerySet[Look]:
    """Looks of closed rounds in which a judge wrote to the entrant of a film that is still in the competition."""
    closed = Round.objects.filter(edition=edition, state=Round.State.CLOSED).order_by()
    # By its length an index finds the few looks with words.
    rows = Look.objects.alias(words=Length("feedback")).filter(
        round__in=closed, state=Look.State.SCORED, words__gt=0
    )
    return rows.exclude(entry__in=out_of_competition(edition))


def undecided(edition: Edition) -> QuerySet[Look]:
    return comments_of(edition).filter(STATES["open"])


def films_of_chair(actor: Actor) -> QuerySet[Entry]:
    """The films of which this person is a maker."""
    named = Credit.objects.filter(
        invitation__user_id=actor.id, invitation__state=CreditInvitation.State.ACCEPTED
    )
    entered = Entry.objects.filter(entrant_id=actor.id).order_by().values_list("pk")
    # Two lists, each found by an index; for “one or the other” all entries would be read.
    own = entered.union(named.order_by().values_list("entry_id"))
    return Entry.objects.filter(pk__in=own).order_by()


def readable(actor: Actor, edition: Edition) -> QuerySet[Look]:
    """The comments that this chair decides about: all but those on films of her own."""
    return comments_of(edition).exclude(entry__in=films_of_chair(actor))


@dataclass(frozen=True, slots=True)
class Filters:
    """What the desk shows: words in titles, codes and comments; state ("" is all), track and round by slug."""

    search: str = ""
    state: str = "open"
    track: str = ""
    round: str = ""

    @property
    def query(self) -> str:
        """As an address has it."""
        given = {"q": self.search, "state": self.state or "all", "track": self.track, "round": self.round}
        return urlencode({name: value for name, value in given.items() if value})


def filtered(rows: QuerySet[Look], filters: Filters) -> QuerySet[Look]:
    if filters.state:
        rows = rows.filter(STATES[filters.state])
    if filters.track:
        rows = rows.filter(entry__track__slug=filters.track)
    if filters.round:
        rows = rows.filter(round__slug=filters.round)
    if filters.search:
        word = filters.search
        rows = rows.filter(
            Q(entry__title__icontains=word)
            | Q(entry__title_en__icontains=word)
            | Q(entry__code__iexact=word)
            | Q(feedback__icontains=word)
        )
    return rows


def with_all(rows: QuerySet[Look]) -> QuerySet[Look]:
    """With what one comment shows."""
    return rows.select_related("judge", "round", "feedback_decision__by", "feedback_decision__letter")


def films_page(rows: QuerySet[Look], number: object) -> Page:
    """A page of the films that these comments are about, each with `comments`. Three queries."""
    films = Entry.objects.filter(pk__in=rows.order_by().values("entry_id")).order_by(
        "track__position", "code"
    )
    # Their numbers at once: the database would walk through all comments again to count the films.
    page = Paginator(list(films.values_list("pk", flat=True)), FILMS_A_PAGE).get_page(number)
    ids = list(page.object_list)
    shown = Entry.objects.filter(pk__in=ids).select_related("track").in_bulk()
    entries = [shown[pk] for pk in ids]
    found: dict[int, list[Look]] = {pk: [] for pk in ids}
    ordered = with_all(rows.filter(entry_id__in=found)).order_by("round__position", "position", "pk")
    for look in ordered:
        found[look.entry_id].append(look)
    for entry in entries:
        entry.comments = found[entry.pk]
    page.object_list = entries
    return page


def state_counts(rows: QuerySet[Look]) -> dict[str, int]:
    """How many comments are in each state, and `all`. One query."""
    return rows.aggregate(
        all=Count("pk"), **{name: Count("pk", filter=condition) for name, condition in STATES.items()}
    )


def counts_of(edition: Edition) -> dict[str, int]:
    """`state_counts` of all comments; of many as they were at most a minute ago, or when one was last decided."""
    return remembered.figures(
        counts_name(edition.pk), lambda: state_counts(comments_of(edition)), rows=lambda found: found["all"]
    )


def counts_name(edition_id: int) -> str:
    """Under which name they are remembered."""
    return f"comments-{edition_id}"


def jury_names(edition: Edition) -> list[str]:
    """Names that must not stand in a comment to an entrant: those of the jury. One query."""
    rows = Membership.objects.filter(edition=edition, role__in=(Role.JUDGE, Role.CHAIR))
    return [name for name in rows.values_list("user__name", flat=True).distinct() if len(name) > 1]


@dataclass(frozen=True, slots=True)
class Place:
    """What the last round that ranked a film says of it: band as `judging.logic.bands` gives it, of `films`."""

    round_id: int
    films: int
    band: int | None


def places_of(edition: Edition, bands: Collection[int]) -> dict[int, Place]:
    """By entry, from the standings in force. One query."""
    rows = StandingRow.objects.filter(
        standing__round__edition=edition,
        standing__superseded_at__isnull=True,
        standing__round__state=Round.State.CLOSED,
    ).order_by("standing__round__position", "standing__round_id")
    columns = ("standing__round_id", "standing__decides", "entry_id", "rank", "adjusted_rank", "own_rank")
    by_round: dict[int, dict[int, int]] = {}
    for row in rows.values(*columns):
        place = row[RANK_BY[Round.Decides(row["standing__decides"])]]
        ranked = by_round.setdefault(row["standing__round_id"], {})
        if place is not None:
            ranked[row["entry_id"]] = place
    found: dict[int, Place] = {}
    for round, ranked in by_round.items():
        given = bands_of({str(entry): place for entry, place in ranked.items()}, list(bands))
        found |= {entry: Place(round, len(ranked), given.get(str(entry))) for entry in ranked}
    return found


def is_time(edition: Edition) -> bool:
    """Letters go out once the laureates are announced: before it they could say something about them."""
    return AwardList.objects.filter(edition=edition, state=AwardList.State.ANNOUNCED).exists()


def due(edition: Edition) -> QuerySet[Entry]:
    """Judged films whose makers were told the result and have no feedback yet; nobody writes to deleted accounts."""
    award_list = AwardList.objects.filter(edition=edition, state=AwardList.State.ANNOUNCED).first()
    if award_list is None:
        return Entry.objects.none()
    rows = award_queries.competing(award_list).exclude(told="").filter(told=F("decision"))
    return rows.filter(feedback_letter__isnull=True, entrant__is_active=True)


def waiting(edition: Edition) -> QuerySet[Entry]:
    """Of the films that are due, those of which a comment waits for the chair: their letters wait with it."""
    if not rules_of(edition).comments:
        return Entry.objects.none()
    return due(edition).filter(pk__in=undecided(edition).order_by().values("entry_id"))


@dataclass(frozen=True, slots=True)
class Post:
    """How far the letters are: films whose letter is written, that can have one now, that wait for the chair; mails."""

    written: int
    ready: int
    waiting: int
    mailed: int
    to_mail: int
    failed: int
    sending: FeedbackSending | None


def post_of(edition: Edition) -> Post:
    """Five queries at most."""
    mail = Notice.State
    mails = Notice.objects.filter(edition=edition, kind=KIND).aggregate(
        mailed=Count("state", filter=Q(state=mail.SENT)),
        to_mail=Count("state", filter=Q(state__in=(mail.WAITING, mail.SENDING))),
        failed=Count("state", filter=Q(state=mail.FAILED)),
    )
    held = waiting(edition).count()
    return Post(
        written=FeedbackLetter.objects.filter(entry__edition=edition).count(),
        ready=due(edition).count() - held,
        waiting=held,
        sending=FeedbackSending.objects.filter(edition=edition, ended_at__isnull=True).first(),
        **mails,
    )


def letter_of(entry: Entry) -> FeedbackLetter | None:
    """What the makers of a film were given, comments in their order; the judges are not fetched. Two queries."""
    comments = CommentDecision.objects.order_by("position").only("text", "position", "letter")
    rows = FeedbackLetter.objects.select_related("round").prefetch_related(Prefetch("comments", comments))
    return rows.filter(entry=entry).first()


def own_comments(actor: Actor, edition: Edition) -> list[dict[str, Any]]:
    """What a judge wrote to entrants, and what became of it. No column names anybody. One query."""
    rows = comments_of(edition).filter(judge_id=actor.id).order_by("round__position", "position", "pk")
    return list(
        rows.values(
            "revision",
            "feedback",
            code=F("entry__code"),
            title=F("entry__title"),
            round_name=F("round__name"),
            choice=F("feedback_decision__choice"),
            decided=F("feedback_decision__revision"),
            text=F("feedback_decision__text"),
            why=F("feedback_decision__reason"),
            given_at=F("feedback_decision__letter__sent_at"),
        )
    )
