"""The teams of cohorts in a rehearsal: invited or let through by a cut, they answer, deliver, are reviewed and paid.

What is to happen stands in one agenda, by its moment; `go_on` lets it happen up to another one, through the actions of
the site. What came of it is read from the rows afterwards (`team_figures`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil

from allauth.account.models import EmailAddress

from festival.edition.models import Phase
from festival.kit.clock import in_zone
from festival.people.actor import Actor, actor_of
from festival.people.models import User
from festival.people.roles import Role
from judging import team_lists
from judging.models import Cut
from judging.rehearsal import interviews
from judging.rehearsal.agenda import Agenda, Desk
from judging.rehearsal.contest import LIST, Contest, people
from judging.rehearsal.reminding import Clock
from judging.rehearsal.team_files import of_deliverable
from judging.rehearsal.team_truth import (
    AGAIN_DAYS,
    HABITS,
    MORE_DAYS,
    SESSION_MINUTES,
    TeamHabits,
    Teams,
    review_hours,
)
from submissions.cohorts import (
    delivery_actions,
    mentor_actions,
    place_actions,
    support_actions,
)
from submissions.cohorts.delivery_queries import due_of
from submissions.cohorts.models import (
    ActionItem,
    Cohort,
    Delivery,
    Milestone,
    Place,
    SupportLine,
)
from submissions.models import Entry

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNING = 10 * HOUR  # when the desk begins
TICKED = 5 * DAY  # until what was agreed is done
NEXT_DAY = 20 * HOUR  # until the desk has offered a free place again, where it does not go by itself
TOO_NEAR = 5 * DAY  # who moves up so shortly before a milestone, or after it, is given more time
MOVED_UP = 10 * DAY  # that much
PROMISE_PAID, TRANCHE_PAID = 14 * DAY, 10 * DAY  # until what is promised is given
ASKED_BEFORE = 3 * DAY  # before what is due, who needs more time says so
AGAIN_BY = 7 * DAY  # that the desk gives for the next version
BUSY = (Phase.Kind.JURY, Phase.Kind.AWARDS, Phase.Kind.PREMIERE)  # when nobody reviews
TEAMS_EACH = 5  # of a mentor


@dataclass
class Company:
    """A cohort as it goes through the rehearsal."""

    made: Contest
    cohort: Cohort
    agenda: Agenda
    desk: Desk
    clock: Clock
    mentors: Sequence[User] = ()
    habits: TeamHabits = HABITS
    asked: set[int] = field(default_factory=set)  # places whose answer is planned
    begun: datetime | None = None
    slots_wanted: int = 0
    times_made: bool = False
    hours: float = 0.0  # that the reviews take
    caught_out: dict[int, int] = field(default_factory=dict)  # by milestone: over or near for who moved up

    def __post_init__(self) -> None:
        self.truth = Teams(self.made.seed, self.cohort.slug, self.habits)
        self.milestones = list(self.cohort.milestones.prefetch_related("deliverables"))
        self.at = self.agenda.add

    # Places

    def begin_by_list(self, people: Sequence[tuple[str, str]]) -> None:
        """Invite as many as there are places, several times over: those who come after wait."""
        at = self.cohort.starts_at
        place_actions.invite_many(
            cohort=self.cohort, people=people[: LIST * self.cohort.places], language="en", note="",
            by=self.made.organiser, at=at,
        )  # fmt: skip
        self._begin(at + MORNING)

    def begin_by_cut(self, cut: Cut, at: datetime) -> None:
        """Those whom the cut lets through, and behind them the next."""
        team_lists.list_teams(cut=cut, at=at)
        self._begin(max(at, self.cohort.starts_at) + MORNING)

    def _begin(self, at: datetime) -> None:
        self.begun = at
        self.at(at, self.offer)
        interviews.plan(self)

    def offer(self, at: datetime) -> None:
        """Every free place is offered; whoever has an offer will answer it."""
        place_actions.offer_free(cohort=self.cohort, by=self.made.organiser, at=at)
        self._await()

    def _await(self) -> None:
        rows = self.cohort.all_places.filter(state=Place.State.OFFERED).exclude(pk__in=self.asked)
        for place in rows.select_related("entry"):
            self.asked.add(place.pk)
            assert place.offered_at and place.answer_by
            said, share = self.truth.answer(self.team_of(place))
            if said == "silent":
                self.at(place.answer_by, self._lapse)
                continue
            moment = place.offered_at + share * (place.answer_by - place.offered_at)
            self.at(moment, lambda at, pk=place.pk, said=said: self._answer(pk, said, at))

    def _lapse(self, at: datetime) -> None:
        place_actions.lapse_in(self.cohort.pk, at)
        self._freed(at)

    def _answer(self, pk: int, said: str, at: datetime) -> None:
        place = Place.objects.select_related("cohort__edition", "entry__entrant").get(pk=pk)
        entry = place.entry or self._draft_of(place)
        by = actor_of(entry.entrant) if entry.entrant else None
        if said == "decline" or by is None:
            place_actions.decline(
                place=place, by=by or self.made.organiser, at=at, reason="No time this year."
            )
            self._freed(at)
            return
        place = place_actions.accept(place=place, by=by, at=at, entry=None if place.entry else entry)
        self._take_part(place, at)

    def _freed(self, at: datetime) -> None:
        """The next is asked at once where the cohort does so by itself, else when the desk comes to it."""
        self._await()
        if not self.cohort.offers_next and at + NEXT_DAY < self.cohort.ends_at:
            self.at(at + NEXT_DAY, self.offer)

    def team_of(self, place: Place) -> int:
        """The number of the team's film among all films of the rehearsal."""
        return self.made.films[(place.entry or self._draft_of(place)).pk]

    def _draft_of(self, place: Place) -> Entry:
        rows = Entry.objects.filter(edition=self.cohort.edition_id, track=self.cohort.track_id)
        found = rows.filter(entrant__email=place.email).order_by("pk").select_related("entrant").first()
        assert found is not None  # the list was made from the drafts
        return found

    # The way of a team

    def _take_part(self, place: Place, at: datetime) -> None:
        """A team has its place: mentors, milestones, what it is promised; perhaps it will leave."""
        team = self.team_of(place)
        share = self.truth.leaves(team)
        if share is not None:
            self.at(at + share * (self.cohort.ends_at - at), lambda moment: self._leave(place.pk, moment))
        if self.mentors:
            mentor = self.mentors[team % len(self.mentors)]
            mentor_actions.add_mentor(places=[place], email=mentor.email, by=self.made.organiser, at=at)
        self.at(at + PROMISE_PAID, lambda moment: self._pay_promises(place.pk, moment))
        moved_up = self.begun is not None and place.offered_at is not None and place.offered_at > self.begun
        for milestone in self.milestones:
            if moved_up and milestone.due_at < at + TOO_NEAR:
                self.caught_out[milestone.pk] = self.caught_out.get(milestone.pk, 0) + 1
                self._give_time(place, milestone, at + MOVED_UP, "You came to us after the others.", at)
            self.clock.watch(due_of(place, milestone), at)
            self._plan_delivery(place, milestone, team, at)
            if self.mentors and at < milestone.due_at - ASKED_BEFORE:
                self.at(milestone.due_at - ASKED_BEFORE, lambda moment: self._session(place.pk, team, moment))
        if self.times_made:
            self.at(at + DAY, lambda moment: interviews.choose(self, place.pk, moment))

    def _leave(self, pk: int, at: datetime) -> None:
        place = self.place(pk)
        if place is None:
            return
        place_actions.leave(place=place, by=self.entrant(place), at=at, reason="We cannot go on.")
        self._freed(at)

    def _give_time(self, place: Place, milestone: Milestone, until: datetime, why: str, at: datetime) -> None:
        until = min(until, self.cohort.ends_at - HOUR)
        if until > max(at, due_of(place, milestone)):
            delivery_actions.extend(
                place=place, milestone=milestone, until=until, reason=why, by=self.made.organiser, at=at
            )
            self.clock.watch(until, at)

    def _plan_delivery(self, place: Place, milestone: Milestone, team: int, at: datetime) -> None:
        asks, days = self.truth.delivers(milestone.slug, team)
        if days is None:
            return
        due = due_of(place, milestone)
        if asks and at < due - ASKED_BEFORE:
            later = min(due + timedelta(days=MORE_DAYS), self.cohort.ends_at - HOUR)
            self.at(due - ASKED_BEFORE, lambda moment: self._ask_time(place.pk, milestone, later, moment))
            due = max(due, later)
        moment = due + timedelta(days=days)
        # Who took the place after that needs a day at least.
        self._hand_in_at(moment if moment > at else at + DAY, place.pk, milestone, 1)

    def _ask_time(self, pk: int, milestone: Milestone, until: datetime, at: datetime) -> None:
        place = self.place(pk)
        if place:
            self._give_time(place, milestone, until, "As you asked.", at)

    def _hand_in_at(self, moment: datetime, pk: int, milestone: Milestone, number: int) -> None:
        """Nothing is taken after the cohort's end."""
        if moment < self.cohort.ends_at:
            self.at(moment, lambda at: self._hand_in(pk, milestone, number, at))

    def _hand_in(self, pk: int, milestone: Milestone, number: int, at: datetime) -> None:
        place = self.place(pk)
        if place is None:
            return
        by, team = self.entrant(place), self.team_of(place)
        draw = self.truth.draw(f"parts {milestone.slug} {number}", team)
        kinds, seconds = list[str](), 0.0
        for one in milestone.deliverables.all():
            if not one.required and draw.random() >= self.habits.optional:
                continue
            given = of_deliverable(self.made, place, one, at, number, draw)
            delivery_actions.collect(place=place, deliverable=one, by=by, at=at, **given.values)
            kinds.append(one.kind)
            seconds += given.seconds
        delivery = delivery_actions.hand_in(place=place, milestone=milestone, by=by, at=at, message="")
        hours = review_hours(kinds, seconds)
        self.hours += hours
        moment, reviewer = self.desk.takes(at, hours)
        self.at(moment, lambda when: self._review(delivery.pk, reviewer, number, when))

    def _review(self, pk: int, reviewer: Actor, number: int, at: datetime) -> None:
        delivery = Delivery.objects.select_related("place__cohort__edition", "place__entry", "milestone").get(
            pk=pk
        )
        place, milestone = delivery.place, delivery.milestone
        if place.state != Place.State.ACCEPTED:
            return
        team = self.team_of(place)
        said = self.truth.review(milestone.slug, team, number)
        in_time = at < self.cohort.ends_at
        delivery_actions.review(
            delivery=delivery,
            outcome=said,
            again_by=min(at + AGAIN_BY, self.cohort.ends_at) if said == "changes" and in_time else None,
            text="" if said == "accepted" else "The second half is too long.",
            by=reviewer,
            at=at,
        )
        if said == "accepted":
            self.at(at + TRANCHE_PAID, lambda moment: self._pay_tranche(place.pk, milestone, moment))
        elif said == "changes":
            self._go_on(place, milestone, number, at)
        else:
            days = self.truth.reopened(milestone.slug, team, number)
            if days is not None:
                moment = at + timedelta(days=days)
                self.at(moment, lambda when: self._reopen(delivery, reviewer, number, when))

    def _reopen(self, delivery: Delivery, reviewer: Actor, number: int, at: datetime) -> None:
        """Those who review have thought better of it; not once the team has left, or nothing is taken any more."""
        place = self.place(delivery.place_id)
        if place is None or at >= self.cohort.ends_at:
            return
        delivery_actions.reopen(
            delivery=delivery,
            reason="We were too strict. Show us another version.",
            by=reviewer,
            at=at,
            again_by=min(at + AGAIN_BY, self.cohort.ends_at),
        )
        self._go_on(place, delivery.milestone, number, at)

    def _go_on(self, place: Place, milestone: Milestone, number: int, at: datetime) -> None:
        """The team makes the next version."""
        self.clock.watch(due_of(place, milestone), at)
        draw = self.truth.draw(f"again {milestone.slug} {number}", self.team_of(place))
        days = draw.uniform(*AGAIN_DAYS)
        self._hand_in_at(at + timedelta(days=days), place.pk, milestone, number + 1)

    # Support

    def _pay_promises(self, pk: int, at: datetime) -> None:
        place = self.place(pk)
        for promise in self.cohort.promises.exclude(amount=None) if place else ():
            assert place is not None and promise.amount is not None
            self._give(place, promise.kind, promise.amount, promise.unit, at)

    def _pay_tranche(self, pk: int, milestone: Milestone, at: datetime) -> None:
        place = self.place(pk)
        if place and milestone.grant:
            self._give(place, SupportLine.Kind.CASH, milestone.grant, milestone.grant_unit, at, milestone)

    def _give(
        self, place: Place, kind: str, amount: Decimal, unit: str, at: datetime, of: Milestone | None = None
    ) -> None:
        support_actions.add_line(
            place=place, kind=kind, side=SupportLine.Side.GIVEN, amount=amount, unit=unit,
            on=in_zone(at, self.cohort.edition.time_zone).date(), reference="Rehearsal", milestone=of,
            by=self.made.organiser, at=at,
        )  # fmt: skip

    # Mentors and interviews

    def _session(self, pk: int, team: int, at: datetime) -> None:
        place = self.place(pk)
        if place is None:
            return
        mentor = actor_of(self.mentors[team % len(self.mentors)])
        session = mentor_actions.write_session(
            place=place, held_at=at - HOUR, minutes=SESSION_MINUTES, notes="Begin later.", inner="", by=mentor,
            at=at,
        )  # fmt: skip
        item = mentor_actions.add_item(
            place=place, text="Cut the first scene", of_team=True, due_on=(at + 7 * DAY).date(),
            session=session, by=mentor, at=at,
        )  # fmt: skip
        if item.due_on:
            self.clock.watch_task(item.due_on, at)
        if self.truth.draw(f"item {at:%j}", team).random() < self.habits.done:
            by = self.entrant(place)
            self.at(at + TICKED, lambda moment: self._tick(item, by, moment))

    def _tick(self, item: ActionItem, by: Actor, at: datetime) -> None:
        if self.place(item.place_id):
            mentor_actions.tick_item(item=item, done=True, by=by, at=at)

    def place(self, pk: int) -> Place | None:
        """The place, while its team has it."""
        rows = Place.objects.filter(pk=pk, state=Place.State.ACCEPTED)
        return rows.select_related("cohort__edition", "entry__entrant").first()

    @staticmethod
    def entrant(place: Place) -> Actor:
        """Who delivers for the team."""
        assert place.entry is not None
        return actor_of(place.entry.entrant)


def gather(made: Contest) -> list[Company]:
    """The cohorts of the edition, with one agenda and one desk; those that a round fills have mentors."""
    edition = made.edition
    phases = edition.phases.filter(kind__in=BUSY).order_by("starts_at").values_list("starts_at", "ends_at")
    members = edition.memberships.filter(role__in=(Role.ORGANISER, Role.OWNER)).order_by("user")
    reviewers = [actor_of(one.user) for one in members.select_related("user").distinct()]
    agenda, desk = Agenda(), Desk(list({one.id: one for one in reviewers}.values()), list(phases))
    clock, found = Clock(edition, agenda), []
    for cohort in edition.cohorts.select_related("edition", "track"):
        mentors = mentors_for(ceil(cohort.places / TEAMS_EACH)) if cohort.source else ()
        found.append(Company(made, cohort, agenda, desk, clock, mentors, made.team_habits))
    return found


def mentors_for(count: int) -> list[User]:
    """So many mentors with confirmed addresses, those of earlier rehearsals again."""
    users = people("mentor", count)
    EmailAddress.objects.bulk_create(
        (EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users),
        ignore_conflicts=True,
    )
    return users
