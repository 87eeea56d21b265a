"""What the deletion of an account would do, and what stands in its way. Asked before anything happens, and again."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from festival.catalogue.models import Film
from festival.edition.models import Edition, Membership
from festival.kit.words import say
from festival.people.models import User
from festival.people.roles import Role
from judging.models import Look, Round
from personal.holding import Fate
from submissions.credit_gaps import listed
from submissions.lifecycle import State
from submissions.models import Credit, CreditInvitation, Entry, ImportedRow

OUT = (State.WITHDRAWN, State.REFUSED)


def addresses_of(user: User) -> tuple[str, ...]:
    """The addresses that are the account's own: that of the log-in, and those that were confirmed.

    Anybody can add an address of somebody else's to an account, and confirm nothing.
    """
    confirmed = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return tuple(sorted({user.email, *confirmed}))


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way: a sentence, what to do about it, and where."""

    code: str
    text: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of an account's entries, by fate; and of its part in the work of others.

    `public`: of the running entries, those whose film has a public page already: they cannot be withdrawn.
    """

    drafts: list[Entry]
    closed: list[Entry]
    shown: list[Entry]
    running: list[Entry]
    public: list[Entry]
    looks: int  # films judged: they stay, under a number
    credits: int  # films of others in whose credits the account agreed to be named
    obstacles: list[Obstacle] = field(default_factory=list)

    @property
    def can_withdraw(self) -> bool:
        """Whether withdrawing what is running would clear the way."""
        return bool(self.running) and not self.public

    def in_the_way(self, *, withdraw: bool, by_operator: bool = False) -> list[Obstacle]:
        """Everything that stands in the way, if running entries are withdrawn or not.

        An operator need not wait for the result of a film that is public already: it stays as it was published.
        """
        return [*self.obstacles, *_running_in_the_way(self, withdraw, by_operator)]


def entries_of(user_id: int) -> QuerySet[Entry]:
    """An account's entries with what their fate depends on. One query."""
    used = Q(published_at__isnull=False) | Q(laurels__isnull=False) | Q(showings__isnull=False)
    films = Film.objects.filter(source=OuterRef("code"))
    return (
        Entry.objects.filter(entrant_id=user_id)
        .select_related("edition", "track")
        .annotate(
            imported_here=Exists(ImportedRow.objects.filter(entry=OuterRef("pk"))),
            in_use=Exists(films.filter(used)),
            public=Exists(films.filter(published_at__isnull=False)),
        )
        .order_by("edition_id", "code")
    )


def fate_of(entry: Entry) -> Fate:
    """The fate of an entry that came through `entries_of`.

    A draft that was imported is emptied instead, so that the next import does not make it again.
    """
    if entry.state == State.DRAFT or (entry.state == State.WITHDRAWN and entry.submitted_at is None):
        return Fate.CLOSED if entry.imported_here else Fate.DRAFT
    if entry.state not in OUT and not entry.told and entry.edition.status != Edition.Status.ARCHIVED:
        return Fate.RUNNING
    laureate = entry.told == Entry.Decision.LAUREATE and entry.state not in OUT
    return Fate.SHOWN if entry.in_use or laureate else Fate.CLOSED


def plan_for(user: User) -> Plan:
    """What deleting the account would do now. A fixed number of queries."""
    by_fate: dict[Fate, list[Entry]] = {fate: [] for fate in Fate}
    for entry in entries_of(user.pk):
        by_fate[fate_of(entry)].append(entry)
    running = by_fate[Fate.RUNNING]
    named = Q(invitation__user=user, invitation__state=CreditInvitation.State.ACCEPTED)
    return Plan(
        drafts=by_fate[Fate.DRAFT],
        closed=by_fate[Fate.CLOSED],
        shown=by_fate[Fate.SHOWN],
        running=running,
        public=[entry for entry in running if entry.public],
        looks=Look.objects.filter(judge=user, state=Look.State.SCORED).count(),
        credits=Credit.objects.filter(named).exclude(entry__entrant=user).count(),
        obstacles=[*_open_looks(user), *_last_owner(user)],
    )


def _open_looks(user: User) -> list[Obstacle]:
    """Films that the judge was given and has not seen: somebody must, or the round waits for ever."""
    judges = Membership.objects.filter(edition=OuterRef("edition"), user=user, role=Role.JUDGE)
    rounds = (
        Round.objects.filter(Exists(judges), state=Round.State.OPEN)
        .annotate(
            left=Count(
                "looks",
                filter=Q(
                    looks__judge=user, looks__state=Look.State.PENDING, looks__entry__state=State.ELIGIBLE
                ),
            )
        )
        .filter(left__gt=0)
        .select_related("edition")
    )
    found = []
    for round in rounds:
        text = ngettext(
            "%(count)d film of the round “%(round)s” (%(edition)s) waits for your scores. Score it, or stand aside "
            "with a reason, so that another judge gets it; the jury chair can also take you off the jury.",
            "%(count)d films of the round “%(round)s” (%(edition)s) wait for your scores. Score them, or stand aside "
            "with a reason, so that other judges get them; the jury chair can also take you off the jury.",
            round.left,
        )
        values = {"count": round.left, "round": say(round.name), "edition": say(round.edition.name)}
        url = reverse("judging:queue", args=[round.edition.slug, round.slug])
        found.append(Obstacle("looks", text % values, url, _("To your films")))
    return found


def _last_owner(user: User) -> list[Obstacle]:
    others = Membership.objects.filter(
        edition=OuterRef("edition"), role=Role.OWNER, user__is_active=True
    ).exclude(user=user)
    alone = Membership.objects.filter(~Exists(others), user=user, role=Role.OWNER).select_related("edition")
    text = _(
        "You are the only owner of “%(edition)s”. Name another owner first: nobody could mend it otherwise."
    )
    return [
        Obstacle(
            "owner",
            text % {"edition": say(row.edition.name)},
            reverse("edition:team", args=[row.edition.slug]),
            _("To the team"),
        )
        for row in alone
    ]


def _running_in_the_way(plan: Plan, withdraw: bool, by_operator: bool) -> list[Obstacle]:
    if plan.public and not by_operator:
        text = ngettext(
            "The festival shows your film %(titles)s to the public, and has not told you its result yet. Wait for "
            "it, or write to the organiser.",
            "The festival shows your films %(titles)s to the public, and has not told you their results yet. Wait for "
            "them, or write to the organiser.",
            len(plan.public),
        )
        return [Obstacle("public", text % {"titles": titles(plan.public)})]
    if plan.running and not withdraw:
        text = ngettext(
            "Your film %(titles)s is still in a running contest. Withdraw it with the account, or wait until you "
            "were told the result.",
            "Your films %(titles)s are still in a running contest. Withdraw them with the account, or wait until you "
            "were told the results.",
            len(plan.running),
        )
        return [Obstacle("running", text % {"titles": titles(plan.running)})]
    return []


MOST_TITLES = 5


def titles(entries: Iterable[Entry]) -> str:
    """Titles in the reader's quotation marks, with dots where there are many."""
    rows = list(entries)
    shown = [_("“%(title)s”") % {"title": entry.title or entry.code} for entry in rows[:MOST_TITLES]]
    return listed(shown) + (" …" if len(rows) > MOST_TITLES else "")
